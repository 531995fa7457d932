"""The report in Chromium: it shows what documents and models wrote, and runs none of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from synth_assets.lake.lake import Lake
from synth_assets.reports.report import report_page
from synth_assets.settings import load_settings
from synth_assets.tables import TABLES
from synth_assets_tests.browser.chromium import Page, chromium
from synth_assets_tests.browser.test_ui import HOSTILE, NO_LINK_RUNS, RAN
from synth_assets_tests.conftest import Road

pytestmark = pytest.mark.slow

WRITTEN_BY_OTHERS = {
    "documents": ("title", "text"),
    "concept_nodes": ("name",),
    "questions": ("question", "school_level"),
    "qa_pairs": ("question", "answer", "final_answer"),
    "contamination": ("span", "item_text"),
    "training_qa": ("question", "answer", "school_level"),
    "scaling_conclusions": ("said", "about"),
}
"""Columns whose text comes from files and models."""


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with chromium(tmp_path / "chromium") as opened:
        yield opened


def test_markup_in_every_text_stays_text_in_the_report(road: Road, tmp_path: Path, page: Page) -> None:
    shutil.copytree(road.folder, tmp_path / "lake")
    settings = load_settings(tmp_path / "lake")
    lake = Lake(settings.lake_in(tmp_path / "lake"))
    for name, columns in WRITTEN_BY_OTHERS.items():
        rows, table = lake.read(name), TABLES[name]
        number = pl.int_range(pl.len())
        planted = pl.Series(HOSTILE).gather([place % len(HOSTILE) for place in range(rows.height)])
        hostile = rows.with_columns(
            pl.concat_str(planted, number.cast(pl.String), separator=" ").alias(column) for column in columns
        )
        partitions = rows.select(table.partitioned_by).unique().to_dicts() if table.partitioned_by else []
        if rows.height:
            lake.replace(table, hostile, partitions)
    (tmp_path / "report.html").write_text(report_page(lake.query, settings, lake.current_snapshot()))
    lake.close()
    page.open((tmp_path / "report.html").as_uri())
    page.wait_for("<script>", "onerror=", "javascript:")
    assert page.value(NO_LINK_RUNS)
    assert page.value("[...document.scripts].every(s => !/synthAssetsPlanted/.test(s.textContent))")
    assert page.value("document.querySelectorAll('iframe, img[onerror]').length") == 0
    assert page.value(f"typeof {RAN}") == "undefined"
    assert page.dialogs == []
    page.picture("report")


def test_a_page_that_does_not_escape_is_found_out(tmp_path: Path, page: Page) -> None:
    """What the tests here look for is really there to be seen."""
    (tmp_path / "bad.html").write_text(f"<p>before</p>{''.join(HOSTILE)}<p>after</p>")
    page.open((tmp_path / "bad.html").as_uri())
    page.wait_until(f"typeof {RAN} !== 'undefined'")
    page.wait_for("after")
    assert page.dialogs
    assert not page.value(NO_LINK_RUNS)
