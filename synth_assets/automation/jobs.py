"""The jobs by purpose: launched with the settings of the run, each asks for a backfill of what its purpose lacks.

A Dagster run has one partitions definition, and most purposes need several. So a job is one step that looks at how the
partitions stand, under the settings it was launched with, and hands a backfill to the daemon: of what is missing or
stale, and what is made from that, in the order of the road, cut into runs as each asset's backfill policy says. What is
under way already is left to the backfill that makes it.

What does not live here: what is missing or stale (`standing.py`, `outstanding.py`), and when jobs are launched by
themselves (`schedules.py`, `conditions.py`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

# A backfill over several partitions definitions is what Dagster's own sensors and UI ask for; its public interface does
# not tell others how. The release is pinned, and a test launches a job and sees the rows.
from dagster._core.definitions.assets.graph.asset_graph_subset import AssetGraphSubset
from dagster._core.definitions.events import AssetKeyPartitionKey
from dagster._core.execution.backfill import BulkActionsFilter, BulkActionStatus, PartitionBackfill
from dagster._core.utils import make_new_backfill_id
from dagster._time import get_current_timestamp

from synth_assets.assets.launchpad import OF_A_RUN, chosen, shape
from synth_assets.automation.declared import standings
from synth_assets.automation.observation_files import IMPORTED
from synth_assets.automation.outstanding import Wanted, to_make
from synth_assets.automation.partitions import missing_partitions
from synth_assets.automation.run_tags import teacher_tags
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import TABLES

JOB, PLANNED_BY = "synth-assets/job", "synth-assets/planned_by"
"""Tags of a backfill and its runs: the job, and the run in which it was asked for."""

Build = Callable[[Settings], dg.Definitions]
"""The code location under other settings: its code versions say what is stale by them."""


@dataclass(frozen=True)
class Purpose:
    """What a job is for: the assets it makes, and the sections of the settings that its launchpad shows."""

    name: str
    description: str
    assets: tuple[str, ...]
    sections: tuple[str, ...]


PURPOSES = (
    Purpose(
        "ingest",
        "Reads new and changed files of the corpus and the benchmarks, and keeps the documents of the domain.",
        ("documents", "benchmark_items", "domain_ratings", "domain_classifier", "reference_documents"),
        ("teacher", "filter"),
    ),
    Purpose(
        "build_graph",
        "Extracts concepts, counts which occur together, joins them to the graph, and walks over it.",
        (
            *("document_concepts", "concept_frequencies", "concept_cooccurrence"),
            *("concept_nodes", "concept_edges", "concept_walks"),
        ),
        ("teacher", "concepts", "walks"),
    ),
    Purpose(
        "generate",
        "Writes questions by every method and answers them; for error extrapolation, trains the students that err.",
        ("student_mistakes", "questions", "qa_pairs"),
        ("teacher", "generation", "extrapolation"),
    ),
    Purpose(
        "decontaminate",
        "Finds what is too near to a benchmark or repeats another question, keeps the rest, and exports it.",
        (
            *("contamination", "benchmark_comparisons", "qa_signatures", "duplicates"),
            *("training_qa", "dataset_card", "exports"),
        ),
        ("teacher", "decontamination", "filter"),
    ),
    Purpose(
        "train_students",
        "Cuts training sets and trains students on them; launches the external trainer where there is one.",
        ("student_tokenizer", "training_sets", "student_scores", "student_runs", "external_runs"),
        ("students", "training"),
    ),
    Purpose(
        "compare",
        "Puts the methods side by side: errors at equal tokens, paired tests, how different their questions are. "
        "Trains students on mixtures of them, where policies are named.",
        (
            *("method_comparison", "method_pairs", "diversity_histograms", "method_diversity"),
            *("mixture_choices", "mixture_runs"),
        ),
        ("teacher", "students", "mixtures", "decontamination", "filter"),
    ),
    Purpose(
        "fit",
        "Gathers observations, fits the laws, predicts, concludes, and writes the report.",
        (
            *("imported_observations", "scaling_observations", "scaling_fits"),
            *("scaling_predictions", "scaling_conclusions", "scaling_report"),
        ),
        ("scaling",),
    ),
)

EVERYTHING = Purpose(
    "everything",
    "Makes whatever is missing or stale, from the files to the report.",
    tuple(name for purpose in PURPOSES for name in purpose.assets),
    ("teacher", *OF_A_RUN),
)

LACKING, ALL = "missing_and_stale", "all"

FROM_OBSERVATIONS = dg.AssetSelection.assets(IMPORTED).downstream()
"""A new file of observations, and all that is made from it."""

IMPORT_OBSERVATIONS = dg.define_asset_job(
    "import_observations",
    selection=FROM_OBSERVATIONS,
    description="Imports files of observations, and fits, predicts and reports anew.",
)
"""What the sensor `new_observations` launches. Its files are partitions and all that follows has none, so that this one
is a plain job of assets."""

_MAKE = dg.Field(
    dg.Enum(
        "what_is_made",
        [
            dg.EnumValue(LACKING, description="What is missing or stale, and what is made from that."),
            dg.EnumValue(ALL, description="Also what is fresh. A teacher's answers and training runs are kept."),
        ],
    ),
    default_value=LACKING,
    is_required=False,
    description="`missing_and_stale`: what is missing or stale under these settings, and what is made from it; `all`.",
)
_SHARDS = dg.Field(
    [str], default_value=[], is_required=False, description="Shards to which it is limited; empty for every one."
)
_PURPOSES = dg.Field(
    [dg.Enum("purpose", [dg.EnumValue(one.name, description=one.description) for one in PURPOSES])],
    default_value=[one.name for one in PURPOSES],
    is_required=False,
    description="The jobs whose assets are made.",
)


def jobs_by_purpose(settings: Settings, lake: Lake, build: Build) -> dict[str, dg.JobDefinition]:
    """The seven jobs for `lake`, by name. `settings` are those that the launchpad shows as defaults."""
    return {one.name: _job(one, settings, lake, build) for one in (*PURPOSES, EVERYTHING)}


def assets_of(purposes: Sequence[str]) -> tuple[str, ...]:
    """The assets of some purposes, in the order of the road."""
    return tuple(name for one in PURPOSES if one.name in purposes for name in one.assets)


def purpose_of(asset: str) -> Purpose | None:
    """The purpose that an asset is made for; None for what keeps the lake itself."""
    return next((one for one in PURPOSES if asset in one.assets), None)


def _job(purpose: Purpose, settings: Settings, lake: Lake, build: Build) -> dg.JobDefinition:
    step = f"plan_{purpose.name}"

    @dg.op(name=step, config_schema=dict, description=f"Asks for a backfill: {purpose.description}", out=dg.Out(int))
    def plan(context: dg.OpExecutionContext) -> int:
        return _plan(context, purpose, settings, lake, build)

    fields = {"make": _MAKE, "shards": _SHARDS, **shape(settings, purpose.sections)}
    if purpose is EVERYTHING:
        fields = {"purposes": _PURPOSES, **fields}
    return dg.GraphDefinition(purpose.name, node_defs=[plan]).to_job(
        description=f"{purpose.description}\n\nAssets: {', '.join(purpose.assets)}.",
        config=dg.ConfigMapping(lambda configured: {"ops": {step: {"config": configured}}}, fields),
        tags={JOB: purpose.name},
        executor_def=dg.in_process_executor,
    )


def _plan(context: dg.OpExecutionContext, purpose: Purpose, settings: Settings, lake: Lake, build: Build) -> int:
    """Ask for the backfill that the run's configuration describes: how many partitions it makes."""
    configured: Mapping[str, Any] = context.op_config
    instance = context.instance
    sections = {name: configured[name] for name in purpose.sections}
    settings_of_run = chosen(settings, sections, "the launchpad")
    assets = assets_of(configured["purposes"]) if "purposes" in configured else purpose.assets
    lake.create()
    if "documents" in assets:
        for definition, names in missing_partitions(instance, settings):
            instance.add_dynamic_partitions(str(definition.name), names)
    definitions = build(settings_of_run)
    graph = definitions.resolve_asset_graph()
    found = standings(definitions, instance, lake, settings_of_run)
    wanted = to_make(graph, found, assets, everything=configured["make"] == ALL)
    subset = _subset(graph, _of_shards(wanted, configured["shards"])) - _under_way(instance, graph)
    count = subset.num_partitions_and_non_partitioned_assets
    if not count:
        context.log.info("Nothing is missing or stale that is not being made already.")
        return 0
    teacher = teacher_tags(settings_of_run.teacher) if "teacher" in purpose.sections else {}
    backfill = PartitionBackfill.from_asset_graph_subset(
        backfill_id=make_new_backfill_id(),
        backfill_timestamp=get_current_timestamp(),
        tags={**_handed_on(context), **teacher, JOB: purpose.name, PLANNED_BY: context.run_id},
        dynamic_partitions_store=instance,
        asset_graph_subset=subset,
        title=purpose.name,
        description=purpose.description,
        run_config=_run_config(settings, settings_of_run),
    )
    instance.add_backfill(backfill)
    of_each = dict(Counter(one.asset_key.path[-1] for one in subset.iterate_asset_partitions()))
    context.log.info(f"Backfill {backfill.backfill_id} makes {count} partitions: {of_each}")
    context.add_output_metadata({"backfill": dg.MetadataValue.url(f"/runs/b/{backfill.backfill_id}"), **of_each})
    return count


def _run_config(settings: Settings, settings_of_run: Settings) -> dict[str, Any]:
    """Configuration of the backfill's runs: the sections that differ from those of synth.toml."""
    changed = {
        name: getattr(settings_of_run, name).model_dump(mode="json")
        for name in ("teacher", *OF_A_RUN)
        if getattr(settings_of_run, name) != getattr(settings, name)
    }
    teacher = changed.pop("teacher", None)
    resources = {
        **({} if teacher is None else {"teacher": {"config": teacher}}),
        **({"settings": {"config": changed}} if changed else {}),
    }
    return {"resources": resources} if resources else {}


def _handed_on(context: dg.OpExecutionContext) -> dict[str, str]:
    """The tags that a person or schedule gave the run; those of Dagster's own are about that run alone."""
    return {tag: value for tag, value in context.run_tags.items() if not tag.startswith((".", "dagster/"))}


def _of_shards(wanted: Wanted, shards: Sequence[str]) -> Wanted:
    """What is wanted of these shards, and all that has none; everything where no shard is named."""
    if not shards:
        return wanted
    return {
        name: {key for key in keys if "shard" not in TABLES[name].partitioned_by or key.rpartition("|")[2] in shards}
        for name, keys in wanted.items()
    }


def _subset(graph: Any, wanted: Wanted) -> AssetGraphSubset:
    return AssetGraphSubset.from_asset_partition_set(
        {AssetKeyPartitionKey(dg.AssetKey(name), key or None) for name, keys in wanted.items() for key in keys}, graph
    )


def _under_way(instance: dg.DagsterInstance, graph: Any) -> AssetGraphSubset:
    """What backfills that have not ended are still going to make."""
    left = AssetGraphSubset.create_empty_subset()
    for backfill in instance.get_backfills(filters=BulkActionsFilter(statuses=[BulkActionStatus.REQUESTED])):
        if backfill.is_asset_backfill:
            left |= backfill.get_asset_backfill_data(graph).get_targeted_partitions_without_materialization_status()
    return left
