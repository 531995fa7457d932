"""Skills of modular arithmetic: remainders of powers, clocks, congruences."""

import random
from math import gcd

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _draw_power(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    base = fed_whole(fed, rng.randint(2, 15 * difficulty))
    moduli = [m for m in (5, 7, 9, 11, 13, 17)[: 2 + difficulty] if base and gcd(m, base) == 1]
    if base is None or not moduli:
        return None if fed is not None else _draw_power(rng, difficulty, fed)
    return {"base": base, "exponent": rng.randint(5, 40 * difficulty), "modulus": rng.choice(moduli)}


def _solve_power(p: Parameters) -> Solution:
    base, exponent, modulus = whole(p, "base"), whole(p, "exponent"), whole(p, "modulus")
    start = base % modulus
    powers = [start]
    while powers[-1] * start % modulus != powers[0]:
        powers.append(powers[-1] * start % modulus)
    place = (exponent - 1) % len(powers)
    cycle = f"repeat every {len(powers)} steps" if len(powers) > 1 else "all are the same"
    return Solution(
        (
            f"Work modulo {modulus}: {base} leaves the remainder {start}.",
            f"The powers of {base} leave the remainders {', '.join(map(str, powers))}, which then {cycle}."
            if len(powers) > 1
            else f"So every power of {base} leaves the remainder {powers[0]}.",
            f"The exponent {exponent} is number {place + 1} of such a cycle, so the remainder is {powers[place]}."
            if len(powers) > 1
            else f"In particular the remainder of the power with exponent {exponent} is {powers[0]}.",
        ),
        pow(base, exponent, modulus),
    )


def _draw_units_digit(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    exponent = fed_whole(fed, rng.randint(5, 60 * difficulty))
    base = rng.choice([n for n in range(2, 10 + 30 * (difficulty - 1)) if n % 10 in (2, 3, 4, 7, 8, 9)])
    return {"base": base, "exponent": exponent} if exponent else None


def _solve_units_digit(p: Parameters) -> Solution:
    base, exponent = whole(p, "base"), whole(p, "exponent")
    cycle = [base % 10]
    while (following := cycle[-1] * base % 10) != cycle[0]:
        cycle.append(following)
    rest = exponent % len(cycle)
    return Solution(
        (
            f"The units digits of the powers of {base} are {', '.join(map(str, cycle))}, repeating every {len(cycle)} "
            "steps.",
            f"The exponent {exponent} leaves the remainder {rest} when divided by {len(cycle)}"
            + (", so it stands at the end of a cycle." if rest == 0 else f", so it is number {rest} of a cycle."),
            f"The units digit is {cycle[rest - 1]}.",
        ),
        cycle[rest - 1],
    )


def _draw_clock(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    hours = fed_whole(fed, rng.randint(13, 300 * difficulty))
    return {"start": rng.randint(1, 12), "hours": hours} if hours else None


def _solve_clock(p: Parameters) -> Solution:
    start, hours = whole(p, "start"), whole(p, "hours")
    shown = (start + hours) % 12 or 12
    return Solution(
        (
            f"In clock arithmetic only the remainder of division by 12 matters: {hours} is congruent to {hours % 12} "
            "modulo 12.",
            f"So the hand is at {start} + {hours % 12} = {start + hours % 12}"
            + (f", which is {start + hours % 12 - 12} on the clock." if start + hours % 12 > 12 else " on the clock."),
        ),
        shown,
    )


def _draw_two_congruences(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    choices = [(a, b) for a in range(3, 6 + 4 * difficulty) for b in range(a + 1, 8 + 4 * difficulty) if gcd(a, b) == 1]
    first, second = rng.choice(choices)
    first_rest = rng.randint(1, first - 1)
    second_rest = rng.choice([rest for rest in range(1, second) if rest % first != first_rest])
    return {"first": first, "second": second, "first_rest": first_rest, "second_rest": second_rest}


def _solve_two_congruences(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    first_rest, second_rest = whole(p, "first_rest"), whole(p, "second_rest")
    steps = next(k for k in range(first) if (second_rest + k * second) % first == first_rest)
    number = second_rest + steps * second
    return Solution(
        (
            f"Since {first} and {second} are relatively prime, by the Chinese remainder theorem there is exactly one "
            f"such number below {first * second}.",
            f"The numbers that leave the remainder {second_rest} on division by {second} are {second_rest}, "
            f"{second_rest + second}, {second_rest + 2 * second}, and so on.",
            f"The first of them that leaves the remainder {first_rest} on division by {first} is {number}.",
        ),
        number,
    )


def _draw_inverse(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    number = fed_whole(fed, rng.randint(2, 40 * difficulty))
    if number is None:
        return None
    moduli = [
        m
        for m in (7, 11, 13, 17, 19, 23, 26, 29, 31, 37)[: 4 + 2 * difficulty]
        if gcd(m, number) == 1 and number % m > 1
    ]
    return {"number": number, "modulus": rng.choice(moduli)} if moduli else None


def _solve_inverse(p: Parameters) -> Solution:
    number, modulus = whole(p, "number"), whole(p, "modulus")
    rest = number % modulus
    inverse = next(x for x in range(1, modulus) if rest * x % modulus == 1)
    return Solution(
        (
            f"The number {number} is congruent to {rest} modulo {modulus}, so {rest} times the modular inverse must "
            "leave the remainder 1.",
            f"Among the multiples of {rest}, {rest} * {inverse} = {rest * inverse} = {rest * inverse // modulus} * "
            f"{modulus} + 1 does so.",
            f"Hence the inverse of {number} modulo {modulus} is {inverse}.",
        ),
        inverse,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="remainder_of_power",
        topic="modular arithmetic",
        concepts=("modular exponentiation", "remainder", "congruence modulo"),
        level="competition",
        phrasings=(
            "What is the remainder when {base}^{exponent} is divided by {modulus}?",
            "Find the smallest non-negative integer congruent to {base}^{exponent} modulo {modulus}.",
            "Compute {base}^{exponent} mod {modulus}.",
            "{person} multiplies {exponent} factors, each equal to {base}, and divides the product by {modulus}. What "
            "remainder does {person} find?",
            "The number {base} is raised to the power {exponent}, and the result is divided by {modulus}. What "
            "remainder is left?",
        ),
        draw=_draw_power,
        solve=_solve_power,
        feed="base",
    ),
    Skill(
        name="units_digit_of_power",
        topic="modular arithmetic",
        concepts=("units digit", "modular exponentiation"),
        level="competition",
        phrasings=(
            "What is the units digit of {base}^{exponent}?",
            "Find the last digit of the number {base} raised to the power {exponent}.",
            "{person} writes out the power of {base} with the exponent {exponent}. Which digit stands in the ones "
            "place?",
            "Starting from 1, {person} multiplies by {base} exactly {exponent} times. What is the last digit of the "
            "result?",
            "Determine the remainder of {base}^{exponent} on division by 10.",
        ),
        draw=_draw_units_digit,
        solve=_solve_units_digit,
        feed="exponent",
    ),
    Skill(
        name="clock_arithmetic",
        topic="modular arithmetic",
        concepts=("clock arithmetic", "congruence modulo", "remainder"),
        level="middle",
        phrasings=(
            "A 12-hour clock shows {start} o'clock. Which hour, from 1 to 12, does it show {hours} hours later?",
            "The clock at {place} stands at {start} o'clock. What hour from 1 to 12 will it show after {hours} more "
            "hours?",
            "{person} looks at a 12-hour clock at {start} o'clock and again {hours} hours later. What hour, from 1 to "
            "12, does it show the second time?",
            "The hour hand of a clock points to {start}. To which of the numbers 1 to 12 does it point {hours} hours "
            "later?",
            "Find the number from 1 to 12 that is congruent to {start} + {hours} modulo 12.",
        ),
        draw=_draw_clock,
        solve=_solve_clock,
        feed="hours",
    ),
    Skill(
        name="two_remainders",
        topic="modular arithmetic",
        concepts=("chinese remainder theorem", "congruence modulo", "remainder"),
        level="competition",
        phrasings=(
            "Find the smallest positive integer that leaves the remainder {first_rest} when divided by {first} and the "
            "remainder {second_rest} when divided by {second}.",
            "What is the least positive integer x with x congruent to {first_rest} modulo {first} and to {second_rest} "
            "modulo {second}?",
            "When {person} lays {items} out in rows of {first}, the remainder is {first_rest}; in rows of {second} "
            "the remainder is {second_rest}. What is the smallest possible number of {items}?",
            "Arranged in groups of {first}, the members of a club at {place} leave a remainder of {first_rest}; in "
            "groups of {second} they leave a remainder of {second_rest}. How many members does the club have at the "
            "least?",
            "Solve the pair of congruences x = {first_rest} (mod {first}), x = {second_rest} (mod {second}) for the "
            "smallest positive integer x.",
        ),
        draw=_draw_two_congruences,
        solve=_solve_two_congruences,
    ),
    Skill(
        name="modular_inverse",
        topic="modular arithmetic",
        concepts=("modular inverse", "congruence modulo"),
        level="competition",
        phrasings=(
            "Find the inverse of {number} modulo {modulus} as an integer from 1 to {modulus}.",
            "For which smallest positive integer x does {number} times x leave the remainder 1 when divided by "
            "{modulus}?",
            "What is the least positive multiplicative inverse of {number} modulo {modulus}?",
            "{person} sells {items} in packs of {number}. What is the smallest positive number of packs for which the "
            "total number of {items} is one more than a multiple of {modulus}?",
            "Solve the congruence {number} * x = 1 (mod {modulus}) for the smallest positive integer x.",
        ),
        draw=_draw_inverse,
        solve=_solve_inverse,
        feed="number",
    ),
)
