"""Backfills over method and shard through the web server and its daemon: a failed partition stays alone."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import dagster as dg
import polars as pl
import pytest
from dagster._core.definitions.automation_tick_evaluation_context import build_run_requests_with_backfill_policies
from dagster._core.definitions.events import AssetKeyPartitionKey

from synth_assets import tables
from synth_assets.automation.instance import instance_of
from synth_assets.automation.partitions import METHOD_BY_SHARD, SHARDS
from synth_assets.automation.ranges import RANGE_END, RANGE_START
from synth_assets.automation.run_tags import COST, TEACHER, TOKENS
from synth_assets.definitions import build_definitions
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings, load_settings, save_settings
from synth_assets_tests.automation.web_server import LOCATION, WebServer, web_server
from synth_assets_tests.teachers.openai.endpoint import endpoint_in_thread

NAMES = ("a", "b", "c")
BUDGET = 300_000
TOO_LONG = "Think again. " * 40_000
"""What, as part of a question, may take more tokens than the budget."""

RUNS = """query($it: String!) { partitionBackfillOrError(backfillId: $it) { ... on PartitionBackfill {
    runs(limit: 50) { runId status tags { key value } } } } }"""
RELOAD = "mutation($it: String!) { reloadRepositoryLocation(repositoryLocationName: $it) { __typename } }"
AGAIN = """mutation($it: ReexecutionParams!) { launchRunReexecution(reexecutionParams: $it) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""


def policies(teacher: dict[str, Any], judge: bool = False) -> dict[str, int | None]:
    """The most partitions of a run of each asset; None: all."""
    settings = Settings.model_validate({"teacher": teacher, "decontamination": {"judge": judge}})
    graph = build_definitions(Path("never-made"), settings).resolve_asset_graph()
    nodes = {key.path[-1]: graph.get(key) for key in graph.toposorted_asset_keys}
    return {name: node.backfill_policy.max_partitions_per_run for name, node in nodes.items() if node.backfill_policy}


ENDPOINT = {"kind": "openai", "model": "m", "base_urls": ("http://127.0.0.1:1/v1",)}


def test_what_an_endpoint_is_asked_for_is_backfilled_partition_by_partition() -> None:
    cut = policies(ENDPOINT)
    assert {name for name, most in cut.items() if most == 1} == {"document_concepts", "questions", "qa_pairs"}
    assert policies(ENDPOINT, judge=True)["contamination"] == 1


def test_what_costs_less_than_starting_a_run_is_backfilled_together() -> None:
    cut = policies({})
    assert (cut["documents"], cut["document_concepts"]) == (4, 4)
    assert cut["questions"] is cut["qa_pairs"] is cut["contamination"] is cut["training_qa"] is None


@pytest.mark.parametrize("policy", [dg.BackfillPolicy.single_run(), dg.BackfillPolicy.multi_run(2)])
def test_runs_of_cells_with_gaps_make_those_cells_and_no_other(policy: dg.BackfillPolicy) -> None:
    @dg.asset(partitions_def=METHOD_BY_SHARD, backfill_policy=policy)
    def cells() -> None: ...

    graph = dg.Definitions(assets=[cells]).resolve_asset_graph()
    drawn = Random(0)
    with dg.DagsterInstance.ephemeral() as instance, dg.partition_loading_context(dynamic_partitions_store=instance):
        instance.add_dynamic_partitions(str(SHARDS.name), list("abcde"))
        keys = METHOD_BY_SHARD.get_partition_keys()
        for share in (0.2, 0.5, 0.8, 1.0):
            wanted = {str(key) for key in keys if drawn.random() <= share}
            asked = [AssetKeyPartitionKey(cells.key, key) for key in wanted]
            made = [
                str(key)
                for request in build_run_requests_with_backfill_policies(asked, graph, instance)
                for key in METHOD_BY_SHARD.get_partition_keys_in_range(
                    dg.PartitionKeyRange(request.tags[RANGE_START], request.tags[RANGE_END])
                )
            ]
            assert sorted(made) == sorted(wanted)


def question(shard: str, words: str = "") -> pl.DataFrame:
    row = {
        "method": "level_1", "shard": shard, "question_id": f"q-{shard}",
        "question": f"What is 2 + {ord(shard)}? {words}",
        "origin": "new", "school_level": "elementary", "documents": [shard], "topics": ["sums"],
        "key_concepts": ["sum"], "walk_id": None, "teacher": "m", "prompt_version": "v", "request_hash": f"r-{shard}",
        "recipe": None,
    }  # fmt: skip
    return pl.DataFrame([row], schema=tables.QUESTIONS.schema)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A lake with a question for each of three shards, that of `b` beyond the budget, and an endpoint for all."""
    corpus, folder = tmp_path / "corpus", tmp_path / "lake"
    corpus.mkdir()
    folder.mkdir()
    for name in NAMES:
        (corpus / f"{name}.jsonl").write_text(f'{{"id": "{name}", "text": "Text of {name}."}}\n')
    with endpoint_in_thread() as (url, _):
        teacher = {**ENDPOINT, "base_urls": [url], "max_tokens_budget": BUDGET}
        given = {"corpus": {"sources": [str(corpus / "*.jsonl")]}, "teacher": teacher, "generation": {"samples": 1}}
        settings = Settings.model_validate(given)
        save_settings(settings, folder)
        with closing(Lake(settings.lake_in(folder))) as lake, instance_of(folder) as instance:
            instance.add_dynamic_partitions(str(SHARDS.name), list(NAMES))
            lake.create()
            for name in NAMES:
                asked = question(name, TOO_LONG if name == "b" else "")
                lake.replace("questions", asked, [{"method": "level_1", "shard": name}])
        yield folder


@pytest.mark.slow
def test_one_shard_of_a_backfill_fails_alone_and_is_made_alone_when_executed_again(folder: Path) -> None:
    keys = [f"level_1|{name}" for name in NAMES]
    with web_server(folder) as server:
        backfill_id = server.launch_backfill("qa_pairs", keys)
        assert server.end_of_backfill(backfill_id)["status"] == "COMPLETED_FAILED"
        runs = {_partition(run): run for run in server.ask(RUNS, it=backfill_id)["partitionBackfillOrError"]["runs"]}
        assert {key: run["status"] for key, run in runs.items()} == {
            "level_1|a": "SUCCESS",
            "level_1|b": "FAILURE",
            "level_1|c": "SUCCESS",
        }
        for run in runs.values():
            told = {tag["key"]: tag["value"] for tag in run["tags"]}
            assert (told[TEACHER], told[TOKENS], told[COST]) == ("openai: m", str(BUDGET), "none")
        before = _made(folder)
        assert set(before) == {"level_1|a", "level_1|c"}
        settings = load_settings(folder)
        more = settings.teacher.model_copy(update={"max_tokens_budget": 100 * BUDGET})
        save_settings(settings.model_copy(update={"teacher": more}), folder)
        assert server.ask(RELOAD, it=LOCATION)["reloadRepositoryLocation"]["__typename"] == "WorkspaceLocationEntry"
        assert server.end_of_run(_again(server, runs["level_1|b"]["runId"])) == "SUCCESS"
        after = _made(folder)
        assert set(after) == set(keys)
        assert {key: after[key] for key in before} == before


def _partition(run: dict[str, Any]) -> str:
    told = {tag["key"]: tag["value"] for tag in run["tags"]}
    first, last = told["dagster/asset_partition_range_start"], told["dagster/asset_partition_range_end"]
    assert first == last
    return str(first)


def _again(server: WebServer, run_id: str) -> str:
    """Re-execute a failed run from where it failed, as the UI's button does: the new run's id."""
    launched = server.ask(AGAIN, it={"parentRunId": run_id, "strategy": "FROM_FAILURE"})["launchRunReexecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    return str(launched["run"]["runId"])


def _made(folder: Path) -> dict[str, tuple[int, str]]:
    """Rows and run of each partition of `qa_pairs` in the ledger."""
    settings = Settings.model_validate({})
    with closing(Lake(settings.lake_in(folder))) as lake:
        found = lake.query("select partition, rows, run_id from materialisations where stage = 'qa_pairs'")
    return {partition: (rows, run_id) for partition, rows, run_id in found.iter_rows()}
