"""Skills on systems of two linear equations."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import (
    bracketed,
    difference,
    nonzero,
    polynomial,
    redrawn,
    whole_input,
)


def _left_side(a: int, b: int) -> str:
    """`2x - 3y`."""
    return f"{polynomial((a, 0))} {'-' if b < 0 else '+'} {polynomial((abs(b), 0), 'y')}"


def _draw_sum_difference(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    total = whole_input(rng, fed, 10, 120 * difficulty, smallest=6)
    if total is None:
        return None
    smaller = rng.randint(2, (total - 1) // 2)
    return {"total": total, "gap": total - 2 * smaller}


def _solve_sum_difference(p: Parameters) -> Solution:
    total, gap = whole(p, "total"), whole(p, "gap")
    return Solution(
        (
            f"With two unknowns x and y, x + y = {total} and x - y = {gap}.",
            f"Adding the equations eliminates y: 2x = {total + gap}.",
            f"So the larger number is x = {(total + gap) // 2}, and the smaller is y = {(total - gap) // 2}.",
        ),
        (total + gap) // 2,
    )


def _draw_tickets(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sold = whole_input(rng, fed, 10, 150 * difficulty, smallest=5)
    if sold is None:
        return None
    cheap = rng.randint(2, 5 * difficulty)
    dear = cheap + rng.randint(1, 6 * difficulty)
    adults = rng.randint(2, sold - 2)
    return {"sold": sold, "dear": dear, "cheap": cheap, "takings": dear * adults + cheap * (sold - adults)}


def _solve_tickets(p: Parameters) -> Solution:
    sold, dear, cheap, takings = (whole(p, name) for name in ("sold", "dear", "cheap", "takings"))
    rest = takings - cheap * sold
    collected = "x" if dear - cheap == 1 else f"{dear - cheap}x"
    return Solution(
        (
            f"The system of equations is x + y = {sold} and {dear}x + {cheap}y = {takings}, with x of the dearer kind.",
            f"Multiply the first equation by {cheap}: {cheap}x + {cheap}y = {cheap * sold}.",
            f"Subtracting it from the second equation leaves {collected} = {takings} - {cheap * sold} = {rest}.",
            f"Therefore x = {rest // (dear - cheap)}.",
        ),
        rest // (dear - cheap),
    )


def _draw_elimination(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    most = 3 + 2 * difficulty
    for _ in range(60):
        a, b, c, d = rng.randint(2, most), rng.randint(2, most), rng.randint(2, most), nonzero(rng, most)
        x, y = rng.randint(1, 6 * difficulty), nonzero(rng, 5 * difficulty)
        e = whole_input(rng, fed, a * x + b * y, a * x + b * y, smallest=-(10**4), largest=10**4)
        if e is None:
            return None
        if a * d - b * c and abs(d) > 1 and (e - b * y) % a == 0 and e > 0:
            f = c * ((e - b * y) // a) + d * y
            return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f} | {
                "first": _left_side(a, b),
                "second": _left_side(c, d),
            }
    return None


def _solve_elimination(p: Parameters) -> Solution:
    a, b, c, d, e, f = (whole(p, name) for name in "abcdef")
    left, right = a * d - b * c, e * d - b * f
    return Solution(
        (
            f"For the elimination method, multiply the first equation by {d}: {_left_side(a * d, b * d)} = {e * d}.",
            f"Multiply the second equation by {b}: {_left_side(c * b, d * b)} = {f * b}.",
            f"Subtracting eliminates y: {polynomial((left, 0))} = {difference(e * d, f * b)} = {right}.",
            f"Hence x = {right // left}.",
        ),
        right // left,
    )


def _draw_substitution(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    k = whole_input(rng, fed, 1, 12 * difficulty, largest=10**4)
    if k is None:
        return None
    m, a, b = rng.randint(2, 3 + difficulty), rng.randint(2, 3 + 2 * difficulty), rng.randint(1, 2 + difficulty)
    x = nonzero(rng, 5 * difficulty)
    return {"m": m, "k": k, "a": a, "b": b, "c": a * x + b * (m * x + k), "second": _left_side(a, b)}


def _solve_substitution(p: Parameters) -> Solution:
    m, k, a, b, c = (whole(p, name) for name in "mkabc")
    x = (c - b * k) // (a + b * m)
    factor = "" if b == 1 else str(b)
    return Solution(
        (
            f"Use the substitution method: put y = {m}x + {k} into the other equation, {a}x + {factor}({m}x + {k}) = "
            f"{c}.",
            f"This becomes {a + b * m}x + {b * k} = {c}, so {a + b * m}x = {c - b * k} and x = {x}.",
            f"Then y = {m} * {bracketed(x)} + {k} = {m * x + k}.",
        ),
        m * x + k,
    )


@redrawn
def _draw_inconsistent(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, b, e = rng.randint(2, 9), rng.randint(2, 6), rng.randint(1, 9)
    c = b * rng.randint(2, 8 * difficulty) if fed is None else whole_input(rng, fed, 2, 2, largest=10**4)
    if c is None or Fraction(a * c, b).denominator > 4:
        return None
    f = rng.choice([f for f in range(1, 20 * difficulty) if f * b != e * c])
    return {"a": a, "b": b, "c": c, "e": e, "f": f}


def _solve_inconsistent(p: Parameters) -> Solution:
    a, b, c, e, f = (whole(p, name) for name in "abcef")
    k = Fraction(a * c, b)
    return Solution(
        (
            "The system is inconsistent when the left sides are proportional but the right sides are not.",
            f"Proportional left sides mean k/{a} = {c}/{b}, so k = {a} * {c}/{b} = {written(k)}.",
            f"The right sides do not fit this ratio, because {e} * {c}/{b} = {written(Fraction(e * c, b))} and not "
            f"{f}.",
        ),
        k,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "sum_and_difference",
        "systems of equations",
        ("two unknowns", "system of linear equations"),
        "middle",
        (
            "The sum of two numbers is {total} and their difference is {gap}. Find the larger number.",
            "{person} and {other} have {total} {items} together. {person} has {gap} more than {other}. How many "
            "{items} does {person} have?",
            "Solve the system x + y = {total}, x - y = {gap} for x.",
            "At {place} there are {total} visitors. There are {gap} more children than adults. How many children are "
            "there?",
            "A rope that is {total} metres long is cut into two pieces, one of them {gap} metres longer than the "
            "other. How many metres long is the longer piece?",
        ),
        _draw_sum_difference,
        _solve_sum_difference,
        feed="total",
    ),
    Skill(
        "two_kinds_of_tickets",
        "systems of equations",
        ("system of linear equations", "coin problem"),
        "high school",
        (
            "At {place}, an adult ticket costs {dear} dollars and a child ticket costs {cheap} dollars. In one day "
            "{sold} tickets were sold for {takings} dollars in all. How many adult tickets were sold?",
            "{person} buys {sold} {items}, some at {dear} dollars each and the others at {cheap} dollars each, and "
            "pays {takings} dollars. How many {items} at {dear} dollars does {person} buy?",
            "Solve the system x + y = {sold}, {dear}x + {cheap}y = {takings} for x.",
            "{person} plays a game {sold} times. A win brings {dear} points and a loss still brings {cheap} points. "
            "{person} ends with {takings} points. How many games did {person} win?",
            "A box holds {sold} tokens worth {dear} cents or {cheap} cents each. Together they are worth {takings} "
            "cents. How many tokens are worth {dear} cents?",
        ),
        _draw_tickets,
        _solve_tickets,
        feed="sold",
    ),
    Skill(
        "elimination_method",
        "systems of equations",
        ("elimination method", "solution of a system"),
        "high school",
        (
            "Solve the system of equations {first} = {e} and {second} = {f}. What is the value of x?",
            "Use the elimination method to find x: {first} = {e}, {second} = {f}.",
            "The numbers x and y satisfy both {first} = {e} and {second} = {f}. Determine x.",
            "{person} eliminates y from the equations {first} = {e} and {second} = {f}. Which value of x does "
            "{person} find?",
            "The lines {first} = {e} and {second} = {f} cross in one point. What is the x-coordinate of that point?",
        ),
        _draw_elimination,
        _solve_elimination,
        feed="e",
    ),
    Skill(
        "substitution_method",
        "systems of equations",
        ("substitution method", "point of intersection"),
        "high school",
        (
            "Solve by substitution: y = {m}x + {k} and {second} = {c}. What is y?",
            "The pair (x, y) satisfies y = {m}x + {k} and {second} = {c}. Find the value of y.",
            "Find the y-coordinate of the point of intersection of the lines y = {m}x + {k} and {second} = {c}.",
            "{person} draws the line y = {m}x + {k} and {other} draws the line {second} = {c} in the same coordinate "
            "plane. At which height y do the lines cross?",
            "Replace y in {second} = {c} by {m}x + {k} to solve for x. Which value does y = {m}x + {k} then have?",
        ),
        _draw_substitution,
        _solve_substitution,
        feed="k",
    ),
    Skill(
        "system_without_solution",
        "systems of equations",
        ("inconsistent system", "solution of a system"),
        "high school",
        (
            "For which value of k does the system {a}x + {b}y = {e}, kx + {c}y = {f} have no solution?",
            "The system {a}x + {b}y = {e} and kx + {c}y = {f} is inconsistent. Determine k.",
            "The lines {a}x + {b}y = {e} and kx + {c}y = {f} never meet. What is k?",
            "{person} finds that no pair (x, y) satisfies both {a}x + {b}y = {e} and kx + {c}y = {f}. Find the number "
            "k.",
            "Choose k so that the equations {a}x + {b}y = {e} and kx + {c}y = {f} contradict each other.",
        ),
        _draw_inconsistent,
        _solve_inconsistent,
        feed="c",
    ),
)
