"""How different questions are, by cases whose answer is known; and that size alone is no merit."""

import random

import numpy as np
import polars as pl
import pytest

from synth_assets.comparison.diversity import TextVectors
from synth_assets.comparison.diversity_figures import growing
from synth_assets.tables import DIVERSITY_HISTOGRAMS, METHOD_DIVERSITY
from synth_assets_tests.comparison.written_questions import Written, found, nodes, questions, value

SAME: list[Written] = [("Anna buys seven red apples today", [f"d{place // 3}"], ["a", "b"]) for place in range(6)]
DISJOINT: list[Written] = [
    ("Anna buys seven red apples", ["d0"], ["a"]),
    ("compute sin beta exactly", ["d0"], ["b"]),
    ("which prime divides many", ["d0"], ["c"]),
    ("draw this circle around it", ["d1"], ["d"]),
    ("every train leaves tomorrow", ["d1"], ["a", "b"]),
    ("reduce fractions now please", ["d1"], ["b", "c"]),
]


def test_a_method_that_says_the_same_and_one_that_never_repeats_a_word() -> None:
    both = found(questions({"same": SAME, "disjoint": DISJOINT}))
    known = {
        "document_similarity": (1.0, 0.0),
        "near_duplicates": (5 / 6, 0.0),
        "concept_combinations": (1 / 6, 1.0),
        "concept_coverage": (0.5, 1.0),
    }
    for measure, values in known.items():
        assert (value(both, "same", measure), value(both, "disjoint", measure)) == pytest.approx(values)
    assert value(both, "disjoint", "other_similarity", "all") == 0.0
    assert value(both, "same", "distinct_1", "all") == pytest.approx(6 / 36)
    assert value(both, "same", "distinct_3", "all") == pytest.approx(4 / 24)
    assert [value(both, "disjoint", f"distinct_{n}", "words") for n in (1, 2, 3)] == [1.0, 1.0, 1.0]
    assert [value(both, method, "own_trigrams", "words") for method in ("same", "disjoint")] == [0.0, 1.0]
    assert value(both, "same", "document_similarity", against="disjoint") == pytest.approx(1.0)


def test_each_histogram_counts_every_pair_question_or_concept_once() -> None:
    counted = found(questions({"same": SAME, "disjoint": DISJOINT})).histograms()
    assert counted.columns == list(DIVERSITY_HISTOGRAMS.columns)
    totals = dict(counted.filter(method="same").group_by("measure").agg(pl.sum("count")).iter_rows())
    assert totals == {
        # As many words as the others have: 15 trigrams, of questions of four each.
        **{"document_similarity": 6, "other_similarity": 9, "own_trigrams": 4},
        **{"near_duplicates": 6, "concept_combinations": 6, "concept_coverage": 4},
    }
    filled = counted.filter(pl.col("count") > 0)
    assert filled.filter(method="same", measure="near_duplicates").rows() == [("same", "near_duplicates", 5, 9, 6)]
    assert filled.filter(method="same", measure="document_similarity")["high"].to_list() == [1.0]
    assert filled.filter(method="same", measure="concept_coverage")["low"].to_list() == [0.0, 5.0]


def test_bins_of_counts_grow_and_hold_the_largest() -> None:
    assert growing(0) == growing(2) == (0, 1, 2, 3)
    assert growing(16) == (0, 1, 2, 3, 5, 9, 17)
    assert growing(17)[-1] == 33


def drawn_questions(number: int, seed: int) -> list[Written]:
    """From the same few words and concepts, whatever the number."""
    rng = random.Random(seed)
    vocabulary = [f"{first}{second}" for first in "bcdfgh" for second in ("ado", "elu", "ima", "oru", "ute")]
    return [
        (" ".join(rng.choices(vocabulary, k=12)), [f"d{place % 20}"], rng.sample([f"c{n}" for n in range(60)], 2))
        for place in range(number)
    ]


def test_the_larger_method_wins_nothing_by_its_size() -> None:
    written = questions({"small": drawn_questions(60, 1), "large": drawn_questions(1_200, 2)})
    both = found(written, nodes(*(f"c{n}" for n in range(60))))
    for measure, rewarded in (("concept_coverage", True), ("concept_combinations", False), ("distinct_2", False)):
        small, large = (value(both, method, measure, "all") for method in ("small", "large"))
        assert (large > 1.1 * small) if rewarded else (large < 0.8 * small)
        basis = "words" if measure == "distinct_2" else "questions"
        assert value(both, "large", measure, basis) == pytest.approx(value(both, "small", measure, basis), rel=0.08)
    low, high = interval_of_the_difference(both.rows())
    assert low < 0 < high


def interval_of_the_difference(rows: pl.DataFrame) -> tuple[float, float]:
    pair = rows.filter(pl.col("against") != "")
    return pair["low"].item(), pair["high"].item()


def test_longer_questions_are_no_less_varied_when_compared_over_as_many_words() -> None:
    short = drawn_questions(120, 1)
    ends = zip(short[::2], short[1::2], strict=True)
    long = [(f"{one} {other}", docs, concepts) for (one, docs, concepts), (other, _, _) in ends]
    both = found(questions({"short": drawn_questions(60, 2), "long": long}))
    assert value(both, "long", "distinct_2", "questions") < 0.9 * value(both, "short", "distinct_2", "questions")
    assert value(both, "long", "distinct_2", "words") == pytest.approx(
        value(both, "short", "distinct_2", "words"), rel=0.06
    )


def test_methods_are_compared_on_the_documents_that_both_have_with_as_many_questions_of_each() -> None:
    few = [DISJOINT[0], DISJOINT[1], DISJOINT[3]]  # two of d0, one of d1
    many = [*SAME, *(("entirely the same words", ["d9"], ["a"]) for _ in range(4))]
    rows = found(questions({"few": few, "many": many})).rows()
    compared = rows.filter(measure="document_similarity", basis="questions", against="")
    assert compared.select("method", "value", "count").rows() == [("few", 0.0, 1), ("many", pytest.approx(1.0), 1)]
    assert compared["low"].null_count() == 2  # one document says nothing of others
    assert rows.filter(measure="document_similarity", basis="all")["count"].to_list() == [1, 3]


def test_a_question_from_two_documents_belongs_to_both() -> None:
    written = [("one two three", ["d0", "d1"], []), ("one two three", ["d0"], []), ("four five", ["d1"], [])]
    rows = found(questions({"level_3": written})).rows().filter(measure="document_similarity", basis="all")
    assert (rows["count"].item(), rows["value"].item()) == (2, pytest.approx(0.5))


def test_different_spellings_of_a_concept_are_one_and_what_the_graph_does_not_know_covers_nothing() -> None:
    written = [("one", ["d0"], ["Slope"]), ("two", ["d0"], ["gradient"]), ("three", ["d0"], ["unheard of"])]
    both = found(questions({"level_1": written}), nodes("slope", "circle", slope=["gradient"]))
    assert value(both, "level_1", "concept_combinations") == pytest.approx(2 / 3)
    assert value(both, "level_1", "concept_coverage") == 0.5


def test_a_method_that_names_no_concept_has_no_figure_of_them_and_spoils_none() -> None:
    nameless = [(text, documents, []) for text, documents, _ in SAME]
    rows = found(questions({"template": nameless, "disjoint": DISJOINT})).rows()
    concepts = rows.filter(pl.col("measure").str.starts_with("concept_"))
    assert set(concepts["method"]) == {"disjoint"} and set(concepts["value"]) == {1.0}


def test_a_models_vectors_are_used_where_there_is_a_model() -> None:
    model = TextVectors("all alike", lambda texts: np.ones((len(texts), 3), np.float32))
    rows = found(questions({"disjoint": DISJOINT}), model=model).rows().filter(measure="document_similarity")
    assert set(rows["value"].round(6)) == {1.0}
    assert rows["how"].str.contains("vectors of all alike", literal=True).all()


def test_a_large_method_is_sampled_by_hash_and_the_rows_say_so() -> None:
    written = questions({"level_1": drawn_questions(400, 3), "level_2": drawn_questions(90, 4)})
    sampled = found(written, most=100, texts=120).rows()
    spoken = sampled.filter(method="level_1", measure="near_duplicates", basis="all")
    assert spoken["count"].item() == 100 and spoken["how"].item().endswith("; 100 of 400")
    assert sampled.filter(measure="near_duplicates", basis="questions")["count"].to_list() == [90, 90]
    similar = sampled.filter(measure="document_similarity", basis="all", method="level_1")
    assert similar["how"].item().endswith("; on 4 of 20 documents, by hash") and similar["count"].item() == 4


def test_the_order_of_the_rows_and_what_was_read_before_change_nothing() -> None:
    written = questions({"same": SAME, "disjoint": DISJOINT, "many": drawn_questions(60, 5)})
    first = found(written)
    found(questions({"other": drawn_questions(40, 6)}))
    again = found(written.sample(fraction=1.0, shuffle=True, seed=1))
    assert again.rows().equals(first.rows()) and again.histograms().equals(first.histograms())


def test_without_questions_there_is_nothing_and_without_documents_no_similarity() -> None:
    nothing = found(questions({}))
    assert nothing.rows().equals(METHOD_DIVERSITY.empty())
    assert nothing.histograms().equals(DIVERSITY_HISTOGRAMS.empty())
    loose = found(questions({"level_1": [("one two", [], ["a"]), ("three", [], [])]})).rows()
    assert not set(loose["measure"]) & {"document_similarity", "other_similarity"}
    assert {"distinct_1", "near_duplicates", "concept_coverage"} <= set(loose["measure"])
