"""Skills of ratios and rates: sharing, proportions, scales, unit prices, speed, work."""

import random
from fractions import Fraction
from math import gcd

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, money, written
from synth_assets.teachers.embedded.skills.arithmetic_fed import fed_whole


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
            f"There are 100000 cm in a kilometre: {length * scale} / 100000 = {written(Fraction(length * scale, 10**5))}.",
        ),
        Fraction(length * scale, 10**5),
    )


def _draw_unit_price(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    wanted = fed_whole(fed, rng.randint(2, 12 * difficulty), most=10**4)
    count = rng.randint(2, 4 + 4 * difficulty)
    price = Fraction(rng.randint(3, 60 * difficulty) * 5, 100)
    return {"count": count, "cost": money(count * price), "wanted": wanted + (wanted == count and fed is None)} if wanted else None


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
    return {"first": first, "hours_moving": first_hours, "second": second + -(first + second) % hours, "hours_more": second_hours}


def _hours(count: int) -> str:
    return f"{count} hour" if count == 1 else f"{count} hours"


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
            "The number of days is in inverse proportion to the number of workers, so their product stays the same.",
            f"The job takes {workers} * {days} = {workers * days} working days of one person.",
            f"For {others} workers that is {workers * days} / {others} = {workers * days // others} days.",
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
            f"The amount is in direct proportion to the number of people; the ratio is {grams} / {portions} = "
            f"{grams // portions} grams per person.",
            f"For {wanted} people multiply: {wanted} * {grams // portions} = {wanted * grams / portions} grams.",
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
            "{person} and {other} share {total} {items} in the ratio {more} to {less}. How many {items} does {person} get?",
            "The ratio of old to new {items} at {place} is {more} : {less}, and there are {total} {items} in all. How many "
            "of them are old?",
            "A mixture of {total} grams consists of sand and cement in the ratio {more} : {less}. How many grams of sand "
            "does it contain?",
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
            "For every {first} small {items} there are {second} large ones at {place}. If {third} of the {items} are small, "
            "how many are large?",
            "{person} mixes {first} parts of blue paint with {second} parts of white paint. How many litres of white paint "
            "go with {third} litres of blue paint?",
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
            "On a map with the scale 1 : {scale} two towns are {length} cm apart. How many kilometres apart are they in "
            "reality?",
            "The scale of a map is 1 : {scale}. What distance in kilometres do {length} centimetres on the map stand for?",
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
        name="unit_price",
        topic="rates and speed",
        concepts=("unit price", "unit rate"),
        level="middle",
        phrasings=(
            "{count} {items} cost {cost}. At the same unit price, how many dollars do {wanted} {items} cost?",
            "{person} pays {cost} for {count} notebooks at {place}. What would {wanted} such notebooks cost, in dollars?",
            "If {count} tickets cost {cost}, find the price in dollars of {wanted} tickets at the same price each.",
            "A pack of {count} batteries is sold for {cost}. {person} needs {wanted} batteries and buys them singly at the "
            "same unit price. How many dollars is that?",
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
            "A machine makes {made} parts in {hours} hours. At this rate, how many parts does it make in {later} hours?",
            "{person} packs {made} {items} in {hours} hours. At the same rate, how many {items} are packed in {later} "
            "hours?",
            "A pump moves {made} litres of water in {hours} hours. How many litres does it move in {later} hours at this "
            "rate?",
            "At {place} {made} visitors arrive in {hours} hours. If the rate stays the same, how many arrive in {later} "
            "hours?",
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
            "A train covers {first} km in a time of {hours_moving} h and then {second} km in {hours_more} h. What is its "
            "average speed in km/h?",
            "{person} drives {first} km, which takes {hours_moving} h, and then another {second} km, which takes "
            "{hours_more} h. Find the average speed of the whole drive in km/h.",
            "A journey has two parts: {first} km in {hours_moving} h and {second} km in {hours_more} h. What is the average "
            "speed in kilometres per hour?",
            "A bus travels for {hours_moving} h and covers {first} km. In the next {hours_more} h it covers {second} km. At "
            "what average speed, in km/h, does it travel in all?",
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
            "{person} and {other} are {gap} km apart and travel towards each other at {slow} km/h and {fast} km/h. After "
            "how many hours do they meet?",
            "Two boats {gap} km apart head straight for each other with speeds of {slow} km/h and {fast} km/h. In how many "
            "hours do they meet?",
            "Two towns are {gap} km apart. A car starts from each at the same moment towards the other town, one at {slow} "
            "km/h, the other at {fast} km/h. After how many hours do they pass each other?",
            "The distance between two cyclists is {gap} km. They ride towards each other at {slow} and {fast} kilometres "
            "per hour. How many hours pass until they meet?",
            "Two trains start {gap} km apart and approach each other at {fast} km/h and {slow} km/h. Find the time in "
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
            "It takes {person} {minutes} minutes at an average of {speed} km/h to reach a lake. How many kilometres long is "
            "the way?",
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
            "{person} can do a job in {first} hours and {other} in {second} hours. How many hours do they need together? "
            "Give an exact fraction if necessary.",
            "One pipe fills a tank in {first} hours, another in {second} hours. How many hours does it take to fill the "
            "tank with both pipes open, as an exact number?",
            "A printer needs {first} hours for an order, a second printer needs {second} hours. In how many hours do both "
            "finish the order together, exactly?",
            "Working alone, {person} paints a hall in {first} hours, while {other} needs {second} hours. What is the exact "
            "time in hours when they paint it together?",
            "Two machines at {place} take {first} hours and {second} hours for the same task. Exactly how many hours "
            "do they take for it working side by side?",
        ),
        draw=_draw_work,
        solve=_solve_work,
        feed="first",
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
            "At {place} {workers} people finish the cleaning in {days} days. How many days would {others} people take if "
            "all work equally fast?",
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
            "A recipe for {portions} people takes {grams} grams of flour. How many grams are needed for {wanted} people?",
            "{person} cooks rice for {wanted} people. The packet says {grams} grams for {portions} people. How many grams "
            "does {person} need?",
            "The quantities x and y are directly proportional, and y = {grams} when x = {portions}. Find y when "
            "x = {wanted}.",
            "The kitchen at {place} uses {grams} grams of sugar for {portions} guests. How many grams of sugar does it use "
            "for {wanted} guests?",
            "If {portions} equal bolts weigh {grams} grams, how many grams do {wanted} of these bolts weigh?",
        ),
        draw=_draw_direct,
        solve=_solve_direct,
        feed="wanted",
    ),
)
