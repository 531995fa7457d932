"""Skills of squares and roots: perfect squares, simplified and estimated square roots, cube roots."""

import random
from collections import Counter
from math import isqrt, prod

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.arithmetic.primes import factorisation, prime_factors
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _draw_square_factor(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    number = fed_whole(fed, rng.randint(2, 40 * difficulty) * rng.randint(2, 15 * difficulty))
    if number is None or all(power % 2 == 0 for power in Counter(prime_factors(number)).values()):
        return None if fed is not None else _draw_square_factor(rng, difficulty, fed)
    return {"number": number}


def _solve_square_factor(p: Parameters) -> Solution:
    number = whole(p, "number")
    odd = [prime for prime, power in Counter(prime_factors(number)).items() if power % 2]
    return Solution(
        (
            f"The prime factorisation is {number} = {factorisation(number)}."
            if len(prime_factors(number)) > 1
            else f"The number {number} is prime, so it is its own prime factorisation.",
            "In a perfect square every prime has an even exponent.",
            f"The primes with an odd exponent are {written(tuple(odd))}, so multiply by their product {prod(odd)}."
            if len(odd) > 1
            else f"Only {odd[0]} has an odd exponent, so multiply by {odd[0]}.",
            f"Indeed {number} * {prod(odd)} = {number * prod(odd)} is a perfect square.",
        ),
        prod(odd),
    )


def _draw_surd(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    outer = rng.randint(2, 5 + 10 * difficulty)
    inner = rng.choice(
        (2, 3, 5, 6, 7, 10, 11, 13, 14, 15, 17, 19, 21, 22, 23, 26, 29, 30, 31, 33)[: 8 + 4 * difficulty]
    )
    number = fed_whole(fed, outer * outer * inner)
    if number is None:
        return None
    root, rest = _square_part(number)
    return {"number": number} if root > 1 and rest > 1 else None


def _square_part(number: int) -> tuple[int, int]:
    """`(a, b)` with `number` = a^2 * b and b free of square factors."""
    factors = prime_factors(number)
    root = 1
    for prime in set(factors):
        root *= prime ** (factors.count(prime) // 2)
    return root, number // root**2


def _solve_surd(p: Parameters) -> Solution:
    number = whole(p, "number")
    root, rest = _square_part(number)
    return Solution(
        (
            f"The radicand has the prime factorisation {number} = {factorisation(number)}.",
            f"Its largest factor that is a perfect square is {root}^2 = {root**2}, so {number} = {root**2} * {rest}.",
            f"The square root is sqrt({root**2}) * sqrt({rest}) = {root}*sqrt({rest}).",
        ),
        f"{root}*sqrt({rest})",
    )


def _draw_root_floor(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    number = fed_whole(fed, rng.randint(10, 600 * difficulty**2), least=5)
    if number is None:
        return None
    if isqrt(number) ** 2 == number:
        return None if fed is not None else {"number": number + 1}
    return {"number": number}


def _solve_root_floor(p: Parameters) -> Solution:
    number = whole(p, "number")
    root = isqrt(number)
    return Solution(
        (
            f"Find the perfect squares on either side of {number}: {root}^2 = {root**2} and {root + 1}^2 = "
            f"{(root + 1) ** 2}.",
            f"Since {root**2} < {number} < {(root + 1) ** 2}, the square root of {number} lies between {root} and "
            f"{root + 1}.",
            f"The smaller of these two consecutive whole numbers is {root}.",
        ),
        root,
    )


def _draw_two_roots(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    cubed = fed_whole(fed, rng.randint(2, 4 + 6 * difficulty) ** 3)
    side, edge = rng.randint(3, 12 + 10 * difficulty), rng.randint(2, 4 + 5 * difficulty)
    if cubed is not None and fed is not None:
        edge = next((n for n in range(2, 101) if n**3 == cubed), 0)
    return {"square": side**2, "cube": edge**3} if cubed and edge else None


def _solve_two_roots(p: Parameters) -> Solution:
    square, cube = whole(p, "square"), whole(p, "cube")
    edge = next(n for n in range(1, cube + 1) if n**3 == cube)
    return Solution(
        (
            f"The number {square} is a perfect square, and its square root is {isqrt(square)}, because "
            f"{isqrt(square)}^2 = {square}.",
            f"The number {cube} is a perfect cube, and its cube root is {edge}, because {edge}^3 = {cube}.",
            f"The sum is {isqrt(square)} + {edge} = {isqrt(square) + edge}.",
        ),
        isqrt(square) + edge,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="simplify_square_root",
        topic="squares and square roots",
        concepts=("square root", "radicand", "perfect square"),
        level="high school",
        phrasings=(
            "Simplify the square root of {number}.",
            "Write sqrt({number}) in the form a*sqrt(b) with whole numbers a and b, where b is as small as possible.",
            "A square has an area of {number} square metres. What is its side in metres, in simplified radical form?",
            "{person} needs a square table with an area of {number} square centimetres. Give its exact side in "
            "centimetres as a simplified square root.",
            "Take the largest perfect square out of the radicand of sqrt({number}). What simplified form results?",
        ),
        draw=_draw_surd,
        solve=_solve_surd,
        feed="number",
    ),
    Skill(
        name="estimate_square_root",
        topic="squares and square roots",
        concepts=("approximation of a square root", "perfect square", "irrational number"),
        level="middle",
        phrasings=(
            "The square root of {number} lies between two consecutive whole numbers. What is the smaller of them?",
            "Find the largest whole number whose square is less than {number}.",
            "{person} lays out as many of {number} square tiles as possible in one full square. How many tiles lie "
            "along each side?",
            "What is sqrt({number}) rounded down to a whole number?",
            "{person} has {number} {items} and arranges as many of them as possible in a square with equally many "
            "rows and columns. How many rows are there?",
        ),
        draw=_draw_root_floor,
        solve=_solve_root_floor,
        feed="number",
    ),
    Skill(
        name="square_and_cube_root",
        topic="squares and square roots",
        concepts=("cube root", "square root", "perfect cube"),
        level="middle",
        phrasings=(
            "Find the sum of the square root of {square} and the cube root of {cube}.",
            "Add the principal square root of {square} to the cube root of {cube}. What is the result?",
            "A square has an area of {square} square cm and a cube a volume of {cube} cubic cm. How long, in cm, are "
            "a side of the square and an edge of the cube together?",
            "{person} arranges {square} tiles in a square and {cube} little cubes in one big cube. How many tiles "
            "along a side and cubes along an edge are there together?",
            "If a and b are positive, a^2 = {square} and b^3 = {cube}, what is a + b?",
        ),
        draw=_draw_two_roots,
        solve=_solve_two_roots,
        feed="cube",
    ),
    Skill(
        name="multiplier_to_square",
        topic="squares and square roots",
        concepts=("perfect square", "prime factorisation", "even number"),
        level="competition",
        phrasings=(
            "By which smallest positive whole number must {number} be multiplied to give a perfect square?",
            "Find the least positive integer k for which k times {number} is a perfect square.",
            "{person} has cartons with {number} square tiles each and wants to lay all tiles out as one full square. "
            "How many cartons are needed at the least?",
            "What is the smallest positive whole number whose product with {number} is a square number?",
            "The number {number} times n is the square of a whole number. What is the smallest possible positive "
            "integer n?",
        ),
        draw=_draw_square_factor,
        solve=_solve_square_factor,
        feed="number",
    ),
)
