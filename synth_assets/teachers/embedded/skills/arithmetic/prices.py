"""Skills of prices and interest: discount, tax, commission, markup, simple interest."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, money
from synth_assets.teachers.embedded.skills.arithmetic.percentages import EASY_PERCENTS, drawn_percent, is_cents
from synth_assets.teachers.embedded.skills.fed import fed_cents


def _draw_sale(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    price = fed_cents(fed, rng.randint(8, 150 * difficulty))
    percent = drawn_percent(rng, difficulty)
    return {"price": price, "percent": percent} if price and is_cents(price * percent / 100) else None


def _solve_sale(p: Parameters) -> Solution:
    price, percent = number(p, "price"), whole(p, "percent")
    discount = price * percent / 100
    return Solution(
        (
            f"The discount is {percent}% of the original price: {percent}/100 * {money(price)} = {money(discount)}.",
            f"The sale price is the original price less the discount: {money(price)} - {money(discount)} = "
            f"{money(price - discount)}.",
        ),
        price - discount,
    )


def _draw_original(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    percents = EASY_PERCENTS if difficulty == 1 else tuple(range(5, 81, 5))
    percent = rng.choice(percents)
    sale = fed_cents(fed, (100 - percent) * rng.randint(1, 20 * difficulty))
    if sale is not None and fed is not None:
        fitting = [n for n in percents if is_cents(sale * 100 / (100 - n))]
        percent = rng.choice(fitting) if fitting else 0
    return {"sale": sale, "percent": percent} if sale and percent else None


def _solve_original(p: Parameters) -> Solution:
    sale, percent = number(p, "sale"), whole(p, "percent")
    left = 100 - percent
    return Solution(
        (
            f"After a discount of {percent}% the sale price is {left}% of the original price.",
            f"One percent of the original price is {money(sale)} divided by {left}, and 100 percent is 100 times as "
            "much.",
            f"The original price is {money(sale)} * 100/{left} = {money(sale * 100 / left)}.",
        ),
        sale * 100 / left,
    )


def _draw_tax(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    amount = fed_cents(fed, rng.randint(5, 200 * difficulty))
    rate = rng.randint(3, 7 + 4 * difficulty)
    return {"amount": amount, "rate": rate} if amount and is_cents(amount * rate / 100) else None


def _solve_tax(p: Parameters) -> Solution:
    amount, rate = number(p, "amount"), whole(p, "rate")
    tax = amount * rate / 100
    return Solution(
        (
            f"The sales tax is {rate}% of the price: {rate}/100 * {money(amount)} = {money(tax)}.",
            f"The total cost is {money(amount)} + {money(tax)} = {money(amount + tax)}.",
        ),
        amount + tax,
    )


def _draw_commission(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    amount = fed_cents(fed, rng.randint(12, 200 * difficulty) * 10)
    rate = rng.randint(2, 8 + 4 * difficulty)
    return {"amount": amount, "rate": rate} if amount and is_cents(amount * rate / 100) else None


def _solve_commission(p: Parameters) -> Solution:
    amount, rate = number(p, "amount"), whole(p, "rate")
    return Solution(
        (
            f"The sales commission is {rate}% of the sales of {money(amount)}.",
            f"That is {rate}/100 * {money(amount)} = {money(amount * rate / 100)}.",
        ),
        amount * rate / 100,
    )


def _draw_markup(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    cost = fed_cents(fed, rng.randint(4, 90 * difficulty))
    percent = rng.choice(range(10, 60 + 50 * difficulty, 10 if difficulty == 1 else 5))
    return {"cost": cost, "percent": percent} if cost and is_cents(cost * percent / 100) else None


def _solve_markup(p: Parameters) -> Solution:
    cost, percent = number(p, "cost"), whole(p, "percent")
    markup = cost * percent / 100
    return Solution(
        (
            f"The markup is {percent}% of the cost: {percent}/100 * {money(cost)} = {money(markup)}.",
            f"The selling price is the cost plus the markup: {money(cost)} + {money(markup)} = {money(cost + markup)}.",
        ),
        cost + markup,
    )


def _draw_interest(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    principal = fed_cents(fed, rng.randint(2, 40 * difficulty) * (100 if difficulty == 1 else 50))
    rate, years = rng.randint(2, 5 + 3 * difficulty), rng.randint(2, 4 + 2 * difficulty)
    good = principal and is_cents(principal * rate / 100)
    return {"principal": principal, "rate": rate, "years": years} if principal and good else None


def _solve_interest(p: Parameters) -> Solution:
    principal, rate, years = number(p, "principal"), whole(p, "rate"), whole(p, "years")
    yearly = principal * rate / 100
    return Solution(
        (
            f"Simple interest is paid on the principal only: {rate}% of {money(principal)} is {money(yearly)} a year.",
            f"In {years} years this is {years} * {money(yearly)} = {money(years * yearly)}.",
        ),
        years * yearly,
    )


def _draw_interest_rate(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    drawn = _draw_interest(rng, difficulty, fed)
    if drawn is None:
        return None
    interest = number(drawn, "principal") * whole(drawn, "rate") * whole(drawn, "years") / 100
    return {"principal": drawn["principal"], "years": drawn["years"], "interest": money(interest)}


def _solve_interest_rate(p: Parameters) -> Solution:
    principal, years, interest = number(p, "principal"), whole(p, "years"), word(p, "interest")
    yearly = Fraction(interest.removeprefix("$")) / years
    return Solution(
        (
            f"The simple interest for one year is {interest} divided by {years}, which is {money(yearly)}.",
            f"The interest rate compares this with the principal: {money(yearly)} out of {money(principal)} is "
            f"{yearly / principal}.",
            f"As a percent this is {yearly / principal} * 100 = {yearly / principal * 100}.",
        ),
        yearly / principal * 100,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="sale_price",
        topic="money and simple interest",
        concepts=("sale price", "discount", "percent"),
        level="middle",
        phrasings=(
            "A coat costs {price} dollars and is sold with a discount of {percent}%. What is the sale price in "
            "dollars?",
            "{person} buys a bicycle with a list price of {price} dollars at {percent}% off. How many dollars does "
            "{person} pay?",
            "Find the sale price, in dollars, of an article with the original price {price} dollars and a discount "
            "rate of {percent}%.",
            "At {place} a season ticket for {price} dollars is reduced by {percent}%. How many dollars does it cost "
            "now?",
            "What remains, in dollars, of {price} dollars after a discount of {percent}%?",
        ),
        draw=_draw_sale,
        solve=_solve_sale,
        feed="price",
    ),
    Skill(
        name="original_price",
        topic="money and simple interest",
        concepts=("original price", "discount", "percent equation"),
        level="middle",
        phrasings=(
            "After a discount of {percent}% a lamp costs {sale} dollars. What was its original price in dollars?",
            "{person} paid {sale} dollars for a jacket that was marked {percent}% off. What was the regular price in "
            "dollars?",
            "A price reduced by {percent}% is {sale} dollars. Find the price, in dollars, before the reduction.",
            "During a sale at {place} everything is {percent}% cheaper, and a tent costs {sale} dollars. How many "
            "dollars did the tent cost before the sale?",
            "Which amount in dollars, decreased by {percent}%, gives {sale} dollars?",
        ),
        draw=_draw_original,
        solve=_solve_original,
        feed="sale",
    ),
    Skill(
        name="sales_tax_total",
        topic="money and simple interest",
        concepts=("sales tax", "percent of a number"),
        level="middle",
        phrasings=(
            "An article costs {amount} dollars before a sales tax of {rate}%. What is the total cost in dollars?",
            "{person} buys goods for {amount} dollars and has to pay {rate}% sales tax on top. How many dollars does "
            "{person} pay in all?",
            "The sales tax rate is {rate}%. Find the total cost, in dollars, of a purchase of {amount} dollars "
            "including the tax.",
            "A bill at {place} comes to {amount} dollars before tax. With a sales tax of {rate}% added, what is the "
            "total in dollars?",
            "What is the full amount in dollars when {rate}% sales tax is added to {amount} dollars?",
        ),
        draw=_draw_tax,
        solve=_solve_tax,
        feed="amount",
    ),
    Skill(
        name="sales_commission",
        topic="money and simple interest",
        concepts=("sales commission", "percent of a number"),
        level="middle",
        phrasings=(
            "{person} earns a commission of {rate}% on sales of {amount} dollars. How many dollars is the commission?",
            "Find the commission, in dollars, on sales of {amount} dollars at a commission rate of {rate}%.",
            "An agent sells furniture worth {amount} dollars and receives {rate}% of this as commission. How many "
            "dollars does the agent receive?",
            "At {place} {person} sold goods for {amount} dollars. With a rate of commission of {rate}%, how many "
            "dollars does {person} earn?",
            "The commission rate is {rate}%. What commission in dollars is paid for sales of {amount} dollars?",
        ),
        draw=_draw_commission,
        solve=_solve_commission,
        feed="amount",
    ),
    Skill(
        name="markup_price",
        topic="money and simple interest",
        concepts=("markup", "sale price", "percent increase"),
        level="middle",
        phrasings=(
            "A shop buys a vase for {cost} dollars and adds a markup of {percent}% of the cost. What is the selling "
            "price in dollars?",
            "{person} makes a chair at a cost of {cost} dollars and sells it with a markup of {percent}%. For how many "
            "dollars is it sold?",
            "Find the selling price, in dollars, if the cost is {cost} dollars and the markup rate is {percent}% of "
            "the cost.",
            "The wholesale price of a clock is {cost} dollars. It is marked up by {percent}%. What is its list price "
            "in dollars?",
            "Goods bought for {cost} dollars are sold at {place} for {percent}% more. How many dollars do they bring "
            "in?",
        ),
        draw=_draw_markup,
        solve=_solve_markup,
        feed="cost",
    ),
    Skill(
        name="simple_interest",
        topic="money and simple interest",
        concepts=("simple interest", "principal of a loan", "interest rate"),
        level="middle",
        phrasings=(
            "{person} invests {principal} dollars at {rate}% simple interest a year. How many dollars of interest are "
            "earned in {years} years?",
            "Find the simple interest, in dollars, on a principal of {principal} dollars at a yearly rate of {rate}% "
            "for {years} years.",
            "{person} lends {other} {principal} dollars for {years} years at {rate}% simple interest per year. How "
            "many dollars of interest does {other} owe?",
            "An account holds {principal} dollars and pays {rate}% simple interest each year. How much interest, in "
            "dollars, does it pay in {years} years?",
            "For repairs {person} borrows {principal} dollars for {years} years. The annual rate of simple "
            "interest is {rate}%. How many dollars of interest are due?",
        ),
        draw=_draw_interest,
        solve=_solve_interest,
        feed="principal",
    ),
    Skill(
        name="simple_interest_rate",
        topic="money and simple interest",
        concepts=("interest rate", "simple interest", "principal of a loan"),
        level="middle",
        phrasings=(
            "A principal of {principal} dollars earns {interest} of simple interest in {years} years. What is the "
            "annual interest rate in percent?",
            "{person} invests {principal} dollars and receives {interest} of simple interest after {years} years. "
            "What rate, in percent a year, is that?",
            "At what yearly rate, in percent, does a principal of {principal} dollars bring {interest} of simple "
            "interest in {years} years?",
            "{person} borrowed {principal} dollars from {other} for {years} years and paid {interest} of simple "
            "interest. What was the annual rate in percent?",
            "Find the annual rate of simple interest, in percent, if the interest on {principal} dollars for {years} "
            "years is {interest}.",
        ),
        draw=_draw_interest_rate,
        solve=_solve_interest_rate,
        feed="principal",
    ),
)
