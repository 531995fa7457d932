"""What the report tells of mixtures: what each policy chose over time, the losses, and which policy is better."""

from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from synth_assets.comparison.mixture_pictures import mixtures_picture
from synth_assets.comparison.mixture_results import policy_differences, policy_summary
from synth_assets.reports.svg import inline


@dataclass(frozen=True)
class MixturesSection:
    """The section, where students were trained on mixtures.

    Attributes:
        picture: Choices over time and validation losses.
        student: Size of the students.
        policies: Rows of `policy_summary`.
        differences: Rows of `policy_differences`.
    """

    picture: Markup
    student: str
    policies: list[dict[str, object]]
    differences: list[dict[str, object]]


def mixtures_section(runs: pl.DataFrame, choices: pl.DataFrame) -> MixturesSection | None:
    """The section from rows of `mixture_runs` and `mixture_choices`; None where there are none."""
    if runs.is_empty() or choices.is_empty():
        return None
    return MixturesSection(
        inline(mixtures_picture(choices).svg),
        str(runs["student"][0]),
        policy_summary(runs).to_dicts(),
        policy_differences(runs).to_dicts(),
    )
