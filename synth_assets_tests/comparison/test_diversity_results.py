"""What is said of the diversity of methods, its figure and its section of the report."""

import polars as pl
import pytest

from synth_assets.comparison.diversity_figures import Findings
from synth_assets.comparison.diversity_pictures import PANELS, diversity_picture
from synth_assets.comparison.diversity_results import COMPARED, diversity_summary, similarity_differences
from synth_assets.reports.diversity_section import diversity_section
from synth_assets_tests.comparison.test_diversity import drawn_questions
from synth_assets_tests.comparison.written_questions import Written, found, questions


def alike(number: int) -> list[Written]:
    """On each of ten documents, questions that all say the same."""
    return [(f"document {place % 10 * 'x'} has a sum of three", [f"d{place % 10}"], ["a"]) for place in range(number)]


@pytest.fixture(scope="module")
def both() -> Findings:
    return found(questions({"mixed": drawn_questions(60, 1), "alike": alike(40), "nameless": drawn_questions(80, 2)}))


def test_the_summary_has_a_row_a_method_and_only_figures_on_equal_terms(both: Findings) -> None:
    summary = diversity_summary(both.rows())
    assert summary["method"].to_list() == ["alike", "mixed", "nameless"]
    assert summary["questions"].to_list() == [40, 40, 40]
    assert set(summary.columns) == {"method", "questions", "low", "high", *(measure for measure, _ in COMPARED)}
    assert summary["document_similarity"][0] == pytest.approx(1.0)
    assert summary["near_duplicates"][0] > 0.7


def test_a_difference_is_said_where_its_interval_leaves_nothing_out_and_not_elsewhere(both: Findings) -> None:
    said = {(first, second): words for first, second, words in _said(both.rows()).iter_rows()}
    assert said == {
        ("alike", "mixed"): "questions of one document are more alike by alike",
        ("alike", "nameless"): "questions of one document are more alike by alike",
        ("mixed", "nameless"): "no difference is shown",
    }


def _said(rows: pl.DataFrame) -> pl.DataFrame:
    return similarity_differences(rows).select("first", "second", "said")


def test_intervals_of_many_differences_are_wider_than_that_of_one() -> None:
    two = {"mixed": drawn_questions(60, 1), "nameless": drawn_questions(80, 2)}
    wide, narrow = (
        similarity_differences(found(questions(of)).rows()).filter(first="mixed", second="nameless")
        for of in ({**two, "alike": drawn_questions(60, 3)}, two)
    )
    lengths = [(rows["high"] - rows["low"]).item() for rows in (wide, narrow)]
    assert lengths[0] > 1.1 * lengths[1]


def test_the_figure_has_a_panel_a_measure_and_a_name_a_method_and_repeats_byte_for_byte(both: Findings) -> None:
    picture = diversity_picture(both.histograms())
    assert picture == diversity_picture(both.histograms())
    for words in (*(title for title, _, _ in PANELS.values()), "alike", "mixed", "nameless"):
        assert f"<!-- {words} -->" in picture.svg


def test_a_measure_that_no_method_has_is_left_out_of_the_figure() -> None:
    loose = found(questions({"level_1": [("one two three", [], []), ("four five six", [], [])]}))
    svg = diversity_picture(loose.histograms()).svg
    assert "<!-- repetition -->" in svg and "<!-- concept space -->" not in svg


def test_a_method_without_a_measure_of_another_is_in_the_figure_all_the_same() -> None:
    lone = {"level_1": [("one two three", ["d"], []), ("four five six", ["d"], [])], "level_3": [("seven", ["e"], [])]}
    histograms = found(questions(lone)).histograms()
    assert histograms.filter(method="level_3", measure="document_similarity").is_empty()
    svg = diversity_picture(histograms).svg
    assert "<!-- level 3 -->" in svg and "<!-- two questions of one document -->" in svg


def test_the_report_has_a_section_where_two_methods_have_questions(both: Findings) -> None:
    section = diversity_section(both.rows(), both.histograms())
    assert section is not None and section.picture.startswith("<svg")
    assert [row["method"] for row in section.methods] == ["alike", "mixed", "nameless"]
    assert len(section.differences) == 3 and "TF-IDF" in section.how
    one = found(questions({"level_1": drawn_questions(20, 1)}))
    assert diversity_section(one.rows(), one.histograms()) is None
    none = found(questions({}))
    assert diversity_section(none.rows(), none.histograms()) is None
