"""The benchmark of decontamination measures what it says: right results, of ours and of the peers, on like texts."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from decontamination_peers.case import Case, Hits, Part
from decontamination_peers.contenders import CONTENDERS
from decontamination_peers.making import Sizes, batch, make
from decontamination_peers.memory import stream
from decontamination_peers.near_duplicates import Pairs
from decontamination_peers.reference import jaccard, shared_grams, words_of
from decontamination_peers.zipf_texts import DOCUMENTS, ITEMS, LONG, SHORT, Planted, draw
from racing import Contender, measure

from synth_assets.decontamination.words import Words

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SIZES = Sizes(documents=1_200, items=300, near=1_500, questions=1_200, seed=0)
HERE = [(part, one) for part in Part for one in CONTENDERS[part] if not one.needs_peers]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return make(tmp_path_factory.mktemp("case"), SIZES)


@pytest.mark.parametrize(("part", "contender"), [pytest.param(*both, id=f"{both[0]}: {both[1].name}") for both in HERE])
def test_every_contender_is_right(case: Case, part: Part, contender: Contender[Case, object, object, object]) -> None:
    measured, chosen, _ = measure(contender, case, case.units(part), full=False)
    assert measured.right, measured.words
    assert measured.of == measured.units == len(chosen) == case.units(part)


def test_what_is_planted_is_what_the_plain_way_finds(case: Case) -> None:
    planted = case.planted("documents")
    hits = pl.DataFrame({"text": case.hits.texts, "item": case.hits.items})
    assert hits.join(planted, on=["text", "item"], how="anti").is_empty()
    for kind in (Planted.VERBATIM, Planted.LONG):
        rows = planted.filter(pl.col("kind") == kind)
        assert rows.height == 6
        assert rows.join(hits, on=["text", "item"], how="anti").is_empty()
    short = planted.filter(pl.col("kind") == Planted.SHORT)
    assert short.join(hits, on="text", how="semi").is_empty()


def test_twelve_words_are_shared_where_they_were_planted(case: Case) -> None:
    documents, items = case.texts("documents"), case.texts("items")
    planted = case.planted("documents").filter(pl.col("kind") == Planted.SHORT)
    for text, item in planted.select("text", "item").iter_rows():
        ours, theirs = (words_of(texts[number]) for texts, number in ((documents, text), (items, item)))
        runs = {tuple(theirs[place : place + SHORT]) for place in range(len(theirs) - SHORT + 1)}
        assert any(tuple(ours[place : place + SHORT]) in runs for place in range(len(ours) - SHORT + 1))
        assert not len(shared_grams([documents[text]], [items[item]]).texts)


def test_the_plain_way_and_ours_see_the_same_words(case: Case) -> None:
    for name in ("documents", "items", "near", "questions"):
        texts = case.texts(name)
        ours = Words.of(texts)
        for text, start, length in zip(texts, ours.starts, ours.lengths, strict=False):
            assert ours.span(int(start), int(length)).split() == words_of(text)


def test_texts_are_as_long_as_described(case: Case) -> None:
    lengths = [len(words_of(text)) for text in case.texts("documents")]
    assert min(lengths) == DOCUMENTS.shortest
    assert max(lengths) == DOCUMENTS.longest
    assert np.mean(lengths) == pytest.approx(105, abs=2)
    assert np.mean([len(words_of(text)) for text in case.texts("items")]) == pytest.approx(40, abs=2)


def test_a_wrong_result_is_seen(case: Case) -> None:
    sets, ours = CONTENDERS[Part.NGRAMS][0], CONTENDERS[Part.NGRAMS][-1]
    every = np.arange(SIZES.documents)
    assert not sets.judge(case, every, np.unique(case.hits.texts)[1:]).right
    found = pl.DataFrame({"text": case.hits.texts, "item": case.hits.items})
    assert ours.judge(case, every, found).right
    assert not ours.judge(case, every, found.with_columns(pl.col("item") + 1)).right
    similar = case.near_pairs.filter(pl.col("similarity") >= 0.8)
    half = Pairs(similar["first"].to_numpy()[::2], similar["second"].to_numpy()[::2])
    assert not CONTENDERS[Part.DUPLICATES][-1].judge(case, np.arange(SIZES.near), half).right


def test_a_sample_is_judged_by_itself(case: Case) -> None:
    chosen = np.arange(0, SIZES.documents, 3)
    sets = CONTENDERS[Part.NGRAMS][0]
    found = sets.run(sets.build(sets.given(case)), chosen)
    assert 0 < len(found) < len(np.unique(case.hits.texts))
    assert sets.judge(case, chosen, found).right


def test_near_duplicates_are_on_both_sides_of_the_threshold(case: Case) -> None:
    similarities = case.near_pairs["similarity"]
    assert (similarities >= 0.8).mean() == pytest.approx(0.6, abs=0.15)
    first, second, similarity = case.near_pairs.row(0)
    assert jaccard(case.texts("near")[first], case.texts("near")[second]) == similarity


def test_a_batch_does_not_depend_on_the_others() -> None:
    items = draw(ITEMS, 50, "items", 3)
    (texts, planted), (again, _), (other, _) = (
        batch(DOCUMENTS, items, number, 200, "documents", 3) for number in (4, 4, 5)
    )
    assert texts.equals(again)
    assert not texts.equals(other)
    assert planted.height == 4
    assert len(shared_grams(texts, items.written("items", 3)).texts) >= 2


def test_memory_is_looked_at_and_everything_planted_is_found() -> None:
    stands = list(stream(documents=100_000, items=200, seed=1))
    assert [stand.documents for stand in stands] == [20_000, 40_000, 60_000, 80_000, 100_000]
    assert stands[-1].missed == 0
    assert stands[-1].hit >= 0.75 * 0.02 * 100_000
    assert all(stand.resident > 0 for stand in stands)


def test_hits_are_pairs_in_order_each_once() -> None:
    hits = Hits.of(pl.DataFrame({"text": [4, 1, 4, 1], "item": [0, 3, 0, 2]}))
    assert hits.texts.tolist() == [1, 1, 4]
    assert hits.items.tolist() == [2, 3, 0]
    assert hits.of_texts(np.array([4])).same_as(Hits(np.array([4]), np.array([0])))
    text = " ".join(f"w{number}" for number in range(LONG))
    assert shared_grams([text, text[:-3]], [f"a, {text}. b"]).texts.tolist() == [0]


@pytest.mark.slow
def test_one_command_prints_every_table() -> None:
    """Peers are measured where their packages can be had; otherwise the command says that they are left out."""
    sizes = "--documents 500 --items 200 --near 600 --questions 500 --streamed 2000 --turns 1".split()
    command = [sys.executable, str(BENCHMARKS / "decontamination.py"), *sizes]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for heading in (
        "| any shared 13-gram |",
        "| near duplicates from 0.8 |",
        "| the whole ladder |",
        "| documents | resident set, MiB |",
    ):
        assert heading in printed
    assert printed.count("| synth-assets |") == 3
    assert "WRONG" not in printed
    peers = ("| lm-eval's janitor |", "| datatrove's filter |", "| datasketch |")
    assert all(peer in printed for peer in peers) or "Left out: lm-eval's janitor, datatrove, datasketch (" in printed
