"""Independent computations for the skills of calculus and linear algebra, by SymPy or exhaustive search."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy
from sympy import Matrix, Rational, diff, integrate, limit, oo, symbols

from synth_assets.teachers.embedded.skill import Number, Parameters

x, k = symbols("x k")


def exact(value: Number | str) -> sympy.Expr:
    return sympy.sympify(value) if isinstance(value, str) else Rational(Fraction(value).numerator, Fraction(value).denominator)


def values(parameters: Parameters) -> dict[str, Any]:
    return {name: exact(value) for name, value in parameters.items() if not isinstance(value, tuple)}


def equals(compute: Callable[[Mapping[str, Any]], Any]) -> Callable[[Parameters, Number | str], bool]:
    """A check that compares the answer with what `compute` makes of the parameters."""

    def check(parameters: Parameters, answer: Number | str) -> bool:
        return bool(sympy.simplify(compute(values(parameters)) - exact(answer)) == 0)

    return check


def trace_of_multiple(parameters: Parameters, answer: Number | str) -> bool:
    row = parameters["row"]
    assert isinstance(row, tuple)
    entries = [exact(parameters["a"]), *(exact(entry) for entry in row)]  # type: ignore[arg-type]
    return bool((exact(parameters["k"]) * Matrix(3, 3, entries)).trace() == exact(answer))  # type: ignore[arg-type]


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
    "velocity_from_position": equals(
        lambda v: limit(((v["a"] * (v["t"] + x) ** 2 + v["b"] * (v["t"] + x)) - (v["a"] * v["t"] ** 2 + v["b"] * v["t"])) / x, x, 0)
    ),
    "acceleration_from_position": equals(lambda v: diff(v["a"] * x**3 + v["b"] * x**2, x, 2).subs(x, v["t"])),
    "limit_by_factoring": equals(lambda v: limit(v["k"] * (x**2 - v["square"]) / (x - v["a"]), x, v["a"])),
    "limit_at_infinity_of_a_quotient": equals(
        lambda v: limit((v["a"] * x**2 + v["b"] * x) / (v["c"] * x**2 + v["d"]), x, oo)
    ),
    "value_on_a_tangent_line": equals(
        lambda v: v["a"] * v["p"] ** 2 + diff(v["a"] * x**2, x).subs(x, v["p"]) * v["q"]
    ),
    "definite_integral_of_a_polynomial": equals(lambda v: integrate(v["a"] * x**2 + v["b"] * x, (x, 0, v["end"]))),
    "area_under_a_line": equals(lambda v: (v["c"] + v["m"] * v["end"] + v["c"]) * v["end"] / 2),
    "average_value_of_a_quadratic": equals(lambda v: integrate(v["a"] * x**2 + v["c"], (x, 0, v["end"])) / v["end"]),
    "amount_from_a_changing_rate": equals(
        lambda v: v["start"] + integrate(v["a"] * x + v["b"], (x, 0, v["end"]))
    ),
    "distance_from_velocity": equals(lambda v: (v["b"] + v["a"] * v["end"] + v["b"]) * v["end"] / 2),
    "dot_product_of_vectors": equals(
        lambda v: Matrix([v["a"], v["b"], v["c"]]).dot(Matrix([v["d"], v["e"], v["f"]]))
    ),
    "orthogonality_condition": equals(
        lambda v: sympy.solve(Matrix([v["a"], v["b"]]).dot(Matrix([k, v["c"]])), k)[0]
    ),
    "determinant_of_a_matrix": equals(lambda v: Matrix([[v["a"], v["b"]], [v["c"], v["d"]]]).det()),
    "entry_of_a_matrix_product": equals(
        lambda v: (Matrix([[v["a"], v["b"]], [v["c"], v["d"]]]) * Matrix([[v["e"], v["f"]], [v["g"], v["h"]]]))[0, 0]
    ),
    "linear_system_by_elimination": equals(
        lambda v: sum(Matrix([[v["a"], v["b"]], [v["c"], v["d"]]]).LUsolve(Matrix([v["p"], v["q"]])))
    ),
    "larger_eigenvalue": equals(lambda v: max(Matrix([[v["a"], v["b"]], [v["c"], v["d"]]]).eigenvals())),
    "trace_of_a_multiple": trace_of_multiple,
}
