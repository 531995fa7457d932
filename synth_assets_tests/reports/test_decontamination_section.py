"""The section on contamination tells, for each benchmark, the lake's own figures and its worst pairs."""

from collections.abc import Iterator

import polars as pl
import pytest

from synth_assets.lake import Lake
from synth_assets.reports import findings
from synth_assets.reports.decontamination_section import (
    WORST,
    WORST_SHOWN,
    DecontaminationSection,
    chosen_worst,
    decontamination_section,
)
from synth_assets.reports.report import report_page
from synth_assets.reports.rule_names import in_words, severity
from synth_assets.settings import Settings
from synth_assets_tests.reports.clean_lake import MATCHES, PAIRS, clean_lake
from synth_assets_tests.reports.reader import Reader


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    made = clean_lake(tmp_path_factory.mktemp("clean"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def unrecorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    made = clean_lake(tmp_path_factory.mktemp("unrecorded"), recorded=False, repeated=False)
    yield made
    made.close()


def section_of(lake: Lake) -> DecontaminationSection:
    return decontamination_section(*(lake.query(sql) for sql in findings.DECONTAMINATION.values()))


def test_rates_are_of_the_pairs_compared_and_count_a_pair_once(lake: Lake) -> None:
    pears, plums = section_of(lake).benchmarks
    assert (pears.benchmark, plums.benchmark) == ("pears", "plums")
    assert [(rate.method, rate.pairs, rate.contaminated) for rate in plums.rates] == [
        ("level_1", PAIRS, 3),
        ("level_2", PAIRS, 11),
    ]
    assert plums.total.rate == 14 / (2 * PAIRS) and plums.rates[0].rate == 3 / PAIRS
    assert (plums.items, plums.items_met, plums.share_met) == (10, 3, 0.3)
    assert (plums.judged, plums.cleared) == (5, 4)


def test_what_has_not_been_compared_yet_has_no_rate(lake: Lake) -> None:
    pears = section_of(lake).benchmarks[0]
    assert [rate.rate for rate in pears.rates] == [0.0, None]
    assert pears.total.pairs == PAIRS and pears.worst == () and pears.hits == ()


def test_a_lake_of_an_earlier_release_counts_every_pair_as_compared_and_says_so(unrecorded: Lake) -> None:
    section = section_of(unrecorded)
    assert not section.recorded
    assert [rate.pairs for found in section.benchmarks for rate in found.rates] == [PAIRS] * 4
    assert section.benchmarks[1].total.contaminated == 14
    text = Reader(report_page(unrecorded.query, Settings(), 1)).words
    assert "is not recorded in this lake" in text and "0 of 80 pairs dropped" in text


def test_hits_are_counted_by_rule_and_part_the_most_severe_rule_first(lake: Lake) -> None:
    plums = section_of(lake).benchmarks[1]
    assert [(hit.rule, hit.part, hit.pairs, hit.items) for hit in plums.hits] == [
        ("exact", "question", 1, 1),
        ("exact_digits_folded", "question", 1, 1),
        ("ngram_13", "question", 1, 1),
        ("ngram_13", "answer", 1, 1),
        ("ngram_8", "question", 1, 1),
        ("coverage_8", "question", 9, 3),
        ("rephrased", "question", 1, 1),
        ("judged", "question", 1, 1),
    ]


def test_the_worst_are_the_most_severe_then_one_of_every_other_rule(lake: Lake) -> None:
    plums = section_of(lake).benchmarks[1]
    shown = [(row.qa_id, row.part, row.rule) for row in plums.worst]
    assert shown == [
        ("level_1-00", "question", "exact"),
        ("level_1-02", "question", "exact_digits_folded"),
        ("level_1-01", "answer", "ngram_13"),
        ("level_1-01", "question", "ngram_13"),
        ("level_1-01", "question", "ngram_8"),
        ("level_2-08", "question", "coverage_8"),
        ("level_2-07", "question", "coverage_8"),
        ("level_2-06", "question", "coverage_8"),
        ("level_2-10", "question", "rephrased"),
        ("level_2-09", "question", "judged"),
    ]
    assert plums.worst[2].text == "1 and 7 make 8."  # the answer, for the answer met the item


def test_the_worst_do_not_depend_on_the_order_of_rows(lake: Lake) -> None:
    worst = lake.query(findings.DECONTAMINATION["worst"])
    for seed in range(3):
        mixed = worst.sample(fraction=1, shuffle=True, seed=seed)
        assert chosen_worst(mixed).equals(chosen_worst(worst))
    assert worst.height < len(MATCHES) and chosen_worst(worst).height == WORST_SHOWN + 2
    assert chosen_worst(worst.clear()).schema == WORST


def test_the_page_shows_the_figures_and_no_tag_of_a_question(lake: Lake) -> None:
    page = report_page(lake.query, Settings(), 1)
    read = Reader(page)
    assert "17.5% contaminated 14 of 80 pairs compared 3 of 10 items met (30%)" in read.words
    assert "about 5 doubtful cases, each a question beside an item: it took 1 for the same" in read.words
    assert "b" in read.tags and "<b>are 0</b>" in read.text and "<b>are" not in page
    assert "level_2 not yet 0" in read.words
    assert report_page(lake.query, Settings(), 1) == page


RULES = [
    "exact",
    "exact_digits_folded",
    "ngram_13",
    "ngram_10",
    "ngram_10_digits_folded",
    "coverage_8",
    "coverage_8_digits_folded",
    "rephrased",
    "semantic",
    "judged",
]


def test_rules_sort_from_the_most_severe_down() -> None:
    sorted_rules = pl.DataFrame({"rule": RULES[::-1]}).sort(*severity(pl.col("rule")))
    assert sorted_rules["rule"].to_list() == RULES


def test_each_rule_is_said_in_words_of_its_own() -> None:
    assert len({in_words(rule) for rule in RULES} - {""}) == len(RULES)
    assert in_words("ngram_10_digits_folded") == "shares 10 words in a row with the item, whatever the numbers"
    assert in_words("by_hand") == ""
