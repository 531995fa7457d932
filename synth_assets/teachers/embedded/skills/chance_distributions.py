"""Problem skills on random variables and their distributions: expected value, binomial, geometric, normal and others."""

from fractions import Fraction
from math import comb
from random import Random

from synth_assets.teachers.embedded.parameters import number, numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, written
from synth_assets.teachers.embedded.skills.chance_feeding import chosen, proper_probability, raised, whole_between

TOPIC = "probability distributions"
WITHIN = {1: 68, 2: 95}
"""Percentage of a normal distribution within that many standard deviations of the mean (the empirical rule)."""


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
            "A game is fair when its price equals the expected value of the payout.",
            f"The expected value of the payout is {chance} * {prize} = {written(answer)} dollars, since otherwise nothing "
            "is paid.",
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


def _draw_binomial(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    p = proper_probability(rng, fed, 3 + difficulty) if fed is None else proper_probability(rng, fed, 12)
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
    p = proper_probability(rng, fed, 4 + 2 * difficulty) if fed is None else proper_probability(rng, fed, 20)
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
        reason = f"Both limits lie {below * sd} from the mean {mean}, which is {below} times the standard deviation {sd}."
        rule = f"By the empirical rule {written(share)} percent of a normal distribution lies between them."
    else:
        reason = (
            f"The limits lie {below} standard deviations below and {above} above the mean, since ({mean} - {low})/{sd} = "
            f"{below} and ({high} - {mean})/{sd} = {above}."
        )
        halves = [f"{WITHIN[end]}/2 = {decimal(parts[end])} percent" for end in (below, above) if end]
        rule = (
            "By the empirical rule and the symmetry of the normal distribution, the part on "
            + ("that side" if len(halves) == 1 else "the two sides")
            + f" of the mean is {' and '.join(halves)}, {decimal(share)} percent in all."
        )
    answer = people * share / 100
    return Solution((reason, rule, f"Of {people} this is {people} * {decimal(share)}/100 = {decimal(answer)}."), answer)


def _draw_distribution_mean(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    del fed
    size, parts = 2 + difficulty, 10 if difficulty == 1 else 20
    values = tuple(sorted(rng.sample(range(0, 10 * difficulty), size)))
    cuts = [0, *sorted(rng.sample(range(1, parts), size - 1)), parts]
    return {"values": values, "chances": tuple(Fraction(b - a, parts) for a, b in zip(cuts, cuts[1:], strict=False))}


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
            "dollars each, and the others pay nothing. One spin costs {price} dollars. What is {person}'s expected gain, in "
            "dollars, from one spin after paying for it?",
            "A lottery has {fields} tickets at {price} dollars each: one wins {big} dollars, {often} win {small} dollars each, "
            "and the rest win nothing. Find the expected net gain in dollars for the buyer of one ticket (a loss counts as "
            "negative).",
            "{person} pays {price} dollars to draw one of {fields} cards. One card brings {big} dollars, {often} cards bring "
            "{small} dollars each, and the remaining cards bring nothing. What is the expected value, in dollars, of the gain "
            "minus the price?",
            "One of {fields} equally likely outcomes of a game pays {big} dollars, {often} of them pay {small} dollars each, "
            "and all others pay 0. The game costs {price} dollars. Calculate the player's expected profit in dollars, which "
            "may be negative.",
            "At a fair, {fields} sealed envelopes lie on a table: one holds {big} dollars, {often} hold {small} dollars each, "
            "and the others are empty. {other} takes one at random for a fee of {price} dollars. How many dollars does "
            "{other} gain on average, the fee being taken off?",
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
            "A game at {place} pays {prize} dollars with probability {p} and nothing otherwise. What price, in dollars, makes "
            "the game fair?",
            "{person} sells tickets that win {prize} dollars with probability {p} and are worthless otherwise. How many "
            "dollars should a ticket cost so that the game is fair?",
            "With probability {p} a player receives {prize} dollars; otherwise the player receives nothing. Find the stake in "
            "dollars for which the expected gain is zero.",
            "An insurance pays {prize} dollars if a damage occurs, which has the probability {p}. Which premium, in dollars, "
            "equals the expected payment?",
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
            "On average {mean} visitors come to {place} in a day. Each pays {a} dollars, and the day's donations are always "
            "{b} dollars. What is the expected income of a day, in dollars?",
            "{person} sells an expected number of {mean} {items} a week, earns {a} dollars on each of them, and receives {b} "
            "dollars of rent besides. How many dollars does {person} expect to earn in a week?",
            "Given that E(X) = {mean}, use the linearity of expectation to calculate E({a} * X + {b}).",
            "A machine produces X parts in an hour, where X has the mean {mean}. A part takes {a} grams of steel, and starting "
            "the machine for the hour wastes {b} grams. Determine the expected use of steel in that hour, in grams.",
        ),
        _draw_linear_expectation,
        _solve_linear_expectation,
        "mean",
    ),
    Skill(
        "binomial_exactly",
        TOPIC,
        ("binomial distribution", "bernoulli trial", "binomial coefficient"),
        "high school",
        (
            "{person} scores with probability {p} on each throw, independently of the other throws. In {n} throws, what is "
            "the probability of exactly {k} scoring?",
            "A random variable has a binomial distribution with {n} trials and success probability {p}. Find the probability "
            "of exactly {k} successes out of the {n} trials.",
            "Each day the bus to {place} is late with probability {p}, independently of other days. With what probability is "
            "it late on exactly {k} of {n} days?",
            "A Bernoulli trial with success probability {p} is carried out {n} times independently. Calculate the probability "
            "that the number of successes is exactly {k}.",
            "A quiz has {n} questions, and {person}, who only guesses, gets each one right with probability {p}, independently "
            "of the rest. How likely is it that the number of right answers is exactly {k}?",
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
            "An experiment that succeeds with probability {p} is repeated {n} times independently. What is the variance of "
            "the number of successes?",
            "Find the variance of a binomial distribution with n = {n} and p = {p}.",
            "Each of {n} {items} at {place} is sold on a given day with probability {p}, independently of the others. Calculate "
            "the variance of the number sold.",
            "{person} takes {n} shots at a target and hits it with probability {p} each time, independently. Determine the "
            "variance of the number of hits.",
            "Of {n} invited guests, each comes with probability {p}, and they decide independently. What is the variance of "
            "the number of guests who come?",
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
            "{person} throws rings at a peg and succeeds with probability {p} on each throw, independently. What is the "
            "probability that the first success comes on throw number {k}?",
            "Independent trials succeed with probability {p} each. Find the probability that trial number {k} is the first "
            "success.",
            "Each visitor to {place} buys something with probability {p}, independently of the others. How likely is it that "
            "visitor number {k} is the first one who buys?",
            "A random variable has a geometric distribution: it counts the trials up to and including the first success, and "
            "the success probability is {p}. Calculate the probability that it equals {k}.",
            "Every day it rains with probability {p}, whatever the other days were like. Counting from today as day 1, with "
            "what probability is day {k} the first rainy day?",
        ),
        _draw_geometric,
        _solve_geometric,
        "p",
    ),
    Skill(
        "expected_waiting_time",
        TOPIC,
        ("geometric distribution", "expected value"),
        "college",
        (
            "{person} tries keys at {place}, each time one at random out of {fields}, forgetting which were tried; {winning} "
            "of the {fields} fit. One attempt takes {cost} minutes. What is the expected time until one fits, in minutes?",
            "Each attempt at an experiment succeeds with probability {winning} out of {fields}, independently, and takes {cost} "
            "minutes. Find the expected number of minutes up to and including the first success.",
            "In a game the spinner shows {fields} equal sectors, {winning} of them marked with a star. A spin takes {cost} "
            "minutes, and play ends with the first star. How many minutes does the game last on average?",
            "Out of every {fields} callers to a telephone quiz, {winning} (chosen at random, independently for each call) get "
            "through. A call takes {cost} minutes. Calculate how many minutes {person} must expect to spend until the first "
            "call gets through.",
            "A random number from 1 to {fields} is drawn again and again with replacement until it is at most {winning}. Each "
            "draw takes {cost} minutes. What is the expected duration in minutes?",
        ),
        _draw_waiting,
        _solve_waiting,
        "fields",
    ),
    Skill(
        "hypergeometric_committee",
        TOPIC,
        ("hypergeometric distribution", "combination"),
        "high school",
        (
            "A club at {place} has {a} women and {b} men. A committee of {n} is drawn by lot. What is the probability that the "
            "number of women on it is exactly {k}?",
            "From {a} women and {b} men, {n} people are chosen at random. Find the probability that exactly {k} of those chosen "
            "are women.",
            "{person} selects {n} of the {a} women and {b} men in a choir at random for a photograph. How likely is it that the "
            "photograph shows exactly {k} of the women?",
            "All groups of {n} formed from {a} women and {b} men are equally likely. Calculate the probability that the number "
            "of women in the group is exactly {k}.",
            "{n} seats in a boat are given by lot among {a} women and {b} men who wait at {place}. With what probability is "
            "the number of women in the boat exactly {k}?",
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
            "The marks of {people} candidates follow a normal distribution with mean {mean} and standard deviation {sd}. "
            "Using the 68-95-99.7 rule, how many candidates are expected to have a mark between {low} and {high}?",
            "The masses of the {items} at {place} are normally distributed with mean {mean} grams and standard deviation {sd} "
            "grams. By the 68-95-99.7 rule, how many of {people} have a mass between {low} and {high} grams?",
            "A normal distribution has mean {mean} and standard deviation {sd}. Of {people} values drawn from it, how many are "
            "expected to lie between {low} and {high}? Use the empirical rule (68, 95 and 99.7 percent).",
            "{person} measures {people} plants. Their heights are normal with mean {mean} cm and standard deviation {sd} cm. "
            "Estimate, by the rule of 68, 95 and 99.7 percent, the number of plants between {low} cm and {high} cm tall.",
            "Waiting times at {place} follow a bell curve with mean {mean} minutes and standard deviation {sd} minutes. Take 68 "
            "percent for one and 95 percent for two standard deviations around the mean. Of {people} customers, how many wait "
            "between {low} and {high} minutes?",
        ),
        _draw_empirical_rule,
        _solve_empirical_rule,
        "people",
    ),
    Skill(
        "mean_of_distribution",
        TOPIC,
        ("random variable", "expected value"),
        "high school",
        (
            "A random variable takes the values {values} with the probabilities {chances}, in this order. What is its expected "
            "value?",
            "The number of {items} that a customer buys at {place} is one of {values}, with probabilities {chances} "
            "respectively. Find the expected number.",
            "{person}'s points in one round of a game are {values} with the respective probabilities {chances}. How many points "
            "does {person} score on average in a round?",
            "A probability distribution is given by the values {values} and, in the same order, the probabilities {chances}. "
            "Calculate the mean of the distribution.",
            "A spinner shows one of the numbers {values}, with the probabilities {chances} in the same order. Determine the "
            "expectation of the number shown.",
        ),
        _draw_distribution_mean,
        _solve_distribution_mean,
    ),
)
