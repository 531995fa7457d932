"""Problem skills of Venn diagrams: how many lie in the union, in exactly one set, or in none."""

from random import Random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.chance.feeding import whole_between

SETS = "set theory"


def _draw_neither(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    total = whole_between(rng, fed, 12, 100 * difficulty, 10**5)
    if total is None:
        return None
    a, b = rng.randint(total // 4, total * 2 // 3), rng.randint(total // 4, total * 2 // 3)
    both = rng.randint(max(2, a + b - total + 1), max(2, min(a, b) - 1))
    fits = 2 <= both < min(a, b) and a + b - both < total
    return {"total": total, "a": a, "b": b, "both": both} if fits else None


def _solve_neither(p: Parameters) -> Solution:
    total, a, b, both = (whole(p, name) for name in ("total", "a", "b", "both"))
    union = a + b - both
    return Solution(
        (
            f"By the inclusion-exclusion principle the union of the two sets has {a} + {b} - {both} = {union} "
            f"elements.",
            f"Those in neither set form the complement of the union: {total} - {union} = {total - union}.",
        ),
        total - union,
    )


def _draw_exactly_one(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    both = whole_between(rng, fed, 2, 20 * difficulty, 10**5)
    if both is None:
        return None
    return {"a": both + rng.randint(2, 30 * difficulty), "b": both + rng.randint(2, 30 * difficulty), "both": both}


def _solve_exactly_one(p: Parameters) -> Solution:
    a, b, both = whole(p, "a"), whole(p, "b"), whole(p, "both")
    answer = a + b - 2 * both
    return Solution(
        (
            f"In the Venn diagram the intersection holds {both}, so {a} - {both} = {a - both} lie in the first set "
            f"only and {b} - {both} = {b - both} in the second only.",
            f"The symmetric difference consists of these two parts: {a - both} + {b - both} = {answer}.",
        ),
        answer,
    )


def _draw_venn_three(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    """Sizes of three sets and their intersections, built from the seven regions of a Venn diagram."""
    a, b, c, ab, ac, bc = (rng.randint(2, 10 * difficulty) for _ in range(6))
    every = whole_between(rng, fed, 2, 8 * difficulty, 10**4)
    if every is None:
        return None
    sizes = {"a": a + ab + ac + every, "b": b + ab + bc + every, "c": c + ac + bc + every}
    return {**sizes, "ab": ab + every, "ac": ac + every, "bc": bc + every, "every": every}


def _solve_venn_three(p: Parameters) -> Solution:
    a, b, c, ab, ac, bc, every = (whole(p, name) for name in ("a", "b", "c", "ab", "ac", "bc", "every"))
    singles, pairs = a + b + c, ab + ac + bc
    return Solution(
        (
            f"The three sets have {a} + {b} + {c} = {singles} members if overlaps are counted repeatedly.",
            f"Take away the pairwise intersections, {ab} + {ac} + {bc} = {pairs}; now those in all three sets are "
            f"missing, so add {every} again.",
            f"By inclusion-exclusion the union of the sets has {singles} - {pairs} + {every} = "
            f"{singles - pairs + every} members.",
        ),
        singles - pairs + every,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "neither_of_two_sets",
        SETS,
        ("complement of a set", "union of sets", "inclusion-exclusion principle"),
        "middle",
        (
            "Of {total} visitors to {place}, {a} carry a map, {b} carry an umbrella and {both} carry both. How many "
            "carry neither?",
            "A universal set of {total} elements contains a set A with {a} elements and a set B with {b} elements; "
            "{both} elements lie in both. How many elements lie in neither A nor B?",
            "{person} asks {total} people: {a} speak French, {b} speak German, and {both} speak both languages. How "
            "many of them speak neither language?",
            "In a class list of {total} names, {a} are marked for chess, {b} for choir and {both} for both. Find the "
            "number of names without a mark.",
            "Among {total} {items}, {a} are old, {b} are damaged, and {both} are both old and damaged. Calculate how "
            "many are neither old nor damaged.",
        ),
        _draw_neither,
        _solve_neither,
        "total",
    ),
    Skill(
        "exactly_one_of_two_sets",
        SETS,
        ("symmetric difference", "venn diagram", "intersection of sets"),
        "middle",
        (
            "In a survey at {place}, {a} people like tea, {b} like coffee and {both} like both drinks. How many "
            "people like exactly one of the two drinks?",
            "Set A has {a} elements, set B has {b} elements, and their intersection has {both} elements. How many "
            "elements does the symmetric difference of A and B have?",
            "{person} draws a Venn diagram of {a} swimmers and {b} runners; {both} members belong to both groups. How "
            "many members do only one of the two sports?",
            "A library lends {a} readers a novel and {b} readers a comic; {both} readers take both. Find the number "
            "of readers who take one kind but not the other.",
            "The left circle of a Venn diagram contains {a} objects in all and the right circle {b}, with {both} in "
            "the overlap. How many objects lie in exactly one circle?",
        ),
        _draw_exactly_one,
        _solve_exactly_one,
        "both",
    ),
    Skill(
        "union_of_three_sets",
        SETS,
        ("venn diagram", "union of sets", "inclusion-exclusion principle"),
        "high school",
        (
            "At a music school {a} pupils play the piano, {b} the violin and {c} the flute. Piano and violin are "
            "played by {ab} pupils, piano and flute by {ac}, violin and flute by {bc}, and all three instruments by "
            "{every}. How many pupils play at least one of the three?",
            "Three sets A, B and C have {a}, {b} and {c} elements. A and B share {ab} elements, A and C share {ac}, B "
            "and C share {bc}, and {every} elements lie in all three sets. How many elements has the union?",
            "{person} counts the readers of three newspapers at {place}: {a} read the first, {b} the second, {c} the "
            "third; {ab} read the first and second, {ac} the first and third, {bc} the second and third, and {every} "
            "read all three. Find the number of people who read at least one of them.",
            "In a Venn diagram with three circles the circles hold {a}, {b} and {c} objects. The overlaps of two "
            "circles hold {ab} (first and second), {ac} (first and third) and {bc} (second and third) objects, among "
            "them the {every} objects common to all three. Calculate how many objects are in the diagram.",
            "A group learns languages: {a} learn Italian, {b} Spanish, {c} Polish; {ab} learn Italian and Spanish, "
            "{ac} Italian and Polish, {bc} Spanish and Polish; {every} learn all three, and everyone learns at least "
            "one. How many people are in the group?",
        ),
        _draw_venn_three,
        _solve_venn_three,
        "every",
    ),
)
