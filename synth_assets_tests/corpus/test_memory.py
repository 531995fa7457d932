"""A shard takes no more memory than it is given, whatever the source: measured on whole processes."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from synth_assets.corpus.memory import MIB, longest_document, text_of_shard
from synth_assets.seeds import generator_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc"),
]

MEMORY = 768 * MIB
SOURCE = 1200 * MIB

FREED_AT_ONCE = {"_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0"}
"""Makes Polars give freed memory back at once.

It leaves it to the kernel to take when needed (MADV_FREE), and until then the kernel counts it as the process's.
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def made(tmp_path: Path, place: int, source: Path) -> dict[str, int]:
    command = [sys.executable, "-m", "synth_assets_tests.corpus.make_shard"]
    arguments = [str(tmp_path / "lake"), str(MEMORY), str(place), str(source)]
    environment = os.environ | FREED_AT_ONCE
    done = subprocess.run([*command, *arguments], env=environment, capture_output=True, check=True, text=True)
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    print(source.name, place, counts)
    return counts


def documents(size: int, total: int) -> Iterator[dict[str, str]]:
    """Documents of `size` bytes, `total` bytes together, no two alike."""
    filling = generator_of("test_memory", size).randbytes(size // 2).hex()
    for number in range(total // size):
        yield {"id": f"d{number}", "text": f"é {number} {filling}"}


def write_lines(path: Path, size: int, total: int = SOURCE) -> None:
    with gzip.open(path, "wt", compresslevel=1) if path.suffix == ".gz" else path.open("w") as file:
        for document in documents(size, total):
            file.write(json.dumps(document) + "\n")


@pytest.mark.parametrize(
    ("name", "size"), [("small.jsonl", 5_000), ("large.jsonl", 1_000_000), ("small.jsonl.gz", 5_000)]
)
def test_shards_of_a_file_of_lines_stay_below_their_memory(tmp_path: Path, name: str, size: int) -> None:
    write_lines(tmp_path / name, size)
    for place in (0, -1):
        shard = made(tmp_path, place, tmp_path / name)
        assert shard["shards"] > 20
        assert 0 < shard["bytes"] <= text_of_shard(MEMORY)
        assert shard["rows"] > 0
        assert shard["peak"] < MEMORY


@pytest.mark.parametrize(("size", "group"), [(5_000, 1_000), (5_000, 10**9), (1_000_000, 10**9)])
def test_shards_of_a_parquet_file_stay_below_their_memory(tmp_path: Path, size: int, group: int) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(list(documents(size, SOURCE // 2))).write_parquet(path, row_group_size=group)
    for place in (0, -2):
        shard = made(tmp_path, place, path)
        assert shard["shards"] > 10
        assert 0.5 * text_of_shard(MEMORY) < shard["bytes"] <= text_of_shard(MEMORY)
        assert shard["peak"] < MEMORY


def test_a_row_group_larger_than_the_memory_is_read_page_by_page(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(list(documents(5_000, SOURCE))).write_parquet(path, row_group_size=10**9, compression="uncompressed")
    assert path.stat().st_size > MEMORY
    shard = made(tmp_path, -2, path)
    assert 0.5 * text_of_shard(MEMORY) < shard["bytes"] <= text_of_shard(MEMORY)
    assert shard["peak"] < MEMORY


def test_a_line_beyond_all_bounds_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "before"}\n{"text": "')
        for _ in range(SOURCE // MIB):
            file.write(b"words " * (MIB // 6))
        file.write(b'"}\n{"text": "after"}\n')
    shards = [made(tmp_path, place, path) for place in range(3)]
    assert [(shard["rows"], shard["quarantined"]) for shard in shards] == [(1, 0), (0, 1), (1, 0)]
    assert all(shard["peak"] < MEMORY for shard in shards)


def test_a_document_longer_than_may_be_is_passed_over_in_parquet_too(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    long = generator_of("test_memory", "long").randbytes(longest_document(MEMORY) // 2 + 1).hex()
    pl.DataFrame({"text": ["before", long, "after"]}).write_parquet(path)
    shard = made(tmp_path, 0, path)
    assert (shard["shards"], shard["rows"], shard["quarantined"]) == (1, 2, 1)
    assert shard["peak"] < MEMORY


def test_a_text_repeated_without_end_is_held_once(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"text": ["all alike " * 100_000] * 1_000}).write_parquet(path)
    shard = made(tmp_path, 0, path)
    assert (shard["shards"], shard["rows"], shard["duplicate_text"]) == (1, 1, 999)
    assert shard["peak"] < MEMORY
