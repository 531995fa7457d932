"""Problem skills of spread: range, variance, standard deviation, quartiles and z-scores."""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from random import Random

from synth_assets.teachers.embedded.parameters import number, numbers, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, written
from synth_assets.teachers.embedded.skills.chance.data import added, data_and_one_more, middle
from synth_assets.teachers.embedded.skills.chance.feeding import whole_between

TOPIC = "descriptive statistics"


def _solve_range(p: Parameters) -> Solution:
    values = (*numbers(p, "data"), number(p, "extra"))
    low, high = min(values), max(values)
    return Solution(
        (
            f"The largest of the {len(values)} values is {high} and the smallest is {low}.",
            f"The range of the data is their difference: {high} - {low} = {high - low}.",
        ),
        high - low,
    )


def _draw_spread(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    """A data set whose mean is whole; its first value is the one that may be supplied."""
    deviations = [rng.randint(-3 * difficulty, 3 * difficulty) for _ in range(3 + (difficulty > 1))]
    deviations.append(-sum(deviations))
    first = whole_between(rng, fed, 8, 30 * difficulty, 10**5)
    if first is None or not any(deviations) or abs(deviations[-1]) > 5 * difficulty:
        return None
    data = tuple(first - deviations[0] + deviation for deviation in deviations)
    return {"first": first, "rest": data[1:]} if min(data) > 0 else None


def _variance(data: Sequence[Fraction]) -> tuple[tuple[str, ...], Fraction]:
    """The steps that lead to the population variance of `data`, and the variance."""
    mean = sum(data, Fraction(0)) / len(data)
    deviations = [value - mean for value in data]
    squares = [deviation**2 for deviation in deviations]
    variance = sum(squares, Fraction(0)) / len(data)
    steps = (
        f"The mean is ({added(data)})/{len(data)} = {mean}.",
        f"The deviations from the mean are {written(tuple(deviations))}, and their squares are "
        f"{written(tuple(squares))}.",
        f"The variance is the mean of these squares: ({added(squares)})/{len(data)} = {variance}.",
    )
    return steps, variance


def _solve_variance(p: Parameters) -> Solution:
    return Solution(*_variance((number(p, "first"), *numbers(p, "rest"))))


def _draw_standard_deviation(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    """A data set with a whole variance, which is a square number unless the problem is to be hard."""
    for _ in range(100):
        drawn = _draw_spread(rng, difficulty, fed)
        if drawn is None:
            continue
        data = (whole(drawn, "first"), *(int(value) for value in numbers(drawn, "rest")))
        variance = Fraction(len(data) * sum(value * value for value in data) - sum(data) ** 2, len(data) ** 2)
        if variance.denominator == 1 and (difficulty == 3 or isqrt(int(variance)) ** 2 == variance):
            return drawn
    return None


def _root(value: int) -> str:
    """The square root of a whole number in lowest terms: `4`, `3*sqrt(2)`, `sqrt(7)`."""
    outside = max(d for d in range(1, isqrt(value) + 1) if value % (d * d) == 0)
    inside = value // outside**2
    if inside == 1:
        return str(outside)
    return f"sqrt({inside})" if outside == 1 else f"{outside}*sqrt({inside})"


def _solve_standard_deviation(p: Parameters) -> Solution:
    steps, variance = _variance((number(p, "first"), *numbers(p, "rest")))
    root = _root(int(variance))
    answer = int(root) if root.isdigit() else root
    unsimplified = f"sqrt({variance})"
    end = unsimplified if root == unsimplified else f"{unsimplified} = {root}"
    return Solution((*steps, f"The standard deviation is the square root of the variance, {end}."), answer)


def _draw_scaled_spread(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    deviation = whole_between(rng, fed, 2, 12 * difficulty, 10**5)
    return (
        None
        if deviation is None
        else {"sd": deviation, "k": rng.randint(2, 3 + 3 * difficulty), "b": rng.randint(2, 30)}
    )


def _solve_scaled_spread(p: Parameters) -> Solution:
    deviation, k, b = whole(p, "sd"), whole(p, "k"), whole(p, "b")
    return Solution(
        (
            f"Multiplying every value by {k} multiplies each deviation from the mean by {k}, and so also the standard "
            f"deviation: {k} * {deviation} = {k * deviation}.",
            f"Adding {b} to every value moves the mean as well and leaves the standard deviation at {k * deviation}.",
        ),
        k * deviation,
    )


def _draw_quartiles(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    extra = whole_between(rng, fed, 3, 25 * difficulty, 10**5)
    if extra is None:
        return None
    around = range(max(1, extra - 20 * difficulty), extra + 20 * difficulty)
    return {"data": tuple(rng.sample(around, 6 if difficulty < 3 else 10)), "extra": extra}


def _solve_quartiles(p: Parameters) -> Solution:
    ordered = sorted((*numbers(p, "data"), number(p, "extra")))
    half = len(ordered) // 2
    low, high = middle(ordered[:half]), middle(ordered[half + 1 :])
    return Solution(
        (
            f"In order of size the values are {written(tuple(ordered))}, and the median is {ordered[half]}.",
            f"The lower half {written(tuple(ordered[:half]))} has the median {low}, the lower quartile.",
            f"The upper half {written(tuple(ordered[half + 1 :]))} has the median {high}, the upper quartile.",
            f"The interquartile range is {high} - {low} = {high - low}.",
        ),
        high - low,
    )


def _draw_z_score(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    parts = (1, 2, 4)[difficulty - 1]
    sd = parts * rng.randint(2, 10)
    value = whole_between(rng, fed, 50, 120 * difficulty, 10**5)
    steps = rng.choice([n for n in range(-3 * parts, 3 * parts + 1) if n])
    mean = None if value is None else value - steps * sd // parts
    return None if value is None or mean is None or mean <= 0 else {"value": value, "mean": mean, "sd": sd}


def _solve_z_score(p: Parameters) -> Solution:
    value, mean, sd = whole(p, "value"), whole(p, "mean"), whole(p, "sd")
    answer = Fraction(value - mean, sd)
    return Solution(
        (
            f"The deviation from the mean is {value} - {mean} = {value - mean}.",
            f"The z-score counts it in standard deviations: {value - mean}/{sd} = {decimal(answer)}.",
        ),
        answer,
    )


def _draw_value_from_z(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sd = 4 * rng.randint(1, 5 * difficulty)
    mean = whole_between(rng, fed, 100, 300, 10**5)
    quarters = rng.choice([n for n in range(-10, 13) if n and (difficulty > 1 or n % 2 == 0)])
    if mean is None or mean + quarters * sd // 4 <= 0:
        return None
    return {"mean": mean, "sd": sd, "z": decimal(Fraction(quarters, 4))}


def _solve_value_from_z(p: Parameters) -> Solution:
    mean, sd, z = whole(p, "mean"), whole(p, "sd"), Fraction(word(p, "z"))
    distance = abs(z) * sd
    side, sign = ("above", "+") if z > 0 else ("below", "-")
    answer = mean + z * sd
    return Solution(
        (
            f"A z-score of {decimal(z)} means that the value lies {decimal(abs(z))} times the standard deviation "
            f"{side} the mean, that is {decimal(abs(z))} * {sd} = {distance} {side} it.",
            f"The value is {mean} {sign} {distance} = {answer}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "range_of_values",
        TOPIC,
        ("range of data", "data set"),
        "middle",
        (
            "{person} notes the number of visitors to {place} on several days: {data} and {extra}. What is the range "
            "of the data?",
            "Find the range of the values {data}, {extra}.",
            "The temperatures in a greenhouse, in degrees, were {data} and, in the last reading, {extra}. By how many "
            "degrees does the largest value exceed the smallest?",
            "The deliveries to {place} hold these numbers of {items}: {data} and {extra}. Determine the range of the "
            "numbers.",
            "How large is the spread of the data {data} and {extra}, measured by the range?",
        ),
        data_and_one_more,
        _solve_range,
        "extra",
    ),
    Skill(
        "population_variance",
        TOPIC,
        ("variance", "deviation from the mean"),
        "high school",
        (
            "What is the population variance of the numbers {first}, {rest}?",
            "{person} waited {first}, {rest} minutes for the bus on successive days. Find the variance of these "
            "times, taken as the mean of the squared deviations.",
            "A complete set of measurements at {place} reads {first}, {rest}. Calculate its variance, dividing by the "
            "number of values.",
            "The numbers of {items} in all the boxes of a delivery are {first}, {rest}. How large is the mean of the "
            "squared deviations from the mean?",
            "Compute the deviations of {first}, {rest} from their mean and, from these, the variance of the whole "
            "population.",
        ),
        _draw_spread,
        _solve_variance,
        "first",
    ),
    Skill(
        "population_standard_deviation",
        TOPIC,
        ("standard deviation", "variance", "deviation from the mean"),
        "high school",
        (
            "What is the population standard deviation of {first}, {rest}? Give an exact answer.",
            "{person} needed {first}, {rest} minutes for the way to {place} on successive days. Find the exact "
            "population standard deviation of these times, in minutes.",
            "The players of a team are {first}, {rest} years old. Treat them as the whole population and calculate "
            "the standard deviation of their ages exactly, in years.",
            "Determine the exact standard deviation of the data {first}, {rest}, dividing by the number of values.",
            "All the boxes in a store were opened, and they held {first}, {rest} {items}. As an exact number, what is "
            "the population standard deviation?",
        ),
        _draw_standard_deviation,
        _solve_standard_deviation,
        "first",
    ),
    Skill(
        "standard_deviation_after_change",
        TOPIC,
        ("standard deviation", "deviation from the mean"),
        "high school",
        (
            "A set of data has the standard deviation {sd}. Every value is multiplied by {k}, and then {b} is added. "
            "What is the standard deviation of the new data?",
            "The daily sales of {items} at {place} have a standard deviation of {sd}. {person} earns {k} dollars on "
            "each one and a fixed {b} dollars a day. Find the standard deviation of the daily earnings, in dollars.",
            "The marks in an examination have the standard deviation {sd}. The examiner turns each mark x into {k} * "
            "x + {b}. Calculate the standard deviation of the new marks.",
            "Let X have the standard deviation {sd}. Determine the standard deviation of {k} * X + {b}.",
            "A taxi to {place} costs {b} dollars and {k} dollars for every kilometre. The lengths of the rides, in "
            "kilometres, have the standard deviation {sd}. What is the standard deviation of the fares, in dollars?",
        ),
        _draw_scaled_spread,
        _solve_scaled_spread,
        "sd",
    ),
    Skill(
        "interquartile_range_of_data",
        TOPIC,
        ("interquartile range", "quartile", "box plot"),
        "high school",
        (
            "Find the interquartile range of {data} and {extra}. Take the quartiles as the medians of the lower and "
            "the upper half, the median of all values being left out of both halves.",
            "Runners from {place} finished after {data} and {extra} minutes. What is the interquartile range of the "
            "times in minutes, if the quartiles are the medians of the faster and the slower half without the middle "
            "runner?",
            "{person} draws a box plot of the values {data} and {extra}. The quartiles are the medians of the values "
            "below and above the median. How long is the box?",
            "Determine the difference of the upper and the lower quartile of {data}, {extra}, where the overall "
            "median belongs to neither half of the data.",
            "The numbers of {items} in a row of deliveries are {data} and {extra}. Calculate the interquartile range; "
            "use as quartiles the medians of the numbers on either side of the overall median.",
        ),
        _draw_quartiles,
        _solve_quartiles,
        "extra",
    ),
    Skill(
        "z_score_of_value",
        TOPIC,
        ("z-score", "standard deviation"),
        "high school",
        (
            "What is the z-score of the value {value} in a distribution with mean {mean} and standard deviation {sd}?",
            "{person} scores {value} points in a test in which the mean is {mean} and the standard deviation is {sd}. "
            "How many standard deviations above the mean is this score (negative if below)?",
            "The plants at {place} have a mean height of {mean} cm with a standard deviation of {sd} cm. One plant "
            "measures {value} cm. Find its z-score.",
            "Standardise the value {value}, given the mean {mean} and the standard deviation {sd}.",
            "A box of {items} has a mass of {value} g. Such boxes have the mean mass {mean} g and the standard "
            "deviation {sd} g. Calculate the standard score of this box.",
        ),
        _draw_z_score,
        _solve_z_score,
        "value",
    ),
    Skill(
        "value_from_z_score",
        TOPIC,
        ("z-score", "standard deviation"),
        "high school",
        (
            "A value has the z-score {z} in a distribution with mean {mean} and standard deviation {sd}. What is the "
            "value?",
            "The heights of the sunflowers at {place} have the mean {mean} cm and the standard deviation {sd} cm. The "
            "flower of {person} has a z-score of {z}. Find its height in cm.",
            "In an examination the mean mark is {mean} and the standard deviation is {sd}. {other} has the standard "
            "score {z}. Which mark is this?",
            "With a mean of {mean} and a standard deviation of {sd}, which value x is standardised to z = {z}?",
            "The bags of {items} filled by a machine have a mean mass of {mean} g and a standard deviation of {sd} g. "
            "Calculate, in grams, the mass that corresponds to a z-score of {z}.",
        ),
        _draw_value_from_z,
        _solve_value_from_z,
        "mean",
    ),
)
