"""Policies of mixing on made-up problems whose answers are known."""

from collections.abc import Callable

import numpy as np
import pytest

from synth_assets.comparison.bandit import WindowedBandit
from synth_assets.comparison.mixture_policies import UCB, FixedShares, Policy, policy_of

Gain = Callable[[str, int, np.random.Generator], float]
ARMS = {"a": 500, "b": 300, "c": 200, "d": 1_000}


def played(policy: Policy, gain: Gain, slices: int = 100, seed: int = 0) -> list[tuple[str, int, float]]:
    """What the policy draws where the gains are those of `gain`, told the arm and the slice."""
    rng = np.random.default_rng(seed)
    history: list[tuple[str, int, float]] = []
    for step in range(slices):
        arm, _ = policy.choose(history)
        history.append((arm, 1_000, gain(arm, step, rng)))
    return history


def one_is_useful(useful: Callable[[int], str]) -> Gain:
    """Noisy gains that fall for all arms alike, as a student's do; those of one arm are five times the others'."""

    def gain(arm: str, step: int, rng: np.random.Generator) -> float:
        return (1.0 if arm == useful(step) else 0.2) * (step + 1) ** -1.3 * (1 + 0.3 * rng.normal())

    return gain


def share(history: list[tuple[str, int, float]], arm: str, since: int = 0) -> float:
    return sum(drawn == arm for drawn, _, _ in history[since:]) / len(history[since:])


@pytest.mark.parametrize("seed", range(4))
def test_the_bandit_draws_most_from_the_one_arm_that_helps(seed: int) -> None:
    history = played(policy_of(UCB, ARMS, seed), one_is_useful(lambda _: "b"), seed=seed)
    assert share(history, "b") > 0.6
    assert share(history, "b", since=50) > 0.65


@pytest.mark.parametrize("seed", range(4))
def test_the_bandit_follows_when_another_arm_becomes_the_one_that_helps(seed: int) -> None:
    changing = one_is_useful(lambda step: "b" if step < 60 else "c")
    history = played(policy_of(UCB, ARMS, seed), changing, slices=130, seed=seed)
    assert share(history[:60], "b", since=30) > 0.5
    assert share(history, "c", since=85) > 0.6


def test_where_all_arms_help_alike_none_is_left_out() -> None:
    history = played(policy_of(UCB, ARMS, 0), lambda arm, step, rng: float(rng.normal(1.0, 0.1)), slices=200)
    assert min(share(history, arm) for arm in ARMS) > 0.05


def test_the_fall_of_all_gains_counts_against_no_arm() -> None:
    """By plain means the arm that happened to be tried first, when everything helped, would look the best for long."""
    history = [(arm, 1_000, 2.0**-step) for step, arm in enumerate("abcdabcdabcd")]
    bounds = WindowedBandit(UCB, tuple("abcd"), 0).bounds(history)
    assert max(bounds.values()) - min(bounds.values()) < 0.2


def test_every_arm_is_tried_before_any_is_drawn_again_and_the_seed_decides_in_which_order() -> None:
    def first(seed: int) -> list[str]:
        return [arm for arm, _, _ in played(policy_of(UCB, ARMS, seed), lambda *_: 1.0, slices=4)]

    assert all(sorted(first(seed)) == sorted(ARMS) for seed in range(6))
    assert len({tuple(first(seed)) for seed in range(6)}) > 1


def test_an_arm_not_drawn_within_the_window_is_tried_again() -> None:
    bandit = WindowedBandit(UCB, ("a", "b"), 0, window=8)
    assert bandit.choose([("b", 1_000, 0.1), *[("a", 1_000, 1.0)] * 8]) == ("b", float("inf"))


def test_the_same_seed_and_gains_give_the_same_choices() -> None:
    gain = one_is_useful(lambda _: "a")
    assert played(policy_of(UCB, ARMS, 3), gain) == played(policy_of(UCB, ARMS, 3), gain)


def test_the_upper_bound_is_the_mean_reward_and_what_is_not_known_of_it() -> None:
    bandit = WindowedBandit(UCB, ("a", "b"), 0, window=10, exploration=0.5)
    history = [("a", 1_000, 1.0), ("b", 1_000, 2.0), ("a", 1_000, 1.0)]
    # 0.5 without anything before it; twice what came before; a third less than the mean of what came before.
    assert bandit.rewards(history) == pytest.approx([0.5, 1.0, 1 / 3])
    mean = (1 / 2 + 1 / 3) / 2
    assert bandit.bounds(history) == pytest.approx(
        {"a": mean + 0.5 * (np.log(3) / 2) ** 0.5, "b": 1.0 + 0.5 * np.log(3) ** 0.5}
    )


@pytest.mark.parametrize(("name", "wanted"), [("uniform", 0.25), ("proportional", None)])
def test_fixed_shares_are_exact(name: str, wanted: float | None) -> None:
    history = played(policy_of(name, ARMS, 0), lambda *_: 0.0, slices=80)
    for arm, held in ARMS.items():
        assert share(history, arm) == (wanted or held / 2_000)


def test_fixed_shares_hold_at_every_moment_within_a_slice() -> None:
    history = played(policy_of("proportional", ARMS, 0), lambda *_: 0.0, slices=80)
    for end in range(1, 81):
        assert all(abs(share(history[:end], arm) * end - held / 2_000 * end) < 1 + 1e-9 for arm, held in ARMS.items())


def test_fixed_shares_are_of_tokens_and_know_neither_gains_nor_seeds() -> None:
    policy = FixedShares("uniform", {"a": 1.0, "b": 1.0})
    assert policy.choose([("a", 3_000, 9.0), ("b", 1_000, 0.0), ("b", 1_000, 0.0)]) == ("b", None)
    assert policy.rewards([("a", 3_000, 9.0)]) == [None]
    assert policy_of("proportional", ARMS, 0) == policy_of("proportional", ARMS, 1)
