"""Skills on coordinate geometry: distances, midpoints, circles and triangles given by coordinates."""

import random
from fractions import Fraction
from math import isqrt

from synth_assets.teachers.embedded.parameters import whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import bracketed, fed_or_drawn, simplified, surd

TOPIC = "coordinate geometry"


def _coordinate(rng: random.Random, difficulty: int) -> int:
    return rng.randint(1 if difficulty == 1 else -8 * (difficulty - 1), 6 + 4 * difficulty)


def _draw_two_points(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x1 = fed_or_drawn(fed, _coordinate(rng, difficulty), least=-500, most=500)
    y1, x2, y2 = (_coordinate(rng, difficulty) for _ in range(3))
    return None if x1 is None else {"x1": x1, "y1": y1, "x2": x2 + 1 if x2 == x1 else x2, "y2": y2}


def _solve_distance(p: Parameters) -> Solution:
    x1, y1, x2, y2 = (whole(p, name) for name in ("x1", "y1", "x2", "y2"))
    across, up = x2 - x1, y2 - y1
    squared = across**2 + up**2
    answer = surd(1, squared)
    steps = (
        "By the distance formula d = sqrt((x2 - x1)^2 + (y2 - y1)^2).",
        f"The differences are {x2} - {bracketed(x1)} = {across} and {y2} - {bracketed(y1)} = {up}.",
        f"So d = sqrt({across**2} + {up**2}) = {simplified(f'sqrt({squared})', answer)}.",
    )
    return Solution(steps, answer)


def _solve_circle_through(p: Parameters) -> Solution:
    x1, y1, x2, y2 = (whole(p, name) for name in ("x1", "y1", "x2", "y2"))
    across, up = x1 - x2, y1 - y2
    answer = across**2 + up**2
    steps = (
        "The equation of a circle with centre (h, k) and radius r is (x - h)^2 + (y - k)^2 = r^2.",
        f"The point on the circle must satisfy it, so r^2 = ({x1} - {bracketed(x2)})^2 + ({y1} - {bracketed(y2)})^2.",
        f"This is {across**2} + {up**2} = {answer}.",
    )
    return Solution(steps, answer)


def _solve_endpoint(p: Parameters) -> Solution:
    x1, y1, x2, y2 = (whole(p, name) for name in ("x1", "y1", "x2", "y2"))
    x, y = 2 * x2 - x1, 2 * y2 - y1
    steps = (
        "The coordinates of the midpoint are the averages of the coordinates of the two endpoints.",
        f"So the x-coordinate of B is 2 * {bracketed(x2)} - {bracketed(x1)} = {x}.",
        f"The y-coordinate of B is 2 * {bracketed(y2)} - {bracketed(y1)} = {y}.",
        f"Their sum is {x} + {bracketed(y)} = {x + y}.",
    )
    return Solution(steps, x + y)


def _draw_general_circle(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    h, k = (rng.choice((-1, 1)) * rng.randint(1, 3 * difficulty + 2) for _ in range(2))
    radius = rng.randint(1, 4 * difficulty + 3)
    constant = h * h + k * k - radius * radius
    terms = ((-2 * h, "x"), (-2 * k, "y"), (constant, ""))
    signed = "".join(f" {'-' if value < 0 else '+'} {abs(value)}{letter}" for value, letter in terms if value)
    equation = f"x^2 + y^2{signed} = 0"
    return {"h": h, "k": k, "constant": constant, "equation": equation} if fed is None else None


def _solve_general_circle(p: Parameters) -> Solution:
    h, k, constant = whole(p, "h"), whole(p, "k"), whole(p, "constant")
    squared = h * h + k * k - constant
    left = " + ".join(f"({name} {'-' if value > 0 else '+'} {abs(value)})^2" for name, value in (("x", h), ("y", k)))
    steps = (
        f"Start from the general form of a circle, {word(p, 'equation')}, and complete the square in x and in y.",
        f"Adding {h * h} and {k * k} on both sides turns it into {left} = {squared}.",
        f"So the centre is ({h}, {k}), and the radius is sqrt({squared}) = {isqrt(squared)}.",
    )
    return Solution(steps, isqrt(squared))


def _draw_triangle(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = _draw_two_points(rng, difficulty, fed)
    if first is None:
        return None
    x3, y3 = _coordinate(rng, difficulty), _coordinate(rng, difficulty)
    x1, y1, x2, y2 = (whole(first, name) for name in ("x1", "y1", "x2", "y2"))
    if (x2 - x1) * (y3 - y1) == (x3 - x1) * (y2 - y1):
        y3 += 1  # x1 and x2 differ, so this leaves the line through the first two points
    return {**first, "x3": x3, "y3": y3}


def _solve_shoelace(p: Parameters) -> Solution:
    x1, y1, x2, y2, x3, y3 = (whole(p, name) for name in ("x1", "y1", "x2", "y2", "x3", "y3"))
    down = x1 * y2 + x2 * y3 + x3 * y1
    up = y1 * x2 + y2 * x3 + y3 * x1
    answer = Fraction(abs(down - up), 2)
    steps = (
        "Use the shoelace formula: the area is half of |(x1*y2 + x2*y3 + x3*y1) - (y1*x2 + y2*x3 + y3*x1)|.",
        f"The first sum is {x1 * y2} + {bracketed(x2 * y3)} + {bracketed(x3 * y1)} = {down}.",
        f"The second sum is {y1 * x2} + {bracketed(y2 * x3)} + {bracketed(y3 * x1)} = {up}.",
        f"The area is |{down} - {bracketed(up)}|/2 = {abs(down - up)}/2 = {written(answer)}.",
    )
    return Solution(steps, answer)


def _solve_centroid(p: Parameters) -> Solution:
    x1, y1, x2, y2, x3, y3 = (whole(p, name) for name in ("x1", "y1", "x2", "y2", "x3", "y3"))
    x, y = Fraction(x1 + x2 + x3, 3), Fraction(y1 + y2 + y3, 3)
    steps = (
        "The coordinates of the centroid are the averages of the coordinates of the three vertices.",
        f"Its x-coordinate is ({x1} + {bracketed(x2)} + {bracketed(x3)})/3 = {written(x)}.",
        f"Its y-coordinate is ({y1} + {bracketed(y2)} + {bracketed(y3)})/3 = {written(y)}.",
        f"Their sum is {written(x)} + {bracketed(y)} = {written(x + y)}.",
    )
    return Solution(steps, x + y)


def _draw_collinear(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x1, y1 = rng.randint(0, 5), _coordinate(rng, difficulty)
    run, rise = rng.randint(1, 1 + difficulty), rng.choice((-1, 1)) * rng.randint(1, 3 + 2 * difficulty)
    x3 = fed_or_drawn(fed, x1 + run * rng.randint(2, 6), least=-1000, most=1000)
    if x3 is None or x3 in (x1, x1 + run):
        return None
    return {"x1": x1, "y1": y1, "x2": x1 + run, "y2": y1 + rise, "x3": x3}


def _solve_collinear(p: Parameters) -> Solution:
    x1, y1, x2, y2, x3 = (whole(p, name) for name in ("x1", "y1", "x2", "y2", "x3"))
    change = Fraction((y2 - y1) * (x3 - x1), x2 - x1)
    steps = (
        "Collinear points lie on one line, so the rise per unit of run is the same between any two of them.",
        f"From the first point to the second it is {simplified(f'{y2 - y1}/{x2 - x1}', Fraction(y2 - y1, x2 - x1))}.",
        f"From the first point to the third the run is {x3} - {x1} = {x3 - x1}, so the rise is {written(change)}.",
        f"Hence k = {y1} + {bracketed(change)} = {written(y1 + change)}.",
    )
    return Solution(steps, y1 + change)


def _draw_equidistant(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    y1 = fed_or_drawn(fed, rng.randint(1, 6 * difficulty), least=-300, most=300)
    x1 = rng.randint(0, 5 * difficulty)
    if y1 is None:
        return None
    return {"x1": x1, "y1": y1, "x2": x1 + rng.randint(1, 5 * difficulty), "y2": rng.randint(1, 6 * difficulty)}


def _solve_equidistant(p: Parameters) -> Solution:
    x1, y1, x2, y2 = (whole(p, name) for name in ("x1", "y1", "x2", "y2"))
    right = x2**2 + y2**2 - x1**2 - y1**2
    answer = Fraction(right, 2 * (x2 - x1))
    steps = (
        "The locus of the points equally far from both is the perpendicular bisector of their segment; it meets the "
        "x-axis once.",
        f"Equal squared distances from (x, 0) mean (x - {x1})^2 + {y1**2} = (x - {x2})^2 + {y2**2}.",
        f"Expanding and cancelling x^2 leaves {2 * (x2 - x1)}x = {right}.",
        f"So x = {simplified(f'{right}/{2 * (x2 - x1)}', answer)}.",
    )
    return Solution(steps, answer)


SKILLS = (
    Skill(
        "distance_between_points", TOPIC, ("distance formula", "pythagorean theorem"), "high school",
        (
            "Find the exact distance between the points ({x1}, {y1}) and ({x2}, {y2}).",
            "How long is the segment from ({x1}, {y1}) to ({x2}, {y2})? Simplify any square root.",
            "On a map with a grid in kilometres, {person} lives at ({x1}, {y1}) and {other} at ({x2}, {y2}). How many "
            "kilometres apart do they live in a straight line, exactly?",
            "Two posts at {place} have the coordinates ({x1}, {y1}) and ({x2}, {y2}) on a grid of metres. What is the "
            "exact distance between them in metres?",
            "Use the distance formula to find the exact length of AB for A({x1}, {y1}) and B({x2}, {y2}).",
        ),
        _draw_two_points, _solve_distance, "x1",
    ),
    Skill(
        "circle_through_point", TOPIC, ("equation of a circle", "center of a circle", "radius"), "high school",
        (
            "A circle has its centre at ({x2}, {y2}) and passes through the point ({x1}, {y1}). What number stands "
            "for r^2 in its equation (x - h)^2 + (y - k)^2 = r^2?",
            "The point ({x1}, {y1}) lies on a circle with centre ({x2}, {y2}). Find the square of the radius.",
            "On a grid plan of {place}, {person} draws a circle round ({x2}, {y2}) that goes through ({x1}, {y1}). "
            "Its equation in standard form has the number c on its right side. What is c?",
            "Write the equation of the circle with centre ({x2}, {y2}) through ({x1}, {y1}) as (x - h)^2 + (y - k)^2 "
            "= c. What is c?",
            "A circle about ({x2}, {y2}) contains ({x1}, {y1}) on its rim. What is the square of its radius?",
        ),
        _draw_two_points, _solve_circle_through, "x1",
    ),
    Skill(
        "other_endpoint", TOPIC, ("midpoint", "endpoint of a segment", "line segment"), "high school",
        (
            "The midpoint of segment AB is M({x2}, {y2}), and A is the point ({x1}, {y1}). Find the sum of the "
            "coordinates of B.",
            "A segment has one endpoint at ({x1}, {y1}) and its midpoint at ({x2}, {y2}). What do the coordinates of "
            "the other endpoint add up to?",
            "{person} stands at ({x1}, {y1}) on a grid and {other} at B. The point halfway between them is ({x2}, "
            "{y2}). What is the sum of the two coordinates of B?",
            "Point M({x2}, {y2}) lies halfway from A({x1}, {y1}) to B. Add the x-coordinate and the y-coordinate of B.",
            "A straight bench at {place} runs from ({x1}, {y1}) to a point B on a floor plan, and its middle is at "
            "({x2}, {y2}). Find B, and give the sum of its coordinates.",
        ),
        _draw_two_points, _solve_endpoint, "x1",
    ),
    Skill(
        "radius_from_general_form", TOPIC, ("general form of a circle", "center of a circle", "radius"), "high school",
        (
            "Find the radius of the circle {equation}.",
            "A circle is given by {equation}. What is its radius?",
            "Complete the squares in {equation}. How long is the radius of the circle?",
            "On a grid of metres, the edge of a round pond at {place} satisfies {equation}. What is the radius of the "
            "pond in metres?",
            "{person} rewrites {equation} in the form (x - h)^2 + (y - k)^2 = r^2 with r positive. Which value of r "
            "results?",
        ),
        _draw_general_circle, _solve_general_circle,
    ),
    Skill(
        "triangle_area_from_coordinates", TOPIC, ("shoelace formula", "area of a triangle", "polygon vertex"),
        "high school",
        (
            "Find the area of the triangle with vertices ({x1}, {y1}), ({x2}, {y2}) and ({x3}, {y3}).",
            "A triangle has its corners at A({x1}, {y1}), B({x2}, {y2}) and C({x3}, {y3}). What is its area?",
            "{person} marks three trees on a grid of metres at ({x1}, {y1}), ({x2}, {y2}) and ({x3}, {y3}). How many "
            "square metres has the triangle between them?",
            "Use the shoelace formula to compute the area of the triangle ({x1}, {y1}), ({x2}, {y2}), ({x3}, {y3}).",
            "Three posts at {place} stand at the points ({x1}, {y1}), ({x2}, {y2}) and ({x3}, {y3}) of a plan with "
            "units of one metre. A rope is stretched round them. Find the area inside the rope in square metres.",
        ),
        _draw_triangle, _solve_shoelace, "x1",
    ),
    Skill(
        "centroid_coordinates", TOPIC, ("centroid", "median of a triangle", "polygon vertex"), "high school",
        (
            "A triangle has vertices ({x1}, {y1}), ({x2}, {y2}) and ({x3}, {y3}). What is the sum of the coordinates "
            "of its centroid?",
            "The medians of the triangle with corners ({x1}, {y1}), ({x2}, {y2}) and ({x3}, {y3}) meet at G. Add the "
            "two coordinates of G.",
            "{person} balances a thin triangular plate on a pin. On a grid its corners are ({x1}, {y1}), ({x2}, {y2}) "
            "and ({x3}, {y3}), and the pin is at the centroid. Find the sum of the coordinates of the pin.",
            "Find the centroid of the triangle A({x1}, {y1}), B({x2}, {y2}), C({x3}, {y3}), and give the sum of its "
            "x-coordinate and its y-coordinate.",
            "Three lamps at {place} have grid positions ({x1}, {y1}), ({x2}, {y2}) and ({x3}, {y3}). A sensor hangs "
            "at the centroid of their triangle. What do its two coordinates add up to?",
        ),
        _draw_triangle, _solve_centroid, "x1",
    ),
    Skill(
        "collinear_point", TOPIC, ("collinear points", "line segment"), "high school",
        (
            "The points A({x1}, {y1}), B({x2}, {y2}) and C({x3}, k) are collinear. Find k.",
            "For which value of k does ({x3}, k) lie on the line through ({x1}, {y1}) and ({x2}, {y2})?",
            "{person} plants trees in a straight row. On a grid, two of them stand at ({x1}, {y1}) and ({x2}, {y2}), "
            "and a third at ({x3}, k). What is k?",
            "A straight cable at {place} passes the grid points ({x1}, {y1}), ({x2}, {y2}) and ({x3}, k). Determine k.",
            "Three points lie on one line: ({x1}, {y1}), ({x2}, {y2}) and ({x3}, k). What must the number k be?",
        ),
        _draw_collinear, _solve_collinear, "x3",
    ),
    Skill(
        "equidistant_point_on_axis", TOPIC, ("locus", "perpendicular bisector", "distance formula"), "high school",
        (
            "Which point (x, 0) on the x-axis is equidistant from A({x1}, {y1}) and B({x2}, {y2})? Give x.",
            "The point (x, 0) is as far from ({x1}, {y1}) as from ({x2}, {y2}). Find x.",
            "On a grid of kilometres a road runs along the x-axis. {person} lives at ({x1}, {y1}) and {other} at "
            "({x2}, {y2}). They meet at the point (x, 0) of the road that is equally far from both homes. What is x?",
            "Where does the perpendicular bisector of the segment from ({x1}, {y1}) to ({x2}, {y2}) cross the x-axis? "
            "Give the x-coordinate.",
            "A lamp at {place} is to stand on the x-axis of a plan, equally far from the doors at ({x1}, {y1}) and "
            "({x2}, {y2}). Find the x-coordinate of the lamp.",
        ),
        _draw_equidistant, _solve_equidistant, "y1",
    ),
)  # fmt: skip
