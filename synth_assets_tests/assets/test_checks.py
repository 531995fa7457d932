"""Each asset check passes on a lake that keeps the rule and fails on one that breaks it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from synth_assets import tables
from synth_assets.assets.checks import ALL_CHECKS, CONTAMINATED_SHARE, LOG_RMSD, UNANSWERABLE_SHARE
from synth_assets.assets.conservation import FLOWS
from synth_assets.assets.records import RECORDED
from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.ledger import Origin
from synth_assets.tables import TABLES, Table

VALUES: dict[type[pl.DataType], object] = {
    pl.String: "x",
    pl.Int64: 0,
    pl.Float64: 0.0,
    pl.Boolean: False,
    pl.Binary: b"",
    pl.List: [],
    pl.Datetime: datetime(2026, 1, 1, tzinfo=UTC),
}
METHOD_SHARD = {"method": "level_1", "shard": "a"}


@dataclass(frozen=True)
class RunOfOne:
    """Whether a run succeeded, and the figures of its checks by their names."""

    success: bool
    figures: Mapping[str, Mapping[str, Any]]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    made = Lake(LakeSettings(folder=tmp_path / "lake"))
    made.create()
    yield made
    made.close()


def frame(table: Table, *rows: dict[str, object]) -> pl.DataFrame:
    """Rows of a table: the named columns, the others at the zero of their type."""
    blank = {name: VALUES[type(dtype)] for name, dtype in table.schema.items()}
    return pl.DataFrame([{**blank, **row} for row in rows], schema=table.schema)


def run_checks(lake: Lake, *assets: str) -> dg.ExecuteInProcessResult:
    """The checks of the given assets, run by Dagster."""
    chosen = [check for check in ALL_CHECKS if {key.asset_key.path[-1] for key in check.check_keys} <= set(assets)]
    job = dg.define_asset_job("checks", selection=dg.AssetSelection.all_asset_checks())
    definitions = dg.Definitions(asset_checks=chosen, jobs=[job], resources={"lake": lake})
    with dg.DagsterInstance.ephemeral() as instance:
        return definitions.resolve_job_def("checks").execute_in_process(instance=instance, raise_on_error=False)


def evaluations(lake: Lake, asset: str) -> dict[str, dg.AssetCheckEvaluation]:
    found = run_checks(lake, asset).get_asset_check_evaluations()
    return {evaluation.check_name: evaluation for evaluation in found}


def verdicts(lake: Lake, asset: str) -> dict[str, bool]:
    return {name: evaluation.passed for name, evaluation in evaluations(lake, asset).items()}


def figures(evaluation: dg.AssetCheckEvaluation) -> dict[str, Any]:
    return {name: value.value for name, value in evaluation.metadata.items()}


def insert_past_the_lake(lake: Lake, table: Table, query: str) -> None:
    """What no stage can do: rows that were never committed as a partition."""
    with lake.cursor() as cursor:
        cursor.execute(f"insert into lake.{table.name} by name {query}")


def general_checks(lake: Lake, assets: Sequence[str]) -> list[dg.AssetCheckEvaluation]:
    """Those that every table has."""
    found = run_checks(lake, *assets).get_asset_check_evaluations()
    return [check for check in found if check.check_name in ("keys_unique_and_not_null", "no_row_vanished")]


@pytest.mark.slow
def test_a_repeated_key_and_a_row_nobody_committed_are_found_in_every_table(lake: Lake) -> None:
    road = [table for table in TABLES.values() if table not in RECORDED]
    names = [table.name for table in road]
    for table in road:
        partition = dict.fromkeys(table.partitioned_by, "x")
        lake.replace(table, frame(table, partition), [partition] if partition else [])
    before = general_checks(lake, names)
    assert all(check.passed for check in before if check.asset_key.path[-1] not in FLOWS)
    for table in road:
        insert_past_the_lake(lake, table, f"select * from lake.{table.name}")
    after = general_checks(lake, names)
    assert len(before) == len(after) == 2 * len(road)
    assert not any(check.passed for check in after)
    keys = [check for check in after if check.check_name == "keys_unique_and_not_null"]
    assert all(figures(check).pop("for example") for check in keys)
    assert all({"rows": 2, "repeated": 1, "null": 0}.items() <= figures(check).items() for check in keys)


def test_the_same_key_in_two_partitions_is_found(lake: Lake) -> None:
    for shard in ("a", "b"):
        partition = {"method": "level_1", "shard": shard}
        lake.replace(tables.QA_SIGNATURES, frame(tables.QA_SIGNATURES, {**partition, "qa_id": "twice"}), [partition])
    assert verdicts(lake, "qa_signatures") == {"keys_unique_and_not_null": False, "no_row_vanished": True}
    assert figures(evaluations(lake, "qa_signatures")["keys_unique_and_not_null"])["for example"] == "twice"


def run_of_one(lake: Lake, table: Table, rows: pl.DataFrame, partition: dict[str, str], past: str = "") -> RunOfOne:
    """A Dagster run that makes one partition of a table and checks it. `past`: SQL done to the lake in between."""

    @dg.asset(name=table.name)
    def made(context: dg.AssetExecutionContext) -> None:
        lake.replace(table, rows, [partition], origin=Origin("", context.run.run_id))
        if past:
            with lake.cursor() as cursor:
                cursor.execute(past)

    chosen = [check for check in ALL_CHECKS if {key.asset_key.path[-1] for key in check.check_keys} == {table.name}]
    job = dg.define_asset_job("made", selection=dg.AssetSelection.assets(table.name))
    definitions = dg.Definitions(assets=[made], asset_checks=chosen, jobs=[job], resources={"lake": lake})
    with dg.DagsterInstance.ephemeral() as instance:
        done = definitions.resolve_job_def("made").execute_in_process(instance=instance, raise_on_error=False)
    return RunOfOne(done.success, {one.check_name: figures(one) for one in done.get_asset_check_evaluations()})


def cells(table: Table, *ids: str, shard: str) -> pl.DataFrame:
    key = "qa_id" if "qa_id" in table.columns else "benchmark"
    return frame(table, *({"method": "level_1", "shard": shard, key: one} for one in ids))


@pytest.mark.parametrize(
    ("past", "broken"),
    [
        ("insert into lake.qa_signatures by name select * from lake.qa_signatures where qa_id = 'b1'", ("repeated", 1)),
        ("delete from lake.qa_signatures where qa_id = 'b1'", ("stored", 1)),
        ("insert into lake.quarantine values ('qa_signatures', 'level_1|b', 'x', '', '')", ("quarantine_stored", 1)),
    ],
)
def test_what_breaks_the_partition_that_a_run_makes_fails_it(lake: Lake, past: str, broken: tuple[str, int]) -> None:
    table = tables.QA_SIGNATURES
    lake.replace(table, cells(table, "a1", shard="a"), [{"method": "level_1", "shard": "a"}])
    rows, partition = cells(table, "b1", "b2", shard="b"), {"method": "level_1", "shard": "b"}
    sound = run_of_one(lake, table, rows, partition)
    assert sound.success
    assert all(told["judged"] == "1 of 2 partitions" for told in sound.figures.values())
    assert sound.figures["keys_unique_and_not_null"]["rows"] == 2
    torn = run_of_one(lake, table, rows, partition, past)
    assert not torn.success
    assert broken in {item for told in torn.figures.values() for item in told.items()}


def test_an_id_that_a_partition_of_another_run_holds_fails_the_run(lake: Lake) -> None:
    table = tables.QA_SIGNATURES
    lake.replace(table, cells(table, "a1", "twice", shard="a"), [{"method": "level_1", "shard": "a"}])
    run = run_of_one(lake, table, cells(table, "b1", "twice", shard="b"), {"method": "level_1", "shard": "b"})
    assert not run.success
    told = run.figures["keys_unique_and_not_null"]
    assert (told["rows"], told["repeated"], told["for example"]) == (2, 1, "twice")


def test_a_document_that_lost_its_place_fails_the_run_of_its_shard_alone(lake: Lake) -> None:
    documents(lake, "a", 2)
    documents(lake, "b", 2)
    references(lake, "a", kept=1, quarantined=0)  # lost one: what a check of all would find
    rows = frame(tables.REFERENCE_DOCUMENTS, *({"shard": "b", "document_id": f"b{number}"} for number in range(2)))
    kept = run_of_one(lake, tables.REFERENCE_DOCUMENTS, rows, {"shard": "b"})
    assert kept.success
    assert kept.figures["no_row_vanished"]["received"] == 2
    lost = run_of_one(lake, tables.REFERENCE_DOCUMENTS, rows.head(1), {"shard": "b"})
    assert not lost.success
    assert lost.figures["no_row_vanished"]["partitions that lost or gained rows"] == "b"


def test_no_file_of_another_partition_is_read_where_the_key_holds_the_partition(lake: Lake) -> None:
    table = tables.BENCHMARK_COMPARISONS
    for shard in ("a", "b"):
        lake.replace(table, cells(table, "gsm8k", shard=shard), [{"method": "level_1", "shard": shard}])
    for file in Path(lake.settings.data_path).rglob("benchmark_comparisons/**/shard=a/*.parquet"):
        file.unlink()
    assert run_of_one(lake, table, cells(table, "gsm8k", shard="b"), {"method": "level_1", "shard": "b"}).success
    assert not run_checks(lake, table.name).success  # a person's check reads all


def test_a_null_key_is_found_and_fails_the_run(lake: Lake) -> None:
    lake.replace(tables.DUPLICATES, frame(tables.DUPLICATES, {"qa_id": "1"}), [])
    assert run_checks(lake, "duplicates").success
    with lake.cursor() as cursor:
        cursor.execute("alter table lake.duplicates alter qa_id drop not null")
        cursor.execute("update lake.duplicates set qa_id = null")
    assert verdicts(lake, "duplicates") == {"keys_unique_and_not_null": False, "no_row_vanished": True}
    assert not run_checks(lake, "duplicates").success


def documents(lake: Lake, shard: str, count: int, text: str = "x") -> None:
    rows = frame(
        tables.DOCUMENTS,
        *({"shard": shard, "document_id": f"{shard}{number}", "text": text} for number in range(count)),
    )
    lake.replace(tables.DOCUMENTS, rows, [{"shard": shard}])


def references(lake: Lake, shard: str, kept: int, quarantined: int) -> None:
    names = [f"{shard}{number}" for number in range(kept + quarantined)]
    rows = frame(tables.REFERENCE_DOCUMENTS, *({"shard": shard, "document_id": name} for name in names[:kept]))
    lost = [{"shard": shard, "id": name, "reason": "below_threshold", "detail": "score 2"} for name in names[kept:]]
    lake.replace(tables.REFERENCE_DOCUMENTS, rows, [{"shard": shard}], tables.quarantine_rows(lost, "shard"))


def test_documents_neither_kept_nor_quarantined_have_vanished(lake: Lake) -> None:
    documents(lake, "a", 3)
    references(lake, "a", kept=1, quarantined=2)
    assert verdicts(lake, "reference_documents")["no_row_vanished"]
    references(lake, "a", kept=1, quarantined=1)
    found = evaluations(lake, "reference_documents")["no_row_vanished"]
    assert not found.passed
    assert figures(found)["partitions that lost or gained rows"] == "a"


def test_gains_of_one_shard_do_not_hide_the_losses_of_another(lake: Lake) -> None:
    documents(lake, "a", 2)
    documents(lake, "b", 2)
    references(lake, "a", kept=1, quarantined=0)
    references(lake, "b", kept=3, quarantined=0)
    found = figures(evaluations(lake, "reference_documents")["no_row_vanished"])
    assert found["received"] == found["passed"] == 4
    assert found["partitions that lost or gained rows"] == "a, b"


def test_a_shard_not_yet_made_or_made_before_its_documents_changed_is_no_loss(lake: Lake) -> None:
    documents(lake, "a", 2)
    references(lake, "a", kept=2, quarantined=0)
    documents(lake, "b", 5)
    assert verdicts(lake, "reference_documents")["no_row_vanished"]
    documents(lake, "a", 4)
    assert verdicts(lake, "reference_documents")["no_row_vanished"]


def test_quarantined_rows_that_disappear_later_are_missed(lake: Lake) -> None:
    rows = frame(tables.BENCHMARK_ITEMS, {"benchmark": "gsm8k", "item_id": "1"})
    lost = [{"benchmark": "gsm8k", "id": "2", "reason": "no_question", "detail": "empty"}]
    partition = [{"benchmark": "gsm8k"}]
    lake.replace(tables.BENCHMARK_ITEMS, rows, partition, tables.quarantine_rows(lost, "benchmark"))
    assert verdicts(lake, "benchmark_items")["no_row_vanished"]
    with lake.cursor() as cursor:
        cursor.execute("delete from lake.quarantine")
    assert not verdicts(lake, "benchmark_items")["no_row_vanished"]


@pytest.mark.parametrize(
    ("stage", "inputs"),
    [
        ("document_concepts", [(tables.REFERENCE_DOCUMENTS, {"shard": "a", "document_id": "1"})]),
        ("questions", [(tables.REFERENCE_DOCUMENTS, {"shard": "a", "document_id": "1"})]),
        ("qa_pairs", [(tables.QUESTIONS, {**METHOD_SHARD, "question_id": "1"})]),
        ("training_qa", [(tables.QA_PAIRS, {**METHOD_SHARD, "qa_id": "1"})]),
    ],
)
def test_every_later_stage_that_can_drop_rows_is_watched(
    lake: Lake, stage: str, inputs: list[tuple[Table, dict[str, object]]]
) -> None:
    table = TABLES[stage]
    for source, row in inputs:
        lake.replace(source, frame(source, row), [{column: str(row[column]) for column in source.partitioned_by}])
    partition = {column: METHOD_SHARD[column] for column in table.partitioned_by}
    lake.replace(table, table.empty(), [partition])
    assert not verdicts(lake, stage)["no_row_vanished"]
    lost = tables.quarantine_rows([{**partition, "id": "1", "reason": "invalid_answer", "detail": "why"}], *partition)
    lake.replace(table, table.empty(), [partition], lost)
    assert verdicts(lake, stage)["no_row_vanished"]


def test_the_questions_of_walks_are_counted_by_walk(lake: Lake) -> None:
    walks = frame(tables.CONCEPT_WALKS, {"shard": "a", "walk_id": "1"}, {"shard": "a", "walk_id": "2"})
    lake.replace(tables.CONCEPT_WALKS, walks, [{"shard": "a"}])
    partition = {"method": "level_3", "shard": "a"}
    asked = [{**partition, "question_id": str(number), "walk_id": "1"} for number in range(2)]
    lake.replace(tables.QUESTIONS, frame(tables.QUESTIONS, *asked), [partition])
    assert not verdicts(lake, "questions")["no_row_vanished"]
    other = {**partition, "question_id": "2", "walk_id": "2"}
    lake.replace(tables.QUESTIONS, frame(tables.QUESTIONS, *asked, other), [partition])
    assert verdicts(lake, "questions")["no_row_vanished"]


def test_a_question_that_did_not_hold_came_in_beside_its_document(lake: Lake) -> None:
    lake.replace(
        tables.REFERENCE_DOCUMENTS,
        frame(tables.REFERENCE_DOCUMENTS, *({"shard": "a", "document_id": name} for name in "12")),
        [{"shard": "a"}],
    )
    partition = {"method": "targen", "shard": "a"}
    asked = frame(tables.QUESTIONS, {**partition, "question_id": "q", "walk_id": None, "documents": ["1"]})
    dropped = {**partition, "id": "p", "reason": "uncorrected", "detail": "7, solved to 8"}
    unfit = {**partition, "id": "2", "reason": "not_suitable", "detail": "a poem"}
    for rows, kept in (([dropped, unfit], True), ([dropped], False)):
        lake.replace(tables.QUESTIONS, asked, [partition], tables.quarantine_rows(rows, *partition))
        assert verdicts(lake, "questions")["no_row_vanished"] is kept


def edge(subgraph: str, source: int, target: int, documents: int = 2) -> dict[str, object]:
    weight = log(documents + 1e-5)
    return {"subgraph": subgraph, "source": source, "target": target, "documents": documents, "weight": weight}


EDGES = (edge("topic_topic", 3, 4), edge("topic_concept", 4, 1), edge("concept_concept", 1, 2))


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (edge("topic_topic", 4, 3), "the wrong way round"),
        (edge("topic_concept", 2, 3), "the wrong way round"),
        (edge("concept_concept", 1, 1), "the wrong way round"),
        (edge("topic_topic", 3, 1), "in another sub-graph"),
        (edge("concept_concept", 2, 9), "at no node"),
        ({**edge("topic_concept", 3, 2), "weight": 1.0}, "of another weight"),
    ],
)
def test_an_edge_that_joins_no_two_nodes_as_it_must_is_found(lake: Lake, wrong: dict[str, object], what: str) -> None:
    kinds = {1: "key_concept", 2: "key_concept", 3: "topic", 4: "topic"}
    nodes = ({"concept": number, "kind": kind, "name": str(number)} for number, kind in kinds.items())
    lake.replace(tables.CONCEPT_NODES, frame(tables.CONCEPT_NODES, *nodes), [])
    lake.replace(tables.CONCEPT_EDGES, frame(tables.CONCEPT_EDGES, *EDGES), [])
    assert verdicts(lake, "concept_edges")["edges_join_nodes"]
    lake.replace(tables.CONCEPT_EDGES, frame(tables.CONCEPT_EDGES, *EDGES, wrong), [])
    found = evaluations(lake, "concept_edges")["edges_join_nodes"]
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert figures(found)[what] == 1


def test_a_graph_without_edges_is_sound(lake: Lake) -> None:
    lake.replace(tables.CONCEPT_EDGES, tables.CONCEPT_EDGES.empty(), [])
    assert verdicts(lake, "concept_edges")["edges_join_nodes"]


def test_many_unanswerable_questions_are_told(lake: Lake) -> None:
    asked = frame(tables.QUESTIONS, *({**METHOD_SHARD, "question_id": str(number)} for number in range(100)))
    lake.replace(tables.QUESTIONS, asked, [METHOD_SHARD])
    for lost, passes in ((int(100 * UNANSWERABLE_SHARE), True), (int(100 * UNANSWERABLE_SHARE) + 1, False)):
        pairs = frame(tables.QA_PAIRS, *({**METHOD_SHARD, "qa_id": str(number)} for number in range(lost, 100)))
        dropped = [{**METHOD_SHARD, "id": str(n), "reason": "unanswerable", "detail": ""} for n in range(lost)]
        lake.replace(tables.QA_PAIRS, pairs, [METHOD_SHARD], tables.quarantine_rows(dropped, "method", "shard"))
        found = evaluations(lake, "qa_pairs")
        assert (found["unanswerable_share"].passed, found["no_row_vanished"].passed) == (passes, True)
        assert found["unanswerable_share"].severity == dg.AssetCheckSeverity.WARN


def test_much_contamination_is_told(lake: Lake) -> None:
    pairs = frame(tables.QA_PAIRS, *({**METHOD_SHARD, "qa_id": str(number)} for number in range(100)))
    lake.replace(tables.QA_PAIRS, pairs, [METHOD_SHARD])
    for hit, passes in ((int(100 * CONTAMINATED_SHARE), True), (int(100 * CONTAMINATED_SHARE) + 1, False)):
        matches = [
            {**METHOD_SHARD, "qa_id": str(number), "item_id": item} for number in range(hit) for item in ("1", "2")
        ]
        lake.replace(tables.CONTAMINATION, frame(tables.CONTAMINATION, *matches), [METHOD_SHARD])
        assert verdicts(lake, "contamination")["contamination_rate"] == passes


def test_a_poor_rectified_fit_is_told_and_a_poor_plain_one_is_not(lake: Lake) -> None:
    for law, passes in (("power", True), ("rectified", False)):
        fits = frame(tables.SCALING_FITS, {"law": law, "log_rmsd": 2 * LOG_RMSD})
        lake.replace(tables.SCALING_FITS, fits, [])
        assert verdicts(lake, "scaling_fits")["fit_quality"] == passes
