"""Problem skills of several events: complements, independent and mutually exclusive events, addition rule."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import number, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.chance.feeding import proper_probability, raised, whole_between

TOPIC = "probability"


def _draw_at_least_one(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    p = proper_probability(rng, fed, 6 + 4 * difficulty)
    return None if p is None else {"p": p, "n": rng.randint(2, 2 + difficulty)}


def _solve_at_least_one(p: Parameters) -> Solution:
    success, n = number(p, "p"), whole(p, "n")
    failure = 1 - success
    answer = 1 - failure**n
    return Solution(
        (
            'The complementary event of "at least once" is "not even once".',
            f"The probability that it does not happen on a single occasion is 1 - {success} = {failure}.",
            f"The occasions are independent, so the probability of not even once in {n} is {raised(failure, n)}"
            f" = {failure**n}.",
            f"The probability of at least once is therefore 1 - {failure**n} = {answer}.",
        ),
        answer,
    )


def _draw_both(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    p = proper_probability(rng, fed, 5 + 5 * difficulty)
    q = proper_probability(rng, None, 5 + 5 * difficulty)
    return None if p is None or q is None else {"p": p, "q": q}


def _solve_both(p: Parameters) -> Solution:
    first, second = number(p, "p"), number(p, "q")
    answer = first * second
    return Solution(
        (
            "The two events are independent, so by the multiplication rule the probability that both happen is the "
            "product of their probabilities.",
            f"Multiply: {first} * {second} = {answer}.",
        ),
        answer,
    )


def _solve_exactly_one(p: Parameters) -> Solution:
    first, second = number(p, "p"), number(p, "q")
    only_first, only_second = first * (1 - second), (1 - first) * second
    answer = only_first + only_second
    return Solution(
        (
            f"Since the events are independent, the first alone happens with probability {first} * {1 - second} = "
            f"{only_first}.",
            f"In the same way the second alone happens with probability {1 - first} * {second} = {only_second}.",
            "These two cases are mutually exclusive, so their probabilities are added: "
            f"{only_first} + {only_second} = {answer}.",
        ),
        answer,
    )


def _draw_addition_rule(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    step = (10, 5, 1)[difficulty - 1]
    both = whole_between(rng, None if fed is None else Fraction(fed) / step, 1, 30 // step, 30 // step)
    if both is None:
        return None
    a = both + rng.randint(1, 35 // step)
    b = both + rng.randint(1, 35 // step)
    return {"a": a * step, "b": b * step, "both": both * step} if (a + b - both) * step < 100 else None


def _solve_addition_rule(p: Parameters) -> Solution:
    a, b, both = whole(p, "a"), whole(p, "b"), whole(p, "both")
    answer = a + b - both
    return Solution(
        (
            "By the addition rule, P(A or B) = P(A) + P(B) - P(A and B), since the people in both groups would "
            "otherwise be counted twice.",
            f"In percent this is {a} + {b} - {both} = {answer}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "at_least_one_success",
        TOPIC,
        ("complementary event", "independent events"),
        "high school",
        (
            "On each visit to {place}, {person} meets {other} with probability {p}, independently of all other "
            "visits. What is the probability that they meet at least once in {n} visits?",
            "An experiment succeeds with probability {p}. It is repeated {n} times, and the trials are independent. "
            "Find the probability of at least one success.",
            "{person} hits a target with probability {p} on every shot, whatever happened before. With what "
            "probability do they hit it at least once in {n} shots?",
            "Use the complementary event: an alarm fails to notice a test signal, or notices it with probability {p}, "
            "independently each time. If {n} signals are sent, how likely is it that at least one is noticed?",
            "The probability that a seed from {place} sprouts is {p}, independently of the other seeds. {person} "
            "plants {n} of these seeds. Determine the probability that one or more of them sprout.",
        ),
        _draw_at_least_one,
        _solve_at_least_one,
        "p",
    ),
    Skill(
        "both_independent_events",
        TOPIC,
        ("multiplication rule of probability", "independent events"),
        "middle",
        (
            "{person} solves a puzzle with probability {p}, and {other}, working alone, solves it with probability "
            "{q}. The two results are independent. What is the probability that both of them solve it?",
            "Events A and B are independent, with P(A) = {p} and P(B) = {q}. Find P(A and B).",
            "The bus to {place} is on time with probability {p}. Independently of this, the train that {person} takes "
            "next is on time with probability {q}. How likely is it that bus and train are both on time?",
            "A first spinner lands on red with probability {p} and a second one lands on red with probability {q}. "
            "Each is spun once, independently of the other. Calculate the probability of red on both.",
            "A machine works today with probability {p}; a second machine, independent of the first, works with "
            "probability {q}. With what probability do both work today?",
        ),
        _draw_both,
        _solve_both,
        "p",
    ),
    Skill(
        "exactly_one_of_two_events",
        TOPIC,
        ("mutually exclusive events", "independent events"),
        "high school",
        (
            "{person} wins a game with probability {p}, and {other} wins a different game with probability {q}, "
            "independently. What is the probability that exactly one of them wins?",
            "Two independent events have the probabilities {p} and {q}. Find the probability that exactly one of the "
            "two events happens.",
            "Two lamps burn independently of each other: the first is on with probability {p}, the second with "
            "probability {q}. How likely is it that one lamp is on and the other is off?",
            "It rains at {place} on Saturday with probability {p} and on Sunday with probability {q}; assume that the "
            "two days are independent. Calculate the probability that it rains on precisely one of the two days.",
            "A parcel of {items} arrives on time with probability {p}, and a second parcel, sent by another road, "
            "arrives on time with probability {q}. The two are independent. With what probability does just one of "
            "the parcels arrive on time?",
        ),
        _draw_both,
        _solve_exactly_one,
        "p",
    ),
    Skill(
        "addition_rule_percent",
        TOPIC,
        ("addition rule of probability",),
        "high school",
        (
            "Of the visitors to {place}, {a} percent come by bicycle on some days, {b} percent come on foot on some "
            "days, and {both} percent do both. What percentage of the visitors do at least one of the two?",
            "For two events, P(A) is {a} percent, P(B) is {b} percent, and P(A and B) is {both} percent. Find P(A or "
            "B) in percent.",
            "In a town, {a} percent of the households keep a dog, {b} percent keep a cat, and {both} percent keep "
            "both. A household is chosen at random. How many percent is the probability that it keeps a dog or a cat "
            "(or both)?",
            "{person} asks the members of a club: {a} percent play chess, {b} percent play cards, and {both} percent "
            "play both. What percentage of the members play chess or cards or both?",
            "A forecast for {place} gives a probability of {a} percent for rain, {b} percent for strong wind and "
            "{both} percent for rain together with strong wind. By the addition rule, how many percent is the "
            "probability of rain or strong wind?",
        ),
        _draw_addition_rule,
        _solve_addition_rule,
        "both",
    ),
)
