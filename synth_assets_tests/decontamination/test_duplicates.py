import random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets import tables
from synth_assets.decontamination.duplicates import duplicates_among, find_duplicates, sign
from synth_assets.decontamination.keeping import Semantic
from synth_assets.decontamination.shingles import jaccard, shingles
from synth_assets.errors import SynthAssetsError
from synth_assets_tests.decontamination.pairs import qa_pairs
from synth_assets_tests.decontamination.planting import like_pairs, planted, python_sets, random_words, unit_vectors

BUS = (
    "Mira runs a small bus company. On Monday her buses carry {0} people in the morning and {1} people in the "
    "afternoon, and each of them pays {2} dollars. How many dollars does Mira take on that day?"
)


def duplicates(pairs: pl.DataFrame, similarity: float = 0.8) -> pl.DataFrame:
    return find_duplicates(sign(pairs), pairs, similarity)


def dropped(questions: dict[str, str], **more: Any) -> list[tuple[str, str, str]]:
    return duplicates(qa_pairs(questions, **more)).select("qa_id", "kept_id", "rule").rows()


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
    assert jaccard(sets, np.array([[0, 5]]))[0] < 0.9
    assert 0 < found.height < 5
    for row in found.iter_rows(named=True):
        assert jaccard(sets, np.array([[int(row["qa_id"]), int(row["kept_id"])]]))[0] == row["similarity"] >= 0.9
    assert not set(found["kept_id"]) & set(found["qa_id"])


def test_a_cluster_is_a_kept_question_with_all_that_is_dropped_for_it() -> None:
    draw_words = " ".join(f"{first}{second}" for first in "bcdfgklmnp" for second in "aeiou")
    other = " ".join(f"{first}{second}" for first in "qrstvw" for second in "aeiou")
    questions = {"a": draw_words.replace("be", "xx"), "b": draw_words, "c": draw_words.replace("co", "yy"), "d": other}
    found = duplicates(qa_pairs({**questions, "e": other}, agreement={"a": 0.5}))
    assert found.select("qa_id", "kept_id", "cluster").rows() == [("a", "b", "a"), ("c", "b", "a"), ("e", "d", "d")]


@pytest.mark.parametrize(("shortest", "longest"), [(12, 20), (40, 70)])
def test_planted_near_duplicates_are_found_and_nothing_else(shortest: int, longest: int) -> None:
    questions, copies = planted(1600, 1, shortest, longest)
    pairs = qa_pairs(questions)
    sets = dict(zip(questions, python_sets(pairs["question"]), strict=True))
    wanted = {(a, b) for a, b in copies if len(sets[a] & sets[b]) >= 0.8 * len(sets[a] | sets[b])}
    found = set(duplicates(pairs).select("qa_id", "kept_id").iter_rows())
    assert len(wanted) > 100
    assert len(found & wanted) >= 0.99 * len(wanted)
    assert found <= wanted


@pytest.mark.parametrize(("shortest", "longest"), [(5, 12), (20, 40)])
def test_no_two_questions_kept_are_as_similar_as_asked(shortest: int, longest: int) -> None:
    """Each pair is looked at by itself. The bands may miss one pair in 200 that is just as similar as asked."""
    questions, _ = planted(200, 4, shortest, longest)
    like = like_pairs(questions, 0.7)
    found = duplicates(qa_pairs(questions), 0.7)
    gone = set(found["qa_id"])
    assert {frozenset(pair) for pair in found.select("qa_id", "kept_id").iter_rows()} <= like
    assert len(like) > 15
    assert len([pair for pair in like if not pair & gone]) <= 0.01 * len(like)


def test_permuted_numbers_with_another_answer_are_another_problem() -> None:
    words = random_words(60, random.Random(3))
    first, second = (" ".join([*words[:30], one, *words[30:], two]) for one, two in (("7", "9"), ("9", "7")))
    like = jaccard(shingles(pl.Series([first, second])), np.array([[0, 1]]))[0]

    def gone(*answers: str | None) -> int:
        pairs = qa_pairs({"a": first, "b": second}).with_columns(final_answer=pl.Series(answers))
        return duplicates(pairs, like).height

    assert gone("2", "-2") == gone("1/2", "$0.25$") == 0
    assert gone("2", "2.0") == gone("1,000", "1000") == gone("1/2", "0.5") == 1
    assert gone("x = 2", "-2") == gone("2 dollars", "3") == gone("", "") == gone("1/0", "3") == 1


def test_another_answer_alone_is_a_wrong_answer_and_not_another_problem() -> None:
    first = BUS.format(34, 51, 2)
    pairs = qa_pairs({"a": first, "b": first.replace("Mira", "Tomas")}, agreement={"a": 0.5})
    found = duplicates(pairs.with_columns(final_answer=pl.Series(["171", "170"])))
    assert found.select("qa_id", "kept_id").rows() == [("a", "b")]


def test_the_texts_of_candidates_alone_are_read() -> None:
    questions, copies = planted(300, seed=5)
    pairs = qa_pairs(questions)
    asked: list[str] = []

    def read(ids: pl.Series) -> pl.DataFrame:
        asked.extend(ids)
        return pairs.filter(pl.col("qa_id").is_in(ids.to_list())).reverse()

    signatures = sign(pairs)
    parts = (signatures[start : start + 100] for start in range(0, signatures.height, 100))
    assert find_duplicates(parts, read).equals(duplicates(pairs))
    assert set(asked) <= {one for pair in copies for one in pair}
    assert len(asked) == len(set(asked))


def test_a_signature_without_its_pair_is_refused() -> None:
    pairs = qa_pairs({"a": BUS.format(1, 2, 3), "b": BUS.format(1, 2, 3).replace("Mira", "Ali")})
    with pytest.raises(SynthAssetsError, match=r"'b'.*materialise qa_signatures anew"):
        find_duplicates(sign(pairs), pairs.head(1))


def test_questions_of_any_origin_need_no_table() -> None:
    first = BUS.format(34, 51, 2)
    questions = pl.Series([first, None, first.upper(), "What is 3 + 5?", first.replace("Mira", "Tomas"), ""])
    ids = pl.Series([0, 1, 2, 3, 4, 5])
    found = duplicates_among(ids, questions)
    assert found.columns == ["id", "kept_id", "rule", "similarity", "cluster"]
    assert found.drop("similarity").rows() == [
        (2, 0, "exact", 0),
        (4, 0, "near", 0),
        (5, 1, "exact", 1),
    ]
    found = duplicates_among(ids, questions, preference=pl.Series([3, 0, 2, 0, 1, 0]))
    assert found.select("id", "kept_id", "rule").rows() == [(0, 4, "near"), (2, 4, "near"), (5, 1, "exact")]
    assert duplicates_among(ids.head(0), questions.head(0)).is_empty()


def test_what_means_the_same_leaves_after_what_reads_the_same() -> None:
    first = BUS.format(34, 51, 2)
    other = "On one day 34 and then 51 passengers take a bus of Mira at 2 dollars. What do they pay in all?"
    questions = {"a": first, "b": first.replace("small", "tiny"), "c": other, "d": "What is 3 + 5?", "e": first}
    near = np.array([[1, 0, 0], [0.98, 0.198997, 0], [0.96, 0, 0.28], [0, 1, 0], [1, 0, 0]], dtype=np.float32)
    pairs = qa_pairs(questions)
    found = find_duplicates(sign(pairs), pairs, semantic=Semantic(near, 0.9))
    assert found.select("qa_id", "kept_id", "rule").rows() == [
        ("b", "a", "near"),
        ("c", "a", "semantic"),
        ("e", "a", "exact"),
    ]
    assert found.filter(rule="semantic")["similarity"].item() == pytest.approx(0.96)
    answers = pairs.with_columns(final_answer=pl.Series(["170", "170", "5", "8", "170"]))
    assert find_duplicates(sign(pairs), answers, semantic=Semantic(near, 0.9)).height == 3
    answers = answers.with_columns(question=pl.col("question").str.replace("34 and then 51", "51 and then 34"))
    assert find_duplicates(sign(answers), answers, semantic=Semantic(near, 0.9))["qa_id"].to_list() == ["b", "e"]
    with pytest.raises(SynthAssetsError, match="4 vectors for 5 questions"):
        find_duplicates(sign(pairs), pairs, semantic=Semantic(near[:4], 0.9))


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


def test_of_a_large_family_of_like_questions_one_is_kept() -> None:
    """Four thousand questions are eight million pairs, which are not looked at one by one."""
    draw = random.Random(6)
    words = random_words(4000, draw)
    shared = words[:60]
    family = {f"{number:04}": " ".join([*shared, words[number]]) for number in range(4000)}
    found = duplicates(qa_pairs(family))
    assert set(found["kept_id"]) == {"0000"}
    assert found.height == len(set(family.values())) - 1 + found.filter(rule="exact").height


def test_semantic_duplicates_do_not_depend_on_the_order_of_rows() -> None:
    questions = pl.Series([" ".join(random_words(20, random.Random(row))) for row in range(300)])
    ids, vectors = pl.Series(range(300)), unit_vectors(300, 150, 16, seed=3)
    found = duplicates_among(ids, questions, semantic=Semantic(vectors, 0.9))
    assert set(found["rule"]) == {"semantic"}
    order = np.random.default_rng(1).permutation(300)
    assert duplicates_among(ids[order], questions[order], semantic=Semantic(vectors[order], 0.9)).equals(found)
    kept = ids.filter(~ids.is_in(found["id"].to_list())).to_numpy()
    products = vectors[kept].astype(np.float64) @ vectors[kept].astype(np.float64).T
    assert np.triu(products, 1).max() < 0.9
    for dropped_id, kept_id, cosine in found.select("id", "kept_id", "similarity").iter_rows():
        assert kept_id in kept
        assert vectors[dropped_id].astype(np.float64) @ vectors[kept_id].astype(np.float64) == pytest.approx(cosine)


def test_no_rows_and_one_row_hold_no_duplicates() -> None:
    assert duplicates(tables.QA_PAIRS.empty()).equals(tables.DUPLICATES.empty())
    assert duplicates(qa_pairs({"a": "One?"})).equals(tables.DUPLICATES.empty())
