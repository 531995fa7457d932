import json
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets import tables
from synth_assets.decontamination.contamination import Rules
from synth_assets.decontamination.contamination import find_contamination as compare
from synth_assets.decontamination.ladder import PRESETS, Ladder
from synth_assets.decontamination.semantic import Vectors
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.embedded.teacher import EmbeddedTeacher
from synth_assets.teachers.store import MemoryStore
from synth_assets_tests.decontamination import reference
from synth_assets_tests.decontamination.pairs import benchmark, qa_pairs

TRAIN = (
    "A train leaves Harlow at 8 in the morning with 120 passengers. At Brennan 35 of them get off and 48 others "
    "get on. How many passengers are on the train when it reaches the coast?"
)
REPHRASED = (
    "At 8 in the morning, 120 passengers set out from Harlow by train. In Brennan 48 people board the train and "
    "35 leave it. On reaching the coast, how many passengers does the train carry?"
)
SAMPLE = files("synth_assets") / "sample"


def find_contamination(pairs: pl.DataFrame, items: pl.DataFrame, ladder: Ladder = PRESETS["ladder"]) -> pl.DataFrame:
    return compare(pairs, items, Rules(ladder)).contamination


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
        (REPHRASED, "rephrased"),
    ],
)  # fmt: skip
def test_each_rule_is_reported_where_no_stronger_one_holds(question: str, rule: str) -> None:
    assert rule_of(question) == [("question", rule)]


def test_another_problem_is_clean() -> None:
    assert rule_of("A baker makes 48 rolls and sells 35 of them. How many are left?") == []


def test_the_answer_is_checked_as_well_but_not_for_rephrasing() -> None:
    assert rule_of("What is 1 + 0?", answer="This reminds of: " + TRAIN) == [("answer", "exact")]
    assert rule_of("What is 1 + 0?", answer=REPHRASED) == []


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


@pytest.mark.parametrize(
    ("preset", "rules"),
    [
        ("gpt3-13gram", {"13 words": "ngram_13"}),
        ("qwen", {"13 words": "ngram_13"}),
        ("tulu3", {"covered": "coverage_8"}),
        ("llama", {"13 words": "coverage_10"}),
        ("strict", {"13 words": "ngram_10", "covered": "coverage_5", "rephrased": "rephrased"}),
        ("ladder", {"13 words": "ngram_13", "covered": "coverage_8", "rephrased": "rephrased"}),
    ],
)
def test_a_preset_finds_what_its_rules_say(preset: str, rules: dict[str, str]) -> None:
    questions = {
        "13 words": "Our story: at Brennan 35 of them get off and 48 others get on. How glad is the driver?",
        "covered": "A train leaves Harlow at 8 in the morning in rain. At Brennan 35 of them get off and stay. "
        "Say: how many passengers are on the train when it snows?",
        "rephrased": REPHRASED,
    }
    found = find_contamination(qa_pairs(questions), benchmark({"i": TRAIN}), PRESETS[preset])
    assert dict(found.select("qa_id", "rule").iter_rows()) == rules


def test_tulu3_looks_at_questions_alone() -> None:
    pairs = qa_pairs({"q": "What is 1 + 0?"}, {"q": TRAIN})
    assert find_contamination(pairs, benchmark({"i": TRAIN}), PRESETS["tulu3"]).is_empty()
    assert find_contamination(pairs, benchmark({"i": TRAIN}), PRESETS["llama"])["part"].to_list() == ["answer"]


class Counting:
    """An embedder by the letters of a text, which counts the texts it was given."""

    def __init__(self) -> None:
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        counts = np.array([[1 + text.lower().count(letter) for letter in "etaoinshrdlu"] for text in texts])
        return (counts / np.linalg.norm(counts, axis=1, keepdims=True)).astype(np.float32)


def test_what_is_near_in_meaning_is_found_by_the_embedder() -> None:
    shuffled = " ".join(reversed(TRAIN.split()))  # the same letters, and no n-gram
    pairs, items = qa_pairs({"near": shuffled, "far": "Zzz?"}), benchmark({"i": TRAIN})
    ladder = Ladder(ngram=13, semantic=0.8)
    assert find_contamination(pairs, items, ladder).is_empty(), "without an embedder there is no such rule"
    found = compare(pairs, items, Rules(ladder, embedder=Counting())).contamination
    assert found.select("qa_id", "rule").rows() == [("near", "semantic")]
    assert 0.9 <= found["score"][0] < 1.0, "the same words and numbers in another order"
    other_numbers = {"near": shuffled.replace("120", "7").replace("35", "99").replace("48", "51").replace("8 ", "3 ")}
    assert compare(qa_pairs(other_numbers), items, Rules(ladder, embedder=Counting())).contamination.is_empty()


def test_without_numbers_only_what_is_very_near_in_meaning_is_found() -> None:
    class Turned:
        """An item, and a question at an angle to it."""

        def __init__(self, cosine: float) -> None:
            self.cosine = cosine

        def embed(self, texts: Sequence[str]) -> Vectors:
            turned = [self.cosine, (1 - self.cosine**2) ** 0.5]
            return np.array([[1.0, 0.0] if text == "Item?" else turned for text in texts], dtype=np.float32)

    found = {
        cosine: compare(
            qa_pairs({"q": "Of what else is told here?"}), benchmark({"i": "Item?"}), Rules(embedder=Turned(cosine))
        ).contamination.height
        for cosine in (0.85, 0.99)
    }
    assert found == {0.85: 0, 0.99: 1}


DOUBTFUL = Ladder(ngram=13, rephrased=0.99, rephrased_doubtful=0.4)


def test_what_is_doubtful_is_put_to_the_judge_and_counted() -> None:
    other = REPHRASED.replace("120", "77").replace("48", "31").replace("35", "29")
    pairs, items = qa_pairs({"same": REPHRASED, "other": other, "sure": TRAIN}), benchmark({"i": TRAIN})
    assert set(find_contamination(pairs, items, DOUBTFUL)["qa_id"]) == {"sure"}
    asker = Asker(EmbeddedTeacher(), MemoryStore())
    ladder = replace(DOUBTFUL, rephrased_doubtful=0.2)
    judged = compare(pairs, items, Rules(ladder, judge=asker))
    assert dict(judged.contamination.select("qa_id", "rule").iter_rows()) == {"same": "judged", "sure": "exact"}
    assert judged.comparisons.select("pairs", "contaminated", "judged", "cleared").row(0) == (3, 2, 2, 1)


def test_a_benchmark_that_is_added_is_all_that_is_compared() -> None:
    pairs = qa_pairs({"a": TRAIN, "b": REPHRASED}, method={"a": "level_1", "b": "level_2"})
    first, second = benchmark({"i": TRAIN}, "first"), benchmark({"j": "What is the square of twelve?"}, "second")
    embedder = Counting()
    rules = Rules(PRESETS["ladder"], "1", embedder)
    before = compare(pairs, first, rules)
    assert embedder.texts == 3
    after = compare(pairs, pl.concat([first, second]), rules, before)
    assert embedder.texts == 6, "the pairs and the new benchmark's item"
    whole = compare(pairs, pl.concat([first, second]), rules)
    assert after.contamination.equals(whole.contamination)
    assert after.comparisons.equals(whole.comparisons)
    embedder.texts = 0
    assert compare(pairs, pl.concat([first, second]), rules, after).comparisons.equals(whole.comparisons)
    assert embedder.texts == 0
    removed = compare(pairs, first, rules, after)
    assert (removed.contamination.equals(before.contamination), embedder.texts) == (True, 0)


def test_what_has_changed_is_compared_anew() -> None:
    pairs, items = qa_pairs({"a": TRAIN}), benchmark({"i": TRAIN})
    embedder = Counting()
    before = compare(pairs, items, Rules(version="1", embedder=embedder))
    changed = [
        (qa_pairs({"a": TRAIN, "b": "One?"}), items, Rules(version="1", embedder=embedder), before),
        (pairs, benchmark({"i": TRAIN, "j": "One?"}), Rules(version="1", embedder=embedder), before),
        (pairs, items, Rules(version="2", embedder=embedder), before),
        (pairs, items, Rules(replace(PRESETS["ladder"], semantic=0.5), "1", embedder), before),
        # A stage that was stopped between its two tables: the pairs that were found are not there.
        (
            pairs,
            items,
            Rules(version="1", embedder=embedder),
            replace(before, contamination=tables.CONTAMINATION.empty()),
        ),
    ]
    for changed_pairs, changed_items, rules, earlier in changed:
        embedder.texts = 0
        found = compare(changed_pairs, changed_items, rules, earlier)
        assert embedder.texts == changed_pairs.height + changed_items.height
        assert found.contamination.equals(compare(changed_pairs, changed_items, rules).contamination)


def test_what_is_left_holds_nothing_that_the_rules_forbid(shared: Path) -> None:
    """Searched by plain Python sets, after a decontamination of real questions with real and planted overlaps."""
    rows = shared_rows(shared, "gsm8k.jsonl")[:250]
    items = {one["id"]: one["question"] for one in rows}
    draw = random.Random(7)
    questions = {one["id"]: one["question"] for one in shared_rows(shared, "gsm8k_train_first_half.jsonl")[:400]}
    for one in rows[:100]:
        words = one["question"].split()
        start = draw.randrange(max(len(words) - 16, 1))
        questions[f"planted/{one['id']}"] = "We tell it anew: " + " ".join(words[start : start + draw.randint(9, 40)])
    pairs = qa_pairs(questions)
    found = find_contamination(pairs, benchmark(items))
    left = pairs.join(found, on="qa_id", how="anti")
    assert 60 < found["qa_id"].n_unique() < left.height
    forbidden = [(words, reference.grams(words, 13)) for words in map(reference.words, items.values())]
    for question in left["question"]:
        words = reference.words(question)
        grams = reference.grams(words, 13)
        for item, item_grams in forbidden:
            assert not reference.contains(words, item)
            assert not grams & item_grams
            assert reference.coverage(words, item) <= 0.5


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
    for name in ("svamp.jsonl", "asdiv.jsonl"):  # short: a median of 30 words, many of ten
        texts = [one["question"] for one in shared_rows(shared, name)]
        texts += [" ".join(text.split()[:10]) for text in texts[:500]]
        short = {str(number): text for number, text in enumerate(texts)}
        exact = find_contamination(qa_pairs(short), benchmark(short)).filter(pl.col("qa_id") == pl.col("item_id"))
        assert exact["rule"].to_list() == ["exact"] * len(short)
    for questions in ({one["id"]: one["question"] for one in rows}, changed):
        found = find_contamination(qa_pairs(questions), items).filter(pl.col("qa_id") == pl.col("item_id"))
        assert found.height == len(rows)
        assert "rephrased" not in found["rule"]
