"""A second, independent computation of the answer of every algebra skill: SymPy or plain enumeration."""

from collections.abc import Callable
from fractions import Fraction

import sympy
from sympy.abc import k, m, n, x, y

from synth_assets.teachers.embedded.parameters import number, numbers, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters

Check = Callable[[Parameters, Number | str], bool]


def exact(value: Number | str) -> sympy.Expr:
    """A number or an answer in SymPy syntax as an expression."""
    return sympy.sympify(str(value))


def printed(p: Parameters, name: str) -> sympy.Expr:
    """An expression as it stands in the problem, read back with implied products."""
    transformations = (
        *sympy.parsing.sympy_parser.standard_transformations,
        sympy.parsing.sympy_parser.implicit_multiplication_application,
        sympy.parsing.sympy_parser.convert_xor,
    )
    return sympy.parsing.sympy_parser.parse_expr(word(p, name), transformations=transformations)


def same(left: sympy.Expr, right: Number | str | sympy.Expr) -> bool:
    """Whether two exact expressions are equal; the cheap ways to see it come first."""
    difference = left - sympy.sympify(str(right))
    return any(rewrite(difference) == 0 for rewrite in (sympy.expand, sympy.cancel, sympy.simplify))


def numeric(p: Parameters, name: str) -> sympy.Expr:
    """A drawn number as a SymPy number."""
    return exact(number(p, name))


def only(solutions: list[sympy.Expr]) -> sympy.Expr:
    """The one solution of a problem that has exactly one."""
    assert len(solutions) == 1, solutions
    return solutions[0]


def solved(*equations: sympy.Expr, unknown: sympy.Symbol = x) -> sympy.Expr:
    """The value of `unknown` in the one solution of equations whose left sides are zero."""
    unknowns = sorted(set().union(*(equation.free_symbols for equation in equations)), key=str)
    return only(sympy.solve(equations, unknowns, dict=True))[unknown]


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


def _line_at(p: Parameters, at: int) -> sympy.Expr:
    points = [(whole(p, "x1"), whole(p, "y1")), (whole(p, "x2"), whole(p, "y2"))]
    return sympy.interpolate(points, x).subs(x, at)


def _factored(p: Parameters, answer: Number | str, name: str) -> bool:
    return same(sympy.expand(exact(answer)), printed(p, name)) and "*(" in str(answer)


def _lowest_terms(p: Parameters, answer: Number | str) -> bool:
    return same(printed(p, "top") / printed(p, "bottom"), answer) and str(sympy.cancel(exact(answer))).count("x") == 2


def _recursion(p: Parameters, answer: Number | str) -> bool:
    sequence, place = sympy.Function("a"), sympy.Symbol("place", integer=True)
    times, add, first = whole(p, "times"), whole(p, "add"), whole(p, "first")
    closed = sympy.rsolve(sequence(place + 1) - times * sequence(place) - add, sequence(place), {sequence(1): first})
    return same(closed.subs(place, whole(p, "n")), answer)


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
    roots = sympy.roots(x**2 - whole(p, "s") * x + whole(p, "p"), x, multiple=True)
    return same(sum(root**2 for root in roots), answer) and all(root.is_real for root in roots)


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
    "two_step_equation": lambda p, a: same(solved(whole(p, "a") * x + whole(p, "b") - whole(p, "c")), a),
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
    "sum_and_difference": lambda p, a: same(solved(x + y - whole(p, "total"), x - y - whole(p, "gap")), a),
    "two_kinds_of_tickets": _tickets,
    "elimination_method": lambda p, a: same(
        solved(printed(p, "first") - whole(p, "e"), printed(p, "second") - whole(p, "f")), a
    ),
    "substitution_method": lambda p, a: same(
        solved(whole(p, "m") * x + whole(p, "k") - y, printed(p, "second") - whole(p, "c"), unknown=y), a
    ),
    "system_without_solution": _inconsistent,
    "largest_integer_of_inequality": lambda p, a: (
        whole(p, "a") * int(a) + whole(p, "b") <= whole(p, "c") < whole(p, "a") * (int(a) + 1) + whole(p, "b")
    ),
    "integers_in_compound_inequality": _compound_inequality,
    "absolute_value_equation": lambda p, a: same(
        max(sympy.solve(printed(p, "inside") ** 2 - whole(p, "c") ** 2, x)), a
    ),
    "absolute_value_inequality": _absolute_inequality,
    "slope_through_two_points": lambda p, a: same(_line_at(p, 1) - _line_at(p, 0), a),
    "y_intercept_of_line": lambda p, a: same(_line_at(p, 0), a),
    "sum_of_intercepts": lambda p, a: same(
        solved(whole(p, "a") * x - whole(p, "c")) + solved(whole(p, "b") * x - whole(p, "c")), a
    ),
    "parallel_or_perpendicular_line": _related_line,
    "direct_variation": lambda p, a: Fraction(a) * whole(p, "first") == number(p, "value") * whole(p, "second"),
    "subtract_polynomials": lambda p, a: same(printed(p, "minuend") - printed(p, "subtrahend"), a),
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
    "quadratic_from_product": lambda p, a: same(max(sympy.solve(x**2 + whole(p, "gap") * x - whole(p, "area"), x)), a),
    "quadratic_formula": lambda p, a: same(max(sympy.roots(printed(p, "quadratic"), x)), a),
    "discriminant": lambda p, a: same(sympy.discriminant(printed(p, "start") + whole(p, "c"), x), a),
    "extreme_value_of_quadratic": _extreme,
    "maximum_height": lambda p, a: same(
        sympy.discriminant(-5 * x**2 + whole(p, "speed") * x + number(p, "start").numerator - exact(a), x), 0
    ),
    "completing_the_square": _completing,
    "sum_of_squares_of_roots": _squares_of_roots,
    "square_root_property": lambda p, a: same(max(sympy.roots((x - whole(p, "h")) ** 2 - whole(p, "c"), x)), a),
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
    "value_of_rational_expression": lambda p, a: same(
        (printed(p, "top") / printed(p, "bottom")).subs(x, whole(p, "x")), a
    ),
    "rational_equation": lambda p, a: same(solved(whole(p, "k") / (x - whole(p, "r")) - whole(p, "m")), a),
    "excluded_value": lambda p, a: same(max(sympy.roots(printed(p, "bottom"), x)), a),
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
    "infinite_geometric_series": lambda p, a: same(
        numeric(p, "first") * sympy.summation(numeric(p, "ratio") ** n, (n, 0, sympy.oo)), a
    ),
    "recursive_sequence": _recursion,
    "fibonacci_type_sequence": _fibonacci,
    "sigma_notation_sum": lambda p, a: same(sympy.summation(printed(p, "term"), (k, 1, whole(p, "n"))), a),
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
    "average_rate_of_change": lambda p, a: same(
        sympy.integrate(printed(p, "rule").diff(x), (x, whole(p, "start"), whole(p, "end")))
        / (whole(p, "end") - whole(p, "start")),
        a,
    ),
    "shifted_graph": _shift,
}
