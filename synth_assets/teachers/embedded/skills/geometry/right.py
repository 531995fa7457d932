"""Skills on right triangles: the Pythagorean theorem, its triples and converse, diagonals and special triangles."""

import random
from fractions import Fraction
from math import isqrt

from synth_assets.teachers.embedded.parameters import whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import fed_or_drawn, simplified, surd, whole_right_triangle

TOPIC = "right triangles"


def _draw_hypotenuse(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = whole_right_triangle(rng, difficulty, fed)
    return None if sides is None else {"first": sides[0], "second": sides[1]}


def _solve_hypotenuse(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    squared = first**2 + second**2
    steps = (
        "By the Pythagorean theorem the square of the hypotenuse is the sum of the squares of the legs.",
        f"Here c^2 = {first}^2 + {second}^2 = {first**2} + {second**2} = {squared}.",
        f"So c = sqrt({squared}) = {isqrt(squared)}.",
    )
    return Solution(steps, isqrt(squared))


def _draw_leg(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = whole_right_triangle(rng, difficulty, fed)
    return None if sides is None else {"foot": sides[0], "ladder": sides[2]}


def _solve_leg(p: Parameters) -> Solution:
    foot, ladder = whole(p, "foot"), whole(p, "ladder")
    squared = ladder**2 - foot**2
    steps = (
        f"The hypotenuse of the right triangle is {ladder}, and one leg is {foot}.",
        f"By the Pythagorean theorem the other leg h satisfies h^2 = {ladder}^2 - {foot}^2 = {ladder**2} - {foot**2} = "
        f"{squared}.",
        f"So h = sqrt({squared}) = {isqrt(squared)}.",
    )
    return Solution(steps, isqrt(squared))


def _draw_diagonal(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length = fed_or_drawn(fed, rng.randint(2, 12 * difficulty), most=500)
    return None if length is None else {"length": length, "width": rng.randint(1, 12 * difficulty)}


def _solve_diagonal(p: Parameters) -> Solution:
    length, width = whole(p, "length"), whole(p, "width")
    squared = length**2 + width**2
    answer = surd(1, squared)
    steps = (
        "The diagonal of a rectangle is the hypotenuse of a right triangle whose legs are two sides of the rectangle.",
        f"By the Pythagorean theorem d^2 = {length}^2 + {width}^2 = {squared}.",
        f"So d = {simplified(f'sqrt({squared})', answer)}.",
    )
    return Solution(steps, answer)


QUADRUPLES = (
    (1, 2, 2, 3), (2, 3, 6, 7), (1, 4, 8, 9), (4, 4, 7, 9), (2, 6, 9, 11), (6, 6, 7, 11), (3, 4, 12, 13),
    (2, 5, 14, 15), (2, 10, 11, 15), (1, 12, 12, 17), (8, 9, 12, 17), (1, 6, 18, 19), (6, 6, 17, 19),
    (4, 5, 20, 21), (4, 13, 16, 21),
)  # fmt: skip
"""Edges and space diagonal of boxes where all four are whole."""


def _draw_space(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    edges = list(rng.choice(QUADRUPLES[: 5 * difficulty])[:3])
    rng.shuffle(edges)
    factor = rng.randint(1, 5 * difficulty)
    if fed is not None:
        length = fed_or_drawn(fed, 0, most=2000)
        if length is None or length % edges[0]:
            return None
        factor = length // edges[0]
    return {"length": edges[0] * factor, "width": edges[1] * factor, "height": edges[2] * factor}


def _solve_space(p: Parameters) -> Solution:
    length, width, height = whole(p, "length"), whole(p, "width"), whole(p, "height")
    squared = length**2 + width**2 + height**2
    steps = (
        f"The diagonal of the base satisfies e^2 = {length}^2 + {width}^2 = {length**2 + width**2}.",
        f"With the height it forms a right triangle whose hypotenuse is the space diagonal: d^2 = "
        f"{length**2 + width**2} + {height}^2 = {squared}.",
        f"So d = sqrt({squared}) = {isqrt(squared)}.",
    )
    return Solution(steps, isqrt(squared))


def _draw_isosceles(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    hypotenuse = fed_or_drawn(fed, rng.randint(2, 200 * difficulty), least=2, most=5000)
    return None if hypotenuse is None else {"hypotenuse": hypotenuse}


def _solve_isosceles(p: Parameters) -> Solution:
    hypotenuse = whole(p, "hypotenuse")
    answer = surd(Fraction(hypotenuse, 2), 2)
    steps = (
        "In an isosceles right triangle with legs a the Pythagorean theorem gives c^2 = 2a^2, so the hypotenuse is "
        "a*sqrt(2).",
        f"Hence a = {hypotenuse}/sqrt(2), which is {hypotenuse}*sqrt(2)/2.",
        f"The leg is {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_half_equilateral(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length = fed_or_drawn(fed, rng.randint(2, 80 * difficulty), least=2, most=5000)
    return None if length is None else {"length": length, "given": rng.choice(("shorter leg", "hypotenuse"))}


def _solve_half_equilateral(p: Parameters) -> Solution:
    length, given = whole(p, "length"), word(p, "given")
    short = Fraction(length, 2) if given == "hypotenuse" else Fraction(length)
    answer = surd(short, 3)
    first = f"The shorter leg is half of the hypotenuse: {simplified(f'{length}/2', short)}."
    steps = (
        "A 30-60-90 triangle is half of an equilateral triangle, so its sides are in the ratio 1 : sqrt(3) : 2.",
        first if given == "hypotenuse" else f"The shorter leg is given as {length}.",
        f"The longer leg is sqrt(3) times the shorter one: {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_converse(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = whole_right_triangle(rng, difficulty, fed)
    if sides is None:
        return None
    first, second, longest = sides
    return {"first": first, "second": second, "longest": longest}


def _solve_converse(p: Parameters) -> Solution:
    first, second, longest = whole(p, "first"), whole(p, "second"), whole(p, "longest")
    area = Fraction(first * second, 2)
    steps = (
        f"Check the squares: {first}^2 + {second}^2 = {first**2} + {second**2} = {longest**2}, and {longest}^2 = "
        f"{longest**2}.",
        "They agree, so by the converse of the Pythagorean theorem the angle between the two shorter sides is a right "
        "angle.",
        f"Those sides serve as base and height, and the area is {first} * {second} / 2 = {written(area)}.",
    )
    return Solution(steps, area)


SKILLS = (
    Skill(
        "hypotenuse_of_right_triangle", TOPIC, ("hypotenuse", "pythagorean theorem", "right triangle"), "middle",
        (
            "The legs of a right triangle are {first} cm and {second} cm long. How many centimetres is the hypotenuse?",
            "{person} walks {first} metres north and then {second} metres east. How many metres is {person} now from "
            "the starting point in a straight line?",
            "Find the hypotenuse of a right triangle with legs {first} and {second}.",
            "A ramp at {place} rises {first} cm over a level distance of {second} cm. How long is its sloping surface "
            "in centimetres?",
            "Two sides of a triangle measure {first} and {second} units and meet at a right angle. How long is the "
            "third side?",
            "{person} cuts a brace for a frame: it must reach from a point {first} cm up the upright to a point "
            "{second} cm along the floor. How many centimetres long is the brace?",
        ),
        _draw_hypotenuse, _solve_hypotenuse, "first",
    ),
    Skill(
        "leg_of_right_triangle", TOPIC, ("leg of a right triangle", "pythagorean theorem", "hypotenuse"), "middle",
        (
            "A ladder {ladder} cm long leans against an upright wall. Its foot is {foot} cm from the wall. How many "
            "centimetres up the wall does it reach?",
            "The hypotenuse of a right triangle is {ladder}, and one leg is {foot}. Find the other leg.",
            "{person} ties a kite string of {ladder} feet to a peg. The kite floats above a point {foot} feet from "
            "the peg, with the string straight. How many feet above the ground is the kite?",
            "A cable {ladder} dm long runs from the top of a mast at {place} to a hook in the level ground {foot} dm "
            "from the bottom of the mast. How tall is the mast in dm?",
            "In triangle ABC the angle at C is a right angle, AB = {ladder} and BC = {foot}. What is the length of AC?",
        ),
        _draw_leg, _solve_leg, "foot",
    ),
    Skill(
        "diagonal_of_rectangle", TOPIC, ("diagonal of a rectangle", "pythagorean theorem", "rectangle"), "high school",
        (
            "A rectangle is {length} cm long and {width} cm wide. Find the exact length of its diagonal in "
            "centimetres.",
            "What is the diagonal of a rectangle with sides {length} and {width}? Give the exact value, simplifying "
            "any square root.",
            "{person} walks straight across a rectangular field of {length} by {width} metres from one corner to the "
            "opposite one. How many metres is that, exactly?",
            "A rectangular door at {place} measures {length} dm by {width} dm. Find the exact length, in dm, of the "
            "longest stick that lies flat on it.",
            "Opposite corners of a rectangular screen of {length} inches by {width} inches are joined by a line. How "
            "long is the line in inches? Leave square roots in simplest form.",
        ),
        _draw_diagonal, _solve_diagonal, "length",
    ),
    Skill(
        "space_diagonal_of_box", TOPIC, ("space diagonal", "pythagorean theorem", "rectangular prism"), "high school",
        (
            "A box is {length} cm long, {width} cm wide and {height} cm high. How many centimetres is its space "
            "diagonal?",
            "Find the length of the space diagonal of a rectangular prism with edges {length}, {width} and {height}.",
            "{person} wants to store a thin rod in a crate whose inside measures {length} by {width} by {height} cm. "
            "What is the length, in centimetres, of the longest rod that fits?",
            "A hall at {place} is {length} m long, {width} m wide and {height} m high. A wire is stretched from a "
            "bottom corner to the opposite top corner. How many metres of wire is that?",
            "The edges of a rectangular box measure {length}, {width} and {height} units. How far apart are two "
            "vertices that lie on no common face?",
        ),
        _draw_space, _solve_space, "length",
    ),
    Skill(
        "leg_of_isosceles_right_triangle", TOPIC, ("isosceles right triangle", "special right triangle", "hypotenuse"),
        "high school",
        (
            "The hypotenuse of an isosceles right triangle is {hypotenuse} cm. Find the exact length of a leg in "
            "centimetres.",
            "A 45-45-90 triangle has a hypotenuse of {hypotenuse}. What is the exact length of each leg?",
            "The diagonal of a square table top at {place} is {hypotenuse} mm. What is the exact side of the table "
            "top in millimetres?",
            "{person} cuts a square of cloth along its diagonal, and the cut is {hypotenuse} cm long. Give the exact "
            "length of a side of the square in centimetres.",
            "In a right triangle both acute angles are 45 degrees and the longest side is {hypotenuse}. Find one of "
            "the shorter sides exactly, using a square root where needed.",
        ),
        _draw_isosceles, _solve_isosceles, "hypotenuse",
    ),
    Skill(
        "longer_leg_30_60_90", TOPIC, ("30-60-90 triangle", "special right triangle", "leg of a right triangle"),
        "high school",
        (
            "In a 30-60-90 triangle the {given} is {length} cm. Find the exact length of the longer leg in "
            "centimetres.",
            "A right triangle has an angle of 60 degrees, and its {given} measures {length}. What is the exact length "
            "of its longer leg?",
            "{person} uses a set square with angles of 30, 60 and 90 degrees. Its {given} is {length} mm. How long, "
            "exactly, is the longer leg in millimetres?",
            "The angles of a triangular flag at {place} are 30, 60 and 90 degrees. The {given} measures {length} dm. "
            "Give the exact length of the longer leg in dm.",
            "One acute angle of a right triangle is 30 degrees. Given that the {given} is {length} units long, "
            "determine the longer leg exactly.",
        ),
        _draw_half_equilateral, _solve_half_equilateral, "length",
    ),
    Skill(
        "area_by_converse", TOPIC, ("converse of the pythagorean theorem", "pythagorean triple", "area of a triangle"),
        "high school",
        (
            "A triangle has sides {first}, {second} and {longest}. Show that it has a right angle, and find its area.",
            "The sides of a triangular plot are {first} m, {second} m and {longest} m. Is there a right angle? Use it "
            "to find the area of the plot in square metres.",
            "{person} lays out a triangle at {place} with ropes of {first}, {second} and {longest} metres. How many "
            "square metres does it enclose?",
            "What is the area of a triangle whose side lengths are {first}, {second} and {longest}? First check its "
            "sides with the Pythagorean theorem.",
            "Three rods of {first} cm, {second} cm and {longest} cm are joined at their ends. Find the area of the "
            "triangle that they form, in square centimetres.",
        ),
        _draw_converse, _solve_converse, "first",
    ),
)  # fmt: skip
