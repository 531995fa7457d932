"""Skills of cash: the value of coins, change from a payment."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, money, written
from synth_assets.teachers.embedded.skills.fed import fed_whole


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


def _draw_change(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    count = fed_whole(fed, rng.randint(2, 6 * difficulty), most=200)
    if count is None:
        return None
    price = Fraction(rng.randint(21, 199 * difficulty) * (5 if difficulty == 1 else 1), 100)
    paid = (int(price * count) // 10 + 1) * 10
    return {"count": count, "price": money(price), "paid": paid}


def _solve_change(p: Parameters) -> Solution:
    count, price, paid = whole(p, "count"), word(p, "price"), whole(p, "paid")
    cost = count * Fraction(price.removeprefix("$"))
    return Solution(
        (
            f"The cost is {count} * {price} = {money(cost)}.",
            f"The change from a payment of ${paid} is ${paid} - {money(cost)} = {money(paid - cost)}.",
        ),
        paid - cost,
    )


SKILLS: tuple[Skill, ...] = (
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
    Skill(
        name="change_from_payment",
        topic="money and simple interest",
        concepts=("change from a payment", "decimal"),
        level="primary",
        phrasings=(
            "{person} buys {count} {items} at {price} each and pays with {paid} dollars. How many dollars of change "
            "does {person} get?",
            "At {place} one ticket costs {price}. {person} buys {count} tickets and hands over {paid} dollars. How "
            "much change, in dollars, is due?",
            "Subtract {count} times {price} from {paid} dollars. How many dollars are left?",
            "{person} has {paid} dollars and pays {price} for each of {count} {items}. How many dollars are left over?",
            "What change, in dollars, should be given from {paid} dollars for {count} drinks that cost {price} each?",
        ),
        draw=_draw_change,
        solve=_solve_change,
        feed="count",
    ),
)
