"""A whole road, walked once for all tests that look at it: killed twice on the way, then run to its end."""

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import hypothesis
import polars as pl
import pytest

from synth_assets.lake.lake import Lake
from synth_assets.settings import SAMPLE, load_settings
from synth_assets_tests.command_line import stopped_in_stage, synth_assets

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")  # how long an example takes says more about the machine than about the code

PLANTED = pl.read_ndjson(SAMPLE / "planted.jsonl")
"""Which benchmark item stands in which document of the sample, and in what form."""

BAD_ROWS = (
    (b'{"id": "untitled", "title": "no text at all"}', "no_text"),
    (b'{"id": "blank", "text": "  "}', "no_text"),
    (b'{"id": "a number", "text": 5}', "not_text"),
    (b'{"id": "latin-1", "text": "caf\xe9"}', "invalid_utf8"),
    (b'{"id": "cut off", "text": ', "bad_json"),
    (b'{"id": "PLANTED", "text": "Another text under an id that was met before."}', "duplicate_id"),
)
"""Lines of a corpus file that cannot be documents, with the reason each is quarantined for."""


@dataclass(frozen=True)
class Road:
    """A finished run of `synth-assets run`: its arguments, how the runs before it were killed, and its lake."""

    folder: Path
    arguments: tuple[str, ...]
    kills: tuple[CompletedProcess[str], ...]
    done: CompletedProcess[str]

    @property
    def lake(self) -> Lake:
        return Lake(load_settings(self.folder).lake_in(self.folder))


@pytest.fixture(scope="session")
def road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """The road on a slice of the sample and some bad rows, with the smoke profile."""
    place = tmp_path_factory.mktemp("road")
    corpus, folder = place / "corpus", place / "lake"
    corpus.mkdir()
    write_corpus(corpus)
    arguments = (
        *("--corpus", f"{corpus}/*.jsonl", "--profile", "smoke", "--lake", str(folder)),
        *("--benchmark", f"held_out_problems={SAMPLE / 'benchmarks' / 'held_out_problems.jsonl'}"),
    )
    kills = tuple(stopped_in_stage("domain_ratings", signal.SIGKILL, *arguments) for _ in range(2))
    yield Road(folder, arguments, kills, synth_assets("run", *arguments))


def write_corpus(folder: Path) -> None:
    """Documents with planted items of every kind, some without, some that are no mathematics; and bad rows."""
    sample = [json.loads(line) for path in sorted((SAMPLE / "corpus").glob("*.jsonl")) for line in path.open("rb")]
    planted = set(PLANTED.group_by("kind", maintain_order=True).head(6)["document_id"])
    others = [document for document in sample if document["id"] not in PLANTED["document_id"]]
    chosen = [document for document in sample if document["id"] in planted] + others[::20]
    lines = [json.dumps({**document, "url": f"https://example.org/{document['id']}"}) for document in chosen]
    (folder / "documents.jsonl").write_text("\n".join(lines))
    bad = [line.replace(b"PLANTED", min(planted).encode()) for line, _ in BAD_ROWS]
    (folder / "rows_with_faults.jsonl").write_bytes(b"\n".join(bad))
