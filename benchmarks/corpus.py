"""What the first stages cost a document: reading shards, the domain filter with hashed vectors, storing a table.

    .venv/bin/python benchmarks/corpus.py [--documents 20000] [--characters 4000] [--rounds 3]

The texts are sentences of the bundled sample in random order, so no two are alike; the classifier is trained on them by
the embedded teacher, as on the road. Each figure is the median over rounds, in seconds a million documents.
"""

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from synth_assets.corpus.domain_filter import apply_filter, train_filter
from synth_assets.corpus.reading import read_shards
from synth_assets.corpus.shards import find_shards
from synth_assets.lake.lake import Lake
from synth_assets.settings import SAMPLE, Settings
from synth_assets.tables import DOCUMENTS
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.embedded.teacher import EmbeddedTeacher
from synth_assets.teachers.store import MemoryStore

SHARDS = 4


def sentences() -> list[str]:
    """The sentences of the sample."""
    found = []
    for file in sorted(SAMPLE.glob("**/*.jsonl")):
        for line in file.read_text().splitlines():
            found += [part.strip() + "." for part in str(json.loads(line).get("text", "")).split(".") if part.strip()]
    return found


def write_corpus(folder: Path, documents: int, characters: int) -> None:
    """So many documents of about so many characters, in a few files."""
    random_, parts = random.Random(0), sentences()
    for shard in range(SHARDS):
        with (folder / f"part-{shard}.jsonl").open("w") as out:
            for number in range(shard, documents, SHARDS):
                text = ""
                while len(text) < characters:
                    text += random_.choice(parts) + " "
                out.write(json.dumps({"id": f"d{number}", "text": text}) + "\n")


@contextmanager
def timed(seconds: list[tuple[float, float]]) -> Iterator[None]:
    """Append wall and CPU seconds of what is done meanwhile."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    seconds.append((time.perf_counter() - wall, time.process_time() - cpu))


def main(
    documents: Annotated[int, typer.Option(help="Documents.")] = 20_000,
    characters: Annotated[int, typer.Option(help="Characters of a document, from below.")] = 4_000,
    rounds: Annotated[int, typer.Option(help="Repetitions.")] = 3,
) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="corpus") as place:
        folder = Path(place)
        write_corpus(folder, documents, characters)
        settings = Settings()
        shards = find_shards([str(folder / "*.jsonl")], documents)
        asker = Asker(EmbeddedTeacher(), MemoryStore())
        rows = read_shards(shards, DOCUMENTS.empty()).rows
        classifier = train_filter(rows.lazy(), asker, settings.corpus.domain, settings.filter).classifier

        def read() -> pl.DataFrame:
            return read_shards(shards, DOCUMENTS.empty()).rows

        def keep() -> None:
            for shard in shards:
                apply_filter(rows.filter(pl.col("shard") == shard.name).lazy(), classifier)

        def store() -> None:
            with tempfile.TemporaryDirectory(dir=folder) as lake_folder:
                lake = Lake(settings.lake_in(Path(lake_folder) / "lake"))
                lake.create()
                lake.replace(DOCUMENTS, rows, [{"shard": shard.name} for shard in shards])
                lake.close()

        stages: dict[str, Callable[[], object]] = {"read": read, "filter": keep, "store": store}
        mean = rows["text"].str.len_chars().mean()
        print(f"{rows.height:,} documents of {mean:,.0f} characters\n")
        print("| stage | wall, s a million | CPU, s a million |\n|---|---:|---:|")
        for name, stage in stages.items():
            measured: list[tuple[float, float]] = []
            for _ in range(rounds):
                with timed(measured):
                    stage()
            wall, cpu = (statistics.median(part) * 1e6 / documents for part in zip(*measured, strict=True))
            print(f"| {name} | {wall:,.0f} | {cpu:,.0f} |")


if __name__ == "__main__":
    typer.run(main)
