import re

import polars as pl
import pytest

from synth_assets.decontamination.contamination import find_contamination as compare
from synth_assets.decontamination.duplicates import find_duplicates, sign
from synth_assets.decontamination.survivors import survivors
from synth_assets.tables import BENCHMARK_ITEMS, StageResult
from synth_assets_tests.decontamination import reference
from synth_assets_tests.decontamination.pairs import benchmark, qa_pairs, question_rows

FERRY = "A ferry carries {} cars and {} vans to the island and comes back with {} cars fewer. How many vehicles return?"
ITEM = FERRY.format(40, 12, 9)


def find_contamination(pairs: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    return compare(pairs, items).contamination


def result(pairs: pl.DataFrame, items: pl.DataFrame) -> StageResult:
    found = survivors(
        pairs, question_rows(pairs), find_contamination(pairs, items), find_duplicates(sign(pairs), pairs)
    )
    found.check("training_qa")
    return found


def test_each_pair_leaves_once_and_contamination_speaks_first() -> None:
    clean = "Nine swans share a pond of 300 square metres. How much water has each?"
    pairs = qa_pairs({"a": clean, "b": clean.upper(), "c": ITEM, "d": ITEM, "e": FERRY.format(7, 6, 5), "f": "Why?"})
    found = result(pairs, benchmark({"i": ITEM}))
    assert found.rows["qa_id"].to_list() == ["a", "f"]
    assert dict(found.quarantined.select("id", "reason").iter_rows()) == {
        "b": "duplicate_exact",
        "c": "contaminated",
        "d": "contaminated",
        "e": "contaminated",
    }
    assert (found.received, found.passed) == (6, 2)


def test_the_detail_tells_what_was_found() -> None:
    pairs = qa_pairs({"a": ITEM, "b": "Why is 7 odd?", "c": "why is 7 odd"})
    details = dict(result(pairs, benchmark({"i": ITEM}, "mine")).quarantined.select("id", "detail").iter_rows())
    assert all(word in details["a"] for word in ("question", "item i of mine", "exact", "a ferry carries 40 cars"))
    assert details["c"] == "Repeats b (similarity 1.0)"


def test_a_repetition_of_a_contaminated_pair_leaves_too() -> None:
    pairs = qa_pairs({"a": "What is 1 + 0?", "b": "what is 1+0"}, answers={"a": "Compare: " + ITEM})
    reasons = dict(result(pairs, benchmark({"i": ITEM})).quarantined.select("id", "reason").iter_rows())
    assert reasons == {"a": "contaminated", "b": "duplicate_exact"}


def test_survivors_carry_what_their_question_was_made_from() -> None:
    row = result(qa_pairs({"a": "Why?"}), BENCHMARK_ITEMS.empty()).rows.row(0, named=True)
    assert (row["school_level"], row["topics"], row["key_concepts"]) == ("primary", ["arithmetic"], ["addition"])
    assert row["documents"] == ["document-a"]


def test_a_pair_without_its_question_is_refused() -> None:
    pairs = qa_pairs({"a": "Why?"})
    none = BENCHMARK_ITEMS.empty()
    verdicts = find_contamination(pairs, none), find_duplicates(sign(pairs), pairs)
    with pytest.raises(ValueError, match="school_level"):
        survivors(pairs, question_rows(pairs).clear(), *verdicts)


def test_a_brute_force_search_of_the_survivors_finds_nothing_forbidden() -> None:
    items = {
        f"i{number}": FERRY.format(number, 2 * number, 3) + f" Ship {'abcdefg'[number]} sails." for number in range(7)
    }
    questions = {f"q{number}": text.replace("vans", "lorries") for number, text in enumerate(items.values())}
    questions |= {f"r{number}": re.sub(r"\d+", "5", text) for number, text in enumerate(items.values())}
    questions |= {
        f"s{number}": f"Count the {word} in the old garden now." for number, word in enumerate(["ants", "bees"])
    }
    answers = {"s0": "Recall: " + items["i3"]}
    training = result(qa_pairs(questions, answers), benchmark(items)).rows
    assert training["qa_id"].to_list() == ["s1"]
    for text in [*training["question"], *training["answer"]]:
        for item in items.values():
            for folded in (False, True):
                ours, theirs = (
                    [("0" if folded and word[0].isdigit() else word) for word in reference.words(one)]
                    for one in (text, item)
                )
                assert not reference.contains(ours, theirs)
                assert not reference.shares_ngram(ours, theirs)
                assert reference.coverage(ours, theirs) <= 0.5
