"""What the report says of mixtures."""

import polars as pl

from synth_assets.reports.mixtures_section import mixtures_section
from synth_assets.tables import MIXTURE_CHOICES, MIXTURE_RUNS
from synth_assets_tests.comparison.test_mixture_results import choices, runs


def test_without_runs_there_is_no_section() -> None:
    assert mixtures_section(MIXTURE_RUNS.empty(), MIXTURE_CHOICES.empty()) is None


def test_the_section_draws_the_choices_and_compares_the_policies() -> None:
    made = runs({"uniform": [2.0, 3.0, 4.0], "ucb": [1.9, 2.89, 3.91]})
    section = mixtures_section(made.with_columns(student=pl.lit("student-23k")), choices())
    assert section is not None and section.student == "student-23k"
    assert section.picture.startswith("<svg")
    assert [row["policy"] for row in section.policies] == ["ucb", "uniform"]
    assert {row["said"] for row in section.differences} == {"ucb is better", "no difference is shown"}
