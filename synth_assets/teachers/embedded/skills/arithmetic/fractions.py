"""Skills of the meaning of fractions: simplest form, mixed numbers, parts of a quantity, comparison."""

import random
from fractions import Fraction
from math import gcd, lcm

from synth_assets.teachers.embedded.parameters import number, numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.fed import fed_whole


def proper_fraction(rng: random.Random, largest: int) -> Fraction:
    """A proper fraction in lowest terms with a denominator from 2 to `largest`."""
    denominator = rng.randint(2, largest)
    return Fraction(rng.choice([n for n in range(1, denominator) if gcd(n, denominator) == 1]), denominator)


def over_denominator(value: Fraction, denominator: int) -> str:
    """A fraction written over a given multiple of its denominator, not reduced: `6/8`."""
    return f"{value * denominator}/{denominator}"


def _draw_improper(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    count = fed_whole(fed, rng.randint(2, 12 * difficulty), most=10**4)
    return {"count": count, "part": proper_fraction(rng, 5 + 4 * difficulty)} if count else None


def _solve_improper(p: Parameters) -> Solution:
    count, part = whole(p, "count"), number(p, "part")
    top, bottom = part.numerator, part.denominator
    return Solution(
        (
            f"Write the whole part with the denominator {bottom}: {count} = {count} * {bottom}/{bottom} = "
            f"{count * bottom}/{bottom}.",
            f"Add the numerators: {count * bottom} + {top} = {count * bottom + top}.",
            f"The mixed number is the improper fraction {count + part}.",
        ),
        count + part,
    )


def _draw_of_quantity(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    part = proper_fraction(rng, 4 + 4 * difficulty)
    total = fed_whole(fed, part.denominator * rng.randint(2, 12 * difficulty), least=4)
    if total is None:
        return None
    parts = [part] if fed is None else [Fraction(n, d) for d in range(2, 13) if total % d == 0 for n in range(1, d)]
    return {"total": total, "part": rng.choice(parts)} if parts else None


def _solve_of_quantity(p: Parameters) -> Solution:
    total, part = whole(p, "total"), number(p, "part")
    share = total // part.denominator
    return Solution(
        (
            f"The denominator {part.denominator} says into how many equal parts {total} is divided: "
            f"{total} / {part.denominator} = {share}.",
            f"The numerator {part.numerator} says how many parts are taken: "
            f"{part.numerator} * {share} = {part.numerator * share}.",
        ),
        total * part,
    )


def _draw_of_the_rest(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first, second = rng.randint(2, 3 + difficulty), rng.randint(2, 3 + difficulty)
    total = fed_whole(fed, first * second * rng.randint(2, 15 * difficulty), least=6)
    if total is None:
        return None
    pairs = [
        (a, b)
        for a in range(2, 8)
        for b in range(2, 8)
        if total % a == 0 and (total - total // a) % b == 0 and total - total // a > b
    ]
    if fed is None:
        pairs = [(first, second)]
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    return {"total": total, "first": Fraction(1, first), "second": Fraction(1, second)}


def _solve_of_the_rest(p: Parameters) -> Solution:
    total, first, second = whole(p, "total"), number(p, "first"), number(p, "second")
    given = total * first
    rest = total - given
    return Solution(
        (
            f"The unit fraction {first} of {total} is {total} / {first.denominator} = {given}, "
            f"which leaves {total} - {given} = {rest}.",
            f"The unit fraction {second} of the rest is {rest} / {second.denominator} = {rest * second}.",
            f"What remains is {rest} - {rest * second} = {rest - rest * second}.",
        ),
        rest - rest * second,
    )


def _draw_simplest(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    factor = rng.randint(2, 5 + 4 * difficulty)
    total = fed_whole(fed, factor * rng.randint(2, 6 + 4 * difficulty), least=4)
    if total is None:
        return None
    if fed is None:
        return {"part": factor * rng.randint(1, total // factor - 1), "total": total}
    divisors = [d for d in range(2, min(total, 1000)) if total % d == 0 and total // d > 1]
    if not divisors:
        return None
    divisor = rng.choice(divisors)
    return {"part": divisor * rng.randint(1, min(total // divisor - 1, 500)), "total": total}


def _solve_simplest(p: Parameters) -> Solution:
    part, total = whole(p, "part"), whole(p, "total")
    common = gcd(part, total)
    return Solution(
        (
            f"The fraction has the numerator {part} and the denominator {total}; their greatest common divisor is "
            f"{common}.",
            f"Dividing both by {common} gives the equivalent fraction {part // common}/{total // common}.",
            "Numerator and denominator now have no common factor, so this is the simplest form of the fraction.",
        ),
        Fraction(part, total),
    )


def _draw_comparison(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    fractions: set[Fraction] = set()
    while len(fractions) < 3:
        fractions.add(proper_fraction(rng, 5 + 3 * difficulty))
    return {"fractions": tuple(rng.sample(sorted(fractions), 3))}


def _solve_comparison(p: Parameters) -> Solution:
    fractions = numbers(p, "fractions")
    common = lcm(*(fraction.denominator for fraction in fractions))
    return Solution(
        (
            f"For a comparison of fractions use the common denominator {common}.",
            f"The fractions {written(fractions)} become "
            f"{', '.join(over_denominator(fraction, common) for fraction in fractions)}.",
            f"The largest numerator is {max(fractions) * common}, so the largest fraction is {max(fractions)}.",
        ),
        max(fractions),
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="mixed_to_improper",
        topic="fractions",
        concepts=("improper fraction", "mixed number", "proper fraction"),
        level="primary",
        phrasings=(
            "A mixed number has the whole part {count} and the fraction part {part}. Write it as an improper fraction.",
            "Write {count} + {part} as a single improper fraction.",
            "{person} has {count} whole pies and {part} of another pie. How many pies is that, as an improper "
            "fraction?",
            "Which improper fraction equals the whole number {count} plus the proper fraction {part}?",
            "A tank at {place} is filled with {count} full buckets of water and one bucket that is {part} full. Give "
            "the number of buckets of water as an improper fraction.",
        ),
        draw=_draw_improper,
        solve=_solve_improper,
        feed="count",
    ),
    Skill(
        name="fraction_of_quantity",
        topic="fractions",
        concepts=("fraction", "numerator", "denominator"),
        level="primary",
        phrasings=(
            "What is {part} of {total}?",
            "There are {total} {items} at {place}, and {part} of them are sold. How many {items} are sold?",
            "{person} has {total} {items} and gives {part} of them to {other}. How many {items} does {other} receive?",
            "Find the number that is {part} of {total}.",
            "Out of {total} people who visit {place}, {part} come by bus. How many people come by bus?",
        ),
        draw=_draw_of_quantity,
        solve=_solve_of_quantity,
        feed="total",
    ),
    Skill(
        name="fraction_of_the_rest",
        topic="fractions",
        concepts=("unit fraction", "fraction"),
        level="middle",
        phrasings=(
            "{person} gives {first} of {total} {items} to {other} and then sells {second} of the rest. How many "
            "{items} does {person} keep?",
            "Take away {first} of {total}, and then take away {second} of what is left. What number remains?",
            "Of {total} {items} at {place}, {first} are sold on Monday and {second} of the remaining ones on Tuesday. "
            "How many {items} are left after that?",
            "A trip is {total} km long. {person} covers {first} of it on the first day and {second} of the remaining "
            "distance on the second day. How many kilometres are left?",
            "From {total} dollars {person} spends {first}, and then {second} of the remainder. How many dollars are "
            "left?",
        ),
        draw=_draw_of_the_rest,
        solve=_solve_of_the_rest,
        feed="total",
    ),
    Skill(
        name="simplify_fraction",
        topic="fractions",
        concepts=("simplest form of a fraction", "equivalent fraction", "greatest common divisor"),
        level="primary",
        phrasings=(
            "Write the fraction with the numerator {part} and the denominator {total} in simplest form.",
            "At {place} {part} of the {total} {items} are new. What fraction of the {items} is that, in lowest terms?",
            "{person} has read {part} of the {total} pages of a book. What fraction of the book has {person} read? "
            "Give it in simplest form.",
            "Which fraction in lowest terms is equivalent to {part} divided by {total}?",
            "What part of {total} is {part}? Answer with a fraction in lowest terms.",
        ),
        draw=_draw_simplest,
        solve=_solve_simplest,
        feed="total",
    ),
    Skill(
        name="largest_fraction",
        topic="fractions",
        concepts=("comparison of fractions", "common denominator", "fraction"),
        level="primary",
        phrasings=(
            "Which of the fractions {fractions} is the largest?",
            "Find the greatest number among {fractions}.",
            "Three equal cans at {place} are filled to the following fractions of their capacity: {fractions}. What "
            "fraction of the fullest can is filled?",
            "{person} compares the fractions {fractions}. Which of them is greater than the other two?",
            "Use a common denominator to find the largest of the fractions {fractions}.",
        ),
        draw=_draw_comparison,
        solve=_solve_comparison,
    ),
)
