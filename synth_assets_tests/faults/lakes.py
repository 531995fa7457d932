"""Small lakes of several shards, walked quickly, and where they may lie: beside PostgreSQL, on a small disk."""

from pathlib import Path

import psycopg2

from synth_assets.automation.instance import dagster_home
from synth_assets_tests.teachers.road.lakes import SmallLake, sample_lines, small_lake

PART = "part_{}"
"""Names of the shards."""


def lake_of_shards(place: Path, shards: int, documents: int = 3) -> SmallLake:
    """A lake that is not walked yet, on so many files of a few documents of the sample each. No student is trained."""
    made = small_lake(place, every=1)
    corpus = place / "corpus"
    corpus.mkdir()
    lines = sample_lines()
    for number in range(shards):
        (corpus / f"{PART.format(number + 1)}.jsonl").write_text("\n".join(lines[number :: shards * 3][:documents]))
    made.set(corpus={"sources": (str(corpus / "*.jsonl"),)})
    return SmallLake(made.folder, corpus)


def parts(shards: int) -> list[str]:
    """The shards of such a lake."""
    return [PART.format(number + 1) for number in range(shards)]


def cells(shards: int) -> list[str]:
    """The partitions by method and shard of such a lake."""
    return [f"level_{level}|{part}" for level in (1, 2, 3) for part in parts(shards)]


def into_postgres(lake: SmallLake, address: str) -> None:
    """Put the catalogue of a lake that is not walked yet, and Dagster's own storage, into databases of a server.

    `address` is that of any database of it; two new ones are made.
    """
    server = address.rpartition("/")[0]
    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in ("lake", "dagster"):
            cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    lake.set(lake={"catalog": f"{server}/lake"})
    configuration = dagster_home(lake.folder) / "dagster.yaml"
    driver = server.replace("postgresql://", "postgresql+psycopg2://")
    storage = f'\nstorage:\n  postgres:\n    postgres_url: "{driver}/dagster"\n'
    configuration.write_text(configuration.read_text() + storage)
