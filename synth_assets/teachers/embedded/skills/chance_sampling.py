"""Problem skills of sampling and of the relation between two quantities: estimates, correlation, least squares."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import number, numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, written
from synth_assets.teachers.embedded.skills.chance_data import added
from synth_assets.teachers.embedded.skills.chance_feeding import whole_between

INFERENCE = "statistical inference"
REGRESSION = "correlation and regression"


def _draw_standard_error(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    root = rng.choice((2, 4, 5, 8, 10) if difficulty < 3 else (4, 5, 8, 10, 16, 20, 25))
    sd = whole_between(rng, fed, 3, 20 * difficulty, 10**5)
    return None if sd is None else {"sd": sd, "n": root * root}


def _solve_standard_error(p: Parameters) -> Solution:
    sd, n = whole(p, "sd"), whole(p, "n")
    root = next(r for r in range(1, n + 1) if r * r == n)
    answer = Fraction(sd, root)
    return Solution(
        (
            "The standard error of the mean is the standard deviation divided by the square root of the sample size.",
            f"The square root of {n} is {root}, so it is {sd}/{root} = {decimal(answer)}.",
        ),
        answer,
    )


def _draw_recapture(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    marked = whole_between(rng, fed, 10, 60 * difficulty, 10**5)
    again, caught = rng.randint(2, 6 * difficulty), rng.randint(15, 60 * difficulty)
    if marked is None or again >= min(marked, caught) or marked * caught % again:
        return None
    return {"marked": marked, "caught": caught, "again": again}


def _solve_recapture(p: Parameters) -> Solution:
    marked, caught, again = whole(p, "marked"), whole(p, "caught"), whole(p, "again")
    answer = marked * caught // again
    return Solution(
        (
            f"By the capture-recapture method the share of marked animals is the same in the sample and in the "
            f"population: {again}/{caught} = {marked}/N, where N is the size of the population.",
            f"Solving for N gives N = {marked} * {caught}/{again} = {answer}.",
        ),
        answer,
    )


def _draw_proportion(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    size = rng.choice((20, 25, 40, 50, 100) if difficulty == 1 else (30, 40, 60, 75, 80, 120, 150, 200))
    hits = rng.randint(3, size - 3)
    total = whole_between(
        rng, None if fed is None else Fraction(fed) / size, 3, 10 * difficulty * difficulty, 10**6 // size
    )
    return None if total is None else {"hits": hits, "size": size, "total": total * size}


def _solve_proportion(p: Parameters) -> Solution:
    hits, size, total = whole(p, "hits"), whole(p, "size"), whole(p, "total")
    answer = hits * total // size
    return Solution(
        (
            f"The sample proportion is {hits}/{size}"
            + ("." if Fraction(hits, size).denominator == size else f" = {Fraction(hits, size)}."),
            f"Carried over to the whole population this gives {total} * {hits}/{size} = {answer}.",
        ),
        answer,
    )


def _draw_stratified(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    per = rng.randint(3, 4 + 4 * difficulty)
    parts = tuple(rng.randint(2, 6 + 4 * difficulty) for _ in range(3))
    size = whole_between(rng, fed, sum(parts), sum(parts), 10**4)
    if size is None or size % sum(parts):
        return None
    first, second, third = (part * per for part in parts)
    return {"first": first, "second": second, "third": third, "size": size} if size < first + second + third else None


def _solve_stratified(p: Parameters) -> Solution:
    first, second, third, size = (whole(p, name) for name in ("first", "second", "third", "size"))
    total = first + second + third
    answer = first * size // total
    return Solution(
        (
            f"There are {first} + {second} + {third} = {total} people in all.",
            f"In stratified sampling each stratum has the same share in the sample as in the population; for the "
            f"first this is {first}/{total}.",
            f"So {size} * {first}/{total} = {answer} people are taken from it.",
        ),
        answer,
    )


def _draw_rank_correlation(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    del fed
    size = 4 + difficulty
    return {"size": size, "ranks": tuple(rng.sample(range(1, size + 1), size)), "order": tuple(range(1, size + 1))}


def _solve_rank_correlation(p: Parameters) -> Solution:
    ranks = numbers(p, "ranks")
    n = len(ranks)
    squares = tuple((rank - place) ** 2 for place, rank in enumerate(ranks, start=1))
    total = sum(squares, Fraction(0))
    answer = 1 - 6 * total / (n * (n * n - 1))
    return Solution(
        (
            f"The squared differences of the ranks are {written(squares)}, with the sum {total}.",
            f"For n = {n} pairs without ties the rank correlation is 1 - 6 * {total}/(n * (n^2 - 1)) = "
            f"1 - {6 * total}/{n * (n * n - 1)} = {answer}.",
        ),
        answer,
    )


def _draw_least_squares(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    """Points over equally spaced x, so that the mean of x is one of them; the mean of y is whole."""
    step, size = rng.randint(1, 1 + difficulty), 3 if difficulty == 1 else 5
    xs = tuple(step * (place + 1) for place in range(size))
    ys = [rng.randint(1, 8 * difficulty) for _ in range(size)]
    ys[-1] += -sum(ys) % size
    if fed is not None:
        first = whole_between(rng, fed, 1, 1, 1000)
        if first is None:
            return None
        ys = [first + y - ys[0] for y in ys]
    return {"xs": xs, "first": ys[0], "rest": tuple(ys[1:])} if min(ys) > 0 else None


def _solve_least_squares(p: Parameters) -> Solution:
    xs, ys = numbers(p, "xs"), (number(p, "first"), *numbers(p, "rest"))
    n = len(xs)
    x_mean, y_mean = sum(xs, Fraction(0)) / n, sum(ys, Fraction(0)) / n
    products = tuple((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True))
    squares = tuple((x - x_mean) ** 2 for x in xs)
    above, below = sum(products, Fraction(0)), sum(squares, Fraction(0))
    return Solution(
        (
            f"The means are {x_mean} for x and ({added(ys)})/{n} = {y_mean} for y.",
            f"The products of the deviations from these means are {written(products)}, with the sum {above}.",
            f"The squared deviations of x are {written(squares)}, with the sum {below}.",
            f"By the method of least squares the line of best fit has the slope {above}/{below} = {above / below}.",
        ),
        above / below,
    )


def _draw_prediction(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x = whole_between(rng, fed, 3, 20 * difficulty, 10**4)
    slope = rng.randint(2, 3 + 2 * difficulty)
    x_mean = rng.randint(5, 20 * difficulty)
    y_mean = slope * x_mean + rng.randint(2, 40)
    return None if x is None or x == x_mean else {"x": x, "slope": slope, "x_mean": x_mean, "y_mean": y_mean}


def _solve_prediction(p: Parameters) -> Solution:
    x, slope, x_mean, y_mean = (whole(p, name) for name in ("x", "slope", "x_mean", "y_mean"))
    answer = y_mean + slope * (x - x_mean)
    sign = "+" if x > x_mean else "-"
    return Solution(
        (
            f"The line of best fit passes through the point of the means, ({x_mean}, {y_mean}).",
            f"From there to x = {x} the first coordinate changes by {x} - {x_mean} = {x - x_mean}, so the second "
            f"changes by {slope} * {x - x_mean if x > x_mean else f'({x - x_mean})'} = {slope * (x - x_mean)}.",
            f"The predicted value is {y_mean} {sign} {slope * abs(x - x_mean)} = {answer}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "standard_error_of_mean",
        INFERENCE,
        ("standard error", "sample mean", "sample size"),
        "college",
        (
            "The masses of the {items} at {place} have a standard deviation of {sd} grams. What is the standard error "
            "of the mean of a random sample of {n}, in grams?",
            "A population has the standard deviation {sd}. Find the standard error of the mean for samples of size "
            "{n}.",
            "{person} draws a random sample of {n} values, independently, from a distribution with standard deviation "
            "{sd}. Calculate the standard deviation of the sample mean.",
            "Test scores vary with a standard deviation of {sd} points. The mean score of {n} randomly chosen pupils "
            "is reported. How large is its standard error, in points?",
            "A machine fills bags with a standard deviation of {sd} grams. An inspector weighs {n} bags chosen at "
            "random and takes their mean. Determine the standard error of this mean in grams.",
        ),
        _draw_standard_error,
        _solve_standard_error,
        "sd",
    ),
    Skill(
        "capture_recapture_estimate",
        INFERENCE,
        ("capture-recapture method", "sample proportion"),
        "high school",
        (
            "A warden catches {marked} fish in a pond, marks them and lets them go. A week later {caught} fish are "
            "caught, and {again} of them are marked. Estimate the number of fish in the pond.",
            "{person} rings {marked} birds near {place}. Later, {again} of {caught} birds caught there wear a ring. "
            "How many birds are there, according to the capture-recapture method?",
            "In a forest {marked} beetles were marked with paint. In a second sample of {caught} beetles, {again} had "
            "the paint mark. Find the estimate of the size of the beetle population.",
            "To estimate a population, {marked} animals are marked and released; a random sample of {caught} animals "
            "then contains {again} marked ones. What is the estimated size of the population?",
            "{person} puts a star on {marked} of the many beads in a jar and stirs well. {other} then takes out "
            "{caught} beads and sees {again} stars. Estimate how many beads the jar holds.",
        ),
        _draw_recapture,
        _solve_recapture,
        "marked",
    ),
    Skill(
        "estimate_from_sample_proportion",
        INFERENCE,
        ("sample proportion", "random sample"),
        "middle",
        (
            "In a random sample of {size} visitors to {place}, {hits} came by train. Estimate how many of all {total} "
            "visitors came by train.",
            "{person} inspects a random sample of {size} {items} and finds that {hits} are faultless. How many "
            "faultless ones are to be expected in a delivery of {total}?",
            "A random sample of size {size} contains {hits} members with a certain property. By the sample "
            "proportion, how many members of a population of {total} have the property?",
            "Of {size} voters asked at random, {hits} favour a new bridge. Find the number in favour among all "
            "{total} voters that this suggests.",
            "A survey of {size} randomly chosen pupils shows that {hits} walk to school. The school district has "
            "{total} pupils. Use the sample to estimate how many of them walk.",
        ),
        _draw_proportion,
        _solve_proportion,
        "total",
    ),
    Skill(
        "stratified_sample_size",
        INFERENCE,
        ("stratified sampling", "sample size"),
        "high school",
        (
            "A school has {first} pupils in the lower years, {second} in the middle years and {third} in the upper "
            "years. A stratified sample of {size} pupils is taken. How many come from the lower years?",
            "A firm employs {first} people in production, {second} in sales and {third} in the office. For a "
            "stratified sample of size {size}, find the number of people from production.",
            "On one day {first} children, {second} adults and {third} pensioners came to {place}. {person} wants to "
            "question {size} of them so that each group has its fair share. How many children should be asked?",
            "A population consists of three strata of {first}, {second} and {third} people. A sample of {size} is "
            "allotted in proportion to the strata. How many belong to the first stratum?",
            "A club has {first} swimmers, {second} rowers and {third} runners, and nobody does two sports. Calculate "
            "the number of swimmers in a proportional stratified sample of {size} members.",
        ),
        _draw_stratified,
        _solve_stratified,
        "size",
    ),
    Skill(
        "spearman_rank_correlation",
        REGRESSION,
        ("rank correlation", "correlation coefficient"),
        "college",
        (
            "{person} and {other} judge {size} cakes at {place}. In the order in which {person} ranks them, {order}, "
            "the cakes receive the ranks {ranks} from {other}. What is Spearman's rank correlation coefficient of the "
            "two rankings?",
            "Objects with the ranks {order} in one respect have the ranks {ranks}, in this order, in another. Find "
            "the rank correlation coefficient by Spearman's formula.",
            "The {size} runners who came in on the places {order} of a first race took the places {ranks}, "
            "respectively, in a second race. Calculate Spearman's rank correlation of the two results.",
            "Determine Spearman's coefficient of rank correlation for the pairs formed by the ranks {order} and, in "
            "the same order, the ranks {ranks}.",
            "Ranked by price, {size} kinds of tea have the ranks {order}. Ranked by taste, the same teas have the "
            "ranks {ranks} in this order. How large is the rank correlation (Spearman) between price and taste?",
        ),
        _draw_rank_correlation,
        _solve_rank_correlation,
    ),
    Skill(
        "least_squares_slope",
        REGRESSION,
        ("least squares", "line of best fit", "scatter plot"),
        "college",
        (
            "A scatter plot shows points with the x-coordinates {xs} and, in the same order, the y-coordinates "
            "{first}, {rest}. What is the slope of the line of best fit by the method of least squares?",
            "For x = {xs} the values of y are {first}, {rest}, respectively. Find the slope of the least squares "
            "regression line of y on x.",
            "After {xs} weeks {person}'s plant carried {first}, {rest} leaves, respectively. Fit a straight line by "
            "least squares with the weeks on the x-axis. What is its slope, in leaves per week?",
            "{person} sells {first}, {rest} {items} at {place} on days with {xs} hours of sunshine, respectively. By "
            "how much does the regression line of the sales on the hours rise for each hour of sunshine?",
            "Calculate the slope of the regression line that predicts y from x, given the x-values {xs} and the "
            "corresponding y-values {first}, {rest}.",
        ),
        _draw_least_squares,
        _solve_least_squares,
        "first",
    ),
    Skill(
        "regression_prediction",
        REGRESSION,
        ("line of best fit", "correlation"),
        "high school",
        (
            "The line of best fit through a scatter plot has the slope {slope}. The mean of the x-values is {x_mean}, "
            "and the mean of the y-values is {y_mean}. Which y does the line predict for x = {x}?",
            "A regression line with slope {slope} belongs to data with mean values {x_mean} for x and {y_mean} for y. "
            "Find the predicted value of y when x is {x}.",
            "At {place}, a mean of {y_mean} drinks is sold on days with a mean of {x_mean} degrees, and the least "
            "squares line rises by {slope} drinks per degree. How many drinks does the line predict for {x} degrees? "
            "(A negative result is possible for a line.)",
            "{person} fits a least squares line of points scored against hours of practice. Its slope is {slope}; the "
            "means are {x_mean} hours and {y_mean} points. What number of points does the line give for {x} hours?",
            "Two quantities are positively correlated. Their regression line passes through the point of means "
            "({x_mean}, {y_mean}) with slope {slope}. Evaluate it at {x}.",
        ),
        _draw_prediction,
        _solve_prediction,
        "x",
    ),
)
