"""What the report tells of the methods side by side: the picture, the errors at the largest budget, what is shown."""

from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from synth_assets.comparison.method_pictures import methods_picture
from synth_assets.reports.svg import inline


@dataclass(frozen=True)
class MethodsSection:
    """The section, where two methods or more were trained on.

    Attributes:
        picture: Error and loss by budget, a line a method.
        largest: Rows of `method_comparison` at the largest budget of each student, the least error first.
        said: Rows of `method_pairs` at that budget: student, first, second, said.
        laws: By method and student, what the rectified law makes of its errors: E, its interval, its verdict, plateau.
    """

    picture: Markup
    largest: list[dict[str, object]]
    said: list[dict[str, object]]
    laws: list[dict[str, object]]


def methods_section(comparison: pl.DataFrame, pairs: pl.DataFrame, laws: pl.DataFrame) -> MethodsSection | None:
    """The section from rows of `method_comparison`, `method_pairs` and `findings.METHODS`; None for fewer than two."""
    trained = comparison.filter(pl.col("budget") > 0)
    if trained["method"].n_unique() < 2:
        return None
    largest = _at_largest(trained).sort("parameters", "error", "method").to_dicts()
    said = _at_largest(pairs).select("student", "first", "second", "said").to_dicts()
    return MethodsSection(inline(methods_picture(comparison).svg), largest, said, laws.to_dicts())


def _at_largest(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("budget") == pl.col("budget").max().over("student"))
