"""The section on duplicates counts them by method and rule and shows the largest clusters."""

from collections.abc import Iterator

import pytest

from synth_assets.lake import Lake
from synth_assets.reports import findings
from synth_assets.reports.duplicates_section import MEMBERS_SHOWN, DuplicatesSection, duplicates_section
from synth_assets.reports.report import report_page
from synth_assets.settings import Settings
from synth_assets_tests.reports.clean_lake import PAIRS, clean_lake
from synth_assets_tests.reports.reader import Reader


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    made = clean_lake(tmp_path_factory.mktemp("clean"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def section(lake: Lake) -> DuplicatesSection:
    return duplicates_section(*(lake.query(sql) for sql in findings.DUPLICATES.values()))


def test_pairs_dropped_are_counted_by_rule_and_across_methods(section: DuplicatesSection) -> None:
    first, second = section.methods
    assert (first.method, first.pairs, first.by_rule) == ("level_1", PAIRS, {"exact": 1, "semantic": 1})
    assert (second.method, second.dropped, second.by_rule) == ("level_2", 35, {"near": 35})
    assert (first.by_kept_method, second.by_kept_method) == ({"level_1": 2}, {"level_1": 35})
    assert section.total.by_rule == {"exact": 1, "near": 35, "semantic": 1}
    assert list(section.total.by_rule) == section.rules == ["exact", "near", "semantic"]
    assert second.rate == 35 / PAIRS and section.total.rate == 37 / (2 * PAIRS)


def test_the_largest_cluster_comes_first_and_says_how_many_are_not_shown(section: DuplicatesSection) -> None:
    large, small = section.clusters
    assert (large.size, len(large.members), large.left_out) == (36, MEMBERS_SHOWN, 6)
    assert (small.size, small.left_out) == (4, 0)
    assert (section.cluster_count, section.largest) == (2, 36)


def test_each_kept_one_is_followed_by_what_repeats_it_the_most_similar_first(section: DuplicatesSection) -> None:
    large, small = section.clusters
    assert [member.qa_id for member in small.members] == ["level_1-37", "level_1-36", "level_1-39", "level_1-38"]
    assert [member.rule for member in small.members] == [None, "semantic", None, "exact"]
    assert [member.qa_id for member in large.members][:3] == ["level_1-00", "level_2-34", "level_2-33"]


def test_a_near_duplicate_is_marked_where_it_differs(section: DuplicatesSection) -> None:
    kept, first, *_ = section.clusters[0].members
    assert kept.question == "How many plums &lt;b&gt;are 0&lt;/b&gt; plums and 7 plums?"
    assert '<mark class="differs">34</mark>' in first.question


def test_the_page_lists_the_clusters_and_no_tag_of_a_question(lake: Lake) -> None:
    page = report_page(lake.query, Settings(), 1)
    read = Reader(page)
    assert "37 of 80 pairs dropped (46.2%)" in read.words
    assert "36 questions: How many plums <b>are 0</b>" in read.words and "6 more are not shown." in read.words
    assert read.attributes.count(("class", "member kept")) == 3
    assert "<b>are" not in page
