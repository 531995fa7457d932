"""What changed between two snapshots, row by row, and what a regeneration says of the rows it replaced."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake import regenerated as regeneration
from synth_assets.lake.differences import KINDS, difference, snapshot_named
from synth_assets.lake.lake import Commit
from synth_assets.lake.regenerated import regenerated
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.tables import QA_SIGNATURES
from synth_assets_tests.lake.rows import response, signatures

TABLE = "qa_signatures"
PLACES = [("level_1", "a"), ("level_1", "b"), ("level_2", "a")]


def partitions(*places: tuple[str, str]) -> list[dict[str, str]]:
    return [{"method": method, "shard": shard} for method, shard in places]


@dataclass(frozen=True)
class States:
    """A lake with three states of a table, and the commits that made them."""

    lake: Lake
    first: Commit
    second: Commit
    same: Commit


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[States]:
    """Of two rows each in three partitions: in level_1|a one is changed, in level_1|b one goes and two come."""
    lake = Lake(LakeSettings(folder=tmp_path_factory.mktemp("states") / "lake"))
    first = lake.replace(TABLE, signatures(PLACES), partitions(*PLACES))
    later = pl.concat([signatures(PLACES[:1]), signatures(PLACES[1:2], rows=4).tail(3)])
    score = pl.when(pl.col("qa_id") == "level_1/a/1").then(2.0).otherwise(pl.col("agreement")).alias("agreement")
    second = lake.replace(TABLE, later.with_columns(score), partitions(*PLACES[:2]))
    same = lake.replace(TABLE, later.with_columns(score), partitions(*PLACES[:2]))
    yield States(lake, first, second, same)
    lake.close()


def test_rows_are_counted_by_partition_and_by_what_became_of_them(states: States) -> None:
    found = difference(states.lake, TABLE, states.first.snapshot, states.second.snapshot)
    assert found.counts.rows() == [("level_1", "a", 0, 0, 1), ("level_1", "b", 2, 1, 0)]
    assert found.totals == {"added": 2, "removed": 1, "changed": 1}
    assert found.counts_by(["shard"]).rows() == [("a", 0, 0, 1), ("b", 2, 1, 0)]
    assert found.counts_by(["method"]).rows() == [("level_1", 2, 1, 1)]
    with pytest.raises(SynthAssetsError, match=r"--by level: .* name some of method, shard"):
        found.counts_by(["level"])


def test_seen_backwards_what_was_added_was_removed(states: States) -> None:
    found = difference(states.lake, TABLE, states.second.snapshot, states.first.snapshot)
    assert found.totals == {"added": 1, "removed": 2, "changed": 1}


def test_only_partitions_in_other_files_are_looked_at(states: States) -> None:
    found = difference(states.lake, TABLE, states.first.snapshot, states.second.snapshot)
    assert "level_1" in found.condition
    assert "level_2" not in found.condition
    assert difference(states.lake, TABLE, states.first.snapshot, states.first.snapshot).condition == "false"


def test_rows_written_anew_as_they_were_are_no_difference(states: States) -> None:
    found = difference(states.lake, TABLE, states.second.snapshot, states.same.snapshot)
    assert found.condition != "false"
    assert found.counts.is_empty()


def test_examples_show_whole_rows_and_of_changed_ones_the_columns_that_differ(states: States) -> None:
    examples = difference(states.lake, TABLE, states.first.snapshot, states.second.snapshot).examples(1)
    assert examples["change"].to_list() == list(KINDS)
    assert examples["qa_id"].to_list() == ["level_1/b/2", "level_1/b/0", "level_1/a/1"]
    before, after = ([json.loads(row) if row else None for row in examples[side]] for side in ("before", "after"))
    assert (before[0], after[1]) == (None, None)
    assert after[0]["signature"] == [2, 2**32 - 1]
    assert (before[2], after[2]) == ({"agreement": 1.0}, {"agreement": 2.0})


def test_answers_under_one_hash_are_counted_each(lake: Lake) -> None:
    store = LakeResponseStore(lake, "qa_pairs")
    store.add([response("twice")], [])
    before = lake.current_snapshot()
    store.add([response("twice", "another"), response("once")], [])
    assert difference(lake, "teacher_responses", before, lake.current_snapshot()).totals == {
        "added": 2,
        "removed": 0,
        "changed": 0,
    }


def test_a_snapshot_is_named_by_its_number_or_by_a_time(states: States) -> None:
    lake = states.lake
    made = dict(lake.snapshots().select("snapshot", "time").iter_rows())
    assert snapshot_named(lake, str(states.first.snapshot)) == states.first.snapshot
    assert snapshot_named(lake, made[states.second.snapshot].isoformat()) == states.second.snapshot
    assert snapshot_named(lake, "2999-01-01") == states.same.snapshot


@pytest.mark.parametrize(
    ("written", "words"),
    [("999", "yet, the newest is 4"), ("1999-12-31", "No snapshot of 1999-12-31 is kept"), ("now", "nor a time")],
)
def test_a_snapshot_that_is_none_is_refused_with_the_way_out(states: States, written: str, words: str) -> None:
    with pytest.raises(SynthAssetsError, match=rf"{words}.*snapshots\(\)"):
        snapshot_named(states.lake, written)


def test_a_table_that_is_none_is_refused(states: States) -> None:
    with pytest.raises(SynthAssetsError, match="no table 'qa_signature'; its tables are"):
        difference(states.lake, "qa_signature", 1, 2)


# The same of a regeneration


def said_of(states: States, commit: Commit) -> regeneration.Regenerated | None:
    return regenerated(states.lake, QA_SIGNATURES, partitions(*PLACES), commit)


def test_the_first_rows_replace_none(states: States) -> None:
    assert said_of(states, states.first) is None


def test_a_regeneration_tells_what_it_changed_by_partition(states: States) -> None:
    said = said_of(states, states.second)
    assert said is not None
    assert said.totals == {"rows_added": 2, "rows_removed": 1, "rows_changed": 1}
    assert "| level_1 | b | 2 | 1 | 0 |" in said.markdown.splitlines()


def test_of_the_same_rows_it_says_so_without_reading_them(states: States) -> None:
    said = said_of(states, states.same)
    assert said is not None
    assert said.found is not None and said.found.condition == "false"
    assert said.markdown == "Partitions that hold the rows of before: 2."


def test_very_many_rows_are_left_to_the_command(states: States, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regeneration, "COMPARED_ROWS", 8)
    said = said_of(states, states.second)
    assert said is not None and said.found is None
    assert f"synth-assets diff {TABLE} {states.first.snapshot} {states.second.snapshot}" in said.markdown
