"""Skills on angles: complementary and supplementary pairs, and parallel lines."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import fed_or_drawn, simplified

TOPIC = "angles and lines"


def _draw_complementary(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    factor = rng.randint(2, 3 + 3 * difficulty)
    small = rng.randint(1, 84 // (factor + 1))
    extra = fed_or_drawn(fed, 90 - (factor + 1) * small, most=86)
    return None if extra is None else {"factor": factor, "extra": extra}


def _solve_complementary(p: Parameters) -> Solution:
    factor, extra = whole(p, "factor"), whole(p, "extra")
    small = Fraction(90 - extra, factor + 1)
    steps = (
        "Complementary angles add up to 90 degrees.",
        f"Let x be the smaller angle. The larger one is {factor}x + {extra}, so {factor + 1}x + {extra} = 90.",
        f"Then {factor + 1}x = {90 - extra} and x = {simplified(f'{90 - extra}/{factor + 1}', small)}.",
    )
    return Solution(steps, small)


def _times_x(coefficient: int) -> str:
    return "x" if coefficient == 1 else f"{coefficient}x"


def _draw_supplementary(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    ratio = Fraction(*rng.sample(range(1, 4 + 3 * difficulty), 2))
    parts = ratio.numerator + ratio.denominator
    angle = fed_or_drawn(fed, 180 - parts * rng.randint(90 // parts, 175 // parts), most=100)
    return None if angle is None else {"first": ratio.numerator, "second": ratio.denominator, "shared": angle}


def _solve_supplementary(p: Parameters) -> Solution:
    first, second, shared = whole(p, "first"), whole(p, "second"), whole(p, "shared")
    rest = 180 - shared
    part = Fraction(rest, first + second)
    larger = max(first, second)
    steps = (
        f"Angles on a straight line are supplementary: together the three make 180 degrees, which leaves "
        f"180 - {shared} = {rest} degrees for the other two.",
        f"Their ratio is {first} : {second}, so one part is {simplified(f'{rest}/{first + second}', part)}.",
        f"The larger of them is {larger} * {written(part)} = {written(larger * part)} degrees.",
    )
    return Solution(steps, larger * part)


def _draw_cointerior(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, c = rng.randint(2, 2 + 2 * difficulty), rng.randint(2, 2 + 2 * difficulty)
    x = rng.randint(3, 160 // (a + c))
    b = fed_or_drawn(fed, rng.randint(1, 179 - (a + c) * x), most=179 - (a + c) * x)
    d = 0 if b is None else 180 - (a + c) * x - b
    return {"a": a, "b": b, "c": c, "d": d} if b is not None and d >= 1 else None


def _solve_cointerior(p: Parameters) -> Solution:
    a, b, c, d = (whole(p, name) for name in "abcd")
    x = (180 - b - d) // (a + c)
    steps = (
        "Where a transversal cuts two parallel lines, co-interior angles add up to 180 degrees.",
        f"So ({a}x + {b}) + ({c}x + {d}) = 180, that is {a + c}x + {b + d} = 180.",
        f"Hence {a + c}x = {180 - b - d} and x = {x}.",
    )
    return Solution(steps, x)


def _draw_corresponding(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    c = rng.randint(2, 1 + difficulty)
    a = c + rng.randint(1, 2 * difficulty)
    x = rng.randint(2, 120 // a)
    b = fed_or_drawn(fed, rng.randint(1, 175 - a * x), most=175 - a * x)
    return None if b is None else {"a": a, "b": b, "c": c, "d": (a - c) * x + b}


def _solve_corresponding(p: Parameters) -> Solution:
    a, b, c, d = (whole(p, name) for name in "abcd")
    x = (d - b) // (a - c)
    steps = (
        "Where a transversal cuts two parallel lines, corresponding angles are equal.",
        f"So {a}x + {b} = {c}x + {d}, and {_times_x(a - c)} = {d} - {b} = {d - b}.",
        f"This gives x = {x}.",
        f"The angle is {a} * {x} + {b} = {a * x + b} degrees.",
    )
    return Solution(steps, a * x + b)


SKILLS = (
    Skill(
        "complementary_angles", TOPIC, ("complementary angle", "angle"), "middle",
        (
            "Two angles are complementary. The larger one is {extra} degrees more than {factor} times the smaller "
            "one. How many degrees is the smaller angle?",
            "A right angle is divided into two angles. The larger is {factor} times the smaller plus {extra} degrees. "
            "Find the smaller angle in degrees.",
            "{person} cuts a right-angled corner of cardboard into two pieces by a straight line through the corner. "
            "One piece has an angle of {factor} times the other plus {extra} degrees. What is the smaller angle in "
            "degrees?",
            "The sum of two angles is 90 degrees, and one of them exceeds {factor} times the other by {extra} "
            "degrees. Find the smaller one in degrees.",
            "A plank at {place} leans from the floor against an upright wall. The angle it makes with the floor is "
            "{extra} degrees more than {factor} times the angle it makes with the wall. How many degrees is the angle "
            "with the wall?",
        ),
        _draw_complementary, _solve_complementary, "extra",
    ),
    Skill(
        "angles_on_a_line", TOPIC, ("straight angle", "supplementary angle", "adjacent angle"), "middle",
        (
            "Three adjacent angles together form a straight angle. One of them is {shared} degrees, and the other two "
            "are in the ratio {first} : {second}. How many degrees is the larger of those two?",
            "Two rays leave the same point of a straight line, on the same side, and split the straight angle into "
            "three. One part measures {shared} degrees. The others are in the ratio {first} : {second}. Find the "
            "larger of these others in degrees.",
            "{person} opens a straight paper strip into three angles side by side. One is {shared} degrees, and the "
            "sizes of the other two compare as {first} to {second}. What is the larger of the two in degrees?",
            "Along a straight wall at {place}, three wedges of floor meet at one point and fill the half turn. The "
            "first has an angle of {shared} degrees. The second and the third have angles in the ratio {first} : "
            "{second}. Of these two, how many degrees has the wider?",
            "Angles A, B and C lie next to each other on a straight line. Angle A is {shared} degrees, and B : C = "
            "{first} : {second}. Find the larger of B and C in degrees.",
        ),
        _draw_supplementary, _solve_supplementary, "shared",
    ),
    Skill(
        "co_interior_angles", TOPIC, ("co-interior angle", "parallel line", "transversal"), "middle",
        (
            "A transversal cuts two parallel lines. Two co-interior angles measure {a}x + {b} degrees and {c}x + {d} "
            "degrees. Find x.",
            "Two rungs of a ladder are parallel. On the same side rail, the two angles between the rungs and the rail "
            "that face each other are {a}x + {b} degrees and {c}x + {d} degrees. What is x?",
            "Same-side interior angles between two parallel lines are {a}x + {b} and {c}x + {d}, in degrees. What is "
            "the value of x?",
            "At {place} a straight road crosses two parallel tracks. Between the tracks and on one side of the road, "
            "the angles are {a}x + {b} degrees and {c}x + {d} degrees. Work out x.",
            "{person} draws two parallel lines and a third line across them. Two consecutive interior angles are "
            "labelled {a}x + {b} and {c}x + {d} degrees. Determine x.",
        ),
        _draw_cointerior, _solve_cointerior, "b",
    ),
    Skill(
        "corresponding_angles", TOPIC, ("corresponding angle", "transversal", "angle measure"), "middle",
        (
            "A transversal cuts two parallel lines. Two corresponding angles measure {a}x + {b} degrees and {c}x + "
            "{d} degrees. How many degrees is each of them?",
            "Corresponding angles at two parallel lines are {a}x + {b} and {c}x + {d}, in degrees. Find the size of "
            "these angles.",
            "Two parallel streets near {place} are crossed by an avenue. The corresponding angles at the two "
            "crossings are given as {a}x + {b} degrees and {c}x + {d} degrees. What is the angle in degrees?",
            "{person} labels a pair of corresponding angles on a drawing of two parallel lines and a transversal: one "
            "is {a}x + {b} degrees, the other {c}x + {d} degrees. Find the measure of the angles in degrees.",
            "A line meets two parallel lines and makes corresponding angles of {a}x + {b} degrees and {c}x + {d} "
            "degrees. First find x, and then give the angle in degrees.",
        ),
        _draw_corresponding, _solve_corresponding, "b",
    ),
)  # fmt: skip
