"""Skills on triangles and polygons: their angles, diagonals and sides."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import fed_or_drawn, simplified

TOPIC = "triangles and polygons"


def _draw_third(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_or_drawn(fed, rng.randint(10, 160), least=2, most=170)
    if first is None:
        return None
    return {"first": first, "second": rng.randint(1, 178 - first)}


def _solve_third(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    steps = (
        "The triangle angle sum is 180 degrees.",
        f"The two known angles add up to {first} + {second} = {first + second} degrees.",
        f"The third angle is 180 - {first + second} = {180 - first - second} degrees.",
    )
    return Solution(steps, 180 - first - second)


def _draw_exterior(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    near = fed_or_drawn(fed, rng.randint(15, 80), least=2, most=150)
    return None if near is None else {"near": near, "exterior": near + rng.randint(10, 179 - near)}


def _solve_exterior(p: Parameters) -> Solution:
    near, exterior = whole(p, "near"), whole(p, "exterior")
    steps = (
        "An exterior angle of a triangle equals the sum of the two interior angles that are not next to it.",
        f"So {near} degrees and the angle sought add up to {exterior} degrees.",
        f"The other angle is {exterior} - {near} = {exterior - near} degrees.",
    )
    return Solution(steps, exterior - near)


def _draw_isosceles(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    split = rng.randint(2, 3 * difficulty)
    apex = fed_or_drawn(fed, 180 - 2 * split * rng.randint(1, 85 // split), least=2, most=176)
    return None if apex is None else {"apex": apex, "split": split}


def _solve_isosceles(p: Parameters) -> Solution:
    apex, split = whole(p, "apex"), whole(p, "split")
    base = Fraction(180 - apex, 2)
    steps = (
        f"The angles of a triangle add up to 180 degrees, so the two base angles together make 180 - {apex} = "
        f"{180 - apex} degrees.",
        f"In an isosceles triangle the base angles are equal: each has {simplified(f'{180 - apex}/2', base)} degrees.",
        f"The base angle divided by {split} gives parts of {written(base / split)} degrees.",
    )
    return Solution(steps, base / split)


PARTS = (9, 10, 12, 15, 18, 20, 30, 36, 45, 60, 24, 40, 72)
"""Numbers of equal parts into which the angles of a triangle may be cut: whole or half degrees."""


def _draw_ratio(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    total = rng.choice(PARTS[: 3 + 4 * difficulty])
    third = rng.randint(total // 3 + 2, total * 2 // 3)
    first = rng.randint(max(1, total - 2 * third + 1), (total - third) // 2)
    return {"first": first, "second": total - third - first, "third": third} if fed is None else None


def _solve_ratio(p: Parameters) -> Solution:
    first, second, third = whole(p, "first"), whole(p, "second"), whole(p, "third")
    total = first + second + third
    part = Fraction(180, total)
    steps = (
        f"The ratio {first} : {second} : {third} has {first} + {second} + {third} = {total} parts in all.",
        f"By the triangle angle sum these make 180 degrees, so one part is {simplified(f'180/{total}', part)} degrees.",
        f"The largest angle is {third} parts: {third} * {written(part)} = {written(third * part)} degrees.",
    )
    return Solution(steps, third * part)


def _draw_missing(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides, angle = rng.randint(4, 5 + 4 * difficulty), rng.randint(20, 170)
    known = fed_or_drawn(fed, (sides - 2) * 180 - angle, least=190, most=6000)
    if known is None or known % 180 == 0:
        return None
    return {"known": known, "sides": known // 180 + 3}


def _solve_missing(p: Parameters) -> Solution:
    known, sides = whole(p, "known"), whole(p, "sides")
    total = (sides - 2) * 180
    steps = (
        f"The sum of the interior angles of a polygon with {sides} sides is ({sides} - 2) * 180 = {total} degrees.",
        f"The others make {known} degrees, so the last angle is {total} - {known} = {total - known} degrees.",
    )
    return Solution(steps, total - known)


def _draw_regular(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    side = fed_or_drawn(fed, rng.randint(2, 20 * difficulty), least=2, most=2000)
    turns = (120, 90, 72, 60, 45, 40, 36, 30, 24, 20, 18, 15, 12, 10)[: 7 + 3 * difficulty]
    return None if side is None else {"exterior": rng.choice(turns), "side": side}


def _solve_regular(p: Parameters) -> Solution:
    exterior, side = whole(p, "exterior"), whole(p, "side")
    sides = 360 // exterior
    steps = (
        "The exterior angles of a convex polygon add up to 360 degrees, and in a regular polygon they are all equal.",
        f"The number of sides is 360/{exterior} = {sides}.",
        f"The perimeter is {sides} * {side} = {sides * side}.",
    )
    return Solution(steps, sides * side)


def _draw_diagonals(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = fed_or_drawn(fed, rng.randint(4, 10 * difficulty), least=4, most=500)
    return None if sides is None else {"sides": sides, "more": sides + rng.randint(1, 10 * difficulty)}


def _solve_diagonals(p: Parameters) -> Solution:
    sides, more = whole(p, "sides"), whole(p, "more")
    few, many = sides * (sides - 3) // 2, more * (more - 3) // 2
    steps = (
        "From each of the n vertices of a convex polygon n - 3 diagonals start, and each has two ends, so there are "
        "n(n - 3)/2 of them.",
        f"With {sides} sides that is {sides} * {sides - 3} / 2 = {few}.",
        f"With {more} sides it is {more} * {more - 3} / 2 = {many}.",
        f"The difference is {many} - {few} = {many - few}.",
    )
    return Solution(steps, many - few)


def _draw_inequality(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_or_drawn(fed, rng.randint(3, 25 * difficulty), least=2)
    return None if first is None else {"first": first, "second": rng.randint(2, 25 * difficulty)}


def _solve_inequality(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    low, high = abs(first - second) + 1, first + second - 1
    steps = (
        "By the triangle inequality the third side is shorter than the sum of the other two and longer than their "
        "difference.",
        f"So it lies strictly between {low - 1} and {high + 1}, and whole lengths from {low} to {high} are possible.",
        f"That makes {high} - {low} + 1 = {high - low + 1} lengths.",
    )
    return Solution(steps, high - low + 1)


SKILLS = (
    Skill(
        "third_angle_of_triangle", TOPIC, ("triangle angle sum", "triangle", "interior angle"), "middle",
        (
            "Two angles of a triangle measure {first} degrees and {second} degrees. How many degrees is the third "
            "angle?",
            "In triangle ABC, angle A is {first} degrees and angle B is {second} degrees. Find angle C in degrees.",
            "{person} measures two corners of a triangular park: {first} degrees and {second} degrees. What should "
            "the third corner measure, in degrees?",
            "A triangular sail at {place} has angles of {first} degrees and {second} degrees. Find its remaining "
            "angle in degrees.",
            "Find the missing angle, in degrees, of a triangle whose other two angles are {first} degrees and "
            "{second} degrees.",
        ),
        _draw_third, _solve_third, "first",
    ),
    Skill(
        "exterior_angle_of_triangle", TOPIC, ("exterior angle", "interior angle", "triangle"), "middle",
        (
            "In triangle ABC the exterior angle at C is {exterior} degrees, and angle A is {near} degrees. How many "
            "degrees is angle B?",
            "An exterior angle of a triangle measures {exterior} degrees. One of the two interior angles not next to "
            "it measures {near} degrees. Find the other one in degrees.",
            "{person} walks along two sides of a triangular field, from A to C and on to B, and turns through "
            "{exterior} degrees at C. The angle of the field at A is {near} degrees. What is the angle at B, in "
            "degrees?",
            "One side of a triangle is extended, which makes an exterior angle of {exterior} degrees. Of the two "
            "remote interior angles, one is {near} degrees. What is the other in degrees?",
            "The roof beams at {place} form a triangle ABC. Angle A is {near} degrees, and the angle outside the "
            "triangle at C, on the extension of BC, is {exterior} degrees. Work out angle B in degrees.",
        ),
        _draw_exterior, _solve_exterior, "near",
    ),
    Skill(
        "isosceles_base_angle", TOPIC, ("isosceles triangle", "base angle", "triangle angle sum"), "middle",
        (
            "An isosceles triangle has an angle of {apex} degrees between its equal sides. One of its base angles is "
            "divided into {split} equal parts. How many degrees is each part?",
            "In triangle ABC, AB = AC and angle A is {apex} degrees. Rays from B divide angle ABC into {split} equal "
            "angles. Find the size of one of them in degrees.",
            "The two sloping edges of a gable at {place} are equally long and meet at {apex} degrees. {person} "
            "divides one of the other two angles of the triangle into {split} equal angles. How many degrees is each?",
            "The vertex angle of an isosceles triangle is {apex} degrees. Find, in degrees, a base angle divided by "
            "{split}.",
            "{person} folds an isosceles paper triangle with a vertex angle of {apex} degrees so that the creases "
            "divide a base angle into {split} equal parts. What angle, in degrees, has each part?",
        ),
        _draw_isosceles, _solve_isosceles, "apex",
    ),
    Skill(
        "triangle_angle_ratio", TOPIC, ("triangle angle sum", "angle measure"), "middle",
        (
            "The angles of a triangle are in the ratio {first} : {second} : {third}. How many degrees is the largest "
            "one?",
            "The three angles of a triangle compare as {first} to {second} to {third}. Find the greatest angle in "
            "degrees.",
            "{person} draws a triangle whose angles are in the ratio {first} : {second} : {third}. What is the "
            "measure of its largest angle in degrees?",
            "A triangular sign at {place} has angles in the ratio {first} : {second} : {third}. Work out its widest "
            "angle in degrees.",
            "In a triangle the angles measure {first} parts, {second} parts and {third} parts, where all parts are "
            "equal. How many degrees is the angle of {third} parts?",
        ),
        _draw_ratio, _solve_ratio,
    ),
    Skill(
        "missing_polygon_angle", TOPIC, ("polygon angle sum", "convex polygon", "interior angle"), "high school",
        (
            "A convex polygon has {sides} sides. All its interior angles but one add up to {known} degrees. How many "
            "degrees is the remaining angle?",
            "In a polygon with {sides} sides, {person} adds all the interior angles except one and gets {known} "
            "degrees. Find the angle that was left out, in degrees.",
            "The floor of a pavilion at {place} is a convex polygon with {sides} corners. The interior angles at all "
            "the corners but the last make {known} degrees together. What is the last angle in degrees?",
            "What is the missing interior angle, in degrees, of a convex polygon with {sides} sides whose other "
            "interior angles sum to {known} degrees?",
            "The sum of every interior angle but one of a convex polygon with {sides} vertices is {known} degrees. "
            "Calculate the last one in degrees.",
        ),
        _draw_missing, _solve_missing, "known",
    ),
    Skill(
        "regular_polygon_perimeter", TOPIC, ("regular polygon", "exterior angle", "perimeter"), "middle",
        (
            "Each exterior angle of a regular polygon is {exterior} degrees, and each side is {side} cm long. What is "
            "its perimeter in centimetres?",
            "{person} walks {side} metres, turns left through {exterior} degrees, and repeats this until back at the "
            "start for the first time. How many metres is the whole walk?",
            "A regular polygon has sides of length {side} and exterior angles of {exterior} degrees. Find its "
            "perimeter.",
            "A fence at {place} forms a regular polygon. Every panel is {side} metres long, and at every post the "
            "fence turns through {exterior} degrees. How many metres of fence are there?",
            "A robot draws a closed regular polygon: it draws a side of {side} cm, turns by {exterior} degrees, and "
            "so on. How many centimetres does it draw in all before the figure closes?",
        ),
        _draw_regular, _solve_regular, "side",
    ),
    Skill(
        "diagonals_compared", TOPIC, ("diagonal of a polygon", "convex polygon", "polygon vertex"), "high school",
        (
            "How many more diagonals does a convex polygon with {more} sides have than one with {sides} sides?",
            "{person} draws all diagonals of a convex polygon with {sides} sides, and {other} does the same with "
            "{more} sides. How many more diagonals does {other} draw?",
            "One convex polygon has {sides} vertices and another has {more}. Find the difference between their "
            "numbers of diagonals.",
            "The number of sides of a convex polygon is raised from {sides} to {more}. By how many does the number of "
            "its diagonals grow?",
            "Pegs stand at the corners of two convex polygons at {place}, one with {sides} corners and one with "
            "{more}. Inside each polygon a string joins every two pegs that are not neighbours. How many more strings "
            "does the larger polygon have?",
        ),
        _draw_diagonals, _solve_diagonals, "sides",
    ),
    Skill(
        "triangle_inequality_count", TOPIC, ("triangle inequality", "triangle"), "middle",
        (
            "Two sides of a triangle are {first} cm and {second} cm long. The third side is a whole number of "
            "centimetres. How many lengths can it have?",
            "A triangle has sides {first}, {second} and n, where n is a whole number. How many values of n are "
            "possible?",
            "{person} has two rods, {first} cm and {second} cm long, and wants a third rod of whole centimetres to "
            "build a triangle. How many different lengths would do?",
            "How many whole numbers can be the third side of a triangle with sides {first} and {second}?",
            "Three beams at {place} are to form a triangle. Two of them measure {first} dm and {second} dm. The third "
            "is cut to a whole number of dm. Among how many lengths can {person} choose?",
        ),
        _draw_inequality, _solve_inequality, "first",
    ),
)  # fmt: skip
