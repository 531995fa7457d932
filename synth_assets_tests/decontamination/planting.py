"""Questions with copies planted among them that differ a little, to count what is found."""

import random
import unicodedata
from itertools import combinations

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets_tests.decontamination.cutting import cut

Vectors = npt.NDArray[np.float32]


def random_words(count: int, draw: random.Random) -> list[str]:
    """Words of six letters."""
    return ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(count)]


def planted(
    count: int, seed: int, shortest: int = 40, longest: int = 70
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Questions of random words, half of them with a copy in which one or two words are others.

    Returns:
        The questions by id, and the ids of copy and original.
    """
    draw = random.Random(seed)
    words = random_words(3000, draw)
    questions, copies = {}, []
    for number in range(count):
        text = draw.choices(words, k=draw.randint(shortest, longest))
        text[draw.randrange(len(text))] = str(draw.randint(2, 90))
        questions[f"{number:04}a"] = " ".join(text)
        if number % 2:
            for place in draw.sample(range(len(text)), k=draw.randint(1, 2)):
                text[place] = draw.choice(words)
            questions[f"{number:04}b"] = " ".join(text)
            copies.append((f"{number:04}b", f"{number:04}a"))
    return questions, copies


def python_sets(questions: pl.Series) -> list[set[object]]:
    """The shingle sets as plain Python has them: words, pairs, and six copies of the pair that a number begins."""
    sets: list[set[object]] = []
    for question in questions:
        words = cut(question, signs=True)
        pairs = list(zip(words, [*words[1:], ""], strict=False))
        copies = {(*pair, copy) for pair in pairs if unicodedata.category(pair[0][0]) == "Nd" for copy in range(6)}
        sets.append({*words, *pairs[:-1], *copies})
    return sets


def likeness(first: set[object], second: set[object]) -> float:
    """Jaccard similarity; 0 where both are empty."""
    return len(first & second) / max(len(first | second), 1)


def like_pairs(questions: dict[str, str], similarity: float) -> set[frozenset[str]]:
    """All pairs of ids at least that similar, each with each compared."""
    sets = dict(zip(questions, python_sets(pl.Series(list(questions.values()))), strict=True))
    return {frozenset((a, b)) for a, b in combinations(questions, 2) if likeness(sets[a], sets[b]) >= similarity}


def unit_vectors(rows: int, copies: int, dimensions: int, seed: int) -> Vectors:
    """Random unit vectors, the last `copies` of them near earlier ones."""
    generator = np.random.default_rng(seed)
    vectors = generator.standard_normal((rows, dimensions))
    sources = generator.integers(0, rows - copies, copies)
    noise = generator.uniform(0.2, 0.8, (copies, 1)) * generator.standard_normal((copies, dimensions))
    vectors[rows - copies :] = vectors[sources] + noise
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit
