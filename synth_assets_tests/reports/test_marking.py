"""What two texts share is found and marked in both as they were written, and all else is escaped."""

import re

import polars as pl
import pytest

from synth_assets.decontamination.words import Words
from synth_assets.reports.marking import BEFORE, LONGEST_SHOWN, PlacedWords, marked_differences, marked_pair, shortened
from synth_assets.settings import SAMPLE
from synth_assets_tests.reports.reader import Reader

HELD_OUT = SAMPLE / "benchmarks" / "held_out_problems.jsonl"


def marked(text: str, span: str, rule: str = "ngram_13") -> str:
    """`text` beside an item that is the span alone."""
    return str(marked_pair(text, span, span, rule)[0])


@pytest.mark.parametrize(
    ("text", "span", "html"),
    [
        ("Two plus two is four.", "plus two", "Two <mark>plus two</mark> is four."),
        ("Two, plus: two", "two plus two", "<mark>Two, plus: two</mark>"),
        ("a < b & c", "b c", "a &lt; <mark>b &amp; c</mark>"),
        ("a <b> c", "nothing like it", "a &lt;b&gt; c"),
        ("a <b> c", "", "a &lt;b&gt; c"),
        ("pay 1,234,567.50 euros", "1234567.50 euros", "pay <mark>1,234,567.50 euros</mark>"),
        (r"pay \$12{,}000 now", "pay 12000", r"<mark>pay \$12{,}000</mark> now"),
        ("pay 1, 200 or 300", "1 200 or", "pay <mark>1, 200 or</mark> 300"),
        (r"$\left( \dfrac{1}{2} \right)$ of it", "frac 1 2 of", r"$\left( \<mark>dfrac{1}{2} \right)$ of</mark> it"),
        (r"so \begin{align*} x &= 1 \end{align*} holds", "so x 1 holds", None),
        (r"so \begin{cases} x &= 1 \end{cases} holds", "so begin cases x 1 end cases holds", None),
        ("3x + 4y", "x 4", "3<mark>x + 4</mark>y"),
        ("x² ﬁnds ΣΑΣ", "x 2 finds σασ", "<mark>x² ﬁnds ΣΑΣ</mark>"),  # noqa: RUF001
        ("cafe\u0301 noir", "café noir", "<mark>cafe\u0301 noir</mark>"),
        ("no mark inside of nomark", "mark inside", "no <mark>mark inside</mark> of nomark"),
    ],
)
def test_a_span_of_normalised_words_is_marked_where_it_was_written(text: str, span: str, html: str | None) -> None:
    assert marked(text, span) == (html or f"<mark>{text}</mark>".replace("&", "&amp;"))


def test_a_span_is_found_in_the_item_whatever_its_numbers() -> None:
    ours, theirs = marked_pair("He buys 7 plums.", "She buys 1,200 plums!", "buys 7 plums", "coverage_8_digits_folded")
    assert (ours, theirs) == ("He <mark>buys 7 plums</mark>.", "She <mark>buys 1,200 plums</mark>!")


def test_numbers_as_written_come_before_folded_ones() -> None:
    assert marked("buys 3 plums and buys 7 plums", "buys 7 plums") == "buys 3 plums and <mark>buys 7 plums</mark>"


@pytest.mark.parametrize("rule", ["rephrased", "semantic", "judged"])
def test_of_a_rephrased_item_the_words_and_numbers_in_common_are_marked_in_another_tint(rule: str) -> None:
    ours, theirs = marked_pair(
        "A bakery sold 1,200 rolls; what did it earn?", "What earned a bakery with 1200 <rolls>?", "a bakery sold", rule
    )
    assert ours == (
        'A <mark class="alike">bakery</mark> sold <mark class="alike">1,200 rolls</mark>; what did it earn?'
    )
    assert theirs == (
        'What earned a <mark class="alike">bakery</mark> with <mark class="alike">1200 &lt;rolls</mark>&gt;?'
    )


def test_words_in_common_besides_the_span_are_marked_in_another_tint() -> None:
    ours, theirs = marked_pair("Plums: one two three.", "One two three (plums)", "one two three", "coverage_8")
    assert ours == '<mark class="alike">Plums</mark>: <mark>one two three</mark>.'
    assert theirs == '<mark>One two three</mark> (<mark class="alike">plums</mark>)'


def test_a_span_that_stands_in_one_text_alone_leaves_the_words_in_common() -> None:
    ours, theirs = marked_pair("blue plums fall", "fall the plums", "blue plums", "ngram_13")
    assert ours == 'blue <mark class="alike">plums fall</mark>'
    assert theirs == '<mark class="alike">fall</mark> the <mark class="alike">plums</mark>'


@pytest.mark.parametrize("rule", ["ngram_13", "rephrased"])
def test_of_a_long_text_the_part_with_the_mark_is_shown(rule: str) -> None:
    text = "lorem ipsum " * 500 + "Seven yellow plums" + " dolor sit" * 500
    page = marked(text, "seven yellow plums", rule)
    read = Reader(page)
    assert re.search("<mark.*>Seven yellow plums</mark>|<mark.*>yellow plums</mark>", page) and len(read.text) < 750
    assert read.text.strip(" …").startswith(("lorem", "ipsum")) and read.text.strip(" …").endswith(("dolor", "sit"))
    assert 0 < read.text.index("yellow") < 2 * BEFORE


def test_a_text_of_one_endless_word_is_cut_through_it() -> None:
    assert len(Reader(str(shortened("x" * 5000))).text) < LONGEST_SHOWN + 10
    assert len(Reader(marked("x" * 5000 + " yellow plums", "yellow plums")).text) < LONGEST_SHOWN + 10


@pytest.mark.parametrize("rule", ["exact", "rephrased"])
def test_no_tag_of_a_text_becomes_one(rule: str) -> None:
    hostile = "<script>alert('plums')</script> \" onclick=x <mark class='alike'>yellow</mark> & <!-- --> " * 20
    pages = (*marked_pair(hostile, hostile, "script alert plums script", rule), marked_differences(hostile, "yellow"))
    for page in map(str, pages):
        assert set(Reader(page).tags) <= {"mark", "span"} and {name for name, _ in Reader(page).attributes} <= {"class"}


def test_words_in_which_a_duplicate_differs_are_marked() -> None:
    assert marked_differences("Ann buys 3 <plums>", "Ann buys 4 plums") == (
        'Ann buys <mark class="differs">3</mark> &lt;plums&gt;'
    )
    assert marked_differences("The same.", "the same") == "The same."


def test_texts_without_words_are_shown_as_they_are() -> None:
    assert marked_pair("", "?!", "", "exact") == ("", "?!")
    assert marked_differences("?!", "") == "?!"


LATEX = [
    r"Let $\begin{cases} 3x-2y \leq 3{,}000 \\ x+y \geq 1.5 \end{cases}$. Find the \textbf{greatest} $z = 3x + 2y$.",
    r"If $\dfrac{\sqrt{2}}{\left(1 - x^2\right)} = \mathbb{R}_+\hspace{1cm}\Big|$, what is \text{the value of } $x$?",
]


@pytest.mark.parametrize("problem", [*pl.read_ndjson(HELD_OUT)["question"].head(40), *LATEX])
def test_every_span_that_the_ladder_can_give_is_found_again(problem: str) -> None:
    words = Words.of(pl.Series([problem]))
    count = len(words.hashes)
    for length in {1, 2, 8, 13, count} & set(range(count + 1)):
        for place in range(count - length + 1):
            span = words.span(place, length)
            begin, end = PlacedWords.of(problem).run(PlacedWords.of(span))
            assert end - begin >= length, span
