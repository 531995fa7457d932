"""Problem skills of single events: equally likely outcomes, odds, relative frequency."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.chance.feeding import whole_between

TOPIC = "probability"


def _draw_single_pick(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    favourable = whole_between(rng, fed, 2, 6 * difficulty, 500)
    if favourable is None:
        return None
    return {"first": favourable, "second": rng.randint(2, 8 * difficulty), "third": rng.randint(2, 8 * difficulty)}


def _solve_single_pick(p: Parameters) -> Solution:
    first, second, third = whole(p, "first"), whole(p, "second"), whole(p, "third")
    total = first + second + third
    answer = Fraction(first, total)
    steps = [
        f"There are {first} + {second} + {third} = {total} equally likely outcomes, and {first} of them are "
        f"favourable.",
        f"The probability is the number of favourable outcomes divided by the number of all outcomes: {first}/{total}.",
    ]
    if answer.denominator != total:
        steps.append(f"In lowest terms this is {answer}.")
    return Solution(tuple(steps), answer)


def _draw_two_dice(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = (6, 8, 10) if difficulty == 1 else (4, 6, 8, 10, 12, 16, 20)
    m, n = rng.choice(sides), rng.choice(sides if difficulty > 1 else (6,))
    total = whole_between(rng, fed, 2, m + n, m + n)
    return None if total is None else {"m": m, "n": n, "total": total}


def _solve_two_dice(p: Parameters) -> Solution:
    m, n, total = whole(p, "m"), whole(p, "n"), whole(p, "total")
    low, high = max(1, total - n), min(m, total - 1)
    count = high - low + 1
    answer = Fraction(count, m * n)
    if count == 1:
        favourable = f"The only outcome with sum {total} shows {low} on the first die and {total - low} on the second."
    else:
        favourable = (
            f"For the sum {total} the first die can show one of the {count} numbers from {low} to {high}, and the "
            f"second die is then determined, so {count} outcomes are favourable."
        )
    return Solution(
        (
            f"The sample space has {m} * {n} = {m * n} equally likely outcomes, one for each pair of numbers.",
            favourable,
            f"The probability is {count}/{m * n}" + ("." if answer.denominator == m * n else f" = {answer}."),
        ),
        answer,
    )


def _draw_odds(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    against = whole_between(rng, fed, 1, 10 * difficulty, 1000)
    return None if against is None else {"against": against, "favour": rng.randint(1, 6 + 6 * difficulty)}


def _solve_odds(p: Parameters) -> Solution:
    against, favour = whole(p, "against"), whole(p, "favour")
    total = against + favour
    answer = Fraction(favour, total)
    return Solution(
        (
            f"Odds of {against} to {favour} against mean {against} parts for losing and {favour} for winning, "
            f"{total} parts in all.",
            f"The probability of winning is {favour}/{total}"
            + ("." if answer.denominator == total else f" = {answer}."),
        ),
        answer,
    )


def _draw_relative_frequency(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    seen, part = rng.choice((20, 25, 40, 50, 80, 100, 120, 200)), rng.randint(2, 18)
    later = whole_between(rng, fed, 2, 20, 10**6)
    if later is None:
        return None
    future = later if fed is not None else later * seen // (2 if difficulty > 1 else 1)
    return {"part": part, "seen": seen, "future": future} if future * part % seen == 0 else None


def _solve_relative_frequency(p: Parameters) -> Solution:
    part, seen, future = whole(p, "part"), whole(p, "seen"), whole(p, "future")
    rate = Fraction(part, seen)
    answer = rate * future
    return Solution(
        (
            f"The relative frequency so far is {part}/{seen}"
            + (", which estimates the probability." if rate.denominator == seen else f" = {rate}."),
            f"The expected frequency among {future} is {future} * {rate} = {answer}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "single_pick_probability",
        TOPIC,
        ("probability of an event", "favourable outcome", "equally likely outcomes"),
        "middle",
        (
            "At {place}, {first} of the {items} are red, {second} are blue and {third} are green. {person} picks one "
            "of them at random. What is the probability that it is red?",
            "A box holds {first} red cards, {second} blue cards and {third} green cards. One card is drawn at random. "
            "Find the probability of drawing a red card.",
            "{person} writes {first} questions on algebra, {second} on geometry and {third} on statistics on slips of "
            "paper, and {other} draws one slip with closed eyes. How likely is a question on algebra? Give a fraction.",
            "A raffle drum at {place} contains {first} winning tickets, {second} blank tickets and {third} tickets "
            "for a free second try. {person} draws a single ticket. What is the probability that it wins?",
            "In a bag there are {first} white counters, {second} black counters and {third} yellow counters, all of "
            "one size. Calculate the probability that a counter taken at random is white.",
        ),
        _draw_single_pick,
        _solve_single_pick,
        "first",
    ),
    Skill(
        "two_dice_sum",
        TOPIC,
        ("sample space", "outcome", "equally likely outcomes"),
        "middle",
        (
            "Two fair dice are rolled, one with sides numbered from 1 to {m} and one with sides numbered from 1 to "
            "{n}. What is the probability that the numbers shown add up to {total}?",
            "{person} rolls a fair die whose sides carry the numbers 1 to {m}, and {other} rolls one whose sides "
            "carry the numbers 1 to {n}. Find the probability that the sum of their results is {total}.",
            "One spinner has {m} equal sectors numbered from 1 to {m}; another has {n} equal sectors numbered from 1 "
            "to {n}. Each is spun once. How likely is it that the two numbers have the sum {total}?",
            "List the sample space for throwing a fair {m}-sided die and a fair {n}-sided die, both numbered from 1 "
            "upwards. What is the probability of a total of {total}?",
            "In a board game at {place}, a move is the sum of two fair dice, one numbered from 1 to {m}, the other "
            "from 1 to {n}. {person} needs to move exactly {total} squares. With what probability does this succeed?",
        ),
        _draw_two_dice,
        _solve_two_dice,
        "total",
    ),
    Skill(
        "odds_to_probability",
        TOPIC,
        ("odds", "probability of an event"),
        "middle",
        (
            "The odds against {person} winning the race are {against} to {favour}. What is the probability that "
            "{person} wins?",
            "The odds against an event are {against} : {favour}. Find the probability of the event.",
            "A newspaper gives odds of {against} to {favour} against a victory of the local team at {place}. How "
            "likely, according to the newspaper, is the victory?",
            "Convert to a probability: the odds against success are {against} to {favour}. What is the probability of "
            "success?",
            "{other} offers odds of {against} to {favour} against the next card being red. If these odds are fair, "
            "with what probability is the next card red?",
        ),
        _draw_odds,
        _solve_odds,
        "against",
    ),
    Skill(
        "relative_frequency_forecast",
        TOPIC,
        ("relative frequency", "expected frequency"),
        "middle",
        (
            "Of the last {seen} {items} delivered to {place}, {part} were damaged. At the same rate, how many damaged "
            "ones are to be expected among the next {future}?",
            "In {seen} trials an event happened {part} times. Use the relative frequency to estimate how often it "
            "will happen in {future} trials.",
            "{person} checked {seen} {items} and found {part} with a fault. If the relative frequency of faults stays "
            "the same, how many faulty ones should {person} expect among {future}?",
            "A biased spinner landed on blue {part} times in {seen} spins. What is the expected number of blues in "
            "{future} further spins, by the relative frequency observed?",
            "A survey at {place} found that {part} of {seen} visitors were left-handed. Estimate the number of "
            "left-handed people among {future} visitors.",
        ),
        _draw_relative_frequency,
        _solve_relative_frequency,
        "future",
    ),
)
