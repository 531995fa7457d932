"""Skills of rates: unit prices, unit rates, speed, work."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, money, written
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _draw_unit_price(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    wanted = fed_whole(fed, rng.randint(2, 12 * difficulty), most=10**4)
    count = rng.randint(2, 4 + 4 * difficulty)
    price = Fraction(rng.randint(3, 60 * difficulty) * 5, 100)
    return (
        {"count": count, "cost": money(count * price), "wanted": wanted + (wanted == count and fed is None)}
        if wanted
        else None
    )


def _solve_unit_price(p: Parameters) -> Solution:
    count, cost, wanted = whole(p, "count"), word(p, "cost"), whole(p, "wanted")
    price = Fraction(cost.removeprefix("$")) / count
    return Solution(
        (
            f"The unit price is {cost} / {count} = {money(price)}.",
            f"At this price {wanted} of them cost {wanted} * {money(price)} = {money(wanted * price)}.",
        ),
        wanted * price,
    )


def _draw_unit_rate(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    hours = rng.randint(2, 3 + 3 * difficulty)
    made = fed_whole(fed, hours * rng.randint(3, 25 * difficulty))
    if fed is not None and made:
        fitting = [n for n in range(2, 13) if made % n == 0 and made > n]
        hours = rng.choice(fitting) if fitting else 0
    if not made or not hours:
        return None
    later = rng.choice([n for n in range(2, 5 + 4 * difficulty) if n != hours])
    return {"made": made, "hours": hours, "later": later}


def _solve_unit_rate(p: Parameters) -> Solution:
    made, hours, later = whole(p, "made"), whole(p, "hours"), whole(p, "later")
    return Solution(
        (
            f"The unit rate is {made} / {hours} = {made // hours} per hour.",
            f"In {later} hours the number is {later} * {made // hours} = {later * made // hours}.",
        ),
        later * made // hours,
    )


def _draw_average_speed(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first_hours, second_hours = rng.randint(1, 1 + 2 * difficulty), rng.randint(2, 2 + 2 * difficulty)
    hours = first_hours + second_hours
    first = fed_whole(fed, first_hours * rng.randint(30, 100), least=5, most=5000)
    if first is None:
        return None
    second = second_hours * rng.randint(30, 100)
    return {
        "first": first,
        "hours_moving": first_hours,
        "second": second + -(first + second) % hours,
        "hours_more": second_hours,
    }


def _solve_average_speed(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    hours = whole(p, "hours_moving") + whole(p, "hours_more")
    return Solution(
        (
            f"The total distance is {first} + {second} = {first + second} km.",
            f"The total time is {whole(p, 'hours_moving')} + {whole(p, 'hours_more')} = {hours} hours.",
            f"The average speed is total distance over total time: {first + second} / {hours} = "
            f"{(first + second) // hours} km/h.",
        ),
        Fraction(first + second, hours),
    )


def _draw_meeting(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    slow = rng.randint(4, 15 * difficulty)
    fast = slow + rng.randint(1, 12 * difficulty)
    gap = fed_whole(fed, Fraction((slow + fast) * rng.randint(1, 8), 1).numerator, least=6, most=10**4)
    if gap is None:
        return None
    if fed is not None:
        sums = [n for n in range(5, min(gap, 150) + 1) if gap % n == 0]
        if not sums:
            return None
        total = rng.choice(sums)
        slow = rng.randint(2, (total - 1) // 2)
        fast = total - slow
    return {"gap": gap, "slow": slow, "fast": fast}


def _solve_meeting(p: Parameters) -> Solution:
    gap, slow, fast = whole(p, "gap"), whole(p, "slow"), whole(p, "fast")
    return Solution(
        (
            f"They move towards each other, so their relative speed is {slow} + {fast} = {slow + fast} km/h.",
            f"The time is the distance divided by this speed: {gap} / {slow + fast} = {gap // (slow + fast)} hours.",
        ),
        Fraction(gap, slow + fast),
    )


def _draw_distance(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    speed = fed_whole(fed, rng.randint(6, 45 * difficulty) * 2, most=2000)
    minutes = rng.choice((30, 60, 90, 120, 150) if difficulty == 1 else range(15, 121 * difficulty, 15))
    if speed is None or (fed is None and (speed * minutes * 2) % 60):
        minutes = 30 * (minutes // 30 + 1)
    return {"speed": speed, "minutes": minutes} if speed else None


def _solve_distance(p: Parameters) -> Solution:
    speed, minutes = whole(p, "speed"), whole(p, "minutes")
    hours = Fraction(minutes, 60)
    return Solution(
        (
            f"Convert the time: {minutes} minutes are {minutes}/60 = {written(hours)} of an hour."
            if hours < 1
            else f"Convert the time: {minutes} minutes are {minutes}/60 = {written(hours)} hours.",
            f"The distance travelled is speed times time: {speed} * {written(hours)} = {written(speed * hours)} km.",
        ),
        speed * hours,
    )


def _draw_work(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_whole(fed, rng.randint(2, 8 + 6 * difficulty), most=500)
    second = rng.randint(3, 10 + 8 * difficulty)
    return {"first": first, "second": second + (first == second)} if first else None


def _solve_work(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    rate = Fraction(1, first) + Fraction(1, second)
    return Solution(
        (
            f"The work rates are 1/{first} and 1/{second} of the job per hour.",
            f"Together they do 1/{first} + 1/{second} = {rate} of the job per hour.",
            f"The time for one whole job is the reciprocal of this rate: {written(1 / rate)} hours.",
        ),
        1 / rate,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="unit_price",
        topic="rates and speed",
        concepts=("unit price", "unit rate"),
        level="middle",
        phrasings=(
            "{count} {items} cost {cost}. At the same unit price, how many dollars do {wanted} {items} cost?",
            "{person} pays {cost} for {count} notebooks at {place}. What would {wanted} such notebooks cost, in "
            "dollars?",
            "If {count} tickets cost {cost}, find the price in dollars of {wanted} tickets at the same price each.",
            "A pack of {count} batteries is sold for {cost}. {person} needs {wanted} batteries and buys them singly "
            "at the same unit price. How many dollars is that?",
            "What is the cost in dollars of {wanted} metres of cloth if {count} metres cost {cost}?",
        ),
        draw=_draw_unit_price,
        solve=_solve_unit_price,
        feed="wanted",
    ),
    Skill(
        name="unit_rate",
        topic="rates and speed",
        concepts=("unit rate", "rate"),
        level="middle",
        phrasings=(
            "A machine makes {made} parts in {hours} hours. At this rate, how many parts does it make in {later} "
            "hours?",
            "{person} packs {made} {items} in {hours} hours. At the same rate, how many {items} are packed in {later} "
            "hours?",
            "A pump moves {made} litres of water in {hours} hours. How many litres does it move in {later} hours at "
            "this rate?",
            "At {place} {made} visitors arrive in {hours} hours. If the rate stays the same, how many arrive in "
            "{later} hours?",
            "A rate is {made} units in {hours} hours. How many units is that in {later} hours?",
        ),
        draw=_draw_unit_rate,
        solve=_solve_unit_rate,
        feed="made",
    ),
    Skill(
        name="average_speed",
        topic="rates and speed",
        concepts=("average speed", "speed", "distance travelled"),
        level="middle",
        phrasings=(
            "A train covers {first} km in a time of {hours_moving} h and then {second} km in {hours_more} h. What is "
            "its average speed in km/h?",
            "{person} drives {first} km, which takes {hours_moving} h, and then another {second} km, which takes "
            "{hours_more} h. Find the average speed of the whole drive in km/h.",
            "A journey has two parts: {first} km in {hours_moving} h and {second} km in {hours_more} h. What is the "
            "average speed in kilometres per hour?",
            "A bus travels for {hours_moving} h and covers {first} km. In the next {hours_more} h it covers {second} "
            "km. At what average speed, in km/h, does it travel in all?",
            "Find the average speed in km/h if the first {hours_moving} h of a trip bring {first} km and the following "
            "{hours_more} h bring {second} km.",
        ),
        draw=_draw_average_speed,
        solve=_solve_average_speed,
        feed="first",
    ),
    Skill(
        name="meeting_time",
        topic="rates and speed",
        concepts=("relative speed", "speed"),
        level="middle",
        phrasings=(
            "{person} and {other} are {gap} km apart and travel towards each other at {slow} km/h and {fast} km/h. "
            "After how many hours do they meet?",
            "Two boats {gap} km apart head straight for each other with speeds of {slow} km/h and {fast} km/h. In how "
            "many hours do they meet?",
            "Two towns are {gap} km apart. A rider sets out from each at the same moment towards the other town, one "
            "at {slow} km/h, the other at {fast} km/h. After how many hours do they pass each other?",
            "The distance between two cyclists is {gap} km. They ride towards each other at {slow} and {fast} "
            "kilometres per hour. How many hours pass until they meet?",
            "Two riders start {gap} km apart and approach each other at {fast} km/h and {slow} km/h. Find the time in "
            "hours until they meet.",
        ),
        draw=_draw_meeting,
        solve=_solve_meeting,
        feed="gap",
    ),
    Skill(
        name="distance_travelled",
        topic="rates and speed",
        concepts=("distance travelled", "speed", "rate"),
        level="middle",
        phrasings=(
            "A car moves at a constant speed of {speed} km/h. How many kilometres does it cover in {minutes} minutes?",
            "{person} travels at {speed} km/h for {minutes} minutes. What distance in kilometres is that?",
            "Find the distance, in kilometres, covered in {minutes} minutes at {speed} kilometres per hour.",
            "A train runs for {minutes} minutes at a steady {speed} km/h. How far, in kilometres, does it go?",
            "It takes {person} {minutes} minutes at an average of {speed} km/h to reach a lake. How long is the route "
            "in kilometres?",
        ),
        draw=_draw_distance,
        solve=_solve_distance,
        feed="speed",
    ),
    Skill(
        name="working_together",
        topic="rates and speed",
        concepts=("work rate", "reciprocal"),
        level="middle",
        phrasings=(
            "{person} can do a job in {first} hours and {other} in {second} hours. How many hours do they need "
            "together? Give an exact fraction if necessary.",
            "One pipe fills a tank in {first} hours, another in {second} hours. How many hours does it take to fill "
            "the tank with both pipes open, as an exact number?",
            "A printer needs {first} hours for an order, a second printer needs {second} hours. In how many hours do "
            "both finish the order together, exactly?",
            "Working alone, {person} paints a hall in {first} hours, while {other} needs {second} hours. What is the "
            "exact time in hours when they paint it together?",
            "Two machines at {place} take {first} hours and {second} hours for the same task. Exactly how many hours "
            "do they take for it working side by side?",
        ),
        draw=_draw_work,
        solve=_solve_work,
        feed="first",
    ),
)
