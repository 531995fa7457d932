"""Problem skills of named distributions: binomial, geometric, hypergeometric and normal."""

from fractions import Fraction
from math import comb
from random import Random

from synth_assets.teachers.embedded.parameters import number, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, written
from synth_assets.teachers.embedded.skills.chance.feeding import chosen, proper_probability, raised, whole_between

TOPIC = "probability distributions"
WITHIN = {1: 68, 2: 95}
"""Percentage of a normal distribution within that many standard deviations of the mean (the empirical rule)."""


def _draw_binomial(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    p = proper_probability(rng, fed, 4 + 2 * difficulty if fed is None else 12)
    n = rng.randint(3, 3 + difficulty)
    return None if p is None else {"n": n, "k": rng.randint(1, n - 1), "p": p}


def _solve_binomial(p: Parameters) -> Solution:
    n, k, success = whole(p, "n"), whole(p, "k"), number(p, "p")
    answer = comb(n, k) * success**k * (1 - success) ** (n - k)
    return Solution(
        (
            f"The number of successes has a binomial distribution with n = {n} and p = {success}.",
            f"The {k} of the {n} trials that succeed can be chosen in {chosen(n, k)} ways.",
            f"Each such choice has the probability {raised(success, k)} * {raised(1 - success, n - k)} = "
            f"{success**k * (1 - success) ** (n - k)}.",
            f"Together the probability is {comb(n, k)} * {success**k * (1 - success) ** (n - k)} = {answer}.",
        ),
        answer,
    )


def _draw_binomial_variance(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    p = rng.choice((Fraction(1, 2), Fraction(1, 5), Fraction(2, 5), Fraction(1, 4), Fraction(3, 4), Fraction(3, 10)))
    n = whole_between(rng, fed, 4, 60 * difficulty, 10**6)
    return None if n is None else {"n": n, "p": p}


def _solve_binomial_variance(p: Parameters) -> Solution:
    n, success = whole(p, "n"), number(p, "p")
    answer = n * success * (1 - success)
    return Solution(
        (
            f"The number of successes has a binomial distribution with n = {n} and p = {success}.",
            f"The variance of a binomial distribution is n * p * (1 - p) = {n} * {success} * {1 - success} = {answer}.",
        ),
        answer,
    )


def _draw_geometric(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    p = proper_probability(rng, fed, 5 + 4 * difficulty if fed is None else 20)
    return None if p is None else {"p": p, "k": rng.randint(2, 3 + difficulty)}


def _solve_geometric(p: Parameters) -> Solution:
    success, k = number(p, "p"), whole(p, "k")
    failure = 1 - success
    answer = failure ** (k - 1) * success
    before = "the first trial fails" if k == 2 else f"the first {k - 1} trials fail"
    return Solution(
        (
            f"The number of the first successful trial has a geometric distribution with p = {success}.",
            f"For the first success to come on trial {k}, {before} and trial {k} succeeds.",
            f"The probability is {raised(failure, k - 1)} * {success} = {answer}.",
        ),
        answer,
    )


def _draw_hypergeometric(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = whole_between(rng, fed, 3, 4 + 2 * difficulty, 20)
    second, size = rng.randint(3, 4 + 2 * difficulty), rng.randint(2, 2 + difficulty)
    k = rng.randint(1, size)
    return None if first is None or k > first or size - k > second else {"a": first, "b": second, "n": size, "k": k}


def _solve_hypergeometric(p: Parameters) -> Solution:
    a, b, n, k = (whole(p, name) for name in ("a", "b", "n", "k"))
    favourable = comb(a, k) * comb(b, n - k)
    answer = Fraction(favourable, comb(a + b, n))
    return Solution(
        (
            f"The number of women chosen has a hypergeometric distribution: all combinations of {n} out of {a} + {b} = "
            f"{a + b} people are equally likely, {chosen(a + b, n)} in number.",
            f"There are {chosen(a, k)} ways to choose the women and {chosen(b, n - k)} ways to choose the men.",
            f"So {comb(a, k)} * {comb(b, n - k)} = {favourable} combinations are favourable, and the probability is "
            f"{favourable}/{comb(a + b, n)}" + ("." if answer.denominator == comb(a + b, n) else f" = {answer}."),
        ),
        answer,
    )


def _draw_empirical_rule(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    below, above = rng.choice(((1, 1), (2, 2)) if difficulty == 1 else ((1, 1), (2, 2), (1, 2), (2, 1), (0, 1), (0, 2)))
    sd = rng.randint(2, 5 * difficulty)
    mean = rng.randint(10, 60) + 4 * sd
    people = whole_between(rng, None, 1, 25, 25) if fed is None else whole_between(rng, Fraction(fed) / 200, 1, 1, 5000)
    if people is None:
        return None
    return {"people": people * 200, "mean": mean, "sd": sd, "low": mean - below * sd, "high": mean + above * sd}


def _solve_empirical_rule(p: Parameters) -> Solution:
    people, mean, sd, low, high = (whole(p, name) for name in ("people", "mean", "sd", "low", "high"))
    below, above = (mean - low) // sd, (high - mean) // sd
    parts = {end: Fraction(WITHIN[end], 2) for end in (1, 2)}
    share = sum((parts[end] for end in (below, above) if end), Fraction(0))
    if below == above:
        reason = (
            f"Both limits lie {below * sd} from the mean {mean}, which is {below} times the standard deviation {sd}."
        )
        rule = f"By the empirical rule {written(share)} percent of a normal distribution lies between them."
    else:
        reason = (
            f"The limits lie {mean - low} below and {high - mean} above the mean; counted in standard deviations this "
            f"is {mean - low}/{sd} = {below} and {high - mean}/{sd} = {above}."
        )
        halves = [f"{WITHIN[end]}/2 = {decimal(parts[end])} percent" for end in (below, above) if end]
        rule = (
            "By the empirical rule and the symmetry of the normal distribution, the part on "
            + ("that side" if len(halves) == 1 else "the two sides")
            + f" of the mean is {' and '.join(halves)}, {decimal(share)} percent in all."
        )
    answer = people * share / 100
    return Solution((reason, rule, f"Of {people} this is {people} * {decimal(share)}/100 = {decimal(answer)}."), answer)


SKILLS: tuple[Skill, ...] = (
    Skill(
        "binomial_exactly",
        TOPIC,
        ("binomial distribution", "bernoulli trial", "binomial coefficient"),
        "high school",
        (
            "{person} scores with probability {p} on each throw, independently of the other throws. In {n} throws, "
            "what is the probability of exactly {k} scoring?",
            "A random variable has a binomial distribution with {n} trials and success probability {p}. Find the "
            "probability of exactly {k} successes out of the {n} trials.",
            "Each day the bus to {place} is late with probability {p}, independently of other days. With what "
            "probability is it late on exactly {k} of {n} days?",
            "A Bernoulli trial with success probability {p} is carried out {n} times independently. Calculate the "
            "probability that the number of successes is exactly {k}.",
            "A quiz has {n} questions, and {person}, who only guesses, gets each one right with probability {p}, "
            "independently of the rest. How likely is it that the number of right answers is exactly {k}?",
        ),
        _draw_binomial,
        _solve_binomial,
        "p",
    ),
    Skill(
        "binomial_variance",
        TOPIC,
        ("variance of a random variable", "binomial distribution"),
        "college",
        (
            "An experiment that succeeds with probability {p} is repeated {n} times independently. What is the "
            "variance of the number of successes?",
            "Find the variance of a binomial distribution with n = {n} and p = {p}.",
            "Each of {n} {items} at {place} is sold on a given day with probability {p}, independently of the others. "
            "Calculate the variance of the number sold.",
            "{person} takes {n} shots at a target and hits it with probability {p} each time, independently. "
            "Determine the variance of the number of hits.",
            "Of {n} invited guests, each comes with probability {p}, and they decide independently. What is the "
            "variance of the number of guests who come?",
        ),
        _draw_binomial_variance,
        _solve_binomial_variance,
        "n",
    ),
    Skill(
        "geometric_first_success",
        TOPIC,
        ("geometric distribution", "independent events"),
        "high school",
        (
            "{person} throws rings at a peg and succeeds with probability {p} on each throw, independently. What is "
            "the probability that the first success comes on throw number {k}?",
            "Independent trials succeed with probability {p} each. Find the probability that trial number {k} is the "
            "first success.",
            "Each visitor to {place} buys something with probability {p}, independently of the others. How likely is "
            "it that visitor number {k} is the first one who buys?",
            "A random variable has a geometric distribution: it counts the trials up to and including the first "
            "success, and the success probability is {p}. Calculate the probability that it equals {k}.",
            "Every day it rains with probability {p}, whatever the other days were like. Counting from today as day "
            "1, with what probability is day {k} the first rainy day?",
        ),
        _draw_geometric,
        _solve_geometric,
        "p",
    ),
    Skill(
        "hypergeometric_committee",
        TOPIC,
        ("hypergeometric distribution", "combination"),
        "high school",
        (
            "A club at {place} has {a} women and {b} men. A committee of {n} is drawn by lot. What is the probability "
            "that the number of women on it is exactly {k}?",
            "From {a} women and {b} men, {n} people are chosen at random. Find the probability that exactly {k} of "
            "those chosen are women.",
            "{person} selects {n} of the {a} women and {b} men in a choir at random for a photograph. How likely is "
            "it that the photograph shows exactly {k} of the women?",
            "All groups of {n} formed from {a} women and {b} men are equally likely. Calculate the probability that "
            "the number of women in the group is exactly {k}.",
            "{n} seats in a boat are given by lot among {a} women and {b} men who wait at {place}. With what "
            "probability is the number of women in the boat exactly {k}?",
        ),
        _draw_hypergeometric,
        _solve_hypergeometric,
        "a",
    ),
    Skill(
        "normal_empirical_rule",
        TOPIC,
        ("empirical rule", "normal distribution", "standard deviation"),
        "high school",
        (
            "The marks of {people} candidates follow a normal distribution with mean {mean} and standard deviation "
            "{sd}. Using the 68-95-99.7 rule, how many candidates are expected to have a mark between {low} and "
            "{high}?",
            "The masses of the apples sold at {place} are normally distributed with mean {mean} grams and standard "
            "deviation {sd} grams. By the 68-95-99.7 rule, how many of {people} have a mass between {low} and {high} "
            "grams?",
            "A normal distribution has mean {mean} and standard deviation {sd}. Of {people} values drawn from it, how "
            "many are expected to lie between {low} and {high}? Use the empirical rule (68, 95 and 99.7 percent).",
            "{person} measures {people} plants. Their heights are normal with mean {mean} cm and standard deviation "
            "{sd} cm. Estimate, by the rule of 68, 95 and 99.7 percent, the number of plants between {low} cm and "
            "{high} cm tall.",
            "Waiting times at {place} follow a bell curve with mean {mean} minutes and standard deviation {sd} "
            "minutes. Take 68 percent for one and 95 percent for two standard deviations around the mean. Of {people} "
            "customers, how many wait between {low} and {high} minutes?",
        ),
        _draw_empirical_rule,
        _solve_empirical_rule,
        "people",
    ),
)
