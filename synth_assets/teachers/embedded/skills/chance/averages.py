"""Problem skills of averages: mean, median, mode, weighted mean, frequency tables and histograms."""

from collections import Counter
from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import number, numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, written
from synth_assets.teachers.embedded.skills.chance.data import added, data_and_one_more, middle
from synth_assets.teachers.embedded.skills.chance.feeding import whole_between

TOPIC = "descriptive statistics"


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
            f"The known values add up to {added(data)} = {known}.",
            f"The missing value is {count * mean} - {known} = {count * mean - known}.",
        ),
        count * mean - known,
    )


def _solve_median(p: Parameters) -> Solution:
    ordered = sorted((*numbers(p, "data"), number(p, "extra")))
    answer, half = middle(ordered), len(ordered) // 2
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
    return {"m": m, "first": first, "n": n, "second": second} if second > 1 else None


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


def _draw_frequency_table(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    start = rng.randint(0, 6)
    counts = [rng.randint(2, 6 * difficulty) for _ in range(3 + difficulty)]
    last = whole_between(rng, fed, 2, 8 * difficulty, 10**4)
    if last is None:
        return None
    if fed is None:
        last += -(sum(counts) + last) % (5 * difficulty)
    values = tuple(range(start, start + len(counts) + 1))
    return {"values": values, "counts": tuple(counts), "last": last, "end": values[-1], "others": values[:-1]}


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
            f"The frequencies in the frequency table add up to {added(counts)} = {size}.",
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
            "In a histogram the area of a bar shows the frequency, so its height is the frequency density, the "
            "frequency divided by the class width.",
            f"The frequency density is {count}/{high - low} = {decimal(answer)}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "missing_value_for_mean",
        TOPIC,
        ("arithmetic mean",),
        "middle",
        (
            "The mean of {count} numbers is {mean}. All but one of them are known: {data}. What is the remaining "
            "number?",
            "{person} wants the mean of {count} results to be {mean}. The results so far are {data}. What must the "
            "last result be?",
            "The arithmetic mean of {data} and one more number x is {mean}, over all {count} numbers. Find x.",
            "On {count} days an average of {mean} visitors came to {place}. The counts {data} belong to the earlier "
            "days. How many visitors came on the last day?",
            "{person} and {other} pack {count} crates of {items} with an average mass of {mean} kg. The crates "
            "weighed so far have {data} kg. Determine the mass of the last crate in kg.",
        ),
        _draw_missing_value,
        _solve_missing_value,
        "mean",
    ),
    Skill(
        "median_of_data",
        TOPIC,
        ("median", "data set"),
        "middle",
        (
            "The scores of a team at {place} are {data} and {extra}. What is the median score?",
            "Find the median of the following data: {data}, {extra}.",
            "{person} counts the {items} in several boxes and writes down {data} and, for the last box, {extra}. What "
            "is the median number in a box?",
            "Arrange the values {data} and {extra} in order of size and determine their median.",
            "On successive days {person} walked {data} and {extra} minutes to {place}. Calculate the median of these "
            "times, in minutes.",
        ),
        data_and_one_more,
        _solve_median,
        "extra",
    ),
    Skill(
        "mode_after_shift",
        TOPIC,
        ("mode of data", "data set"),
        "middle",
        (
            "The marks in a test are {data}. Every mark is then raised by {shift} points. What is the mode of the new "
            "marks?",
            "The number {shift} is added to each of the values {data}. Find the mode of the resulting data.",
            "{person} notes the prices of the {items} at {place}: {data} dollars. Each price goes up by {shift} "
            "dollars. What is the mode of the prices now, in dollars?",
            "A data set consists of {data}. Determine the mode after every value has been increased by {shift}.",
            "The ages of the people in a group are {data}. Which age will be the mode of the same group in {shift} "
            "years?",
        ),
        _draw_mode,
        _solve_mode,
        "shift",
    ),
    Skill(
        "weighted_mean_of_groups",
        TOPIC,
        ("weighted mean", "arithmetic mean"),
        "middle",
        (
            "A group of {m} pupils has a mean score of {first}, and another group of {n} pupils has a mean score of "
            "{second}. What is the mean score of all the pupils together?",
            "{person} weighs {m} {items} with a mean mass of {first} grams, and {other} weighs {n} others with a mean "
            "mass of {second} grams. Find the mean mass of all of them in grams.",
            "A value of {first} has the weight {m} and a value of {second} has the weight {n}. Calculate their "
            "weighted mean.",
            "On {m} days an average of {first} people came to {place}; on {n} further days the average was {second}. "
            "What was the average over all these days?",
            "{m} numbers have the arithmetic mean {first}. Another {n} numbers have the arithmetic mean {second}. "
            "Determine the arithmetic mean of all {m} + {n} numbers.",
        ),
        _draw_combined_mean,
        _solve_combined_mean,
        "first",
    ),
    Skill(
        "mean_from_frequency_table",
        TOPIC,
        ("frequency table", "arithmetic mean"),
        "middle",
        (
            "In a frequency table the values {others} have the frequencies {counts}, in this order, and the value "
            "{end} has the frequency {last}. What is the mean of the data?",
            "{person} asks people at {place} how many books they have with them. The answers {others} are given "
            "{counts} times respectively, and the answer {end} is given {last} times. Find the mean number of books.",
            "A list of numbers contains the numbers {others}, in this order {counts} times each, and the number {end} "
            "occurs {last} times. Calculate the arithmetic mean of the list.",
            "Goals per match in a season: {others} goals, in {counts} matches respectively, and {end} goals in {last} "
            "matches. How many goals were scored per match on average?",
            "The number of {items} on a shelf was recorded. The counts {others} were seen with the frequencies "
            "{counts} respectively, while the count {end} was seen on {last} shelves. Determine the mean count, as a "
            "fraction if necessary.",
        ),
        _draw_frequency_table,
        _solve_frequency_table,
        "last",
    ),
    Skill(
        "histogram_frequency_density",
        TOPIC,
        ("histogram", "frequency density", "class interval"),
        "high school",
        (
            "In a histogram of waiting times at {place}, the class from {low} to {high} minutes contains {count} "
            "customers. What is the frequency density of this class, in customers per minute?",
            "A class interval from {low} to {high} has the frequency {count}. Find the height of its bar in a "
            "histogram that shows frequency density.",
            "{person} measures plants and finds {count} of them with a height between {low} cm and {high} cm. How "
            "high, in plants per cm, is the bar over this class in the histogram of frequency densities?",
            "Grouped data have a class with the limits {low} and {high} and a frequency of {count}. Calculate the "
            "frequency density of the class.",
            "{other} draws a histogram of the masses of some {items}. Between {low} g and {high} g there are {count} "
            "of them. Determine the frequency density of that class, per gram.",
        ),
        _draw_histogram,
        _solve_histogram,
        "count",
    ),
)
