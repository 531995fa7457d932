"""The asset graph is the tables of the road, with everything a reader of the UI needs to know of each."""

import inspect

import dagster as dg
import pytest

from synth_assets.assets import checks, conservation
from synth_assets.assets.declaration import SHARDS_PER_RUN
from synth_assets.assets.overview import GROUPS, READ_ME, in_order_of_the_road
from synth_assets.assets.records import RECORDED
from synth_assets.automation.partitions import (
    BENCHMARKS,
    METHOD_BY_SHARD,
    METHOD_NAMES,
    OBSERVATION_FILES,
    SHARDS,
    TRAINING_SET_BY_STUDENT,
)
from synth_assets.automation.partitions import TRAINING_SETS as TRAINING_SET_PARTITIONS
from synth_assets.definitions import build_definitions
from synth_assets.generation.methods import METHODS
from synth_assets.settings import Settings
from synth_assets.tables import TABLES, Table

ROAD = [table for table in TABLES.values() if table not in RECORDED]
PARTITIONS = {
    (): None,
    ("shard",): SHARDS,
    ("benchmark",): BENCHMARKS,
    ("method",): METHOD_NAMES,
    ("method", "shard"): METHOD_BY_SHARD,
    ("file",): OBSERVATION_FILES,
    ("training_set",): TRAINING_SET_PARTITIONS,
    ("training_set", "student"): TRAINING_SET_BY_STUDENT,
}
"""By the partition columns of a table, the partitions of its asset."""


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_definitions(tmp_path_factory.mktemp("lake"), Settings())


def spec_of(definitions: dg.Definitions, table: Table) -> dg.AssetSpec:
    return next(spec for spec in definitions.resolve_all_asset_specs() if spec.key == dg.AssetKey(table.name))


def test_the_definitions_load(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_every_table_is_an_asset_and_every_asset_but_the_page_to_read_is_a_table(definitions: dg.Definitions) -> None:
    keys = [spec.key.path for spec in definitions.resolve_all_asset_specs()]
    assert sorted(keys) == sorted([name] for name in (*TABLES, READ_ME))


def test_all_but_what_stages_write_on_the_side_can_be_materialised(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    external = {key.path[-1] for key in graph.get_all_asset_keys() - graph.materializable_asset_keys}
    assert external == {READ_ME, *(table.name for table in RECORDED)}


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_an_asset_tells_what_it_holds_and_whose_it_is(definitions: dg.Definitions, table: Table) -> None:
    spec = spec_of(definitions, table)
    assert (spec.description or "").startswith(table.description)
    assert (spec.group_name == in_order_of_the_road("records")) == (table in RECORDED)
    assert spec.group_name in [in_order_of_the_road(group) for group in GROUPS]
    assert spec.owners and "ducklake" in spec.kinds
    columns = spec.metadata["dagster/column_schema"].columns
    assert {column.name: column.type for column in columns} == {name: str(d) for name, d in table.schema.items()}
    assert all(column.description for column in columns)
    assert [column.name for column in columns if not column.constraints.nullable] == [
        name for name, column in table.columns.items() if not column.nullable
    ]


@pytest.mark.parametrize("table", ROAD, ids=lambda table: table.name)
def test_an_asset_has_a_code_version_and_its_tables_partitions(definitions: dg.Definitions, table: Table) -> None:
    spec = spec_of(definitions, table)
    assert spec.code_version
    assert spec.partitions_def == PARTITIONS[table.partitioned_by]


def test_a_backfill_takes_a_few_shards_a_run_and_all_other_partitions_at_once(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    policies = {
        key.path[-1]: graph.get(key).backfill_policy
        for key in graph.materializable_asset_keys
        if graph.get(key).partitions_def is not None
    }
    whole = {name for name, policy in policies.items() if policy == dg.BackfillPolicy.single_run()}
    few = {name for name, policy in policies.items() if policy == dg.BackfillPolicy.multi_run(SHARDS_PER_RUN)}
    assert whole | few == set(policies)
    assert {"documents", "reference_documents", "document_concepts", "concept_cooccurrence"} <= few
    assert {"concept_walks", "benchmark_items", "questions", "qa_pairs", "student_runs"} <= whole


def test_the_dimensions_of_partitions_are_the_methods_and_students() -> None:
    dimensions = {part.name: part.partitions_def for part in METHOD_BY_SHARD.partitions_defs}
    assert dimensions["method"].get_partition_keys() == list(METHODS)
    assert dimensions["shard"] == SHARDS
    assert TRAINING_SET_PARTITIONS.get_partition_keys() == ["all", *METHODS]


@pytest.mark.parametrize("table", ROAD, ids=lambda table: table.name)
def test_an_asset_has_its_checks(definitions: dg.Definitions, table: Table) -> None:
    found = {
        key.name
        for check in definitions.asset_checks or ()
        for key in check.check_keys
        if key.asset_key == dg.AssetKey(table.name)
    }
    own = {rule.name for rule in checks.PARTICULAR.get(table.name, ())}
    assert found == {"keys_unique_and_not_null", "no_row_vanished"} | own


def test_every_method_goes_through_a_table_its_conservation_can_count() -> None:
    assert {method.source_table for method in METHODS.values()} <= set(conservation.FLOWS["questions"].inputs)


def test_no_stage_module_is_left_out_of_the_graph() -> None:
    from synth_assets import assets
    from synth_assets.definitions import STAGES

    said = inspect.getdoc(assets) or ""
    assert all(stage.__name__.rpartition(".")[2] in said for stage in STAGES)
