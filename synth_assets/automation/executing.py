"""Where the steps of a run are executed: on this machine, or spread over a Ray or Kubernetes cluster.

What does not live here: where a whole run is launched, which is said by the `run_launcher` of the instance's
`dagster.yaml` (see `deploy/`), and which runs there are (`road.py`).
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dagster as dg

from synth_assets.errors import SynthAssetsError
from synth_assets.settings import LAKE_VARIABLE, SETTINGS_VARIABLE, Settings, as_toml

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Run configuration of the command line, which tells what happens in its own words."""

A_PROCESS_A_STEP = dg.multiprocess_executor.configured(
    {"start_method": {"forkserver": {"preload_modules": ["dagster"]}}}, name="a_process_a_step"
)
"""For runs launched from the UI: each step is forked from a process that has loaded Dagster, which halves its start.
Polars is not loaded there: its threads do not survive a fork."""


def executor_of(settings: Settings) -> dg.ExecutorDefinition:
    """The executor that `execution.kind` names.

    A step elsewhere is given the settings in its environment, so that a machine needs the code, its keys and the way to
    the catalogue and the store, and no file. Raises SynthAssetsError where the extra of that kind is missing, or where
    the lake's parts lie on this machine alone.
    """
    execution = settings.execution
    if execution.kind == "processes":
        return A_PROCESS_A_STEP
    _refuse_what_is_here_alone(settings)
    if execution.kind == "ray":
        try:
            from dagster_ray import ray_executor
        except ImportError as error:
            raise _extra_missing("ray", error) from error
        carried = {"env_vars": {SETTINGS_VARIABLE: as_toml(settings)}}
        cluster = {"address": execution.address} if execution.address else {}
        ray = {"ray": {**cluster, "num_cpus": execution.cpus, "runtime_env": carried}}
        return _named(ray_executor.configured(ray, name="a_ray_job_a_step"))
    try:
        from dagster_k8s import k8s_job_executor
    except ImportError as error:
        raise _extra_missing("kubernetes", error) from error
    kubernetes = {
        "env_vars": [f"{SETTINGS_VARIABLE}={as_toml(settings)}"],
        "step_k8s_config": {"container_config": {"resources": {"requests": {"cpu": str(execution.cpus)}}}},
    }
    return _named(k8s_job_executor.configured(kubernetes, name="a_pod_a_step"))


def execute(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    settings: Settings,
    folder: Path,
    assets: Sequence[dg.AssetKey],
    tags: Mapping[str, str],
) -> None:
    """Materialise assets in one run: in this process, or by the executor where that is elsewhere.

    Raises what the failing step raised, or SynthAssetsError with its words where it failed on another machine, and
    where other machines could not reach Dagster's records.
    """
    job = definitions.resolve_implicit_global_asset_job_def()
    if settings.execution.kind == "processes":
        job.execute_in_process(instance=instance, asset_selection=list(assets), tags=dict(tags), run_config=QUIET)
        return
    _refuse_records_here_alone(instance, settings, folder)
    # The code location is loaded again from its module, here and on each machine, by these two variables.
    os.environ[LAKE_VARIABLE], os.environ[SETTINGS_VARIABLE] = str(folder), as_toml(settings)
    elsewhere = _reconstructable(job.name)
    done = dg.execute_job(elsewhere, instance, QUIET, dict(tags), asset_selection=list(assets))
    if not done.success:
        raise SynthAssetsError(_words(done))


def _reconstructable(job: str) -> Any:
    """The job as something that other machines can load: `synth_assets.definitions` must be installed there."""
    from dagster._core.definitions.reconstruct import ReconstructableRepository

    return ReconstructableRepository.for_module("synth_assets.definitions", "defs").get_reconstructable_job(job)


def _words(done: Any) -> str:
    """What the first failed step said, in one sentence."""
    for event in done.all_events:
        failure = event.event_specific_data if event.is_failure else None
        error = getattr(failure, "error", None)
        if error is not None:
            while error.cause is not None:
                error = error.cause
            words = next((line for line in error.message.splitlines() if line.strip()), "no further words").strip()
            return f"{event.step_key or 'The run'} failed elsewhere ({words}); what was finished before is kept."
    return "The run failed elsewhere without a word; see its events in the UI. What was finished before is kept."


def _refuse_what_is_here_alone(settings: Settings) -> None:
    kind, lake = settings.execution.kind, settings.lake
    if lake.catalog is None or not (lake.data or "").startswith("s3://"):
        raise SynthAssetsError(
            f"execution.kind = {kind!r} needs a lake that every machine reaches: set lake.catalog to a postgresql:// "
            "address and lake.data to an s3:// address."
        )
    if urlsplit(lake.catalog).password is not None:
        raise SynthAssetsError(
            f"lake.catalog holds a password, which execution.kind = {kind!r} would show with every step: take it out "
            "and set PGPASSWORD on every machine."
        )


def _refuse_records_here_alone(instance: dg.DagsterInstance, settings: Settings, folder: Path) -> None:
    """A step elsewhere would look for its run, and tell how it went, in a file of its own machine."""
    from dagster._core.storage.runs import InMemoryRunStorage, SqliteRunStorage

    if isinstance(instance.run_storage, InMemoryRunStorage | SqliteRunStorage):
        raise SynthAssetsError(
            f"execution.kind = {settings.execution.kind!r} needs Dagster's records where every machine reaches them: "
            f"name a storage in PostgreSQL in {folder / 'dagster' / 'dagster.yaml'}, as deploy/ray/dagster.yaml does."
        )


def _named(executor: Any) -> dg.ExecutorDefinition:
    assert isinstance(executor, dg.ExecutorDefinition)
    return executor


def _extra_missing(extra: str, error: ImportError) -> SynthAssetsError:
    return SynthAssetsError(
        f"execution.kind = {extra!r} needs the {extra} extra ({error.name} is not installed): "
        f"pip install 'synth-assets[{extra}]'."
    )
