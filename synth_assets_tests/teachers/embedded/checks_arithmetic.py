"""A second computation of every arithmetic answer: by enumeration, by substitution back, or by SymPy."""

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import count
from math import isqrt

import sympy

from synth_assets.teachers.embedded.parameters import number, numbers, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters

Check = Callable[[Parameters, Number | str], bool]


def _exact(answer: Number | str) -> Fraction:
    if isinstance(answer, str):
        raise TypeError(f"{answer!r} is not a number")
    return Fraction(answer)


def _evaluates_to(expression: str) -> Check:
    """Whether SymPy finds the answer when the parameters are put into an expression."""
    formula = sympy.sympify(expression, {name: sympy.Symbol(name) for name in re.findall(r"\b[a-z_]+\b", expression)})

    def check(p: Parameters, answer: Number | str) -> bool:
        values = {symbol: sympy.Rational(str(p[symbol.name])) for symbol in formula.free_symbols}
        return bool(formula.subs(values) == sympy.Rational(_exact(answer)))

    return check


def _holds(statement: Callable[[Parameters, Fraction], bool]) -> Check:
    """Whether putting a numerical answer back into the problem makes a true statement."""
    return lambda p, answer: statement(p, _exact(answer))


def _dollars(p: Parameters, name: str) -> Fraction:
    return Fraction(word(p, name).removeprefix("$"))


def _is_nearest_multiple(p: Parameters, answer: Fraction) -> bool:
    value, unit = number(p, "number"), whole(p, "unit")
    return answer % unit == 0 and -unit <= 2 * (value - answer) < unit


def _digit_value(p: Parameters, answer: Fraction) -> bool:
    digits = str(whole(p, "number"))
    place = len(str(whole(p, "unit")))
    return answer == int(digits[-place] + "0" * (place - 1))


def _estimate(p: Parameters, answer: Fraction) -> bool:
    def tens(value: int) -> int:
        return min(range(0, value + 11, 10), key=lambda ten: (abs(ten - value), -ten))

    return answer == tens(whole(p, "first")) * tens(whole(p, "second"))


def _is_nearest_cent(p: Parameters, answer: Fraction) -> bool:
    error = abs(answer * whole(p, "people") - 100 * whole(p, "total"))
    return answer.denominator == 1 and 2 * error < whole(p, "people")


def _repeats(p: Parameters, answer: Fraction) -> bool:
    expected = word(p, "start") + word(p, "block") * 8
    return str(answer.numerator * 10 ** len(expected) // answer.denominator).zfill(len(expected)) == expected


def _percent_change(p: Parameters, answer: Fraction) -> bool:
    sign = 1 if word(p, "change") == "increase" else -1
    return answer > 0 and whole(p, "old") * (1 + sign * answer / 100) == whole(p, "new")


def _share(p: Parameters, answer: Fraction) -> bool:
    return answer / whole(p, "more") == (whole(p, "total") - answer) / whole(p, "less")


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def _largest_common_divisor(p: Parameters, answer: Fraction) -> bool:
    first, second = whole(p, "first"), whole(p, "second")
    return answer == max(n for n in range(1, min(first, second) + 1) if first % n == 0 == second % n)


def _first_common_multiple(p: Parameters, answer: Fraction) -> bool:
    first, second = whole(p, "first"), whole(p, "second")
    return answer == next(n for n in count(first, first) if n % second == 0)


def _exponent_in_factorial(p: Parameters, answer: Fraction) -> bool:
    prime = whole(p, "prime")
    return answer == sum(int(sympy.multiplicity(prime, n)) for n in range(prime, whole(p, "number") + 1, prime))


def _first_square_multiple(p: Parameters, answer: Fraction) -> bool:
    value = whole(p, "number")
    if value <= 5000:
        return answer == next(k for k in count(1) if isqrt(k * value) ** 2 == k * value)
    return answer == int(sympy.ntheory.factor_.core(value))


def _multiples_of_either(p: Parameters, answer: Fraction) -> bool:
    limit, first, second = whole(p, "limit"), whole(p, "first"), whole(p, "second")
    return answer == len({*range(first, limit + 1, first), *range(second, limit + 1, second)})


def _missing_digit(p: Parameters, answer: Fraction) -> bool:
    fitting = [d for d in range(10) if int(f"{whole(p, 'left')}{d}{whole(p, 'right')}") % 9 == 0]
    return fitting == [answer]


def _repeated_remainder(p: Parameters, answer: Fraction) -> bool:
    rest = 1
    for _ in range(whole(p, "exponent")):
        rest = rest * whole(p, "base") % whole(p, "modulus")
    return answer == rest


def _clock(p: Parameters, answer: Fraction) -> bool:
    return 1 <= answer <= 12 and (answer - whole(p, "start") - whole(p, "hours")) % 12 == 0


def _first_with_remainders(p: Parameters, answer: Fraction) -> bool:
    return answer == next(
        n
        for n in count(1)
        if n % whole(p, "first") == whole(p, "first_rest") and n % whole(p, "second") == whole(p, "second_rest")
    )


def _digits_in_base(value: int, base: int) -> list[int]:
    digits: list[int] = sympy.ntheory.digits(value, base)
    return digits[1:]


def _surd(p: Parameters, answer: Number | str) -> bool:
    exact = sympy.sqrt(whole(p, "number"))
    return isinstance(answer, str) and sympy.sympify(answer) == exact and str(exact) == answer


CHECKS: dict[str, Check] = {
    # Whole numbers, place value, integers.
    "order_of_operations": _evaluates_to("start + groups * size - gone"),
    "order_with_grouping": _evaluates_to("(large + small) * boxes - row**2"),
    "distributive_property": _evaluates_to("factor * first + factor * second"),
    "commutative_regrouping": _evaluates_to("first * middle * last"),
    "division_with_remainder": _evaluates_to("Mod(total, size)"),
    "missing_addend": _holds(lambda p, a: a + whole(p, "known") == whole(p, "total")),
    "round_whole_number": _holds(_is_nearest_multiple),
    "value_of_digit": _holds(_digit_value),
    "estimate_product": _holds(_estimate),
    "gain_and_loss": _evaluates_to("start + gain - loss"),
    "distance_on_number_line": _evaluates_to("Abs(first - second)"),
    "repeated_loss": _evaluates_to("start + times * (-loss)"),
    "opposite_of_sum": _holds(lambda p, a: a + whole(p, "first") + whole(p, "second") == 0),
    "product_of_negatives": _evaluates_to("first * second - taken"),
    # Fractions and decimals.
    "add_fractions": _evaluates_to("first + second"),
    "subtract_mixed_numbers": _holds(
        lambda p, a: sum(map(Fraction, word(p, "second").split()), a) == sum(map(Fraction, word(p, "first").split()))
    ),
    "mixed_to_improper": _holds(lambda p, a: divmod(a, 1) == (whole(p, "count"), number(p, "part"))),
    "fraction_of_quantity": _holds(lambda p, a: a / whole(p, "total") == number(p, "part")),
    "fraction_of_the_rest": _evaluates_to("total * (1 - first) * (1 - second)"),
    "divide_fractions": _holds(lambda p, a: a * number(p, "piece") == number(p, "length")),
    "simplify_fraction": _holds(lambda p, a: a.numerator * whole(p, "total") == a.denominator * whole(p, "part")),
    "complex_fraction": _evaluates_to("(first + second) / divisor"),
    "largest_fraction": _holds(
        lambda p, a: a in numbers(p, "fractions") and all(a - other >= 0 for other in numbers(p, "fractions"))
    ),
    "decimal_product": _evaluates_to("count * length"),
    "divide_by_decimal": _evaluates_to("total / size"),
    "round_to_cent": _holds(_is_nearest_cent),
    "repeating_decimal_to_fraction": _holds(_repeats),
    "change_from_payment": _holds(
        lambda p, a: sum([_dollars(p, "price")] * whole(p, "count"), a) == whole(p, "paid") and a > 0
    ),
    "count_decimal_places": _holds(
        lambda p, a: a == next(k for k in count() if whole(p, "top") * 10**k % whole(p, "bottom") == 0)
    ),
    # Percentages and money.
    "percent_of_number": _holds(lambda p, a: a / number(p, "base") == Fraction(whole(p, "percent"), 100)),
    "what_percent": _holds(lambda p, a: whole(p, "amount") * a / 100 == whole(p, "part")),
    "percent_change": _holds(_percent_change),
    "successive_percent_changes": _evaluates_to("start * (1 + up/100) * (1 - down/100)"),
    "sale_price": _evaluates_to("price * (1 - percent/100)"),
    "original_price": _holds(lambda p, a: a - a * whole(p, "percent") / 100 == number(p, "sale")),
    "sales_tax_total": _evaluates_to("amount * (1 + rate/100)"),
    "sales_commission": _evaluates_to("amount * rate/100"),
    "markup_price": _evaluates_to("cost * (1 + percent/100)"),
    "simple_interest": _evaluates_to("principal * rate * years / 100"),
    "simple_interest_rate": _holds(
        lambda p, a: number(p, "principal") * a / 100 * whole(p, "years") == _dollars(p, "interest")
    ),
    "value_of_coins": _evaluates_to("(dimes * 2 + quarters * 5 + nickels) * 5"),
    # Ratios, rates, measurement.
    "share_in_ratio": _holds(_share),
    "solve_proportion": _holds(lambda p, a: Fraction(whole(p, "first"), whole(p, "second")) == whole(p, "third") / a),
    "map_distance": _holds(lambda p, a: a * 100_000 / whole(p, "length") == whole(p, "scale")),
    "inverse_proportion": _holds(lambda p, a: a * whole(p, "others") == whole(p, "workers") * whole(p, "days")),
    "direct_proportion": _holds(
        lambda p, a: a / whole(p, "wanted") == Fraction(whole(p, "grams"), whole(p, "portions"))
    ),
    "unit_price": _holds(lambda p, a: a / whole(p, "wanted") == _dollars(p, "cost") / whole(p, "count")),
    "unit_rate": _holds(lambda p, a: a / whole(p, "later") == Fraction(whole(p, "made"), whole(p, "hours"))),
    "average_speed": _evaluates_to("(first + second) / (hours_moving + hours_more)"),
    "meeting_time": _holds(lambda p, a: a * whole(p, "slow") + a * whole(p, "fast") == whole(p, "gap")),
    "distance_travelled": _holds(lambda p, a: a / whole(p, "minutes") * 60 == whole(p, "speed")),
    "working_together": _holds(lambda p, a: a / whole(p, "first") + a / whole(p, "second") == 1),
    "metric_conversion": _holds(lambda p, a: a * whole(p, "factor") == whole(p, "amount")),
    "customary_conversion": _holds(lambda p, a: a / whole(p, "factor") == whole(p, "amount")),
    "capacity_sum": _holds(lambda p, a: (a - whole(p, "used")) / whole(p, "factor") == whole(p, "amount")),
    "temperature_conversion": _holds(lambda p, a: (a - 32) * 5 / 9 - whole(p, "rise") == whole(p, "celsius")),
    "speed_conversion": _evaluates_to("speed * 1000 * seconds / 3600"),
    "elapsed_time": _holds(lambda p, a: _minutes(word(p, "start")) + a == _minutes(word(p, "end"))),
    "mixed_units": _evaluates_to("pieces * feet * 12 + pieces * inches"),
    "mass_in_kilograms": _holds(lambda p, a: a * 1000 / whole(p, "count") == whole(p, "grams")),
    # Divisibility, remainders, bases, roots.
    "largest_prime_factor": _holds(lambda p, a: a == max(sympy.primefactors(whole(p, "number")))),
    "number_of_divisors": _holds(lambda p, a: a == len(sympy.divisors(whole(p, "number")))),
    "sum_of_proper_divisors": _holds(lambda p, a: a == sum(sympy.proper_divisors(whole(p, "number")))),
    "count_primes": _holds(
        lambda p, a: a == len(list(sympy.primerange(whole(p, "start") + 1, whole(p, "start") + whole(p, "width") + 1)))
    ),
    "prime_in_factorial": _holds(_exponent_in_factorial),
    "greatest_common_divisor": _holds(_largest_common_divisor),
    "least_common_multiple": _holds(_first_common_multiple),
    "multiples_of_either": _holds(_multiples_of_either),
    "missing_digit": _holds(_missing_digit),
    "consecutive_numbers": _holds(lambda p, a: sum(a - k for k in range(whole(p, "count"))) == whole(p, "total")),
    "count_relatively_prime": _holds(lambda p, a: a == int(sympy.totient(whole(p, "total")))),
    "remainder_of_power": _holds(_repeated_remainder),
    "units_digit_of_power": _holds(lambda p, a: a == pow(whole(p, "base"), whole(p, "exponent"), 10)),
    "clock_arithmetic": _holds(_clock),
    "two_remainders": _holds(_first_with_remainders),
    "modular_inverse": _holds(
        lambda p, a: 0 < a < whole(p, "modulus") and whole(p, "number") * a % whole(p, "modulus") == 1
    ),
    "base_to_decimal": _holds(
        lambda p, a: "".join(map(str, _digits_in_base(a.numerator, whole(p, "base")))) == word(p, "digits")
    ),
    "ones_in_binary": _holds(lambda p, a: a == whole(p, "number").bit_count()),
    "digit_sum_in_base": _holds(lambda p, a: a == sum(_digits_in_base(whole(p, "number"), whole(p, "base")))),
    "multiplier_to_square": _holds(_first_square_multiple),
    "simplify_square_root": _surd,
    "estimate_square_root": _holds(lambda p, a: a**2 < whole(p, "number") < (a + 1) ** 2),
    "square_and_cube_root": _evaluates_to("square**(1/2) + cube**(1/3)"),
}
