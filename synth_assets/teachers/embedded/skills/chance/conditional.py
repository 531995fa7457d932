"""Problem skills of conditional probability: drawing without replacement, two-way tables, Bayes' theorem."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal
from synth_assets.teachers.embedded.skills.chance.feeding import whole_between

TOPIC = "probability"


def _draw_without_replacement(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    good = whole_between(rng, fed, 2, 5 * difficulty + 2, 60)
    return None if good is None else {"good": good, "bad": rng.randint(2, 6 * difficulty + 3)}


def _solve_without_replacement(p: Parameters) -> Solution:
    good, total = whole(p, "good"), whole(p, "good") + whole(p, "bad")
    answer = Fraction(good * (good - 1), total * (total - 1))
    return Solution(
        (
            f"There are {total} to choose from at first, so the first one is of the wanted kind with probability "
            f"{good}/{total}.",
            f"If that happens, {good - 1} of the {total - 1} that remain are of the wanted kind, so the conditional "
            f"probability for the second is {good - 1}/{total - 1}.",
            f"By the multiplication rule the probability is {good}/{total} * {good - 1}/{total - 1} = {answer}.",
        ),
        answer,
    )


def _draw_two_way(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = whole_between(rng, fed, 2, 15 * difficulty, 1000)
    if a is None:
        return None
    b, c, d = (rng.randint(2, 15 * difficulty) for _ in range(3))
    return {"a": a, "b": b, "c": c, "d": d}


def _solve_two_way(p: Parameters) -> Solution:
    a, c = whole(p, "a"), whole(p, "c")
    answer = Fraction(a, a + c)
    return Solution(
        (
            f"Only the people who passed matter for this conditional probability: {a} + {c} = {a + c} of them.",
            f"Among these, {a} had attended the course, so the conditional probability is {a}/{a + c}"
            + ("." if answer.denominator == a + c else f" = {answer}."),
        ),
        answer,
    )


def _draw_bayes(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    del fed
    share = rng.choice((50, 60, 75, 80)) if difficulty == 1 else rng.randrange(10, 95, 5)
    a, b = rng.sample(range(1, 4 + 3 * difficulty), 2)
    return {"share": share, "a": a, "b": b}


def _solve_bayes(p: Parameters) -> Solution:
    share, a, b = whole(p, "share"), whole(p, "a"), whole(p, "b")
    from_a, from_b = Fraction(share * a, 10000), Fraction((100 - share) * b, 10000)
    answer = from_b / (from_a + from_b)
    both_a, both_b, any_bad = decimal(from_a), decimal(from_b), decimal(from_a + from_b)
    return Solution(
        (
            f"The prior probability of B is {100 - share}/100, since A has a share of {share} percent.",
            f"By the multiplication rule P(A and defect) = {share}/100 * {a}/100 = {both_a} and P(B and defect) = "
            f"{100 - share}/100 * {b}/100 = {both_b}.",
            f"By the law of total probability P(defect) = {both_a} + {both_b} = {any_bad}.",
            f"By Bayes' theorem the probability of B, given the defect, is {both_b}/{any_bad} = {answer}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "two_draws_without_replacement",
        TOPIC,
        ("drawing without replacement", "conditional probability", "multiplication rule of probability"),
        "high school",
        (
            "Among the {items} at {place}, {good} are new and {bad} are old. {person} takes two at random, one after "
            "the other, without putting the first one back. What is the probability that both are new?",
            "A bag contains {good} red marbles and {bad} white marbles. Two marbles are drawn without replacement. "
            "Find the probability that both are red.",
            "A class has {good} pupils who play an instrument and {bad} who do not. Two different pupils are chosen at "
            "random. How likely is it that both play an instrument?",
            "Of the tickets in a hat, {good} win a prize and {bad} win nothing. {person} draws a ticket and keeps it, "
            "and then {other} draws one. Calculate the probability that both win a prize.",
            "From a drawer with {good} black socks and {bad} grey socks, two socks are pulled out in the dark, one "
            "after the other. With what probability are both of them black?",
        ),
        _draw_without_replacement,
        _solve_without_replacement,
        "good",
    ),
    Skill(
        "two_way_table_condition",
        TOPIC,
        ("conditional probability", "two-way table"),
        "high school",
        (
            "Of the people who attended a course at {place}, {a} passed the test and {b} failed. Of those who did not "
            "attend, {c} passed and {d} failed. {person} meets someone who passed. What is the probability that this "
            "person attended the course?",
            "A two-way table has the rows attended (passed {a}, failed {b}) and not attended (passed {c}, failed "
            "{d}). Find the conditional probability that a person attended, given that the person passed.",
            "After a training course, {a} participants passed their examination and {b} failed it; without the course "
            "{c} people passed and {d} failed. One of all those who passed is chosen at random. How likely is it that "
            "this person took the course?",
            "{person} made this count: course and pass {a}, course and fail {b}, no course and pass {c}, no course "
            "and fail {d}. Given that a person chosen at random has passed, what is the probability that they had "
            "taken the course?",
            "Examination results: {a} passes and {b} failures among those who attended the revision course, {c} "
            "passes and {d} failures among those who stayed away. Calculate P(attended | passed).",
        ),
        _draw_two_way,
        _solve_two_way,
        "a",
    ),
    Skill(
        "bayes_two_machines",
        TOPIC,
        ("bayes' theorem", "prior probability", "law of total probability"),
        "college",
        (
            "Machine A makes {share} percent of the {items} that are sold at {place}, and machine B makes the rest. "
            "Of those from A, {a} percent are defective; of those from B, {b} percent. {person} finds a defective "
            "one. What is the probability that machine B made it?",
            "A factory has two machines. Machine A makes {share} percent of the bolts, of which {a} percent are "
            "defective; machine B makes the other bolts, of which {b} percent are defective. Given that a bolt chosen "
            "at random is defective, find the probability that it came from B.",
            "Apply Bayes' theorem: P(A) is {share} percent, B is the complement of A, a defect has the probability "
            "{a} percent given A and {b} percent given B. Determine P(B | defect).",
            "{person} buys {share} percent of all parts from supplier A and the others from supplier B. The defect "
            "rate is {a} percent for A and {b} percent for B. One part turns out to be defective. With what "
            "probability did B supply it? Give an exact fraction.",
            "In a printing house, press A prints {share} percent of the pages and press B the remaining ones. Press A "
            "smudges {a} percent of its pages, press B {b} percent. A page picked at random is smudged. How likely is "
            "it that it was printed on press B?",
        ),
        _draw_bayes,
        _solve_bayes,
    ),
)
