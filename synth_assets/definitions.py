"""The one Definitions object: assets, checks, jobs, sensors and resources for the lake that the environment names."""

from functools import partial
from pathlib import Path

import dagster as dg

from synth_assets.assets import (
    concepts,
    corpus,
    decontamination,
    diversity,
    domain,
    external_training,
    generation,
    maintenance,
    methods,
    mistakes,
    mixtures,
    observations,
    reports,
    scaling,
    students,
)
from synth_assets.assets.checks import ALL_CHECKS
from synth_assets.assets.declaration import cut_by_cost, version_of
from synth_assets.assets.launchpad import settings_resource
from synth_assets.assets.overview import OVERVIEW, in_order_of_the_road
from synth_assets.assets.records import RECORDS
from synth_assets.assets.teaching import storing, teacher_resource
from synth_assets.automation.conditions import CARRY_ON, as_it_becomes_due
from synth_assets.automation.executing import executor_of
from synth_assets.automation.jobs import IMPORT_OBSERVATIONS, jobs_by_purpose, purpose_of
from synth_assets.automation.schedules import schedules_of
from synth_assets.automation.sensors import new_observations, new_sources
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings, lake_folder, load_settings
from synth_assets.teachers.choosing import teacher_of
from synth_assets.teachers.teacher import Teacher

STAGES = (
    corpus,
    domain,
    concepts,
    mistakes,
    generation,
    decontamination,
    students,
    external_training,
    observations,
    scaling,
    methods,
    diversity,
    mixtures,
    reports,
    maintenance,
)


def build_definitions(folder: Path, settings: Settings) -> dg.Definitions:
    """The code location for the lake in `folder`; what production, tests and the command line all use."""
    lake = Lake(settings.lake_in(folder))
    teacher, due = teacher_of(settings.teacher, folder), as_it_becomes_due(settings, lake)
    jobs = jobs_by_purpose(settings, lake, partial(build_definitions, folder))
    found = [
        cut_by_cost(asset.map_asset_specs(lambda spec: _versioned(spec, settings, teacher, due)), settings)
        for asset in dg.load_assets_from_modules(STAGES)
        if isinstance(asset, dg.AssetsDefinition)
    ]
    return dg.Definitions(
        assets=[OVERVIEW, *found, *RECORDS],
        asset_checks=ALL_CHECKS,
        jobs=[*jobs.values(), IMPORT_OBSERVATIONS],
        schedules=schedules_of(settings, lake, jobs, {key for asset in found for key in asset.keys}),
        sensors=[new_sources, new_observations, CARRY_ON],
        executor=executor_of(settings),
        resources={
            "settings": settings_resource(settings),
            "lake": lake,
            "teacher": teacher_resource(settings.teacher, folder),
            "lake_io_manager": storing(lake),
        },
    )


def _versioned(
    spec: dg.AssetSpec, settings: Settings, teacher: Teacher, due: dg.AutomationCondition[dg.AssetKey]
) -> dg.AssetSpec:
    return spec.replace_attributes(
        code_version=version_of(spec.metadata, settings, teacher),
        group_name=in_order_of_the_road(spec.group_name or "default"),
        automation_condition=due if purpose_of(spec.key.path[-1]) else None,
    )


def _of_environment() -> dg.Definitions:
    folder = lake_folder()
    return build_definitions(folder, load_settings(folder))


defs = _of_environment()
