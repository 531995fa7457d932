"""The one Definitions object: assets, checks, jobs, sensors and resources for the lake that the environment names."""

from pathlib import Path

import dagster as dg

from synth_assets.assets import (
    concepts,
    corpus,
    decontamination,
    domain,
    external_training,
    generation,
    observations,
    reports,
    scaling,
    students,
)
from synth_assets.assets.checks import ALL_CHECKS
from synth_assets.assets.declaration import version_of
from synth_assets.assets.records import RECORDS
from synth_assets.assets.teaching import teacher_resource
from synth_assets.automation.sensors import IMPORT_OBSERVATIONS, new_observations, new_sources
from synth_assets.lake.io_manager import LakeIOManager
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings, lake_folder, load_settings
from synth_assets.teachers.choosing import teacher_of
from synth_assets.teachers.teacher import Teacher

STAGES = (
    corpus,
    domain,
    concepts,
    generation,
    decontamination,
    students,
    external_training,
    observations,
    scaling,
    reports,
)

A_PROCESS_A_STEP = dg.multiprocess_executor.configured(
    {"start_method": {"forkserver": {"preload_modules": ["dagster"]}}}, name="a_process_a_step"
)
"""For runs launched from the UI: each step is forked from a process that has loaded Dagster, which halves its start.
Polars is not loaded there: its threads do not survive a fork."""


def build_definitions(folder: Path, settings: Settings) -> dg.Definitions:
    """The code location for the lake in `folder`; what production, tests and the command line all use."""
    lake = Lake(settings.lake_in(folder))
    teacher = teacher_of(settings.teacher, folder)
    found = [
        asset.map_asset_specs(lambda spec: _versioned(spec, settings, teacher))
        for asset in dg.load_assets_from_modules(STAGES)
        if isinstance(asset, dg.AssetsDefinition)
    ]
    return dg.Definitions(
        assets=[*found, *RECORDS],
        asset_checks=ALL_CHECKS,
        jobs=[IMPORT_OBSERVATIONS],
        sensors=[new_sources, new_observations],
        executor=A_PROCESS_A_STEP,
        resources={
            "settings": settings,
            "lake": lake,
            "teacher": teacher_resource(settings.teacher, folder),
            "lake_io_manager": LakeIOManager(lake),
        },
    )


def _versioned(spec: dg.AssetSpec, settings: Settings, teacher: Teacher) -> dg.AssetSpec:
    return spec.replace_attributes(code_version=version_of(spec.metadata, settings, teacher))


def _of_environment() -> dg.Definitions:
    folder = lake_folder()
    return build_definitions(folder, load_settings(folder))


defs = _of_environment()
