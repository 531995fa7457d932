"""From `document_concepts` in a lake to walks with their references written: `python -m graph_peers.road HOW FOLDER`.

The lake in FOLDER is filled beforehand. HOW is `functions`, which calls the functions of the stages and the lake one
after the other, or `assets`, which materialises the assets in one process. Prints a Markdown table: seconds of each
step, reading and writing included, and the largest resident set. The shard that is counted last is named by itself:
with the reduce it is what a new shard costs.
"""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg

from synth_assets.assets.declaration import SHARDS_PER_RUN
from synth_assets.automation.instance import instance_of
from synth_assets.automation.partitions import SHARDS
from synth_assets.automation.ranges import RANGE_END, RANGE_START
from synth_assets.concepts.cooccurrence import count
from synth_assets.concepts.graph import reduce
from synth_assets.concepts.stage import concept_walks
from synth_assets.definitions import build_definitions
from synth_assets.lake.lake import Lake
from synth_assets.lake.settings import LakeSettings
from synth_assets.settings import Settings


@dataclass
class Clock:
    """Seconds by step, in order: of wall time and of all cores together."""

    steps: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what is done within; the same name adds up."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        before = self.steps.get(name, (0.0, 0.0))
        self.steps[name] = before[0] + time.perf_counter() - wall, before[1] + time.process_time() - cpu

    @property
    def total(self) -> tuple[float, float]:
        """Of all steps."""
        return sum(wall for wall, _ in self.steps.values()), sum(cpu for _, cpu in self.steps.values())


def by_functions(folder: Path, clock: Clock) -> Lake:
    """Every step through the functions of the stages."""
    lake = Lake(LakeSettings(folder=folder))
    shards = lake.row_counts("document_concepts")["shard"].to_list()
    for shard in shards:
        last = shard == shards[-1]
        with clock.step("count: the last shard" if last else f"count: the first {len(shards) - 1} shards"):
            counts = count(lake.scan("document_concepts", {"shard": [shard]}))
            lake.replace("concept_frequencies", counts.frequencies, [{"shard": shard}])
            lake.replace("concept_cooccurrence", counts.cooccurrence, [{"shard": shard}])
            del counts
    with clock.step("reduce: read and add up"):
        nodes, edges = reduce(
            lake.read("concept_frequencies"),
            lake.scan("concept_cooccurrence"),
            lake.scan("document_concepts"),
            earlier=lake.read("concept_nodes"),
        )
    with clock.step("reduce: write nodes and edges"):
        lake.replace("concept_nodes", nodes)
        lake.replace("concept_edges", edges)
        del nodes, edges
    with clock.step("walks: read, walk, find references"):
        walks = concept_walks(
            lake.read("concept_nodes"), lake.scan("concept_edges"), lake.scan("document_concepts"), shards
        )
    with clock.step("walks: write"):
        lake.replace("concept_walks", walks.rows, [{"shard": shard} for shard in shards], walks.quarantined)
    return lake


def by_assets(folder: Path, clock: Clock) -> Lake:
    """Every step through Dagster, shards in the runs of a backfill."""
    settings = Settings()
    lake = Lake(settings.lake_in(folder))
    shards = lake.row_counts("document_concepts")["shard"].to_list()
    with instance_of(folder) as instance:
        instance.add_dynamic_partitions(str(SHARDS.name), shards)
        job = build_definitions(folder, settings).resolve_implicit_global_asset_job_def()

        def materialise(*assets: str, tags: dict[str, str] | None = None) -> None:
            job.execute_in_process(
                instance=instance,
                asset_selection=[dg.AssetKey(asset) for asset in assets],
                tags=tags,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )

        with clock.step("concept_frequencies, concept_cooccurrence"):
            for first in range(0, len(shards), SHARDS_PER_RUN):
                run = shards[first : first + SHARDS_PER_RUN]
                tags = {RANGE_START: run[0], RANGE_END: run[-1]}
                materialise("concept_frequencies", "concept_cooccurrence", tags=tags)
        with clock.step("concept_nodes, concept_edges"):
            materialise("concept_nodes", "concept_edges")
        with clock.step("concept_walks"):
            materialise("concept_walks", tags={RANGE_START: shards[0], RANGE_END: shards[-1]})
    return lake


def as_markdown(how: str, clock: Clock, walks: int) -> Iterator[str]:
    """The table of docs/benchmarks.md."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    yield f"| the road, by {how} | seconds | CPU, s |\n|---|---:|---:|"
    for name, (wall, cpu) in [*clock.steps.items(), ("**all**", clock.total)]:
        yield f"| {name} | {wall:.1f} | {cpu:.1f} |"
    yield f"\n{walks:,} walks with references; at most {peak / 2**20:,.0f} MiB of memory.\n"


def main(how: str, folder: Path) -> None:
    """Go the road and print its table."""
    clock = Clock()
    lake = {"functions": by_functions, "assets": by_assets}[how](folder, clock)
    print("\n".join(as_markdown(how, clock, lake.row_count("concept_walks"))))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
