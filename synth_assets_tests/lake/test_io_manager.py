"""Dagster's assets are stored in the lake: real runs of single, multi and ranged partitions on a real instance."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg
import polars as pl
import pytest

from synth_assets.lake import Lake
from synth_assets.lake.io_manager import LakeIOManager
from synth_assets.tables import CONCEPT_NODES, StageResult
from synth_assets_tests.lake.rows import dropped, references, signatures

SHARDS = dg.DynamicPartitionsDefinition(name="shards")
GRID = dg.MultiPartitionsDefinition({"shard": SHARDS, "method": dg.StaticPartitionsDefinition(["level_1", "level_2"])})
SINGLE_RUN = dg.BackfillPolicy.single_run()
ALL = dg.AllPartitionMapping()


@dg.asset(partitions_def=SHARDS, backfill_policy=SINGLE_RUN, code_version="7")
def reference_documents(context: dg.AssetExecutionContext) -> StageResult:
    """Three documents a shard; one more is quarantined."""
    rows = references(context.partition_keys)
    lost = pl.concat([dropped(shard, f"{shard}#lost") for shard in context.partition_keys])
    return StageResult(rows, lost, received=rows.height + lost.height, passed=rows.height)


@dg.asset(partitions_def=GRID, backfill_policy=SINGLE_RUN)
def qa_signatures(context: dg.AssetExecutionContext, reference_documents: pl.DataFrame) -> pl.DataFrame:
    """Two pairs for each method and shard of the run."""
    keys = [GRID.get_partition_key_from_str(key).keys_by_dimension for key in context.partition_keys]
    assert set(reference_documents["shard"]) == {key["shard"] for key in keys}
    return signatures([(key["method"], key["shard"]) for key in keys])


@dg.asset(ins={"reference_documents": dg.AssetIn(partition_mapping=ALL)})
def concept_nodes(reference_documents: pl.LazyFrame) -> pl.DataFrame:
    """One node a shard, counted lazily."""
    assert isinstance(reference_documents, pl.LazyFrame)
    counts = reference_documents.group_by("shard").len().sort("shard").collect()
    rows = [
        (place, "topic", shard, count, 0, shard, [shard]) for place, (shard, count) in enumerate(counts.iter_rows())
    ]
    return pl.DataFrame(rows, schema=CONCEPT_NODES.schema, orient="row")


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """An instance that knows the shards a to d."""
    with dg.DagsterInstance.ephemeral() as made:
        made.add_dynamic_partitions("shards", ["a", "b", "c", "d"])
        yield made


def run(
    lake: Lake, instance: dg.DagsterInstance, assets: Sequence[Any], selection: Any, **arguments: Any
) -> dg.ExecuteInProcessResult:
    resources = {"io_manager": LakeIOManager(lake)}
    return dg.materialize(assets, selection=[selection], instance=instance, resources=resources, **arguments)


def between(first: str, last: str) -> dict[str, str]:
    """The tags of a run over a range of partitions."""
    return {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}


def test_a_picture_that_fails_is_said_and_the_rows_stay_stored(lake: Lake, instance: dg.DagsterInstance) -> None:
    def torn(table: str, result: StageResult) -> dict[str, str]:
        raise ZeroDivisionError(f"no bars of {table} in {result.rows.height} rows")

    said: list[str] = []
    keeper = dg.LoggerDefinition(lambda _: _heard(said))
    made = dg.Definitions(
        assets=[reference_documents],
        resources={"io_manager": LakeIOManager(lake, glance=torn)},
        loggers={"heard": keeper},
    )
    job = made.resolve_implicit_global_asset_job_def()
    job.execute_in_process(instance=instance, partition_key="a", run_config={"loggers": {"heard": {}}})
    assert lake.read("reference_documents").equals(references(["a"]))
    assert any("reference_documents are stored, but could not be shown" in line for line in said)


def _heard(said: list[str]) -> logging.Logger:
    """A logger that appends what it is told."""
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.Logger("heard", logging.WARNING)
    logger.addHandler(handler)
    return logger


def test_a_run_of_one_partition_replaces_that_partition_alone(lake: Lake, instance: dg.DagsterInstance) -> None:
    for shard in ("a", "b", "a"):
        result = run(lake, instance, [reference_documents], reference_documents, partition_key=shard)
    assert lake.read("reference_documents").equals(references(["a", "b"]))
    (event,) = result.asset_materializations_for_node("reference_documents")
    said: dict[str, Any] = {name: value.value for name, value in event.metadata.items()}
    counts = {name: said[name] for name in ("rows", "quarantined", "received", "passed", "dagster/row_count")}
    assert counts == {"rows": 3, "quarantined": 1, "received": 4, "passed": 3, "dagster/row_count": 6}
    assert said["snapshot"] == lake.current_snapshot()
    assert said["bytes"] > 0 and "| shard | document_id |" in said["preview"]
    ledger = lake.read("materialisations", {"partition": ["a"]})
    assert ledger.select("code_version", "run_id").row(0) == ("7", result.run_id)


def test_a_range_is_one_transaction_with_counts_of_each_partition(lake: Lake, instance: dg.DagsterInstance) -> None:
    before = lake.current_snapshot()
    result = run(lake, instance, [reference_documents], reference_documents, tags=between("b", "d"))
    assert lake.read("reference_documents").equals(references(["b", "c", "d"]))
    assert lake.read("quarantine")["partition"].to_list() == ["b", "c", "d"]
    assert lake.current_snapshot() == before + 1
    events = result.asset_materializations_for_node("reference_documents")
    # Dagster keeps the partitions of a run as a set, in another order in each process.
    assert {event.partition for event in events} == {"b", "c", "d"}
    assert [event.metadata["dagster/partition_row_count"].value for event in events] == [3, 3, 3]
    assert len({event.metadata["content_hash"].value for event in events}) == 3


@pytest.mark.parametrize("key", [dg.MultiPartitionKey({"shard": "b", "method": "level_2"}), "level_2|b"], ids=type)
def test_a_multi_partition_reads_its_shard_and_writes_its_cell(
    lake: Lake, instance: dg.DagsterInstance, key: str
) -> None:
    run(lake, instance, [reference_documents], reference_documents, tags=between("a", "d"))
    run(lake, instance, [reference_documents, qa_signatures], qa_signatures, partition_key=key)
    assert lake.read("qa_signatures").equals(signatures([("level_2", "b")]))
    assert lake.read("materialisations", {"stage": ["qa_signatures"]})["partition"].to_list() == ["level_2|b"]


def test_a_range_of_multi_partitions_is_its_rectangle(lake: Lake, instance: dg.DagsterInstance) -> None:
    run(lake, instance, [reference_documents], reference_documents, tags=between("a", "d"))
    tags = between("level_1|a", "level_2|b")
    run(lake, instance, [reference_documents, qa_signatures], qa_signatures, tags=tags)
    cells = [(method, shard) for method in ("level_1", "level_2") for shard in ("a", "b")]
    assert lake.read("qa_signatures").equals(signatures(cells))


def test_all_partitions_leave_out_a_shard_that_was_removed(lake: Lake, instance: dg.DagsterInstance) -> None:
    run(lake, instance, [reference_documents], reference_documents, tags=between("a", "d"))
    run(lake, instance, [reference_documents, concept_nodes], concept_nodes)
    assert lake.read("concept_nodes")["name"].to_list() == ["a", "b", "c", "d"]
    instance.delete_dynamic_partition("shards", "b")
    run(lake, instance, [reference_documents, concept_nodes], concept_nodes)
    assert lake.read("concept_nodes")["name"].to_list() == ["a", "c", "d"]


def test_a_stage_that_loses_rows_fails_and_writes_nothing(lake: Lake, instance: dg.DagsterInstance) -> None:
    @dg.asset(name="reference_documents", partitions_def=SHARDS)
    def careless() -> StageResult:
        return StageResult(references(["a"]), dropped("a", "x"), received=9, passed=3)

    with pytest.raises(ValueError, match="rows have vanished"):
        run(lake, instance, [careless], careless, partition_key="a")
    assert lake.read("reference_documents").is_empty()


def test_a_preview_is_a_table_whatever_the_text(lake: Lake, instance: dg.DagsterInstance) -> None:
    @dg.asset(name="reference_documents", partitions_def=SHARDS)
    def odd() -> pl.DataFrame:
        return references(["a"], rows=9).with_columns(classifier_version=pl.lit("x|y\n<b>" + "z" * 500))

    result = run(lake, instance, [odd], odd, partition_key="a")
    (event,) = result.asset_materializations_for_node("reference_documents")
    lines = str(event.metadata["preview"].value).splitlines()
    assert len(lines) == 7
    assert lines[2].startswith("| a | a#0 | 7.0 | x\\|y &lt;b>zzz") and len(lines[2]) < 150
