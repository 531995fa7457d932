"""The diversity of methods on a lake, through Dagster: none without questions, and those that have some."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from synth_assets import tables
from synth_assets.automation.partitions import SHARDS
from synth_assets.lake.lake import Lake
from synth_assets_tests.automation.observing import Observatory
from synth_assets_tests.comparison.test_diversity import drawn_questions
from synth_assets_tests.comparison.written_questions import nodes, questions
from synth_assets_tests.teachers.openai.endpoint import endpoint_in_thread

MADE = ("diversity_histograms", "method_diversity")


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    home = tmp_path / "home"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as made:
        yield made


def add(lake: Lake, method: str, number: int) -> None:
    written = questions({method: drawn_questions(number, seed=number)})
    blank = {name: pl.lit("x") for name in ("school_level", "origin", "teacher", "prompt_version", "request_hash")}
    rows = written.with_columns(
        **blank, shard=pl.lit("a"), topics="key_concepts", walk_id=pl.lit(None), recipe=pl.lit(None)
    )
    lake.replace(tables.QUESTIONS, tables.QUESTIONS.conform(rows), [{"method": method, "shard": "a"}])


def test_methods_that_have_questions_are_compared_and_the_page_shows_one_figure(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    made = Observatory(tmp_path, instance)
    instance.add_dynamic_partitions(str(SHARDS.name), ["a"])
    made.lake.replace(tables.CONCEPT_NODES, nodes(*(f"c{n}" for n in range(60))))
    made.materialise(MADE)
    assert [made.lake.row_count(tables.TABLES[name]) for name in MADE] == [0, 0]

    add(made.lake, "level_2", 40)
    add(made.lake, "template", 30)
    done = made.materialise(MADE)
    shown = {
        label: str(value.value)
        for event in done.get_asset_materialization_events()
        for label, value in event.materialization.metadata.items()
    }
    assert "](data:image/png;base64," in shown["how different"]
    assert "| template | 30 |" in shown["on equal terms"]
    assert "| level_2 | template | 10 |" in shown["within a document"]
    compared = made.lake.query("select method, count from method_diversity where measure = 'near_duplicates'")
    assert sorted(compared.rows()) == [("level_2", 30), ("level_2", 40), ("template", 30), ("template", 30)]


@pytest.mark.slow
def test_an_embedder_of_the_settings_is_asked_once_for_each_question_and_is_named(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    with endpoint_in_thread() as (url, _):
        embedder = {"kind": "endpoint", "model": "scripted", "base_urls": [url]}
        made = Observatory(tmp_path, instance, filter={"embedder": embedder}, decontamination={"embeddings": True})
        instance.add_dynamic_partitions(str(SHARDS.name), ["a"])
        made.lake.replace(tables.CONCEPT_NODES, nodes("c1"))
        add(made.lake, "level_1", 30)
        add(made.lake, "level_2", 40)
        made.materialise(MADE)
        made.materialise(MADE)
    usage = made.lake.query("select stage, sum(requests)::bigint from teacher_usage group by all")
    assert usage.rows() == [("method_diversity", 70)]
    similar = made.lake.read("method_diversity").filter(measure="document_similarity")
    assert similar["how"].str.contains("vectors of endpoint scripted", literal=True).all()
    assert made.lake.read("method_diversity").filter(measure="document_similarity", basis="all")["count"].max() == 20
