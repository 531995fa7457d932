"""What the report tells of the methods side by side: the picture, errors at the largest budgets, what is shown."""

from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from synth_assets.comparison.method_pictures import methods_picture
from synth_assets.comparison.methods import at_largest
from synth_assets.reports.svg import inline


@dataclass(frozen=True)
class MethodsSection:
    """The section, where two methods or more were trained on.

    Attributes:
        picture: Error and loss by budget, a line a method.
        largest: Rows of `method_comparison` at the largest budget of each student and method, the least error first
            among equal budgets.
        pairs: Rows of `method_pairs` at the largest budget of each two, the largest first, to three decimals.
        laws: By method and student, what the rectified law makes of its errors: E, its interval, its verdict, plateau.
    """

    picture: Markup
    largest: list[dict[str, object]]
    pairs: list[dict[str, object]]
    laws: list[dict[str, object]]


def methods_section(comparison: pl.DataFrame, pairs: pl.DataFrame, laws: pl.DataFrame) -> MethodsSection | None:
    """The section from rows of `method_comparison`, `method_pairs` and `findings.METHODS`; None for fewer than two."""
    trained = comparison.filter(pl.col("budget") > 0)
    if trained["method"].n_unique() < 2:
        return None
    largest = at_largest(trained, "method").sort("parameters", pl.col("budget").neg(), "error", "method")
    tested = at_largest(pairs, "first", "second").sort("student", pl.col("budget").neg(), "first", "second")
    tested = tested.with_columns(pl.col(pl.Float64).round(3))
    return MethodsSection(
        inline(methods_picture(comparison).svg), largest.to_dicts(), tested.to_dicts(), laws.to_dicts()
    )
