"""What is said of policies over seeds, and the picture of their choices."""

import polars as pl
import pytest

from synth_assets.comparison.mixture_pictures import mixtures_picture
from synth_assets.comparison.mixture_results import policy_differences, policy_summary, shares


def runs(losses: dict[str, list[float]]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                **{"policy": policy, "seed": seed, "trained_tokens": 100, "unique_tokens": 80},
                **{"validation_loss": loss, "answer_loss": loss, "error": 1.0},
            }
            for policy, each in losses.items()
            for seed, loss in enumerate(each)
        ]
    )


def test_a_difference_that_every_seed_shows_is_shown_although_the_seeds_differ_more() -> None:
    found = policy_differences(runs({"uniform": [2.0, 3.0, 4.0], "ucb": [1.9, 2.89, 3.91]}))
    loss = found.row(by_predicate=pl.col("measure") == "answer_loss", named=True)
    assert (loss["first"], loss["second"], loss["seeds"]) == ("ucb", "uniform", 3)
    assert loss["difference"] == pytest.approx(-0.1)
    # Mean -0.1, standard deviation 0.01, t(2) = 4.303.
    assert (loss["low"], loss["high"]) == pytest.approx((-0.1 - 0.02484, -0.1 + 0.02484), abs=1e-4)
    assert loss["said"] == "ucb is better"


def test_a_difference_within_the_interval_is_not_said_to_be_one() -> None:
    found = policy_differences(runs({"uniform": [2.0, 3.0], "ucb": [1.9, 3.05]}))
    assert set(found["said"]) == {"no difference is shown"}


def test_one_seed_says_nothing_of_how_much_training_varies() -> None:
    found = policy_differences(runs({"uniform": [2.0], "proportional": [1.9]}))
    assert found["low"].null_count() == 2
    assert found["said"].str.contains("fewer than two seeds").all()


def test_what_is_shown_of_one_pair_alone_is_not_of_three_pairs() -> None:
    two = {"ucb": [1.90, 2.87, 3.85], "uniform": [2.0, 3.0, 4.0]}
    three = {**two, "proportional": [1.8, 3.2, 3.9]}
    said = [
        policy_differences(runs(losses)).filter(first="ucb", second="uniform", measure="answer_loss")
        for losses in (two, three)
    ]
    # t = -8.7178 with two degrees of freedom.
    assert [one["q_value"].item() for one in said] == pytest.approx([0.012904, 3 * 0.012904], abs=1e-5)


def test_the_summary_has_a_row_a_policy_the_least_loss_first() -> None:
    assert policy_summary(runs({"uniform": [2.0, 3.0], "ucb": [1.0, 1.0]}))["policy"].to_list() == ["ucb", "uniform"]


def choices() -> pl.DataFrame:
    arms = {"ucb": "aaab", "uniform": "abab"}
    return pl.DataFrame(
        [
            {
                **{"policy": policy, "seed": 0, "step": step, "arm": arm, "tokens": 100},
                **{"trained_tokens": 100 * (step + 1), "validation_loss": 3.0 - step / 10},
            }
            for policy, drawn in arms.items()
            for step, arm in enumerate(drawn)
        ]
    )


def test_shares_are_of_tokens_by_policy() -> None:
    assert shares(choices()).rows() == [
        ("ucb", "a", 0.75),
        ("ucb", "b", 0.25),
        ("uniform", "a", 0.5),
        ("uniform", "b", 0.5),
    ]


def test_the_picture_names_policies_and_arms_and_repeats_byte_for_byte() -> None:
    picture = mixtures_picture(choices())
    assert picture == mixtures_picture(choices())
    for words in ("ucb", "uniform", "share of the tokens drawn", "validation loss"):
        assert f"<!-- {words}" in picture.svg
