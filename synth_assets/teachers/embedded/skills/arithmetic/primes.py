"""Prime factorisation, and the skills built on it: prime factors, divisors, factorials."""

import random
from collections import Counter
from math import prod

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.fed import fed_whole


def prime_factors(number: int) -> list[int]:
    """The prime factors of a whole number above 1 in rising order, repeated as often as they divide it."""
    factors, divisor = [], 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            factors.append(divisor)
            number //= divisor
        divisor += 1
    return [*factors, number] if number > 1 else factors


def factorisation(number: int) -> str:
    """A prime factorisation as written: `2^3 * 5`."""
    counts = Counter(prime_factors(number))
    return " * ".join(f"{prime}^{power}" if power > 1 else f"{prime}" for prime, power in counts.items())


def factored(number: int) -> str:
    """The outcome of factorising: `40 = 2^3 * 5`, or `7 is prime`."""
    return f"{number} = {factorisation(number)}" if len(prime_factors(number)) > 1 else f"{number} is prime"


def _draw_composite(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    number = fed_whole(fed, rng.randint(2, 30 * difficulty) * rng.randint(2, 15 * difficulty), least=4)
    return {"number": number} if number and len(prime_factors(number)) > 1 else None


def _solve_largest_prime(p: Parameters) -> Solution:
    number = whole(p, "number")
    return Solution(
        (
            f"Splitting {number} into smaller and smaller factors, as in a factor tree, gives the prime factorisation "
            f"{number} = {factorisation(number)}.",
            f"The largest prime factor in it is {max(prime_factors(number))}.",
        ),
        max(prime_factors(number)),
    )


def _solve_divisor_count(p: Parameters) -> Solution:
    number = whole(p, "number")
    exponents = list(Counter(prime_factors(number)).values())
    count = prod(e + 1 for e in exponents)
    factors = " * ".join(f"({e} + 1)" for e in exponents)
    return Solution(
        (
            f"The prime factorisation is {number} = {factorisation(number)}.",
            "A divisor uses each prime from 0 times up to its exponent, so the number of divisors is the product of "
            "the exponents, each increased by 1.",
            f"This gives {factors} = {count} divisors."
            if len(exponents) > 1
            else f"This gives {exponents[0]} + 1 = {count}.",
        ),
        count,
    )


def _solve_divisor_sum(p: Parameters) -> Solution:
    number = whole(p, "number")
    counts = Counter(prime_factors(number))
    sums = [sum(prime**k for k in range(power + 1)) for prime, power in counts.items()]
    rows = [" + ".join(str(prime**k) for k in range(power + 1)) for prime, power in counts.items()]
    return Solution(
        (
            f"The prime factorisation is {number} = {factorisation(number)}.",
            f"The sum of divisors is {' * '.join(f'({row})' for row in rows)} = {prod(sums)}.",
            f"Leaving out {number} itself, the proper divisors have the sum {prod(sums)} - {number} = "
            f"{prod(sums) - number}.",
        ),
        prod(sums) - number,
    )


def _draw_primes_after(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    start = fed_whole(fed, rng.randint(2, 60 * difficulty))
    return {"start": start, "width": rng.randint(4, 4 + 4 * difficulty) * 2} if start else None


def _solve_primes_after(p: Parameters) -> Solution:
    start, width = whole(p, "start"), whole(p, "width")
    primes = [n for n in range(start + 1, start + width + 1) if prime_factors(n) == [n]]
    found = f"The prime numbers among them are {', '.join(map(str, primes))}." if primes else "None of them is prime."
    return Solution(
        (
            f"The numbers run from {start + 1} to {start + width}.",
            "Every composite number has a prime factor not above its square root, so cross out the multiples of "
            "the small primes.",
            found if len(primes) != 1 else f"The only prime number among them is {primes[0]}.",
        ),
        len(primes),
    )


def _draw_factorial(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    number = fed_whole(fed, rng.randint(10, 150 * difficulty), least=5, most=10**4)
    return {"number": number, "prime": rng.choice((3, 5, 7)) if number and number >= 7 else 3} if number else None


def _solve_factorial(p: Parameters) -> Solution:
    number, prime = whole(p, "number"), whole(p, "prime")
    powers = [prime**k for k in range(1, 20) if prime**k <= number]
    counts = [number // power for power in powers]
    summed = f"{' + '.join(map(str, counts))} = {sum(counts)}" if len(counts) > 1 else f"{counts[0]}"
    return Solution(
        (
            f"The factorial {number}! is the product of the numbers from 1 to {number}; every multiple of {prime} "
            f"among them brings a prime factor {prime}, every multiple of {prime**2} a second one, and so on.",
            f"The whole-number quotients of {number} by {', '.join(map(str, powers))} are "
            f"{', '.join(map(str, counts))}.",
            f"The exponent is {summed}.",
        ),
        sum(counts),
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="largest_prime_factor",
        topic="prime numbers and factorisation",
        concepts=("prime factor", "prime factorisation", "factor tree"),
        level="middle",
        phrasings=(
            "What is the largest prime factor of {number}?",
            "Find the prime factorisation of {number} and give the largest prime in it.",
            "{person} draws a factor tree for {number}. What is the largest prime number among its leaves?",
            "Determine the greatest prime number that divides {number}.",
            "Write {number} as a product of prime numbers. Which is the largest of them?",
        ),
        draw=_draw_composite,
        solve=_solve_largest_prime,
        feed="number",
    ),
    Skill(
        name="number_of_divisors",
        topic="prime numbers and factorisation",
        concepts=("number of divisors", "divisor", "prime factorisation"),
        level="competition",
        phrasings=(
            "How many positive divisors does {number} have?",
            "Find the number of positive whole numbers that divide {number}, 1 and {number} included.",
            "{person} wants to lay out {number} square tiles as a full rectangle with a given number of rows. How many "
            "different numbers of rows are possible?",
            "In how many ways can an ordered pair of positive integers with the product {number} be chosen?",
            "{person} shares {number} coins equally among a group with none left over. How many different group "
            "sizes, from 1 to {number}, are possible?",
        ),
        draw=_draw_composite,
        solve=_solve_divisor_count,
        feed="number",
    ),
    Skill(
        name="sum_of_proper_divisors",
        topic="prime numbers and factorisation",
        concepts=("sum of divisors", "divisor"),
        level="competition",
        phrasings=(
            "Find the sum of all positive divisors of {number} that are smaller than {number}.",
            "What is the sum of the proper divisors of {number}, the number itself not counted?",
            "To see whether {number} is a perfect number, {person} adds its positive divisors other than {number}. "
            "What sum does {person} find?",
            "Add up all the positive divisors of {number} except {number} itself. What is the total?",
            "Let s be the sum of all positive divisors of {number}. Find s minus {number}.",
        ),
        draw=_draw_composite,
        solve=_solve_divisor_sum,
        feed="number",
    ),
    Skill(
        name="count_primes",
        topic="prime numbers and factorisation",
        concepts=("prime number", "composite number", "sieve of eratosthenes"),
        level="middle",
        phrasings=(
            "How many prime numbers are there among the {width} whole numbers that directly follow {start}?",
            "Starting with the number after {start}, {person} writes down {width} consecutive whole numbers. How many "
            "of them are prime?",
            "Count the prime numbers that are greater than {start} and at most {width} more than {start}.",
            "The {width} lockers at {place} carry consecutive numbers, the first being one more than {start}. How many "
            "lockers have a prime number?",
            "Cross out the composite numbers among the {width} integers that come right after {start}. How many "
            "numbers remain?",
        ),
        draw=_draw_primes_after,
        solve=_solve_primes_after,
        feed="start",
    ),
    Skill(
        name="prime_in_factorial",
        topic="prime numbers and factorisation",
        concepts=("factorial", "prime factor"),
        level="competition",
        phrasings=(
            "What is the exponent of {prime} in the prime factorisation of the factorial of {number}?",
            "Find the largest whole number k such that {prime}^k divides the product 1 * 2 * 3 * ... * {number}.",
            "The product of all whole numbers from 1 to {number} is divided by {prime} again and again as long as "
            "there is no remainder. How many divisions are possible?",
            "How many times does the prime factor {prime} occur in the factorial of {number}?",
            "{person} multiplies the numbers from 1 to {number}, and {other} writes the product as a product of "
            "primes. How often does {prime} appear in it?",
        ),
        draw=_draw_factorial,
        solve=_solve_factorial,
        feed="number",
    ),
)
