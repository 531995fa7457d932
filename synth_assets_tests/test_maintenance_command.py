"""The commands `maintain` and `diff`: what they print, and the sentence they have for what is wrong."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from synth_assets.cli import app
from synth_assets.lake import Lake
from synth_assets.settings import Settings, save_settings
from synth_assets_tests.lake.rows import references, shards


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake in which one of two shards was made anew with other scores: snapshots 2 and 3."""
    folder = tmp_path_factory.mktemp("commands") / "lake"
    folder.mkdir()
    save_settings(Settings(), folder)
    made = Lake(Settings().lake_in(folder))
    made.replace("reference_documents", references(["a", "b"]), shards("a", "b"))
    made.replace("reference_documents", references(["a"], score=8.0), shards("a"))
    yield made
    made.close()


def told(lake: Lake, *arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--lake", str(lake.settings.folder)])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def refused(lake: Lake, *arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--lake", str(lake.settings.folder)])
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    return result.stderr


def test_diff_shows_counts_and_rows(lake: Lake) -> None:
    shown = told(lake, "diff", "reference_documents", "2", "3", "--rows", "1")
    assert "from snapshot 2 to 3: 0 added, 0 removed, 3 changed." in shown
    assert '{"score": 8.0}' in shown


def test_diff_prints_json(lake: Lake) -> None:
    facts = json.loads(told(lake, "diff", "reference_documents", "2", "3", "--rows", "2", "--by", "shard", "--json"))
    assert facts["by"] == [{"shard": "a", "added": 0, "removed": 0, "changed": 3}]
    assert (facts["earlier"], facts["later"], facts["changed"]) == (2, 3, 3)
    assert [row["document_id"] for row in facts["rows"]] == ["a#0", "a#1"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("reference_documents", "3", "2"), "write 2 3"),
        (("reference_documents", "2", "99"), "no snapshot 99 yet"),
        (("references", "2", "3"), "no table 'references'"),
        (("reference_documents", "2", "3", "--by", "method"), "name some of shard"),
    ],
)
def test_diff_says_in_one_sentence_what_is_wrong(lake: Lake, arguments: tuple[str, ...], words: str) -> None:
    assert words in refused(lake, "diff", *arguments)


@pytest.mark.slow
def test_a_dry_run_of_maintain_only_tells(lake: Lake, tmp_path: Path) -> None:
    before = lake.current_snapshot()
    assert "snapshots to expire: 0" in told(lake, "maintain", "--dry-run")
    assert json.loads(told(lake, "maintain", "--dry-run", "--json"))["tables_to_merge"] == []
    assert lake.current_snapshot() == before


@pytest.mark.slow
def test_maintain_tells_and_keeps_its_figures(lake: Lake) -> None:
    rows = json.loads(told(lake, "maintain", "--json"))
    assert [row["stage"] for row in rows] == ["all", "materialisations", "reference_documents"]
    assert lake.read("lake_maintenance")["stage"].to_list() == [row["stage"] for row in rows]
