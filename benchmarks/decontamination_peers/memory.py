"""Ours over millions of documents: `python -m decontamination_peers.memory DOCUMENTS ITEMS SEED`.

Every batch of documents is drawn, compared under the first two rungs of the ladder, checked, and forgotten. Prints a
line of JSON: how things stood after each fifth of the documents.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import polars as pl
import psutil

from decontamination_peers.making import BATCH, batch
from decontamination_peers.ours import FOUND, TWO_RUNGS
from decontamination_peers.zipf_texts import DOCUMENTS, ITEMS, draw
from synth_assets.decontamination.matching import BenchmarkIndex

STANDS = 5
"""How often is looked."""


@dataclass(frozen=True)
class Stand:
    """How things stand after so many documents.

    Attributes:
        documents: Compared so far.
        resident: The resident set now, in bytes.
        seconds: Spent comparing so far; drawing the documents is left out.
        hit: Documents hit so far.
        missed: Of the items and n-grams planted so far, those that were not found.
    """

    documents: int
    resident: int
    seconds: float
    hit: int
    missed: int


def stream(documents: int, items: int, seed: int) -> Iterator[Stand]:
    """Go through the documents."""
    drawn = draw(ITEMS, items, "items", seed)
    index = BenchmarkIndex(drawn.written("items", seed), TWO_RUNGS)
    process, seconds, done, hit, missed = psutil.Process(), 0.0, 0, 0, 0
    batches = -(-documents // BATCH)
    for number in range(batches):
        texts, planted = batch(DOCUMENTS, drawn, number, min(BATCH, documents - done), "streamed", seed)
        started = time.perf_counter()
        found = index.scan(texts)
        seconds += time.perf_counter() - started
        done += len(texts)
        hit += found["text"].n_unique()
        expected = planted.filter(pl.col("kind").is_in(list(FOUND)))
        missed += len(expected.join(found, on=["text", "item"], how="anti"))
        if (number + 1) * STANDS // batches > number * STANDS // batches:
            yield Stand(done, process.memory_info().rss, seconds, hit, missed)


def as_markdown(stands: Sequence[Stand]) -> Iterator[str]:
    """A table of docs/benchmarks.md."""
    yield "| documents | resident set, MiB | documents/s so far | documents hit | planted and missed |"
    yield "|---:|---:|---:|---:|---:|"
    for one in stands:
        cells = (one.documents, one.resident / 2**20, one.documents / one.seconds, one.hit, one.missed)
        yield f"| {' | '.join(f'{cell:,.0f}' for cell in cells)} |"


if __name__ == "__main__":
    print(json.dumps([asdict(stand) for stand in stream(*map(int, sys.argv[1:]))]))
