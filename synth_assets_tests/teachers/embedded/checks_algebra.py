"""A second, independent computation of the answer of every algebra skill: SymPy or plain enumeration."""

import re
from collections.abc import Callable
from fractions import Fraction

import sympy
from sympy.abc import k, m, n, x, y

from synth_assets.teachers.embedded.parameters import number, numbers, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters

Check = Callable[[Parameters, Number | str], bool]


def exact(value: Number | str) -> sympy.Expr:
    """A number or an answer in SymPy syntax as an expression."""
    return sympy.sympify(value) if isinstance(value, str) else sympy.Rational(Fraction(value))


def printed(p: Parameters, name: str) -> sympy.Expr:
    """An expression as it stands in the problem, read back with implied products, exactly."""
    exact_numbers = re.sub(r"\d+", r"Integer(\g<0>)", with_products(word(p, name)))
    return eval(exact_numbers, {"Integer": sympy.Integer}, {symbol.name: symbol for symbol in (k, m, n, x, y)})


def read(text: str) -> Callable[..., Fraction]:
    """An expression as it stands in a problem, as a function of its variables; far faster than a SymPy expression."""
    rule = compile(with_products(text), text, "eval")
    return lambda **values: Fraction(eval(rule, {}, {name: Fraction(value) for name, value in values.items()}))


def with_products(text: str) -> str:
    """`2x^2(x + 1)` as Python writes it."""
    return re.sub(r"(?<=[\dxykmn)])(?=[xykmn(])", "*", text).replace("^", "**")


def same(left: sympy.Expr, right: Number | str | sympy.Expr) -> bool:
    """Whether two exact expressions are equal; the cheap ways to see it come first."""
    difference = left - (right if isinstance(right, sympy.Basic) else exact(right))
    rewrites = (lambda expression: expression, sympy.expand, sympy.cancel, sympy.simplify)
    return any(rewrite(difference) == 0 for rewrite in rewrites)


def identical(first: str, second: str) -> bool:
    """Whether two expressions in x of degree 5 at most (or quotients them) agree: at more points than that allows."""
    left, right = read(first), read(second)
    return all(left(x=Fraction(at, 7)) == right(x=Fraction(at, 7)) for at in range(1000, 1013))


def larger_root(rule: Callable[..., Fraction], answer: Number | str) -> bool:
    """Whether a number is the larger root of a quadratic that opens upwards: zero there, and rising."""
    at = Fraction(answer)
    return rule(x=at) == 0 and rule(x=at + 1) >= rule(x=at - 1)


def crossing(first: str, right: int, second: str, other_right: int) -> tuple[Fraction, Fraction]:
    """The one solution (x, y) of two linear equations, by Cramer's rule."""
    rows = []
    for text, value in ((first, right), (second, other_right)):
        rule = read(text)
        start = rule(x=0, y=0)
        rows.append((rule(x=1, y=0) - start, rule(x=0, y=1) - start, value - start))
    (a, b, e), (c, d, f) = rows
    determinant = a * d - b * c
    return (e * d - b * f) / determinant, (a * f - e * c) / determinant


def numeric(p: Parameters, name: str) -> sympy.Expr:
    """A drawn number as a SymPy number."""
    return exact(number(p, name))


def only(solutions: list[sympy.Expr]) -> sympy.Expr:
    """The one solution of a problem that has exactly one."""
    assert len(solutions) == 1, solutions
    return solutions[0]


def integers(condition: Callable[[int], bool], centre: int) -> int:
    """How many integers near `centre` satisfy the condition; the runs are short in every drawn problem."""
    return sum(condition(candidate) for candidate in range(centre - 100, centre + 100))


def _consecutive(p: Parameters, answer: Number | str) -> bool:
    run = [int(answer) + whole(p, "gap") * place for place in range(whole(p, "count"))]
    kind = word(p, "kind")
    parity = all(term % 2 == ("odd" in kind) for term in run) if "odd" in kind or "even" in kind else True
    return sum(run) == whole(p, "total") and parity


def _mixture(p: Parameters, answer: Number | str) -> bool:
    litres, added = number(p, "litres"), Fraction(answer)
    salt = litres * whole(p, "weak") + added * whole(p, "strong")
    return salt / (litres + added) == whole(p, "goal") and added > 0


def _inconsistent(p: Parameters, answer: Number | str) -> bool:
    system = [
        whole(p, "a") * x + whole(p, "b") * y - whole(p, "e"),
        exact(answer) * x + whole(p, "c") * y - whole(p, "f"),
    ]
    return bool(sympy.linsolve(system, x, y) == sympy.EmptySet)


def _related_line(p: Parameters, answer: Number | str) -> bool:
    line = printed({"rule": word(p, "line").removeprefix("y = ")}, "rule")
    along = sympy.Matrix([1, line.diff(x)])
    across = sympy.Matrix([whole(p, "t") - whole(p, "x"), exact(answer) - whole(p, "q")])
    return same(along.dot(across) if word(p, "relation") == "perpendicular" else along.row_join(across).det(), 0)


def _line_at(p: Parameters, at: int) -> Fraction:
    """Lagrange's form of the line through two points, at an abscissa."""
    left, right = whole(p, "x1"), whole(p, "x2")
    return Fraction(whole(p, "y1") * (at - right) - whole(p, "y2") * (at - left), left - right)


def _factored(p: Parameters, answer: Number | str, name: str) -> bool:
    return identical(str(answer), word(p, name)) and "*(" in str(answer)


def _lowest_terms(p: Parameters, answer: Number | str) -> bool:
    """Equal to the quotient as given, and neither constant nor with anything left to cancel: both parts are linear."""
    reduced = read(str(answer))
    quotient = f"({word(p, 'top')})/({word(p, 'bottom')})"
    return identical(quotient, str(answer)) and str(answer).count("x") == 2 and reduced(x=1000) != reduced(x=1001)


def _recursion(p: Parameters, answer: Number | str) -> bool:
    """By the closed form: the distance to the fixed point is multiplied at each step."""
    fixed = Fraction(whole(p, "add"), 1 - whole(p, "times"))
    return bool(fixed + (whole(p, "first") - fixed) * whole(p, "times") ** (whole(p, "n") - 1) == answer)


def _infinite_series(p: Parameters, answer: Number | str) -> bool:
    """The sum without its first term is the whole sum times the ratio."""
    return abs(number(p, "ratio")) < 1 and Fraction(answer) - number(p, "first") == number(p, "ratio") * Fraction(
        answer
    )


def _absolute_value(p: Parameters, answer: Number | str) -> bool:
    """Right distance, and further to the right the distance grows: it is the larger solution."""
    inside = read(word(p, "inside"))
    return abs(inside(x=answer)) == whole(p, "c") < abs(inside(x=Fraction(answer) + Fraction(1, 10**6)))


def _quadratic(p: Parameters, answer: Number | str) -> bool:
    if isinstance(answer, str):
        return same(max(sympy.roots(printed(p, "quadratic"), x)), answer)
    return larger_root(read(word(p, "quadratic")), answer)


def _square_root(p: Parameters, answer: Number | str) -> bool:
    value = exact(answer)
    return same((value - whole(p, "h")) ** 2, whole(p, "c")) and bool(value > whole(p, "h"))


def _average_rate(p: Parameters, answer: Number | str) -> bool:
    """The average slope of a parabola is its slope in the middle, which is any symmetric difference quotient there."""
    rule, middle = read(word(p, "rule")), Fraction(whole(p, "start") + whole(p, "end"), 2)
    return (rule(x=middle + 1) - rule(x=middle - 1)) / 2 == answer


def _compound(p: Parameters, answer: Number | str) -> bool:
    balance = number(p, "principal")
    for _ in range(whole(p, "years")):
        balance += balance * whole(p, "rate") / 100
    return balance == Fraction(answer)


def _piecewise(p: Parameters, answer: Number | str) -> bool:
    limit = whole(p, "limit")
    if whole(p, "x") > 10**4:
        excess = whole(p, "x") - limit
        return answer == limit * whole(p, "low") + excess * whole(p, "high")
    return answer == sum(whole(p, "low" if unit <= limit else "high") for unit in range(1, whole(p, "x") + 1))


def _growth(p: Parameters, answer: Number | str) -> bool:
    size, time = number(p, "start"), 0
    while time < whole(p, "span"):
        time, size = time + whole(p, "period"), size * whole(p, "factor")
    return time == whole(p, "span") and size == answer


def _decay(p: Parameters, answer: Number | str) -> bool:
    size, time = Fraction(answer), whole(p, "span")
    while time > 0:
        time, size = time - whole(p, "period"), size + size
    return time == 0 and size == number(p, "start")


def _terms(p: Parameters) -> list[int]:
    terms = [whole(p, "first")]
    while len(terms) < whole(p, "n"):
        terms.append(terms[-1] * whole(p, "ratio") if "ratio" in p else terms[-1] + whole(p, "step"))
    return terms


def _fibonacci(p: Parameters, answer: Number | str) -> bool:
    place = whole(p, "n")
    numbered = sympy.fibonacci(place - 2) * whole(p, "first") + sympy.fibonacci(place - 1) * whole(p, "second")
    return bool(numbered == answer)


def _common_difference(p: Parameters, answer: Number | str) -> bool:
    reached = whole(p, "early")
    for _ in range(whole(p, "j"), whole(p, "k")):
        reached += int(answer)
    return reached == whole(p, "last")


def _extreme(p: Parameters, answer: Number | str) -> bool:
    rule = printed(p, "start") + whole(p, "c")
    turning = only(sympy.solve(rule.diff(x), x))
    return same(rule.subs(x, turning), answer) and (rule.diff(x, 2) < 0) == (word(p, "extreme") == "greatest")


def _completing(p: Parameters, answer: Number | str) -> bool:
    left = x**2 + whole(p, "b") * x - whole(p, "k") + exact(answer)
    return same(sympy.discriminant(left, x), 0)


def _perfect_square(p: Parameters, answer: Number | str) -> bool:
    rule = printed(p, "start") + exact(answer) * x + whole(p, "c")
    return same(sympy.discriminant(rule, x), 0) and exact(answer) > 0


def _squares_of_roots(p: Parameters, answer: Number | str) -> bool:
    """The roots are the eigenvalues of the companion matrix; their squares add up to the trace of its square."""
    companion = sympy.Matrix([[0, -whole(p, "p")], [1, whole(p, "s")]])
    return bool((companion**2).trace() == answer and whole(p, "s") ** 2 >= 4 * whole(p, "p"))


def _logarithms(p: Parameters, answer: Number | str) -> bool:
    base = whole(p, "base")
    if max(whole(p, "p"), whole(p, "q")) > 60:
        return answer == sum([whole(p, "p")] * whole(p, "m")) - sum([whole(p, "q")] * whole(p, "n"))
    quotient = Fraction((base ** whole(p, "p")) ** whole(p, "m"), (base ** whole(p, "q")) ** whole(p, "n"))
    return quotient == Fraction(base) ** int(answer)


def _radical(p: Parameters, answer: Number | str) -> bool:
    value = whole(p, "outside") * sympy.sqrt(whole(p, "n"))
    return bool(exact(answer) == value) and str(value) == str(answer)


def _range(p: Parameters, answer: Number | str) -> bool:
    rule = printed(p, "square") + number(p, "c")
    values = {Fraction(str(rule.subs(x, exact(value)))) for value in numbers(p, "domain")}
    return max(values) + min(values) == answer


def _shift(p: Parameters, answer: Number | str) -> bool:
    old = sympy.Lambda(x, whole(p, "stretch") * sympy.Abs(x))
    return same(old(whole(p, "x") - whole(p, "right")) + whole(p, "up"), answer)


def _tickets(p: Parameters, answer: Number | str) -> bool:
    dear, cheap, sold = whole(p, "dear"), whole(p, "cheap"), whole(p, "sold")
    return dear * int(answer) + cheap * (sold - int(answer)) == whole(p, "takings") and 0 < int(answer) < sold


def _compound_inequality(p: Parameters, answer: Number | str) -> bool:
    a, b, low, high = whole(p, "a"), whole(p, "b"), whole(p, "low"), whole(p, "high")
    return integers(lambda value: low < a * value + b <= high, high // a) == answer


def _absolute_inequality(p: Parameters, answer: Number | str) -> bool:
    a, b, c = whole(p, "a"), whole(p, "b"), whole(p, "c")
    reach = range(-c - abs(b) - 1, c + abs(b) + 2) if c <= 10**4 else None
    if reach is None:
        steps = sympy.solveset(sympy.Abs(a * x + b) < c, x, sympy.S.Reals)
        return bool(sympy.ceiling(steps.end) - sympy.floor(steps.start) - 1 == answer)
    return sum(abs(a * value + b) < c for value in reach) == answer


def _exponential(p: Parameters, answer: Number | str) -> bool:
    exponent = whole(p, "m") * int(answer) - whole(p, "a")
    return bool(whole(p, "base") ** exponent == whole(p, "power"))


def _scientific(p: Parameters, answer: Number | str) -> bool:
    return Fraction(word(p, "mantissa") + f"e{whole(p, 'power')}") * whole(p, "n") == answer


CHECKS: dict[str, Check] = {
    "evaluate_expression": lambda p, a: same(printed(p, "expression").subs(x, numeric(p, "x")), a),
    "combine_like_terms": lambda p, a: same(printed(p, "expression"), a) and len(exact(a).args) == 2,
    "constant_term_after_expanding": lambda p, a: same(
        (whole(p, "a") * (x + whole(p, "b")) + whole(p, "c") * (x + whole(p, "d"))).subs(x, 0), a
    ),
    "translate_words": lambda p, a: same(sum([x] * whole(p, "times")) + whole(p, "more"), a),
    "two_step_equation": lambda p, a: whole(p, "a") * Fraction(a) + whole(p, "b") == whole(p, "c"),
    "equation_with_variables_on_both_sides": lambda p, a: (
        whole(p, "b") + whole(p, "a") * int(a) == whole(p, "d") + whole(p, "c") * int(a)
    ),
    "equation_with_parentheses": lambda p, a: sum([int(a) + whole(p, "b")] * whole(p, "a")) == whole(p, "c"),
    "equation_with_fractions": lambda p, a: Fraction(a) / whole(p, "a") + Fraction(a) / whole(p, "b") == whole(p, "c"),
    "solve_formula_for_variable": lambda p, a: same(
        printed({"rule": word(p, "formula").removeprefix("y = ")}, "rule").subs(x, exact(a)), "y"
    ),
    "consecutive_integers": _consecutive,
    "age_problem": lambda p, a: (
        int(a) + whole(p, "years") + whole(p, "times") * int(a) + whole(p, "years") == whole(p, "total")
    ),
    "mixture_problem": _mixture,
    "opposite_directions": lambda p, a: (
        Fraction(a) * whole(p, "first") + Fraction(a) * whole(p, "second") == whole(p, "apart")
    ),
    "work_rates_added": lambda p, a: Fraction(a) / whole(p, "first") + Fraction(a) / whole(p, "second") == 1,
    "break_even_point": lambda p, a: (
        whole(p, "price") * Fraction(a) == number(p, "fixed") + whole(p, "cost") * Fraction(a)
    ),
    "sum_and_difference": lambda p, a: crossing("x + y", whole(p, "total"), "x - y", whole(p, "gap"))[0] == a,
    "two_kinds_of_tickets": _tickets,
    "elimination_method": lambda p, a: (
        crossing(word(p, "first"), whole(p, "e"), word(p, "second"), whole(p, "f"))[0] == a
    ),
    "substitution_method": lambda p, a: (
        crossing(f"y - ({whole(p, 'm')})x", whole(p, "k"), word(p, "second"), whole(p, "c"))[1] == a
    ),
    "system_without_solution": _inconsistent,
    "largest_integer_of_inequality": lambda p, a: (
        whole(p, "a") * int(a) + whole(p, "b") <= whole(p, "c") < whole(p, "a") * (int(a) + 1) + whole(p, "b")
    ),
    "integers_in_compound_inequality": _compound_inequality,
    "absolute_value_equation": _absolute_value,
    "absolute_value_inequality": _absolute_inequality,
    "slope_through_two_points": lambda p, a: _line_at(p, 1) - _line_at(p, 0) == a,
    "y_intercept_of_line": lambda p, a: _line_at(p, 0) == a,
    "sum_of_intercepts": lambda p, a: sum(Fraction(whole(p, "c"), whole(p, side)) for side in "ab") == a,
    "parallel_or_perpendicular_line": _related_line,
    "direct_variation": lambda p, a: Fraction(a) * whole(p, "first") == number(p, "value") * whole(p, "second"),
    "subtract_polynomials": lambda p, a: identical(f"{word(p, 'minuend')} - ({word(p, 'subtrahend')})", str(a)),
    "product_of_binomials": lambda p, a: same(
        sympy.expand(printed(p, "first") * (printed(p, "start") + whole(p, "d"))).coeff(x, 1), a
    ),
    "factor_trinomial": lambda p, a: _factored(p, a, "trinomial"),
    "difference_of_squares": lambda p, a: (
        Fraction(whole(p, "total") + whole(p, "gap"), 2) ** 2 - Fraction(whole(p, "total") - whole(p, "gap"), 2) ** 2
        == a
    ),
    "polynomial_remainder": lambda p, a: same(sympy.rem(printed(p, "polynomial"), x - whole(p, "r"), x), a),
    "unknown_coefficient_from_factor": lambda p, a: same(
        sympy.rem(printed(p, "start") + exact(a) * x + whole(p, "c"), x - whole(p, "r"), x), 0
    ),
    "factor_out_common_monomial": lambda p, a: (
        _factored(p, a, "expanded") and str(sympy.factor_terms(printed(p, "expanded"))).count("(") == 1
    ),
    "perfect_square_trinomial": _perfect_square,
    "quadratic_from_product": lambda p, a: (
        Fraction(a) * (Fraction(a) + whole(p, "gap")) == whole(p, "area") and Fraction(a) > 0
    ),
    "quadratic_formula": _quadratic,
    "discriminant": lambda p, a: same(sympy.discriminant(printed(p, "start") + whole(p, "c"), x), a),
    "extreme_value_of_quadratic": _extreme,
    "maximum_height": lambda p, a: same(
        sympy.discriminant(-5 * x**2 + whole(p, "speed") * x + number(p, "start").numerator - exact(a), x), 0
    ),
    "completing_the_square": _completing,
    "sum_of_squares_of_roots": _squares_of_roots,
    "square_root_property": _square_root,
    "rules_of_exponents": lambda p, a: same(
        (m ** whole(p, "a")) ** whole(p, "k") * m ** whole(p, "c") / m ** whole(p, "d"), f"m**{a}"
    ),
    "negative_exponent": lambda p, a: same(whole(p, "m") * sympy.Integer(whole(p, "base")) ** -whole(p, "power"), a),
    "simplify_radical": _radical,
    "radical_equation": lambda p, a: same(sympy.sqrt(printed(p, "inside").subs(x, exact(a))), whole(p, "c")),
    "rational_exponent": lambda p, a: same(
        whole(p, "m") * sympy.Integer(whole(p, "base")) ** sympy.Rational(whole(p, "top"), whole(p, "bottom")), a
    ),
    "rationalise_denominator": lambda p, a: (
        same(whole(p, "k") / sympy.sqrt(whole(p, "m")), a) and "/sqrt" not in str(a)
    ),
    "scientific_notation": _scientific,
    "simplify_rational_expression": _lowest_terms,
    "value_of_rational_expression": lambda p, a: (
        read(f"({word(p, 'top')})/({word(p, 'bottom')})")(x=whole(p, "x")) == a
    ),
    "rational_equation": lambda p, a: whole(p, "k") / (Fraction(a) - whole(p, "r")) == whole(p, "m"),
    "excluded_value": lambda p, a: larger_root(read(word(p, "bottom")), a),
    "inverse_variation": lambda p, a: Fraction(a) * whole(p, "second") == whole(p, "first") * number(p, "value"),
    "value_of_logarithm": lambda p, a: same(
        whole(p, "m") * sympy.log(whole(p, "argument"), whole(p, "base")) + whole(p, "add"), a
    ),
    "laws_of_logarithms": _logarithms,
    "logarithmic_equation": lambda p, a: same(sympy.log(int(a) - whole(p, "a"), whole(p, "base")), whole(p, "n")),
    "exponential_equation": _exponential,
    "exponential_growth": _growth,
    "half_life": _decay,
    "compound_interest": _compound,
    "arithmetic_sequence_term": lambda p, a: _terms(p)[-1] == a,
    "common_difference": _common_difference,
    "arithmetic_series": lambda p, a: sum(_terms(p)) == a,
    "geometric_sequence_term": lambda p, a: _terms(p)[-1] == a,
    "geometric_series": lambda p, a: sum(_terms(p)) == a,
    "infinite_geometric_series": _infinite_series,
    "recursive_sequence": _recursion,
    "fibonacci_type_sequence": _fibonacci,
    "sigma_notation_sum": lambda p, a: (
        sum(read(word(p, "term"))(k=place) for place in range(1, whole(p, "n") + 1)) == a
    ),
    "function_notation": lambda p, a: same(
        printed(p, "rule").subs(x, numeric(p, "x")) + printed(p, "rule").subs(x, 0), a
    ),
    "composition_of_functions": lambda p, a: same(printed(p, "f").subs(x, printed(p, "g")).subs(x, numeric(p, "x")), a),
    "inverse_function": lambda p, a: same(printed(p, "rule").subs(x, exact(a)), whole(p, "y")),
    "piecewise_function": _piecewise,
    "domain_of_root_function": lambda p, a: (
        sympy.sqrt(whole(p, "a") * exact(a) - whole(p, "b")) == 0
        and not sympy.sqrt(whole(p, "a") * (exact(a) - sympy.Rational(1, 10**6)) - whole(p, "b")).is_real
    ),
    "range_over_finite_domain": _range,
    "average_rate_of_change": _average_rate,
    "shifted_graph": _shift,
}
