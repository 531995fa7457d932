"""Texts as words, for tests to look at."""

import polars as pl

from synth_assets.decontamination.words import Words


def words_of(texts: list[str | None], signs: bool = False) -> Words:
    """Words of these texts."""
    return Words.of(pl.Series(texts, dtype=pl.String), signs)


def cut(text: str, signs: bool = False) -> list[str]:
    """The words of one text as strings."""
    words = words_of([text], signs)
    return words.written(0, len(words.hashes))
