"""Skills on transformations, symmetry and plane vectors."""

import random
from fractions import Fraction
from math import isqrt

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import (
    bracketed,
    fed_or_drawn,
    simplified,
    surd,
    whole_right_triangle,
)

TRANSFORMATIONS = "transformations and symmetry"
VECTORS = "plane vectors"


def _draw_moves(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x = fed_or_drawn(fed, rng.randint(1, 9 * difficulty))
    if x is None:
        return None
    y = rng.randint(1 if difficulty == 1 else -9, 9)
    return {"x": x, "y": y, "right": rng.randint(2, 6 * difficulty), "up": rng.randint(2, 6 * difficulty)}


def _solve_slide_and_flip(p: Parameters) -> Solution:
    x, y, right, up = whole(p, "x"), whole(p, "y"), whole(p, "right"), whole(p, "up")
    steps = (
        f"The translation moves ({x}, {y}) to ({x} + {right}, {y} + {up}) = ({x + right}, {y + up}).",
        f"The reflection in the y-axis changes the sign of the first coordinate and gives ({-x - right}, {y + up}).",
        f"The sum of the coordinates is {-x - right} + {bracketed(y + up)} = {y + up - x - right}.",
    )
    return Solution(steps, y + up - x - right)


def _solve_turn_and_slide(p: Parameters) -> Solution:
    x, y, right, up = whole(p, "x"), whole(p, "y"), whole(p, "right"), whole(p, "up")
    steps = (
        "A counterclockwise rotation by 90 degrees about the origin sends (x, y) to (-y, x).",
        f"So ({x}, {y}) goes to ({-y}, {x}).",
        f"The translation then gives ({-y} + {right}, {x} + {up}) = ({right - y}, {x + up}).",
        f"The sum of the coordinates is {right - y} + {bracketed(x + up)} = {right - y + x + up}.",
    )
    return Solution(steps, right - y + x + up)


def _draw_dilation(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    factor = fed_or_drawn(fed, rng.randint(2, 2 + 2 * difficulty), least=2, most=500)
    if factor is None:
        return None
    a, b, x, y = (rng.randint(0, 4 + 3 * difficulty) for _ in range(4))
    return {"a": a, "b": b, "x": x + 1 if (x, y) == (a, b) else x, "y": y, "factor": factor}


def _solve_dilation(p: Parameters) -> Solution:
    a, b, x, y, factor = (whole(p, name) for name in ("a", "b", "x", "y", "factor"))
    new_x, new_y = a + factor * (x - a), b + factor * (y - b)
    steps = (
        f"A dilation multiplies the steps from its centre ({a}, {b}) by the scale factor {factor}.",
        f"From the centre to the point the steps are {x} - {a} = {x - a} and {y} - {b} = {y - b}.",
        f"The image is ({a} + {factor} * {bracketed(x - a)}, {b} + {factor} * {bracketed(y - b)}), that is "
        f"({new_x}, {new_y}).",
        f"The sum of its coordinates is {new_x} + {bracketed(new_y)} = {new_x + new_y}.",
    )
    return Solution(steps, new_x + new_y)


def _draw_mirror(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    line = fed_or_drawn(fed, rng.randint(1, 8 * difficulty), least=-500)
    x, y = rng.randint(1, 12 * difficulty), rng.randint(1, 9)
    return None if line is None else {"line": line, "x": x + 1 if x == line else x, "y": y}


def _solve_mirror(p: Parameters) -> Solution:
    line, x, y = whole(p, "line"), whole(p, "x"), whole(p, "y")
    steps = (
        "A point and its reflection are equally far from the mirror line, on opposite sides of it.",
        f"The point ({x}, {y}) lies |{x} - {bracketed(line)}| = {abs(x - line)} units from the line x = {line}.",
        f"So the image has x-coordinate {line} {'-' if x > line else '+'} {abs(x - line)} = {2 * line - x}.",
    )
    return Solution(steps, 2 * line - x)


def _draw_symmetry(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = rng.choice((3, 4, 5, 6, 8, 9, 10, 12, 15, 18, 20, 24, 30, 36)[: 5 + 3 * difficulty])
    times = fed_or_drawn(fed, rng.randint(2, 15 * difficulty), least=2, most=1000)
    return None if times is None else {"sides": sides, "times": times}


def _solve_symmetry(p: Parameters) -> Solution:
    sides, times = whole(p, "sides"), whole(p, "times")
    turn = Fraction(360, sides)
    steps = (
        f"A regular polygon with {sides} sides has rotational symmetry of order {sides}.",
        f"The smallest angle of rotation that maps it onto itself is {simplified(f'360/{sides}', turn)} degrees.",
        f"Repeated {times} times this makes {times} * {written(turn)} = {written(times * turn)} degrees.",
    )
    return Solution(steps, times * turn)


def _draw_vector(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_or_drawn(fed, rng.randint(1, 12 * difficulty), most=500)
    second = rng.randint(1, 12 * difficulty)
    return None if first is None else {"first": first, "second": second if difficulty == 1 else -second}


def _solve_magnitude(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    squared = first**2 + second**2
    answer = surd(1, squared)
    steps = (
        "The magnitude of a vector is the square root of the sum of the squares of its components.",
        f"Here {first}^2 + {bracketed(second)}^2 = {first**2} + {second**2} = {squared}.",
        f"The magnitude is {simplified(f'sqrt({squared})', answer)}.",
    )
    return Solution(steps, answer)


def _draw_resultant(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = whole_right_triangle(rng, difficulty, fed)
    return None if sides is None else {"first": sides[0], "second": sides[1]}


def _solve_resultant(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    squared = first**2 + second**2
    steps = (
        "The resultant is the sum of the two vectors, which are perpendicular.",
        f"Its magnitude is therefore the hypotenuse of a right triangle with legs {first} and {second}.",
        f"This is sqrt({first}^2 + {second}^2) = sqrt({squared}) = {isqrt(squared)}.",
    )
    return Solution(steps, isqrt(squared))


def _draw_combination(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    p = fed_or_drawn(fed, rng.randint(2, 3 + 2 * difficulty), most=2000)
    low = 1 if difficulty == 1 else -3 * difficulty
    u1, u2, v1, v2 = (rng.randint(low, 4 + 3 * difficulty) for _ in range(4))
    if p is None:
        return None
    return {"p": p, "q": rng.randint(2, 3 + 2 * difficulty), "u1": u1, "u2": u2, "v1": v1, "v2": v2}


def _solve_combination(p: Parameters) -> Solution:
    m, q, u1, u2, v1, v2 = (whole(p, name) for name in ("p", "q", "u1", "u2", "v1", "v2"))
    w1, w2 = m * u1 + q * v1, m * u2 + q * v2
    steps = (
        f"The scalar multiples are {m} * ({u1}, {u2}) = ({m * u1}, {m * u2}) and {q} * ({v1}, {v2}) = "
        f"({q * v1}, {q * v2}).",
        f"The vector sum has the components {m * u1} + {bracketed(q * v1)} = {w1} and "
        f"{m * u2} + {bracketed(q * v2)} = {w2}.",
        f"These add up to {w1} + {bracketed(w2)} = {w1 + w2}.",
    )
    return Solution(steps, w1 + w2)


def _draw_displacement(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = whole_right_triangle(rng, difficulty, fed)
    if sides is None:
        return None
    west = rng.randint(2, 20 * difficulty)
    return {"north": sides[0], "east": sides[1] + west, "west": west}


def _solve_displacement(p: Parameters) -> Solution:
    north, east, west = whole(p, "north"), whole(p, "east"), whole(p, "west")
    squared = north**2 + (east - west) ** 2
    steps = (
        f"The displacement has the eastward component {east} - {west} = {east - west} and the northward one {north}.",
        f"Its magnitude is sqrt({east - west}^2 + {north}^2) = sqrt({squared}) = {isqrt(squared)}.",
    )
    return Solution(steps, isqrt(squared))


SKILLS = (
    Skill(
        "translate_then_reflect", TRANSFORMATIONS, ("reflection", "translation", "composition of transformations"),
        "middle",
        (
            "The point ({x}, {y}) is translated {right} units to the right and {up} units up, and the result is "
            "reflected in the y-axis. What is the sum of the coordinates of the image?",
            "{person} moves a counter on a grid from ({x}, {y}) by {right} squares to the right and {up} squares up. "
            "{other} then replaces it by its mirror image in the y-axis. Add the coordinates of its final position.",
            "First the translation (x, y) to (x + {right}, y + {up}) and then the reflection across the y-axis are "
            "applied to the point ({x}, {y}). Find the sum of the coordinates of the final point.",
            "A corner of a pattern lies at ({x}, {y}). It is shifted by {right} in the x-direction and by {up} in the "
            "y-direction, then flipped over the y-axis. What do its new coordinates add up to?",
            "Apply to the point P({x}, {y}) a shift of {right} right and {up} up, followed by a reflection over the "
            "y-axis. Give the sum of the x- and y-coordinates of the image.",
        ),
        _draw_moves, _solve_slide_and_flip, "x",
    ),
    Skill(
        "rotate_then_translate", TRANSFORMATIONS, ("rotation", "translation", "rigid motion"), "middle",
        (
            "The point ({x}, {y}) is rotated by 90 degrees counterclockwise about the origin and then translated "
            "{right} units to the right and {up} units up. What is the sum of the coordinates of the image?",
            "{person} programs a cursor at ({x}, {y}) to make a quarter turn counterclockwise about the origin and "
            "then to move {right} units right and {up} units up. Add the coordinates of the place where it ends.",
            "A counterclockwise rotation of 90 degrees about (0, 0) is followed by the translation (x, y) to (x + "
            "{right}, y + {up}). Find the sum of the coordinates of the image of ({x}, {y}).",
            "Turn the point P({x}, {y}) through a right angle counterclockwise about the origin, and shift the result "
            "by {right} in x and {up} in y. What do the coordinates of the final point add up to?",
            "On a plan of {place} a lamp at ({x}, {y}) is moved by a rigid motion: a quarter turn counterclockwise "
            "about the origin, then {right} units right and {up} units up. Give the sum of its new coordinates.",
        ),
        _draw_moves, _solve_turn_and_slide, "x",
    ),
    Skill(
        "dilation_image", TRANSFORMATIONS, ("dilation", "scale factor"), "high school",
        (
            "A dilation with centre ({a}, {b}) and scale factor {factor} is applied to the point ({x}, {y}). What is "
            "the sum of the coordinates of the image?",
            "The point ({x}, {y}) is enlarged from the centre ({a}, {b}) with scale factor {factor}. Add the two "
            "coordinates of its image.",
            "{person} enlarges a drawing from the point ({a}, {b}) by a factor of {factor}. A dot at ({x}, {y}) moves "
            "to a new place. Find the sum of the coordinates of that place.",
            "Under an enlargement about ({a}, {b}) all distances from this centre are multiplied by {factor}. Where "
            "does ({x}, {y}) go? Give the sum of the coordinates.",
            "The vertex ({x}, {y}) of a polygon is mapped by the dilation with centre ({a}, {b}) and factor {factor}. "
            "What do the coordinates of the image add up to?",
        ),
        _draw_dilation, _solve_dilation, "factor",
    ),
    Skill(
        "reflect_in_vertical_line", TRANSFORMATIONS, ("line of symmetry", "reflection", "symmetry"), "middle",
        (
            "A figure has the line x = {line} as a line of symmetry. One of its vertices is ({x}, {y}). What is the "
            "x-coordinate of the vertex matched to it?",
            "The point ({x}, {y}) is reflected in the vertical line x = {line}. Find the x-coordinate of its image.",
            "{person} draws a butterfly that is symmetrical about the line x = {line}. A dot on one wing is at ({x}, "
            "{y}). What is the x-coordinate of the matching dot on the other wing?",
            "The mirror line of a pattern at {place} is x = {line} on a grid. A tile is centred at ({x}, {y}). Give "
            "the x-coordinate of the centre of its mirror image.",
            "Across the mirror line x = {line}, what is the x-coordinate of the reflection of the point ({x}, {y})?",
        ),
        _draw_mirror, _solve_mirror, "line",
    ),
    Skill(
        "rotational_symmetry_turns", TRANSFORMATIONS, ("rotational symmetry", "angle of rotation", "regular polygon"),
        "middle",
        (
            "A regular polygon with {sides} sides is turned about its centre by the smallest angle that maps it onto "
            "itself. This is done {times} times in the same direction. Through how many degrees has it turned in all?",
            "A regular polygon has {sides} vertices. Find {times} times its smallest positive angle of rotational "
            "symmetry, in degrees.",
            "{person} turns a knob shaped like a regular polygon with {sides} sides. At each click it turns just far "
            "enough to look the same as before. How many degrees does it turn in {times} clicks?",
            "A window at {place} has rotational symmetry of order {sides}. A drawing of it is rotated {times} times, "
            "each time by the smallest angle that leaves it unchanged. What is the total rotation in degrees?",
            "The smallest rotation that carries a regular polygon with {sides} sides onto itself is carried out "
            "{times} times in a row. Give the total angle in degrees, full turns included.",
        ),
        _draw_symmetry, _solve_symmetry, "times",
    ),
    Skill(
        "vector_magnitude", VECTORS, ("magnitude of a vector", "vector component", "pythagorean theorem"),
        "high school",
        (
            "Find the exact magnitude of the vector ({first}, {second}).",
            "A vector has the components {first} and {second}. What is its exact length?",
            "A force has a horizontal component of {first} newtons and a vertical component of {second} newtons. How "
            "many newtons is its magnitude, exactly?",
            "In component form a velocity is ({first}, {second}), in metres per second. What is the speed, exactly, "
            "in metres per second?",
            "The arrow that {person} draws on a grid goes from (0, 0) to ({first}, {second}). Give its exact length, "
            "with any square root simplified.",
        ),
        _draw_vector, _solve_magnitude, "first",
    ),
    Skill(
        "perpendicular_resultant", VECTORS, ("resultant", "magnitude of a vector", "perpendicular line"), "high school",
        (
            "Two forces of {first} newtons and {second} newtons act on a body at right angles to each other. How many "
            "newtons is the resultant force?",
            "Perpendicular vectors have magnitudes {first} and {second}. Find the magnitude of their resultant.",
            "A boat heads straight across a river at {first} metres per minute while the current carries it "
            "downstream at {second} metres per minute. How many metres per minute is its speed over the ground?",
            "{person} and {other} pull a sledge by two ropes that form a right angle, with forces of {first} newtons "
            "and {second} newtons. What is the magnitude of the resultant in newtons?",
            "At {place} a crate is pushed north with a force of {first} newtons and east with a force of {second} "
            "newtons. Calculate the magnitude of the total force in newtons.",
        ),
        _draw_resultant, _solve_resultant, "first",
    ),
    Skill(
        "vector_combination", VECTORS, ("scalar multiple", "vector sum", "vector component"), "high school",
        (
            "Let u = ({u1}, {u2}) and v = ({v1}, {v2}). The vector w is {p} times u plus {q} times v. What is the sum "
            "of the two components of w?",
            "Given the vectors u = ({u1}, {u2}) and v = ({v1}, {v2}), add the components of the vector {p} * u + {q} "
            "* v.",
            "A robot makes the step ({u1}, {u2}) {p} times and the step ({v1}, {v2}) {q} times, starting at the "
            "origin. What do the coordinates of its final position add up to?",
            "Multiply the vector ({u1}, {u2}) by {p} and the vector ({v1}, {v2}) by {q}, and add the results. Find "
            "the sum of the components of the vector obtained.",
            "{person} describes a walk by the vectors u = ({u1}, {u2}) and v = ({v1}, {v2}): the whole walk is {p} * "
            "u + {q} * v. Find the sum of its two components.",
        ),
        _draw_combination, _solve_combination, "p",
    ),
    Skill(
        "displacement_length", VECTORS, ("displacement", "magnitude of a vector", "vector sum"), "high school",
        (
            "{person} walks {east} metres east, {north} metres north and then {west} metres west. How many metres "
            "long is the displacement from the start?",
            "A drone leaves {place}, flies {east} m east, {north} m north and {west} m west. How many metres, in a "
            "straight line, is it from its starting point?",
            "Three displacements follow one another: {east} units east, {north} units north, {west} units west. Find "
            "the magnitude of their sum.",
            "A ship sails {east} km east, then {north} km north, then {west} km west. Treating the sea as flat, find "
            "its distance from the harbour in kilometres.",
            "Add the displacement vectors {east} km east, {north} km north and {west} km west. What is the length of "
            "the resultant displacement in kilometres?",
        ),
        _draw_displacement, _solve_displacement, "north",
    ),
)  # fmt: skip
