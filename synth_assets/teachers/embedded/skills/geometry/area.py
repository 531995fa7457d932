"""Skills on perimeter and area of rectangles, triangles, trapezoids, parallelograms and figures made of them."""

import random
from fractions import Fraction
from functools import cache
from math import isqrt

from synth_assets.teachers.embedded.parameters import number, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import base_of_power, fed_or_drawn, simplified

TOPIC = "perimeter and area"


def _draw_perimeter(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length = fed_or_drawn(fed, rng.randint(5, 40 * difficulty), least=3)
    return None if length is None else {"length": length, "width": rng.randint(2, min(length - 1, 60 * difficulty))}


def _solve_perimeter(p: Parameters) -> Solution:
    length, width = whole(p, "length"), whole(p, "width")
    total = 2 * (length + width)
    steps = (
        "The perimeter is the distance all the way round, and a rectangle has two lengths and two widths.",
        f"One length and one width together make {length} + {width} = {length + width}.",
        f"Doubling this gives the perimeter: 2 * {length + width} = {total}.",
    )
    return Solution(steps, total)


def _draw_square(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    step = 2 if difficulty == 3 else 4
    perimeter = fed_or_drawn(fed, step * rng.randint(3, 150 * difficulty), least=2, most=4000)
    return None if perimeter is None else {"perimeter": perimeter}


def _solve_square(p: Parameters) -> Solution:
    perimeter = whole(p, "perimeter")
    side = Fraction(perimeter, 4)
    steps = (
        f"A square has four equal sides, so each is a quarter of the perimeter: {simplified(f'{perimeter}/4', side)}.",
        f"The area of a square is the side times itself: {base_of_power(side)}^2 = {written(side**2)}.",
    )
    return Solution(steps, side**2)


def _draw_path(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length = fed_or_drawn(fed, rng.randint(6, 30 * difficulty), least=3)
    path = rng.randint(1, 2 * difficulty)
    return None if length is None else {"length": length, "width": rng.randint(2, min(length - 1, 40)), "path": path}


def _solve_path(p: Parameters) -> Solution:
    length, width, path = whole(p, "length"), whole(p, "width"), whole(p, "path")
    long, wide = length + 2 * path, width + 2 * path
    answer = long * wide - length * width
    steps = (
        f"The border adds its width at both ends, so the outer rectangle measures {length} + 2 * {path} = {long} "
        f"by {width} + 2 * {path} = {wide}.",
        f"Its area is {long} * {wide} = {long * wide}, and the area inside is {length} * {width} = {length * width}.",
        f"The border is the difference of the two areas: {long * wide} - {length * width} = {answer}.",
    )
    return Solution(steps, answer)


def _draw_triangle(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    base = fed_or_drawn(fed, rng.randint(4, 30 * difficulty), least=2)
    height = rng.randint(3, 30 * difficulty)
    return None if base is None else {"base": base, "height": height}


def _solve_triangle(p: Parameters) -> Solution:
    base, height = whole(p, "base"), whole(p, "height")
    answer = Fraction(base * height, 2)
    steps = (
        "The area of a triangle is half of the base times the perpendicular height.",
        f"The product is {base} * {height} = {base * height}.",
        f"Half of that is {simplified(f'{base * height}/2', answer)}.",
    )
    return Solution(steps, answer)


def _draw_parallelogram(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    area = fed_or_drawn(fed, rng.randint(3, 15 * difficulty) * rng.randint(3, 15 * difficulty), least=4)
    if area is None:
        return None
    bases = [base for base in range(2, min(area, 200)) if area % base == 0]
    return {"area": area, "base": rng.choice(bases)} if bases else None


def _solve_parallelogram(p: Parameters) -> Solution:
    area, base = whole(p, "area"), whole(p, "base")
    answer = area // base
    steps = (
        "The area of a parallelogram is its base times its perpendicular height.",
        f"So {base} * h = {area}, where h is the height.",
        f"Dividing by the base gives h = {area}/{base} = {answer}.",
    )
    return Solution(steps, answer)


def _draw_trapezoid(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    short = rng.randint(2, 20 * difficulty)
    long = short + rng.randint(1, 12 * difficulty)
    height = fed_or_drawn(fed, rng.randint(2, 15 * difficulty), least=2)
    return None if height is None else {"short": short, "long": long, "height": height}


def _solve_trapezoid(p: Parameters) -> Solution:
    short, long, height = whole(p, "short"), whole(p, "long"), whole(p, "height")
    answer = Fraction((short + long) * height, 2)
    steps = (
        "The area of a trapezoid is the average of its two parallel sides times the height.",
        f"The parallel sides add up to {short} + {long} = {short + long}, and their average is "
        f"{written(Fraction(short + long, 2))}.",
        f"The area is {written(Fraction(short + long, 2))} * {height} = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_rhombus(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_or_drawn(fed, rng.randint(4, 40 * difficulty), least=2)
    return None if first is None else {"first": first, "second": 2 * rng.randint(2, 20 * difficulty)}


def _solve_rhombus(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    answer = Fraction(first * second, 2)
    steps = (
        "The diagonals of a rhombus meet at right angles and cut it into four equal right triangles.",
        "Its area is therefore half the product of the diagonals.",
        f"This is {first} * {second} / 2 = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_corner(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length = fed_or_drawn(fed, rng.randint(8, 25 * difficulty), least=4)
    width = rng.randint(5, 20 * difficulty)
    if length is None:
        return None
    cut = {"cut_length": rng.randint(1, min(length, 30) // 2), "cut_width": rng.randint(1, width - 2)}
    return {"length": length, "width": width, **cut}


def _solve_corner(p: Parameters) -> Solution:
    length, width = whole(p, "length"), whole(p, "width")
    cut_length, cut_width = whole(p, "cut_length"), whole(p, "cut_width")
    full, missing = length * width, cut_length * cut_width
    steps = (
        "Treat the composite figure as a full rectangle with a smaller rectangle taken away.",
        f"The full rectangle has area {length} * {width} = {full}.",
        f"The missing corner has area {cut_length} * {cut_width} = {missing}.",
        f"What is left has area {full} - {missing} = {full - missing}.",
    )
    return Solution(steps, full - missing)


@cache
def _heronian(most: int) -> tuple[tuple[int, int, int], ...]:
    """Triangles with whole sides up to `most` and whole area."""
    found = []
    for a in range(3, most + 1):
        for b in range(a, most + 1):
            for c in range(b, min(a + b, most + 1)):
                squared, rest = divmod((a + b + c) * (b + c - a) * (a + c - b) * (a + b - c), 16)
                if rest == 0 and isqrt(squared) ** 2 == squared:
                    found.append((a, b, c))
    return tuple(found)


def _draw_heron(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, b, c = rng.choice(_heronian(20 + 15 * difficulty))
    factor = rng.randint(1, 2 * difficulty)
    return {"a": a * factor, "b": b * factor, "c": c * factor} if fed is None else None


def _solve_heron(p: Parameters) -> Solution:
    a, b, c = number(p, "a"), number(p, "b"), number(p, "c")
    half = (a + b + c) / 2
    squared = half * (half - a) * (half - b) * (half - c)
    answer = isqrt(int(squared))
    steps = (
        f"The semiperimeter is s = ({written(a)} + {written(b)} + {written(c)})/2 = {written(half)}.",
        f"By Heron's formula the area is the square root of s(s - a)(s - b)(s - c), here "
        f"{written(half)} * {written(half - a)} * {written(half - b)} * {written(half - c)} = {written(squared)}.",
        f"The square root of {written(squared)} is {answer}.",
    )
    return Solution(steps, answer)


SKILLS = (
    Skill(
        "rectangle_perimeter", TOPIC, ("perimeter", "rectangle"), "primary",
        (
            "What is the perimeter of a rectangle that is {length} cm long and {width} cm wide?",
            "{person} walks once round the edge of a rectangular lawn that is {length} metres long and {width} metres "
            "wide. How many metres does {person} walk?",
            "A rectangular noticeboard at {place} is {length} cm long and {width} cm wide. How many centimetres of "
            "ribbon are needed to edge it exactly?",
            "The sides of a rectangle measure {length} and {width}. Find the distance all the way round it.",
            "{person} and {other} fence a rectangular plot. Its length is {length} metres and its width is {width} "
            "metres. How many metres of fence do they need?",
        ),
        _draw_perimeter, _solve_perimeter, "length",
    ),
    Skill(
        "square_area_from_perimeter", TOPIC, ("area of a square", "perimeter", "area"), "primary",
        (
            "The perimeter of a square is {perimeter} cm. What is its area in square centimetres?",
            "A square has sides that add up to {perimeter}. Find its area.",
            "{person} uses exactly {perimeter} metres of rope to mark out a square at {place}. How many square metres "
            "does the square cover?",
            "Walking once round a square yard takes {person} {perimeter} metres. Work out the area of the yard in "
            "square metres.",
            "Four equal boards, {perimeter} metres of board in all, frame a square sandpit. What area, in square "
            "metres, do they enclose?",
        ),
        _draw_square, _solve_square, "perimeter",
    ),
    Skill(
        "border_area", TOPIC, ("area of a rectangle", "area", "square unit"), "middle",
        (
            "A rectangular pond is {length} metres long and {width} metres wide. A path {path} m wide runs all the "
            "way round the outside. What is the area of the path in square metres?",
            "{person} sews a border {path} cm wide onto every side of a cloth that is {length} cm long and {width} cm "
            "wide, corners included. Find the area of the border in square centimetres.",
            "A rectangle measures {length} by {width}. It is surrounded on all sides by a strip of width {path}, so "
            "that the outer edge is again a rectangle. Find the area of the strip.",
            "A picture {length} cm long and {width} cm wide hangs at {place} in a flat frame that adds {path} cm on "
            "each of the four sides. How many square centimetres does the frame alone cover?",
            "Around a flower bed of {length} metres by {width} metres {person} lays gravel to a constant width of "
            "{path} m, with square corners. How many square metres does the gravel cover?",
        ),
        _draw_path, _solve_path, "length",
    ),
    Skill(
        "triangle_area", TOPIC, ("area of a triangle", "perpendicular height", "area"), "middle",
        (
            "A triangle has a base of {base} cm and a perpendicular height of {height} cm. What is its area in square "
            "centimetres?",
            "Find the area of a triangle whose base is {base} and whose altitude to that base is {height}.",
            "{person} cuts a triangular flag from cloth. The base of the flag is {base} cm and its height is {height} "
            "cm. How many square centimetres of cloth are in the flag?",
            "A triangular flower bed at {place} is {height} metres deep, measured at right angles to its base of "
            "{base} metres. What is the area of the bed in square metres?",
            "One side of a triangle is {base} units long, and the opposite vertex lies {height} units from the line "
            "through that side. Calculate the area of the triangle.",
        ),
        _draw_triangle, _solve_triangle, "base",
    ),
    Skill(
        "parallelogram_height", TOPIC, ("parallelogram", "perpendicular height"), "middle",
        (
            "A parallelogram has an area of {area} square cm and a base of {base} cm. What is its height in cm?",
            "The area of a parallelogram is {area} and one of its sides is {base}. How far apart are that side and "
            "the side opposite to it?",
            "{person} sows grass on a parallelogram of {area} square metres at {place}. One side, taken as the base, "
            "is {base} m long. What is the perpendicular height in metres?",
            "Find the perpendicular height of a parallelogram with base {base} whose area is {area} square units.",
            "A car park is shaped like a parallelogram and covers {area} square metres. Its front edge is {base} m "
            "long. How many metres is it from the front edge straight across to the back edge?",
        ),
        _draw_parallelogram, _solve_parallelogram, "area",
    ),
    Skill(
        "trapezoid_area", TOPIC, ("trapezoid", "area", "parallel line"), "middle",
        (
            "A trapezoid has parallel sides of {short} cm and {long} cm and a height of {height} cm. Find its area in "
            "square centimetres.",
            "What is the area of a trapezoid whose bases are {short} and {long} and whose height is {height}?",
            "{person} mows a meadow. Two of its edges are parallel, {long} metres and {short} metres long, and they "
            "lie {height} metres apart. How many square metres does {person} mow if the other two edges are straight?",
            "The parallel sides of a trapezoid measure {long} units and {short} units. They are {height} units apart. "
            "Calculate the area of the trapezoid.",
            "A table top at {place} is a trapezoid: its two parallel edges are {short} dm and {long} dm, and the "
            "distance between them is {height} dm. What is the area of the table top in square dm?",
        ),
        _draw_trapezoid, _solve_trapezoid, "height",
    ),
    Skill(
        "rhombus_area", TOPIC, ("rhombus", "diagonal of a polygon", "area"), "middle",
        (
            "The diagonals of a rhombus are {first} cm and {second} cm long. What is its area in square centimetres?",
            "Find the area of a rhombus with diagonals of length {first} and {second}.",
            "{person} makes a sign in the shape of a rhombus for {place}. It is {first} cm from left to right corner "
            "and {second} cm from top to bottom corner. How many square centimetres does the sign cover?",
            "Two sticks, {first} cm and {second} cm long, cross at right angles at their middles. {person} joins "
            "their ends to make a rhombus. What area, in square centimetres, does it enclose?",
            "A floor tile is a rhombus. One diagonal measures {first} mm and the other {second} mm. Calculate the "
            "area of the tile in square millimetres.",
        ),
        _draw_rhombus, _solve_rhombus, "first",
    ),
    Skill(
        "l_shape_area", TOPIC, ("composite figure", "area of a rectangle", "rectangle"), "middle",
        (
            "From one corner of a rectangle measuring {length} by {width}, a rectangle measuring {cut_length} by "
            "{cut_width} is cut away, with sides parallel to those of the large one. What is the area of the L-shaped "
            "figure that remains?",
            "{person} lays carpet in an L-shaped room. The room is a rectangle of {length} metres by {width} metres "
            "with a corner of {cut_length} m by {cut_width} m missing. How many square metres of carpet are needed?",
            "A rectangular lawn at {place} measures {length} metres by {width} metres. A rectangular shed of "
            "{cut_length} m along the length and {cut_width} m along the width stands in one corner. How many square "
            "metres of grass are left?",
            "Find the area of an L-shaped plate made by removing a {cut_length} cm by {cut_width} cm rectangle from a "
            "corner of a plate that is {length} cm long and {width} cm wide.",
            "A sheet of paper is {length} cm long and {width} cm wide. {person} cuts a rectangle of {cut_length} cm "
            "by {cut_width} cm off one corner. How many square centimetres of paper remain?",
        ),
        _draw_corner, _solve_corner, "length",
    ),
    Skill(
        "heron_area", TOPIC, ("heron's formula", "semiperimeter", "area of a triangle"), "high school",
        (
            "A triangle has sides {a}, {b} and {c}. Use Heron's formula to find its area.",
            "The sides of a triangular field are {a} m, {b} m and {c} m long. What is the area of the field in square "
            "metres?",
            "{person} pegs out a triangle with sides of {a}, {b} and {c} metres at {place}. How many square metres "
            "lie inside it?",
            "Only the three sides of a triangle are known: {a} cm, {b} cm and {c} cm. Calculate its area in square "
            "centimetres.",
            "Find the exact area of the triangle whose side lengths are {a}, {b} and {c} units.",
        ),
        _draw_heron, _solve_heron,
    ),
)  # fmt: skip
