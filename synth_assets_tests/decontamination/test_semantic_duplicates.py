import numpy as np
import pytest

from synth_assets.decontamination.keeping_loops import NOTHING
from synth_assets.decontamination.semantic_duplicates import AllPairs, Hyperplanes, Proposer, proposer, table_sizes
from synth_assets_tests.decontamination.planting import Vectors, unit_vectors

COSINE = 0.85


def proposed(by: Proposer, rows: int, gone: tuple[int, ...] = ()) -> set[tuple[int, int]]:
    rules = np.full(rows, NOTHING, np.uint8)
    pairs = set()
    for first in range(0, rows, 700):
        rules[[row for row in gone if row < first]] = 1
        last = min(first + 700, rows)
        starts, others = by.before(first, last, rules)
        for row in range(first, last):
            pairs |= {(row, int(other)) for other in others[starts[row - first] : starts[row - first + 1]]}
    return pairs


def brute_force(vectors: Vectors) -> set[tuple[int, int]]:
    products = vectors.astype(np.float64) @ vectors.astype(np.float64).T
    return {(int(row), int(other)) for row, other in np.argwhere(products >= COSINE) if other < row}


def test_all_pairs_near_enough_are_proposed_exactly() -> None:
    vectors = unit_vectors(2000, 800, 48, seed=1)
    wanted = brute_force(vectors)
    assert len(wanted) > 400
    assert proposed(proposer(vectors, COSINE), len(vectors)) == wanted
    gone = (3, 1205)
    assert proposed(AllPairs(vectors, COSINE), len(vectors), gone) == {
        (row, other) for row, other in wanted if other not in gone or row // 700 == other // 700
    }


def test_hyperplanes_propose_nearly_all_of_them_and_little_else() -> None:
    vectors = unit_vectors(4000, 1500, 48, seed=2)
    wanted = brute_force(vectors)
    found = proposed(Hyperplanes(vectors, COSINE), len(vectors))
    assert len(found & wanted) >= 0.99 * len(wanted)
    assert len(found) < 0.01 * len(vectors) ** 2 / 2
    assert proposed(Hyperplanes(vectors, COSINE), len(vectors)) == found


@pytest.mark.parametrize("rows", [10, 100_000, 2_000_000])
def test_tables_find_a_pair_just_near_enough(rows: int) -> None:
    agreeing = 1 - np.arccos(0.9) / np.pi
    bits, tables = table_sizes(rows, agreeing)
    assert 8 <= bits <= 31
    assert 1 - (1 - agreeing**bits) ** tables >= 0.99
    assert table_sizes(rows, 1.0)[1] == 1
