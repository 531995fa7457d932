"""A second, independent computation of every answer of the geometry skills.

Plane figures are put on coordinates, angles and solids are added up, cut up or put back into the problem's own words,
and exact forms are left to SymPy.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

import sympy
from sympy import Expr, Matrix, Rational, cos, pi, rad, sin, sqrt, sympify, tan

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters

Check = Callable[[Parameters, Number | str], bool]
Point = tuple[Fraction, Fraction]
ZERO = Fraction(0)
ORIGIN = (ZERO, ZERO)
_T = sympy.Symbol("t", positive=True)


def _integral(integrand: Expr, start: Expr, end: Expr) -> Expr:
    """The integral over t of a polynomial in t with rational coefficients."""
    antiderivative = sympy.Poly(integrand, _T).integrate()
    return antiderivative.eval(end) - antiderivative.eval(start)


def _is_zero(difference: Expr) -> bool:
    return bool(difference == 0 or sympy.simplify(difference) == 0)


def _agrees(expression: Callable[..., Expr], *names: str) -> Check:
    """Whether SymPy finds the answer equal to an expression of the named parameters."""

    def check(p: Parameters, answer: Number | str) -> bool:
        expected = expression(*(Rational(str(number(p, name))) for name in names))
        return _is_zero(sympify(str(answer), rational=True) - expected)

    return check


def _satisfies(condition: Callable[..., bool], *names: str) -> Check:
    """Whether the numerical answer, with the named parameters, fulfils what the problem says."""

    def check(p: Parameters, answer: Number | str) -> bool:
        return condition(Fraction(answer), *(number(p, name) for name in names))

    return check


def _enclosed(corners: list[Point]) -> Fraction:
    """The area inside a polygon, by Green's theorem over its sides."""
    sides = zip(corners, [*corners[1:], corners[0]], strict=True)
    return abs(sum(((x + u) * (v - y) for (x, y), (u, v) in sides), ZERO)) / 2


def _l_shape(answer: Fraction, length: Fraction, width: Fraction, a: Fraction, b: Fraction) -> bool:
    corners = [ORIGIN, (length, ZERO), (length, width - b), (length - a, width - b), (length - a, width)]
    return answer == _enclosed([*corners, (ZERO, width)])


def _border(answer: Fraction, length: Fraction, width: Fraction, path: Fraction) -> bool:
    strips = 2 * (length + 2 * path) * path + 2 * width * path
    return answer == strips


def _by_three_sides(answer: Fraction, a: Fraction, b: Fraction, c: Fraction) -> bool:
    foot = (a * a + c * c - b * b) / (2 * a)
    return (2 * answer / a) ** 2 == c * c - foot * foot and answer > 0


def _diagonal_count(sides: int) -> int:
    return sum(1 for i, j in combinations(range(sides), 2) if j - i not in (1, sides - 1))


def _lines_of_three(answer: Fraction, first: Fraction, second: Fraction) -> bool:
    fitting = [c for c in range(1, int(first + second) + 2) if first + second > c > abs(first - second)]
    return answer == len(fitting)


def _turtle(answer: Fraction, exterior: Fraction, side: Fraction) -> bool:
    turned, walked = exterior, side
    while turned % 360:
        turned, walked = turned + exterior, walked + side
    return answer == walked


def _missing(answer: Fraction, known: Fraction, sides: Fraction) -> bool:
    exterior = [180 - answer, 180 * (sides - 1) - known]
    return 0 < answer < 180 and sum(exterior) == 360


def _angle_ratio(answer: Fraction, first: Fraction, second: Fraction, third: Fraction) -> bool:
    return answer * first / third + answer * second / third + answer == 180 and third >= max(first, second)


def _on_a_line(answer: Fraction, first: Fraction, second: Fraction, shared: Fraction) -> bool:
    other = answer * min(first, second) / max(first, second)
    return shared + answer + other == 180


def _distance(a: Expr, b: Expr, c: Expr, d: Expr) -> Expr:
    return abs((a - c) + sympy.I * (b - d))


def _general_circle(p: Parameters, answer: Number | str) -> bool:
    """Points straight right, above and left of the centre satisfy the written equation."""
    left = re.sub(r"(\d)([xy])", r"\1*\2", word(p, "equation").removesuffix(" = 0").replace("^", "**"))
    x, y = sympy.symbols("x y")
    circle, radius = sympy.Poly(sympify(left), x, y), Rational(str(answer))
    h, k = (-circle.diff(letter).eval({x: 0, y: 0}) / 2 for letter in (x, y))
    rim = [circle.eval({x: h + a * radius, y: k + b * radius}) for a, b in ((1, 0), (0, 1), (-1, 0))]
    return rim == [0, 0, 0] and bool(radius > 0)


def _shoelace(p: Parameters, answer: Number | str) -> bool:
    corners = [(number(p, f"x{i}"), number(p, f"y{i}")) for i in (1, 2, 3)]
    return Fraction(answer) == _enclosed(corners)


def _centroid(p: Parameters, answer: Number | str) -> bool:
    a, b, c = (Matrix([whole(p, f"x{i}"), whole(p, f"y{i}")]) for i in (1, 2, 3))
    centroid = a + Rational(2, 3) * ((b + c) / 2 - a)
    return _is_zero(sum(centroid) - Rational(str(answer)))


def _collinear(answer: Fraction, x1: Fraction, y1: Fraction, x2: Fraction, y2: Fraction, x3: Fraction) -> bool:
    return _enclosed([(x1, y1), (x2, y2), (x3, answer)]) == 0


def _equidistant(answer: Fraction, x1: Fraction, y1: Fraction, x2: Fraction, y2: Fraction) -> bool:
    return (answer - x1) ** 2 + y1**2 == (answer - x2) ** 2 + y2**2


def _moved(matrix: Matrix, slide_first: bool) -> Callable[..., Expr]:
    def expected(x: Expr, y: Expr, right: Expr, up: Expr) -> Expr:
        point, slide = Matrix([x, y]), Matrix([right, up])
        return sum(matrix * (point + slide) if slide_first else matrix * point + slide)

    return expected


def _unknown_x(answer: Fraction, p: Parameters, both: Callable[[Fraction, Fraction], bool]) -> bool:
    a, b, c, d = (number(p, name) for name in "abcd")
    return both(a * answer + b, c * answer + d)


def _corresponding(p: Parameters, answer: Number | str) -> bool:
    a, b, c, d = (number(p, name) for name in "abcd")
    return (Fraction(answer) - b) / a == (Fraction(answer) - d) / c


def _ratio(p: Parameters, answer: Number | str) -> bool:
    angle = sympy.atan(Rational(whole(p, "opposite"), whole(p, "adjacent")))
    function = {"sine": sin, "cosine": cos, "tangent": tan}[word(p, "ratio")]
    return _is_zero(function(angle) - Rational(str(answer)))


def _other_ratio(p: Parameters, answer: Number | str) -> bool:
    sine, quadrant, value = number(p, "sine"), whole(p, "quadrant"), Fraction(answer)
    cosine = value if word(p, "asked") == "cosine" else sine / value
    return sine**2 + cosine**2 == 1 and (cosine > 0) == (quadrant in (1, 4)) and (sine > 0) == (quadrant in (1, 2))


def _exact_value(p: Parameters, answer: Number | str) -> bool:
    function = {"sin": sin, "cos": cos, "tan": tan}[word(p, "function")]
    expected = whole(p, "factor") * function(rad(whole(p, "angle")))
    return _is_zero(sympify(str(answer), rational=True) - expected)


def _half_equilateral(p: Parameters, answer: Number | str) -> bool:
    length = whole(p, "length")
    expected = length * sin(pi / 3) if word(p, "given") == "hypotenuse" else length * tan(pi / 3)
    return _is_zero(sympify(str(answer), rational=True) - expected)


CHECKS: dict[str, Check] = {
    # Perimeter and area.
    "rectangle_perimeter": _satisfies(lambda n, a, b: n == a + b + a + b, "length", "width"),
    "square_area_from_perimeter": _satisfies(lambda n, total: 16 * n == total**2, "perimeter"),
    "border_area": _satisfies(_border, "length", "width", "path"),
    "triangle_area": _satisfies(
        lambda n, b, h: n == _enclosed([ORIGIN, (b, ZERO), (b / 3, h)]), "base", "height"
    ),
    "parallelogram_height": _satisfies(
        lambda n, area, b: area == _enclosed([ORIGIN, (b, ZERO), (b + 1, n), (Fraction(1), n)]),
        "area", "base",
    ),
    "trapezoid_area": _satisfies(
        lambda n, a, b, h: n == _enclosed([ORIGIN, (b, ZERO), (a + 1, h), (Fraction(1), h)]),
        "short", "long", "height",
    ),
    "rhombus_area": _satisfies(
        lambda n, d, e: n == _enclosed([(d / 2, e - e), (d - d, e / 2), (-d / 2, e - e), (d - d, -e / 2)]),
        "first", "second",
    ),
    "l_shape_area": _satisfies(_l_shape, "length", "width", "cut_length", "cut_width"),
    "heron_area": _satisfies(_by_three_sides, "a", "b", "c"),
    # Angles.
    "complementary_angles": _satisfies(
        lambda n, f, extra: n + (f * n + extra) == 90 and n <= f * n + extra and n > 0, "factor", "extra"
    ),
    "angles_on_a_line": _satisfies(_on_a_line, "first", "second", "shared"),
    "co_interior_angles": lambda p, n: _unknown_x(Fraction(n), p, lambda s, t: s + t == 180 and min(s, t) > 0),
    "corresponding_angles": _corresponding,
    "third_angle_of_triangle": _satisfies(lambda n, a, b: a + b + n == 180 and n > 0, "first", "second"),
    "exterior_angle_of_triangle": _satisfies(
        lambda n, near, out: near + n + (180 - out) == 180 and n > 0, "near", "exterior"
    ),
    "isosceles_base_angle": _satisfies(lambda n, apex, k: apex + 2 * k * n == 180, "apex", "split"),
    "triangle_angle_ratio": _satisfies(_angle_ratio, "first", "second", "third"),
    "missing_polygon_angle": _satisfies(_missing, "known", "sides"),
    "regular_polygon_perimeter": _satisfies(_turtle, "exterior", "side"),
    "diagonals_compared": _satisfies(
        lambda n, few, many: n == _diagonal_count(int(many)) - _diagonal_count(int(few)), "sides", "more"
    ),
    "triangle_inequality_count": _satisfies(_lines_of_three, "first", "second"),
    # Congruence and similarity.
    "height_from_shadow": _satisfies(lambda n, h, s, far: n * s == h * far, "pole", "shade", "far"),
    "area_of_similar_figure": _satisfies(
        lambda n, a, b, area: n / (b * b) == area / (a * a), "small", "large", "area"
    ),
    "volume_of_similar_solid": _satisfies(
        lambda n, a, b, volume: n / b**3 == volume / a**3, "small", "large", "volume"
    ),
    "scale_drawing_length": _satisfies(lambda n, u, m, length: n * u == m * length, "units", "metres", "length"),
    "side_splitter": _satisfies(
        lambda n, t, b, side: side / (side + n) == t / (t + b), "top", "bottom", "side"
    ),
    "altitude_to_hypotenuse": _satisfies(
        lambda n, p, q: (p * p + n * n) + (q * q + n * n) == (p + q) ** 2 and n > 0, "first", "second"
    ),
    "congruent_sides": _satisfies(lambda n, a, b, side: a * n + b == side and n > 0, "a", "b", "side"),
    "midsegment_perimeter": _satisfies(lambda n, a, b, c: n == a / 2 + b / 2 + c / 2, "first", "second", "third"),
    # Right triangles.
    "hypotenuse_of_right_triangle": _satisfies(lambda n, a, b: n * n - a * a == b * b and n > 0, "first", "second"),
    "leg_of_right_triangle": _satisfies(lambda n, a, c: n * n + a * a == c * c and n > 0, "foot", "ladder"),
    "diagonal_of_rectangle": _agrees(lambda a, b: abs(a + sympy.I * b), "length", "width"),
    "space_diagonal_of_box": _agrees(lambda a, b, c: Matrix([a, b, c]).norm(), "length", "width", "height"),
    "leg_of_isosceles_right_triangle": _agrees(lambda c: c * cos(pi / 4), "hypotenuse"),
    "longer_leg_30_60_90": _half_equilateral,
    "area_by_converse": _satisfies(_by_three_sides, "first", "second", "longest"),
    # Circles.
    "wheel_distance": _agrees(lambda r, n: n * sympy.diff(pi * _T**2, _T).subs(_T, r), "radius", "turns"),
    "circle_area_from_diameter": _agrees(lambda d: pi * _integral(2 * _T, 0, d / 2), "diameter"),
    "annulus_area": _agrees(lambda a, b: pi * _integral(2 * _T, a, b), "inner", "outer"),
    "arc_length": _agrees(lambda r, angle: r * rad(angle), "radius", "angle"),
    "sector_area": _agrees(lambda r, angle: rad(angle) * _integral(_T, 0, r), "radius", "angle"),
    "central_angle_from_arc": _satisfies(lambda n, r, arc: n * r == 180 * arc, "radius", "arc"),
    "inscribed_to_central": _satisfies(lambda n, a, b: 180 - n == 2 * (90 - a - b), "angle", "extra"),
    "chord_length": _satisfies(lambda n, d, r: (n / 2) ** 2 + d * d == r * r and n > 0, "distance", "radius"),
    "tangent_length": _satisfies(lambda n, r, d: n * n == (d - r) * (d + r) and n > 0, "radius", "distance"),
    "intersecting_chords": _satisfies(lambda n, a, b, c: a / c == n / b, "first", "second", "third"),
    # Solids.
    "box_surface_area": _satisfies(
        lambda n, a, b, c: n == 2 * a * b + 2 * (a + b) * c, "length", "width", "height"
    ),
    "box_height_from_volume": _satisfies(lambda n, a, b, v: a * b * n == v, "length", "width", "volume"),
    "triangular_prism_volume": _satisfies(lambda n, a, b, c: 2 * n == a * b * c, "base", "height", "length"),
    "cylinder_volume": _agrees(lambda r, h: pi * _integral(r**2, 0, h), "radius", "height"),
    "cone_volume": _agrees(lambda r, h: pi * _integral((r * _T / h) ** 2, 0, h), "radius", "height"),
    "cone_lateral_area": _agrees(
        lambda r, h: 2 * pi * sqrt(1 + (h / r) ** 2) * _integral(_T, 0, r), "radius", "height"
    ),
    "sphere_recast_as_cylinder": _agrees(
        lambda r, w: _integral(r**2 - _T**2, -r, r) / w**2, "radius", "wide"
    ),
    "dome_surface": _agrees(lambda d: pi * _integral(d, 0, d / 2), "diameter"),
    "pyramid_volume": _agrees(lambda s, h: _integral((s * _T / h) ** 2, 0, h), "side", "height"),
    "edges_of_polyhedron": _satisfies(lambda n, f, v: v - n + f == 2, "faces", "vertices"),
    # Coordinates.
    "distance_between_points": _agrees(_distance, "x1", "y1", "x2", "y2"),
    "circle_through_point": _agrees(lambda a, b, c, d: _distance(a, b, c, d) ** 2, "x1", "y1", "x2", "y2"),
    "other_endpoint": _satisfies(lambda n, a, b, c, d: (a + b + n) / 2 == c + d, "x1", "y1", "x2", "y2"),
    "radius_from_general_form": _general_circle,
    "triangle_area_from_coordinates": _shoelace,
    "centroid_coordinates": _centroid,
    "collinear_point": _satisfies(_collinear, "x1", "y1", "x2", "y2", "x3"),
    "equidistant_point_on_axis": _satisfies(_equidistant, "x1", "y1", "x2", "y2"),
    # Transformations and vectors.
    "translate_then_reflect": _agrees(_moved(Matrix([[-1, 0], [0, 1]]), True), "x", "y", "right", "up"),
    "rotate_then_translate": _agrees(_moved(Matrix([[0, -1], [1, 0]]), False), "x", "y", "right", "up"),
    "dilation_image": _satisfies(
        lambda n, a, b, x, y, k: n - (a + b) == k * (x + y - (a + b)), "a", "b", "x", "y", "factor"
    ),
    "reflect_in_vertical_line": _satisfies(lambda n, line, x: (n + x) / 2 == line, "line", "x"),
    "rotational_symmetry_turns": _satisfies(lambda n, sides, times: n * sides == 360 * times, "sides", "times"),
    "vector_magnitude": _agrees(lambda a, b: Matrix([a, b]).norm(), "first", "second"),
    "perpendicular_resultant": _agrees(lambda a, b: Matrix([a, b]).norm(), "first", "second"),
    "vector_combination": _agrees(
        lambda p, q, a, b, c, d: sum(Matrix([[a, c], [b, d]]) * Matrix([p, q])), "p", "q", "u1", "u2", "v1", "v2"
    ),
    "displacement_length": _agrees(
        lambda n, e, w: (Matrix([e, 0]) + Matrix([0, n]) + Matrix([-w, 0])).norm(), "north", "east", "west"
    ),
    # Trigonometry.
    "ratio_in_right_triangle": _ratio,
    "ratio_from_sine_and_quadrant": _other_ratio,
    "exact_trig_value": _exact_value,
    "degrees_to_radians": _agrees(lambda degrees: rad(degrees), "degrees"),
    "arc_from_radians": _satisfies(lambda n, r, angle: n / r == angle, "radius", "angle"),
    "cosine_of_double_angle": _agrees(lambda s: sympy.expand_trig(cos(2 * sympy.asin(s))), "sine"),
    "sum_of_squares_identity": _agrees(
        lambda f, c, t: f * abs(sympy.exp(sympy.I * rad(t))) ** 2 + c,
        "factor", "added", "angle",
    ),
    "greatest_value_of_wave": _agrees(
        lambda a, k, c: (a * sin(k * _T) + c).subs(_T, pi / (2 * k)), "amplitude", "speed", "middle"
    ),
    "height_by_elevation": _agrees(lambda d, angle: d * tan(rad(angle)), "distance", "angle"),
    "height_by_tangent": _satisfies(lambda n, t, d, eye: (n - eye) / d == t, "tangent", "distance", "eye"),
    "line_of_sight_by_depression": _satisfies(lambda n, s, h: h / n == s, "sine", "height"),
    "slope_length_by_cosine": _agrees(lambda d, angle: d / cos(rad(angle)), "distance", "angle"),
    "third_side_by_cosines": _agrees(
        lambda a, b, angle: sqrt((b * cos(rad(angle)) - a) ** 2 + (b * sin(rad(angle))) ** 2), "a", "b", "angle"
    ),
    "side_by_law_of_sines": _agrees(
        lambda a, b, side: side * sin(rad(b)) / sin(rad(a)), "first", "second", "side"
    ),
    "triangle_area_by_sine": _agrees(lambda a, b, angle: a * b * sin(rad(angle)) / 2, "a", "b", "angle"),
}  # fmt: skip
