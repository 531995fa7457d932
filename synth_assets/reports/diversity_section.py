"""What the report tells of how different the questions of each method are: histograms, figures, what is shown."""

from dataclasses import dataclass

import polars as pl
import polars.selectors as cs
from markupsafe import Markup

from synth_assets.comparison.diversity_pictures import diversity_picture
from synth_assets.comparison.diversity_results import diversity_summary, similarity_differences
from synth_assets.reports.svg import inline


@dataclass(frozen=True)
class DiversitySection:
    """The section, where two methods or more have questions.

    Attributes:
        picture: The histograms, a panel a measure.
        questions: How many of each method are compared.
        methods: Rows of `diversity_summary`, rounded to be read.
        differences: Rows of `similarity_differences`, likewise.
        how: How similarity was measured.
    """

    picture: Markup
    questions: int
    methods: list[dict[str, object]]
    differences: list[dict[str, object]]
    how: str


def diversity_section(diversity: pl.DataFrame, histograms: pl.DataFrame) -> DiversitySection | None:
    """The section from rows of `method_diversity` and `diversity_histograms`; None for fewer than two methods."""
    if diversity["method"].n_unique() < 2 or histograms.is_empty():
        return None
    how = diversity.filter(measure="document_similarity", basis="questions", against="").sort("method")["how"].head(1)
    summary = diversity_summary(diversity)
    return DiversitySection(
        inline(diversity_picture(histograms).svg),
        int(summary["questions"].max() or 0),  # type: ignore[arg-type]
        summary.with_columns(cs.float().round(3)).to_dicts(),
        similarity_differences(diversity).with_columns(cs.float().round(3)).to_dicts(),
        "".join(how),
    )
