"""Skills of integers: signed sums and products, opposites, absolute value and distance on the number line."""

import random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _draw_gain_and_loss(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    start = fed_whole(fed, rng.randint(-30 * difficulty, 10 * difficulty), least=-5000, most=5000)
    if start is None:
        return None
    return {
        "start": start,
        "gain": rng.randint(2, 25 * difficulty),
        "loss": rng.randint(2, abs(start) + 30 * difficulty),
    }


def _solve_gain_and_loss(p: Parameters) -> Solution:
    start, gain, loss = whole(p, "start"), whole(p, "gain"), whole(p, "loss")
    return Solution(
        (
            f"On the number line start at the integer {start} and go {gain} to the right: "
            f"{start} + {gain} = {start + gain}.",
            f"Then go {loss} to the left: {start + gain} - {loss} = {start + gain - loss}.",
        ),
        start + gain - loss,
    )


def _draw_distance(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_whole(fed, rng.randint(-20 * difficulty, 40 * difficulty), least=-(10**6))
    second = -rng.randint(2, 40 * difficulty)
    return None if first is None else {"first": first, "second": second - (first == second)}


def _solve_distance(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    return Solution(
        (
            f"Subtracting {second} is the same as adding its opposite {-second}: "
            f"{first} - ({second}) = {first} + {-second} = {first - second}.",
            f"The absolute value of {first - second} is {abs(first - second)}, the distance on the number line.",
        ),
        abs(first - second),
    )


def _draw_repeated_loss(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    start = fed_whole(fed, rng.randint(5, 60 * difficulty), most=10**5)
    if start is None:
        return None
    return {"start": start, "times": rng.randint(2, 4 + 3 * difficulty), "loss": rng.randint(3, 12 * difficulty)}


def _solve_repeated_loss(p: Parameters) -> Solution:
    start, times, loss = whole(p, "start"), whole(p, "times"), whole(p, "loss")
    return Solution(
        (
            f"By the sign rule a positive times a negative number is negative: {times} * (-{loss}) = {-times * loss}.",
            f"Adding the negative number {-times * loss} to {start} gives "
            f"{start} - {times * loss} = {start - times * loss}.",
        ),
        start - times * loss,
    )


def _draw_opposite(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_whole(fed, rng.randint(2, 50 * difficulty), least=-(10**6))
    second = -rng.randint(2, 70 * difficulty)
    return None if first is None else {"first": first, "second": second - (first == -second)}


def _solve_opposite(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    return Solution(
        (
            f"The sum of the two integers is {first} + ({second}) = {first + second}.",
            f"The opposite of a number has the same absolute value and the other sign, so the opposite of "
            f"{first + second} is {-first - second}.",
        ),
        -first - second,
    )


def _draw_product_of_negatives(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    taken = fed_whole(fed, rng.randint(2, 60 * difficulty))
    if taken is None:
        return None
    return {"first": -rng.randint(2, 6 + 4 * difficulty), "second": -rng.randint(2, 9 + 6 * difficulty), "taken": taken}


def _solve_product_of_negatives(p: Parameters) -> Solution:
    first, second, taken = whole(p, "first"), whole(p, "second"), whole(p, "taken")
    return Solution(
        (
            f"By the sign rule the product of two negative numbers is a positive number: "
            f"({first}) * ({second}) = {first * second}.",
            f"Subtract {taken}: {first * second} - {taken} = {first * second - taken}.",
        ),
        first * second - taken,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="gain_and_loss",
        topic="integers",
        concepts=("integer", "number line", "negative number"),
        level="middle",
        phrasings=(
            "Compute {start} + {gain} - {loss}.",
            "A point on the number line starts at {start}, moves {gain} units to the right and then {loss} units to "
            "the left. At which integer does it stop?",
            "{person} has a score of {start} points in a game, gains {gain} points and then loses {loss} points. What "
            "is {person}'s score now?",
            "{person}'s account shows a balance of {start} dollars. A deposit of {gain} dollars and a withdrawal of "
            "{loss} dollars follow. What is the new balance in dollars?",
            "Adding {gain} to the integer {start} and taking away {loss} from the result gives which integer?",
        ),
        draw=_draw_gain_and_loss,
        solve=_solve_gain_and_loss,
        feed="start",
    ),
    Skill(
        name="distance_on_number_line",
        topic="integers",
        concepts=("absolute value", "number line", "difference"),
        level="middle",
        phrasings=(
            "Evaluate |{first} - ({second})|.",
            "How far apart are the numbers {first} and {second} on the number line?",
            "Find the absolute value of the difference of {first} and {second}.",
            "In a game {person} has {first} points and {other} has {second} points. By how many points do their scores "
            "differ?",
            "{person} marks the integers {first} and {second} on a number line. What is the distance between the two "
            "marks?",
        ),
        draw=_draw_distance,
        solve=_solve_distance,
        feed="first",
    ),
    Skill(
        name="repeated_loss",
        topic="integers",
        concepts=("negative number", "sign rule"),
        level="middle",
        phrasings=(
            "Evaluate {start} + {times} * (-{loss}).",
            "{person} starts a game with {start} points and loses {loss} points in each of {times} rounds. What is "
            "{person}'s score after these rounds?",
            "Multiply -{loss} by {times} and add {start}. What is the result?",
            "An account at {place} holds {start} dollars and may be overdrawn. A fee of {loss} dollars is taken from "
            "it {times} times. What is the balance in dollars after that?",
            "A point on the number line starts at {start} and jumps {loss} units to the left {times} times. Where "
            "does it end?",
        ),
        draw=_draw_repeated_loss,
        solve=_solve_repeated_loss,
        feed="start",
    ),
    Skill(
        name="opposite_of_sum",
        topic="integers",
        concepts=("opposite of a number", "integer", "sum"),
        level="middle",
        phrasings=(
            "Find the opposite of {first} + ({second}).",
            "What number must be added to the sum of {first} and {second} to give zero?",
            "What is the additive inverse of the sum of {first} and {second}?",
            "{person} adds {first} and {second}, and {other} changes the sign of the sum. What number does {other} "
            "get?",
            "On a number line, {person} marks the sum of {first} and {second}. Which number lies at the same distance "
            "from zero on the other side?",
        ),
        draw=_draw_opposite,
        solve=_solve_opposite,
        feed="first",
    ),
    Skill(
        name="product_of_negatives",
        topic="integers",
        concepts=("sign rule", "positive number", "negative number"),
        level="middle",
        phrasings=(
            "Evaluate ({first}) * ({second}) - {taken}.",
            "Multiply {first} by {second} and subtract {taken} from the product. What is the result?",
            "Find the number that is {taken} less than the product of {first} and {second}.",
            "{person} multiplies the two negative numbers {first} and {second}; {other} takes {taken} away from the "
            "product. What number is left?",
            "By how much does the product of {first} and {second} exceed {taken}? Give a negative number if the "
            "product is smaller.",
        ),
        draw=_draw_product_of_negatives,
        solve=_solve_product_of_negatives,
        feed="taken",
    ),
)
