"""The verdicts on the paper's claims, on curves that are known."""

import numpy as np
import polars as pl
import pytest

from synth_assets.scaling.claims import curves_of, larger_need_fewer, law_holds, plateau_reached, sets_compared

BUDGETS = np.array([0, 1e4, 2e4, 4e4, 8e4, 1.6e5, 3.2e5, 6.4e5])
SIZES = (20_000, 60_000, 180_000, 540_000, 1_600_000)


def observed(
    amplitude: float, beta: float, floors: tuple[float, ...], rises: tuple[float, ...], noise: float = 0.005
) -> pl.DataFrame:
    """Rectified curves of five sizes, three seeds each, with a little noise. `rises` is D_l of each size."""
    random = np.random.default_rng(1)
    rows = []
    for size, floor, rise in zip(SIZES, floors, rises, strict=True):
        for seed in range(3):
            values = amplitude * rise / (rise + BUDGETS**beta) + floor
            noisy = values * np.exp(noise * random.standard_normal(len(values)))
            rows += [
                {"training_set": "all", "model": f"m{size}", "parameters": size, "metric": "error",
                 "tokens": tokens, "value": value, "seed": seed}
                for tokens, value in zip(BUDGETS, noisy, strict=True)
            ]  # fmt: skip
    return pl.DataFrame(rows)


@pytest.mark.slow
def test_curves_of_the_law_that_flatten_and_are_ordered_by_size_support_all_claims() -> None:
    found = curves_of(observed(0.9, 1.6, (0.1, 0.09, 0.08, 0.07, 0.06), (4e7, 2e7, 1e7, 5e6, 2.5e6)), "all", "error")
    assert [curve.parameters for curve in found] == list(SIZES)
    assert [claim(found).verdict for claim in (law_holds, larger_need_fewer)] == ["supported"] * 2
    plateau = plateau_reached(found)
    assert plateau.figures["largest budget"].to_list() == [6.4e5] * 5


@pytest.mark.slow
def test_curves_that_still_fall_have_no_plateau_within_the_budgets() -> None:
    found = plateau_reached(curves_of(observed(0.9, 0.7, (0.0,) * 5, (5e3,) * 5), "all", "error"))
    assert found.verdict == "not supported"
    assert set(found.figures["is"]) == {"beyond the budgets"}


@pytest.mark.slow
def test_an_order_against_the_claim_does_not_support_it() -> None:
    found = larger_need_fewer(curves_of(observed(0.9, 1.0, (0.1,) * 5, (1e4, 2e4, 4e4, 8e4, 1.6e5)), "all", "error"))
    assert found.verdict == "not supported"


def test_too_few_budgets_or_sizes_say_nothing() -> None:
    few = observed(0.9, 1.0, (0.1,) * 5, (1e4,) * 5).filter(pl.col("tokens") < 3e4)
    curves = curves_of(few, "all", "error")
    assert [claim(curves).verdict for claim in (law_holds, plateau_reached, larger_need_fewer)] == [
        "cannot be said"
    ] * 3
    assert law_holds([]).verdict == "cannot be said"


def test_sets_are_paired_by_budget_and_seed() -> None:
    first = observed(0.9, 1.0, (0.1,) * 5, (1e4,) * 5).filter(pl.col("parameters") == SIZES[0])
    second = first.with_columns(
        training_set=pl.lit("other"), value=pl.col("value") + 0.05, tokens=pl.col("tokens") * 1.001
    )
    compared = sets_compared(pl.concat([first, second]), ("all", "other"), "error")
    assert compared["pairs"].to_list() == [21]
    assert compared["mean difference"][0] == -0.05 or abs(compared["mean difference"][0] + 0.05) < 1e-9
    assert compared["verdict"].to_list() == ["all is lower than other"]
    same = sets_compared(
        pl.concat([first, first.with_columns(training_set=pl.lit("other"))]), ("all", "other"), "error"
    )
    assert same["verdict"].to_list() == ["no difference can be told"]
