"""Skills on congruence and similarity: scale factors, shadows, proportional segments, midsegments."""

import random
from fractions import Fraction
from math import gcd, isqrt

from synth_assets.teachers.embedded.parameters import number, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import base_of_power, fed_or_drawn, simplified

TOPIC = "congruence and similarity"


def _draw_shadow(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    shade, pole = rng.sample(range(2, 5 + 3 * difficulty), 2)
    far = fed_or_drawn(fed, shade * rng.randint(2, 12), least=2)
    return None if far is None else {"pole": pole, "shade": shade, "far": far}


def _solve_shadow(p: Parameters) -> Solution:
    pole, shade, far = whole(p, "pole"), whole(p, "shade"), whole(p, "far")
    answer = Fraction(pole * far, shade)
    steps = (
        "Sun rays are parallel, so each upright object forms a right triangle with its shadow, and these are similar "
        "triangles.",
        f"Height and shadow are in the same ratio in both: h/{far} = {pole}/{shade}.",
        f"So h = {far} * {pole}/{shade} = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_similar_sides(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    small = rng.randint(2, 4 * difficulty)
    return {"small": small, "large": small + rng.randint(1, 4 * difficulty)}


def _draw_areas(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = _draw_similar_sides(rng, difficulty, fed)
    area = None if sides is None else fed_or_drawn(fed, whole(sides, "small") ** 2 * rng.randint(1, 12), least=2)
    return None if sides is None or area is None else {**sides, "area": area}


def _solve_areas(p: Parameters) -> Solution:
    small, large, area = whole(p, "small"), whole(p, "large"), whole(p, "area")
    factor = Fraction(large, small)
    answer = factor**2 * area
    steps = (
        f"The scale factor from the smaller figure to the larger is {simplified(f'{large}/{small}', factor)}.",
        f"The ratio of areas is the square of the scale factor: {base_of_power(factor)}^2 = {written(factor**2)}.",
        f"The larger area is {area} * {written(factor**2)} = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_volumes(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    ratios = ((1, 2), (1, 3), (2, 3), (2, 5), (3, 4), (3, 5), (1, 4), (4, 5), (3, 7))
    small, large = rng.choice(ratios[: 3 * difficulty])
    step = rng.randint(2, 6)
    volume = fed_or_drawn(fed, small**3 * rng.randint(2, 20), least=2, most=2000)
    return None if volume is None else {"small": small * step, "large": large * step, "volume": volume}


def _solve_volumes(p: Parameters) -> Solution:
    small, large, volume = whole(p, "small"), whole(p, "large"), whole(p, "volume")
    factor = Fraction(large, small)
    answer = factor**3 * volume
    steps = (
        f"The scale factor between the similar solids is {simplified(f'{large}/{small}', factor)}.",
        f"Volumes grow by the cube of the scale factor: {base_of_power(factor)}^3 = {written(factor**3)}.",
        f"The larger volume is {volume} * {written(factor**3)} = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_plan(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    units = rng.randint(2, 3 + difficulty)
    metres = rng.choice([metres for metres in range(3, 10 * difficulty) if gcd(units, metres) == 1])
    length = fed_or_drawn(fed, units * rng.randint(2, 15), least=2)
    return None if length is None else {"units": units, "metres": metres, "length": length}


def _solve_plan(p: Parameters) -> Solution:
    units, metres, length = whole(p, "units"), whole(p, "metres"), whole(p, "length")
    answer = Fraction(length * metres, units)
    steps = (
        f"A plan and the real thing are similar, with one scale factor for all lengths, so 1 cm stands for "
        f"{metres}/{units} metres.",
        f"Then {length} cm stand for {length} * {metres}/{units} = {written(answer)} metres.",
    )
    return Solution(steps, answer)


def _draw_splitter(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    top, bottom = rng.randint(2, 6 * difficulty), rng.randint(2, 6 * difficulty)
    side = fed_or_drawn(fed, top * rng.randint(2, 9), least=2)
    return None if side is None else {"top": top, "bottom": bottom, "side": side}


def _solve_splitter(p: Parameters) -> Solution:
    top, bottom, side = whole(p, "top"), whole(p, "bottom"), whole(p, "side")
    answer = Fraction(side * bottom, top)
    steps = (
        "A line parallel to one side of a triangle cuts the other two sides into proportional segments.",
        f"So AE/EC = AD/DB, that is {side}/EC = {top}/{bottom}.",
        f"Hence EC = {side} * {bottom}/{top} = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_altitude(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    m, n = rng.sample(range(1, 4 + 2 * difficulty), 2)
    first = fed_or_drawn(fed, m * m * rng.randint(2, 4 * difficulty), least=2, most=5000)
    second = None if first is None else Fraction(first * n * n, m * m)
    if first is None or second is None or second.denominator != 1 or second <= 1:
        return None
    return {"first": first, "second": second.numerator}


def _solve_altitude(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    answer = isqrt(first * second)
    steps = (
        "The altitude to the hypotenuse cuts a right triangle into two triangles that are similar to each other.",
        f"So {first}/h = h/{second}, and h^2 = {first} * {second} = {first * second}.",
        f"Therefore h = sqrt({first * second}) = {answer}.",
    )
    return Solution(steps, answer)


def _draw_congruent(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, x, b = rng.randint(2, 3 * difficulty + 1), rng.randint(2, 10 * difficulty), rng.randint(1, 12 * difficulty)
    side = fed_or_drawn(fed, a * x + b, least=4)
    if side is None or side - b < a:
        return None
    return {"a": a, "b": side - a * ((side - b) // a), "side": side}


def _solve_congruent(p: Parameters) -> Solution:
    a, b, side = whole(p, "a"), whole(p, "b"), whole(p, "side")
    x = (side - b) // a
    steps = (
        "Corresponding sides of congruent triangles are equal, and AB corresponds to DE.",
        f"So {a}x + {b} = {side}, and {a}x = {side - b}.",
        f"Dividing by {a} gives x = {x}.",
    )
    return Solution(steps, x)


def _draw_midsegment(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_or_drawn(fed, rng.randint(4, 30 * difficulty), least=2)
    if first is None:
        return None
    second = rng.randint(2, first + 5)
    return {"first": first, "second": second, "third": rng.randint(abs(first - second) + 1, first + second - 1)}


def _solve_midsegment(p: Parameters) -> Solution:
    first, second, third = number(p, "first"), number(p, "second"), number(p, "third")
    total = first + second + third
    steps = (
        "Each side of the inner triangle is a midsegment, which is half as long as the side it is parallel to.",
        f"The perimeter of the large triangle is {written(first)} + {written(second)} + {written(third)} = "
        f"{written(total)}.",
        f"The inner perimeter is half of that: {simplified(f'{written(total)}/2', total / 2)}.",
    )
    return Solution(steps, total / 2)


SKILLS = (
    Skill(
        "height_from_shadow", TOPIC, ("similar triangle", "indirect measurement", "corresponding side"), "middle",
        (
            "A pole that is {pole} m tall casts a shadow {shade} m long. At the same time a tree casts a shadow that "
            "is {far} m long. How many metres tall is the tree?",
            "{person} holds a stick of {pole} dm upright; its shadow measures {shade} dm. At that moment the shadow "
            "of the flagpole at {place} measures {far} dm. How many dm tall is the flagpole?",
            "An upright rod of length {pole} has a shadow of length {shade} on level ground. An upright mast nearby "
            "has a shadow of length {far}. Use similar triangles to find the height of the mast.",
            "In the afternoon sun, objects {pole} feet tall have shadows {shade} feet long. A tower has a shadow of "
            "{far} feet. Find its height in feet.",
            "{person} and {other} measure shadows. A post of {pole} m has a shadow of {shade} m, and a lamp at "
            "{place} has a shadow of {far} m. What is the height of the lamp in metres?",
        ),
        _draw_shadow, _solve_shadow, "far",
    ),
    Skill(
        "area_of_similar_figure", TOPIC, ("ratio of areas", "similar figure", "scale factor"), "high school",
        (
            "Two similar polygons have corresponding sides of {small} cm and {large} cm. The area of the smaller one "
            "is {area} square cm. Find the area of the larger one in square centimetres.",
            "A drawing with an area of {area} square cm is enlarged so that a side of {small} cm becomes {large} cm. "
            "What is the area of the enlarged drawing in square centimetres?",
            "{person} and {other} have garden beds of the same shape. A side of {small} metres in {person}'s bed "
            "matches a side of {large} metres in {other}'s. {person}'s bed covers {area} square metres. How many "
            "square metres does {other}'s bed cover?",
            "Corresponding lengths of two similar figures are {small} and {large}. If the first figure has area "
            "{area}, what is the area of the second?",
            "A poster is copied at {place} so that every length of {small} cm turns into {large} cm. The original has "
            "an area of {area} square cm. Work out the area of the copy in square centimetres.",
        ),
        _draw_areas, _solve_areas, "area",
    ),
    Skill(
        "volume_of_similar_solid", TOPIC, ("similar solid", "scale factor", "volume"), "high school",
        (
            "Two similar solids have heights of {small} cm and {large} cm. The volume of the smaller is {volume} "
            "cubic cm. What is the volume of the larger in cubic centimetres?",
            "A jug {small} cm tall holds {volume} cl. A jug of exactly the same shape is {large} cm tall. How many cl "
            "does it hold?",
            "{person} makes two candles of the same shape. The small one is {small} cm high and takes {volume} ml of "
            "wax. How many ml of wax does the large one take, which is {large} cm high?",
            "Corresponding edges of two similar prisms measure {small} and {large}. The smaller prism has volume "
            "{volume}. Find the volume of the larger prism.",
            "A statue at {place} is {large} dm tall, and a model of it, similar in all its parts, is {small} dm tall. "
            "The model has a volume of {volume} cubic dm. How many cubic dm is the volume of the statue?",
        ),
        _draw_volumes, _solve_volumes, "volume",
    ),
    Skill(
        "scale_drawing_length", TOPIC, ("scale factor", "similar figure", "corresponding side"), "middle",
        (
            "On a plan, {units} cm stand for {metres} metres. A wall is {length} cm long on the plan. How many metres "
            "long is the real wall?",
            "{person} draws a plan of {place} on which {units} cm represent {metres} m. On this plan a path measures "
            "{length} cm. Find the real length of the path in metres.",
            "A map shows {metres} metres of ground as {units} cm. Two trees are {length} cm apart on the map. How far "
            "apart are they in reality, in metres?",
            "In a scale drawing every {units} cm means {metres} m. What real length, in metres, does a line of "
            "{length} cm represent?",
            "A model railway uses {units} cm for every {metres} metres of real track. The model track is {length} cm "
            "long. How many metres of real track does it stand for?",
        ),
        _draw_plan, _solve_plan, "length",
    ),
    Skill(
        "side_splitter", TOPIC, ("proportional segment", "similar triangle", "parallel line"), "high school",
        (
            "In triangle ABC, D lies on AB and E lies on AC so that DE is parallel to BC. If AD = {top}, DB = "
            "{bottom} and AE = {side}, find EC.",
            "A line parallel to side BC of triangle ABC meets AB at D and AC at E. Given AD = {top} cm, DB = {bottom} "
            "cm and AE = {side} cm, how many centimetres is EC?",
            "A triangular garden ABC at {place} is crossed by a path DE parallel to BC, with D on AB and E on AC. "
            "{person} measures AD = {top} m, DB = {bottom} m and AE = {side} m. What is EC in metres?",
            "The segment DE joins sides AB and AC of triangle ABC and is parallel to BC. It cuts AB into AD = {top} "
            "and DB = {bottom}. On the other side AE = {side}. What is the length of EC?",
            "The shelf DE of a triangular rack ABC is parallel to its base BC, where D is on AB and E on AC. Above "
            "the shelf, AD = {top} dm and AE = {side} dm. Below it, DB = {bottom} dm. Calculate EC in dm.",
        ),
        _draw_splitter, _solve_splitter, "side",
    ),
    Skill(
        "altitude_to_hypotenuse", TOPIC, ("altitude to the hypotenuse", "similar triangle", "hypotenuse"),
        "high school",
        (
            "The altitude to the hypotenuse of a right triangle divides the hypotenuse into segments of {first} cm "
            "and {second} cm. How many centimetres long is this altitude?",
            "In a right triangle the foot of the altitude to the hypotenuse cuts it into parts of length {first} and "
            "{second}. Find the altitude.",
            "Triangle ABC has a right angle at C. The perpendicular from C meets AB at H, with AH = {first} and HB = "
            "{second}. What is CH?",
            "A roof at {place} has a right angle at its ridge. A post dropped straight down from the ridge meets the "
            "level beam {first} dm from one end and {second} dm from the other. How many dm long is the post?",
            "{person} draws a semicircle on a diameter AB and marks H on AB with AH = {first} mm and HB = {second} "
            "mm. The perpendicular at H meets the semicircle at C, where the angle ACB is a right angle. Find CH in "
            "millimetres.",
        ),
        _draw_altitude, _solve_altitude, "first",
    ),
    Skill(
        "congruent_sides", TOPIC, ("congruent triangle", "corresponding side", "congruence"), "high school",
        (
            "Triangles ABC and DEF are congruent, in this order of vertices. If AB = {a}x + {b} and DE = {side}, find "
            "x.",
            "Triangle ABC is congruent to triangle DEF. Side AB measures {a}x + {b} cm and side DE measures {side} "
            "cm. What is the value of x?",
            "{person} cuts two congruent triangles ABC and DEF from card, where A matches D, B matches E and C "
            "matches F. The side AB is {a}x + {b} mm and DE is {side} mm. Determine x.",
            "Two roof trusses at {place} are congruent triangles ABC and DEF, with vertices matched in this order. "
            "Their sides satisfy DE = {side} dm and AB = {a}x + {b} dm. Work out x.",
            "Given that triangle ABC can be moved exactly onto triangle DEF (A onto D, B onto E, C onto F), that AB = "
            "{a}x + {b} and that DE = {side}, solve for x.",
        ),
        _draw_congruent, _solve_congruent, "side",
    ),
    Skill(
        "midsegment_perimeter", TOPIC, ("midsegment", "midpoint", "perimeter"), "high school",
        (
            "The sides of a triangle are {first} cm, {second} cm and {third} cm. The midpoints of its sides are "
            "joined to form a smaller triangle. What is the perimeter of the smaller triangle in centimetres?",
            "A triangle has sides {first}, {second} and {third}. Find the perimeter of the triangle formed by its "
            "three midsegments.",
            "{person} stretches a string round the midpoints of the sides of a triangular frame with sides of "
            "{first}, {second} and {third} cm, so that it forms a triangle. How many centimetres of string are needed?",
            "D, E and F are the midpoints of the sides of a triangle whose sides measure {first}, {second} and "
            "{third}. Calculate DE + EF + FD.",
            "A triangular lawn at {place} has sides of {first} m, {second} m and {third} m. Straight paths join the "
            "midpoints of its sides. How many metres of path are there in all?",
        ),
        _draw_midsegment, _solve_midsegment, "first",
    ),
)  # fmt: skip
