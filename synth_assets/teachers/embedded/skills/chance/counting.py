"""Problem skills of counting beyond selections: binomial theorem, pigeonholes, stars and bars, lattice paths."""

from math import comb, lcm
from random import Random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.chance.feeding import chosen, raised, whole_between

TOPIC = "combinatorics"


def _draw_binomial_theorem(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    b = whole_between(rng, fed, 2, 3 + 2 * difficulty, 50)
    n = rng.randint(3, 4 + difficulty)
    return None if b is None else {"b": b, "n": n, "k": rng.randint(2, n - 1), "a": rng.randint(2, 1 + difficulty + 1)}


def _solve_binomial_theorem(p: Parameters) -> Solution:
    a, b, n, k = (whole(p, name) for name in ("a", "b", "n", "k"))
    answer = comb(n, k) * a**k * b ** (n - k)
    return Solution(
        (
            f"By the binomial theorem the term with x^{k} is C({n}, {k}) * ({a}x)^{k} * {raised(b, n - k)}.",
            f"Here the binomial coefficient is {chosen(n, k)}, and {a}^{k} = {a**k}.",
            f"The coefficient is {comb(n, k)} * {a**k} * {b ** (n - k)} = {answer}.",
        ),
        answer,
    )


def _draw_hockey_stick(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_between(rng, fed, 5, 10 + 15 * difficulty, 100)
    return None if n is None else {"n": n, "k": rng.randint(2, min(n - 2, 2 + 2 * difficulty))}


def _solve_hockey_stick(p: Parameters) -> Solution:
    n, k = whole(p, "n"), whole(p, "k")
    return Solution(
        (
            f"In Pascal's triangle the entries C({k}, {k}), C({k + 1}, {k}), ..., C({n}, {k}) lie on one diagonal.",
            "By repeated use of Pascal's rule their sum is the entry below the last one, beside the diagonal (the "
            f"hockey-stick identity): C({n + 1}, {k + 1}).",
            f"Its value is {chosen(n + 1, k + 1)}.",
        ),
        comb(n + 1, k + 1),
    )


def _draw_pigeonhole(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    kinds = whole_between(rng, fed, 3, 20 * difficulty, 10**5)
    return None if kinds is None else {"kinds": kinds, "same": rng.randint(2, 4 + 4 * difficulty)}


def _solve_pigeonhole(p: Parameters) -> Solution:
    kinds, same = whole(p, "kinds"), whole(p, "same")
    unlucky = kinds * (same - 1)
    return Solution(
        (
            f"In the worst case each of the {kinds} kinds occurs {'once' if same == 2 else f'{same - 1} times'}, "
            f"which makes {kinds} * {same - 1} = {unlucky}, and still there are no {same} of the same kind.",
            f"By the pigeonhole principle one more forces {same} of one kind: {unlucky} + 1 = {unlucky + 1}.",
        ),
        unlucky + 1,
    )


def _draw_stars_and_bars(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_between(rng, fed, 4, 10 + 15 * difficulty, 100)
    return None if n is None else {"n": n, "k": rng.randint(3, 4 + difficulty)}


def _solve_stars_and_bars(p: Parameters) -> Solution:
    n, k = whole(p, "n"), whole(p, "k")
    return Solution(
        (
            f"Picture the {n} things as stars and separate the {k} shares by {k - 1} bars (stars and bars).",
            f"Each distribution is a choice of {k - 1} places for the bars among {n} + {k - 1} = {n + k - 1} places.",
            f"The number is {chosen(n + k - 1, k - 1)}.",
        ),
        comb(n + k - 1, k - 1),
    )


def _draw_lattice_path(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, b = whole_between(rng, fed, 2, 4 + 2 * difficulty, 40), rng.randint(2, 4 + 2 * difficulty)
    if a is None:
        return None
    return {"a": a, "b": b, "i": rng.randint(1, a - 1), "j": rng.randint(1, b - 1)}


def _solve_lattice_path(p: Parameters) -> Solution:
    a, b, i, j = (whole(p, name) for name in ("a", "b", "i", "j"))
    before, after = comb(i + j, i), comb(a - i + b - j, a - i)
    return Solution(
        (
            f"A shortest lattice path to the point ({i}, {j}) has {i + j} steps, and {i} of these must go east: "
            f"{chosen(i + j, i)} ways.",
            f"The rest of the path takes {a} - {i} = {a - i} more to the east and {b} - {j} = {b - j} more to the "
            f"north: {chosen(a - i + b - j, a - i)} ways.",
            f"By the multiplication principle there are {before} * {after} = {before * after} paths.",
        ),
        before * after,
    )


def _draw_divisible(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_between(rng, fed, 30, 200 * difficulty, 5000)
    a, b = sorted(rng.sample((2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 15)[: 5 + 2 * difficulty], 2))
    return None if n is None or b % a == 0 or n < b else {"n": n, "a": a, "b": b}


def _solve_divisible(p: Parameters) -> Solution:
    n, a, b = whole(p, "n"), whole(p, "a"), whole(p, "b")
    common = lcm(a, b)
    first, second, both = n // a, n // b, n // common
    return Solution(
        (
            f"Up to {n} there are {first} multiples of {a} and {second} multiples of {b}.",
            f"Multiples of both are the multiples of {common}, and there are {both} of them.",
            f"By the inclusion-exclusion principle the number is {first} + {second} - {both} = "
            f"{first + second - both}.",
        ),
        first + second - both,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "binomial_theorem_coefficient",
        TOPIC,
        ("binomial theorem", "binomial coefficient"),
        "high school",
        (
            "What is the coefficient of x^{k} in the expansion of ({a}x + {b})^{n}?",
            "Expand ({a}x + {b})^{n} by the binomial theorem. Which number stands before x^{k}?",
            "{person} multiplies out ({b} + {a}x)^{n} and collects like terms. Find the coefficient of the term with "
            "x^{k}.",
            "Determine the coefficient that x^{k} has in the polynomial ({a}x + {b})^{n}.",
            "Use the binomial theorem to find the factor of x^{k} when the product of {n} brackets, each equal to "
            "({a}x + {b}), is written without brackets.",
        ),
        _draw_binomial_theorem,
        _solve_binomial_theorem,
        "b",
    ),
    Skill(
        "pascal_diagonal_sum",
        TOPIC,
        ("pascal's triangle", "pascal's rule", "binomial coefficient"),
        "high school",
        (
            "In Pascal's triangle the rows and the entries of a row are numbered from 0. What is the sum of the "
            "entries number {k} in all the rows from row {k} to row {n}?",
            "Let C(m, {k}) be the number of ways to choose {k} out of m objects. Find the sum of C(m, {k}) over all m "
            "from {k} to {n}.",
            "{person} adds the binomial coefficients C({k}, {k}), C({k} + 1, {k}), and so on, up to C({n}, {k}) along "
            "a diagonal of Pascal's triangle. What is the total?",
            "Use the hockey-stick identity to evaluate the sum, for m from {k} to {n}, of the binomial coefficients "
            "C(m, {k}).",
            "For each m from {k} to {n}, {person} counts the ways to choose {k} of m {items}, and then adds all these "
            "counts. Which sum does {person} get?",
        ),
        _draw_hockey_stick,
        _solve_hockey_stick,
        "n",
    ),
    Skill(
        "pigeonhole_guarantee",
        TOPIC,
        ("pigeonhole principle",),
        "competition",
        (
            "A drawer at {place} contains a large supply of socks in each of {kinds} colours. What is the least "
            "number of socks that {person} must take in the dark to be sure of {same} of the same colour?",
            "Objects are put into {kinds} boxes. Find the smallest number of objects for which some box certainly "
            "holds at least {same} of them.",
            "How many people must there be in a room to be certain that at least {same} of them chose the same one of "
            "{kinds} {items}, if everybody chooses exactly one?",
            "Every visitor to {place} receives a card with one of {kinds} symbols. What is the smallest number of "
            "visitors that guarantees {same} equal cards?",
            "By the pigeonhole principle, how many whole numbers must be written down at least, so that {same} of "
            "them surely leave the same remainder on division by {kinds}?",
        ),
        _draw_pigeonhole,
        _solve_pigeonhole,
        "kinds",
    ),
    Skill(
        "stars_and_bars_distribution",
        TOPIC,
        ("stars and bars", "binomial coefficient"),
        "competition",
        (
            "In how many ways can {n} identical coins be shared among {k} children, if a child may also receive none?",
            "In how many ways can {n} be written as a sum of {k} whole numbers, if 0 is allowed and the order of the "
            "summands matters?",
            "A baker at {place} offers {k} kinds of rolls. {person} buys {n} rolls. How many different selections are "
            "possible, if only the number of rolls of each kind counts?",
            "Find the number of ways to put {n} indistinguishable balls into {k} numbered boxes; boxes may stay empty.",
            "{person} distributes {n} equal stickers over {k} different pages of an album, any number to a page. Use "
            "stars and bars to count the distributions.",
        ),
        _draw_stars_and_bars,
        _solve_stars_and_bars,
        "n",
    ),
    Skill(
        "lattice_paths_through_point",
        TOPIC,
        ("lattice path", "combination"),
        "high school",
        (
            "In a town of square blocks {place} lies {a} blocks east and {b} blocks north of {person}'s house. "
            "{person} walks only east or north, starting at (0, 0), and wants to pass the corner ({i}, {j}). Counting "
            "in blocks, how many ways are there?",
            "How many lattice paths with unit steps east and north lead from (0, 0) to ({a}, {b}) through the point "
            "({i}, {j})?",
            "A counter stands on the point (0, 0) of a grid and moves one unit right or one unit up at a time. Find "
            "the number of ways to reach ({a}, {b}) by way of ({i}, {j}).",
            "On a map with streets in a grid, {person} goes from (0, 0) to ({a}, {b}) by a shortest path and meets "
            "{other} at the crossing ({i}, {j}). How many shortest paths allow this?",
            "Count the shortest grid paths between the corner (0, 0) and the corner ({a}, {b}) that contain the "
            "crossing ({i}, {j}).",
        ),
        _draw_lattice_path,
        _solve_lattice_path,
        "a",
    ),
    Skill(
        "divisible_by_either",
        TOPIC,
        ("inclusion-exclusion principle", "double counting"),
        "competition",
        (
            "How many of the whole numbers from 1 to {n} are divisible by {a} or by {b} (or by both)?",
            "The {items} at {place} are numbered from 1 to {n}. {person} marks each number that is a multiple of {a} "
            "and each that is a multiple of {b}. How many numbers are marked?",
            "Use the inclusion-exclusion principle to count the positive integers up to {n} that are multiples of at "
            "least one of {a} and {b}.",
            "On days numbered from 1 to {n}, {person} comes on every day whose number is divisible by {a}, and "
            "{other} on every day whose number is divisible by {b}. On how many days does at least one of them come?",
            "Find the size of the set of numbers from 1 to {n} that leave the remainder 0 on division by {a} or on "
            "division by {b}.",
        ),
        _draw_divisible,
        _solve_divisible,
        "n",
    ),
)
