"""Skills of units of length, capacity and mass: metric and customary conversion, mixed units."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal
from synth_assets.teachers.embedded.skills.fed import fed_whole

_METRIC = (
    ("centimetres", "millimetres", 10),
    ("metres", "centimetres", 100),
    ("metres", "millimetres", 1000),
    ("kilometres", "metres", 1000),
    ("decimetres", "centimetres", 10),
)


_CUSTOMARY = (
    ("feet", "inches", 12),
    ("yards", "feet", 3),
    ("yards", "inches", 36),
    ("miles", "feet", 5280),
    ("miles", "yards", 1760),
)


_CAPACITY = (
    ("gallons", "quarts", 4),
    ("quarts", "pints", 2),
    ("gallons", "pints", 8),
    ("pints", "cups", 2),
    ("gallons", "cups", 16),
)


def _draw_metric(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    large, small, factor = rng.choice(_METRIC)
    amount = fed_whole(fed, rng.randint(2, 40 * difficulty) * factor // (1 if difficulty == 1 else 5))
    return {"amount": amount, "large": large, "small": small, "factor": factor} if amount else None


def _solve_metric(p: Parameters) -> Solution:
    amount, large, small, factor = whole(p, "amount"), word(p, "large"), word(p, "small"), whole(p, "factor")
    return Solution(
        (
            f"In the metric system units differ by powers of ten: there are {factor} {small} in one "
            f"{large.removesuffix('s')}.",
            f"A smaller unit is turned into a larger one by division: {amount} / {factor} = "
            f"{decimal(Fraction(amount, factor))}.",
        ),
        Fraction(amount, factor),
    )


def _draw_customary(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    large, small, factor = rng.choice(_CUSTOMARY)
    amount = fed_whole(fed, rng.randint(2, 60 * difficulty), most=10**4)
    return {"amount": amount, "large": large, "small": small, "factor": factor} if amount else None


def _solve_customary(p: Parameters) -> Solution:
    amount, large, small, factor = whole(p, "amount"), word(p, "large"), word(p, "small"), whole(p, "factor")
    return Solution(
        (
            f"The conversion factor from {large} to {small} is {factor}.",
            f"The unit conversion multiplies by it: {amount} * {factor} = {amount * factor}.",
        ),
        amount * factor,
    )


def _draw_capacity(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    large, small, factor = rng.choice(_CAPACITY)
    amount = fed_whole(fed, rng.randint(2, 30 * difficulty), most=10**4)
    used = rng.randint(2, 2 * factor * min(amount or 2, 10) - 1)
    return {"amount": amount, "large": large, "small": small, "factor": factor, "used": used} if amount else None


def _solve_capacity(p: Parameters) -> Solution:
    amount, large, small = whole(p, "amount"), word(p, "large"), word(p, "small")
    factor, used = whole(p, "factor"), whole(p, "used")
    return Solution(
        (
            f"The conversion factor from {large} to {small} is {factor}: {amount} * {factor} = {amount * factor}.",
            f"Both amounts are now in the same unit of capacity; their sum is {amount * factor} + {used} = "
            f"{amount * factor + used} {small}.",
        ),
        amount * factor + used,
    )


def _draw_mixed_units(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    feet = fed_whole(fed, rng.randint(2, 12 * difficulty), most=10**4)
    pieces = rng.randint(2, 3 + 3 * difficulty)
    return {"feet": feet, "inches": rng.randint(2, 11), "pieces": pieces} if feet else None


def _solve_mixed_units(p: Parameters) -> Solution:
    feet, inches, pieces = whole(p, "feet"), whole(p, "inches"), whole(p, "pieces")
    length = 12 * feet + inches
    return Solution(
        (
            f"Turn the mixed units into the smaller unit of length: {feet} * 12 + {inches} = {length} inches.",
            f"For {pieces} of them multiply: {pieces} * {length} = {pieces * length} inches.",
        ),
        pieces * length,
    )


def _draw_mass(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    grams = 25 * rng.randint(2, 30 * difficulty)
    count = fed_whole(fed, rng.randint(2, 20 * difficulty), most=10**4)
    return {"count": count, "grams": grams} if count else None


def _solve_mass(p: Parameters) -> Solution:
    count, grams = whole(p, "count"), whole(p, "grams")
    return Solution(
        (
            f"Together they weigh {count} * {grams} = {count * grams} grams.",
            f"The unit of mass kilogram has 1000 grams, so this is {count * grams} / 1000 = "
            f"{decimal(Fraction(count * grams, 1000))} kilograms.",
        ),
        Fraction(count * grams, 1000),
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="metric_conversion",
        topic="measurement and units",
        concepts=("metric system", "unit conversion", "unit of length"),
        level="primary",
        phrasings=(
            "Convert {amount} {small} to {large}.",
            "How many {large} are {amount} {small}?",
            "{person} measures a length of {amount} {small} at {place}. What is this length in {large}?",
            "A cable has a length of {amount} {small}. Give its length in {large}.",
            "Express {amount} {small} in {large}; what number do you get?",
        ),
        draw=_draw_metric,
        solve=_solve_metric,
        feed="amount",
    ),
    Skill(
        name="customary_conversion",
        topic="measurement and units",
        concepts=("customary unit", "conversion factor", "unit of length"),
        level="primary",
        phrasings=(
            "Convert {amount} {large} to {small}.",
            "How many {small} are there in {amount} {large}?",
            "{person} marks out a stretch of {amount} {large}. How many {small} is that?",
            "A road that leads to {place} has a length of {amount} {large}. What is its length in {small}?",
            "Express a length of {amount} {large} in {small}.",
        ),
        draw=_draw_customary,
        solve=_solve_customary,
        feed="amount",
    ),
    Skill(
        name="capacity_sum",
        topic="measurement and units",
        concepts=("unit of capacity", "conversion factor", "customary unit"),
        level="primary",
        phrasings=(
            "How many {small} are {amount} {large} and {used} {small} together?",
            "{person} pours {amount} {large} and another {used} {small} of water into a tub. How many {small} of "
            "water are in the tub?",
            "Convert {amount} {large} to {small} and add {used} {small}. How many {small} result?",
            "The cook at {place} has {amount} {large} of milk in the fridge and {used} {small} on the table. How many "
            "{small} of milk is that?",
            "Express the sum of {amount} {large} and {used} {small} in {small}.",
        ),
        draw=_draw_capacity,
        solve=_solve_capacity,
        feed="amount",
    ),
    Skill(
        name="mixed_units",
        topic="measurement and units",
        concepts=("mixed unit of measurement", "unit of length"),
        level="primary",
        phrasings=(
            "A shelf is {feet} feet {inches} inches long. How many inches long are {pieces} such shelves end to end?",
            "{person} needs {pieces} boards of {feet} feet {inches} inches each. What is the total length in inches?",
            "Multiply the length of {feet} feet {inches} inches by {pieces} and give the result in inches.",
            "{pieces} strips of carpet, each {feet} feet {inches} inches long, are laid end to end at {place}. How "
            "many inches do they cover?",
            "Find {pieces} times {feet} feet {inches} inches, expressed in inches.",
        ),
        draw=_draw_mixed_units,
        solve=_solve_mixed_units,
        feed="feet",
    ),
    Skill(
        name="mass_in_kilograms",
        topic="measurement and units",
        concepts=("unit of mass", "metric system"),
        level="primary",
        phrasings=(
            "One packet weighs {grams} grams. How many kilograms do {count} such packets weigh?",
            "{person} buys {count} tins of {grams} grams each. What is their total mass in kilograms?",
            "Find the mass in kilograms of {count} weights of {grams} grams each.",
            "A crate at {place} holds {count} jars with a mass of {grams} grams each. How many kilograms do the jars "
            "weigh?",
            "Multiply {grams} grams by {count} and express the result in kilograms.",
        ),
        draw=_draw_mass,
        solve=_solve_mass,
        feed="count",
    ),
)
