"""The asset `lake_maintenance`: it keeps the lake, tells what it did, and is no part of the road."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from synth_assets.automation.declared import standings
from synth_assets.automation.road import phases
from synth_assets.definitions import build_definitions
from synth_assets.lake import Lake
from synth_assets.settings import Settings
from synth_assets_tests.lake.rows import references, shards

pytestmark = pytest.mark.slow

MAINTENANCE = dg.AssetKey("lake_maintenance")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a lake with one table."""
    folder = tmp_path_factory.mktemp("kept") / "lake"
    lake = Lake(Settings().lake_in(folder))
    lake.replace("reference_documents", references(["a", "b"]), shards("a", "b"))
    with lake.cursor() as cursor:
        cursor.execute("INSERT INTO lake.main.reference_documents VALUES ('a', 'a#9', 7.0, 'v1')")
    lake.close()
    return folder


@pytest.fixture(scope="module")
def definitions(folder: Path) -> dg.Definitions:
    return build_definitions(folder, Settings())


@pytest.fixture(scope="module")
def run(definitions: dg.Definitions) -> Iterator[dg.ExecuteInProcessResult]:
    """The asset materialised twice; the second run."""
    job = definitions.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        job.execute_in_process(instance=instance, asset_selection=[MAINTENANCE])
        yield job.execute_in_process(instance=instance, asset_selection=[MAINTENANCE])


def test_its_metadata_has_the_figures_before_and_after(run: dg.ExecuteInProcessResult) -> None:
    (event,) = run.asset_materializations_for_node("lake_maintenance")
    said = {name: value.value for name, value in event.metadata.items()}
    assert {"kept_bytes_before", "kept_bytes_after", "snapshots_before", "snapshots_after", "removed_files"} <= set(
        said
    )
    assert "| reference_documents | 2 → 2 |" in str(said["what changed"])


def test_each_run_adds_its_rows_and_its_checks_pass(run: dg.ExecuteInProcessResult, folder: Path) -> None:
    checks = run.get_asset_check_evaluations()
    assert {check.check_name for check in checks} == {"keys_unique_and_not_null", "no_row_vanished"}
    assert all(check.passed for check in checks)
    lake = Lake(Settings().lake_in(folder))
    merged = lake.read("lake_maintenance").filter(stage="reference_documents")
    assert merged.select("files_before", "files_after").rows() == [(3, 2), (2, 2)]
    lake.close()


def test_no_run_of_the_road_makes_it_and_status_does_not_show_it(definitions: dg.Definitions, folder: Path) -> None:
    assert all(MAINTENANCE not in phase.assets for phase in phases(definitions))
    lake = Lake(Settings().lake_in(folder))
    with dg.DagsterInstance.ephemeral() as instance:
        found = standings(definitions, instance, lake, Settings())
    assert "lake_maintenance" not in {standing.asset for standing in found}
    lake.close()
