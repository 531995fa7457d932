"""What watches the world outside: new files of the corpus, new benchmarks and new observations become partitions."""

import json
from collections.abc import Collection, Iterator, Mapping

import dagster as dg

from synth_assets.automation.jobs import IMPORT_OBSERVATIONS
from synth_assets.automation.observation_files import (
    ObservationFile,
    imported_at,
    observation_files,
)
from synth_assets.automation.partitions import BENCHMARKS, OBSERVATION_FILES, SHARDS, unknown
from synth_assets.automation.ranges import RANGE_END, RANGE_START, unbroken
from synth_assets.corpus.shards import cut_into_shards, find_sources, source_of
from synth_assets.lake.lake import Lake
from synth_assets.seeds import seed_of
from synth_assets.settings import Settings

SHOWN = 5
"""Sources named in a message; of the others it says how many there are."""


@dg.sensor(
    name="new_sources",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Adds a shard partition for every new file of the corpus, and a partition for every new benchmark.",
)
def new_sources(context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]) -> dg.SensorResult:
    """Add partitions; materialising them is left to the person or to automation.

    The cursor holds a mark of each source that was cut into shards: one of the same path, size and time is listed, but
    not opened again. What has changed or gone is told; its partitions stay.
    """
    corpus = settings.corpus
    sources = find_sources(corpus.sources)
    rule = f"{corpus.rows_per_shard} {int(corpus.memory)}"  # other cuts make other shards of the same files
    marks = {name: source.mark(name) for name, source in sources.items()}
    before = _marks_of(context.cursor, rule)
    new = {name: source for name, source in sources.items() if marks[name] not in before}
    shards = [shard.name for shard in cut_into_shards(new, corpus.rows_per_shard, corpus.memory)]
    known = SHARDS.get_partition_keys(dynamic_partitions_store=context.instance)
    added = {
        SHARDS: unknown(SHARDS, shards, context.instance),
        BENCHMARKS: unknown(BENCHMARKS, settings.benchmarks, context.instance),
    }
    # At the first tick, or by another rule, all of them look new.
    changed = {name for shard in known if (name := source_of(shard, new))} if before else set()
    gone = [shard for shard in known if source_of(shard, sources) is None]
    said = [
        _told("changed, so their shards are stale", changed),
        _told("gone from the sources, but what was made of them stays", gone),
    ]
    message = "; ".join(words for words in said if words)
    if message:
        context.log.warning(message)
    nothing_new = f"nothing new among {len(sources)} sources"
    return dg.SensorResult(
        skip_reason=None if any(added.values()) else "; ".join(filter(None, (nothing_new, message))),
        dynamic_partitions_requests=[
            definition.build_add_request(names) for definition, names in added.items() if names
        ],
        cursor=json.dumps({"rule": rule, "marks": sorted(marks.values())}),
    )


def _marks_of(cursor: str | None, rule: str) -> set[str]:
    """The marks in a cursor; none where files were cut by another rule, or by a release that kept no marks."""
    kept = json.loads(cursor) if cursor else {}
    return set(kept["marks"]) if kept.get("rule") == rule else set()


def _told(what: str, names: Collection[str]) -> str:
    shown = sorted(names)
    if not shown:
        return ""
    more = f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    return f"{', '.join(shown[:SHOWN])}{more}: {what}"


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
    added = unknown(OBSERVATION_FILES, there, context.instance)
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
