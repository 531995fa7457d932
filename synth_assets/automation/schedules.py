"""What is launched by the clock, once it is switched on: ingest, regeneration of what is stale, refit, maintenance.

A schedule looks at how the partitions stand and asks for a run only where there is something to do; what that run makes
is for the job to find out (`jobs.py`), as hours may pass in the queue.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from synth_assets.assets.declaration import ASKS
from synth_assets.automation.declared import standings_in
from synth_assets.automation.jobs import assets_of
from synth_assets.automation.partitions import missing_partitions
from synth_assets.lake.lake import Lake
from synth_assets.lake.usage import total_usage
from synth_assets.settings import Settings

SCHEDULE = "synth-assets/schedule"
"""Tag of the runs that a schedule asked for."""

MAINTENANCE = dg.AssetKey("lake_maintenance")

REGENERATED = ("ingest", "build_graph", "generate", "decontaminate")
"""Purposes of the weekly regeneration: up to the training data. Training students anew is the month's."""

REFITTED = ("train_students", "fit")
"""Purposes of the monthly refit."""


@dataclass(frozen=True)
class _Timed:
    """A schedule: its job, when it begins (with `hour` of the settings), the purposes it looks at, and its run."""

    name: str
    cron: str
    job: str
    purposes: tuple[str, ...]
    description: str
    limited: bool = False
    config: Mapping[str, Any] = field(default_factory=dict)


_TIMED = (
    _Timed(
        "nightly_ingest",
        "0 {hour} * * *",
        "ingest",
        ("ingest",),
        "Every night: reads new and changed files, where there are any.",
    ),
    _Timed(
        "weekly_regeneration",
        "15 {hour} * * 6",
        "everything",
        REGENERATED,
        "Every Saturday: makes anew what is stale because a prompt, the teacher, the code, the settings or its inputs "
        "changed, up to the training data, with at most `schedules.weekly_tokens`.",
        limited=True,
        config={"purposes": list(REGENERATED)},
    ),
    _Timed(
        "monthly_refit",
        "45 {hour} 1 * *",
        "everything",
        REFITTED,
        "On the first of the month: trains the students whose training data changed, and fits anew.",
        config={"purposes": list(REFITTED)},
    ),
)


def schedules_of(
    settings: Settings, lake: Lake, jobs: Mapping[str, dg.JobDefinition], assets: Collection[dg.AssetKey]
) -> list[dg.ScheduleDefinition]:
    """The schedules of a lake, all off until switched on. `assets` are those of the code location."""
    timed = [_schedule(one, settings, lake, jobs[one.job]) for one in _TIMED]
    if MAINTENANCE in assets:
        timed.append(
            dg.ScheduleDefinition(
                name="weekly_maintenance",
                cron_schedule=f"30 {settings.schedules.hour} * * 0",
                execution_timezone=settings.schedules.timezone,
                target=dg.AssetSelection.assets(MAINTENANCE),
                default_status=dg.DefaultScheduleStatus.STOPPED,
                description="Every Sunday: merges small files, expires old snapshots, removes what no snapshot needs.",
                tags={SCHEDULE: "weekly_maintenance"},
            )
        )
    return timed


def _schedule(timed: _Timed, settings: Settings, lake: Lake, job: dg.JobDefinition) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=timed.name,
        job=job,
        cron_schedule=timed.cron.format(hour=settings.schedules.hour),
        execution_timezone=settings.schedules.timezone,
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description=timed.description,
    )
    def asked(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        lake.create()
        graph, instance = context.repository_def.asset_graph, context.instance
        wanted = set(assets_of(timed.purposes))
        lacking = [
            one for one in standings_in(graph, instance, lake, settings) if one.asset in wanted and one.state != "fresh"
        ]
        new_files = "documents" in wanted and any(names for _, names in missing_partitions(instance, settings))
        if not lacking and not new_files:
            return dg.SkipReason(f"Nothing is missing or stale for {' and '.join(timed.purposes)}.")
        config = dict(timed.config)
        if timed.limited:
            left = _tokens_left(settings, lake)
            if left == 0 and all(graph.get(dg.AssetKey(one.asset)).metadata[ASKS] for one in lacking):
                return dg.SkipReason(
                    "What is missing or stale asks the teacher, and teacher.max_tokens_budget of "
                    f"{settings.teacher.max_tokens_budget:,} tokens is spent: raise it in synth.toml to go on."
                )
            config["teacher"] = {"max_tokens_budget": total_usage(lake).tokens + left}
        return dg.RunRequest(
            run_key=f"{timed.name} {context.scheduled_execution_time:%Y-%m-%d %H:%M}",
            run_config=config,
            tags={SCHEDULE: timed.name},
        )

    return asked


def _tokens_left(settings: Settings, lake: Lake) -> int:
    """Tokens that a regeneration may use: the week's, or what is left of the lake's where that is less."""
    of_lake, week = settings.teacher.max_tokens_budget, settings.schedules.weekly_tokens
    return week if of_lake is None else max(0, min(week, of_lake - total_usage(lake).tokens))
