"""The stages that ask a teacher, and what lies between them, run for real on a small corpus: students are left out."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from synth_assets.automation.declared import standings
from synth_assets.automation.partitions import SHARDS, missing_partitions
from synth_assets.automation.ranges import RANGE_END, RANGE_START
from synth_assets.automation.road import phases
from synth_assets.definitions import build_definitions
from synth_assets.lake.lake import Lake
from synth_assets.settings import SAMPLE, Settings

STAGES = (
    "documents",
    "domain_ratings",
    "domain_classifier",
    "reference_documents",
    "document_concepts",
    "concept_frequencies",
    "concept_cooccurrence",
    "concept_nodes",
    "concept_edges",
    "concept_walks",
    "student_mistakes",
    "questions",
    "qa_pairs",
)
SMALL_FILTER = {"threshold": 1.0, "rounds": 1, "ratings_per_round": 12, "syllabus_documents": 8, "trees": 20}
"""Keeps nearly every document: what a filter trained on so few would keep is not the matter here."""
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class SmallRoad:
    """A corpus of two shards, `algebra` and `geometry`, and a lake on it; both may be copied elsewhere together."""

    place: Path

    @property
    def corpus(self) -> Path:
        return self.place / "corpus"

    @property
    def folder(self) -> Path:
        return self.place / "lake"

    def write_corpus(self, documents: int) -> None:
        """The first documents of two files of the sample."""
        self.corpus.mkdir(parents=True)
        for name in ("algebra", "geometry"):
            lines = (SAMPLE / "corpus" / f"{name}.jsonl").read_text().splitlines()[:documents]
            (self.corpus / f"{name}.jsonl").write_text("\n".join(lines))

    def kept(self) -> Path:
        """A copy of it as it is, beside it."""
        copy = self.place.with_name("kept")
        shutil.copytree(self.place, copy)
        return copy

    def restore(self, kept: Path) -> None:
        """Make it as it was then, in the same place: elsewhere its documents would have other sources."""
        shutil.rmtree(self.place)
        shutil.copytree(kept, self.place)

    def settings(self, **sections: Any) -> Settings:
        corpus = {"sources": [str(self.corpus / "*.jsonl")]}
        return Settings.model_validate({"corpus": corpus, "filter": SMALL_FILTER, **sections})

    def lake(self, settings: Settings) -> Lake:
        return Lake(settings.lake_in(self.folder))

    def run(self, settings: Settings, last: str = "qa_pairs") -> None:
        """Materialise what is not fresh, up to the stage `last`."""
        self.folder.mkdir(exist_ok=True)
        wanted = STAGES[: STAGES.index(last) + 1]
        definitions = build_definitions(self.folder, settings)
        lake = self.lake(settings)
        lake.create()
        job = definitions.resolve_implicit_global_asset_job_def()
        with dg.DagsterInstance.ephemeral() as instance:
            for definition, names in missing_partitions(instance, settings):
                instance.add_dynamic_partitions(str(definition.name), names)
            for phase in phases(definitions):
                chosen = [key for key in phase.assets if key.path[-1] in wanted]
                names = {key.path[-1] for key in chosen}
                found = standings(definitions, instance, lake, settings)
                missing = {one.partition for one in found if one.asset in names and one.state != "fresh"}
                for tags in _spans(missing, len(SHARDS.get_partition_keys(dynamic_partitions_store=instance))):
                    job.execute_in_process(instance=instance, asset_selection=chosen, tags=tags, run_config=QUIET)

    def asked(self, settings: Settings) -> dict[tuple[str, str], int]:
        """Requests that were ever asked, by stage and partition."""
        usage = self.lake(settings).query(
            'select stage, "partition", sum(requests)::bigint as requests from teacher_usage group by all'
        )
        return {(stage, partition): requests for stage, partition, requests in usage.iter_rows()}


def _spans(missing: set[str], shards: int) -> Iterator[dict[str, str]]:
    """Run tags for the missing partitions: one run where all of them are missing, otherwise a run for each."""
    if missing == {""}:
        yield {}
    elif len(missing) in (shards, 3 * shards):
        yield {RANGE_START: min(missing), RANGE_END: max(missing)}
    else:
        yield from ({RANGE_START: key, RANGE_END: key} for key in sorted(missing))
