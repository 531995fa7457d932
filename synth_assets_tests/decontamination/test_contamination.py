import json
import re
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets import tables
from synth_assets.decontamination.contamination import find_contamination
from synth_assets_tests.decontamination import reference
from synth_assets_tests.decontamination.pairs import benchmark, qa_pairs

TRAIN = (
    "A train leaves Harlow at 8 in the morning with 120 passengers. At Brennan 35 of them get off and 48 others "
    "get on. How many passengers are on the train when it reaches the coast?"
)
SAMPLE = files("synth_assets") / "sample"


def rule_of(question: str, item: str = TRAIN, answer: str = "It is 1.") -> list[tuple[str, str]]:
    found = find_contamination(qa_pairs({"q": question}, {"q": answer}), benchmark({"i": item}))
    return found.select("part", "rule").rows()


def records(*path: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in SAMPLE.joinpath(*path).read_text("utf-8").splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        (TRAIN.upper().replace(",", " ;"), "exact"),
        ("Read with care. " + TRAIN + " Say why.", "exact"),
        (TRAIN.replace("120", "1,215").replace("35", "9").replace("48", "7.5").replace("8 in", "11 in"),
         "exact_digits_folded"),
        ("Our story: at Brennan 35 of them get off and 48 others get on. How glad is the driver?", "ngram_13"),
        ("Our story: at Brennan 3 of them get off and 4 others get on. How glad is the driver?",
         "ngram_13_digits_folded"),
        ("A train leaves Harlow at 8 in the morning in rain. At Brennan 35 of them get off and stay. "
         "Say: how many passengers are on the train when it snows?", "coverage_8"),
        ("A train leaves Harlow at 9 in the morning in rain. At Brennan 5 of them get off and stay. "
         "Say: how many passengers are on the train when it snows?", "coverage_8_digits_folded"),
        ("At 8 in the morning, 120 passengers set out from Harlow by train. In Brennan 48 people board the train and "
         "35 leave it. On reaching the coast, how many passengers does the train carry?", "rephrased"),
    ],
)  # fmt: skip
def test_each_rule_is_reported_where_no_stronger_one_holds(question: str, rule: str) -> None:
    assert rule_of(question) == [("question", rule)]


def test_another_problem_is_clean() -> None:
    assert rule_of("A baker makes 48 rolls and sells 35 of them. How many are left?") == []


def test_the_answer_is_checked_as_well_but_not_for_rephrasing() -> None:
    assert rule_of("What is 1 + 0?", answer="This reminds of: " + TRAIN) == [("answer", "exact")]
    rephrased = (
        "At 8 in the morning, 120 passengers set out from Harlow by train. In Brennan 48 people board the train and "
        "35 leave it. On reaching the coast, how many passengers does the train carry?"
    )
    assert rule_of("What is 1 + 0?", answer=rephrased) == []


def test_short_items_match_whole_or_not_at_all() -> None:
    six_words, four_words = "What is the square of twelve?", "Is pi rational, ever?"
    assert rule_of("Tell me: what is the square of twelve, Tom?", six_words) == [("question", "exact")]
    assert rule_of("Tell me: what is the square of eleven, Tom?", six_words) == []
    assert rule_of("Is pi rational - ever", four_words) == [("question", "exact")]
    assert rule_of("Tell me: is pi rational, ever?", four_words) == []


def test_no_benchmark_or_no_pairs_give_no_rows() -> None:
    pairs, items = qa_pairs({"q": TRAIN}), benchmark({"i": TRAIN})
    assert find_contamination(pairs, tables.BENCHMARK_ITEMS.empty()).equals(tables.CONTAMINATION.empty())
    assert find_contamination(tables.QA_PAIRS.empty(), items).equals(tables.CONTAMINATION.empty())
    assert find_contamination(pairs, benchmark({"i": "?!"})).is_empty()


def test_the_verdict_names_the_item_and_shows_both_texts() -> None:
    row = find_contamination(qa_pairs({"q": "So: " + TRAIN}), benchmark({"i": TRAIN}, "mine")).row(0, named=True)
    assert (row["benchmark"], row["item_id"], row["score"], row["item_text"]) == ("mine", "i", 1.0, TRAIN)
    assert row["span"] == " ".join(reference.words(TRAIN))


@settings(max_examples=4, deadline=None)
@given(st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_of_rows_or_on_how_they_are_partitioned(random: object) -> None:
    items = benchmark({one["id"]: one["question"] for one in records("benchmarks", "held_out_problems.jsonl")[:40]})
    questions = {f"q{number:02}": text for number, text in enumerate(items["question"])}
    questions |= {one + "x": re.sub(r"\d+", "77", text) for one, text in questions.items()}
    pairs = qa_pairs(questions)
    whole = find_contamination(pairs, items)
    order = list(range(pairs.height))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert find_contamination(pairs[order], items.reverse()).equals(whole)
    halves = [find_contamination(part, items) for part in (pairs[order[:30]], pairs[order[30:]])]
    assert pl.concat(halves).sort(tables.CONTAMINATION.key).equals(whole)


@pytest.fixture(scope="module")
def sample() -> tuple[pl.DataFrame, dict[str, set[tuple[str, str]]]]:
    """What is found in the paragraphs of the bundled corpus, and the planted (document, item) by kind."""
    items = benchmark({one["id"]: one["question"] for one in records("benchmarks", "held_out_problems.jsonl")})
    documents = [one for path in sorted((SAMPLE / "corpus").iterdir(), key=str) for one in records("corpus", path.name)]
    paragraphs = {
        f"{one['id']}#{number}": paragraph
        for one in documents
        for number, paragraph in enumerate(one["text"].split("\n\n"))
    }
    found = find_contamination(qa_pairs(paragraphs), items)
    planted: dict[str, set[tuple[str, str]]] = {}
    for one in records("planted.jsonl"):
        planted.setdefault(one["kind"], set()).add((one["document_id"], one["item_id"]))
    return found.with_columns(document=pl.col("qa_id").str.split("#").list.first()), planted


Sample = tuple[pl.DataFrame, dict[str, set[tuple[str, str]]]]


def test_what_is_planted_in_the_sample_is_found(sample: Sample) -> None:
    found, planted = sample
    by_rule = {rule: set(rows.select("document", "item_id").iter_rows()) for (rule,), rows in found.group_by("rule")}
    assert planted["verbatim"] <= by_rule["exact"]
    assert planted["numbers_changed"] <= set(found.select("document", "item_id").iter_rows()) - by_rule["rephrased"]
    assert len(planted["rephrased"] & by_rule["rephrased"]) >= 12


def test_nothing_that_was_not_planted_is_found_in_the_sample(sample: Sample) -> None:
    found, planted = sample
    assert set(found.select("document", "item_id").iter_rows()) <= set().union(*planted.values())


def shared_rows(shared: Path, name: str) -> list[dict[str, str]]:
    path = shared / "benchmarks" / name
    if not path.exists():
        pytest.skip(f"{name} is not at {path.parent}; set SYNTH_ASSETS_SHARED to the folder that holds benchmarks/")
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def test_rephrased_gsm8k_items_are_found_and_train_items_are_not(shared: Path) -> None:
    items = benchmark({one["id"]: one["question"] for one in shared_rows(shared, "gsm8k.jsonl")})
    held_out = shared_rows(shared, "gsm8k_rephrased_first_half.jsonl")[330:]
    originals = {one["id"]: one["of"] for one in held_out}
    found = find_contamination(qa_pairs({one["id"]: one["question"] for one in held_out}), items)
    hit = {qa_id for qa_id, item in found.select("qa_id", "item_id").iter_rows() if originals[qa_id] == item}
    assert len(hit) >= 0.9 * len(held_out)
    clean = shared_rows(shared, "gsm8k_train_first_half.jsonl")[1868:]
    wrong = find_contamination(qa_pairs({one["id"]: one["question"] for one in clean}), items)
    assert wrong["qa_id"].n_unique() <= 0.01 * len(clean)


def test_verbatim_and_changed_numbers_are_always_found(shared: Path) -> None:
    rows = shared_rows(shared, "gsm8k.jsonl")
    items = benchmark({one["id"]: one["question"] for one in rows})
    changed = {
        one["id"]: re.sub(r"\d+(?:\.\d+)?", lambda number: f"{3 * float(number[0]) + 7:.0f}", one["question"])
        for one in rows
    }
    for questions in ({one["id"]: one["question"] for one in rows}, changed):
        found = find_contamination(qa_pairs(questions), items).filter(pl.col("qa_id") == pl.col("item_id"))
        assert found.height == len(rows)
        assert "rephrased" not in found["rule"]
