"""The plain way, which says what is right: words by Python's own string methods, n-grams in Python's own sets."""

import string
from collections.abc import Iterable, Iterator
from itertools import pairwise

import polars as pl

from decontamination_peers.case import Hits
from decontamination_peers.zipf_texts import LONG

_TO_SPACES = str.maketrans(dict.fromkeys(string.punctuation, " "))


def words_of(text: str) -> list[str]:
    """Its words in lower case, without punctuation."""
    return text.lower().translate(_TO_SPACES).split()


def grams_of(words: list[str], length: int = LONG) -> Iterator[tuple[str, ...]]:
    """Every run of so many words."""
    return zip(*(words[start:] for start in range(length)), strict=False)


def shared_grams(documents: Iterable[str], items: Iterable[str]) -> Hits:
    """Every document and item that have an n-gram in common, by a dictionary of the items' n-grams."""
    holders: dict[tuple[str, ...], list[int]] = {}
    for item, text in enumerate(items):
        for gram in grams_of(words_of(text)):
            holders.setdefault(gram, []).append(item)
    pairs = [
        (number, item)
        for number, text in enumerate(documents)
        for gram in grams_of(words_of(text))
        for item in holders.get(gram, ())
    ]
    return Hits.of(pl.DataFrame(pairs, schema={"text": pl.Int64, "item": pl.Int64}, orient="row"))


def shingles_of(text: str) -> set[str]:
    """Its words and its pairs of neighbouring words."""
    words = words_of(text)
    return {*words, *(f"{first} {second}" for first, second in pairwise(words))}


def jaccard(first: str, second: str) -> float:
    """Shared shingles of all shingles of the two texts."""
    one, other = shingles_of(first), shingles_of(second)
    return len(one & other) / len(one | other)
