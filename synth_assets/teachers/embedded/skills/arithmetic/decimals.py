"""Skills of decimals: products, division, rounding, repeating and terminating decimals."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _draw_product(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    count = fed_whole(fed, rng.randint(2, 15 * difficulty), most=10**5)
    places = min(difficulty, 2)
    digits = rng.randint(11, 40 * 10**places)
    length = Fraction(digits + (digits % 10 == 0), 10**places)
    return {"count": count, "length": decimal(length)} if count else None


def _solve_product(p: Parameters) -> Solution:
    count, length = whole(p, "count"), word(p, "length")
    value, places = Fraction(length), len(length.split(".")[1])
    digits = int(value * 10**places)
    return Solution(
        (
            f"Multiply as if there were no decimal point: {count} * {digits} = {count * digits}.",
            f"The factor {length} has {places} decimal place{'s' if places > 1 else ''}, so the product has as many: "
            f"{count} * {length} = {decimal(count * value)}.",
        ),
        count * value,
    )


def _draw_pouring(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sizes = [Fraction(n, 100) for n in (20, 25, 50, 5, 15, 35, 40, 75, 80, 125, 150, 160, 240)[: 4 + 3 * difficulty]]
    size = rng.choice(sizes)
    total = fed_whole(fed, size.numerator * rng.randint(2, 25 * difficulty), least=1, most=10**4)
    fitting = [s for s in sizes if total and (total / s).denominator == 1 and total > s]
    if fed is not None and fitting:
        size = rng.choice(fitting)
    return {"total": total, "size": decimal(size)} if total and fitting else None


def _solve_pouring(p: Parameters) -> Solution:
    total, size = whole(p, "total"), word(p, "size")
    value = Fraction(size)
    shift = 10 ** len(size.split(".")[1])
    return Solution(
        (
            f"Divide {total} by the decimal {size}.",
            f"Move the decimal point by multiplying both numbers by {shift}: {total * shift} / {value * shift}.",
            f"The quotient is {total * shift} / {value * shift} = {total / value}.",
        ),
        total / value,
    )


def _draw_cents(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    total = fed_whole(fed, rng.randint(10, 150 * difficulty))
    shares = [n for n in (3, 6, 7, 9, 11, 12, 13, 14, 15)[: 3 * difficulty] if total and 100 * total % n]
    shares = [n for n in shares if total and (200 * total) % n]
    if not total or not shares:
        return None if fed is not None else _draw_cents(rng, difficulty, fed)
    return {"total": total, "people": rng.choice(shares)}


def _solve_cents(p: Parameters) -> Solution:
    total, people = whole(p, "total"), whole(p, "people")
    thousandths = 1000 * total // people
    nearest = round(Fraction(100 * total, people))
    return Solution(
        (
            f"Divide: {total} / {people} = {decimal(Fraction(thousandths, 1000))}..., which goes on after the third "
            "decimal place.",
            f"Rounding to two decimal places gives {decimal(Fraction(nearest, 100))}, which is {nearest} hundredths.",
        ),
        nearest,
    )


def _draw_repeating(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length = 3 if difficulty == 3 else 2
    block = str(rng.randint(1, 10**length - 2)).zfill(length)  # a block of nines would be a terminating decimal
    if len(set(block)) == 1:
        block = block[0]
    start = "" if difficulty == 1 else str(rng.randint(1, 9))
    return {"start": start, "block": block, "text": f"0.{start}{block * 3}..."}


def _solve_repeating(p: Parameters) -> Solution:
    start, block, text = word(p, "start"), word(p, "block"), word(p, "text")
    shift, full = 10 ** len(start), 10 ** (len(start) + len(block))
    whole_part, lead = int(start + block), int(start or "0")
    value = Fraction(whole_part - lead, full - shift)
    in_lowest = "" if value.denominator == full - shift else f", in lowest terms {value}"
    shifted = "the repeating decimal" if shift == 1 else f"{shift} times it"
    return Solution(
        (
            f"Let x be the repeating decimal {text}, with the block {block} repeated without end.",
            f"Then {full}x = {whole_part} plus the repeating part, while {shifted} is {lead} plus the same repeating "
            "part.",
            f"Subtracting removes the repeating part: {full - shift}x = {whole_part} - {lead} = {whole_part - lead}.",
            f"So x is the rational number {whole_part - lead}/{full - shift}{in_lowest}.",
        ),
        value,
    )


def _draw_places(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    bottoms = [2**a * 5**b for a in range(2 + difficulty) for b in range(1 + difficulty) if a + b > 1]
    top = fed_whole(fed, rng.randint(3, 99 * difficulty), least=1)
    fitting = [n for n in bottoms if top and top % n]
    if not top or not fitting:
        return None if fed is not None else _draw_places(rng, difficulty, fed)
    return {"top": top, "bottom": rng.choice(fitting)}


def _solve_places(p: Parameters) -> Solution:
    top, bottom = whole(p, "top"), whole(p, "bottom")
    value = Fraction(top, bottom)
    places = next(k for k in range(1, 20) if 10**k % value.denominator == 0)
    return Solution(
        (
            f"In lowest terms the fraction is {value}, and its denominator {value.denominator} divides {10**places} "
            "but no smaller power of ten.",
            f"So it is the terminating decimal {value * 10**places}/{10**places} = {decimal(value)}.",
            f"The number of decimal places is {places}.",
        ),
        places,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="decimal_product",
        topic="decimals",
        concepts=("multiplication of decimals", "decimal place", "decimal point"),
        level="primary",
        phrasings=(
            "Multiply {count} by {length}.",
            "{person} lays {count} pipes, each {length} metres long, end to end. How many metres do they reach?",
            "A machine at {place} uses {length} litres of water an hour. How many litres does it use in {count} hours?",
            "What is the product of the whole number {count} and the decimal {length}?",
            "A round trip from {place} is {length} km long. {person} makes the trip {count} times. How many "
            "kilometres is that?",
        ),
        draw=_draw_product,
        solve=_solve_product,
        feed="count",
    ),
    Skill(
        name="divide_by_decimal",
        topic="decimals",
        concepts=("division by a decimal", "decimal", "quotient"),
        level="primary",
        phrasings=(
            "Divide {total} by {size}.",
            "How many bottles of {size} litres each can be filled from {total} litres of juice?",
            "{person} cuts {total} metres of wire into pieces of {size} metres. How many pieces are there?",
            "At {place} {total} kilograms of rice are filled into bags of {size} kilograms each. How many bags are "
            "filled?",
            "Find the quotient when the whole number {total} is divided by the decimal {size}.",
        ),
        draw=_draw_pouring,
        solve=_solve_pouring,
        feed="total",
    ),
    Skill(
        name="round_to_cent",
        topic="decimals",
        concepts=("decimal place", "rounding"),
        level="primary",
        phrasings=(
            "Divide {total} by {people} and round the quotient to two decimal places. How many hundredths is the "
            "rounded quotient?",
            "{people} friends share a bill of {total} dollars equally. What is each share, rounded to the nearest "
            "cent? Give it as a number of cents.",
            "At {place} {people} kilograms of coffee cost {total} dollars. How many cents does one kilogram cost, "
            "rounded to the nearest cent?",
            "How many hundredths is the number {total} divided by {people}, rounded to the nearest hundredth?",
            "{person} earns {total} dollars in {people} equal weekly payments. To the nearest cent, how many cents is "
            "one payment?",
        ),
        draw=_draw_cents,
        solve=_solve_cents,
        feed="total",
    ),
    Skill(
        name="repeating_decimal_to_fraction",
        topic="decimals",
        concepts=("repeating decimal", "rational number"),
        level="middle",
        phrasings=(
            "Write the repeating decimal {text}, in which the block {block} repeats forever, as a fraction in lowest "
            "terms.",
            "Which rational number, as a fraction in lowest terms, has the decimal form {text} with the block {block} "
            "repeated without end?",
            "Let x = {text}, where the block {block} goes on repeating. Express x as a quotient of two whole numbers "
            "in lowest terms.",
            "{person}'s calculator shows {text}, and the block {block} is known to repeat forever. Which exact "
            "fraction is this?",
            "Convert {text} (repeating block {block}) to a fraction in simplest form.",
        ),
        draw=_draw_repeating,
        solve=_solve_repeating,
    ),
    Skill(
        name="count_decimal_places",
        topic="decimals",
        concepts=("terminating decimal", "decimal place", "decimal point"),
        level="middle",
        phrasings=(
            "How many decimal places does the terminating decimal for {top} divided by {bottom} have?",
            "Write the fraction with the numerator {top} and the denominator {bottom} as a decimal. How many digits "
            "stand after the decimal point, without unneeded zeros at the end?",
            "{person} divides {top} by {bottom} and writes the exact quotient as a decimal. How many decimal places "
            "are needed at the least?",
            "A supply of {top} kilograms of flour is shared equally among {bottom} jars at {place}. How many decimal "
            "places are needed to write the exact number of kilograms in one jar?",
            "Let k be the smallest whole number for which {top} times 10^k is divisible by {bottom}. Find k.",
        ),
        draw=_draw_places,
        solve=_solve_places,
        feed="top",
    ),
)
