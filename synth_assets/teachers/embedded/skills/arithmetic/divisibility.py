"""Skills of divisibility: common divisors and multiples, digit tests, relatively prime numbers."""

import random
from fractions import Fraction
from math import gcd, lcm, prod

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.arithmetic.primes import factored, factorisation, prime_factors
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _draw_common(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    common = rng.randint(2, 8 * difficulty)
    first = fed_whole(fed, common * rng.randint(2, 12 * difficulty), least=4)
    if first is None:
        return None
    if fed is not None:
        divisors = [d for d in range(2, min(first, 200) + 1) if first % d == 0]
        if not divisors:
            return None
        common = rng.choice(divisors)
    second = common * rng.randint(2, 12 * difficulty)
    return {"first": first, "second": second if second != first else second + common}


def _solve_gcd(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    common = gcd(first, second)
    shared = (
        f"The primes common to both give {factorisation(common)} = {common}."
        if len(prime_factors(common)) > 1
        else f"The only prime they share is {common}, and one of the numbers has it only once."
    )
    return Solution(
        (
            f"Find the prime factorisations: {factored(first)}, and {factored(second)}.",
            shared,
            f"So the greatest common divisor of {first} and {second} is {common}.",
        ),
        common,
    )


def _draw_lcm(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_whole(fed, rng.randint(4, 20 * difficulty), most=2000)
    if first is None:
        return None
    second = rng.randint(4, 15 * difficulty)
    return {"first": first, "second": second if second != first else second + 2}


def _solve_lcm(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    multiple = lcm(first, second)
    return Solution(
        (
            f"Find the prime factorisations: {factored(first)}, and {factored(second)}.",
            "For the least common multiple take every prime with its larger exponent: "
            + (
                f"{factorisation(multiple)} = {multiple}."
                if factorisation(multiple) != str(multiple)
                else f"{multiple}."
            ),
        ),
        multiple,
    )


def _draw_multiples(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    limit = fed_whole(fed, rng.randint(50, 300 * difficulty), least=20, most=10**5)
    if limit is None:
        return None
    first, second = rng.sample(range(2, 6 + 3 * difficulty), 2)
    if max(first, second) % min(first, second) == 0:
        first, second = (2, 3) if difficulty == 1 else (4, 6) if difficulty == 2 else (6, 9)
    return {"limit": limit, "first": first, "second": second}


def _solve_multiples(p: Parameters) -> Solution:
    limit, first, second = whole(p, "limit"), whole(p, "first"), whole(p, "second")
    both = lcm(first, second)
    singly, other, doubly = limit // first, limit // second, limit // both
    return Solution(
        (
            f"Up to {limit} there are {singly} multiples of {first} and {other} multiples of {second}.",
            f"Multiples of both are multiples of the least common multiple {both}; there are {doubly} of them, counted "
            "twice.",
            f"So {singly} + {other} - {doubly} = {singly + other - doubly} of the numbers are divisible by at least "
            "one of the two.",
        ),
        singly + other - doubly,
    )


def _draw_missing_digit(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    left = rng.randint(10, 10 ** (difficulty + 1) - 1)
    right = rng.randint(1, 9)
    shown = sum(map(int, f"{left}{right}"))
    if shown % 9 == 0:  # both 0 and 9 would fit
        right = right + 1 if right < 9 else 1
    return {"left": left, "right": right}


def _solve_missing_digit(p: Parameters) -> Solution:
    left, right = whole(p, "left"), whole(p, "right")
    shown = sum(map(int, f"{left}{right}"))
    digit = -shown % 9
    return Solution(
        (
            "By the divisibility test a number is divisible by 9 exactly when its digit sum is.",
            f"The known digits have the sum {' + '.join(f'{left}{right}')} = {shown}.",
            f"The next multiple of 9 is {shown + digit}, so the missing digit is {shown + digit} - {shown} = {digit}.",
        ),
        digit,
    )


def _draw_consecutive(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    count = rng.choice((3, 5, 7)[:difficulty])
    total = fed_whole(fed, count * rng.randint(count + 2, 150 * difficulty), least=9)
    if total is None:
        return None
    if fed is not None:
        fitting = [n for n in (3, 5, 7) if total % n == 0 and total // n > n]
        count = rng.choice(fitting) if fitting else 0
    return {"total": total, "count": count} if count else None


def _solve_consecutive(p: Parameters) -> Solution:
    total, count = whole(p, "total"), whole(p, "count")
    middle = total // count
    return Solution(
        (
            f"The middle one of {count} consecutive numbers is their mean: {total} / {count} = {middle}.",
            f"The greatest is {count // 2} more: {middle} + {count // 2} = {middle + count // 2}.",
        ),
        middle + count // 2,
    )


def _draw_coprime_count(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    total = fed_whole(fed, rng.randint(10, 200 * difficulty), least=4, most=10**5)
    return {"total": total} if total else None


def _solve_coprime_count(p: Parameters) -> Solution:
    total = whole(p, "total")
    primes = sorted(set(prime_factors(total)))
    share = prod((1 - Fraction(1, prime) for prime in primes), start=Fraction(1))
    factors = " * ".join(f"(1 - 1/{prime})" for prime in primes)
    named = f"primes {written(tuple(primes))}" if len(primes) > 1 else f"only prime {primes[0]}"
    return Solution(
        (
            f"Numbers relatively prime to {total} are those divisible by none of its prime factors, here the {named}.",
            f"Their number is {total} * {factors} = {total * share}.",
        ),
        total * share,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="greatest_common_divisor",
        topic="divisibility",
        concepts=("greatest common divisor", "prime factorisation"),
        level="middle",
        phrasings=(
            "Find the greatest common divisor of {first} and {second}.",
            "What is the largest whole number that divides both {first} and {second}?",
            "{person} has {first} red and {second} blue beads and makes necklaces that are all alike, using every "
            "bead. What is the greatest number of necklaces {person} can make?",
            "A rectangular floor at {place} is {first} dm long and {second} dm wide. It is to be covered with equal "
            "square tiles without cutting any. What is the greatest possible side of a tile in dm?",
            "Determine the greatest common factor of the two numbers {first} and {second}.",
        ),
        draw=_draw_common,
        solve=_solve_gcd,
        feed="first",
    ),
    Skill(
        name="least_common_multiple",
        topic="divisibility",
        concepts=("least common multiple", "multiple of a number"),
        level="middle",
        phrasings=(
            "Find the least common multiple of {first} and {second}.",
            "What is the smallest positive number that is a multiple of both {first} and {second}?",
            "Two lamps flash together. One flashes every {first} seconds, the other every {second} seconds. After how "
            "many seconds do they next flash together?",
            "{person} visits {place} every {first} days and {other} every {second} days. Both were there today. In "
            "how many days will they next be there on the same day?",
            "The smallest number divisible by {first} and by {second} is sought. What is it?",
        ),
        draw=_draw_lcm,
        solve=_solve_lcm,
        feed="first",
    ),
    Skill(
        name="multiples_of_either",
        topic="divisibility",
        concepts=("multiple of a number", "least common multiple", "divisor"),
        level="competition",
        phrasings=(
            "How many of the whole numbers from 1 to {limit} are divisible by {first} or by {second} (or by both)?",
            "Find the number of positive integers not greater than {limit} that are multiples of {first} or of "
            "{second}.",
            "The seats at {place} are numbered from 1 to {limit}. {person} marks every number that is a multiple of "
            "{first} or a multiple of {second}. How many numbers are marked?",
            "From 1 to {limit}, how many numbers have at least one of {first} and {second} as a divisor?",
            "{person} claps at every multiple of {first} and {other} at every multiple of {second} while counting "
            "from 1 to {limit}. At how many numbers does at least one of them clap?",
        ),
        draw=_draw_multiples,
        solve=_solve_multiples,
        feed="limit",
    ),
    Skill(
        name="missing_digit",
        topic="divisibility",
        concepts=("divisibility test", "digit sum", "digit"),
        level="middle",
        phrasings=(
            "The number {left}_{right} has one digit missing, shown by _. Which digit makes it divisible by 9?",
            "Find the digit d for which the number with the digits {left} d {right}, in this order, is a multiple of "
            "9.",
            "{person} spilled ink on the number {left}_{right}, hiding the one digit shown by _. The number is "
            "divisible by 9. What is the hidden digit?",
            "Use the digit sum to find the digit that must replace _ in {left}_{right} so that 9 divides the number.",
            "A bill at {place} shows a total of {left}_{right} cents with one unreadable digit. The total was split "
            "equally, without remainder, among 9 people. What is the unreadable digit?",
        ),
        draw=_draw_missing_digit,
        solve=_solve_missing_digit,
    ),
    Skill(
        name="consecutive_numbers",
        topic="divisibility",
        concepts=("consecutive numbers", "integer"),
        level="middle",
        phrasings=(
            "The sum of {count} consecutive integers is {total}. What is the greatest of them?",
            "Find the largest of {count} consecutive whole numbers whose sum is {total}.",
            "The numbers on {count} seats next to each other at {place} are consecutive and add up to {total}. What "
            "is the highest of these numbers?",
            "{person} adds {count} consecutive integers and gets {total}. Which is the last integer in the row?",
            "If {count} consecutive numbers have the sum {total}, how large is the last one?",
        ),
        draw=_draw_consecutive,
        solve=_solve_consecutive,
        feed="total",
    ),
    Skill(
        name="count_relatively_prime",
        topic="divisibility",
        concepts=("relatively prime numbers", "prime factor"),
        level="competition",
        phrasings=(
            "How many of the whole numbers from 1 to {total} are relatively prime to {total}?",
            "Find the number of positive integers not above {total} whose greatest common divisor with {total} is 1.",
            "{person} lists the fractions with the denominator {total} and the numerators from 1 to {total}. How many "
            "of them are in lowest terms?",
            "Count the whole numbers from 1 to {total} that share no prime factor with {total}.",
            "{total} seats stand in a circle, and a step length from 1 to {total} is chosen. For how many step "
            "lengths does {person}, moving always by that many seats, visit every seat?",
        ),
        draw=_draw_coprime_count,
        solve=_solve_coprime_count,
        feed="total",
    ),
)
