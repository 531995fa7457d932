"""What the page of an asset shows of the rows just made: something for every stage, whatever the rows hold."""

import re
import xml.etree.ElementTree as ElementTree
from base64 import b64decode

import polars as pl
import pytest

from synth_assets.reports.glance_pictures import bars, histogram
from synth_assets.reports.glances import GLANCES, glance
from synth_assets.tables import TABLES, StageResult, no_quarantine, quarantine_rows
from synth_assets_tests.assets.test_checks import frame

NONE_LEFT = no_quarantine("shard")


def pictures(markdown: str) -> list[ElementTree.Element]:
    """The SVG pictures in Markdown, parsed."""
    found = re.findall(r"!\[picture\]\(data:image/svg\+xml;base64,([^)]+)\)", markdown)
    return [ElementTree.fromstring(b64decode(picture)) for picture in found]


@pytest.mark.parametrize("name", GLANCES)
@pytest.mark.parametrize("missing", [False, True])
def test_every_stage_shows_something_of_its_rows(name: str, missing: bool) -> None:
    table = TABLES[name]
    rows = frame(table, {}, {})
    if missing:
        empty = [column for column, spec in table.columns.items() if spec.nullable]
        rows = rows.with_columns(pl.lit(None, table.schema[column]).alias(column) for column in empty)
    shown = glance(name, StageResult(rows, NONE_LEFT, 2, 2))
    assert shown or name == "scaling_predictions"  # which shows the budgets held out, where there are any
    for said in shown.values():
        assert pictures(said) or said.startswith("| ")


@pytest.mark.parametrize("name", GLANCES)
def test_a_stage_without_rows_shows_why_they_left_and_nothing_else(name: str) -> None:
    empty = TABLES[name].empty()
    assert glance(name, StageResult(empty, NONE_LEFT, 0, 0)) == {}
    lost = quarantine_rows([{"shard": "a", "id": n, "reason": "no_text", "detail": "why"} for n in ("2", "1")], "shard")
    shown = glance(name, StageResult(empty, lost, 2, 0))
    assert shown == {
        "left the road": "| reason | rows | example | detail |\n| --- | ---: | --- | --- |\n| no_text | 2 | 1 | why |"
    }


def test_a_histogram_has_a_bar_for_each_filled_bin_as_tall_as_its_count() -> None:
    (svg,) = pictures(histogram({"a": pl.Series([1.0, 1.5, 2.5]), "b": pl.Series([2.5, 99.0])}, (1, 2, 3, 4), "x", "y"))
    drawn = [rect for rect in svg.iter("{http://www.w3.org/2000/svg}rect") if rect.get("y") != "8"][1:]
    tall = [float(rect.get("height", 0)) for rect in drawn]
    assert len(drawn) == 4  # 2 of a, 1 of a and 1 of b on it, and what is beyond the last edge in the last bin
    assert tall[0] == pytest.approx(2 * tall[1], abs=0.2)
    words = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"a (3)", "b (2)", "x", "y"} <= set(words)


def test_bars_show_their_parts_and_totals_and_escape_their_names() -> None:
    (svg,) = pictures(bars({"<level> & 1": {"p": 3, "q": 1}, "two": {"p": 0, "q": 2}}))
    words = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"<level> & 1", "two", "p (3)", "q (3)", "4", "2"} <= set(words)
