"""Text from documents and models is text wherever Markdown is made of it: cells, lists, the dataset card."""

import re

import polars as pl
import pytest
from markdown_it import MarkdownIt

from synth_assets.markdown import frame, table, text
from synth_assets.reports.card import dataset_card
from synth_assets.reports.glances import glance
from synth_assets.tables import TABLES, StageResult, quarantine_rows
from synth_assets_tests.assets.test_checks import frame as blank

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a link](javascript:alert(1))",
    "![a picture](https://example.org/counter.png)",
    "<javascript:alert(1)>",
    "[a][b]\n\n[b]: javascript:alert(1)",
    "a | b | c\n| --- |\n# a heading",
    "`code` *bold* _italic_ ~~gone~~ **x**",
    "\\| \\[a](javascript:alert(1)) \\\\",
    "&lt;script&gt; &#60;script&#62;",
    "```\n</table>",
    "one\u202etwo\x00\x1b[31mthree\x07",
)
_READ = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_TAGS = {"table", "thead", "tbody", "tr", "th", "td", "p", "ul", "li"}


def _tags(markdown: str) -> set[str]:
    """The tags of a page that shows the Markdown, HTML within it let through."""
    return set(re.findall(r"<([a-z0-9]+)", _READ.render(markdown)))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_cell_holds_what_was_written_and_nothing_else(hostile: str) -> None:
    shown = _READ.render(table(["said", "count"], [[hostile, 1], ["plain", 2]]))
    assert _tags(table(["said", "count"], [[hostile, 1]])) <= _TAGS
    assert shown.count("<td") == 4 and shown.count("<tr") == 3
    cell = re.findall(r"<td[^>]*>(.*?)</td>", shown, re.S)[0]
    written = cell.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert written == " ".join(re.sub("[\x00-\x1f\x7f\u202e]+", " ", hostile).split())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_line_of_a_list_holds_text_alone(hostile: str) -> None:
    assert _tags(f"- {text(hostile, None)}") <= _TAGS


def test_a_long_cell_is_cut_before_it_is_escaped() -> None:
    assert text("[" * 200, 10) == "\\[" * 9 + "…"


def test_numbers_and_missing_values_read_as_such() -> None:
    rows = pl.DataFrame({"rows_kept": [1_234_567], "share": [0.123456], "note": [None], "names": [["a|b", "c"]]})
    head, line, row = frame(rows).splitlines()
    assert head == "| rows kept | share | note | names |"
    assert line == "| ---: | ---: | --- | --- |"
    assert row == "| 1,234,567 | 0.1235 |  | a\\|b, c |"


@pytest.mark.parametrize(
    "stage", ["documents", "questions", "qa_pairs", "contamination", "training_qa", "concept_walks"]
)
def test_what_a_stage_shows_of_hostile_rows_is_text(stage: str) -> None:
    table_of = TABLES[stage]
    texts = [name for name, column in table_of.columns.items() if column.dtype == pl.String()]
    rows = blank(table_of, *(dict.fromkeys(texts, f"{hostile} {number}") for number, hostile in enumerate(HOSTILE)))
    lost = quarantine_rows(
        [{"shard": "a", "id": hostile, "reason": "x", "detail": hostile} for hostile in HOSTILE], "shard"
    )
    for said in glance(stage, StageResult(rows, lost, 0, 0)).values():
        without_pictures = re.sub(r"!\[picture\]\(data:image/svg\+xml;base64,[A-Za-z0-9+/=]+\)", "", said)
        assert _tags(without_pictures) <= _TAGS


def test_the_dataset_card_takes_no_markup_from_teachers_and_levels() -> None:
    columns = {"qa_id": "1", "method": "level_1", "question": "x", "answer": "y", "school_level": HOSTILE[2]}
    rows = pl.DataFrame({**{name: [value] for name, value in columns.items()}, "teacher": [HOSTILE[0]]}).with_columns(
        documents=pl.lit(["d"]), key_concepts=pl.lit(["c"])
    )
    page = _READ.render(dataset_card(rows, ["x.parquet"], "messages").split("---", 2)[2])
    assert "<script" not in page and 'href="javascript' not in page
    assert "&lt;script&gt;" in page
