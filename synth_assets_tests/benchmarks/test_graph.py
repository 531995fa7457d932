"""The benchmark of the concept graph measures what it says: right results, of ours and of every peer, on like data."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from graph_peers.case import Case, Part, edges_of
from graph_peers.contenders import CONTENDERS
from graph_peers.making import make
from graph_peers.references import References, by_comparison
from racing import Contender, measure
from zipf_corpus import document_concepts, draw

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
DOCUMENTS, WALKS = 1_500, 2_500


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return make(tmp_path_factory.mktemp("case"), DOCUMENTS, WALKS, seed=0)


def units_of(part: Part, case: Case) -> int:
    return DOCUMENTS if part is Part.EDGES else len(case.visited.topics)


@pytest.mark.parametrize(
    ("part", "contender"),
    [pytest.param(part, one, id=f"{part}: {one.name}") for part in Part for one in CONTENDERS[part]],
)
def test_every_contender_is_right(case: Case, part: Part, contender: Contender[Case, object, object, object]) -> None:
    units = units_of(part, case)
    measured, chosen, _ = measure(contender, case, units, full=False)
    assert measured.right, measured.words
    assert measured.of == units
    assert measured.units == len(chosen) == min(units, contender.sample or units)


def test_ours_and_the_sparse_product_find_the_same_references(case: Case) -> None:
    found = []
    for contender in (CONTENDERS[Part.REFERENCES][0], CONTENDERS[Part.REFERENCES][-1]):
        _, _, result = measure(contender, case, len(case.visited.topics), full=True)
        assert isinstance(result, References)
        found.append(result)
    theirs, ours = found
    assert (theirs.documents == ours.documents).all()
    assert (theirs.similarities == ours.similarities).all()


def test_a_wrong_result_is_seen(case: Case) -> None:
    edges = edges_of(case.memberships)
    edges.documents[0] += 1
    assert not CONTENDERS[Part.EDGES][0].judge(case, np.arange(DOCUMENTS), edges).right
    nearest = by_comparison(case, np.arange(50))
    nearest.documents[7] = nearest.documents[7][::-1].copy()
    assert not CONTENDERS[Part.REFERENCES][0].judge(case, np.arange(50), nearest).right
    walked = case.visited.of(np.arange(len(case.visited.topics) - 1))
    walked.concepts[:, 1] = walked.concepts[:, 0]
    assert not CONTENDERS[Part.WALKS][0].judge(case, np.arange(len(walked.topics)), walked).right


def test_the_corpus_is_as_described() -> None:
    rows = [
        row for shard in document_concepts(draw(DOCUMENTS, seed=1), shards=4) for row in shard.iter_rows(named=True)
    ]
    topics: dict[str, set[str]] = {}
    concepts: dict[str, list[str]] = {}
    for row in rows:
        topics.setdefault(row["document_id"], set()).add(row["topic"])
        concepts.setdefault(row["document_id"], []).append(row["key_concept"])
    assert len(topics) == DOCUMENTS
    assert {len(names) for names in topics.values()} == {1, 2, 3}
    assert {len(names) for names in concepts.values()} == {5, 6, 7, 8, 9, 10}
    assert all(len(set(names)) == len(names) for names in concepts.values())
    assert {row["shard"] for row in rows} == {"shard-00", "shard-01", "shard-02", "shard-03"}


def test_the_same_seed_draws_the_same_corpus() -> None:
    first, again, other = (list(document_concepts(draw(200, seed), shards=2, seed=seed)) for seed in (3, 3, 4))
    assert all(one.equals(two) for one, two in zip(first, again, strict=True))
    assert not first[0].equals(other[0])


@pytest.mark.slow
def test_one_command_prints_every_table() -> None:
    command = [sys.executable, str(BENCHMARKS / "graph.py"), "--documents", "400", "--walks", "500", "--turns", "1"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for heading in (
        "| edges |",
        "| walks |",
        "| references |",
        "| the road, by functions |",
        "| the road, by assets |",
    ):
        assert heading in printed
    assert printed.count("| synth-assets |") == 3
    assert "WRONG" not in printed
