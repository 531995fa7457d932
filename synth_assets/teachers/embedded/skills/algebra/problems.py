"""Skills on word problems that lead to one linear equation: integers, ages, mixtures, motion, work, break-even."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import redrawn, whole_input

_COUNTS = {3: "three", 4: "four", 5: "five"}


@redrawn
def _draw_consecutive(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    total = whole_input(rng, fed, 30, 150 * difficulty, smallest=9)
    if total is None:
        return None
    fitting = []
    for count in tuple(_COUNTS)[:difficulty]:
        for gap in (1, 2):
            smallest = Fraction(total - gap * count * (count - 1) // 2, count)
            if smallest.denominator == 1 and smallest >= 1:
                parity = "" if gap == 1 else ("odd " if smallest % 2 else "even ")
                fitting.append({"count": count, "gap": gap, "kind": f"{_COUNTS[count]} consecutive {parity}integers"})
    return {**rng.choice(fitting), "total": total} if fitting else None


def _solve_consecutive(p: Parameters) -> Solution:
    count, gap, total = whole(p, "count"), whole(p, "gap"), whole(p, "total")
    extra = gap * count * (count - 1) // 2
    smallest = (total - extra) // count
    names = ", ".join(["n", *(f"n + {gap * place}" for place in range(1, count))])
    return Solution(
        (
            f"Call the consecutive integers {names}.",
            f"Their sum is {count}n + {extra}, so {count}n + {extra} = {total} and {count}n = {total - extra}.",
            f"Dividing by {count} gives the smallest integer, n = {smallest}.",
        ),
        smallest,
    )


@redrawn
def _draw_age(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    total = whole_input(rng, fed, 20, 100 + 20 * difficulty)
    if total is None:
        return None
    fitting = [
        {"times": times, "years": years, "total": total}
        for times in range(2, 4 + difficulty)
        for years in range(2, 6 * difficulty)
        if (total - 2 * years) % (times + 1) == 0 and 2 <= (total - 2 * years) // (times + 1) <= 90 // times
    ]
    return rng.choice(fitting) if fitting else None


def _solve_age(p: Parameters) -> Solution:
    times, years, total = whole(p, "times"), whole(p, "years"), whole(p, "total")
    now = total - 2 * years
    return Solution(
        (
            f"In this age problem let the younger person be x years old now; the older one is {times}x years old.",
            f"In {years} years both are {years} years older: (x + {years}) + ({times}x + {years}) = {total}.",
            f"Hence {times + 1}x = {total} - {2 * years} = {now}, and x = {now // (times + 1)}.",
        ),
        now // (times + 1),
    )


def _draw_mixture(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    litres = whole_input(rng, fed, 2, 30 * difficulty)
    if litres is None or litres > 10**4:
        return None
    for _ in range(40):
        weak, goal, strong = sorted(rng.sample(range(5, 100, 10 if difficulty == 1 else 5), 3))
        added = Fraction(litres * (goal - weak), strong - goal)
        if added.denominator in ((1,) if fed is None else (1, 2, 4, 5)):
            return {"litres": litres, "weak": weak, "goal": goal, "strong": strong}
    return None


def _solve_mixture(p: Parameters) -> Solution:
    litres, weak, goal, strong = (whole(p, name) for name in ("litres", "weak", "goal", "strong"))
    added = Fraction(litres * (goal - weak), strong - goal)
    return Solution(
        (
            "A mixture problem compares the amount of pure substance before and after mixing; let x litres be added.",
            f"In percent litres: {weak} * {litres} + {strong}x = {goal}({litres} + x).",
            f"So {strong - goal}x = {goal - weak} * {litres} = {(goal - weak) * litres}.",
            f"Dividing by {strong - goal} gives x = {written(added)} litres.",
        ),
        added,
    )


def _draw_motion(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        hours = Fraction(rng.randint(2, 6 * difficulty), rng.choice((1, 1, 2)))
        first, second = rng.randint(4, 12 + 6 * difficulty), rng.randint(4, 12 + 6 * difficulty)
        if (hours * (first + second)).denominator != 1:
            second += 1
        return {"first": first, "second": second, "apart": int(hours * (first + second))}
    apart = whole_input(rng, fed, 10, 10)
    sums = [both for both in range(9, 61) if apart is not None and 2 * apart % both == 0 and both <= 2 * apart]
    if apart is None or not sums or apart > 5000:
        return None
    both = rng.choice(sums)
    first = rng.randint(max(4, both - 30), min(both - 4, 30))
    return {"first": first, "second": both - first, "apart": apart}


def _solve_motion(p: Parameters) -> Solution:
    first, second, apart = whole(p, "first"), whole(p, "second"), whole(p, "apart")
    hours = Fraction(apart, first + second)
    return Solution(
        (
            f"In uniform motion, distance is rate times time, so after t hours the distances are {first}t and "
            f"{second}t.",
            f"In opposite directions the distances add up: {first}t + {second}t = {first + second}t = {apart}.",
            f"Dividing by {first + second} gives t = {written(hours)}.",
        ),
        hours,
    )


def _draw_work(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = whole_input(rng, fed, 2, 30 * difficulty)
    if first is None or first > 10**4:
        return None
    most = 4 if difficulty == 1 else 12
    fitting = [
        second
        for second in range(2, 3 * first + 20 * difficulty)
        if second != first and Fraction(first * second, first + second).denominator <= most
    ]
    return {"first": first, "second": rng.choice(fitting)} if fitting else None


def _solve_work(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    rate = Fraction(1, first) + Fraction(1, second)
    return Solution(
        (
            f"In a work problem the rates add up: in one minute 1/{first} and 1/{second} of the job are done.",
            f"Working together they do 1/{first} + 1/{second} = {written(rate)} of the job in a minute.",
            f"The whole job takes 1 divided by {written(rate)}, which is {written(1 / rate)} minutes.",
        ),
        1 / rate,
    )


def _draw_break_even(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        gain = rng.randint(2, 6 * difficulty)
        fixed: int | None = gain * rng.randint(5, 50 * difficulty)
    else:
        fixed = whole_input(rng, fed, 4, 4)
        gains = [gain for gain in range(2, 41) if fixed is not None and fixed % gain == 0 and fixed // gain >= 2]
        if not gains:
            return None
        gain = rng.choice(gains)
    cost = rng.randint(2, 12 * difficulty)
    return None if fixed is None else {"fixed": fixed, "cost": cost, "price": cost + gain}


def _solve_break_even(p: Parameters) -> Solution:
    fixed, cost, price = number(p, "fixed"), whole(p, "cost"), whole(p, "price")
    return Solution(
        (
            f"At the break-even point income equals cost: {price}n = {written(fixed)} + {cost}n.",
            f"Subtract {cost}n from both sides: {price - cost}n = {written(fixed)}.",
            f"Divide by {price - cost}: n = {written(fixed / (price - cost))}.",
        ),
        fixed / (price - cost),
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "consecutive_integers",
        "algebraic word problems",
        ("consecutive integers", "translating a sentence into an equation"),
        "middle",
        (
            "The sum of {kind} is {total}. What is the smallest of them?",
            "{person} thinks of {kind} that add up to {total}. Which is the smallest of these integers?",
            "Write an equation and solve it: {kind} have the sum {total}. Find the least of them.",
            "At {place} the numbers on some neighbouring doors are {kind}. Their sum is {total}. What is the lowest "
            "number?",
            "Find the smallest of {kind} whose sum is {total}.",
        ),
        _draw_consecutive,
        _solve_consecutive,
        feed="total",
    ),
    Skill(
        "age_problem",
        "algebraic word problems",
        ("age problem", "translating a sentence into an equation"),
        "middle",
        (
            "{person} is {times} times as old as {other}. In {years} years the sum of their ages will be {total}. How "
            "old is {other} now?",
            "In {years} years the ages of {person} and {other} will add up to {total}. At present {person} is {times} "
            "times as old as {other}. Find the present age of {other}.",
            "A tree at {place} is {times} times as old as a second tree. Together they will be {total} years old in "
            "{years} years. How many years old is the second tree now?",
            "Today the age of {person} is {times} times the age of {other}. After {years} more years, their ages will "
            "have the sum {total}. What is the age of {other} today?",
            "{other} is the younger of two friends; {person} is {times} times as old. When {years} years have passed, "
            "the two ages will total {total}. Determine how old {other} is now.",
        ),
        _draw_age,
        _solve_age,
        feed="total",
    ),
    Skill(
        "mixture_problem",
        "algebraic word problems",
        ("mixture problem", "linear equation"),
        "high school",
        (
            "A tank holds {litres} litres of a salt solution with {weak}% salt. How many litres of a solution with "
            "{strong}% salt must be added to get a solution with {goal}% salt?",
            "{person} has {litres} litres of a juice drink that is {weak}% fruit juice. How many litres of a drink "
            "that is {strong}% fruit juice does {person} have to add so that the mixture is {goal}% fruit juice?",
            "How many litres of acid solution of strength {strong}% must be mixed with {litres} litres of strength "
            "{weak}% to produce a mixture of strength {goal}%?",
            "The cleaning fluid at {place} should be {goal}% alcohol. There are {litres} litres that are only {weak}% "
            "alcohol. Find the number of litres of fluid that is {strong}% alcohol to be mixed in.",
            "Solve this mixture problem: {litres} litres at {weak}% and an unknown number of litres at {strong}% "
            "together give a liquid at {goal}%. Find the unknown number of litres.",
        ),
        _draw_mixture,
        _solve_mixture,
        feed="litres",
    ),
    Skill(
        "opposite_directions",
        "algebraic word problems",
        ("uniform motion", "linear equation"),
        "middle",
        (
            "{person} and {other} leave {place} at the same moment and cycle in opposite directions, {person} at "
            "{first} kilometres an hour and {other} at {second} kilometres an hour. After how many hours are they "
            "{apart} kilometres apart?",
            "Two boats leave a harbour in opposite directions at speeds of {first} and {second} kilometres an hour. "
            "In how many hours will the distance between them be {apart} kilometres?",
            "Two boats start {apart} miles apart and sail towards each other at {first} and {second} miles an hour. "
            "How many hours pass until they meet?",
            "From opposite ends of a cycle path that is {apart} kilometres long, {person} sets off at {first} "
            "kilometres an hour and {other} at {second} kilometres an hour. How many hours later do they meet?",
            "Two ships leave the same port in opposite directions. One covers {first} miles each hour, the other "
            "{second} miles each hour. Find the number of hours until they are {apart} miles apart.",
        ),
        _draw_motion,
        _solve_motion,
        feed="apart",
    ),
    Skill(
        "work_rates_added",
        "algebraic word problems",
        ("work problem", "rational equation"),
        "high school",
        (
            "{person} can sort all the {items} at {place} in {first} minutes, and {other} can do it in {second} "
            "minutes. How many minutes do they need when working together?",
            "One pipe fills a tank in {first} minutes, a second pipe fills it in {second} minutes. How many minutes "
            "does it take to fill the tank with both pipes open?",
            "Solve 1/{first} + 1/{second} = 1/t for t.",
            "A printer needs {first} minutes for a job, and another printer needs {second} minutes for the same job. "
            "In how many minutes is the job done if the two share it?",
            "Working alone, {person} packs an order in {first} minutes and {other} packs it in {second} minutes. Find "
            "the number of minutes the order takes if they pack it together.",
        ),
        _draw_work,
        _solve_work,
        feed="first",
    ),
    Skill(
        "break_even_point",
        "algebraic word problems",
        ("break-even point", "linear equation"),
        "high school",
        (
            "{person} sells {items} at {place}. The stall costs {fixed} dollars, the {items} cost {person} {cost} "
            "dollars each and are sold for {price} dollars each. How many {items} must {person} sell to break even?",
            "A firm has fixed costs of {fixed} dollars. Making one unit costs {cost} dollars, and one unit sells for "
            "{price} dollars. Find the break-even point in units.",
            "The cost of n units is {fixed} + {cost}n dollars and the income is {price}n dollars. For which n are "
            "they equal?",
            "A play at {place} costs {fixed} dollars to stage and {cost} dollars for each guest. A ticket costs "
            "{price} dollars. How many guests are needed for income to equal cost?",
            "{person} pays {fixed} dollars for a machine that makes {items} for {cost} dollars each. They sell for "
            "{price} dollars each. After how many {items} sold is the money for the machine earned back?",
        ),
        _draw_break_even,
        _solve_break_even,
        feed="fixed",
    ),
)
