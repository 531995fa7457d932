"""Skills on trigonometry: ratios, exact values, radians, identities and waves. Solving triangles lies elsewhere."""

import random
from fractions import Fraction
from math import gcd, isqrt

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import (
    base_of_power,
    fed_or_drawn,
    pi_times,
    simplified,
    surd,
    whole_right_triangle,
)

TOPIC = "trigonometry"

SINE_SQUARED = {0: Fraction(0), 30: Fraction(1, 4), 45: Fraction(1, 2), 60: Fraction(3, 4), 90: Fraction(1)}
"""Squares of the sines of the angles (in degrees) that have simple exact values."""


def root_of(value: Fraction) -> Number | str:
    """The exact square root of a fraction: `3/2`, `sqrt(3)/2`."""
    return surd(Fraction(1, value.denominator), value.numerator * value.denominator)


def _draw_ratio(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = whole_right_triangle(rng, difficulty, fed)
    ratio = rng.choice(("sine", "cosine", "tangent"))
    return None if sides is None else {"opposite": sides[0], "adjacent": sides[1], "ratio": ratio}


def _solve_ratio(p: Parameters) -> Solution:
    opposite, adjacent, ratio = whole(p, "opposite"), whole(p, "adjacent"), word(p, "ratio")
    hypotenuse = isqrt(opposite**2 + adjacent**2)
    sides = {"opposite side": opposite, "adjacent side": adjacent, "hypotenuse": hypotenuse}
    above = "adjacent side" if ratio == "cosine" else "opposite side"
    below = "adjacent side" if ratio == "tangent" else "hypotenuse"
    answer = Fraction(sides[above], sides[below])
    steps = (
        f"Seen from angle A the opposite side is {opposite}, and the adjacent side is {adjacent}.",
        f"The hypotenuse is sqrt({opposite}^2 + {adjacent}^2) = {hypotenuse}.",
        f"The {ratio} is the trigonometric ratio {above} over {below}: "
        f"{simplified(f'{sides[above]}/{sides[below]}', answer)}.",
    )
    return Solution(steps, answer)


def _draw_other_ratio(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    m = rng.randint(2, 4 + 3 * difficulty)
    n = rng.choice([n for n in range(1, m) if gcd(m, n) == 1])
    sine = Fraction(m * m - n * n, m * m + n * n) if rng.random() < 0.5 else Fraction(2 * m * n, m * m + n * n)
    quadrant = rng.randint(1, min(4, 2 * difficulty))
    sign = 1 if quadrant < 3 else -1
    asked = "cosine" if difficulty == 1 else rng.choice(("cosine", "tangent"))
    return {"sine": sign * sine, "quadrant": quadrant, "asked": asked} if fed is None else None


def _solve_other_ratio(p: Parameters) -> Solution:
    sine, quadrant, asked = number(p, "sine"), whole(p, "quadrant"), word(p, "asked")
    squared = 1 - sine**2
    size = Fraction(isqrt(squared.numerator), isqrt(squared.denominator))
    cosine = size if quadrant in (1, 4) else -size
    steps = (
        f"By the Pythagorean identity cos^2 = 1 - sin^2 = 1 - {base_of_power(sine)}^2 = {written(squared)}.",
        f"So the cosine is {written(size)} or {written(-size)}.",
        f"In quadrant {quadrant} the cosine is {'positive' if cosine > 0 else 'negative'}, so it is {written(cosine)}.",
    )
    if asked == "cosine":
        return Solution(steps, cosine)
    last = f"The tangent is sine over cosine: ({written(sine)}) / ({written(cosine)}) = {written(sine / cosine)}."
    return Solution((*steps, last), sine / cosine)


def _draw_exact(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    factor = fed_or_drawn(fed, rng.randint(2, 5 * difficulty), most=2000)
    function = rng.choice(("sin", "cos", "tan"))
    step = rng.choice((30, 45))
    angle = step * rng.randint(1, 3 if difficulty == 1 else 360 // step * (difficulty - 1))
    if function == "tan" and angle % 180 == 90:
        angle += step
    return None if factor is None else {"factor": factor, "function": function, "angle": angle}


def _exact_value(function: str, angle: int) -> tuple[int, int, Number | str]:
    """Reference angle, sign, and the exact value at the reference angle."""
    turned = angle % 360
    reference = min(turned % 180, 180 - turned % 180)
    sine_sign = -1 if turned > 180 else 1
    cosine_sign = -1 if 90 < turned < 270 else 1
    squares = {"sin": SINE_SQUARED[reference], "cos": 1 - SINE_SQUARED[reference]}
    if function == "tan":
        return reference, sine_sign * cosine_sign, root_of(squares["sin"] / squares["cos"])
    return reference, sine_sign if function == "sin" else cosine_sign, root_of(squares[function])


def _solve_exact(p: Parameters) -> Solution:
    factor, function, angle = whole(p, "factor"), word(p, "function"), whole(p, "angle")
    reference, sign, value = _exact_value(function, angle)
    square = SINE_SQUARED[reference]
    ratio = {"sin": square, "cos": 1 - square, "tan": square / (1 - square) if square != 1 else square}[function]
    answer = surd(Fraction(sign * factor, ratio.denominator), ratio.numerator * ratio.denominator)
    steps = (
        f"On the unit circle an angle of {angle} degrees has the reference angle {reference} degrees.",
        f"The exact value of {function}({reference} degrees) is {written(value)}.",
        f"Here {function}({angle} degrees) is not negative, so it has the same value."
        if sign > 0 or ratio == 0
        else f"Here {function}({angle} degrees) is negative, so its value is -{written(value)}.",
        f"Multiplying by {factor} gives {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_degrees(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    step = (15, 4, 3)[difficulty - 1]
    degrees = fed_or_drawn(fed, step * rng.randint(1, 720 // step), most=3600)
    return None if degrees is None else {"degrees": degrees}


def _solve_degrees(p: Parameters) -> Solution:
    degrees = whole(p, "degrees")
    answer = pi_times(Fraction(degrees, 180))
    steps = (
        "A half turn of 180 degrees is pi radians, so one degree is pi/180 radians.",
        f"Hence {degrees} degrees are {degrees}*pi/180 radians.",
        f"In lowest terms this is {answer}.",
    )
    return Solution(steps, answer)


def _draw_radian_arc(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    parts = rng.choice((2, 3, 4, 5))
    angle = Fraction(rng.choice([top for top in range(1, 5 * difficulty) if top not in (parts, 14)]), parts)
    radius = fed_or_drawn(fed, rng.randint(2, 20 * difficulty), most=3000)
    return None if radius is None else {"radius": radius, "angle": angle}


def _solve_radian_arc(p: Parameters) -> Solution:
    radius, angle = whole(p, "radius"), number(p, "angle")
    answer = radius * angle
    steps = (
        "An angle of one radian cuts off an arc as long as the radius, so arc length is radius times angle in radians.",
        f"This gives {radius} * {written(angle)} = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_double(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    bottom = rng.randint(2, 5 + 10 * difficulty)
    sine = Fraction(rng.randint(1, bottom - 1), bottom) if fed is None else Fraction(fed)
    return {"sine": sine} if 0 < sine < 1 and sine.denominator <= 1000 else None


def _solve_double(p: Parameters) -> Solution:
    sine = number(p, "sine")
    answer = 1 - 2 * sine**2
    steps = (
        "The double angle formula for the cosine is cos(2x) = 1 - 2*sin^2(x).",
        f"The square of the sine is {base_of_power(sine)}^2 = {written(sine**2)}.",
        f"So cos(2x) = 1 - 2 * {written(sine**2)} = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_identity(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    factor = fed_or_drawn(fed, rng.randint(2, 12 * difficulty))
    if factor is None:
        return None
    return {"factor": factor, "added": rng.randint(1, 15 * difficulty), "angle": rng.randint(11, 79)}


def _solve_identity(p: Parameters) -> Solution:
    factor, added, angle = whole(p, "factor"), whole(p, "added"), whole(p, "angle")
    steps = (
        f"Take out the common factor: {factor} * (sin^2({angle}) + cos^2({angle})) + {added}, with angles in degrees.",
        "By a trigonometric identity, the Pythagorean identity, the bracket is 1 whatever the angle.",
        f"So the value is {factor} + {added} = {factor + added}.",
    )
    return Solution(steps, factor + added)


def _draw_wave(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    amplitude = fed_or_drawn(fed, rng.randint(2, 10 * difficulty))
    if amplitude is None:
        return None
    speed, middle = rng.randint(2, 3 + 3 * difficulty), rng.randint(1, 15 * difficulty)
    return {"amplitude": amplitude, "speed": speed, "middle": middle}


def _solve_wave(p: Parameters) -> Solution:
    amplitude, speed, middle = whole(p, "amplitude"), whole(p, "speed"), whole(p, "middle")
    steps = (
        f"The sine is a periodic function that runs from -1 to 1, whatever the factor {speed} inside it.",
        f"With the amplitude {amplitude} the sine term is at most {amplitude} * 1 = {amplitude}.",
        f"Adding {middle} gives the greatest value {amplitude} + {middle} = {amplitude + middle}.",
    )
    return Solution(steps, amplitude + middle)


SKILLS = (
    Skill(
        "ratio_in_right_triangle", TOPIC, ("trigonometric ratio", "opposite side", "adjacent side"), "high school",
        (
            "In triangle ABC the angle at C is a right angle, BC = {opposite} and AC = {adjacent}. Find the {ratio} "
            "of angle A as a fraction.",
            "A right triangle has legs BC = {opposite} cm and AC = {adjacent} cm. What is the {ratio} of the angle A, "
            "which lies opposite BC?",
            "A ramp at {place} rises {opposite} cm over a level distance of {adjacent} cm. Angle A is the angle "
            "between the ramp and the level ground. Give the {ratio} of A as a fraction.",
            "In a right triangle the leg opposite to angle A is {opposite} and the leg adjacent to it is {adjacent}. "
            "Write the {ratio} of A in lowest terms.",
            "{person} looks at the top of a post that is {opposite} dm above eye level and {adjacent} dm away, "
            "measured along the level. Let A be the angle between the line of sight and the level. Find the {ratio} "
            "of A.",
        ),
        _draw_ratio, _solve_ratio, "opposite",
    ),
    Skill(
        "ratio_from_sine_and_quadrant", TOPIC, ("pythagorean identity", "sine", "cosine"), "high school",
        (
            "An angle in quadrant {quadrant} has sine {sine}. Find its {asked}.",
            "The terminal side of an angle t lies in quadrant {quadrant}, and sin t = {sine}. What is the {asked} of "
            "t?",
            "Given that the sine of an angle is {sine} and that the angle is in quadrant {quadrant}, determine its "
            "{asked}.",
            "{person} knows that the point on the unit circle at angle t has y-coordinate {sine} and lies in quadrant "
            "{quadrant}. Find the {asked} of t.",
            "Use the Pythagorean identity to find the {asked} of the angle in quadrant {quadrant} whose sine is "
            "{sine}.",
        ),
        _draw_other_ratio, _solve_other_ratio,
    ),
    Skill(
        "exact_trig_value", TOPIC, ("exact trigonometric value", "unit circle", "reference angle"), "high school",
        (
            "Find the exact value of {factor} * {function}({angle} degrees).",
            "Without a calculator, multiply {function}({angle} degrees) by {factor}. Give the exact result.",
            "What is the product of {factor} and {function}({angle} degrees), written exactly?",
            "Use the unit circle to evaluate {factor} * {function}({angle} degrees) exactly.",
            "{person} needs {factor} times {function}({angle} degrees) and may not round. What is the exact number?",
        ),
        _draw_exact, _solve_exact, "factor",
    ),
    Skill(
        "degrees_to_radians", TOPIC, ("radian", "angle measure"), "high school",
        (
            "Convert {degrees} degrees to radians. Give an exact multiple of pi.",
            "An angle measures {degrees} degrees. What is its exact radian measure in terms of pi?",
            "{person} turns a wheel at {place} through {degrees} degrees. Through how many radians is that? Leave pi "
            "in the answer.",
            "Write an angle of {degrees} degrees in radians, as a multiple of pi in lowest terms.",
            "A skater spins through {degrees} degrees. Express this rotation in radians, using pi.",
        ),
        _draw_degrees, _solve_degrees, "degrees",
    ),
    Skill(
        "arc_from_radians", TOPIC, ("radian", "arc length", "central angle"), "high school",
        (
            "On a circle of radius {radius} cm a central angle measures {angle} radians. How many centimetres long is "
            "its arc?",
            "Find the length of the arc cut off by an angle of {angle} radians at the centre of a circle with radius "
            "{radius}.",
            "{person} swings on a rope of {radius} dm through an angle of {angle} radians. How many dm does the lower "
            "end of the rope travel?",
            "A wheel with a radius of {radius} cm turns by {angle} radians. How far, in centimetres, does a point on "
            "its rim move?",
            "A curved track at {place} has a radius of {radius} metres and spans {angle} radians. What is its length "
            "in metres?",
        ),
        _draw_radian_arc, _solve_radian_arc, "radius",
    ),
    Skill(
        "cosine_of_double_angle", TOPIC, ("double angle formula", "trigonometric identity", "cosine"), "high school",
        (
            "The sine of an angle x is {sine}. Find cos(2x).",
            "Given sin(x) = {sine}, what is the cosine of twice the angle x?",
            "An acute angle x satisfies sin(x) = {sine}. Use a double angle formula to find cos(2x).",
            "{person} doubles an acute angle whose sine is {sine}. What is the cosine of the new angle?",
            "If the sine of x equals {sine}, determine the exact value of cos(2x).",
        ),
        _draw_double, _solve_double, "sine",
    ),
    Skill(
        "sum_of_squares_identity", TOPIC, ("trigonometric identity", "pythagorean identity", "sine"), "high school",
        (
            "Evaluate {factor} * sin^2({angle} degrees) + {factor} * cos^2({angle} degrees) + {added} without a "
            "calculator.",
            "What is the exact value of {factor} * cos^2(t) + {factor} * sin^2(t) + {added} for t = {angle} degrees?",
            "Let s and c be the sine and the cosine of {angle} degrees. Find {factor} * s^2 + {factor} * c^2 + "
            "{added}.",
            "{person} squares the sine and the cosine of {angle} degrees, multiplies the sum of the squares by "
            "{factor} and adds {added}. What is the exact result?",
            "Simplify {added} + {factor} * (sin^2 x + cos^2 x), where x = {angle} degrees.",
        ),
        _draw_identity, _solve_identity, "factor",
    ),
    Skill(
        "greatest_value_of_wave", TOPIC, ("amplitude", "periodic function", "sine"), "high school",
        (
            "What is the greatest value of the function f(x) = {amplitude} * sin({speed}x) + {middle}?",
            "Find the maximum of {amplitude} * sin({speed}x) + {middle}, where x is any real number.",
            "A wave is described by y = {amplitude} * sin({speed}t) + {middle}. How large does y get at most?",
            "The height of the water at {place} is modelled, in centimetres, by h = {middle} + {amplitude} * "
            "sin({speed}t). What is the highest value of h?",
            "{person} plots y = {middle} + {amplitude} * sin({speed}x). What is the y-coordinate of the highest "
            "points of the graph?",
        ),
        _draw_wave, _solve_wave, "amplitude",
    ),
)  # fmt: skip
