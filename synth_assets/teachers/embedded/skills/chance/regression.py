"""Problem skills of the relation between two quantities: rank correlation, least squares, prediction."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import number, numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.chance.data import added
from synth_assets.teachers.embedded.skills.chance.feeding import whole_between

REGRESSION = "correlation and regression"


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
            "squares line rises by {slope} drinks per degree. How many drinks does the line predict for {x} degrees?",
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
