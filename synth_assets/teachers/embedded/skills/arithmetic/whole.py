"""Skills of whole numbers: the operations, their order, their properties."""

import random
from math import isqrt

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.fed import fed_whole

_FRIENDLY_FACTORS = ((2, 5), (4, 5), (5, 20), (4, 25), (2, 50), (5, 40), (8, 125), (4, 250), (20, 50))


def _draw_order(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    start = fed_whole(fed, rng.randint(5, 60 * difficulty))
    if start is None:
        return None
    groups, size = rng.randint(2, 3 + 4 * difficulty), rng.randint(3, 5 + 5 * difficulty)
    return {"start": start, "groups": groups, "size": size, "gone": rng.randint(2, groups * size - 1)}


def _solve_order(p: Parameters) -> Solution:
    start, groups, size, gone = (whole(p, name) for name in ("start", "groups", "size", "gone"))
    product = groups * size
    return Solution(
        (
            f"By the order of operations the multiplication comes first: {groups} * {size} = {product}.",
            f"Then add and subtract from left to right: {start} + {product} = {start + product}.",
            f"Subtracting {gone} gives {start + product} - {gone} = {start + product - gone}.",
        ),
        start + product - gone,
    )


def _draw_grouping(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    large = fed_whole(fed, rng.randint(2, 15 * difficulty), most=10**5)
    if large is None:
        return None
    small, boxes = rng.randint(2, 12 * difficulty), rng.randint(3, 5 + 3 * difficulty)
    return {
        "large": large,
        "small": small,
        "boxes": boxes,
        "row": rng.randint(2, min(4 + 4 * difficulty, isqrt(boxes * (large + small)))),
    }


def _solve_grouping(p: Parameters) -> Solution:
    large, small, boxes, row = (whole(p, name) for name in ("large", "small", "boxes", "row"))
    inside = large + small
    return Solution(
        (
            f"Work inside the grouping symbols first: {large} + {small} = {inside}.",
            f"Next comes the power: {row}^2 = {row * row}.",
            f"The order of operations puts multiplication before subtraction: {inside} * {boxes} = {inside * boxes}.",
            f"Finally subtract: {inside * boxes} - {row * row} = {inside * boxes - row * row}.",
        ),
        inside * boxes - row * row,
    )


def _draw_distributive(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_whole(fed, rng.randint(11, 60 * difficulty))
    if first is None:
        return None
    complement = -first % 10 or 10
    return {
        "first": first,
        "second": complement + 10 * rng.randint(0, 5 * difficulty),
        "factor": rng.randint(3, 8 + 8 * difficulty),
    }


def _solve_distributive(p: Parameters) -> Solution:
    first, second, factor = whole(p, "first"), whole(p, "second"), whole(p, "factor")
    return Solution(
        (
            f"Both products have the factor {factor}, so by the distributive property "
            f"{factor} * {first} + {factor} * {second} = {factor} * ({first} + {second}).",
            f"The sum in the parentheses is {first} + {second} = {first + second}.",
            f"Multiply: {factor} * {first + second} = {factor * (first + second)}.",
        ),
        factor * (first + second),
    )


def _draw_regrouping(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    middle = fed_whole(fed, rng.randint(3, 45 * difficulty))
    if middle is None:
        return None
    first, last = rng.choice(_FRIENDLY_FACTORS[: 3 + 2 * difficulty])
    return {"first": first, "middle": middle, "last": last}


def _solve_regrouping(p: Parameters) -> Solution:
    first, middle, last = whole(p, "first"), whole(p, "middle"), whole(p, "last")
    return Solution(
        (
            f"By the commutative property the factors may change places: "
            f"{first} * {middle} * {last} = {first} * {last} * {middle}.",
            f"By the associative property multiply {first} * {last} = {first * last} first.",
            f"The product is {first * last} * {middle} = {first * last * middle}.",
        ),
        first * middle * last,
    )


def _draw_remainder(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    total = fed_whole(fed, rng.randint(20, 150 * difficulty**2), least=5)
    sizes = [size for size in range(3, min(total, 6 + 8 * difficulty)) if total % size] if total else []
    return {"total": total, "size": rng.choice(sizes)} if total and sizes else None


def _solve_remainder(p: Parameters) -> Solution:
    total, size = whole(p, "total"), whole(p, "size")
    quotient, rest = divmod(total, size)
    return Solution(
        (
            f"Divide the dividend {total} by {size}: the whole-number quotient is {quotient}.",
            f"That accounts for {quotient} * {size} = {quotient * size}.",
            f"The remainder is {total} - {quotient * size} = {rest}.",
        ),
        rest,
    )


def _draw_addend(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    total = fed_whole(fed, rng.randint(20, 40 * 10**difficulty), least=5)
    return {"total": total, "known": rng.randint(2, total - 2)} if total else None


def _solve_addend(p: Parameters) -> Solution:
    total, known = whole(p, "total"), whole(p, "known")
    return Solution(
        (
            f"The known addend and the missing addend have the sum {total}.",
            f"Subtraction undoes addition, so the missing addend is the difference {total} - {known} = "
            f"{total - known}.",
        ),
        total - known,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="order_of_operations",
        topic="order of operations and properties of numbers",
        concepts=("order of operations", "multiplication", "whole number"),
        level="primary",
        phrasings=(
            "Evaluate {start} + {groups} * {size} - {gone}.",
            "Use the order of operations to find the value of the expression {start} + {groups} * {size} - {gone}.",
            "{person} has {start} {items}, buys {groups} sets of {size} {items} each and then gives {gone} {items} to "
            "{other}. How many {items} does {person} have now?",
            "There are {start} {items} at {place}. A delivery brings {groups} lots of {size} {items} each, and "
            "{gone} {items} are sold the same day. How many {items} are left?",
            "The product of {groups} and {size} is added to {start}, and {gone} is subtracted from the result. "
            "What number is obtained?",
        ),
        draw=_draw_order,
        solve=_solve_order,
        feed="start",
    ),
    Skill(
        name="order_with_grouping",
        topic="order of operations and properties of numbers",
        concepts=("grouping symbol", "order of operations"),
        level="middle",
        phrasings=(
            "Evaluate ({large} + {small}) * {boxes} - {row}^2.",
            "Simplify the numerical expression ({large} + {small}) * {boxes} - {row}^2, working inside the parentheses "
            "first.",
            "{person} puts together {boxes} sets, each of {large} large and {small} small {items}. Then {row} rows of "
            "{row} {items} are taken out for a display. How many {items} stay in the sets?",
            "Add {large} and {small}, multiply the sum by {boxes}, and subtract the square of {row}. What is the "
            "result?",
            "Each of {boxes} groups at {place} has {large} old and {small} new {items}. If a square arrangement of "
            "{row} by {row} {items} is sold, how many {items} are left?",
        ),
        draw=_draw_grouping,
        solve=_solve_grouping,
        feed="large",
    ),
    Skill(
        name="distributive_property",
        topic="order of operations and properties of numbers",
        concepts=("distributive property", "sum"),
        level="primary",
        phrasings=(
            "Use the distributive property to find the value of {factor} * {first} + {factor} * {second}.",
            "Compute {factor} * {first} + {factor} * {second} by taking out the common factor.",
            "On each of {factor} days {person} sells {first} {items} in the morning and {second} {items} in the "
            "afternoon. How many {items} does {person} sell in all?",
            "Every one of the {factor} groups at {place} receives {first} large and {second} small {items}. How many "
            "{items} are needed altogether?",
            "Find the sum of {factor} times {first} and {factor} times {second}.",
        ),
        draw=_draw_distributive,
        solve=_solve_distributive,
        feed="first",
    ),
    Skill(
        name="commutative_regrouping",
        topic="order of operations and properties of numbers",
        concepts=("commutative property", "associative property", "product"),
        level="primary",
        phrasings=(
            "Use the commutative and associative properties to compute {first} * {middle} * {last}.",
            "Rearrange the factors to find the product {first} * {middle} * {last} in your head.",
            "In a year {first} trains come to {place}. Each train has {middle} wagons, and each wagon carries {last} "
            "crates of {items}. How many crates do the trains bring?",
            "{person} multiplies {first} by {middle} and the result by {last}. What number does {person} get?",
            "{person} and {other} plan {first} deliveries of {middle} lots with {last} {items} in each lot. "
            "How many {items} will be delivered?",
        ),
        draw=_draw_regrouping,
        solve=_solve_regrouping,
        feed="middle",
    ),
    Skill(
        name="division_with_remainder",
        topic="whole number arithmetic",
        concepts=("remainder", "quotient", "dividend"),
        level="primary",
        phrasings=(
            "What is the remainder when {total} is divided by {size}?",
            "{person} sorts {total} {items} into as many groups of {size} as possible. How many {items} are left over?",
            "Carry out the long division of {total} by {size} and give the remainder.",
            "At {place} {total} {items} are laid out in full rows of {size}. How many {items} do not fit into a full "
            "row?",
            "{total} {items} are shared equally among {size} people, each of whom receives as many as possible. "
            "How many {items} remain?",
        ),
        draw=_draw_remainder,
        solve=_solve_remainder,
        feed="total",
    ),
    Skill(
        name="missing_addend",
        topic="whole number arithmetic",
        concepts=("addend", "difference", "subtraction"),
        level="primary",
        phrasings=(
            "Two addends have the sum {total}. One addend is {known}. Find the other addend.",
            "What number must be added to {known} to give {total}?",
            "{person} and {other} have {total} {items} together. {known} of them belong to {person}. How many {items} "
            "belong to {other}?",
            "There are {total} {items} at {place}, and {known} of them have been counted. How many {items} are still "
            "to be counted?",
            "Find the difference between the minuend {total} and the subtrahend {known}.",
        ),
        draw=_draw_addend,
        solve=_solve_addend,
        feed="total",
    ),
)
