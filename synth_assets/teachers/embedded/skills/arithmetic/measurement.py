"""Skills of temperature, time and speed in their units."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, written
from synth_assets.teachers.embedded.skills.fed import fed_whole


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


SKILLS: tuple[Skill, ...] = (
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
)
