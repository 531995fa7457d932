"""Skills of fractions: their forms, the four operations, fractions of a quantity, comparison."""

import random
from fractions import Fraction
from math import gcd, lcm

from synth_assets.teachers.embedded.parameters import number, numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.arithmetic_fed import fed_whole


def _proper(rng: random.Random, largest: int) -> Fraction:
    """A proper fraction in lowest terms with a denominator from 2 to `largest`."""
    denominator = rng.randint(2, largest)
    return Fraction(rng.choice([n for n in range(1, denominator) if gcd(n, denominator) == 1]), denominator)


def _over(value: Fraction, denominator: int) -> str:
    return f"{value * denominator}/{denominator}"


def _mixed(value: Fraction) -> str:
    count, rest = divmod(value, 1)
    return f"{count} {rest}"


def _draw_sum(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = _proper(rng, 4 + 5 * difficulty) if fed is None else Fraction(fed)
    second = _proper(rng, 4 + 5 * difficulty)
    return {"first": first, "second": second} if 0 < first <= 1000 and first.denominator <= 60 else None


def _solve_sum(p: Parameters) -> Solution:
    first, second = number(p, "first"), number(p, "second")
    common = lcm(first.denominator, second.denominator)
    steps = [
        f"The least common denominator of {written(first)} and {second} is {common}.",
        f"With this common denominator {written(first)} = {_over(first, common)} and {second} = "
        f"{_over(second, common)}.",
        f"Add the numerators: {first * common} + {second * common} = {(first + second) * common}, "
        f"so the sum is {_over(first + second, common)}.",
    ]
    if (first + second).denominator != common:
        steps.append(f"In lowest terms this is {written(first + second)}.")
    return Solution(tuple(steps), first + second)


def _draw_mixed_difference(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    second = rng.randint(1, 3 * difficulty) + _proper(rng, 3 + 3 * difficulty)
    first = second + rng.randint(0, 4 * difficulty) + _proper(rng, 3 + 3 * difficulty)
    if first.denominator == 1:
        first += Fraction(1, 2)
    return {"first": _mixed(first), "second": _mixed(second), "minuend": first, "subtrahend": second}


def _solve_mixed_difference(p: Parameters) -> Solution:
    first, second = number(p, "minuend"), number(p, "subtrahend")
    common = lcm(first.denominator, second.denominator)
    difference = first - second
    return Solution(
        (
            f"As improper fractions the mixed numbers are {_mixed(first)} = {first} and {_mixed(second)} = {second}.",
            f"The least common denominator is {common}, so they become {_over(first, common)} and "
            f"{_over(second, common)}.",
            f"Subtract the numerators: {first * common} - {second * common} = {difference * common}.",
            f"The difference is {_over(difference, common)} = {written(difference)}."
            if difference.denominator != common
            else f"The difference is {_over(difference, common)}.",
        ),
        difference,
    )


def _draw_improper(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    count = fed_whole(fed, rng.randint(2, 12 * difficulty), most=10**4)
    return {"count": count, "part": _proper(rng, 5 + 4 * difficulty)} if count else None


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
    part = _proper(rng, 4 + 4 * difficulty)
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


def _draw_pieces(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        piece = _proper(rng, 4 + 4 * difficulty) + rng.randint(0, difficulty - 1)
        return {"length": piece * rng.randint(3, 8 * difficulty), "piece": piece}
    length = Fraction(fed)
    pieces = [length / k for k in range(2, 13) if 1 < (length / k).denominator <= 24]
    return {"length": length, "piece": rng.choice(pieces)} if 0 < length <= 1000 and pieces else None


def _solve_pieces(p: Parameters) -> Solution:
    length, piece = number(p, "length"), number(p, "piece")
    return Solution(
        (
            f"Division of fractions means multiplication by the reciprocal; the reciprocal of {piece} is "
            f"{piece.denominator}/{piece.numerator}.",
            f"So {written(length)} divided by {piece} equals "
            f"{written(length)} * {piece.denominator}/{piece.numerator} = {written(length / piece)}.",
        ),
        length / piece,
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


def _draw_complex(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    return {name: _proper(rng, 3 + 3 * difficulty) for name in ("first", "second", "divisor")}


def _solve_complex(p: Parameters) -> Solution:
    first, second, divisor = number(p, "first"), number(p, "second"), number(p, "divisor")
    top = first + second
    return Solution(
        (
            f"The numerator of the complex fraction is {first} + {second} = {written(top)}.",
            f"Divide by multiplying with the reciprocal of {divisor}: "
            f"{written(top)} * {divisor.denominator}/{divisor.numerator} = {written(top / divisor)}.",
        ),
        top / divisor,
    )


def _draw_comparison(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    fractions: set[Fraction] = set()
    while len(fractions) < 3:
        fractions.add(_proper(rng, 5 + 3 * difficulty))
    return {"fractions": tuple(rng.sample(sorted(fractions), 3))}


def _solve_comparison(p: Parameters) -> Solution:
    fractions = numbers(p, "fractions")
    common = lcm(*(fraction.denominator for fraction in fractions))
    return Solution(
        (
            f"For a comparison of fractions use the common denominator {common}.",
            f"The fractions {written(fractions)} become "
            f"{', '.join(_over(fraction, common) for fraction in fractions)}.",
            f"The largest numerator is {max(fractions) * common}, so the largest fraction is {max(fractions)}.",
        ),
        max(fractions),
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="add_fractions",
        topic="fractions",
        concepts=("addition of fractions", "common denominator", "least common denominator"),
        level="primary",
        phrasings=(
            "Add the fractions: {first} + {second}.",
            "What is the sum of {first} and {second}? Give an exact fraction.",
            "{person} carries the relay baton for {first} km and {other} for the next {second} km. How many "
            "kilometres have they run together? Give an exact fraction.",
            "At {place} a load of {first} tonnes of sand is followed by another of {second} tonnes. How many tonnes "
            "of sand is that in all, as an exact fraction?",
            "Use a common denominator to find {first} + {second}.",
        ),
        draw=_draw_sum,
        solve=_solve_sum,
        feed="first",
    ),
    Skill(
        name="subtract_mixed_numbers",
        topic="fractions",
        concepts=("mixed number", "improper fraction", "difference"),
        level="primary",
        phrasings=(
            "Subtract the mixed numbers: ({first}) - ({second}).",
            "A rope is {first} metres long. {person} cuts off {second} metres of it. How many metres of rope are "
            "left, as an exact fraction?",
            "Find the difference between the mixed numbers {first} and {second}.",
            "{person} walked {first} miles and {other} walked {second} miles. How many miles farther did {person} "
            "walk? Give an exact fraction.",
            "By how much is {first} greater than {second}? Answer with an exact fraction.",
        ),
        draw=_draw_mixed_difference,
        solve=_solve_mixed_difference,
    ),
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
        name="divide_fractions",
        topic="fractions",
        concepts=("division of fractions", "reciprocal", "quotient"),
        level="middle",
        phrasings=(
            "Find the quotient of {length} and {piece}.",
            "A ribbon has a length of {length} metres. {person} cuts it into pieces with a length of {piece} metres "
            "each. How many pieces are there?",
            "Divide {length} by {piece} by multiplying with the reciprocal.",
            "How many times does {piece} go into {length}?",
            "A supply of {length} litres of paint is poured into tins that take {piece} litres each. How many tins are "
            "filled?",
        ),
        draw=_draw_pieces,
        solve=_solve_pieces,
        feed="length",
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
        name="complex_fraction",
        topic="fractions",
        concepts=("complex fraction", "reciprocal"),
        level="middle",
        phrasings=(
            "Simplify the complex fraction ({first} + {second}) / ({divisor}).",
            "Divide the sum of {first} and {second} by {divisor}. Give an exact fraction.",
            "A complex fraction has the numerator {first} + {second} and the denominator {divisor}. What is its value?",
            "{person} adds {first} and {second} and divides the sum by {divisor}. What exact number does {person} get?",
            "Evaluate ({first} + {second}) divided by ({divisor}) as a fraction in lowest terms.",
        ),
        draw=_draw_complex,
        solve=_solve_complex,
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
