"""Every run says who was asked and within which budget, whatever launched it."""

from contextlib import closing
from pathlib import Path

import dagster as dg

from synth_assets.automation.ranges import RANGE_END, RANGE_START
from synth_assets.automation.run_tags import COST, TEACHER, TOKENS, teacher_tags
from synth_assets.definitions import build_definitions
from synth_assets.teachers.settings import TeacherSettings
from synth_assets_tests.automation.small_road import QUIET, SmallRoad

PRICES = {"price_prompt": 1.0, "price_completion": 1.0}


def test_a_run_has_the_teacher_of_its_lake_or_of_its_own_configuration(tmp_path: Path) -> None:
    small = SmallRoad(tmp_path)
    small.write_corpus(1)
    settings = small.settings(teacher={"max_tokens_budget": 1_000})
    with closing(small.lake(settings)) as lake, dg.DagsterInstance.ephemeral() as instance:
        lake.create()
        instance.add_dynamic_partitions("shards", ["algebra"])
        job = build_definitions(small.folder, settings).resolve_implicit_global_asset_job_def()
        launchpad = {"resources": {"teacher": {"config": {"max_tokens_budget": 5, "max_cost": 0.5, **PRICES}}}}
        for configured, expected in ((QUIET, ("1000", "none")), ({**QUIET, **launchpad}, ("5", "0.5"))):
            result = job.execute_in_process(
                instance=instance,
                asset_selection=[dg.AssetKey("documents")],
                tags={RANGE_START: "algebra", RANGE_END: "algebra"},
                run_config=configured,
            )
            run = instance.get_run_by_id(result.run_id)
            assert run is not None
            assert (run.tags[TEACHER], run.tags[TOKENS], run.tags[COST]) == ("embedded", *expected)


def test_a_model_behind_an_endpoint_is_named() -> None:
    teacher = TeacherSettings(kind="openai", model="qwen/qwen3", base_urls=("http://gpu1:8000/v1",))
    assert teacher_tags(teacher)[TEACHER] == "openai: qwen/qwen3"
