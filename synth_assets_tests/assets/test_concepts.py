"""The concept graph as assets: counted shard by shard, reduced over all, with the settings and synonyms of the lake."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from synth_assets.automation.declared import standings
from synth_assets.automation.partitions import SHARDS
from synth_assets.automation.ranges import RANGE_END, RANGE_START
from synth_assets.definitions import build_definitions
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import DOCUMENT_CONCEPTS
from synth_assets_tests.concepts.five_documents import PAIRS, document_concepts, graph_of

COUNTS = ("concept_frequencies", "concept_cooccurrence")
GRAPH = ("concept_nodes", "concept_edges")


@dataclass(frozen=True)
class Bench:
    """A lake whose document_concepts were put there without a teacher."""

    folder: Path
    lake: Lake
    instance: dg.DagsterInstance

    def put(self, rows: pl.DataFrame) -> None:
        """Add shards with the rows of `document_concepts` they hold."""
        for (shard,), part in rows.partition_by("shard", as_dict=True).items():
            self.instance.add_dynamic_partitions(str(SHARDS.name), [str(shard)])
            self.lake.replace(DOCUMENT_CONCEPTS, part, [{"shard": str(shard)}])

    def make(self, assets: tuple[str, ...], settings: Settings, *shards: str) -> dg.ExecuteInProcessResult:
        definitions = build_definitions(self.folder, settings)
        return definitions.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=self.instance,
            asset_selection=[dg.AssetKey(name) for name in assets],
            tags={RANGE_START: min(shards), RANGE_END: max(shards)} if shards else {},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )

    def states(self, settings: Settings) -> dict[tuple[str, str], str]:
        found = standings(build_definitions(self.folder, settings), self.instance, self.lake, settings)
        return {(one.asset, one.partition): one.state for one in found}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    lake = Lake(Settings().lake_in(tmp_path))
    lake.create()
    with dg.DagsterInstance.ephemeral() as instance:
        yield Bench(tmp_path, lake, instance)
    lake.close()


def test_adding_a_shard_counts_that_shard_alone_and_gives_the_graph_of_all(bench: Bench) -> None:
    settings = Settings()
    everything = document_concepts()
    bench.put(everything.filter(shard="north"))
    bench.make(COUNTS, settings, "north")
    bench.make(GRAPH, settings)
    before = bench.lake.row_counts("concept_cooccurrence").row(0, named=True)
    bench.put(everything.filter(shard="south"))
    states = bench.states(settings)
    assert states["concept_cooccurrence", "north"] == states["concept_frequencies", "north"] == "fresh"
    assert states["concept_cooccurrence", "south"] == "missing"

    bench.make(COUNTS, settings, "south")
    assert bench.states(settings)["concept_edges", ""] == "stale"
    bench.make(GRAPH, settings)

    assert bench.lake.row_counts("concept_cooccurrence").filter(shard="north").row(0, named=True) == before
    nodes, edges = graph_of(everything, earlier=graph_of(everything.filter(shard="north"))[0])
    assert bench.lake.read("concept_nodes").equals(nodes)
    assert bench.lake.read("concept_edges").equals(edges)
    assert bench.states(settings)["concept_edges", ""] == "fresh"


def test_the_graph_tells_what_was_merged(bench: Bench) -> None:
    bench.put(document_concepts((*PAIRS, ("south", "b3", "ratio", "a|b"), ("south", "b3", "ratio", "a|bs"))))
    bench.make(COUNTS, Settings(), "north", "south")
    made = bench.make(GRAPH, Settings())
    told = made.asset_materializations_for_node("concept_graph")[0].metadata
    assert told["spellings merged"].value == 2
    assert "| topic | ratio | ratios | 3 |" in str(told["merged names"].value)
    assert r"| key_concept | a\|b | a\|bs | 1 |" in str(told["merged names"].value)


def test_the_settings_of_concepts_shape_the_graph(bench: Bench) -> None:
    bench.put(document_concepts())
    bench.make(COUNTS, Settings(), "north", "south")
    (bench.folder / "same.csv").write_text(
        "kind,name,same_as,accepted\n"
        "key_concept,rounding,proportion,yes\nkey_concept,proportion,nothing like it,yes\n"
        "key_concept,numerator,denominator,no\n"
    )
    settings = Settings.model_validate({"concepts": {"drop_singletons": True, "synonyms": "same.csv"}})
    made = bench.make(GRAPH, settings)
    told = made.asset_materializations_for_node("concept_graph")[0].metadata
    assert told["names of the synonyms that do not occur"].value == 1
    nodes = bench.lake.read("concept_nodes")
    assert nodes.filter(pl.col("spellings").list.len() > 1)["spellings"].to_list() == [["proportion", "rounding"]]
    assert "numerator" in nodes["name"].to_list()


def test_synonyms_accepted_since_make_the_graph_and_the_walks_stale(bench: Bench) -> None:
    bench.put(document_concepts())
    accepted = bench.folder / "same.csv"
    accepted.write_text("kind,name,same_as,accepted\nkey_concept,rounding,proportion,yes\n")
    settings = Settings.model_validate({"concepts": {"synonyms": str(accepted)}})
    bench.make(COUNTS, settings, "north", "south")
    bench.make(GRAPH, settings)
    bench.make(("concept_walks",), settings, "north", "south")
    walked = ("concept_walks", "north")
    assert {bench.states(settings)[place] for place in (("concept_nodes", ""), walked)} == {"fresh"}
    os.utime(accepted, (2e9, 2e9))
    states = bench.states(settings)
    assert {states[place] for place in (("concept_nodes", ""), ("concept_edges", ""), walked)} == {"stale"}
    assert states["concept_cooccurrence", "north"] == "fresh"


def test_a_file_of_synonyms_that_is_missing_stops_the_graph_with_a_sentence(bench: Bench) -> None:
    bench.put(document_concepts())
    settings = Settings.model_validate({"concepts": {"synonyms": "nowhere.csv"}})
    bench.make(COUNTS, settings, "north", "south")
    with pytest.raises(SynthAssetsError, match="there is no file"):
        bench.make(GRAPH, settings)
