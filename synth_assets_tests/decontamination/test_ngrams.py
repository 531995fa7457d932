import random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets.decontamination.ladder import PRESETS, Ladder
from synth_assets.decontamination.ngrams import MATCHES, NgramIndex
from synth_assets_tests.decontamination import reference
from synth_assets_tests.decontamination.cutting import words_of

# Few different words, so that n-grams recur within and across texts.
TEXT = st.lists(st.sampled_from(["a", "b", "cat", "7", "7"]), max_size=40).map(" ".join)


def scan(
    texts: list[str], items: list[str], digits_folded: bool = False, ladder: Ladder = PRESETS["ladder"]
) -> pl.DataFrame:
    index = NgramIndex.of(words_of([*items]), ladder, digits_folded)
    return pl.concat([MATCHES.to_frame(), *index.scan(words_of([*texts]))])


def pieces(seed: int) -> tuple[list[str], list[str]]:
    """Texts that quote pieces of the items, between words of their own."""
    draw = random.Random(seed)
    words = [f"w{letter}" for letter in "abcdefghijklmnop"] + ["3", "4.5"]
    items = [" ".join(draw.choices(words, k=draw.randint(0, 40))) for _ in range(12)]
    texts = []
    for _ in range(30):
        quoted = draw.choice(items).split()
        start = draw.randint(0, max(len(quoted) - 1, 0))
        piece = quoted[start : start + draw.randint(4, 30)]
        texts.append(" ".join([*draw.choices(words, k=draw.randint(0, 9)), *piece, *draw.choices(words, k=3)]))
    return texts, items


def agrees_with_the_reference(texts: list[str], items: list[str]) -> None:
    found = scan(texts, items)
    text_words, item_words = [reference.words(one) for one in texts], [reference.words(one) for one in items]
    every = [(text, item) for text in range(len(texts)) for item in range(len(items))]
    by_rule = {
        rule: {(text, item) for text, item in found.filter(rule=rule).select("text", "item").iter_rows()}
        for rule in ("exact", "ngram_13", "coverage_8")
    }
    assert by_rule["exact"] == {(t, i) for t, i in every if reference.contains(text_words[t], item_words[i])}
    assert by_rule["ngram_13"] == {(t, i) for t, i in every if reference.shares_ngram(text_words[t], item_words[i])}
    shares = {(t, i): reference.coverage(text_words[t], item_words[i]) for t, i in every}
    assert by_rule["coverage_8"] == {pair for pair, share in shares.items() if share > 0.5}
    for text, item, score in found.filter(rule="coverage_8").select("text", "item", "score").iter_rows():
        assert abs(score - shares[text, item]) < 1e-12


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, max_size=5), st.lists(TEXT, max_size=5))
def test_every_rule_finds_what_plain_python_sets_find_on_repetitive_text(texts: list[str], items: list[str]) -> None:
    agrees_with_the_reference(texts, items)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_every_rule_finds_what_plain_python_sets_find_on_quoted_pieces(seed: int) -> None:
    agrees_with_the_reference(*pieces(seed))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 14), st.integers(2, 12), st.sampled_from([0.0, 0.2, 0.5, 0.9]))
def test_other_lengths_and_thresholds_are_those_of_plain_python_sets(
    seed: int, ngram: int, covering: int, share: float
) -> None:
    texts, items = pieces(seed)
    found = scan(texts, items, ladder=Ladder(ngram=ngram, coverage_ngram=covering, coverage=share))
    by_rule: dict[str, set[tuple[int, int]]] = {"exact": set(), f"ngram_{ngram}": set(), f"coverage_{covering}": set()}
    for text, item, rule in found.select("text", "item", "rule").iter_rows():
        by_rule[rule].add((text, item))
    for text, words in enumerate(map(reference.words, texts)):
        for item, others in enumerate(map(reference.words, items)):
            pair = (text, item)
            assert (pair in by_rule["exact"]) == reference.contains(words, others)
            assert (pair in by_rule[f"ngram_{ngram}"]) == reference.shares_ngram(words, others, ngram)
            assert (pair in by_rule[f"coverage_{covering}"]) == (reference.coverage(words, others, covering) > share)


def test_an_order_ratio_clears_texts_that_share_little_else() -> None:
    item = "one two three four five six seven eight nine ten eleven twelve thirteen and then much that is not shared"
    quoting = "here we quote " + " ".join(item.split()[:13]) + " among a good deal of other words about other things"
    assert scan([quoting], [item], ladder=PRESETS["gpt3-13gram"])["rule"].to_list() == ["ngram_13"]
    assert scan([quoting], [item], ladder=PRESETS["qwen"])["rule"].to_list() == ["ngram_13"]
    longer = item + " " + " ".join(f"more{letter}" for letter in "abcdefgh")
    assert scan([quoting + " end" * 30], [longer], ladder=PRESETS["qwen"]).is_empty()
    assert scan([longer], [longer], ladder=PRESETS["qwen"])["rule"].to_list() == ["exact", "ngram_13"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_the_span_is_shared_word_for_word(seed: int) -> None:
    texts, items = pieces(seed)
    stream = words_of([*texts])
    for text, item, place, words in scan(texts, items).select("text", "item", "place", "words").iter_rows():
        assert stream.starts[text] <= place and place + words <= stream.starts[text + 1]
        assert f" {stream.span(place, words)} " in f" {' '.join(reference.words(items[item]))} "


def test_a_match_never_runs_from_one_text_into_the_next() -> None:
    item = "one two three four five six seven eight nine ten eleven twelve thirteen"
    halves = [" ".join(item.split()[:7]), " ".join(item.split()[7:])]
    assert scan(halves, [item]).filter(pl.col("rule") != "coverage_8").is_empty()
    assert scan([" ".join(halves)], [item])["rule"].to_list().count("exact") == 1


def test_folded_numbers_alone_are_no_match() -> None:
    numbers = " ".join(str(number) for number in range(20))
    others = " ".join(str(number) for number in range(50, 80))
    assert scan([others], [numbers], digits_folded=True).is_empty()
    assert scan(["What is 3 + 5?"], ["What is 9 + 1?"], digits_folded=True).is_empty()
    polynomial = "x^2 + 3x - 5 = 0, y^2 - 7y + 1 = 0, x + y = 9, x - y = 2, z = 3"
    assert scan([polynomial.replace("3", "8")], [polynomial], digits_folded=True).is_empty()
