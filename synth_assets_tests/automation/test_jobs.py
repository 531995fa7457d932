"""Jobs by purpose: the launchpad explains every setting, and a launch asks for a backfill of what is lacking."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from synth_assets.assets.launchpad import OF_A_RUN, chosen
from synth_assets.automation.declared import standings
from synth_assets.automation.jobs import ALL, EVERYTHING, PURPOSES
from synth_assets.automation.partitions import SHARDS
from synth_assets.definitions import build_definitions
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings, load_settings
from synth_assets_tests.automation.paper_road import PaperRoad, of_methods
from synth_assets_tests.automation.web_server import LOCATION, WebServer, waited_for, web_server
from synth_assets_tests.conftest import Road

Begun = tuple[PaperRoad, dg.DagsterInstance]
JOBS = [one.name for one in (*PURPOSES, EVERYTHING)]


def launched(begun: Begun, job: str, configured: Mapping[str, Any]) -> Any:
    """The backfill that a launch of the job asks for; None where there is nothing to do."""
    road, instance = begun
    known = {one.backfill_id for one in instance.get_backfills()}
    done = road.definitions.get_job_def(job).execute_in_process(run_config=dict(configured), instance=instance)
    assert done.success
    return next((one for one in instance.get_backfills() if one.backfill_id not in known), None)


def partitions_of(backfill: Any) -> dict[str, set[str]]:
    """What a backfill makes, by asset."""
    found: dict[str, set[str]] = {}
    for one in backfill.asset_backfill_data.target_subset.iterate_asset_partitions():
        found.setdefault(one.asset_key.path[-1], set()).add(one.partition_key or "")
    return found


def test_every_asset_of_the_road_has_one_purpose(paper: PaperRoad) -> None:
    of_all = [name for purpose in PURPOSES for name in purpose.assets]
    materialisable = {key.path[-1] for key in paper.graph.materializable_asset_keys}
    assert len(of_all) == len(set(of_all))
    assert set(of_all) == materialisable - {"lake_maintenance"}
    order = [key.path[-1] for key in paper.graph.toposorted_asset_keys]
    for name in of_all:
        parents = {key.path[-1] for key in paper.graph.get(dg.AssetKey(name)).parent_keys}
        purpose = next(place for place, one in enumerate(PURPOSES) if name in one.assets)
        of_parents = [place for place, one in enumerate(PURPOSES) for parent in parents if parent in one.assets]
        assert all(place <= purpose for place in of_parents), (name, order)


@pytest.mark.parametrize("name", JOBS)
def test_the_launchpad_of_a_job_explains_every_field_and_needs_none(paper: PaperRoad, name: str) -> None:
    job = paper.definitions.get_job_def(name)
    assert job.description
    fields = job.run_config_schema.config_type.fields  # type: ignore[attr-defined]
    assert list(unexplained(fields)) == []
    purpose = next(one for one in (*PURPOSES, EVERYTHING) if one.name == name)
    assert set(fields) - {"purposes"} == {"make", "shards", *purpose.sections}
    assert dg.validate_run_config(job, {})


def unexplained(fields: Mapping[str, Any], place: str = "") -> Iterator[str]:
    for name, field in fields.items():
        if not field.description or field.is_required:
            yield f"{place}{name}"
        yield from unexplained(getattr(field.config_type, "fields", None) or {}, f"{place}{name}.")


def test_the_defaults_of_the_launchpad_are_those_of_the_file(paper: PaperRoad) -> None:
    fields = paper.definitions.get_job_def("generate").run_config_schema.config_type.fields  # type: ignore[attr-defined]
    assert fields["teacher"].default_value["max_tokens_budget"] == 1_000
    assert fields["generation"].default_value == paper.settings.generation.model_dump(mode="json")


def test_a_launch_backfills_what_is_stale_and_what_follows_and_tells_who_asked(begun: Begun) -> None:
    road, _ = begun
    road.make([("questions", "level_2|b")], version="another prompt", changed=False)
    backfill = launched(begun, "everything", {})
    made = partitions_of(backfill)
    assert made["questions"] == made["qa_pairs"] == {"level_2|b"}
    assert made["training_qa"] == of_methods("a", "b")
    assert "document_concepts" not in made and "documents" not in made
    assert backfill.run_config == {}
    assert backfill.tags["synth-assets/job"] == "everything"
    assert backfill.tags["synth-assets/tokens_budget"] == "1000"


@pytest.mark.slow
def test_where_all_is_fresh_a_launch_asks_for_nothing(begun: Begun) -> None:
    assert launched(begun, "everything", {}) is None


@pytest.mark.slow
def test_what_a_backfill_under_way_will_make_is_not_asked_for_again(begun: Begun) -> None:
    begun[0].make([("questions", "level_2|b")], version="another prompt", changed=False)
    assert launched(begun, "generate", {}) is not None
    assert launched(begun, "generate", {}) is None


@pytest.mark.slow
def test_the_chosen_methods_alone_are_made(begun: Begun) -> None:
    chosen_here = {"generation": {"methods": ["level_1", "persona"]}, "shards": ["b"]}
    assert partitions_of(launched(begun, "generate", chosen_here)) == {
        "questions": {"persona|b"},
        "qa_pairs": {"persona|b"},
    }
    again = partitions_of(launched(begun, "decontaminate", {"make": ALL, "shards": ["b"]}))
    assert again["training_qa"] == of_methods("b")


def test_other_settings_make_stale_what_follows_them_and_go_to_the_runs(begun: Begun) -> None:
    backfill = launched(
        begun, "generate", {"generation": {"samples": 4}, "teacher": {"max_tokens_budget": 50}, "shards": ["b"]}
    )
    assert partitions_of(backfill) == {"qa_pairs": of_methods("b")}
    resources = backfill.run_config["resources"]
    assert resources["settings"]["config"]["generation"]["samples"] == 4
    assert set(resources["settings"]["config"]) == {"generation"}
    assert resources["teacher"]["config"]["max_tokens_budget"] == 50
    assert dg.validate_run_config(
        begun[0].definitions.resolve_implicit_global_asset_job_def(), dict(backfill.run_config)
    )


@pytest.mark.slow
def test_all_makes_also_what_is_fresh_and_purposes_limit_everything(begun: Begun) -> None:
    backfill = launched(begun, "everything", {"make": ALL, "purposes": ["fit"]})
    assert set(partitions_of(backfill)) == {
        *("scaling_observations", "scaling_fits", "scaling_predictions", "scaling_conclusions", "scaling_report"),
    }


@pytest.mark.slow
def test_ingest_makes_partitions_of_files_no_sensor_has_seen(begun: Begun) -> None:
    road, instance = begun
    road.write_source("c")
    try:
        made = partitions_of(launched(begun, "ingest", {}))
    finally:
        (road.corpus / "c.jsonl").unlink()
    assert made == {"documents": {"c"}, "reference_documents": {"c"}}
    assert "c" in SHARDS.get_partition_keys(dynamic_partitions_store=instance)


def test_a_configuration_that_cannot_be_is_told_in_one_sentence(paper: PaperRoad) -> None:
    with pytest.raises(SynthAssetsError, match=r"the launchpad\.students\.training_sets: there is no method 'level_9'"):
        chosen(paper.settings, {"students": {"training_sets": ["level_9"]}}, "the launchpad")


def test_every_section_that_shapes_rows_can_be_set_for_a_run() -> None:
    elsewhere = {"corpus", "benchmarks", "teacher", "observations", "execution", "schedules", "lake"}
    assert set(OF_A_RUN) == set(Settings.model_fields) - elsewhere


@pytest.mark.slow
def test_a_job_launched_in_the_launchpad_makes_rows_by_its_settings_and_the_file_calls_them_stale(
    road: Road, tmp_path: Path
) -> None:
    folder = tmp_path / "lake"
    shutil.copytree(road.folder, folder)
    settings = load_settings(folder)
    lake = Lake(settings.lake_in(folder))
    with web_server(folder) as server:
        run_id = launch(server, "generate", {"generation": {"samples": 3}, "shards": ["documents"]})
        assert server.end_of_run(run_id) == "SUCCESS"
        backfill = server.end_of_backfill(backfill_of(server, run_id))
        assert (backfill["status"], backfill["error"]) == ("COMPLETED_SUCCESS", None)
    samples = lake.query("select shard, min(samples) as least, max(samples) as most from qa_pairs group by all")
    assert {row[0]: row[1:] for row in samples.iter_rows()}["documents"] == (3, 3)
    with dg.DagsterInstance.from_config(str(folder / "dagster")) as instance:
        found = standings(build_definitions(folder, settings), instance, lake, settings)
    stale = {one.partition for one in found if one.asset == "qa_pairs" and one.state == "stale"}
    assert stale == of_methods("documents")
    lake.close()


def launch(server: WebServer, job: str, configured: Mapping[str, Any]) -> str:
    """Launch a job from its launchpad: its run id."""
    parameters = {
        "selector": {
            "repositoryLocationName": LOCATION,
            "repositoryName": "__repository__",
            "pipelineName": job,
        },
        "runConfigData": dict(configured),
        "mode": "default",
    }
    said = server.ask(
        "mutation($it: ExecutionParams!) { launchRun(executionParams: $it) { __typename "
        "... on LaunchRunSuccess { run { runId } } ... on PythonError { message } "
        "... on RunConfigValidationInvalid { errors { message } } } }",
        it=parameters,
    )["launchRun"]
    assert said["__typename"] == "LaunchRunSuccess", said
    return str(said["run"]["runId"])


def backfill_of(server: WebServer, run_id: str) -> str:
    """The backfill that a run of a job asked for."""
    query = """{ partitionBackfillsOrError { ... on PartitionBackfills { results {
        id tags { key value } } } } }"""

    def found() -> str | None:
        results = server.ask(query)["partitionBackfillsOrError"]["results"]
        return next(
            (one["id"] for one in results if {"key": "synth-assets/planned_by", "value": run_id} in one["tags"]), None
        )

    return waited_for(found, 30)
