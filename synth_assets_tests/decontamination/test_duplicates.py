import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets import tables
from synth_assets.decontamination.duplicates import band_rows, find_duplicates, jaccard, sign
from synth_assets.decontamination.shingles import shingles
from synth_assets_tests.decontamination.pairs import qa_pairs

BUS = (
    "Mira runs a small bus company. On Monday her buses carry {0} people in the morning and {1} people in the "
    "afternoon, and each of them pays {2} dollars. How many dollars does Mira take on that day?"
)


def duplicates(pairs: pl.DataFrame, similarity: float = 0.8) -> pl.DataFrame:
    return find_duplicates(sign(pairs), pairs, similarity)


def dropped(questions: dict[str, str], **more: dict[str, object]) -> list[tuple[str, str, str]]:
    return duplicates(qa_pairs(questions, **more)).select("qa_id", "kept_id", "rule").rows()  # type: ignore[arg-type]


def planted(count: int, seed: int) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Long questions of random words, half of them with a copy in which one or two words are others."""
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(3000)]
    questions, copies = {}, []
    for number in range(count):
        text = draw.choices(words, k=draw.randint(40, 70))
        questions[f"{number:04}a"] = " ".join(text)
        if number % 2:
            for place in draw.sample(range(len(text)), k=draw.randint(1, 2)):
                text[place] = draw.choice(words)
            questions[f"{number:04}b"] = " ".join(text)
            copies.append((f"{number:04}b", f"{number:04}a"))
    return questions, copies


def test_exact_duplicates_differ_in_case_and_punctuation_only() -> None:
    questions = {"a": "What is 3 + 5?", "b": "what is  3+5", "c": "What is 3 * 5?", "d": "What is 3 + 6?"}
    assert dropped(questions) == [("b", "a", "exact")]


def test_a_changed_name_is_a_near_duplicate_and_other_numbers_are_not() -> None:
    first = BUS.format(34, 51, 2)
    questions = {
        "a": first,
        "b": first.replace("Mira", "Tomas"),
        "c": BUS.format(60, 45, 3),
    }
    assert dropped(questions) == [("b", "a", "near")]


def test_the_kept_one_is_more_agreed_then_of_lower_level_then_of_lower_id() -> None:
    same = dict.fromkeys("abcd", BUS.format(1, 2, 3))
    assert {kept for _, kept, _ in dropped(same)} == {"a"}
    levels = {"a": "level_3", "b": "level_2", "c": "level_1", "d": "level_1"}
    assert {kept for _, kept, _ in dropped(same, method=levels)} == {"c"}
    agreement = {"a": 0.5, "b": 1.0, "c": 0.75, "d": 1.0}
    assert {kept for _, kept, _ in dropped(same, method=levels, agreement=agreement)} == {"d"}


def test_what_equals_a_near_duplicate_leaves_for_the_same_kept_one() -> None:
    first = BUS.format(34, 51, 2)
    other = first.replace("small", "tiny")
    pairs = qa_pairs({"b": other, "a": first, "c": other.upper()})
    found = duplicates(pairs)
    assert found.select("qa_id", "kept_id", "rule", "cluster").rows() == [
        ("b", "a", "near", "a"),
        ("c", "a", "near", "a"),
    ]
    assert found["similarity"].is_between(0.8, 1.0, closed="left").all()


def test_a_chain_of_likeness_drops_only_what_is_like_a_kept_question() -> None:
    words = [f"{first}{second}" for first in "bcdfgklmnp" for second in "aeiou"]
    chain = {str(step): " ".join([*(f"new{'abcdef'[k]}" for k in range(step)), *words[step:]]) for step in range(6)}
    pairs = qa_pairs(chain)
    found = duplicates(pairs, 0.9)
    sets = shingles(pairs["question"])
    assert jaccard(sets, pl.DataFrame([[0], [5]]).to_numpy())[0] < 0.9
    assert 0 < found.height < 5
    for row in found.iter_rows(named=True):
        pair = pl.DataFrame([[int(row["qa_id"])], [int(row["kept_id"])]]).to_numpy()
        assert jaccard(sets, pair)[0] == pytest.approx(row["similarity"])
        assert row["similarity"] >= 0.9 and row["cluster"] == "0"
    assert not set(found["kept_id"]) & set(found["qa_id"])


def test_planted_near_duplicates_are_found_and_nothing_else() -> None:
    questions, copies = planted(600, seed=1)
    pairs = qa_pairs(questions)
    place = {one: number for number, one in enumerate(questions)}
    likeness = jaccard(
        shingles(pairs["question"]), pl.DataFrame([[place[a], place[b]] for a, b in copies], orient="row").to_numpy()
    )
    wanted = {pair for pair, similarity in zip(copies, likeness, strict=True) if similarity >= 0.8}
    found = set(duplicates(pairs).select("qa_id", "kept_id").iter_rows())
    assert len(wanted) > 100
    assert len(found & wanted) >= 0.99 * len(wanted)
    assert found <= wanted


def test_jaccard_is_that_of_python_sets() -> None:
    sets = shingles(pl.Series([BUS.format(1, 2, 3), BUS.format(1, 2, 4), "", "Mira runs"]))
    as_sets = [set(sets.hashes[a:b].tolist()) for a, b in zip(sets.starts[:-1], sets.starts[1:], strict=True)]
    pairs = [(a, b) for a in range(4) for b in range(4)]
    expected = [len(as_sets[a] & as_sets[b]) / max(len(as_sets[a] | as_sets[b]), 1) for a, b in pairs]
    assert jaccard(sets, pl.DataFrame(pairs, orient="row").to_numpy()).tolist() == pytest.approx(expected)


def test_bands_find_a_pair_at_the_threshold_almost_always() -> None:
    for similarity in (0.5, 0.7, 0.8, 0.9):
        rows = band_rows(similarity)
        assert 1 - (1 - similarity**rows) ** (128 // rows) >= 0.995
    assert band_rows(1.0) == 128


def test_stored_signatures_mean_the_same_in_every_version() -> None:
    """Were this to fail after an upgrade, every stored signature would have to be made anew."""
    row = sign(qa_pairs({"a": "How many pears are 3 and 4 pears?"})).row(0, named=True)
    assert row["text_hash"] == "2665196af043c6e34b34152bc3463245"
    assert row["signature"][:3] == [107575569, 3235742188, 2912628224]
    assert len(row["signature"]) == 128


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_of_rows_or_on_how_they_are_partitioned(random: object) -> None:
    questions, _ = planted(20, seed=2)
    pairs = qa_pairs(questions)
    order = list(range(pairs.height))
    random.shuffle(order)  # type: ignore[attr-defined]
    parts = pl.concat([sign(pairs[order[:11]]), sign(pairs[order[11:]])])
    assert find_duplicates(parts, pairs[order]).equals(duplicates(pairs))
    assert not duplicates(pairs).is_empty()


def test_no_rows_and_one_row_hold_no_duplicates() -> None:
    assert duplicates(tables.QA_PAIRS.empty()).equals(tables.DUPLICATES.empty())
    assert duplicates(qa_pairs({"a": "One?"})).equals(tables.DUPLICATES.empty())
