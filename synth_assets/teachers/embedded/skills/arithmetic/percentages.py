"""Skills of percentages: percent of a number, the percent equation, percent change."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal
from synth_assets.teachers.embedded.skills.fed import fed_cents, fed_whole

EASY_PERCENTS = (10, 20, 25, 30, 40, 50, 60, 75)


def drawn_percent(rng: random.Random, difficulty: int) -> int:
    """A percent below 100, rounder the lower the difficulty."""
    return rng.choice(EASY_PERCENTS if difficulty == 1 else range(5, 96, 5) if difficulty == 2 else range(2, 99))


def is_cents(value: Fraction) -> bool:
    """Whether an amount in dollars is a whole number of cents."""
    return (value * 100).denominator == 1


def _draw_percent_of(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    base = fed_cents(fed, rng.randint(2, 60 * difficulty) * 10)
    percent = drawn_percent(rng, difficulty)
    return {"percent": percent, "base": base} if base and is_cents(base * percent / 100) else None


def _solve_percent_of(p: Parameters) -> Solution:
    percent, base = whole(p, "percent"), number(p, "base")
    return Solution(
        (
            f"A percent is a part of one hundred, so {percent}% is the fraction {percent}/100.",
            f"Multiply by the base: {percent}/100 * {decimal(base)} = {decimal(base * percent / 100)}.",
        ),
        base * percent / 100,
    )


def _draw_what_percent(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    whole_amount = fed_whole(fed, rng.randint(1, 40 * difficulty) * rng.choice((4, 5, 10, 20, 25, 50)), least=4)
    if whole_amount is None:
        return None
    percents = [n for n in range(1, 100) if n * whole_amount % 100 == 0 and n * whole_amount >= 200]
    if not percents:
        return None if fed is not None else _draw_what_percent(rng, difficulty, fed)
    return {"part": rng.choice(percents) * whole_amount // 100, "amount": whole_amount}


def _solve_what_percent(p: Parameters) -> Solution:
    part, amount = whole(p, "part"), whole(p, "amount")
    return Solution(
        (
            f"In the percent equation the part {part} is an unknown percent of the base {amount}.",
            f"The part as a fraction of the base is {part}/{amount} = {Fraction(part, amount)}.",
            f"Multiply by 100 to get the percent: {Fraction(part, amount)} * 100 = {Fraction(100 * part, amount)}.",
        ),
        Fraction(100 * part, amount),
    )


def _draw_change(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    old = fed_whole(fed, rng.randint(1, 30 * difficulty) * rng.choice((4, 5, 10, 20, 25)), least=4)
    if old is None:
        return None
    change = rng.choice(("increase", "decrease"))
    percents = [n for n in range(1, 150 if change == "increase" else 96) if n * old % 100 == 0]
    percents = [n for n in percents if change == "increase" or (100 - n) * old >= 200]
    if not percents:
        return None if fed is not None else _draw_change(rng, difficulty, fed)
    step = rng.choice(percents) * old // 100
    return {"old": old, "new": old + step if change == "increase" else old - step, "change": change}


def _solve_change(p: Parameters) -> Solution:
    old, new, change = whole(p, "old"), whole(p, "new"), word(p, "change")
    step = abs(new - old)
    return Solution(
        (
            f"The amount of {change} is {max(old, new)} - {min(old, new)} = {step}.",
            f"Percent change compares this with the old value: {step}/{old} = {Fraction(step, old)}.",
            f"As a percent {change} this is {Fraction(step, old)} * 100 = {Fraction(100 * step, old)}.",
        ),
        Fraction(100 * step, old),
    )


def _draw_successive(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    start = fed_whole(fed, rng.randint(2, 20 * difficulty) * 100, least=10)
    if start is None:
        return None
    pairs = [
        (up, down)
        for up in range(5, 101, 5)
        for down in range(5, 91, 5)
        if start * (100 + up) % 100 == 0 and start * (100 + up) * (100 - down) % 10**4 == 0
    ]
    if not pairs:
        return None
    up, down = rng.choice(pairs)
    return {"start": start, "up": up, "down": down}


def _solve_successive(p: Parameters) -> Solution:
    start, up, down = whole(p, "start"), whole(p, "up"), whole(p, "down")
    higher = start * (100 + up) // 100
    lower = higher * (100 - down) // 100
    return Solution(
        (
            f"A percent increase of {up}% leaves {100 + up}% of {start}: {start} * {100 + up}/100 = {higher}.",
            f"The percent decrease of {down}% refers to the new base {higher} and leaves {100 - down}% of it.",
            f"That is {higher} * {100 - down}/100 = {lower}.",
        ),
        lower,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="percent_of_number",
        topic="percentages",
        concepts=("percent of a number", "percent"),
        level="middle",
        phrasings=(
            "What is {percent}% of {base}?",
            "Find the number that is {percent} percent of {base}.",
            "A budget of {base} dollars is planned for {place}, and {percent}% of it goes to repairs. How many "
            "dollars is that?",
            "{person} saves {percent}% of an income of {base} dollars. How many dollars does {person} save?",
            "A solution with a mass of {base} grams contains {percent}% salt by mass. How many grams of salt does it "
            "contain?",
        ),
        draw=_draw_percent_of,
        solve=_solve_percent_of,
        feed="base",
    ),
    Skill(
        name="what_percent",
        topic="percentages",
        concepts=("percent equation", "percent"),
        level="middle",
        phrasings=(
            "What percent of {amount} is {part}?",
            "Solve the percent equation: {part} is what percent of {amount}?",
            "Of the {amount} {items} at {place}, {part} are sold by noon. What percent of the {items} is that?",
            "{person} answered {part} of {amount} questions correctly. What percent of the questions is that?",
            "Express {part} out of {amount} as a percent. What percent is it?",
        ),
        draw=_draw_what_percent,
        solve=_solve_what_percent,
        feed="amount",
    ),
    Skill(
        name="percent_change",
        topic="percentages",
        concepts=("percent change", "percent"),
        level="middle",
        phrasings=(
            "A quantity goes from {old} to {new}. What is the percent {change}?",
            "Find the percent {change} from {old} to {new}.",
            "The number of {items} in stock at {place} went from {old} to {new} within a year. What percent {change} "
            "is this?",
            "{person} used to pay {old} dollars a month for lessons and now pays {new} dollars. What is the percent "
            "{change}?",
            "The {change} from {old} to {new} is what percent of {old}?",
        ),
        draw=_draw_change,
        solve=_solve_change,
        feed="old",
    ),
    Skill(
        name="successive_percent_changes",
        topic="percentages",
        concepts=("percent increase", "percent decrease"),
        level="middle",
        phrasings=(
            "The number {start} is increased by {up}%, and the result is decreased by {down}%. What is the final "
            "number?",
            "A village had {start} inhabitants. The number grew by {up}% and later fell by {down}% of its new value. "
            "How many inhabitants were there in the end?",
            "In May {place} had {start} visitors. In June there were {up}% more, and in July {down}% fewer than in "
            "June. How many visitors came in July?",
            "Apply a percent increase of {up}% to {start}, followed by a percent decrease of {down}%. What results?",
            "{person} invests {start} dollars. The value first rises by {up}% and then drops by {down}%. How many "
            "dollars is the investment worth now?",
        ),
        draw=_draw_successive,
        solve=_solve_successive,
        feed="start",
    ),
)
