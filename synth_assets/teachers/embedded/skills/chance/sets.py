"""Problem skills of sets: unions, intersections, complements, subsets, ordered pairs."""

from fractions import Fraction
from math import lcm
from random import Random

from synth_assets.teachers.embedded.parameters import numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.chance.feeding import whole_between

SETS = "set theory"


def _listed(rng: Random, size: int, high: int) -> tuple[int, ...]:
    return tuple(sorted(rng.sample(range(1, high), size)))


def _draw_listed_sets(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    del fed
    size, high = 4 + difficulty, 10 + 5 * difficulty
    return {"a": _listed(rng, size, high), "b": _listed(rng, size + rng.randint(-1, 1), high)}


def _solve_union_sum(p: Parameters) -> Solution:
    union = sorted(set(numbers(p, "a")) | set(numbers(p, "b")))
    total = sum(union, Fraction(0))
    return Solution(
        (
            f"The union contains every number that lies in A or in B, once each: {written(tuple(union))}.",
            f"The sum of these elements is {' + '.join(map(str, union))} = {total}.",
        ),
        total,
    )


def _draw_common_multiples(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = whole_between(rng, fed, 2, 6 + 3 * difficulty, 60)
    b, n = rng.randint(2, 6 + 3 * difficulty), rng.randint(6, 30 * difficulty) * 10
    return None if a is None or b % a == 0 or lcm(a, b) > n else {"a": a, "b": b, "n": n}


def _solve_common_multiples(p: Parameters) -> Solution:
    a, b, n = whole(p, "a"), whole(p, "b"), whole(p, "n")
    common = lcm(a, b)
    return Solution(
        (
            f"The intersection of the two sets consists of the numbers that are multiples of {a} and of {b}, that is "
            f"of their least common multiple {common}.",
            f"Since {n // common} * {common} = {n // common * common} is the last one up to {n}, it has {n // common} "
            f"element{'' if n // common == 1 else 's'}.",
        ),
        n // common,
    )


def _draw_subsets(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_between(rng, fed, 6, 8 + 4 * difficulty, 24)
    if n is None:
        return None
    inside = rng.randint(2, min(5, n - 3))
    return {"n": n, "inside": inside, "outside": rng.randint(2, min(6, n - inside - 1))}


def _solve_subsets(p: Parameters) -> Solution:
    n, inside, outside = whole(p, "n"), whole(p, "inside"), whole(p, "outside")
    free = n - inside - outside
    return Solution(
        (
            f"Of the {n} elements {inside} are certainly in the subset and {outside} are certainly not, which leaves "
            f"{n} - {inside} - {outside} = {free}.",
            f"Each of these may be in the subset or not, so there are 2^{free} = {2**free} such subsets.",
        ),
        2**free,
    )


def _draw_complement(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_between(rng, fed, 20, 200 * difficulty, 10**5)
    a = rng.randint(3, 9 + 4 * difficulty)
    return None if n is None or n <= a else {"n": n, "a": a}


def _solve_complement(p: Parameters) -> Solution:
    n, a = whole(p, "n"), whole(p, "a")
    inside = n // a
    return Solution(
        (
            f"The universal set has {n} elements, and {inside} of them are multiples of {a}, the last being "
            f"{inside * a}.",
            f"The complement of the set of multiples has {n} - {inside} = {n - inside} elements.",
        ),
        n - inside,
    )


def _draw_ordered_pairs(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = whole_between(rng, fed, 3, 10 * difficulty, 1000)
    return None if a is None else {"a": a, "b": a + rng.randint(0, 8 * difficulty)}


def _solve_ordered_pairs(p: Parameters) -> Solution:
    a, b = whole(p, "a"), whole(p, "b")
    below = a * (a + 1) // 2
    return Solution(
        (
            f"The Cartesian product has {a} * {b} = {a * b} ordered pairs (x, y).",
            f"Those with y at most x are 1 for x = 1, 2 for x = 2, and so on up to {a}, together {a} * {a + 1}/2 = "
            f"{below}.",
            f"In all other pairs x is less than y: {a * b} - {below} = {a * b - below}.",
        ),
        a * b - below,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "sum_over_union",
        SETS,
        ("union of sets", "element of a set"),
        "middle",
        (
            "Let A be the set of the numbers {a}, and B the set of the numbers {b}. What is the sum of the elements "
            "of the union of A and B?",
            "{person} writes the numbers {a} on a board, and {other} adds those of the numbers {b} that are not there "
            "yet. What is the sum of all the numbers on the board?",
            "Set A has the elements {a}; set B has the elements {b}. List the union of A and B and add its elements.",
            "The doors {a} at {place} are open on Monday, the doors {b} on Tuesday. Find the sum of the numbers of "
            "all doors that are open on at least one of the two days.",
            "Form the union of the set with the members {a} and the set with the members {b}. Calculate the sum of "
            "all its members.",
        ),
        _draw_listed_sets,
        _solve_union_sum,
    ),
    Skill(
        "intersection_of_multiples",
        SETS,
        ("intersection of sets", "cardinality"),
        "middle",
        (
            "Let A be the set of the multiples of {a} and B the set of the multiples of {b}, both taken from the "
            "numbers 1 to {n}. How many elements has the intersection of A and B?",
            "The {items} at {place} are numbered from 1 to {n}. {person} checks every number divisible by {a}, and "
            "{other} checks every number divisible by {b}. How many are checked by both?",
            "How many of the whole numbers from 1 to {n} belong to the multiples of {a} and to the multiples of {b} "
            "at the same time?",
            "Find the number of elements common to the set of multiples of {a} and the set of multiples of {b} within "
            "the numbers from 1 up to {n}.",
            "A Venn diagram sorts the numbers from 1 to {n}: one circle is for multiples of {a}, the other for "
            "multiples of {b}. How many numbers belong in the overlap?",
        ),
        _draw_common_multiples,
        _solve_common_multiples,
        "a",
    ),
    Skill(
        "subsets_with_conditions",
        SETS,
        ("subset", "power set"),
        "high school",
        (
            "A set has {n} elements. How many of its subsets contain {inside} particular elements and none of "
            "{outside} other particular elements?",
            "{person} packs any number of {n} different {items}. Of these {inside} must be packed and {outside} "
            "others must stay at home. In how many ways can {person} decide what to pack?",
            "The power set of a set with {n} elements is given. Fix {inside} of the elements to be included and "
            "{outside} others to be excluded. How many members of the power set satisfy this?",
            "Of {n} guests of a meeting at {place}, {inside} surely come and {outside} others surely do not; the rest "
            "are undecided. How many different sets of people may turn up?",
            "Out of {n} switches, {inside} have to be on and {outside} others have to be off, while each of the "
            "remaining switches can be in either position. Find the number of possible settings.",
        ),
        _draw_subsets,
        _solve_subsets,
        "n",
    ),
    Skill(
        "complement_of_multiples",
        SETS,
        ("complement of a set", "universal set"),
        "middle",
        (
            "The universal set consists of the whole numbers from 1 to {n}, and A is the set of the multiples of {a} "
            "among them. How many elements does the complement of A have?",
            "How many of the whole numbers from 1 to {n} are not divisible by {a}?",
            "The seats at {place} are numbered from 1 to {n}. {person} reserves each seat whose number is a multiple "
            "of {a}. How many seats remain free?",
            "From the numbers 1 to {n}, all multiples of {a} are removed. Find the size of the set that is left.",
            "Count the numbers from 1 to {n} that lie outside the set of multiples of {a}.",
        ),
        _draw_complement,
        _solve_complement,
        "n",
    ),
    Skill(
        "ordered_pairs_increasing",
        SETS,
        ("cartesian product", "cardinality"),
        "high school",
        (
            "Let A be the set of the whole numbers from 1 to {a} and B the set of those from 1 to {b}. How many "
            "ordered pairs (x, y) of the Cartesian product A x B have x less than y?",
            "{person} draws a number x from 1 to {a}, and {other} draws a number y from 1 to {b}. In how many of the "
            "possible pairs (x, y) is x smaller than y?",
            "Count the pairs (x, y) of whole numbers in which x runs from 1 to {a}, y runs from 1 to {b}, and y is "
            "greater than x.",
            "A table has a row for every x from 1 to {a} and a column for every y from 1 to {b}. {person} shades each "
            "cell with x less than y. How many cells are shaded?",
            "Find the number of elements (x, y) of the product set of the numbers from 1 to {a} with the numbers from "
            "1 to {b} for which y exceeds x.",
        ),
        _draw_ordered_pairs,
        _solve_ordered_pairs,
        "a",
    ),
)
