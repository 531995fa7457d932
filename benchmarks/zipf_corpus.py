"""A corpus of concepts at the paper's scale, drawn from Zipf's law: rows of `document_concepts` without a teacher.

    .venv/bin/python benchmarks/zipf_corpus.py FOLDER [--documents 520000] [--shards 11] [--seed 0]
    .venv/bin/python benchmarks/zipf_corpus.py --lake FOLDER [...]

writes a Parquet file a shard, or fills the table of a lake.

A document has 1 to 3 topics and 5 to 10 key concepts, each of which is listed under one of its topics. Names are drawn
independently of each other, the r-th commonest with a probability in proportion to r ** -0.903, and no name twice in
one document. At 520,000 documents about 32,000 topics and 200,000 key concepts occur, in 21.5 million pairs, of which
15.3 million are distinct. That key concepts of a real corpus keep to their topics is not imitated: it would make for
fewer edges.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import polars as pl
import typer

from synth_assets.lake.lake import Lake
from synth_assets.lake.settings import LakeSettings
from synth_assets.seeds import seed_of
from synth_assets.tables import DOCUMENT_CONCEPTS

Whole = npt.NDArray[np.int64]

DOCUMENTS = 520_000
"""Reference documents of a subset in the paper."""

TOPIC_NAMES, CONCEPT_NAMES = 32_050, 203_000
"""Names there are to draw from for `DOCUMENTS` documents, of which the paper's numbers come to occur."""

TOPIC_COUNTS = {1: 0.4, 2: 0.3, 3: 0.3}
"""Share of documents with so many topics; key concepts are 5 to 10, each number as likely."""

FEWEST_CONCEPTS, MOST_CONCEPTS = 5, 10
EXPONENT = 0.903
FEWEST_NAMES = 40
"""Names of each kind in the smallest of corpora: enough for documents without a repeated name."""


@dataclass(frozen=True)
class ZipfCorpus:
    """The rows of `document_concepts` by number: document, topic and key concept, each of shape (rows,).

    Rows are in the order of documents. `topics` and `concepts` are how many names there are to draw from; the commonest
    is 0.
    """

    documents: int
    topics: int
    concepts: int
    document: Whole
    topic: Whole
    concept: Whole


def draw(documents: int = DOCUMENTS, seed: int = 0) -> ZipfCorpus:
    """Draw a corpus of so many documents; names there are to draw from grow with it."""
    rng = np.random.default_rng(seed_of("zipf_corpus", seed))
    topics, concepts = (
        max(FEWEST_NAMES, round(names * documents / DOCUMENTS)) for names in (TOPIC_NAMES, CONCEPT_NAMES)
    )
    topic_counts = rng.choice(list(TOPIC_COUNTS), size=documents, p=list(TOPIC_COUNTS.values()))
    concept_counts = rng.integers(FEWEST_CONCEPTS, MOST_CONCEPTS + 1, size=documents)
    topics_of = _without_repeats(rng, documents, max(TOPIC_COUNTS), topics)
    concepts_of = _without_repeats(rng, documents, MOST_CONCEPTS, concepts)

    # The first key concepts go one to each topic, so that none is left without a row; the others to any of them.
    place = np.tile(np.arange(MOST_CONCEPTS), (documents, 1))
    listed_under = np.where(
        place < topic_counts[:, None], place, np.floor(rng.random(place.shape) * topic_counts[:, None]).astype(np.int64)
    )
    topic = np.take_along_axis(topics_of, listed_under, axis=1)
    there = place < concept_counts[:, None]
    document = np.broadcast_to(np.arange(documents)[:, None], place.shape)
    return ZipfCorpus(documents, topics, concepts, document[there], topic[there], concepts_of[there])


def document_concepts(corpus: ZipfCorpus, shards: int, seed: int = 0) -> Iterator[pl.DataFrame]:
    """The corpus as rows of `document_concepts`, one frame a shard, shards `shard-00` and on in equal parts.

    Names are as long as real ones are, about 18 characters, and their order is not that of how common they are.
    """
    rng = np.random.default_rng(seed_of("zipf_corpus", seed, "names"))
    topic_names = pl.Series([f"topic number {number:05d}" for number in rng.permutation(corpus.topics)])
    concept_names = pl.Series([f"key concept {number:06d}" for number in rng.permutation(corpus.concepts)])
    cuts = np.searchsorted(corpus.document, np.linspace(0, corpus.documents, shards + 1).round())
    for shard, (start, stop) in enumerate(pairwise(cuts)):
        rows = slice(start, stop)
        topics, concepts = topic_names.gather(corpus.topic[rows]), concept_names.gather(corpus.concept[rows])
        number = pl.Series("number", corpus.document[rows])
        yield DOCUMENT_CONCEPTS.conform(
            number.to_frame().select(
                pl.lit(f"shard-{shard:02d}").alias("shard"),
                pl.format("document-{}", pl.col("number").cast(pl.String).str.zfill(8)).alias("document_id"),
                pl.lit("middle").alias("level"),
                pl.lit("mathematics").alias("subject"),
                topics.alias("topic"),
                concepts.alias("key_concept"),
                topics.alias("topic_written"),
                concepts.alias("key_concept_written"),
                pl.lit("zipf").alias("teacher"),
                pl.lit("1").alias("prompt_version"),
                pl.format("request-{}", pl.col("number").hash(seed)).alias("request_hash"),
            )
        )


def _without_repeats(rng: np.random.Generator, rows: int, columns: int, names: int) -> Whole:
    """Numbers of names by Zipf's law, 0 the commonest, no number twice in a row; shape (rows, columns)."""
    cumulative = np.cumsum(np.arange(1, names + 1, dtype=np.float64) ** -EXPONENT)

    def zipf(count: int) -> Whole:
        return np.searchsorted(cumulative, rng.random(count) * cumulative[-1], side="right")

    drawn = zipf(rows * columns).reshape(rows, columns)
    for column in range(1, columns):
        again = np.arange(rows)
        while len(again := again[(drawn[again, :column] == drawn[again, column, None]).any(axis=1)]):
            drawn[again, column] = zipf(len(again))
    return drawn


def write_corpus(folder: Path, documents: int, shards: int, seed: int, *, into_lake: bool = False) -> None:
    """Write a corpus to `folder`: a Parquet file a shard, or the table of a lake."""
    folder.mkdir(parents=True, exist_ok=True)
    lake = Lake(LakeSettings(folder=folder)) if into_lake else None
    for rows in document_concepts(draw(documents, seed), shards, seed):
        shard = str(rows["shard"][0])
        if lake is not None:
            lake.replace(DOCUMENT_CONCEPTS, rows, [{"shard": shard}])
        else:
            rows.write_parquet(folder / f"{shard}.parquet")


def main(
    folder: Annotated[Path, typer.Argument(help="Where the Parquet files, or the lake, are to be.")],
    lake: Annotated[bool, typer.Option("--lake", help="Fill the table of a lake in FOLDER.")] = False,
    documents: Annotated[int, typer.Option(min=1, help="Documents.")] = DOCUMENTS,
    shards: Annotated[int, typer.Option(min=1, help="Parts of the corpus.")] = 11,
    seed: Annotated[int, typer.Option(help="Another seed, another corpus.")] = 0,
) -> None:
    """Write the corpus as Parquet files or into a lake."""
    write_corpus(folder, documents, shards, seed, into_lake=lake)


if __name__ == "__main__":
    typer.run(main)
