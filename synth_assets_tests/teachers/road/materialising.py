"""Dagster's own runs of assets on a lake, as they are started from the launchpad, in this process."""

from collections.abc import Mapping, Sequence

import dagster as dg

from synth_assets.automation.instance import instance_of
from synth_assets.automation.ranges import RANGE_END, RANGE_START
from synth_assets.definitions import build_definitions
from synth_assets.settings import load_settings
from synth_assets_tests.teachers.road.lakes import SmallLake


def materialised(lake: SmallLake, assets: Sequence[str], teacher: Mapping[str, object]) -> bool:
    """Whether a run of these assets, all methods chosen, with this configuration of the teacher has succeeded."""
    settings = load_settings(lake.folder)
    first, *_, last = (f"{method}|{lake.corpus.stem}" for method in settings.generation.methods)
    job = build_definitions(lake.folder, settings).resolve_implicit_global_asset_job_def()
    with instance_of(lake.folder) as instance:
        return job.execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(name) for name in assets],
            tags={RANGE_START: first, RANGE_END: last},
            run_config={
                "resources": {"teacher": {"config": teacher}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
        ).success
