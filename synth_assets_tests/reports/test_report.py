"""The report shows the lake's own figures, and nothing a document says is ever run by a browser."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl
import pytest

from synth_assets.lake import Lake
from synth_assets.reports import findings
from synth_assets.reports.funnel import FUNNEL
from synth_assets.reports.graph_section import graph_section
from synth_assets.reports.pages import shown
from synth_assets.reports.report import report_page
from synth_assets.settings import Settings
from synth_assets.tables import TABLES
from synth_assets_tests.reports.reader import Reader


@pytest.fixture(scope="module")
def page(small_lake: Lake, small_settings: Settings) -> str:
    return report_page(small_lake.query, small_settings, small_lake.current_snapshot())


@pytest.mark.parametrize("name", list(findings.QUERIES))
def test_every_finding_can_be_asked_of_a_real_lake(small_lake: Lake, name: str) -> None:
    assert small_lake.query(findings.QUERIES[name]).width > 1


def test_a_lake_without_pairs_benchmarks_or_duplicates_has_a_report(tmp_path: Path) -> None:
    lake = Lake(Settings().lake_in(tmp_path))
    lake.create()
    text = Reader(report_page(lake.query, Settings(), lake.current_snapshot())).text
    lake.close()
    assert "No benchmark was named: nothing has been compared." in text
    assert "0 of 0 pairs dropped" in " ".join(text.split())


def test_every_document_has_a_score_and_is_kept_or_rejected(small_lake: Lake) -> None:
    scores = small_lake.query(findings.SCORES)
    assert scores.height == small_lake.read("documents").height
    assert scores.filter(scores["kept"].is_null() == scores["rejected"].is_null()).is_empty()


def test_no_script_of_a_document_a_question_or_a_benchmark_reaches_the_browser(page: str, small_lake: Lake) -> None:
    read = Reader(page)
    assert "script" not in read.tags
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert not [value for name, value in read.attributes if name in ("href", "src") and "javascript:" in value]
    assert "<script>alert('question')" in read.text and "<script>alert('item')" in read.text
    hits = small_lake.query("select distinct p.question from contamination c join qa_pairs p using (qa_id)")
    assert any("<script>" in question for question in hits["question"])


def test_a_title_with_a_script_is_shown_as_text(small_settings: Settings, small_lake: Lake) -> None:
    titled = small_lake.query("select title from documents where document_id = 'planted'")["title"].item()
    kept = findings.QUERIES["kept"]
    planted_first = kept.replace("order by r.score desc", "order by d.document_id = 'planted' desc")
    assert planted_first != kept

    def query(sql: str) -> pl.DataFrame:
        return small_lake.query(planted_first if sql == kept else sql)

    read = Reader(report_page(query, small_settings, small_lake.current_snapshot()))
    assert titled in read.text and "script" not in read.tags


def test_the_report_needs_no_network(page: str) -> None:
    read = Reader(page)
    assert not {"link", "iframe", "object", "embed"} & set(read.tags)
    assert not [value for name, value in read.attributes if name == "src" and not value.startswith("data:")]


def test_the_same_rows_in_another_order_give_the_same_bytes(
    small_lake: Lake, small_settings: Settings, tmp_path: Path
) -> None:
    """Two machines that make the same lake commit in any order. Reasons that are equally frequent are planted."""
    tables = {name: small_lake.read(name) for name in TABLES}
    planted = {"stage": "questions", "id": range(12), "reason": [f"reason {place % 6}" for place in range(12)]}
    tables["quarantine"] = pl.concat([tables["quarantine"], pl.DataFrame(planted)], how="diagonal_relaxed")
    first, *others = (_lines_of_shuffled(tables, small_settings, tmp_path, seed) for seed in range(3))
    for other in others:
        assert [pair for pair in zip(first, other, strict=True) if pair[0] != pair[1]] == []


def _lines_of_shuffled(tables: Mapping[str, pl.DataFrame], settings: Settings, folder: Path, seed: int) -> list[str]:
    with duckdb.connect() as lake:
        for name, rows in tables.items():
            file = folder / f"{name}.parquet"
            rows.sample(fraction=1, shuffle=True, seed=seed).write_parquet(file)
            lake.sql(f"create table {name} as from '{file}'")
        return report_page(lambda sql: pl.DataFrame(lake.sql(sql)), settings, 1).splitlines()


def test_the_funnel_counts_the_tables_themselves(page: str, small_lake: Lake) -> None:
    funnel = dict(small_lake.query(FUNNEL).select("step", "count").iter_rows())
    read = small_lake.read
    assert funnel["documents in"] == read("documents").height
    assert funnel["documents kept"] == read("reference_documents").height
    assert funnel["concepts"] == read("document_concepts")["key_concept"].n_unique()
    assert funnel["graph nodes"] == read("concept_nodes").height
    assert funnel["graph edges"] == read("concept_edges").height
    assert funnel["walks"] == read("concept_walks").height
    assert funnel["questions"] == read("questions").height
    assert funnel["answers"] == read("qa_pairs").height
    assert funnel["duplicates"] == read("duplicates").height
    assert funnel["contaminated"] == read("contamination")["qa_id"].n_unique() >= 1
    assert funnel["training rows"] == read("training_qa").height
    text = Reader(page).text
    assert all(f"{count:,}" in text for count in funnel.values())


def test_the_graph_is_told_by_its_own_tables(page: str, small_lake: Lake) -> None:
    nodes, edges = small_lake.read("concept_nodes"), small_lake.read("concept_edges")
    section = graph_section(*(small_lake.query(sql) for sql in findings.GRAPH))
    assert section is not None
    structure = section.structure
    assert structure.topics + structure.key_concepts == nodes.height
    assert sum(structure.edges.values()) == edges.height
    assert section.merged.height == (nodes["spellings"].list.len() - 1).sum()
    text = Reader(page).text
    assert f"{edges.height:,} edges" in " ".join(text.split())
    assert all(name in text for group in structure.largest_communities for name in group.names)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "True"), (1234567, "1,234,567"), (0.123456, "0.1235"), (12345.0, "12,345"), ("x", "x")],
)
def test_figures_are_shown_as_people_read_them(value: object, text: str) -> None:
    assert shown(value) == text
