"""Skills of ratios: sharing, proportions, map scales, direct and inverse proportion."""

import random
from fractions import Fraction
from math import gcd

from synth_assets.teachers.embedded.parameters import number, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _draw_share(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    pairs = [(a, b) for b in range(1, 4 + 3 * difficulty) for a in range(b + 1, 6 + 3 * difficulty) if gcd(a, b) == 1]
    more, less = rng.choice(pairs)
    total = fed_whole(fed, (more + less) * rng.randint(2, 15 * difficulty), least=6)
    fitting = [(a, b) for a, b in pairs if total and total % (a + b) == 0 and total >= 2 * (a + b)]
    if total is None or not fitting:
        return None
    if fed is not None:
        more, less = rng.choice(fitting)
    return {"total": total, "more": more, "less": less}


def _solve_share(p: Parameters) -> Solution:
    total, more, less = whole(p, "total"), whole(p, "more"), whole(p, "less")
    part = total // (more + less)
    return Solution(
        (
            f"Division in the given ratio {more} : {less} makes {more} + {less} = {more + less} equal parts.",
            f"One part is {total} / {more + less} = {part}.",
            f"The larger share has {more} parts: {more} * {part} = {more * part}.",
        ),
        more * part,
    )


def _draw_proportion(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first, second = rng.sample(range(2, 6 + 5 * difficulty), 2)
    third = fed_whole(fed, first // gcd(first, second) * rng.randint(2, 8 * difficulty), most=10**5)
    if third is None:
        return None
    if fed is not None:
        fitting = [n for n in range(2, 25) if n != second and third * second % n == 0]
        first = rng.choice(fitting) if fitting else 0
    return {"first": first, "second": second, "third": third} if first else None


def _solve_proportion(p: Parameters) -> Solution:
    first, second, third = whole(p, "first"), whole(p, "second"), whole(p, "third")
    return Solution(
        (
            f"Write the proportion {first}/{second} = {third}/x for the unknown number x.",
            f"The cross products of a proportion are equal: {first} * x = {second} * {third} = {second * third}.",
            f"Divide by {first}: x = {second * third} / {first} = {second * third // first}.",
        ),
        second * third // first,
    )


def _draw_scale(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length = fed_whole(fed, rng.randint(2, 30 * difficulty), most=1000)
    scale = rng.choice((10, 20, 25, 40, 50, 75, 100, 150, 200, 250)[: 4 + 2 * difficulty]) * 1000
    return {"length": length, "scale": scale} if length else None


def _solve_scale(p: Parameters) -> Solution:
    length, scale = whole(p, "length"), whole(p, "scale")
    return Solution(
        (
            f"The map scale 1 : {scale} means that 1 cm on the map stands for {scale} cm.",
            f"So {length} cm stand for {length} * {scale} = {length * scale} cm.",
            f"There are 100000 cm in a kilometre: {length * scale} / 100000 = "
            f"{written(Fraction(length * scale, 10**5))}.",
        ),
        Fraction(length * scale, 10**5),
    )


def _draw_workers(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    workers, others = rng.sample(range(2, 6 + 4 * difficulty), 2)
    days = fed_whole(fed, others // gcd(workers, others) * rng.randint(1, 6 * difficulty) + 0, most=3000)
    if days is not None and fed is not None:
        fitting = [n for n in range(2, 25) if n != workers and workers * days % n == 0]
        others = rng.choice(fitting) if fitting else 0
    if fed is None and days == 1:
        days = 2 * others
    return {"workers": workers, "days": days, "others": others} if days and others else None


def _solve_workers(p: Parameters) -> Solution:
    workers, days, others = whole(p, "workers"), whole(p, "days"), whole(p, "others")
    return Solution(
        (
            "The two quantities are in inverse proportion, so their product stays the same.",
            f"This product is {workers} * {days} = {workers * days}.",
            f"Divide it by the new number {others}: {workers * days} / {others} = {workers * days // others}.",
        ),
        Fraction(workers * days, others),
    )


def _draw_direct(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    portions = rng.randint(2, 3 + 3 * difficulty)
    grams = 10 * portions * rng.randint(2, 12 * difficulty)
    wanted = fed_whole(fed, rng.randint(2, 10 * difficulty), most=10**4)
    if wanted is None:
        return None
    return {"portions": portions, "grams": grams, "wanted": wanted + (fed is None and wanted == portions)}


def _solve_direct(p: Parameters) -> Solution:
    portions, grams, wanted = whole(p, "portions"), whole(p, "grams"), number(p, "wanted")
    return Solution(
        (
            f"The two quantities are in direct proportion; their ratio is {grams} / {portions} = {grams // portions}.",
            f"Multiply by the new number: {wanted} * {grams // portions} = {wanted * grams / portions}.",
        ),
        wanted * grams / portions,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="share_in_ratio",
        topic="ratio and proportion",
        concepts=("division in a given ratio", "ratio"),
        level="middle",
        phrasings=(
            "Divide {total} into two parts in the ratio {more} : {less}. What is the larger part?",
            "{person} and {other} share {total} {items} in the ratio {more} to {less}. How many {items} does {person} "
            "get?",
            "The ratio of old to new {items} at {place} is {more} : {less}, and there are {total} {items} in all. How "
            "many of them are old?",
            "A mixture of {total} grams consists of sand and cement in the ratio {more} : {less}. How many grams of "
            "sand does it contain?",
            "Two numbers are in the ratio {more} to {less}, and their sum is {total}. Find the larger number.",
        ),
        draw=_draw_share,
        solve=_solve_share,
        feed="total",
    ),
    Skill(
        name="solve_proportion",
        topic="ratio and proportion",
        concepts=("proportion", "cross product of a proportion", "equivalent ratio"),
        level="middle",
        phrasings=(
            "Solve the proportion {first} : {second} = {third} : x for x.",
            "The ratio of {third} to a number x is equal to the ratio of {first} to {second}. Find x.",
            "For every {first} small {items} there are {second} large ones at {place}. If {third} of the {items} are "
            "small, how many are large?",
            "{person} mixes {first} parts of blue paint with {second} parts of white paint. How many litres of white "
            "paint go with {third} litres of blue paint?",
            "Use cross products to find x if x is to {third} as {second} is to {first}.",
        ),
        draw=_draw_proportion,
        solve=_solve_proportion,
        feed="third",
    ),
    Skill(
        name="map_distance",
        topic="ratio and proportion",
        concepts=("map scale", "unit conversion"),
        level="middle",
        phrasings=(
            "On a map with the scale 1 : {scale} two towns are {length} cm apart. How many kilometres apart are they "
            "in reality?",
            "The scale of a map is 1 : {scale}. What distance in kilometres do {length} centimetres on the map stand "
            "for?",
            "{person} measures {length} cm between a lake and a village on a map drawn at 1 : {scale}. Find the real "
            "distance in kilometres.",
            "A road is {length} cm long on a map whose scale is 1 : {scale}. How long is the road in kilometres?",
            "Find the true length, in kilometres, of a river that measures {length} centimetres at a map scale of "
            "1 : {scale}.",
        ),
        draw=_draw_scale,
        solve=_solve_scale,
        feed="length",
    ),
    Skill(
        name="inverse_proportion",
        topic="ratio and proportion",
        concepts=("inverse proportion", "proportion"),
        level="middle",
        phrasings=(
            "{workers} workers need {days} days for a job. How many days do {others} workers need at the same pace?",
            "A supply of food lasts {workers} hikers {days} days. For how many days does it last {others} hikers?",
            "{workers} equal pumps empty a basin in {days} hours. In how many hours do {others} such pumps empty it?",
            "At {place} {workers} people finish the cleaning in {days} days. How many days would {others} people take "
            "if all work equally fast?",
            "The quantities x and y are inversely proportional, and y = {days} when x = {workers}. What is y when "
            "x = {others}?",
        ),
        draw=_draw_workers,
        solve=_solve_workers,
        feed="days",
    ),
    Skill(
        name="direct_proportion",
        topic="ratio and proportion",
        concepts=("direct proportion", "ratio", "unit rate"),
        level="middle",
        phrasings=(
            "A recipe for {portions} people takes {grams} grams of flour. How many grams are needed for {wanted} "
            "people?",
            "{person} cooks rice for {wanted} people. The packet says {grams} grams for {portions} people. How many "
            "grams does {person} need?",
            "The quantities x and y are directly proportional, and y = {grams} when x = {portions}. Find y when "
            "x = {wanted}.",
            "The cook at {place} uses {grams} grams of sugar for {portions} guests. How many grams of sugar are "
            "needed for {wanted} guests?",
            "If {portions} equal bolts weigh {grams} grams, how many grams do {wanted} of these bolts weigh?",
        ),
        draw=_draw_direct,
        solve=_solve_direct,
        feed="wanted",
    ),
)
