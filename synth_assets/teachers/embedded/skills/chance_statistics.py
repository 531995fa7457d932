"""Problem skills of descriptive statistics: averages, spread, quartiles, z-scores, frequency tables, histograms."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from random import Random

from synth_assets.teachers.embedded.parameters import number, numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, written
from synth_assets.teachers.embedded.skills.chance_feeding import whole_between

TOPIC = "descriptive statistics"


def _middle(ordered: Sequence[Fraction]) -> Fraction:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _total(values: Sequence[Fraction]) -> str:
    return " + ".join(str(value) if value >= 0 else f"({value})" for value in values)


def _draw_missing_value(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    mean = whole_between(rng, fed, 5, 25 * difficulty, 10**5)
    if mean is None:
        return None
    spread = min(mean - 1, 4 * difficulty)
    data = tuple(mean + rng.randint(-spread, spread) for _ in range(2 + difficulty))
    return {"data": data, "count": len(data) + 1, "mean": mean} if (len(data) + 1) * mean > sum(data) else None


def _solve_missing_value(p: Parameters) -> Solution:
    data, count, mean = numbers(p, "data"), whole(p, "count"), whole(p, "mean")
    known = sum(data, Fraction(0))
    return Solution(
        (
            f"An arithmetic mean of {mean} over {count} values requires the total {count} * {mean} = {count * mean}.",
            f"The known values add up to {_total(data)} = {known}.",
            f"The missing value is {count * mean} - {known} = {count * mean - known}.",
        ),
        count * mean - known,
    )


def _draw_with_extra(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    extra = whole_between(rng, fed, 2, 20 * difficulty, 10**5)
    if extra is None:
        return None
    high = max(extra + 3, 20 * difficulty)
    data = tuple(rng.randint(max(1, extra - 15 * difficulty), high) for _ in range(rng.randint(4, 4 + 2 * difficulty)))
    return {"data": data, "extra": extra}


def _solve_median(p: Parameters) -> Solution:
    ordered = sorted((*numbers(p, "data"), number(p, "extra")))
    answer, half = _middle(ordered), len(ordered) // 2
    first = f"In order of size the {len(ordered)} values are {written(tuple(ordered))}."
    if len(ordered) % 2:
        return Solution((first, f"Their number is odd, so the median is value number {half + 1}, {answer}."), answer)
    low, high = ordered[half - 1], ordered[half]
    return Solution(
        (
            first,
            f"Their number is even, so the median lies halfway between values number {half} and {half + 1}: "
            f"({low} + {high})/2 = {answer}.",
        ),
        answer,
    )


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


def _draw_mode(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    shift = whole_between(rng, fed, 2, 10 * difficulty, 10**5)
    values = rng.sample(range(2, 10 + 15 * difficulty), 4 + difficulty)
    data = [*values, *values[:2], values[0]]
    rng.shuffle(data)
    return None if shift is None else {"data": tuple(data), "shift": shift}


def _solve_mode(p: Parameters) -> Solution:
    data, shift = numbers(p, "data"), whole(p, "shift")
    ((value, times),) = Counter(data).most_common(1)
    return Solution(
        (
            f"The mode is the most frequent value. Before the change it is {value}, which occurs {times} times.",
            f"Adding {shift} to every value moves the mode by {shift} too: {value} + {shift} = {value + shift}.",
        ),
        value + shift,
    )


def _draw_combined_mean(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = whole_between(rng, fed, 10, 50 * difficulty, 10**5)
    if first is None:
        return None
    m, n = rng.randint(2, 8 * difficulty), rng.randint(2, 8 * difficulty)
    second = first + rng.choice((-1, 1)) * (m + n) * rng.randint(1, 2)
    return {"m": m, "first": first, "n": n, "second": second} if second > 0 else None


def _solve_combined_mean(p: Parameters) -> Solution:
    m, first, n, second = (whole(p, name) for name in ("m", "first", "n", "second"))
    total = m * first + n * second
    answer = Fraction(total, m + n)
    return Solution(
        (
            f"The mean of all is the weighted mean of {first} and {second} with the weights {m} and {n}.",
            f"The total is {m} * {first} + {n} * {second} = {total}.",
            f"Divide by {m} + {n} = {m + n}: {total}/{m + n} = {answer}.",
        ),
        answer,
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
        f"The mean is ({_total(data)})/{len(data)} = {mean}.",
        f"The deviations from the mean are {written(tuple(deviations))}, and their squares are {written(tuple(squares))}.",
        f"The variance is the mean of these squares: {sum(squares, Fraction(0))}/{len(data)} = {variance}.",
    )
    return steps, variance


def _solve_variance(p: Parameters) -> Solution:
    return Solution(*_variance((number(p, "first"), *numbers(p, "rest"))))


def _draw_standard_deviation(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    for _ in range(60):
        drawn = _draw_spread(rng, difficulty, fed)
        if drawn is not None and _variance((number(drawn, "first"), *numbers(drawn, "rest")))[1].denominator == 1:
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
    return None if deviation is None else {"sd": deviation, "k": rng.randint(2, 3 + 3 * difficulty), "b": rng.randint(2, 30)}


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
    low, high = _middle(ordered[:half]), _middle(ordered[half + 1 :])
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
    sd = rng.choice((2, 4, 5, 8, 10, 20)) if difficulty < 3 else rng.choice((4, 8, 12, 16, 20, 25, 40))
    value = whole_between(rng, fed, 20, 120 * difficulty, 10**5)
    offset = Fraction(rng.choice([n for n in range(-12, 13) if n]), (1, 2, 4)[difficulty - 1]) * sd
    if value is None or offset.denominator != 1 or value - offset <= 0 or abs(offset) > 4 * sd:
        return None
    return {"value": value, "mean": value - int(offset), "sd": sd}


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
    mean, sd, z = whole(p, "mean"), whole(p, "sd"), Fraction(str(p["z"]))
    distance = abs(z) * sd
    side, sign = ("above", "+") if z > 0 else ("below", "-")
    answer = mean + z * sd
    return Solution(
        (
            f"A z-score of {decimal(z)} means that the value lies {decimal(abs(z))} standard deviations {side} the mean, "
            f"that is {decimal(abs(z))} * {sd} = {distance} {side} it.",
            f"The value is {mean} {sign} {distance} = {answer}.",
        ),
        answer,
    )


def _draw_frequency_table(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    start = rng.randint(0, 6)
    counts = [rng.randint(2, 6 * difficulty) for _ in range(3 + difficulty)]
    last = whole_between(rng, fed, 2, 8 * difficulty, 10**4)
    if last is None:
        return None
    values = tuple(range(start, start + len(counts) + 1))
    drawn: Parameters = {"values": values, "counts": tuple(counts), "last": last, "end": values[-1], "others": values[:-1]}
    return drawn if 20 * _table_mean(drawn) % 1 == 0 or fed is not None else None


def _table_mean(p: Parameters) -> Fraction:
    counts = (*numbers(p, "counts"), number(p, "last"))
    products = [value * count for value, count in zip(numbers(p, "values"), counts, strict=True)]
    return sum(products, Fraction(0)) / sum(counts)


def _solve_frequency_table(p: Parameters) -> Solution:
    values, counts = numbers(p, "values"), (*numbers(p, "counts"), number(p, "last"))
    working = " + ".join(f"{value} * {count}" for value, count in zip(values, counts, strict=True))
    total = sum((value * count for value, count in zip(values, counts, strict=True)), Fraction(0))
    size, answer = sum(counts), _table_mean(p)
    return Solution(
        (
            f"The frequencies in the frequency table add up to {_total(counts)} = {size}.",
            f"Each value counts as often as its frequency says: {working} = {total}.",
            f"The arithmetic mean is {total}/{size}" + ("." if f"{total}/{size}" == str(answer) else f" = {answer}."),
        ),
        answer,
    )


def _draw_histogram(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    width = rng.choice((2, 4, 5, 8, 10, 20) if difficulty < 3 else (4, 5, 8, 16, 20, 25, 40, 50))
    low = width * rng.randint(1, 10 * difficulty)
    count = whole_between(rng, fed, 3, 60 * difficulty, 10**5)
    return None if count is None else {"count": count, "low": low, "high": low + width}


def _solve_histogram(p: Parameters) -> Solution:
    count, low, high = whole(p, "count"), whole(p, "low"), whole(p, "high")
    answer = Fraction(count, high - low)
    return Solution(
        (
            f"The class interval has the width {high} - {low} = {high - low}.",
            "In a histogram the area of a bar shows the frequency, so its height is the frequency density, the frequency "
            "divided by the class width.",
            f"The frequency density is {count}/{high - low} = {decimal(answer)}.",
        ),
        answer,
    )
