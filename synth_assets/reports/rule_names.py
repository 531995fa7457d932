"""The rules of decontamination in the words of a page, and which of two is the more severe."""

import re

import polars as pl

from synth_assets.decontamination.ladder import DIGITS_FOLDED, JUDGED, REPHRASED, SEMANTIC, rank

_IN_WORDS = {
    "exact": "holds the whole item, word for word",
    REPHRASED: "its words, their order and its numbers are nearly those of the item",
    SEMANTIC: "its meaning, the order of its words and its numbers are nearly those of the item",
    JUDGED: "near to the item, and the teacher takes them for the same problem",
}


def severity(rule: pl.Expr) -> list[pl.Expr]:
    """Keys that sort rules from the most severe down: as the ladder ranks them, then long n-grams before short ones."""
    return [rank(rule), rule.str.extract(r"_(\d+)").cast(pl.Int64).fill_null(0).neg()]


def in_words(rule: str) -> str:
    """What a rule says of a text it finds; nothing for a rule that is not known."""
    name = rule.removesuffix(DIGITS_FOLDED)
    words = _IN_WORDS.get(name, "")
    if counted := re.fullmatch(r"(ngram|coverage)_(\d+)", name):
        kind, n = counted.groups()
        words = f"shares {n} words in a row with the item"
        if kind == "coverage":
            words = f"its runs of {n} and more words cover much of the item"
    return f"{words}, whatever the numbers" if words and rule != name else words
