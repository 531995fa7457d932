"""Skills of measurement: metric and customary conversion, temperature, elapsed time, mixed units."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, written
from synth_assets.teachers.embedded.skills.arithmetic_fed import fed_whole

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


def _draw_temperature(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    celsius = fed_whole(
        fed, rng.randint(-8 if difficulty > 1 else 1, 20 * difficulty) * (5 if difficulty < 3 else 1), -273, 5000
    )
    rise = rng.randint(2, 12 * difficulty) * 5
    return None if celsius is None else {"celsius": celsius, "rise": rise}


def _solve_temperature(p: Parameters) -> Solution:
    celsius, rise = whole(p, "celsius"), whole(p, "rise")
    warm = celsius + rise
    fahrenheit = Fraction(9 * warm, 5) + 32
    return Solution(
        (
            f"After the rise the temperature is {celsius} + {rise} = {warm} degrees Celsius.",
            f"Change the temperature scale with F = 9/5 * C + 32: 9/5 * {f'({warm})' if warm < 0 else warm} = "
            f"{decimal(fahrenheit - 32)}.",
            f"Adding 32 gives {decimal(fahrenheit)} degrees Fahrenheit.",
        ),
        fahrenheit,
    )


def _draw_speed(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    speed = fed_whole(fed, rng.randint(2, 40) * (18 if difficulty == 1 else 9), most=3600)
    seconds = [n for n in range(2, 1 + 20 * difficulty) if speed and speed * n % 9 == 0]
    return {"speed": speed, "seconds": rng.choice(seconds)} if speed else None


def _solve_speed(p: Parameters) -> Solution:
    speed, seconds = whole(p, "speed"), whole(p, "seconds")
    rate = Fraction(speed * 5, 18)
    return Solution(
        (
            "One hour has 3600 seconds and one kilometre 1000 metres, so the conversion factor from km/h to m/s is "
            f"1000/3600 = 5/18 and the speed is {speed} * 5/18 = {written(rate)} m/s.",
            f"In {seconds} seconds this gives {seconds} * {written(rate)} = {written(rate * seconds)} metres.",
        ),
        rate * seconds,
    )


def _draw_elapsed(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    step = 5 if difficulty == 1 else 1
    start = rng.randrange(5 * 60, 14 * 60, step)
    length = rng.randrange(20, 180 * difficulty, step)
    clock = {name: f"{at // 60}:{at % 60:02d}" for name, at in (("start", start), ("end", start + length))}
    return {**clock, "start_minute": start, "end_minute": start + length}


def _solve_elapsed(p: Parameters) -> Solution:
    start, end = whole(p, "start_minute"), whole(p, "end_minute")
    return Solution(
        (
            f"Count both times in minutes after midnight: {start // 60} * 60 + {start % 60} = {start} and "
            f"{end // 60} * 60 + {end % 60} = {end}.",
            f"The elapsed time is their difference: {end} - {start} = {end - start} minutes.",
        ),
        end - start,
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


def _draw_coins(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    dimes = fed_whole(fed, rng.randint(2, 20 * difficulty), most=10**4)
    if dimes is None:
        return None
    return {"dimes": dimes, "quarters": rng.randint(2, 15 * difficulty), "nickels": rng.randint(2, 15 * difficulty)}


def _solve_coins(p: Parameters) -> Solution:
    dimes, quarters, nickels = number(p, "dimes"), number(p, "quarters"), number(p, "nickels")
    cents = 10 * dimes + 25 * quarters + 5 * nickels
    return Solution(
        (
            f"The value of coins is the number times the value of one: {written(quarters)} * 25 = "
            f"{written(25 * quarters)}, {written(dimes)} * 10 = {written(10 * dimes)} and {written(nickels)} * 5 = "
            f"{written(5 * nickels)} cents.",
            f"Together that is {written(25 * quarters)} + {written(10 * dimes)} + {written(5 * nickels)} = "
            f"{written(cents)} cents.",
        ),
        cents,
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
        name="temperature_conversion",
        topic="measurement and units",
        concepts=("temperature scale", "unit conversion"),
        level="middle",
        phrasings=(
            "A temperature of {celsius} degrees Celsius rises by {rise} degrees Celsius. What is the new temperature "
            "in degrees Fahrenheit?",
            "{person} heats a liquid from {celsius} degrees Celsius by a further {rise} degrees Celsius. Give the "
            "final temperature in degrees Fahrenheit.",
            "Add {rise} to {celsius} to get a temperature in degrees Celsius. What is it on the Fahrenheit scale?",
            "A thermometer shows {celsius} degrees Celsius, and then it becomes {rise} degrees Celsius warmer. How "
            "many degrees Fahrenheit is that?",
            "Find the Fahrenheit temperature that belongs to a reading {rise} degrees Celsius above {celsius} degrees "
            "Celsius.",
        ),
        draw=_draw_temperature,
        solve=_solve_temperature,
        feed="celsius",
    ),
    Skill(
        name="speed_conversion",
        topic="measurement and units",
        concepts=("conversion factor", "unit conversion", "speed"),
        level="middle",
        phrasings=(
            "A vehicle moves at {speed} km/h. How many metres does it cover in {seconds} seconds?",
            "How many metres are covered in {seconds} seconds at a speed of {speed} kilometres per hour?",
            "{person} watches a train pass at {speed} km/h for {seconds} seconds. How many metres does the train "
            "cover in this time?",
            "Convert {speed} km/h to metres per second and find the distance in metres covered in {seconds} seconds.",
            "At {speed} km/h, what distance in metres corresponds to {seconds} seconds?",
        ),
        draw=_draw_speed,
        solve=_solve_speed,
        feed="speed",
    ),
    Skill(
        name="elapsed_time",
        topic="measurement and units",
        concepts=("elapsed time", "difference"),
        level="primary",
        phrasings=(
            "How many minutes pass from {start} to {end} of the same day on a 24-hour clock?",
            "{person} arrives at {place} at {start} and leaves at {end} on the same day (24-hour clock). How many "
            "minutes does {person} stay?",
            "A train departs at {start} and arrives at {end} on the same day, by the 24-hour clock. How many minutes "
            "does the journey take?",
            "Find the elapsed time in minutes between {start} and {end} on one day of the 24-hour clock.",
            "A concert lasts from {start} until {end} by the 24-hour clock. What is its length in minutes?",
        ),
        draw=_draw_elapsed,
        solve=_solve_elapsed,
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
    Skill(
        name="value_of_coins",
        topic="money and simple interest",
        concepts=("value of coins", "multiplication", "sum"),
        level="primary",
        phrasings=(
            "{person} has {dimes} dimes, {quarters} quarters and {nickels} nickels. What is the total value of the "
            "coins in cents?",
            "How many cents are {quarters} quarters, {dimes} dimes and {nickels} nickels worth together?",
            "A jar at {place} holds {nickels} nickels, {dimes} dimes and {quarters} quarters. How many cents is that?",
            "Find the value in cents of {dimes} ten-cent coins, {quarters} twenty-five-cent coins and {nickels} "
            "five-cent coins.",
            "{person} pays {other} with {quarters} quarters, {nickels} nickels and {dimes} dimes. How many cents does "
            "{other} receive?",
        ),
        draw=_draw_coins,
        solve=_solve_coins,
        feed="dimes",
    ),
)
