"""Skills on circles: circumference, area, arcs and sectors, chords, tangents and inscribed angles."""

import random
from fractions import Fraction
from math import isqrt

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import (
    base_of_power,
    fed_or_drawn,
    pi_times,
    simplified,
    whole_right_triangle,
)

TOPIC = "circles"


def _draw_circumference(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    radius = fed_or_drawn(fed, rng.randint(2, 60 * difficulty), most=5000)
    return None if radius is None else {"radius": radius, "turns": rng.randint(2, 10 * difficulty)}


def _solve_circumference(p: Parameters) -> Solution:
    radius, turns = whole(p, "radius"), whole(p, "turns")
    answer = pi_times(2 * radius * turns)
    steps = (
        f"The circumference of the circle is 2*pi times the radius: 2*pi*{radius} = {pi_times(2 * radius)}.",
        f"{turns} times this length is {turns} * {pi_times(2 * radius)} = {answer}.",
    )
    return Solution(steps, answer)


def _draw_area(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    diameter = fed_or_drawn(fed, rng.randint(2, 200 * difficulty), most=4000)
    return None if diameter is None else {"diameter": diameter}


def _solve_area(p: Parameters) -> Solution:
    diameter = whole(p, "diameter")
    radius = Fraction(diameter, 2)
    answer = pi_times(radius**2)
    steps = (
        f"The radius is half of the diameter: {simplified(f'{diameter}/2', radius)}.",
        f"The area of a circle is pi times the radius squared: pi * {base_of_power(radius)}^2 = {answer}.",
    )
    return Solution(steps, answer)


def _draw_annulus(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    inner = fed_or_drawn(fed, rng.randint(2, 20 * difficulty), most=1000)
    return None if inner is None else {"inner": inner, "outer": inner + rng.randint(1, 10 * difficulty)}


def _solve_annulus(p: Parameters) -> Solution:
    inner, outer = whole(p, "inner"), whole(p, "outer")
    answer = pi_times(outer**2 - inner**2)
    steps = (
        "An annulus is the region between two concentric circles, so subtract the smaller disc from the larger.",
        f"The circles have areas pi * {outer}^2 = {pi_times(outer**2)} and pi * {inner}^2 = {pi_times(inner**2)}.",
        f"The difference is {pi_times(outer**2)} - {pi_times(inner**2)} = {answer}.",
    )
    return Solution(steps, answer)


ANGLES = (10, 15, 18, 20, 24, 30, 36, 40, 45, 50, 54, 60, 72, 75, 80, 90, 100, 108, 120, 135, 144, 150, 160, 162, 170)
"""Central angles in degrees that are simple fractions of a turn."""


def _draw_arc(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    radius = fed_or_drawn(fed, rng.randint(2, 24 * difficulty), most=2000)
    angle = rng.choice((60, 90, 120, 30, 45, 72, 36, 40) if difficulty == 1 else ANGLES)
    return None if radius is None else {"radius": radius, "angle": angle}


def _solve_arc(p: Parameters) -> Solution:
    radius, angle = whole(p, "radius"), whole(p, "angle")
    answer = pi_times(Fraction(2 * radius * angle, 360))
    steps = (
        f"The central angle of {angle} degrees is {angle}/360 = {written(Fraction(angle, 360))} of a full turn.",
        f"The whole circumference is 2*pi*{radius} = {pi_times(2 * radius)}.",
        f"The arc length is that part of it: {written(Fraction(angle, 360))} * {pi_times(2 * radius)} = {answer}.",
    )
    return Solution(steps, answer)


def _solve_sector(p: Parameters) -> Solution:
    radius, angle = whole(p, "radius"), whole(p, "angle")
    answer = pi_times(Fraction(radius**2 * angle, 360))
    steps = (
        f"The sector of the circle takes up {angle}/360 = {written(Fraction(angle, 360))} of the whole disc.",
        f"The whole disc has area pi * {radius}^2 = {pi_times(radius**2)}.",
        f"The area of the sector is {written(Fraction(angle, 360))} * {pi_times(radius**2)} = {answer}.",
    )
    return Solution(steps, answer)


def _draw_central(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    radius = fed_or_drawn(fed, rng.randint(2, 30 * difficulty), least=2, most=2000)
    if radius is None:
        return None
    products = [radius * angle for angle in (*ANGLES, 180, 210, 225, 240, 270, 300)]
    return {"radius": radius, "arc": rng.choice([it for it in products if it % 180 == 0 and it > 180]) // 180}


def _solve_central(p: Parameters) -> Solution:
    radius, arc = whole(p, "radius"), whole(p, "arc")
    part = Fraction(arc, 2 * radius)
    steps = (
        f"The whole circumference is 2*pi*{radius} = {pi_times(2 * radius)}.",
        f"The arc is {pi_times(arc)} / ({pi_times(2 * radius)}) = {written(part)} of the circle.",
        f"Its central angle is the same part of 360 degrees: {written(part)} * 360 = {written(part * 360)}.",
    )
    return Solution(steps, part * 360)


def _draw_inscribed(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    angle = fed_or_drawn(fed, rng.randint(10, 85), least=2, most=89)
    return None if angle is None else {"angle": angle, "extra": rng.randint(1, 89 - angle + 1)}


def _solve_inscribed(p: Parameters) -> Solution:
    angle, extra = whole(p, "angle"), whole(p, "extra")
    answer = 2 * (angle + extra)
    steps = (
        f"The two angles at P together form an inscribed angle of {angle} + {extra} = {angle + extra} degrees.",
        "An inscribed angle is half of the central angle on the same arc.",
        f"So the central angle is 2 * {angle + extra} = {answer} degrees.",
    )
    return Solution(steps, answer)


def _draw_chord(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = whole_right_triangle(rng, difficulty, fed)
    return None if sides is None else {"distance": sides[0], "radius": sides[2]}


def _solve_chord(p: Parameters) -> Solution:
    distance, radius = whole(p, "distance"), whole(p, "radius")
    half = isqrt(radius**2 - distance**2)
    steps = (
        "The perpendicular from the centre to a chord meets the chord at its midpoint.",
        f"A radius, this perpendicular and half of the chord form a right triangle with hypotenuse {radius} and a leg "
        f"of {distance}.",
        f"Half of the chord is sqrt({radius}^2 - {distance}^2) = sqrt({half**2}) = {half}.",
        f"The whole chord is 2 * {half} = {2 * half}.",
    )
    return Solution(steps, 2 * half)


def _draw_tangent(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = whole_right_triangle(rng, difficulty, fed)
    return None if sides is None else {"radius": sides[0], "distance": sides[2]}


def _solve_tangent(p: Parameters) -> Solution:
    distance, radius = whole(p, "distance"), whole(p, "radius")
    answer = isqrt(distance**2 - radius**2)
    steps = (
        "A tangent to a circle is perpendicular to the radius at the point of tangency.",
        f"So the radius {radius} and the tangent segment are the legs of a right triangle with hypotenuse {distance}.",
        f"The tangent segment is sqrt({distance}^2 - {radius}^2) = sqrt({answer**2}) = {answer}.",
    )
    return Solution(steps, answer)


def _draw_chords(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_or_drawn(fed, rng.randint(2, 15 * difficulty), least=2, most=1000)
    if first is None:
        return None
    second = rng.randint(2, 12 * difficulty)
    parts = [part for part in range(2, min(first * second, 100)) if first * second % part == 0]
    return {"first": first, "second": second, "third": rng.choice(parts)}


def _solve_chords(p: Parameters) -> Solution:
    first, second, third = whole(p, "first"), whole(p, "second"), whole(p, "third")
    steps = (
        "By the power of a point, the two parts of one chord have the same product as the two parts of the other.",
        f"So {third} * PD = {first} * {second} = {first * second}.",
        f"Hence PD = {first * second}/{third} = {first * second // third}.",
    )
    return Solution(steps, first * second // third)


SKILLS = (
    Skill(
        "wheel_distance", TOPIC, ("circumference", "radius", "pi"), "middle",
        (
            "A wheel has a radius of {radius} cm. How far does it roll, without slipping, in {turns} full turns? Give "
            "the exact distance in centimetres in terms of pi.",
            "{person} runs {turns} laps of a circular track at {place}. The radius of the track is {radius} metres. "
            "How many metres does {person} run? Leave pi in the answer.",
            "A point moves {turns} times round a circle of radius {radius}. Find the exact length of its path in "
            "terms of pi.",
            "Find {turns} times the circumference of a circle whose radius is {radius}. Answer exactly, using pi.",
            "A thread is wound exactly {turns} times round a spool with a radius of {radius} mm. Ignoring the "
            "thickness of the thread, how many millimetres long is it? Give the answer as a multiple of pi.",
        ),
        _draw_circumference, _solve_circumference, "radius",
    ),
    Skill(
        "circle_area_from_diameter", TOPIC, ("area of a circle", "diameter", "radius"), "middle",
        (
            "A circle has a diameter of {diameter} cm. Find its exact area in square centimetres in terms of pi.",
            "What is the area of a circle whose diameter is {diameter}? Leave pi in your answer.",
            "{person} sews a round tablecloth that is {diameter} cm across. How many square centimetres does it "
            "cover? Answer as a multiple of pi.",
            "A round pond at {place} measures {diameter} metres from edge to edge through its centre. What area of "
            "water, in square metres, does it show? Give the exact value using pi.",
            "Across its middle a circular plate measures {diameter} mm. Write the area of the plate, in square mm, as "
            "an exact multiple of pi.",
        ),
        _draw_area, _solve_area, "diameter",
    ),
    Skill(
        "annulus_area", TOPIC, ("annulus", "concentric circle", "area of a circle"), "high school",
        (
            "Two concentric circles have radii {inner} and {outer}. Find the exact area of the ring between them in "
            "terms of pi.",
            "A washer has a hole of radius {inner} mm and an outer radius of {outer} mm. What is the area of its face "
            "in square millimetres, in terms of pi?",
            "A circular fountain at {place} has a radius of {inner} metres. A paved ring round it reaches to {outer} "
            "metres from the centre. How many square metres are paved? Leave pi in the answer.",
            "Find the area of an annulus with inner radius {inner} and outer radius {outer}. Answer exactly, using pi.",
            "{person} cuts a disc of radius {inner} cm out of the middle of a disc of radius {outer} cm. What area, "
            "in square centimetres, is left? Give it as a multiple of pi.",
        ),
        _draw_annulus, _solve_annulus, "inner",
    ),
    Skill(
        "arc_length", TOPIC, ("arc length", "central angle", "circumference"), "high school",
        (
            "In a circle of radius {radius}, an arc has a central angle of {angle} degrees. Find the exact length of "
            "the arc in terms of pi.",
            "A pendulum {radius} cm long swings through an angle of {angle} degrees. How many centimetres does its "
            "tip travel in one swing? Leave pi in the answer.",
            "{person} walks along the edge of a round lake at {place}. The lake has a radius of {radius} metres, and "
            "the walk covers {angle} degrees of the circle. How many metres is the walk? Answer in terms of pi.",
            "How long is the arc cut off by a central angle of {angle} degrees on a circle with radius {radius}? Give "
            "an exact multiple of pi.",
            "A curved kerb is part of a circle with a radius of {radius} metres and spans {angle} degrees at the "
            "centre. Calculate its exact length in metres, using pi.",
        ),
        _draw_arc, _solve_arc, "radius",
    ),
    Skill(
        "sector_area", TOPIC, ("sector of a circle", "area of a circle", "angle"), "high school",
        (
            "Find the exact area of a sector with radius {radius} and a central angle of {angle} degrees, in terms of "
            "pi.",
            "A sprinkler at {place} reaches {radius} metres and turns through {angle} degrees. How many square metres "
            "does it water? Leave pi in the answer.",
            "{person} cuts a slice from a round cake. The cake has a radius of {radius} cm, and the slice has an "
            "angle of {angle} degrees at the centre. What is the area of the top of the slice in square centimetres? "
            "Answer in terms of pi.",
            "Two radii of a circle meet at an angle of {angle} degrees. The radius is {radius}. What is the area of "
            "the sector between them, as a multiple of pi?",
            "A fan opens to {angle} degrees and its ribs are {radius} cm long. Calculate the exact area that it "
            "sweeps, in square centimetres, using pi.",
        ),
        _draw_arc, _solve_sector, "radius",
    ),
    Skill(
        "central_angle_from_arc", TOPIC, ("central angle", "arc of a circle", "circle"), "high school",
        (
            "On a circle of radius {radius} an arc has length {arc}*pi. How many degrees is its central angle?",
            "An arc that is {arc}*pi cm long belongs to a circle with a radius of {radius} cm. Find the central angle "
            "in degrees.",
            "A Ferris wheel at {place} has a radius of {radius} metres. {person} has travelled {arc}*pi m along the "
            "rim in less than one turn. Through how many degrees has the wheel turned?",
            "What central angle, in degrees, cuts off an arc of length {arc}*pi on a circle whose radius is {radius}?",
            "A bend in a railway is an arc of a circle with a radius of {radius} metres, and the rails along it are "
            "{arc}*pi m long. Find the angle at the centre of the circle in degrees.",
        ),
        _draw_central, _solve_central, "radius",
    ),
    Skill(
        "inscribed_to_central", TOPIC, ("inscribed angle", "central angle", "arc of a circle"), "high school",
        (
            "Points A, C, B and P lie on a circle with centre O, in that order. The angle APC is {angle} degrees and "
            "the angle CPB is {extra} degrees. How many degrees is the central angle that stands on the arc ACB?",
            "From a point P on a circle, {person} draws chords PA, PC and PB, with PC between the other two. The "
            "angles APC and CPB are {angle} degrees and {extra} degrees. Find the central angle AOB, in degrees, on "
            "the arc ACB.",
            "An inscribed angle APB is split by a chord PC into parts of {angle} degrees and {extra} degrees. What is "
            "the central angle, in degrees, on the same arc AB?",
            "From a point P on the edge of a round arena at {place}, gate A and gate C are seen {angle} degrees "
            "apart. Gate B lies on beyond C, a further {extra} degrees away. All three gates are on the edge. What "
            "angle, in degrees, do gates A and B make at the centre of the arena, on the side of C?",
            "Two neighbouring inscribed angles with the same vertex P measure {angle} degrees and {extra} degrees. "
            "Find, in degrees, the central angle on the two intercepted arcs taken together.",
        ),
        _draw_inscribed, _solve_inscribed, "angle",
    ),
    Skill(
        "chord_length", TOPIC, ("chord", "radius", "perpendicular bisector"), "high school",
        (
            "A chord lies {distance} cm from the centre of a circle whose radius is {radius} cm. How many centimetres "
            "long is the chord?",
            "In a circle of radius {radius}, find the length of a chord whose distance from the centre is {distance}.",
            "A straight path crosses a round field near {place}. The radius of the field is {radius} metres, and the "
            "path passes {distance} metres from its centre. How many metres of the path lie in the field?",
            "The radius of a circle is {radius} units. A line passes at a distance of {distance} units from the "
            "centre. How long is the part of the line inside the circle?",
            "{person} saws straight through a round table top with a radius of {radius} mm, keeping {distance} mm "
            "away from the centre. What is the length of the cut in millimetres?",
        ),
        _draw_chord, _solve_chord, "distance",
    ),
    Skill(
        "tangent_length", TOPIC, ("tangent to a circle", "right angle", "radius"), "high school",
        (
            "From a point {distance} cm from the centre of a circle, a tangent is drawn. The radius of the circle is "
            "{radius} cm. How long, in centimetres, is the segment from the point to the point of tangency?",
            "A circle has radius {radius}, and a point P lies {distance} units from its centre. Find the length of a "
            "tangent segment from P to the circle.",
            "{person} stands {distance} feet from the centre of a round tower with a radius of {radius} feet and "
            "looks along its wall. How many feet away is the point where this line of sight just touches the tower?",
            "The segment PT is tangent to a circle with centre O at T. If OT = {radius} and OP = {distance}, what is "
            "PT?",
            "A cable runs from a hook to a round tank at {place}, touching it as a tangent. The hook is {distance} dm "
            "from the centre of the tank, and the radius of the tank is {radius} dm. How many dm of cable lie between "
            "the hook and the point of contact?",
        ),
        _draw_tangent, _solve_tangent, "radius",
    ),
    Skill(
        "intersecting_chords", TOPIC, ("power of a point", "chord", "circle"), "high school",
        (
            "Two chords AB and CD of a circle cross at P. If PA = {first}, PB = {second} and PC = {third}, find PD.",
            "The chords AB and CD meet inside a circle at P. The point P cuts AB into parts of {first} cm and "
            "{second} cm, and PC measures {third} cm. How many centimetres is PD?",
            "Two straight paths, AB and CD, run across a round field and cross at P. From P it is {first} metres to "
            "A, {second} metres to B and {third} metres to C. How many metres is it from P to D?",
            "{person} stretches two strings, AB and CD, across a hoop. They cross at P, with PA = {first} cm, PB = "
            "{second} cm and PC = {third} cm. What is the length of PD in centimetres?",
            "Inside a circle a point P divides one chord into pieces of length {first} and {second}. A second chord "
            "through P has one piece PC of length {third}. Find its other piece PD.",
        ),
        _draw_chords, _solve_chords, "first",
    ),
)  # fmt: skip
