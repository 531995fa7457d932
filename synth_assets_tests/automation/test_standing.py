"""How partitions stand: missing, stale for a stated reason, or fresh; and the runs that mend it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from synth_assets import tables
from synth_assets.automation.declared import declared_in, partitions_known, standings
from synth_assets.automation.partitions import SHARDS, missing_partitions
from synth_assets.automation.ranges import Texts, rectangles, unbroken
from synth_assets.automation.road import phases, run_road
from synth_assets.automation.standing import Sources, Standing, judged, read_ledger
from synth_assets.automation.status import KEPT, as_table, declared_by, status_of
from synth_assets.definitions import build_definitions
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.lake.ledger import Origin
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.lake.usage import usage_of
from synth_assets.settings import GenerationSettings, Settings
from synth_assets.teachers.store import Spending, Usage


class Bench:
    """A lake with two shards of one document each, and the means to materialise by hand."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance) -> None:
        self.corpus = folder / "corpus"
        self.corpus.mkdir()
        for name in ("a", "b"):
            self.write_source(name)
        (folder / "test.jsonl").write_text('{"question": "What is 2 + 2?", "answer": "4"}\n')
        self.settings = Settings.model_validate(
            {"corpus": {"sources": [str(self.corpus / "*.jsonl")]}, "benchmarks": {"test": str(folder / "test.jsonl")}}
        )
        self.lake = Lake(self.settings.lake_in(folder / "lake"))
        self.lake.create()
        self.definitions = build_definitions(folder / "lake", self.settings)
        self.instance = instance
        self.add_partitions()

    def write_source(self, name: str) -> Path:
        path = self.corpus / f"{name}.jsonl"
        path.write_text(f'{{"id": "{name}", "text": "Text of {name}."}}\n')
        long_ago = time.time() - 3600
        os.utime(path, (long_ago, long_ago))
        return path

    def add_partitions(self) -> None:
        for definition, names in missing_partitions(self.instance, self.settings):
            if names:
                self.instance.add_dynamic_partitions(str(definition.name), names)

    def materialise(self, table: tables.Table, shard: str, rows: pl.DataFrame, version: str | None = None) -> None:
        graph = self.definitions.resolve_asset_graph()
        current = graph.get(dg.AssetKey(table.name)).code_version or ""
        self.lake.replace(table, rows, [{"shard": shard}], origin=Origin(version or current, "by hand"))

    def document(self, shard: str, text: str = "Text.") -> pl.DataFrame:
        row = {
            "shard": shard, "document_id": shard, "title": shard, "text": text, "url": None, "source": shard,
            "source_row": 0, "content_hash": text, "characters": len(text),
        }  # fmt: skip
        return pl.DataFrame([row], schema=tables.DOCUMENTS.schema)

    def kept(self, shard: str) -> pl.DataFrame:
        row = {"shard": shard, "document_id": shard, "score": 9.0, "classifier_version": "v"}
        return pl.DataFrame([row], schema=tables.REFERENCE_DOCUMENTS.schema)

    def standing(self, asset: str, partition: str) -> Standing:
        found = standings(self.definitions, self.instance, self.lake, self.settings)
        return next(one for one in found if (one.asset, one.partition) == (asset, partition))

    def shown(self) -> pl.DataFrame:
        graph, sources = self.definitions.resolve_asset_graph(), Sources.of(self.settings, self.lake.settings.folder)
        known = partitions_known(graph, self.instance)
        return as_table(
            judged(declared_in(graph, self.settings), known, read_ledger(self.lake), sources), usage_of(self.lake)
        )


def spending(partition: str, requests: int, cost: float | None = None) -> Spending:
    """What so many requests cost: 10 tokens read and 20 written each."""
    usage = Usage(requests, 0, requests, 0, 10 * requests, 20 * requests, cost)
    return Spending(partition, "extract_concepts", "teacher 1", usage, 1.0)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    home = tmp_path / "instance"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        yield Bench(tmp_path, instance)


def test_a_partition_never_made_is_missing_and_one_just_made_is_fresh(bench: Bench) -> None:
    assert bench.standing("documents", "a").state == "missing"
    bench.materialise(tables.DOCUMENTS, "a", bench.document("a"))
    assert bench.standing("documents", "a").state == "fresh"
    assert bench.standing("documents", "b").state == "missing"


def test_another_code_version_makes_it_stale(bench: Bench) -> None:
    bench.materialise(tables.DOCUMENTS, "a", bench.document("a"), version="older")
    found = bench.standing("documents", "a")
    assert (found.state, found.why) == ("stale", "code, settings or prompt changed")


def test_a_newer_source_file_makes_its_shard_stale_and_no_other(bench: Bench) -> None:
    for shard in ("a", "b"):
        bench.materialise(tables.DOCUMENTS, shard, bench.document(shard))
    later = time.time() + 60
    os.utime(bench.corpus / "a.jsonl", (later, later))
    assert bench.standing("documents", "a").why == "its source file is newer"
    assert bench.standing("documents", "b").state == "fresh"


def test_changed_rows_make_the_same_shard_downstream_stale_but_the_same_rows_made_again_do_not(bench: Bench) -> None:
    for shard in ("a", "b"):
        bench.materialise(tables.DOCUMENTS, shard, bench.document(shard))
        bench.materialise(tables.REFERENCE_DOCUMENTS, shard, bench.kept(shard))
    bench.materialise(tables.DOCUMENTS, "a", bench.document("a"))
    assert bench.standing("reference_documents", "a").state == "fresh"
    bench.materialise(tables.DOCUMENTS, "a", bench.document("a", text="Other words."))
    assert bench.standing("reference_documents", "a").why == "documents changed"
    assert bench.standing("reference_documents", "b").state == "fresh"


def test_a_new_file_is_a_new_shard_and_the_others_stay_fresh(bench: Bench) -> None:
    for shard in ("a", "b"):
        bench.materialise(tables.DOCUMENTS, shard, bench.document(shard))
    bench.write_source("c")
    bench.add_partitions()
    assert bench.standing("documents", "c").state == "missing"
    assert bench.standing("documents", "a").state == "fresh"


def test_the_settings_an_asset_follows_change_its_code_version(bench: Bench, tmp_path: Path) -> None:
    walks = bench.settings.walks.model_copy(update={"epochs": 9})
    other = build_definitions(tmp_path / "lake", bench.settings.model_copy(update={"walks": walks}))

    def version(definitions: dg.Definitions, asset: str) -> str | None:
        return definitions.resolve_asset_graph().get(dg.AssetKey(asset)).code_version

    assert version(other, "concept_walks") != version(bench.definitions, "concept_walks")
    assert version(other, "documents") == version(bench.definitions, "documents")


def test_the_table_for_people_says_rows_state_and_age(bench: Bench) -> None:
    bench.materialise(tables.DOCUMENTS, "a", bench.document("a"))
    shown = bench.shown()
    row = shown.filter(asset="documents", partition="a").row(0, named=True)
    assert (row["state"], row["rows"], row["quarantined"]) == ("fresh", 1, 0)
    assert row["age"].endswith(" s")
    assert shown.columns == ["asset", "partition", "state", "rows", "quarantined", "age", "why"]


def test_the_status_of_a_lake_is_what_dagster_says_of_it_with_the_files_that_are_no_partitions_yet(
    bench: Bench,
) -> None:
    bench.materialise(tables.DOCUMENTS, "a", bench.document("a"))
    bench.materialise(tables.DOCUMENTS, "b", bench.document("b"), version="older")
    now = ["asset", "partition", "state", "rows", "why"]
    assert status_of(bench.lake.settings.folder, bench.settings).select(now).equals(bench.shown().select(now))
    bench.write_source("c")
    shown = status_of(bench.lake.settings.folder, bench.settings)
    assert shown.filter(asset="documents")["partition"].to_list() == ["a", "b", "c"]
    (bench.corpus / "b.jsonl").unlink()
    shown = status_of(bench.lake.settings.folder, bench.settings)
    assert shown.filter(asset="documents", why="its source is gone")["partition"].to_list() == ["b"]


def test_the_status_keeps_what_the_assets_are_until_code_or_settings_change(bench: Bench) -> None:
    folder = bench.lake.settings.folder
    first = declared_by(folder, bench.settings)
    assert first == declared_in(bench.definitions.resolve_asset_graph(), bench.settings)
    written = (folder / KEPT).read_bytes()
    assert declared_by(folder, bench.settings) == first
    assert (folder / KEPT).read_bytes() == written
    walks = bench.settings.walks.model_copy(update={"epochs": 9})
    other = {
        one.name: one.code_version for one in declared_by(folder, bench.settings.model_copy(update={"walks": walks}))
    }
    changed = {one.name for one in first if other[one.name] != one.code_version}
    assert "concept_walks" in changed
    assert "documents" not in changed
    (folder / KEPT).write_text("not what it was")
    assert declared_by(folder, bench.settings) == first


def test_the_table_for_people_says_what_was_ever_spent_on_a_partition(bench: Bench) -> None:
    store = LakeResponseStore(bench.lake, "document_concepts")
    everything = bench.shown().select("asset", "partition").rows()
    for requests in (3, 2):
        store.add([], [spending("a", requests)])
    store.add([], [spending("", 7)])  # of no partition, as an earlier release booked it
    shown = bench.shown()
    assert "cost" not in shown.columns
    asked = shown.drop_nulls("requests").select("asset", "partition", "requests", "tokens")
    assert asked.rows() == [("document_concepts", "a", 5, 150)]
    assert shown.select("asset", "partition").rows() == everything
    LakeResponseStore(bench.lake, "domain_ratings").add([], [spending("", 1, cost=0.25)])
    costs = bench.shown().drop_nulls("requests").select("asset", "requests", "cost")
    assert costs.rows() == [("domain_ratings", 1, 0.25), ("document_concepts", 5, None)]


def test_the_phases_hold_every_asset_once_and_no_input_comes_later(bench: Bench) -> None:
    graph = bench.definitions.resolve_asset_graph()
    order = [key for phase in phases(bench.definitions) for key in phase.assets]
    assert len(order) == len(set(order))
    assert set(order) == {key for key in graph.materializable_asset_keys if key.path[-1] not in tables.OPERATION}
    for place, key in enumerate(order):
        parents = graph.get(key).parent_keys & set(order)
        assert all(order.index(parent) < place for parent in parents)


def test_a_shard_that_was_made_and_lost_its_file_is_refused_by_name_and_one_never_made_is_forgotten(
    bench: Bench,
) -> None:
    bench.materialise(tables.DOCUMENTS, "a", bench.document("a"))
    for name in ("a", "b"):
        (bench.corpus / f"{name}.jsonl").unlink()
    bench.write_source("c")
    with pytest.raises(SynthAssetsError, match="'a' of documents"):
        run_road(bench.definitions, bench.instance, bench.lake, bench.settings, lambda *_: None)
    left = SHARDS.get_partition_keys(dynamic_partitions_store=bench.instance)
    assert "a" in left


@pytest.mark.parametrize(
    ("wanted", "ranges"),
    [("abcd", [("a", "d")]), ("ad", [("a", "a"), ("d", "d")]), ("bc", [("b", "c")]), ("", [])],
)
def test_wanted_partitions_are_run_in_unbroken_ranges(wanted: str, ranges: list[tuple[str, str]]) -> None:
    assert list(unbroken("abcd", set(wanted))) == ranges


@pytest.mark.parametrize(
    ("most", "ranges"),
    [
        (100, [("a", "b"), ("d", "e")]),
        (7, [("a", "b"), ("d", "d"), ("e", "e")]),
        (1, [("a", "a"), ("b", "b"), ("d", "d"), ("e", "e")]),
    ],
)
def test_a_run_holds_no_more_text_than_it_may_but_at_least_a_shard(most: int, ranges: list[tuple[str, str]]) -> None:
    texts = Texts({"a": 3, "b": 4, "c": 9, "d": 5, "e": 6}, most)
    assert list(unbroken("abcde", set("abde"), texts)) == ranges


@pytest.mark.parametrize(
    ("wanted", "ranges"),
    [
        ("1a 1b 2a 2b 3a 3b 4a 4b", [("1|a", "4|b")]),
        ("1a 1b 3a 3b 4a 4b", [("1|a", "1|b"), ("3|a", "4|b")]),
        ("2a", [("2|a", "2|a")]),
        ("1a 4b", [("1|a", "1|b"), ("4|a", "4|b")]),
        ("", []),
    ],
)
def test_a_rectangle_never_covers_a_method_that_lies_between_wanted_ones(
    wanted: str, ranges: list[tuple[str, str]]
) -> None:
    keys = {f"{cell[0]}|{cell[1]}" for cell in wanted.split()}
    assert list(rectangles("1234", "ab", keys)) == ranges


def test_cells_of_methods_that_are_not_chosen_are_neither_missing_nor_listed(bench: Bench) -> None:
    generation = bench.settings.generation.model_copy(update={"methods": ("level_2", "targen")})
    chosen = bench.settings.model_copy(update={"generation": generation})
    found = standings(bench.definitions, bench.instance, bench.lake, chosen)
    assert {one.partition for one in found if one.asset == "qa_pairs"} == {
        f"{method}|{shard}" for method in ("level_2", "targen") for shard in "ab"
    }
    assert [one.partition for one in found if one.asset == "training_sets"] == ["all", "level_2", "targen"]
    assert {one.partition.split("|")[1] for one in found if one.asset == "student_runs"} == {"all", "level_2", "targen"}
    shown = status_of(bench.lake.settings.folder, chosen)
    assert shown.filter(asset="questions")["partition"].to_list() == [
        one.partition for one in found if one.asset == "questions"
    ]


def test_another_choice_of_methods_makes_nothing_stale(bench: Bench) -> None:
    settings = bench.settings.model_copy(update={"generation": GenerationSettings(methods=("persona", "level_1"))})
    before, after = (
        {one.name: one.code_version for one in declared_in(definitions.resolve_asset_graph(), settings)}
        for definitions in (bench.definitions, build_definitions(bench.lake.settings.folder, settings))
    )
    assert after == before
