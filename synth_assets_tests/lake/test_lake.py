"""What the lake promises of one writer: exact replacement, refusals, snapshots, and frames that come back unchanged."""

import os
import pickle
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake, LakeSettings, scans, storage
from synth_assets.lake.ledger import Origin
from synth_assets.lake.writing import WRITTEN_ALONG
from synth_assets.tables import CONCEPT_NODES, DOMAIN_CLASSIFIER, TABLES, Table
from synth_assets_tests.lake.rows import dropped, references, shards, signatures

NAME = attrgetter("name")
VALUES = {
    pl.String(): "é|'\"\n",
    pl.Int64(): -(2**62),
    pl.Float64(): 0.1,
    pl.Boolean(): True,
    pl.Binary(): b"\0\xff",
    pl.List(pl.String()): ["", "a", "b"],
    pl.List(pl.UInt32()): [0, 2**32 - 1],
    pl.List(pl.Boolean()): [True, False, False],
    pl.List(pl.Float32()): [0.5, -1e30],
    pl.Datetime("us", "UTC"): datetime(2026, 11, 20, 13, 7, 5, 123456, UTC),
}
"""A value of each type the tables use."""


def test_a_partition_replaced_twice_holds_its_rows_once(lake: Lake) -> None:
    for _ in range(2):
        lake.replace("reference_documents", references(["a"]), shards("a"))
    assert_frame_equal(lake.read("reference_documents"), references(["a"]))


def test_only_the_partitions_named_are_replaced(lake: Lake) -> None:
    lake.replace("reference_documents", references(["a", "b", "c"]), shards("a", "b", "c"))
    lake.replace("reference_documents", references(["a"], rows=1, score=9.0), shards("a", "c"))
    expected = pl.concat([references(["a"], rows=1, score=9.0), references(["b"])])
    assert_frame_equal(lake.read("reference_documents"), expected)


def test_partitions_that_are_no_rectangle_are_replaced_exactly(lake: Lake) -> None:
    everything = [("level_1", "a"), ("level_1", "b"), ("level_2", "a"), ("level_2", "b")]
    diagonal = [everything[0], everything[3]]
    lake.replace("qa_signatures", signatures(everything), [{"method": m, "shard": s} for m, s in everything])
    lake.replace("qa_signatures", signatures(diagonal, rows=1), [{"method": m, "shard": s} for m, s in diagonal])
    counts = {(method, shard): rows for method, shard, rows, _ in lake.row_counts("qa_signatures").iter_rows()}
    assert counts == {key: 1 if key in diagonal else 2 for key in everything}


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table not in WRITTEN_ALONG], ids=NAME)
def test_rows_of_every_table_come_back_as_they_went_in(shared_lake: Lake, table: Table) -> None:
    rows = pl.DataFrame({name: [VALUES[column.dtype]] for name, column in table.columns.items()}, schema=table.schema)
    partition = [{column: str(VALUES[pl.String()]) for column in table.partitioned_by}] if table.partitioned_by else []
    shared_lake.replace(table, rows, partition)
    assert_frame_equal(shared_lake.read(table), rows)
    assert_frame_equal(shared_lake.scan(table).collect(), rows)


@pytest.mark.parametrize("table", WRITTEN_ALONG, ids=NAME)
def test_quarantine_and_ledger_are_not_written_by_themselves(lake: Lake, table: Table) -> None:
    with pytest.raises(ValueError, match="never by itself"):
        lake.replace(table, table.empty(), [{"stage": "a", "partition": ""}])


def test_a_table_without_partitions_is_replaced_whole(lake: Lake) -> None:
    def topics(*names: str) -> pl.DataFrame:
        rows = [(place, "topic", name, 1, 2, "a", [name]) for place, name in enumerate(names)]
        return pl.DataFrame(rows, schema=CONCEPT_NODES.schema, orient="row")

    lake.replace("concept_nodes", topics("angle", "area"))
    lake.replace("concept_nodes", topics("area"))
    assert lake.read("concept_nodes")["name"].to_list() == ["area"]


def test_an_earlier_snapshot_can_be_read_again(lake: Lake) -> None:
    first = lake.replace("reference_documents", references(["a"]), shards("a"))
    lake.replace("reference_documents", references([]), shards("a"))
    assert lake.read("reference_documents").is_empty()
    assert_frame_equal(lake.read("reference_documents", snapshot=first.snapshot), references(["a"]))
    counted = "SELECT count(*) AS rows FROM reference_documents"
    assert lake.query(counted, as_of=first.snapshot).item() == 3
    assert lake.query(counted).item() == 0


def test_a_snapshot_that_never_was_is_named(lake: Lake) -> None:
    with pytest.raises(SynthAssetsError, match="999"):
        lake.read("reference_documents", snapshot=999)
    with pytest.raises(SynthAssetsError, match="999"):
        lake.query("FROM reference_documents", as_of=999)


def test_a_commit_says_what_it_wrote(lake: Lake) -> None:
    commit = lake.replace("reference_documents", references(["a"]), shards("a"), dropped("a", "x"), message="run 7")
    files = sum(path.stat().st_size for path in Path(lake.settings.data_path).rglob("*.parquet"))
    assert (commit.rows, commit.quarantined, commit.bytes) == (3, 1, files)
    assert lake.current_snapshot() == commit.snapshot
    assert lake.snapshots().filter(pl.col("snapshot") == commit.snapshot)["message"].to_list() == ["run 7"]


@pytest.mark.parametrize(
    ("rows", "quarantined", "complaint"),
    [
        (references(["a", "b"]), None, "'b'"),
        (references(["a"]), dropped("b", "x"), "'b'"),
        (pl.concat([references(["a"]), references(["a"])]), None, "repeat a key"),
        (references(["a"]), pl.concat([dropped("a", "x"), dropped("a", "x")]), "repeat a key"),
        (references(["a"]).drop("score"), None, "score"),
        (references(["a"]).with_columns(score=pl.lit(None, pl.Float64())), None, "score"),
    ],
    ids=["foreign rows", "foreign quarantine", "repeated key", "repeated quarantine", "missing column", "null"],
)
def test_wrong_rows_are_refused_and_nothing_is_written(
    lake: Lake, rows: pl.DataFrame, quarantined: pl.DataFrame | None, complaint: str
) -> None:
    lake.replace("reference_documents", references(["a"], rows=1), shards("a"))
    before = lake.current_snapshot()
    with pytest.raises(ValueError, match=complaint):
        lake.replace("reference_documents", rows, shards("a"), quarantined)
    assert lake.current_snapshot() == before


def test_partitions_must_be_named_by_the_tables_own_columns(lake: Lake) -> None:
    with pytest.raises(ValueError, match="shard"):
        lake.replace("reference_documents", references(["a"]), [{"method": "level_1"}])
    with pytest.raises(ValueError, match="shard"):
        lake.replace("reference_documents", references([]))
    with pytest.raises(ValueError, match="method"):
        lake.read("reference_documents", {"method": ["level_1"]})


def test_quarantine_is_replaced_with_its_stage_and_partition_in_one_snapshot(lake: Lake) -> None:
    lake.replace("documents", TABLES["documents"].empty(), shards("a"), dropped("a", "other stage"))
    first = lake.replace("reference_documents", references(["a"]), shards("a", "b"), dropped("a", "x", "y"))
    lake.replace("reference_documents", references(["a"]), shards("a"), dropped("a", "y"))
    ids = "SELECT id FROM quarantine ORDER BY id"
    assert lake.query(ids)["id"].to_list() == ["other stage", "y"]
    assert lake.query(ids, as_of=first.snapshot)["id"].to_list() == ["other stage", "x", "y"]
    assert first.snapshot == lake.row_counts("reference_documents", first.snapshot)["snapshot"].item()


def test_the_quarantine_partition_is_the_dagster_key(lake: Lake) -> None:
    pair = pl.DataFrame([{"method": "level_1", "shard": "a", "id": "x", "reason": "r", "detail": "d"}])
    lake.replace("questions", TABLES["questions"].empty(), [{"shard": "a", "method": "level_1"}], pair)
    lake.replace(DOMAIN_CLASSIFIER, DOMAIN_CLASSIFIER.empty(), quarantined=pair.drop("method", "shard"))
    assert lake.read("quarantine").select("stage", "partition").rows() == [
        ("domain_classifier", ""),
        ("questions", "level_1|a"),
    ]


def test_reading_takes_only_what_is_asked_and_keeps_an_order(lake: Lake) -> None:
    for shard in ("c", "a", "b"):
        lake.replace("reference_documents", references([shard]).reverse(), shards(shard))
    read = lake.read("reference_documents", {"shard": ["c", "a"]}, columns=["document_id"])
    assert read["document_id"].to_list() == [f"{shard}#{row}" for shard in ("a", "c") for row in range(3)]
    assert lake.read("reference_documents", {"shard": []}).is_empty()


def test_rows_that_need_no_order_are_the_same_rows(lake: Lake) -> None:
    for shard in ("c", "a"):
        lake.replace("reference_documents", references([shard]), shards(shard))
    for free in (
        lake.read("reference_documents", columns=["score", "document_id"], ordered=False),
        lake.scan("reference_documents", columns=["score", "document_id"], ordered=False).collect(),
    ):
        assert free.columns == ["score", "document_id"]
        assert_frame_equal(free.sort("document_id"), references(["a", "c"]).select("score", "document_id"))


def test_large_partitions_come_back_as_they_went_in(lake: Lake) -> None:
    """Several times the rows DuckDB writes together, of partitions that are no multiple of a row group."""
    rows, names = 700_001, ("a", "b")
    pairs = pl.DataFrame({"first": pl.int_range(rows, eager=True)}).with_columns(
        second=pl.col("first") + 1, documents=pl.lit(1, pl.Int64())
    )
    written = pl.concat([pairs.select(pl.lit(name).alias("shard"), pl.all()) for name in names])
    lake.replace("concept_cooccurrence", written.sample(fraction=1.0, shuffle=True, seed=1), shards(*names))
    assert_frame_equal(lake.read("concept_cooccurrence"), written)
    assert_frame_equal(lake.read("concept_cooccurrence", ordered=False), written)


def test_a_row_of_narrow_columns_counts_as_small(lake: Lake) -> None:
    names = [f"s{number}" for number in range(8)]
    documents = pl.DataFrame(
        [
            (name, f"{name}#{row}", "t", f"{name} {row} " * 500, None, "f", row, "h", 9)
            for name in names
            for row in range(20)
        ],
        schema=TABLES["documents"].schema,
        orient="row",
    )
    lake.replace("documents", documents, shards(*names))
    with lake.cursor() as cursor:
        narrow, wide = (storage.row_bytes(cursor, TABLES["documents"], [name]) for name in ("characters", "text"))
    assert narrow < 50 < 100 < wide


def test_a_document_is_not_written_while_its_id_stands_in_another_shard(lake: Lake) -> None:
    def document(shard: str, *ids: str) -> pl.DataFrame:
        rows = [(shard, id_, "t", "x", None, "f", row, "h", 1) for row, id_ in enumerate(ids)]
        return pl.DataFrame(rows, schema=TABLES["documents"].schema, orient="row")

    lake.replace("documents", document("a", "x", "y"), shards("a"))
    lake.replace("documents", document("a", "x", "y"), shards("a"))
    before = lake.current_snapshot()
    with pytest.raises(SynthAssetsError, match=r"document_id 'y' of shard 'b' stands in shard 'a'.*run this again"):
        lake.replace("documents", document("b", "y", "z"), shards("b"))
    assert lake.current_snapshot() == before
    lake.replace("documents", pl.concat([document("a", "x"), document("b", "y")]), shards("a", "b"))
    assert lake.read("documents").select("shard", "document_id").rows() == [("a", "x"), ("b", "y")]


def test_a_lazy_frame_stays_at_its_snapshot_and_takes_part_in_queries(lake: Lake) -> None:
    lake.replace("reference_documents", references(["a", "b"]), shards("a", "b"))
    lazy = lake.scan("reference_documents")
    lake.replace("reference_documents", references([]), shards("a"))
    filtered = lazy.filter(pl.col("document_id").str.ends_with("#1")).select("shard").sort("shard")
    assert filtered.collect()["shard"].to_list() == ["a", "b"]
    assert lazy.select(pl.len()).collect().item() == 6
    assert lazy.head(2).collect().height == 2
    assert lake.scan("reference_documents", {"shard": ["b"]}).collect().height == 3


def test_a_lazy_frame_is_read_partition_by_partition_in_order(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "BATCH_BYTES", 1)
    cells = [(method, shard) for method in ("level_1", "level_2") for shard in ("a", "b", "c")]
    lake.replace("qa_signatures", signatures(cells), [{"method": m, "shard": s} for m, s in reversed(cells)])
    lazy = lake.scan("qa_signatures")
    assert_frame_equal(lazy.collect(), signatures(cells))
    assert lazy.filter(pl.col("shard") == "c").head(3).collect()["method"].to_list() == ["level_1"] * 2 + ["level_2"]


def test_the_ledger_says_since_when_rows_are_what_they_are(lake: Lake) -> None:
    first = lake.replace("reference_documents", references(["a", "b"]), shards("a", "b"), origin=Origin("1", "run"))
    same = lake.replace("reference_documents", references(["a"]), shards("a"), dropped("a", "x"), origin=Origin("2"))
    other = lake.replace("reference_documents", references(["b"], score=9.0), shards("b"), origin=Origin("2"))
    ledger = lake.read("materialisations")
    columns = ("partition", "changed_snapshot", "built_snapshot", "rows", "quarantined", "code_version", "run_id")
    assert ledger.select(columns).rows() == [
        ("a", first.snapshot, same.snapshot, 3, 1, "2", ""),
        ("b", other.snapshot, other.snapshot, 3, 0, "2", ""),
    ]
    assert ledger["made_at"].is_sorted()
    assert lake.read("materialisations", snapshot=first.snapshot)["run_id"].to_list() == ["run", "run"]


def test_rows_are_added_to_several_tables_in_one_snapshot_or_to_none(lake: Lake) -> None:
    both = {"reference_documents": references(["a"]), "qa_signatures": signatures([("level_1", "a")])}
    snapshot = lake.append(both, "by hand")
    assert [lake.row_count(table, snapshot) for table in both] == [3, 2]
    assert [lake.row_count(table, snapshot - 1) for table in both] == [0, 0]
    with pytest.raises(ValueError, match="score"):
        lake.append({**both, "reference_documents": references(["b"]).drop("score")}, "by hand")
    assert lake.current_snapshot() == snapshot


def test_a_lake_serves_a_forked_process_and_travels_as_its_settings(lake: Lake) -> None:
    lake.replace("reference_documents", references(["a"]), shards("a"))
    assert pickle.loads(pickle.dumps(lake)).read("reference_documents").height == 3
    child = os.fork()
    if child == 0:
        # Polars itself does not survive a fork, so the child looks with DuckDB alone.
        os._exit(lake.row_count("reference_documents"))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
    assert lake.read("reference_documents").height == 3


def test_a_moved_lake_opens_in_its_new_place(tmp_path: Path) -> None:
    Lake(LakeSettings(folder=tmp_path / "old")).replace("reference_documents", references(["a"]), shards("a"))
    (tmp_path / "old").rename(tmp_path / "new")
    assert Lake(LakeSettings(folder=tmp_path / "new")).read("reference_documents").height == 3


def test_a_lake_that_is_not_there_or_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(SynthAssetsError, match="no lake in"):
        Lake(LakeSettings(folder=tmp_path / "none")).read("documents")
    (tmp_path / "file").write_text("")
    with pytest.raises(SynthAssetsError, match="cannot be made"):
        Lake(LakeSettings(folder=tmp_path / "file")).create()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "catalog.sqlite").write_text("not a database at all")
    with pytest.raises(SynthAssetsError, match="broken cannot be opened"):
        Lake(LakeSettings(folder=tmp_path / "broken")).create()


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    settings = LakeSettings(folder=tmp_path, catalog="postgresql://me:hunter2@host/db")
    assert "hunter2" not in repr(settings) + settings.title
    with pytest.raises(ValueError, match="must be a postgresql:// address") as refused:
        LakeSettings(folder=tmp_path, catalog="mysql://me:hunter2@host/db")
    assert "hunter2" not in str(refused.value)
