"""The lake keeps itself: what maintenance may take away, and all that it may not."""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.maintenance import GRACE, RUNS_KEPT, expirable, maintain, planned, with_earlier_runs
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.tables import EXTERNAL_RUNS, LAKE_MAINTENANCE
from synth_assets_tests.lake.rows import references, response, shards, signatures

TABLE = "reference_documents"
LONG_AFTER = timedelta(days=1000)


def in_days(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def files(lake: Lake, table: str = TABLE) -> list[Path]:
    return sorted((lake.settings.folder / "data" / "main" / table).rglob("*.parquet"))


def files_read(lake: Lake, table: str = TABLE) -> int:
    """The files a full scan of the table reads, those of deleted rows among them."""
    with lake.cursor() as cursor:
        found = cursor.execute(f"SELECT data_file, delete_file FROM ducklake_list_files('lake', '{table}')").fetchall()
    return sum(path is not None for pair in found for path in pair)


def scatter(lake: Lake, statements: Sequence[str]) -> None:
    """Write as no stage does: a little at a time."""
    with lake.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(table=f"lake.main.{TABLE}"))


@pytest.fixture
def scattered(lake: Lake) -> Lake:
    """A lake whose shard `a` lies in three files, and from whose shard `b` a row was deleted."""
    lake.replace(TABLE, references(["a", "b", "c"]), shards("a", "b", "c"))
    scatter(
        lake,
        [
            "INSERT INTO {table} VALUES ('a', 'a#x', 7.0, 'v1')",
            "INSERT INTO {table} VALUES ('a', 'a#0x', 7.0, 'v1')",
            "DELETE FROM {table} WHERE document_id = 'b#1'",
        ],
    )
    return lake


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lake, list[int]]]:
    """A lake with four states of one shard, scores 0 to 3, and their snapshots. Tests may not maintain it."""
    lake = Lake(LakeSettings(folder=tmp_path_factory.mktemp("aged") / "lake"))
    made = [lake.replace(TABLE, references(["a"], score=float(score)), shards("a")).snapshot for score in range(4)]
    yield lake, made
    lake.close()


# Merging


def test_merging_keeps_every_row_the_ledger_and_earlier_snapshots(scattered: Lake) -> None:
    rows, ledger, before = scattered.read(TABLE), scattered.read("materialisations"), scattered.current_snapshot()
    assert files_read(scattered) == 6
    maintain(scattered)
    assert files_read(scattered) == 3
    assert scattered.read(TABLE).equals(rows)
    assert scattered.read(TABLE, snapshot=before).equals(rows)
    assert scattered.read("materialisations").equals(ledger)
    rewritten = scattered.replace(TABLE, rows.filter(shard="c"), shards("c")).partitions
    assert rewritten["content_hash"].to_list() == ledger.filter(partition="c")["content_hash"].to_list()


def test_what_lies_in_whole_files_is_left_alone(aged: tuple[Lake, list[int]]) -> None:
    lake, made = aged
    found = maintain(lake)
    assert lake.current_snapshot() == made[-1]
    assert found.whole["files_after"] == found.whole["files_before"] == 2  # the shard's, and its ledger's


@pytest.mark.slow
def test_files_that_an_earlier_release_cut_otherwise_are_cut_anew(lake: Lake) -> None:
    rows = signatures([("level_1", "a"), ("level_2", "b")])
    with lake.cursor() as cursor:
        cursor.execute("ALTER TABLE lake.main.qa_signatures RESET PARTITIONED BY")
    lake._complete = True  # the cut is brought up at the next opening
    lake.replace("qa_signatures", rows, [{"method": "level_1", "shard": "a"}, {"method": "level_2", "shard": "b"}])
    assert len(files(lake, "qa_signatures")) == 1
    again = Lake(lake.settings)
    maintain(again)
    assert files_read(again, "qa_signatures") == 2
    assert again.read("qa_signatures").equals(rows)
    again.close()


def test_of_two_answers_the_later_one_is_found_after_merging_too(lake: Lake) -> None:
    store = LakeResponseStore(lake, "qa_pairs")
    for text in ("first", "second", "third"):
        store.add([response("asked twice", text), response(text)], [])
    assert files_read(lake, "teacher_responses") == 3
    maintain(lake)
    assert files_read(lake, "teacher_responses") == 1
    assert store.find(["asked twice"])["asked twice"].response == "third"
    assert sorted(store.find(["first", "second", "third"])) == ["first", "second", "third"]


# Snapshots


def test_an_expired_snapshot_is_refused_with_a_sentence_and_one_kept_reads(lake: Lake) -> None:
    made = [lake.replace(TABLE, references(["a"], score=float(score)), shards("a")).snapshot for score in range(3)]
    times = dict(lake.snapshots().select("snapshot", "time").iter_rows())
    found = maintain(lake, now=times[made[2]] + timedelta(days=30))  # the second was the lake's state until then
    assert lake.snapshots()["snapshot"].to_list() == made[1:]
    assert (found.whole["snapshots_before"], found.whole["snapshots_after"]) == (5, 2)
    assert lake.read(TABLE, snapshot=made[1]).equals(references(["a"], score=1.0))
    with pytest.raises(SynthAssetsError, match=rf"version {made[0]}, which has expired .*keep_snapshots_days.*lists"):
        lake.read(TABLE, snapshot=made[0])


def test_a_snapshot_stays_while_it_was_the_lakes_state_within_the_retention(aged: tuple[Lake, list[int]]) -> None:
    lake, made = aged
    since = dict(lake.snapshots().select("snapshot", "time").iter_rows())
    a_moment = timedelta(microseconds=1)
    assert made[1] not in expirable(lake, since[made[2]] + timedelta(days=30))
    assert made[1] in expirable(lake, since[made[2]] + timedelta(days=30) + a_moment)
    assert made[2] not in expirable(lake, since[made[2]] + timedelta(days=30) + a_moment)


def test_the_newest_snapshot_never_goes(aged: tuple[Lake, list[int]]) -> None:
    lake, made = aged
    assert expirable(lake, datetime.now(UTC) + LONG_AFTER) == list(range(made[-1]))


@pytest.mark.slow
def test_what_a_trainer_was_given_stays_as_long_as_its_results(lake: Lake) -> None:
    given = lake.replace(TABLE, references(["a"], score=1.0), shards("a")).snapshot
    run = {
        name: {pl.String(): str(given), pl.Int64(): 1, pl.Float64(): 1.0}.get(column.dtype)
        for name, column in EXTERNAL_RUNS.columns.items()
    }
    trained = pl.DataFrame([{**run, "training_set": "all"}], schema=EXTERNAL_RUNS.schema)
    lake.replace(EXTERNAL_RUNS, trained, [{"training_set": "all"}])
    lake.replace(TABLE, references(["a"], score=2.0), shards("a"))
    maintain(lake, now=datetime.now(UTC) + LONG_AFTER)
    assert lake.read(TABLE, snapshot=given).equals(references(["a"], score=1.0))
    lake.replace(EXTERNAL_RUNS, EXTERNAL_RUNS.empty(), [{"training_set": "all"}])
    assert given in expirable(lake, datetime.now(UTC) + LONG_AFTER)


# Files


def test_files_of_expired_snapshots_stay_for_a_while_and_then_go(lake: Lake) -> None:
    for score in range(3):
        lake.replace(TABLE, references(["a"], score=float(score)), shards("a"))
    found = maintain(lake, now=in_days(31), grace=LONG_AFTER)
    assert len(files(lake)) == 3
    # Two of the table's, and as many of its ledger.
    assert (found.whole["removed_files"], found.whole["waiting_files"], found.whole["kept_files_after"]) == (0, 4, 2)
    found = maintain(lake, now=in_days(31), grace=GRACE)
    assert len(files(lake)) == 1
    assert (found.whole["removed_files"], found.whole["waiting_files"]) == (4, 0)
    assert lake.read(TABLE).equals(references(["a"], score=2.0))


def test_files_that_a_killed_writer_left_go_once_they_are_old(lake: Lake) -> None:
    lake.replace(TABLE, references(["a"]), shards("a"))
    (own,) = files(lake)
    left, fresh = own.with_name("ducklake-left.parquet"), own.with_name("ducklake-fresh.parquet")
    for path in (left, fresh):
        path.write_bytes(own.read_bytes())
    os.utime(left, (0, 0))
    os.utime(own, (0, 0))
    assert planned(lake).orphaned == (str(left),)
    assert maintain(lake).whole["removed_files"] == 1
    assert files(lake) == sorted([own, fresh])


@pytest.mark.slow
def test_where_something_else_shares_the_data_path_no_file_is_taken_for_an_orphan(lake: Lake) -> None:
    lake.replace(TABLE, references(["a"]), shards("a"))
    (own,) = files(lake)
    left, theirs = own.with_name("ducklake-left.parquet"), lake.settings.folder / "data" / "theirs.parquet"
    for path in (left, theirs):
        path.write_bytes(own.read_bytes())
        os.utime(path, (0, 0))
    found = maintain(lake)
    assert found.foreign == (str(theirs),)
    assert "theirs.parquet" in found.warning
    assert left.exists() and theirs.exists()


# The plan, and the figures


@pytest.mark.slow
def test_a_plan_says_what_would_be_done_and_does_nothing(scattered: Lake) -> None:
    snapshot, there = scattered.current_snapshot(), files(scattered)
    plan = planned(scattered, now=in_days(31))
    assert plan.merged == (TABLE,)
    assert plan.expired == tuple(range(snapshot))
    assert (scattered.current_snapshot(), scattered.snapshots().height) == (snapshot, snapshot + 1)
    assert files(scattered) == there


@pytest.mark.slow
def test_figures_of_a_run_join_those_of_the_latest_earlier_ones(aged: tuple[Lake, list[int]]) -> None:
    lake, _ = aged
    rows = maintain(lake).rows
    assert rows["stage"].to_list() == ["all", "materialisations", TABLE]
    assert rows["files_before"].to_list() == [2, 1, 1]
    assert rows["kept_files_before"].to_list() == [8, 4, 4]
    years = pl.DataFrame({"years": range(RUNS_KEPT + 5)})
    many = rows.drop("maintained_at").join(years, how="cross")
    at = pl.datetime(1900 + pl.col("years"), 1, 1, time_unit="us", time_zone="UTC")
    copy = Lake(lake.settings.model_copy(update={"folder": lake.settings.folder.with_name("copy")}))
    copy.replace(LAKE_MAINTENANCE, many.select(pl.exclude("years"), maintained_at=at))
    joined = with_earlier_runs(copy, rows)
    assert joined["maintained_at"].n_unique() == RUNS_KEPT
    assert joined.tail(3).equals(rows)
    copy.close()
