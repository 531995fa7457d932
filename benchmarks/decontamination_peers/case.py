"""The data of a measurement: texts in a folder, what was planted in them, and what the plain way finds.

A case has documents with items for the n-gram rule, documents with near duplicates, and questions with items for the
whole ladder; `making` writes them.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from racing import Whole

from decontamination_peers.zipf_texts import LONG

SIMILAR = 0.8
"""Jaccard similarity of their sets from which two documents are near duplicates."""


class Part(StrEnum):
    """What is measured."""

    NGRAMS = "ngrams"
    DUPLICATES = "duplicates"
    QUESTIONS = "questions"

    @property
    def title(self) -> str:
        """At the head of its table."""
        return {
            Part.NGRAMS: f"any shared {LONG}-gram",
            Part.DUPLICATES: f"near duplicates from {SIMILAR}",
            Part.QUESTIONS: "the whole ladder",
        }[self]

    @property
    def units(self) -> str:
        """What is counted."""
        return "questions" if self is Part.QUESTIONS else "documents"


@dataclass(frozen=True)
class Hits:
    """Pairs of a text and an item, by number and in order; shape (hits,) each."""

    texts: Whole
    items: Whole

    @classmethod
    def of(cls, pairs: pl.DataFrame) -> "Hits":
        """Of rows with `text` and `item`, each pair once."""
        pairs = pairs.select(pl.col("text", "item").cast(pl.Int64)).unique().sort("text", "item")
        return cls(pairs["text"].to_numpy(), pairs["item"].to_numpy())

    def of_texts(self, texts: Whole) -> "Hits":
        """Those of these texts alone."""
        held = np.isin(self.texts, texts)
        return Hits(self.texts[held], self.items[held])

    def same_as(self, other: "Hits") -> bool:
        """Whether both are the same pairs."""
        return np.array_equal(self.texts, other.texts) and np.array_equal(self.items, other.items)


@dataclass(frozen=True)
class Case:
    """The data in `folder`, read as it is asked for."""

    folder: Path

    def save(self, name: str, rows: pl.DataFrame) -> None:
        """Write what `name` stands for."""
        rows.write_parquet(self.folder / f"{name}.parquet")

    def _rows(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.folder / f"{name}.parquet")

    def texts(self, name: str) -> pl.Series:
        """The texts called `documents`, `items`, `near`, `questions` or `question_items`."""
        return self._rows(name)["text"]

    def units(self, part: Part) -> int:
        """How many documents or questions a part has."""
        name = {Part.NGRAMS: "documents", Part.DUPLICATES: "near", Part.QUESTIONS: "questions"}[part]
        return int(pl.scan_parquet(self.folder / f"{name}.parquet").select(pl.len()).collect().item())

    @cached_property
    def hits(self) -> Hits:
        """What the plain way finds in `documents`: every item that shares an n-gram with each."""
        return Hits.of(self._rows("hits"))

    def planted(self, name: str) -> pl.DataFrame:
        """What stands in the texts of that name: rows of `text`, `item` and `kind`."""
        return self._rows(f"{name}_planted")

    @cached_property
    def near_pairs(self) -> pl.DataFrame:
        """The planted pairs of near duplicates: `first` < `second` by number, and their true `similarity`."""
        return self._rows("near_pairs")
