"""Skills that solve triangles with trigonometry: elevation and depression, law of sines, law of cosines, area."""

import random
from fractions import Fraction
from math import gcd

from synth_assets.teachers.embedded.parameters import number, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import (
    PRIMITIVE_TRIPLES,
    fed_or_drawn,
    multiple,
    simplified,
    surd,
)  # fmt: skip
from synth_assets.teachers.embedded.skills.geometry.trigonometry import SINE_SQUARED, TOPIC, root_of


def _draw_elevation(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    distance = fed_or_drawn(fed, rng.randint(5, 60 * difficulty), least=2, most=5000)
    return None if distance is None else {"distance": distance, "angle": rng.choice((30, 60))}


def _solve_elevation(p: Parameters) -> Solution:
    distance, angle = whole(p, "distance"), whole(p, "angle")
    tangent = "sqrt(3)" if angle == 60 else "sqrt(3)/3"
    answer = surd(distance if angle == 60 else Fraction(distance, 3), 3)
    steps = (
        "In the right triangle the length sought is opposite the given angle, and the given length is adjacent to it.",
        f"So h = {distance} * tan({angle} degrees), and the exact tangent is {tangent}.",
        f"This gives h = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_tangent(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    bottom = rng.randint(2, 4 * difficulty + 1)
    tangent = Fraction(rng.choice([top for top in range(1, 6 * difficulty) if gcd(top, bottom) == 1]), bottom)
    distance = fed_or_drawn(fed, bottom * rng.randint(2, 30), least=2, most=5000)
    eye = rng.randint(2, 3 + difficulty)
    return None if distance is None else {"tangent": tangent, "distance": distance, "eye": eye}


def _solve_tangent(p: Parameters) -> Solution:
    tangent, distance, eye = number(p, "tangent"), whole(p, "distance"), whole(p, "eye")
    rise = tangent * distance
    steps = (
        "The tangent of the angle of elevation is the opposite side over the adjacent side: rise over level distance.",
        f"So the rise above the instrument is {distance} * {written(tangent)} = {written(rise)}.",
        f"Adding the height of the instrument gives {written(rise)} + {eye} = {written(rise + eye)}.",
    )
    return Solution(steps, rise + eye)


def _draw_depression(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    short, long, hypotenuse = rng.choice(PRIMITIVE_TRIPLES[: 4 * difficulty])
    sine = Fraction(rng.choice((short, long)), hypotenuse)
    height = fed_or_drawn(fed, sine.numerator * rng.randint(2, 15 * difficulty), least=2, most=5000)
    return None if height is None else {"sine": sine, "height": height}


def _solve_depression(p: Parameters) -> Solution:
    sine, height = number(p, "sine"), whole(p, "height")
    answer = height / sine
    steps = (
        "The angle of depression equals the angle of elevation at the other end, as alternate interior angles.",
        f"In the right triangle its sine is the height over the line of sight: {height}/s = {written(sine)}.",
        f"So s = {height} / ({written(sine)}) = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_included(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = fed_or_drawn(fed, rng.randint(2, 14 * difficulty), most=500)
    return None if a is None else {"a": a, "b": rng.randint(2, 14 * difficulty), "angle": rng.choice((60, 120))}


def _solve_cosines(p: Parameters) -> Solution:
    a, b, angle = whole(p, "a"), whole(p, "b"), whole(p, "angle")
    product = a * b if angle == 60 else -a * b
    squared = a * a + b * b - product
    answer = surd(1, squared)
    steps = (
        "The law of cosines gives c^2 = a^2 + b^2 - 2ab*cos(C), where C is the included angle.",
        f"The cosine of {angle} degrees is {'1/2' if angle == 60 else '-1/2'}, so 2ab*cos(C) = {product}.",
        f"So c^2 = {a * a} + {b * b} - {product if product > 0 else f'({product})'} = {squared}.",
        f"The third side is {simplified(f'sqrt({squared})', answer)}.",
    )
    return Solution(steps, answer)


ANGLES = (30, 45, 60, 90, 120, 135, 150)
"""Angles of a triangle, in degrees, whose sines have simple exact values."""


def _sine_squared(angle: int) -> Fraction:
    return SINE_SQUARED[min(angle, 180 - angle)]


def _draw_sines(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    pairs = [(a, b) for a in ANGLES for b in ANGLES if a + b < 180 and _sine_squared(a) != _sine_squared(b)]
    first, second = rng.choice(pairs)
    side = fed_or_drawn(fed, rng.randint(2, 20 * difficulty), most=5000)
    return None if side is None else {"first": first, "second": second, "side": side}


def _solve_sines(p: Parameters) -> Solution:
    first, second, side = whole(p, "first"), whole(p, "second"), whole(p, "side")
    ratio = _sine_squared(second) / _sine_squared(first)
    answer = surd(Fraction(side, ratio.denominator), ratio.numerator * ratio.denominator)
    steps = (
        f"By the law of sines the side sought over sin({second} degrees) equals {side} over sin({first} degrees).",
        f"The exact values are sin({second} degrees) = {written(root_of(_sine_squared(second)))} and "
        f"sin({first} degrees) = {written(root_of(_sine_squared(first)))}.",
        f"The first divided by the second is {written(root_of(ratio))}.",
        f"So the side is {side} * {written(root_of(ratio))}, which is {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_area(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = fed_or_drawn(fed, rng.randint(2, 15 * difficulty), least=2, most=2000)
    if a is None:
        return None
    angle = rng.choice((30, 150, 45, 135, 60, 120)[: 2 * difficulty])
    return {"a": a, "b": 2 * rng.randint(1, 8 * difficulty), "angle": angle}


def _solve_area(p: Parameters) -> Solution:
    a, b, angle = whole(p, "a"), whole(p, "b"), whole(p, "angle")
    square = _sine_squared(angle)
    answer = surd(Fraction(a * b, 2 * square.denominator), square.numerator * square.denominator)
    steps = (
        "By the sine area formula the area is half the product of two sides times the sine of the included angle.",
        f"Half the product is {a} * {b} / 2 = {a * b // 2}, and sin({angle} degrees) = {written(root_of(square))}.",
        f"The area is {a * b // 2} * {written(root_of(square))}, which is {written(answer)}.",
    )
    return Solution(steps, answer)


def _solve_ladder(p: Parameters) -> Solution:
    distance, angle = whole(p, "distance"), whole(p, "angle")
    answer = 2 * distance if angle == 60 else multiple(Fraction(2 * distance, 3), "sqrt(3)")
    cosine = "1/2" if angle == 60 else "sqrt(3)/2"
    steps = (
        "In the right triangle the given distance is adjacent to the angle, and the length sought is the hypotenuse.",
        f"So cos({angle} degrees) = {distance}/s, and the cosine ratio is {cosine}.",
        f"Hence s = {distance} / ({cosine}), which is {written(answer)}.",
    )
    return Solution(steps, answer)


SKILLS = (
    Skill(
        "height_by_elevation", TOPIC, ("angle of elevation", "tangent ratio", "exact trigonometric value"),
        "high school",
        (
            "From a point {distance} metres from the foot of a tower, on level ground, the angle of elevation of its "
            "top is {angle} degrees. Find the exact height of the tower in metres.",
            "{person} lies on flat ground {distance} metres from a tree and sees its top at an angle of elevation of "
            "{angle} degrees. Taking eye level as the ground, what is the exact height of the tree in metres?",
            "A kite is above a point {distance} m away on level ground. Seen from the ground its angle of elevation "
            "is {angle} degrees. How many metres high is it, exactly?",
            "The shadow of a mast at {place} is {distance} dm long when the sun stands {angle} degrees above the "
            "horizon. What is the exact height of the mast in dm?",
            "One acute angle of a right triangle is {angle} degrees, and the leg next to it measures {distance}. Find "
            "the exact length of the leg opposite that angle.",
        ),
        _draw_elevation, _solve_elevation, "distance",
    ),
    Skill(
        "height_by_tangent", TOPIC, ("angle of elevation", "tangent ratio", "opposite side"), "high school",
        (
            "An instrument stands {eye} m above level ground, {distance} m from a tower. The tangent of the angle of "
            "elevation of the top of the tower is {tangent}. How many metres tall is the tower?",
            "{person} sights the top of a flagpole from a window {eye} m above the level ground, at a level distance "
            "of {distance} m. The angle of elevation has tangent {tangent}. Find the height of the flagpole in metres.",
            "From a point {eye} units above the ground, the top of a wall {distance} units away is seen at an angle "
            "of elevation whose tangent is {tangent}. The ground is level. How high is the wall?",
            "A camera at {place} is mounted {eye} dm above a level floor, and a lamp hangs {distance} dm away, "
            "measured along the floor. If tan(A) = {tangent} for the angle of elevation A, how many dm above the "
            "floor is the lamp?",
            "A surveyor's eye is {eye} feet above level ground. A cliff rises {distance} feet away, and the tangent "
            "of the angle of elevation of its top is {tangent}. How many feet high is the cliff?",
        ),
        _draw_tangent, _solve_tangent, "distance",
    ),
    Skill(
        "line_of_sight_by_depression", TOPIC, ("angle of depression", "sine", "alternate interior angle"),
        "high school",
        (
            "From the top of a cliff {height} metres high a boat is seen at an angle of depression whose sine is "
            "{sine}. How many metres is it from the top of the cliff to the boat in a straight line?",
            "{person} looks down from a window {height} m above level ground at a bicycle. The sine of the angle of "
            "depression is {sine}. Find the length of the line of sight in metres.",
            "A lamp hangs {height} units above the floor. A coin on the floor is seen from it at an angle of "
            "depression with sine {sine}. What is the distance from the lamp to the coin?",
            "A straight cable runs down from a mast top {height} metres above level ground. The sine of its angle of "
            "depression is {sine}. How many metres of cable reach from the top to the ground?",
            "A drone hovers {height} m above {place}. The angle of depression of a marker on the level ground has "
            "sine {sine}. How many metres is the drone from the marker?",
        ),
        _draw_depression, _solve_depression, "height",
    ),
    Skill(
        "slope_length_by_cosine", TOPIC, ("cosine", "adjacent side", "hypotenuse"), "high school",
        (
            "A ladder makes an angle of {angle} degrees with level ground, and its foot is {distance} dm from the "
            "upright wall that it leans on. How many dm long is the ladder, exactly?",
            "In a right triangle the leg next to an angle of {angle} degrees measures {distance}. What is the exact "
            "length of the hypotenuse?",
            "A straight slide at {place} drops at {angle} degrees to the level and covers a horizontal distance of "
            "{distance} dm. Find its exact length in dm.",
            "{person} fixes a rope from the top of a pole to a peg {distance} m from its foot. The taut rope meets "
            "the level ground at {angle} degrees. Give the exact length of the rope in metres.",
            "The hypotenuse of a right triangle forms an angle of {angle} degrees with a leg of length {distance}. "
            "Determine the hypotenuse exactly.",
        ),
        _draw_elevation, _solve_ladder, "distance",
    ),
    Skill(
        "third_side_by_cosines", TOPIC, ("law of cosines", "included angle", "side-angle-side"), "high school",
        (
            "Two sides of a triangle measure {a} cm and {b} cm, and the angle between them is {angle} degrees. Find "
            "the exact length of the third side in centimetres.",
            "In triangle ABC, BC = {a}, AC = {b} and angle C is {angle} degrees. What is AB, exactly?",
            "From a crossing near {place}, {person} walks {a} metres along one straight road and {other} walks {b} "
            "metres along another. The roads form an angle of {angle} degrees. Exactly how many metres apart are they "
            "now?",
            "Use the law of cosines to find the exact side opposite an angle of {angle} degrees that is enclosed by "
            "sides of {a} and {b}.",
            "Two hands of a large clock are {a} cm and {b} cm long. What is the exact distance, in centimetres, "
            "between their tips when the angle between the hands is {angle} degrees?",
        ),
        _draw_included, _solve_cosines, "a",
    ),
    Skill(
        "side_by_law_of_sines", TOPIC, ("law of sines", "exact trigonometric value", "triangle"), "high school",
        (
            "In triangle ABC, angle A is {first} degrees, angle B is {second} degrees and BC = {side}. Find AC "
            "exactly.",
            "Triangle ABC has a side BC of {side} cm. The angle at A, opposite to BC, is {first} degrees, and the "
            "angle at B is {second} degrees. What is the exact length of AC in centimetres?",
            "Two lookouts B and C are {side} km apart. A fire at A forms with them a triangle with angles of {first} "
            "degrees at A and {second} degrees at B. Exactly how many kilometres is the fire from C?",
            "Apply the law of sines: the side opposite an angle of {first} degrees is {side}. How long, exactly, is "
            "the side opposite an angle of {second} degrees in the same triangle?",
            "{person} surveys a triangular plot ABC at {place}: BC = {side} m, angle A = {first} degrees, angle B = "
            "{second} degrees. Determine AC in metres, exactly.",
        ),
        _draw_sines, _solve_sines, "side",
    ),
    Skill(
        "triangle_area_by_sine", TOPIC, ("sine area formula", "included angle", "area of a triangle"), "high school",
        (
            "Two sides of a triangle are {a} cm and {b} cm long and enclose an angle of {angle} degrees. Find the "
            "exact area in square centimetres.",
            "What is the exact area of a triangle with sides {a} and {b} and an included angle of {angle} degrees?",
            "Two edges of a triangular plot at {place} measure {a} metres and {b} metres and meet at {angle} degrees. "
            "Give its exact area in square metres.",
            "{person} cuts a triangle from cloth. Two of its sides, {a} dm and {b} dm long, form an angle of {angle} "
            "degrees. What is its exact area in square dm?",
            "In triangle ABC, BC = {a}, AC = {b} and angle C = {angle} degrees. Calculate the area exactly.",
        ),
        _draw_area, _solve_area, "a",
    ),
)  # fmt: skip
