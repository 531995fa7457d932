"""Independent computations for the skills of calculus and linear algebra, by SymPy or exhaustive search."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Matrix, diff, symbols

from synth_assets.teachers.embedded.skill import Number, Parameters

x = symbols("x")


def equals(compute: Callable[[Mapping[str, Any]], Any]) -> Callable[[Parameters, Number | str], bool]:
    """A check that compares the answer with what `compute` makes of the parameters, all exact fractions."""

    def check(parameters: Parameters, answer: Number | str) -> bool:
        given = {name: Fraction(value) for name, value in parameters.items() if not isinstance(value, tuple)}
        return bool(compute(given) == Fraction(answer))

    return check


def slope(rule: Callable[[Fraction], Fraction], at: Fraction) -> Fraction:
    """The derivative of a polynomial of degree 2 at most: any symmetric difference quotient is exact."""
    return (rule(at + 3) - rule(at - 3)) / 6


def area(rule: Callable[[Fraction], Fraction], end: Fraction) -> Fraction:
    """The integral from 0 of a polynomial of degree 3 at most: Simpson's rule is exact."""
    return end / 6 * (rule(Fraction(0)) + 4 * rule(end / 2) + rule(end))


def through_a_gap(rule: Callable[[Fraction], Fraction], at: Fraction) -> Fraction:
    """The value at a point where only a linear function's quotient form is undefined: the mean of its neighbours."""
    return (rule(at - 1) + rule(at + 1)) / 2


def far_out(parameters: Parameters, answer: Number | str) -> bool:
    """Where x is huge the quotient is as near to its limit as the lower terms over x allow."""
    a, b, c, d = (Fraction(str(parameters[name])) for name in "abcd")
    distant = Fraction(10) ** 40
    return abs((a * distant**2 + b * distant) / (c * distant**2 + d) - Fraction(answer)) < Fraction(1, 10**30)


def trace_of_multiple(parameters: Parameters, answer: Number | str) -> bool:
    row = parameters["row"]
    assert isinstance(row, tuple)
    grid = Matrix(3, 3, [parameters["a"], *row])
    return bool((parameters["k"] * grid).trace() == answer)


def best_fence(parameters: Parameters, answer: Number | str) -> bool:
    half = int(parameters["length"]) // 2  # type: ignore[arg-type]
    return max(side * (half - side) for side in range(half + 1)) == answer


CHECKS: dict[str, Callable[[Parameters, Number | str], bool]] = {
    "derivative_of_a_polynomial_at_a_point": equals(
        lambda v: diff(v["a"] * x ** v["n"] + v["b"] * x, x).subs(x, v["x"])
    ),
    "product_rule_at_a_point": equals(
        lambda v: diff(sympy.expand((v["a"] * x + v["b"]) * (x**2 + v["c"])), x).subs(x, v["x"])
    ),
    "chain_rule_at_a_point": equals(lambda v: diff(sympy.expand((v["a"] * x + v["b"]) ** v["n"]), x).subs(x, v["x"])),
    "least_value_of_a_parabola": equals(lambda v: v["c"] - v["b"] ** 2 / (4 * v["a"])),
    "largest_rectangle_for_a_fence": best_fence,
    "velocity_from_position": equals(lambda v: slope(lambda t: v["a"] * t**2 + v["b"] * t, v["t"])),
    "acceleration_from_position": equals(lambda v: diff(v["a"] * x**3 + v["b"] * x**2, x, 2).subs(x, v["t"])),
    "limit_by_factoring": equals(
        lambda v: through_a_gap(lambda x: v["k"] * (x**2 - v["square"]) / (x - v["a"]), v["a"])
    ),
    "limit_at_infinity_of_a_quotient": far_out,
    "value_on_a_tangent_line": equals(lambda v: v["a"] * v["p"] ** 2 + slope(lambda x: v["a"] * x**2, v["p"]) * v["q"]),
    "definite_integral_of_a_polynomial": equals(lambda v: area(lambda x: v["a"] * x**2 + v["b"] * x, v["end"])),
    "area_under_a_line": equals(lambda v: (v["c"] + v["m"] * v["end"] + v["c"]) * v["end"] / 2),
    "average_value_of_a_quadratic": equals(lambda v: area(lambda x: v["a"] * x**2 + v["c"], v["end"]) / v["end"]),
    "amount_from_a_changing_rate": equals(lambda v: v["start"] + area(lambda t: v["a"] * t + v["b"], v["end"])),
    "distance_from_velocity": equals(lambda v: (v["b"] + v["a"] * v["end"] + v["b"]) * v["end"] / 2),
    "dot_product_of_vectors": equals(lambda v: Matrix([v["a"], v["b"], v["c"]]).dot(Matrix([v["d"], v["e"], v["f"]]))),
    "orthogonality_condition": equals(lambda v: -v["b"] * v["c"] / v["a"]),
    "determinant_of_a_matrix": equals(lambda v: Matrix([[v["a"], v["b"]], [v["c"], v["d"]]]).det()),
    "entry_of_a_matrix_product": equals(
        lambda v: (Matrix([[v["a"], v["b"]], [v["c"], v["d"]]]) * Matrix([[v["e"], v["f"]], [v["g"], v["h"]]]))[0, 0]
    ),
    "linear_system_by_elimination": equals(
        lambda v: (
            (v["p"] * v["d"] - v["b"] * v["q"] + v["a"] * v["q"] - v["p"] * v["c"])
            / (v["a"] * v["d"] - v["b"] * v["c"])
        )
    ),
    "larger_eigenvalue": equals(lambda v: max(Matrix([[v["a"], v["b"]], [v["c"], v["d"]]]).eigenvals())),
    "trace_of_a_multiple": trace_of_multiple,
}
