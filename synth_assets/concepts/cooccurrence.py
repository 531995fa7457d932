"""How many documents of a shard hold each concept and each two concepts: the map side of the concept graph.

Paper section 2.2. Names are taken as normalised; merging spellings needs the whole corpus and happens in `graph`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.chunks import over_chunks
from synth_assets.concepts.names import KEY_CONCEPT, TOPIC, numbered, refuse_shared_numbers
from synth_assets.tables import CONCEPT_COOCCURRENCE, CONCEPT_FREQUENCIES

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]

COLUMN_OF = {TOPIC: "topic", KEY_CONCEPT: "key_concept"}
"""The column of `document_concepts` that holds the names of a kind."""

CHUNKS = 32
"""Parts in which threads count the pairs: so many that where common concepts stand together no thread waits long."""


@dataclass(frozen=True)
class Counts:
    """Rows of `concept_frequencies` and of `concept_cooccurrence`, each in the order of its key."""

    frequencies: pl.DataFrame
    cooccurrence: pl.DataFrame


@dataclass(frozen=True)
class Memberships:
    """Which document holds which concept, by number from 0, in the order of document and concept, each once.

    Attributes:
        document: Shape (memberships,).
        concept: Shape (memberships,).
        concepts: How many concepts there are, those that no document holds included.
    """

    document: Whole
    concept: Number
    concepts: int

    @classmethod
    def gathered(cls, document: Whole, concept: Whole, concepts: int) -> "Memberships":
        """From memberships in any order, repeated or not."""
        held = document * concepts + concept
        held.sort()
        held = held[np.diff(held, prepend=-1) > 0]  # np.unique hashes: five times as long
        document, concept = np.divmod(held, max(concepts, 1))
        return cls(document, concept.astype(np.int32), concepts)

    def within(self, first: int, last: int) -> "Memberships":
        """Those of the documents from `first` up to below `last`."""
        start, stop = np.searchsorted(self.document, (first, last))
        return Memberships(self.document[start:stop], self.concept[start:stop], self.concepts)

    def pairs(self, threads: int | None = None) -> tuple[Number, Number, Number]:
        """First, second and documents of each two concepts that share documents, first < second, in their order."""
        none = np.zeros(0, np.int32)
        if not len(self.document):
            return none, none, none
        from synth_assets.concepts.pair_loops import count_pairs, places_of  # numba takes half a second to load

        starts = np.append(np.flatnonzero(np.diff(self.document, prepend=-1)), len(self.document))
        members = np.require(self.concept, np.int32, ["C", "W"])
        places = places_of(np.require(starts, np.int64, ["C", "W"]), members, self.concepts)
        counted: dict[int, tuple[Number, Number, Number]] = {}

        def of_concepts(start: int, stop: int) -> None:
            counted[start] = count_pairs(members, *places, start, stop)

        over_chunks(of_concepts, self.concepts, 1 + self.concepts // CHUNKS, threads=threads)
        parts = [counted[start] for start in sorted(counted)]
        first, second, documents = (np.concatenate([part[place] for part in parts]) for place in range(3))
        return first, second, documents


def count(document_concepts: pl.DataFrame | pl.LazyFrame) -> Counts:
    """The counts of every shard in `document_concepts`.

    Two concepts are counted together wherever both occur in one document, whichever topic a key concept was listed
    under. A topic and a key concept of the same name are two concepts.

    Raises:
        SynthAssetsError: Two names have the same number.
    """
    rows = document_concepts.lazy().select("shard", "document_id", *COLUMN_OF.values()).collect()
    # Numbered in the order of the tables' keys, so that counts come out in it.
    concepts = numbered(distinct_names(rows)).sort("concept")
    refuse_shared_numbers(concepts)
    documents = rows.select("shard", "document_id").unique().sort("shard", "document_id")
    held = memberships(rows, documents, concepts)
    return Counts(
        CONCEPT_FREQUENCIES.conform(pl.concat([CONCEPT_FREQUENCIES.empty(), *_frequencies(held, documents, concepts)])),
        CONCEPT_COOCCURRENCE.conform(pl.concat([CONCEPT_COOCCURRENCE.empty(), *_pairs(held, documents, concepts)])),
    )


def distinct_names(rows: pl.DataFrame) -> pl.DataFrame:
    """The names in rows of `document_concepts`: columns `kind`, `name`, each once."""
    return pl.concat(
        rows.select(pl.lit(kind).alias("kind"), pl.col(column).unique().alias("name"))
        for kind, column in COLUMN_OF.items()
    )


def memberships(rows: pl.DataFrame, documents: pl.DataFrame, concepts: pl.DataFrame) -> Memberships:
    """The concepts of each document in rows of `document_concepts`.

    Args:
        rows: The columns of `documents`, `topic` and `key_concept`.
        documents: What identifies a document; row number = number of the document.
        concepts: Columns `kind`, `name`, each once, and either `place`, the number that stands for the name here, or
            else row number = number.
    """
    if "place" not in concepts.columns:
        concepts = concepts.with_row_index("place")
    held = rows.join(documents.with_row_index("document"), on=documents.columns).drop(documents.columns)
    for kind, column in COLUMN_OF.items():
        places = concepts.filter(pl.col("kind") == kind).select(
            pl.col("name").alias(column), pl.col("place").alias(f"{column}_place")
        )
        held = held.join(places, on=column).drop(column)
    document = np.tile(held["document"].cast(pl.Int64).to_numpy(), len(COLUMN_OF))
    concept = np.concatenate([held[f"{column}_place"].cast(pl.Int64).to_numpy() for column in COLUMN_OF.values()])
    return Memberships.gathered(document, concept, 1 + max(concepts["place"], default=-1))


def _shards(documents: pl.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Each shard with its first document and the one after its last."""
    shards = documents["shard"].rle().struct.unnest().with_columns(stop=pl.col("len").cum_sum())
    for length, shard, stop in shards.iter_rows():
        yield shard, stop - length, stop


def _frequencies(held: Memberships, documents: pl.DataFrame, concepts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for shard, first, last in _shards(documents):
        counted = pl.Series("documents", np.bincount(held.within(first, last).concept, minlength=held.concepts))
        yield (
            concepts.select(pl.lit(shard).alias("shard"), "concept", "kind", "name", counted.cast(pl.Int64)).filter(
                pl.col("documents") > 0
            )
        )


def _pairs(held: Memberships, documents: pl.DataFrame, concepts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    numbers = concepts["concept"].to_numpy()
    for shard, start, stop in _shards(documents):
        first, second, together = held.within(start, stop).pairs()
        yield pl.DataFrame({"first": numbers[first], "second": numbers[second], "documents": together}).select(
            pl.lit(shard).alias("shard"), "first", "second", pl.col("documents").cast(pl.Int64)
        )
