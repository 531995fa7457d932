"""The pages of the commands show the sections of the report for one file, and open without a network."""

import polars as pl
import pytest

from synth_assets.reports.cleaning_pages import DROPPED, REMOVED, SUMMARY, decontamination_page, dedup_page
from synth_assets_tests.reports.reader import Reader

SCRIPT = "<script>alert('here')</script>"
FILE = f"questions{SCRIPT}.jsonl"

SUMMARIES = pl.DataFrame([(f"bench {SCRIPT}", 20, 1000, 2, 4, 1), ("clean", 5, 1000, 0, 0, 0)], SUMMARY, orient="row")
MATCHES = pl.DataFrame(
    [
        ("1", f"bench {SCRIPT}", SCRIPT, "question", "exact", 1.0, "two plums", f"{SCRIPT} Two plums", "two plums?"),
        ("1", f"bench {SCRIPT}", "b", "answer", "ngram_13", 0.5, "two plums", "Two plums", f"two plums {SCRIPT}"),
        ("2", f"bench {SCRIPT}", "b", "question", "judged", 0.5, SCRIPT, f"plums {SCRIPT}", "plums"),
    ],
    REMOVED,
    orient="row",
)
REPEATED = pl.DataFrame(
    [
        ("2", "1", "exact", 1.0, "1", f"plums {SCRIPT}", f"Plums {SCRIPT}"),
        ("3", "1", "near", 0.9, "1", f"plums {SCRIPT} too", f"Plums {SCRIPT}"),
        ("9", "8", "near", 0.85, "8", "pears", "pear"),
    ],
    DROPPED,
    orient="row",
)


def decontaminated(summary: pl.DataFrame = SUMMARIES, removed: pl.DataFrame = MATCHES) -> str:
    return decontamination_page(FILE, 1000, summary, removed, {"preset": SCRIPT}, [SCRIPT])


def deduplicated(dropped: pl.DataFrame = REPEATED) -> str:
    return dedup_page(FILE, 1000, dropped, {"similarity": SCRIPT}, [SCRIPT])


def test_the_page_of_decontamination_tells_rows_rates_rules_and_pairs() -> None:
    words = Reader(decontaminated()).words
    assert "1,000 rows, of which 2 are too near to a benchmark item and removed." in words
    assert "0.2% contaminated 2 of 1,000 rows compared 2 of 20 items met (10%)" in words
    assert "about 4 doubtful cases" in words and "cleared 1 as different" in words
    assert "answer of 1: ngram_13, score 0.50" in words
    assert "0 of 1,000 rows compared 0 of 5 items met (0%) Nothing met an item." in words


def test_the_page_of_duplicates_tells_counts_and_clusters() -> None:
    page = deduplicated()
    read = Reader(page)
    assert "1,000 rows, of which 3 repeat another and are dropped." in read.words
    assert "1 exact 2 near 2 clusters, the largest of 3" in read.words
    assert read.attributes.count(("class", "member kept")) == 2
    assert '<mark class="differs">too</mark>' in page


@pytest.mark.parametrize("page", [decontaminated(), deduplicated()], ids=["decontaminate", "dedup"])
def test_nothing_of_a_file_reaches_the_browser_as_more_than_text(page: str) -> None:
    read = Reader(page)
    assert "script" not in read.tags and SCRIPT in read.text
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert not {"link", "iframe", "object", "embed", "img"} & set(read.tags)
    assert all(value.startswith("#") for name, value in read.attributes if name in ("href", "src", "xlink:href"))


def test_the_order_of_rows_changes_nothing() -> None:
    assert decontaminated(SUMMARIES[::-1], MATCHES[::-1]) == decontaminated()
    assert deduplicated(REPEATED[::-1]) == deduplicated()


def test_a_clean_file_has_its_pages() -> None:
    assert "Nothing met an item." in Reader(decontaminated(SUMMARIES, MATCHES.clear())).text
    assert "No benchmark was named" in Reader(decontaminated(SUMMARIES.clear(), MATCHES.clear())).text
    assert "0 of 1,000 rows dropped" in Reader(deduplicated(REPEATED.clear())).words


def test_a_frame_that_lacks_a_column_is_refused_by_its_name() -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="cleared"):
        decontaminated(SUMMARIES.drop("cleared"))
