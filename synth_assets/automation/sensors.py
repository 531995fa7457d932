"""What watches the world outside: new files of the corpus, new benchmarks and new observations become partitions."""

import json
from collections.abc import Iterator, Mapping

import dagster as dg

from synth_assets.automation.observation_files import (
    IMPORTED,
    ObservationFile,
    imported_at,
    missing_files,
    observation_files,
)
from synth_assets.automation.partitions import BENCHMARKS, OBSERVATION_FILES, SHARDS
from synth_assets.automation.ranges import RANGE_END, RANGE_START, unbroken
from synth_assets.lake.lake import Lake
from synth_assets.seeds import seed_of
from synth_assets.settings import Settings

FROM_OBSERVATIONS = dg.AssetSelection.assets(IMPORTED).downstream()
"""A new file of observations, and all that is made from it."""

IMPORT_OBSERVATIONS = dg.define_asset_job(
    "import_observations",
    selection=FROM_OBSERVATIONS,
    description="Imports files of observations, and fits, predicts and reports anew.",
)


def missing_partitions(
    instance: dg.DagsterInstance, settings: Settings
) -> list[tuple[dg.DynamicPartitionsDefinition, list[str]]]:
    """Shards and benchmarks of the settings that are not partitions yet, in the order they were found."""
    wanted = {
        SHARDS: [shard.name for shard in settings.corpus.shards()],
        BENCHMARKS: list(settings.benchmarks),
    }
    missing = []
    for definition, names in wanted.items():
        known = set(definition.get_partition_keys(dynamic_partitions_store=instance))
        missing.append((definition, [name for name in names if name not in known]))
    return missing


@dg.sensor(
    name="new_sources",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Adds a shard partition for every new file of the corpus, and a partition for every new benchmark.",
)
def new_sources(context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]) -> dg.SensorResult:
    """Add partitions; materialising them is left to the person or to automation."""
    requests = [
        definition.build_add_request(names)
        for definition, names in missing_partitions(context.instance, settings)
        if names
    ]
    return dg.SensorResult(dynamic_partitions_requests=requests)


@dg.sensor(
    name="new_observations",
    job=IMPORT_OBSERVATIONS,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Imports every new or changed file of `observations.sources`, in folders or S3. Off until switched on.",
)
def new_observations(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings], lake: dg.ResourceParam[Lake]
) -> dg.SensorResult | dg.SkipReason:
    """Add partitions, and ask for a run of each unbroken range of files that are new or changed.

    The cursor holds the version of each file that a run was asked for. A file that the command line has imported since
    it was written is not imported again.
    """
    sources = settings.observations.sources
    if not sources:
        return dg.SkipReason("observations.sources in synth.toml names no files.")
    there = observation_files(sources, lake.settings.folder)
    asked = json.loads(context.cursor or "{}")
    wanted = set(_new_or_changed(there, asked, lake))
    added = missing_files(context.instance, there)
    known = [*OBSERVATION_FILES.get_partition_keys(dynamic_partitions_store=context.instance), *added]
    requests = [
        dg.RunRequest(run_key=_run_key(first, last, there, wanted), tags={RANGE_START: first, RANGE_END: last})
        for first, last in unbroken(known, wanted)
    ]
    return dg.SensorResult(
        run_requests=requests,
        dynamic_partitions_requests=[OBSERVATION_FILES.build_add_request(added)] if added else [],
        cursor=json.dumps({path: file.version for path, file in there.items()}),
    )


def _new_or_changed(there: Mapping[str, ObservationFile], asked: Mapping[str, str], lake: Lake) -> Iterator[str]:
    imported = imported_at(lake)
    for path, file in there.items():
        if path in asked:
            if asked[path] != file.version:
                yield path
        elif path not in imported or file.written is None or file.written > imported[path]:
            yield path


def _run_key(first: str, last: str, there: Mapping[str, ObservationFile], wanted: set[str]) -> str:
    """The same for the same versions of the same files, so that a tick that is repeated asks for no second run."""
    versions = sorted(f"{path}@{there[path].version}" for path in wanted)
    return f"{first}..{last}:{seed_of(*versions):x}"
