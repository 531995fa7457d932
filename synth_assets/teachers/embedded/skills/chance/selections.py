"""Problem skills of selections and arrangements: counting principle, permutations, combinations."""

from math import comb, factorial, perm
from random import Random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.chance.feeding import chosen, whole_between

TOPIC = "combinatorics"


def _draw_product_rule(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = whole_between(rng, fed, 2, 8 * difficulty, 10**4)
    return None if a is None else {"a": a, "b": rng.randint(2, 6 * difficulty), "c": rng.randint(2, 4 + 2 * difficulty)}


def _solve_product_rule(p: Parameters) -> Solution:
    a, b, c = whole(p, "a"), whole(p, "b"), whole(p, "c")
    return Solution(
        (
            "By the fundamental counting principle the numbers of independent choices are multiplied.",
            f"{a} * {b} = {a * b}, and {a * b} * {c} = {a * b * c}.",
        ),
        a * b * c,
    )


def _draw_ordered_choice(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_between(rng, fed, 5, 12 + 12 * difficulty, 60)
    return None if n is None else {"n": n, "k": rng.randint(2, min(n - 1, 3 + difficulty))}


def _solve_ordered_choice(p: Parameters) -> Solution:
    n, k = whole(p, "n"), whole(p, "k")
    product = " * ".join(str(n - i) for i in range(k))
    return Solution(
        (
            f"The order matters, so the permutations of {k} out of {n} are counted.",
            f"The first place can be filled in {n} ways and each further place in one way fewer, which gives {k} "
            f"factors.",
            f"The number is {product} = {perm(n, k)}.",
        ),
        perm(n, k),
    )


def _draw_choice(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_between(rng, fed, 5, 12 + 12 * difficulty, 100)
    return None if n is None else {"n": n, "k": rng.randint(2, min(n - 1, 3 + difficulty))}


def _solve_choice(p: Parameters) -> Solution:
    n, k = whole(p, "n"), whole(p, "k")
    return Solution(
        (
            "The order does not matter, so combinations are counted.",
            f"Their number is the binomial coefficient {chosen(n, k)}.",
        ),
        comb(n, k),
    )


def _draw_two_groups(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, b = whole_between(rng, fed, 4, 6 + 3 * difficulty, 60), rng.randint(4, 6 + 3 * difficulty)
    return None if a is None else {"a": a, "i": rng.randint(2, min(3, a - 1)), "b": b, "j": rng.randint(2, 3)}


def _solve_two_groups(p: Parameters) -> Solution:
    a, i, b, j = (whole(p, name) for name in ("a", "i", "b", "j"))
    return Solution(
        (
            f"The women can be chosen in {chosen(a, i)} ways, each a combination without regard to order.",
            f"The men can be chosen in {chosen(b, j)} ways.",
            f"By the fundamental counting principle there are {comb(a, i)} * {comb(b, j)} = {comb(a, i) * comb(b, j)} "
            "committees.",
        ),
        comb(a, i) * comb(b, j),
    )


def _draw_multiset(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = whole_between(rng, fed, 2, 4 + difficulty, 12)
    return None if a is None else {"a": a, "b": rng.randint(2, 4 + difficulty), "c": rng.randint(2, 3 + 2 * difficulty)}


def _solve_multiset(p: Parameters) -> Solution:
    a, b, c = whole(p, "a"), whole(p, "b"), whole(p, "c")
    n = a + b + c
    answer = factorial(n) // (factorial(a) * factorial(b) * factorial(c))
    return Solution(
        (
            f"There are {a} + {b} + {c} = {n} places, and {n} different things could be arranged in {n}! ways.",
            f"Things of one kind can be exchanged unseen, so we divide by {a}!, {b}! and {c}!; this is the multinomial "
            "coefficient, which counts the permutations of a multiset.",
            f"The number is {n}!/({a}! * {b}! * {c}!) = {answer}.",
        ),
        answer,
    )


def _draw_blocks(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = whole_between(rng, fed, 2, 4 + difficulty, 8)
    return None if a is None else {"a": a, "b": rng.randint(2, 4 + difficulty), "c": rng.randint(2, 4 + difficulty)}


def _solve_blocks(p: Parameters) -> Solution:
    a, b, c = whole(p, "a"), whole(p, "b"), whole(p, "c")
    answer = 6 * factorial(a) * factorial(b) * factorial(c)
    return Solution(
        (
            "Each kind stays together, so it acts as one block; the three blocks can be arranged in 3! = 6 ways.",
            f"Inside the blocks there are {a}! = {factorial(a)}, {b}! = {factorial(b)} and {c}! = {factorial(c)} "
            "permutations.",
            f"Together there are 6 * {factorial(a)} * {factorial(b)} * {factorial(c)} = {answer} arrangements.",
        ),
        answer,
    )


def _draw_round_table(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_between(rng, fed, 3, 5 + difficulty, 9)
    return None if n is None else {"n": n, "dishes": rng.randint(2, 20 + 20 * difficulty)}


def _solve_round_table(p: Parameters) -> Solution:
    n, dishes = whole(p, "n"), whole(p, "dishes")
    seats = factorial(n - 1)
    return Solution(
        (
            f"In a circular permutation only the neighbours matter: of the {n}! orders, {n} at a time are the same up "
            f"to rotation, which leaves ({n} - 1)! = {seats}.",
            f"Each of them can be combined with any of the other {dishes} choices: {seats} * {dishes} = "
            f"{seats * dishes} possibilities.",
        ),
        seats * dishes,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "counting_principle_product",
        TOPIC,
        ("fundamental counting principle",),
        "middle",
        (
            "At {place} one can choose from {a} soups, {b} main dishes and {c} desserts. How many meals of one soup, "
            "one main dish and one dessert are possible?",
            "{person} owns {a} shirts, {b} pairs of trousers and {c} hats. In how many ways can {person} choose one "
            "of each?",
            "There are {a} roads from the first town to the second, {b} from the second to the third and {c} from the "
            "third to the fourth. How many routes lead from the first town through the second and third to the fourth?",
            "A code consists of one of {a} symbols, then one of {b} colours, then one of {c} digits. Find the number "
            "of codes.",
            "{person} picks one of {a} {items}, {other} picks one of {b} cards, and a visitor picks one of {c} songs. "
            "By the counting principle, how many different results can these three choices have?",
        ),
        _draw_product_rule,
        _solve_product_rule,
        "a",
    ),
    Skill(
        "ordered_selection",
        TOPIC,
        ("permutation", "fundamental counting principle"),
        "high school",
        (
            "From {n} runners, the first {k} places of a race are to be filled, without ties. How many different "
            "results for these {k} places are possible?",
            "How many permutations of {k} objects can be formed from {n} different objects?",
            "{person} has {n} different {items} and puts {k} of them in a row in a window at {place}. How many "
            "different rows are possible?",
            "A club of {n} members gives {k} different posts to {k} of its members, no member holding two. In how "
            "many ways can this be done?",
            "Find the number of sequences of {k} different letters that can be written with an alphabet of {n} "
            "letters.",
        ),
        _draw_ordered_choice,
        _solve_ordered_choice,
        "n",
    ),
    Skill(
        "unordered_selection",
        TOPIC,
        ("combination", "binomial coefficient"),
        "high school",
        (
            "In how many ways can {person} choose {k} of {n} different {items}, if the order does not matter?",
            "A committee of {k} is to be formed from {n} people. How many committees are possible?",
            "Find the number of combinations of {k} objects out of {n} different objects.",
            "{person} has {n} friends in the town and may bring {k} of them to {place}. How many different groups of "
            "friends can {person} bring?",
            "How many subsets with exactly {k} elements does a set of {n} elements have?",
        ),
        _draw_choice,
        _solve_choice,
        "n",
    ),
    Skill(
        "committee_from_two_groups",
        TOPIC,
        ("combination", "fundamental counting principle", "binomial coefficient"),
        "high school",
        (
            "From {a} women and {b} men who work at {place}, a committee of {i} women and {j} men is formed. How many "
            "committees are possible?",
            "{person} casts a play with {i} female and {j} male dancers, to be chosen from {a} women and {b} men; the "
            "dancers of a kind have equal parts. In how many ways can {person} choose them?",
            "A team needs exactly {i} women and {j} men. The candidates are {a} women and {b} men. Find the number of "
            "possible teams.",
            "A club with {a} women and {b} men sends {i} of the women and {j} of the men to a meeting. How many "
            "delegations could it send?",
            "Calculate the number of ways to select {i} women out of {a} together with {j} men out of {b}, order "
            "being of no importance.",
        ),
        _draw_two_groups,
        _solve_two_groups,
        "a",
    ),
    Skill(
        "arrangements_of_multiset",
        TOPIC,
        ("permutation of a multiset", "factorial", "multinomial coefficient"),
        "high school",
        (
            "{person} hangs {a} red, {b} blue and {c} white flags in a row at {place}; flags of one colour look the "
            "same. How many different rows are possible?",
            "How many words of {a} letters A, {b} letters B and {c} letters C are there, if every arrangement of all "
            "these letters counts as a word?",
            "Find the number of distinct arrangements in a line of {a} identical black beads, {b} identical white "
            "beads and {c} identical green beads.",
            "A signal is a sequence of {a} long tones, {b} short tones and {c} pauses. How many such signals exist?",
            "A shelf is filled from left to right with {a} copies of one book, {b} copies of a second and {c} copies "
            "of a third. In how many distinguishable orders can the copies stand?",
        ),
        _draw_multiset,
        _solve_multiset,
        "a",
    ),
    Skill(
        "blocks_stay_together",
        TOPIC,
        ("adjacent arrangement", "factorial", "permutation"),
        "high school",
        (
            "A shelf holds {a} different atlases, {b} different dictionaries and {c} different novels. Books of the "
            "same kind must stay together. In how many orders can all the books stand?",
            "In how many ways can {a} women, {b} men and {c} children stand in a row, if the women are side by side, "
            "the men are side by side and the children are side by side?",
            "{person} arranges {a} different roses, {b} different tulips and {c} different lilies in one line at "
            "{place}, each kind without interruption. Find the number of arrangements.",
            "A concert consists of {a} songs, {b} dances and {c} poems, all different. Pieces of the same type follow "
            "each other directly. How many programmes are possible?",
            "Count the permutations of {a} + {b} + {c} different cards, of which {a} are red, {b} are blue and {c} "
            "are green, in which every colour forms one block.",
        ),
        _draw_blocks,
        _solve_blocks,
        "a",
    ),
    Skill(
        "round_table_seating",
        TOPIC,
        ("circular permutation", "factorial"),
        "high school",
        (
            "At {place}, {n} guests sit down at a round table, and one of {dishes} menus is chosen for all. Seatings "
            "that differ by a rotation count as the same. How many combinations of seating and menu are there?",
            "In how many ways can {n} people sit at a round table while listening to one of {dishes} records? Only "
            "the order around the table and the record matter; rotations are not told apart.",
            "{person} places {n} different {items} in a circle, which may be turned, and puts one of {dishes} "
            "different candles in the middle. Find the number of different displays (reflections count as different).",
            "A dance begins with {n} dancers in a ring, all facing the centre, and one of {dishes} melodies. If "
            "rotating the ring changes nothing, how many beginnings are possible?",
            "Find the product of the number of circular permutations of {n} objects, rotations being regarded as "
            "equal, and the number {dishes}.",
        ),
        _draw_round_table,
        _solve_round_table,
        "n",
    ),
)
