"""Problem skills of sampling: standard error, proportions, strata, capture and recapture."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal
from synth_assets.teachers.embedded.skills.chance.feeding import whole_between

INFERENCE = "statistical inference"


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
    again = rng.randint(2, 4 + 4 * difficulty)
    if marked is None or again >= marked:
        return None
    return {"marked": marked, "caught": again * rng.randint(3, 8 + 2 * difficulty), "again": again}


def _solve_recapture(p: Parameters) -> Solution:
    marked, caught, again = whole(p, "marked"), whole(p, "caught"), whole(p, "again")
    answer = marked * caught // again
    return Solution(
        (
            f"By the capture-recapture method the marked share is the same in the sample and in the "
            f"population: {again}/{caught} = {marked}/x, where x is the size of the population.",
            f"Solving for x gives x = {marked} * {caught}/{again} = {answer}.",
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


SKILLS: tuple[Skill, ...] = (
    Skill(
        "standard_error_of_mean",
        INFERENCE,
        ("standard error", "sample mean", "sample size"),
        "college",
        (
            "The masses of the apples sold at {place} have a standard deviation of {sd} grams. What is the standard "
            "error of the mean of a random sample of {n}, in grams?",
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
)
