"""The Dagster UI on the lake of a run: what it shows, and materialising and backfilling from it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from synth_assets.assets.overview import READ_ME
from synth_assets.corpus.shards import find_shards
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings, load_settings
from synth_assets.tables import OPERATION, TABLES
from synth_assets_tests.automation.web_server import LOCATION, WebServer, stop, waited_for, web_server
from synth_assets_tests.conftest import Road

LEDGER = "select stage, partition, built_snapshot, changed_snapshot, content_hash, run_id from materialisations"

WITHOUT_PARTITIONS = {"imported_observations", "student_mistakes", *OPERATION}
"""Assets that were not made: no file of observations is named, no round of error extrapolation is chosen, and
maintenance is off the road."""


@pytest.fixture(scope="module")
def folder(road: Road, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the lake of a finished run, with its Dagster instance."""
    copy = tmp_path_factory.mktemp("ui") / "lake"
    shutil.copytree(road.folder, copy)
    return copy


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[WebServer]:
    with web_server(folder) as running:
        yield running


@pytest.fixture(scope="module")
def lake(folder: Path) -> Iterator[Lake]:
    made = Lake(load_settings(folder).lake_in(folder))
    yield made
    made.close()


def test_the_code_location_loads_without_error(server: WebServer) -> None:
    (entry,) = server.ask(
        """{ workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError {
            __typename ... on PythonError { message } } } } } }"""
    )["workspaceOrError"]["locationEntries"]
    assert entry == {"name": LOCATION, "locationOrLoadError": {"__typename": "RepositoryLocation"}}


def test_every_daemon_is_healthy_and_no_dialog_or_telemetry_is_on(server: WebServer) -> None:
    said = server.ask(
        """{ shouldShowNux instance { daemonHealth { allDaemonStatuses { daemonType required healthy } }
            info } }"""
    )
    assert said["shouldShowNux"] is False
    health = {one["daemonType"]: one["healthy"] for one in said["instance"]["daemonHealth"]["allDaemonStatuses"]}
    assert health["BACKFILL"] and health["SENSOR"] and health["QUEUED_RUN_COORDINATOR"]
    assert "telemetry:\n  enabled: false" in said["instance"]["info"]


def test_it_listens_on_loopback_alone(server: WebServer) -> None:
    listening = Path("/proc/net/tcp")
    if not listening.exists():
        pytest.skip("no /proc/net/tcp on this system")
    rows = [line.split() for line in listening.read_text().splitlines()[1:]]
    addresses = {local for _, local, _, state, *_ in rows if state == "0A" and local.endswith(f":{server.port:04X}")}
    assert addresses == {f"0100007F:{server.port:04X}"}


def test_what_the_run_did_is_shown_as_runs_and_materialisations(server: WebServer) -> None:
    said = server.ask(
        """{ runsOrError { ... on Runs { results { runId status } } }
             assetNodes { assetKey { path } isMaterializable
                 assetMaterializations(limit: 1) { runId metadataEntries { label } } } }"""
    )
    runs = {run["runId"]: run["status"] for run in said["runsOrError"]["results"]}
    assert {node["assetKey"]["path"][0] for node in said["assetNodes"]} == {READ_ME, *TABLES}
    for node in said["assetNodes"]:
        if not node["isMaterializable"] or node["assetKey"]["path"][0] in WITHOUT_PARTITIONS:
            continue
        (latest,) = node["assetMaterializations"]
        assert runs[latest["runId"]] == "SUCCESS"
        labels = {entry["label"] for entry in latest["metadataEntries"]}
        assert {"snapshot", "rows", "quarantined", "bytes", "preview", "dagster/row_count"} <= labels


def test_every_check_of_the_run_is_shown_and_none_that_blocks_has_failed(server: WebServer) -> None:
    nodes = server.ask(
        """{ assetNodes { assetKey { path } isMaterializable assetChecksOrError { ... on AssetChecks { checks {
            name blocking executionForLatestMaterialization { status } } } } } }"""
    )["assetNodes"]
    for node in nodes:
        checks = node["assetChecksOrError"]["checks"]
        assert len(checks) >= 2 or not node["isMaterializable"]
        for check in checks:
            if node["assetKey"]["path"][0] in WITHOUT_PARTITIONS:
                assert check["executionForLatestMaterialization"] is None
                continue
            status = check["executionForLatestMaterialization"]["status"]
            assert status == "SUCCEEDED" or not check["blocking"], check


def test_pictures_are_metadata_that_the_page_can_draw(server: WebServer) -> None:
    for asset in ("concept_nodes", "concept_edges", "scaling_fits", "reference_documents"):
        entries = server.ask(
            """query($it: AssetKeyInput!) { assetNodeOrError(assetKey: $it) { ... on AssetNode {
                assetMaterializations(limit: 1) { metadataEntries { ... on MarkdownMetadataEntry { mdStr } } } } } }""",
            it={"path": [asset]},
        )["assetNodeOrError"]["assetMaterializations"][0]["metadataEntries"]
        assert any("](data:image/png;base64," in entry.get("mdStr", "") for entry in entries), asset


@pytest.mark.slow
def test_materialising_a_shard_and_backfilling_two_partitions_replaces_those_and_no_other(
    server: WebServer, lake: Lake
) -> None:
    before = {row[:2]: row[2:] for row in lake.query(LEDGER).iter_rows()}
    rows = {name: lake.read(name) for name in ("documents", "questions", "quarantine")}
    wanted = [("questions", "level_1|documents"), ("questions", "level_2|documents")]
    run_id = server.launch_run(["documents"], {"dagster/partition": "documents"})
    backfill_id = server.launch_backfill("questions", [partition for _, partition in wanted])
    assert server.end_of_run(run_id) == "SUCCESS"
    backfill = server.end_of_backfill(backfill_id)
    assert (backfill["status"], backfill["error"]) == ("COMPLETED_SUCCESS", None)
    (backfilled,) = backfill["runs"]
    after = {row[:2]: row[2:] for row in lake.query(LEDGER).iter_rows()}
    made = {place for place in after if after[place][0] != before[place][0]}
    assert made == {("documents", "documents"), *wanted}
    assert {after[place][-1] for place in wanted} == {backfilled["runId"]}
    assert after["documents", "documents"][-1] == run_id
    for place in made:
        assert after[place][1:3] == before[place][1:3]  # the same rows again count as unchanged
    for name, known in rows.items():
        assert lake.read(name).equals(known), name


@pytest.mark.slow
def test_one_cell_of_two_dimensions_can_be_materialised(server: WebServer, lake: Lake) -> None:
    tags = {
        "dagster/partition": "level_3|documents",
        "dagster/partition/method": "level_3",
        "dagster/partition/shard": "documents",
    }
    together = ["benchmark_comparisons", "contamination"]  # one step makes both
    run_id = server.launch_run(together, tags)
    assert server.end_of_run(run_id) == "SUCCESS"
    query = f"select stage, partition from materialisations where run_id = '{run_id}' order by stage"
    assert lake.query(query).rows() == [(name, "level_3|documents") for name in together]


def test_on_an_empty_folder_the_sensor_finds_the_sample_and_ctrl_c_stops_everything(tmp_path: Path) -> None:
    def shards() -> list[str] | None:
        node = running.ask(
            """{ assetNodeOrError(assetKey: {path: ["documents"]}) { ... on AssetNode { partitionKeys } } }"""
        )["assetNodeOrError"]
        return node["partitionKeys"] or None

    with web_server(tmp_path / "lake") as running:
        expected = find_shards(Settings().corpus.sources, Settings().corpus.rows_per_shard)
        assert waited_for(shards, 120) == [shard.name for shard in expected]
        assert stop(running)
        assert running.process.returncode == 0
