"""Problem skills of random variables and their expected values."""

from fractions import Fraction
from itertools import pairwise
from random import Random

from synth_assets.teachers.embedded.parameters import number, numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, written
from synth_assets.teachers.embedded.skills.chance.feeding import proper_probability, whole_between

TOPIC = "probability distributions"


def _draw_expected_value(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    spins = rng.choice((4, 5, 8, 10, 20))
    big = whole_between(rng, fed, 5, 20 * difficulty, 10**4)
    small, often = rng.randint(2, 4), rng.randint(2, spins // 2)
    if big is None or big <= small or often + 1 >= spins:
        return None
    return {"fields": spins, "big": big, "small": small, "often": often, "price": rng.randint(2, 3 + difficulty)}


def _solve_expected_value(p: Parameters) -> Solution:
    fields, big, small, often, price = (whole(p, name) for name in ("fields", "big", "small", "often", "price"))
    payout = Fraction(big + small * often, fields)
    answer = payout - price
    return Solution(
        (
            f"The payout is {big} dollars with probability 1/{fields}, {small} with probability {often}/{fields}, and "
            "otherwise 0.",
            f"Its expected value is {big} * 1/{fields} + {small} * {often}/{fields} = {big + small * often}/{fields} = "
            f"{decimal(payout)} dollars.",
            f"After the price of {price} the expected gain of the player is {decimal(payout)} - {price} = "
            f"{decimal(answer)} dollars.",
        ),
        answer,
    )


def _draw_fair_price(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    p = proper_probability(rng, fed, 4 + 4 * difficulty)
    return None if p is None else {"p": p, "prize": p.denominator * rng.randint(1, 5 * difficulty)}


def _solve_fair_price(p: Parameters) -> Solution:
    chance, prize = number(p, "p"), whole(p, "prize")
    answer = chance * prize
    return Solution(
        (
            "In a fair game the price equals the expected value of the payout.",
            f"The expected value of the payout is {chance} * {prize} = {written(answer)} dollars, since otherwise "
            f"nothing is paid.",
        ),
        answer,
    )


def _draw_linear_expectation(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    mean = whole_between(rng, fed, 2, 20 * difficulty, 10**5)
    return None if mean is None else {"mean": mean, "a": rng.randint(2, 4 + 2 * difficulty), "b": rng.randint(1, 30)}


def _solve_linear_expectation(p: Parameters) -> Solution:
    mean, a, b = whole(p, "mean"), whole(p, "a"), whole(p, "b")
    return Solution(
        (
            f"By the linearity of expectation, the expected value of {a} * X + {b} is {a} times that of X, plus {b}.",
            f"This is {a} * {mean} + {b} = {a * mean + b}.",
        ),
        a * mean + b,
    )


def _draw_waiting(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    fields = whole_between(rng, fed, 3, 12 * difficulty, 10**4)
    if fields is None:
        return None
    return {"fields": fields, "winning": rng.randint(2, min(fields - 1, 2 + difficulty)), "cost": rng.randint(2, 12)}


def _solve_waiting(p: Parameters) -> Solution:
    fields, winning, cost = whole(p, "fields"), whole(p, "winning"), whole(p, "cost")
    attempts = Fraction(fields, winning)
    answer = attempts * cost
    return Solution(
        (
            f"Each attempt succeeds with probability {winning}/{fields}, so the number of attempts has a geometric "
            "distribution.",
            f"The expected number of attempts is the reciprocal of this probability, {attempts}.",
            f"Each attempt takes {cost} minutes, so the expected time is {attempts} * {cost} = {answer} minutes.",
        ),
        answer,
    )


def _draw_distribution_mean(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    del fed
    size, parts = 2 + difficulty, 10 if difficulty == 1 else 20
    values = tuple(sorted(rng.sample(range(0, 10 * difficulty), size)))
    cuts = [0, *sorted(rng.sample(range(1, parts), size - 1)), parts]
    return {"values": values, "chances": tuple(Fraction(b - a, parts) for a, b in pairwise(cuts))}


def _solve_distribution_mean(p: Parameters) -> Solution:
    values, chances = numbers(p, "values"), numbers(p, "chances")
    products = [value * chance for value, chance in zip(values, chances, strict=True)]
    working = " + ".join(f"{value} * {chance}" for value, chance in zip(values, chances, strict=True))
    answer = sum(products, Fraction(0))
    return Solution(
        (
            "The expected value of a random variable is the sum of its values, each multiplied by its probability.",
            f"This is {working} = {answer}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "expected_gain_of_wheel",
        TOPIC,
        ("expected value", "random variable"),
        "high school",
        (
            "A wheel at {place} has {fields} equal sectors. One sector pays {big} dollars, {often} sectors pay {small} "
            "dollars each, and the others pay nothing. One spin costs {price} dollars. What is {person}'s expected "
            "gain, in dollars, from one spin after paying for it?",
            "A lottery has {fields} tickets at {price} dollars each: one wins {big} dollars, {often} win {small} "
            "dollars each, and the rest win nothing. Find the expected net gain in dollars for the buyer of one "
            "ticket (a loss counts as negative).",
            "{person} pays {price} dollars to draw one of {fields} cards. One card brings {big} dollars, {often} "
            "cards bring {small} dollars each, and the remaining cards bring nothing. What is the expected value, in "
            "dollars, of the gain minus the price?",
            "One of {fields} equally likely outcomes of a game pays {big} dollars, {often} of them pay {small} "
            "dollars each, and all others pay 0. The game costs {price} dollars. Calculate the player's expected "
            "profit in dollars, which may be negative.",
            "At a fair, {fields} sealed envelopes lie on a table: one holds {big} dollars, {often} hold {small} "
            "dollars each, and the others are empty. {other} takes one at random for a fee of {price} dollars. How "
            "many dollars does {other} gain on average, the fee being taken off?",
        ),
        _draw_expected_value,
        _solve_expected_value,
        "big",
    ),
    Skill(
        "fair_price_of_game",
        TOPIC,
        ("fair game", "expected value"),
        "high school",
        (
            "A game at {place} pays {prize} dollars with probability {p} and nothing otherwise. What price, in "
            "dollars, makes the game fair?",
            "{person} sells tickets that win {prize} dollars with probability {p} and are worthless otherwise. How "
            "many dollars should a ticket cost so that the game is fair?",
            "With probability {p} a player receives {prize} dollars; otherwise the player receives nothing. Find the "
            "stake in dollars for which the expected gain is zero.",
            "An insurance pays {prize} dollars if a damage occurs, which has the probability {p}. Which premium, in "
            "dollars, equals the expected payment?",
            "{other} promises {person} {prize} dollars if the next visitor to {place} wears a hat, which happens with "
            "probability {p}. How many dollars is this promise worth on average?",
        ),
        _draw_fair_price,
        _solve_fair_price,
        "p",
    ),
    Skill(
        "linear_expectation",
        TOPIC,
        ("linearity of expectation", "random variable"),
        "college",
        (
            "A random variable X has the expected value {mean}. Find the expected value of {a} * X + {b}.",
            "On average {mean} visitors come to {place} in a day. Each pays {a} dollars, and the day's donations are "
            "always {b} dollars. What is the expected income of a day, in dollars?",
            "{person} sells an expected number of {mean} {items} a week, earns {a} dollars on each of them, and "
            "receives {b} dollars of rent besides. How many dollars does {person} expect to earn in a week?",
            "Given that E(X) = {mean}, use the linearity of expectation to calculate E({a} * X + {b}).",
            "A machine produces X parts in an hour, where X has the mean {mean}. A part takes {a} grams of steel, and "
            "starting the machine for the hour wastes {b} grams. Determine the expected use of steel in that hour, in "
            "grams.",
        ),
        _draw_linear_expectation,
        _solve_linear_expectation,
        "mean",
    ),
    Skill(
        "expected_waiting_time",
        TOPIC,
        ("geometric distribution", "expected value"),
        "college",
        (
            "{person} tries keys at {place}, each time one at random out of {fields}, forgetting which were tried; "
            "{winning} of the {fields} fit. One attempt takes {cost} minutes. What is the expected time until one "
            "fits, in minutes?",
            "Each attempt at an experiment succeeds with probability {winning} out of {fields}, independently, and "
            "takes {cost} minutes. Find the expected number of minutes up to and including the first success.",
            "In a game the spinner shows {fields} equal sectors, {winning} of them marked with a star. A spin takes "
            "{cost} minutes, and play ends with the first star. How many minutes does the game last on average?",
            "Out of every {fields} callers to a telephone quiz, {winning} (chosen at random, independently for each "
            "call) get through. A call takes {cost} minutes. Calculate how many minutes {person} must expect to spend "
            "until the first call gets through.",
            "A random number from 1 to {fields} is drawn again and again with replacement until it is at most "
            "{winning}. Each draw takes {cost} minutes. What is the expected duration in minutes?",
        ),
        _draw_waiting,
        _solve_waiting,
        "fields",
    ),
    Skill(
        "mean_of_distribution",
        TOPIC,
        ("random variable", "expected value"),
        "high school",
        (
            "A random variable takes the values {values} with the probabilities {chances}, in this order. What is its "
            "expected value?",
            "The number of {items} that a customer buys at {place} is one of {values}, with probabilities {chances} "
            "respectively. Find the expected number.",
            "{person}'s points in one round of a game are {values} with the respective probabilities {chances}. How "
            "many points does {person} score on average in a round?",
            "A probability distribution is given by the values {values} and, in the same order, the probabilities "
            "{chances}. Calculate the mean of the distribution.",
            "A spinner shows one of the numbers {values}, with the probabilities {chances} in the same order. "
            "Determine the expectation of the number shown.",
        ),
        _draw_distribution_mean,
        _solve_distribution_mean,
    ),
)
