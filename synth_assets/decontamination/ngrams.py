"""The n-gram rules: whole items, any shared 13-gram, and 8-grams that cover more than half of an item.

A 13-gram is GPT-3's rule (arXiv 2005.14165, appendix C), coverage by 8-grams above one half Tulu 3's (arXiv
2411.15124). Each rule is read twice, with the words as they are and with digits folded. Folding makes trivial matches
easy ("0 0 0 0 0"), so a folded n-gram counts only where at least half of its words are language, and a folded whole
item only with `SHORTEST_CONTAINED` such words.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from synth_assets.decontamination.normalising import is_spoken
from synth_assets.decontamination.word_stream import Whole, WordStream, same_words

LONG = 13
"""Words of the n-gram of which one shared is enough."""
SHORT = 8
"""Words of the n-gram that must cover an item."""
COVERAGE = 0.5
"""An item is contaminated where more than this share of its words lies in shared 8-grams."""
SHORTEST_CONTAINED = 5
"""An item of fewer words than this matches only a text that is equal to it."""

MATCHES = pl.Schema(
    {
        "text": pl.Int64,
        "item": pl.Int64,
        "rule": pl.String,
        "score": pl.Float64,
        "place": pl.Int64,
        "words": pl.Int64,
    }
)
"""A match: text and item by number, the rule, its score, and where in the stream the matching words begin and how
many they are."""


@dataclass(frozen=True)
class NgramIndex:
    """The n-grams of benchmark items under one form, ready to be looked up.

    `grams` has for n = 5, 6, 7, 8 and 13 the columns `item`, `item_place`, `key`, and `anchor`: whether a whole match
    of the item is looked for from here.
    """

    items: WordStream
    suffix: str
    grams: dict[int, pl.DataFrame]

    @classmethod
    def of(cls, items: WordStream, digits_folded: bool) -> "NgramIndex":
        """Index `items` as they are, or with digits folded."""
        items = items.digits_folded() if digits_folded else items
        guard = _spoken_before(items) if digits_folded else None
        grams = {n: _grams(items, n, guard) for n in (*range(SHORTEST_CONTAINED, SHORT), SHORT, LONG)}
        return cls(items, "_digits_folded" if digits_folded else "", grams)

    def scan(self, texts: WordStream) -> pl.DataFrame:
        """Matches of the texts with the items under each rule (schema `MATCHES`); not yet only the strongest."""
        texts = texts.digits_folded() if self.suffix else texts
        return pl.concat(list(self._matches(texts)))

    def _matches(self, texts: WordStream) -> Iterator[pl.DataFrame]:
        for n, grams in self.grams.items():
            hits = _hits(texts, self.items, n, grams)
            yield self._whole(texts, hits)
            if n == LONG:
                yield _overlap(hits, n, f"ngram_{n}{self.suffix}")
            elif n == SHORT:
                yield _overlap(hits, n, f"coverage_{n}{self.suffix}").filter(pl.col("score") > COVERAGE)
        if not self.suffix:
            yield self._equal(texts)

    def _whole(self, texts: WordStream, hits: pl.DataFrame) -> pl.DataFrame:
        """Texts that contain an item from its first to its last word."""
        anchored = hits.filter("anchor")
        item, text = (anchored[name].to_numpy() for name in ("item", "text"))
        lengths, first = self.items.lengths[item], self.items.starts[item]
        begins = anchored["place"].to_numpy() - (anchored["item_place"].to_numpy() - first)
        fits = (begins >= texts.starts[text]) & (begins + lengths <= texts.starts[text + 1])
        item, text, lengths, first, begins = (values[fits] for values in (item, text, lengths, first, begins))
        same = same_words(texts, begins, self.items, first, lengths)
        found = _whole_matches(text[same], item[same], begins[same], lengths[same], f"exact{self.suffix}")
        return found.sort("text", "item", "place").unique(["text", "item"], keep="first", maintain_order=True)

    def _equal(self, texts: WordStream) -> pl.DataFrame:
        """Texts equal to an item of fewer than `SHORTEST_CONTAINED` words."""
        short = [_short_texts(stream) for stream in (texts, self.items)]
        both = short[0].join(short[1].rename({"text": "item"}).drop("place"), on="form")
        text, item, place = (both[name].to_numpy() for name in ("text", "item", "place"))
        return _whole_matches(text, item, place, self.items.lengths[item], "exact")


def _grams(items: WordStream, n: int, spoken_before: Whole | None) -> pl.DataFrame:
    grams = items.ngrams(n).rename({"text": "item", "place": "item_place"})
    item, places = grams["item"].to_numpy(), grams["item_place"].to_numpy()
    lengths = items.lengths[item]
    counted = (lengths == n) if n < SHORT else np.ones(len(item), dtype=np.bool_)
    # Items of 13 words and more are anchored at a 13-gram, those of 8 to 12 at an 8-gram, shorter ones at themselves.
    anchored = (lengths < LONG) | (n == LONG)
    if spoken_before is not None:
        counted &= 2 * (spoken_before[places + n] - spoken_before[places]) >= n
        anchored &= spoken_before[items.starts[item + 1]] - spoken_before[items.starts[item]] >= SHORTEST_CONTAINED
    first = pl.col("item_place") == pl.col("item_place").min().over("item")
    return (
        grams.with_columns(item_words=pl.Series(lengths), anchor=pl.Series(anchored))
        .filter(pl.Series(counted))
        .with_columns(anchor=pl.col("anchor") & first)
    )


def _spoken_before(stream: WordStream) -> Whole:
    """At each place, how many words before it are language."""
    spoken = stream.compared.to_frame("word").select(is_spoken(pl.col("word"))).to_series().to_numpy()
    return np.concatenate([[0], np.cumsum(spoken, dtype=np.int64)])


def _hits(texts: WordStream, items: WordStream, n: int, grams: pl.DataFrame) -> pl.DataFrame:
    """Places where a text and an item have the same `n` words."""
    hits = texts.ngrams(n).join(grams, on="key").drop("key")
    lengths = np.full(hits.height, n)
    same = same_words(texts, hits["place"].to_numpy(), items, hits["item_place"].to_numpy(), lengths)
    return hits.filter(pl.Series(same))


def _overlap(hits: pl.DataFrame, n: int, rule: str) -> pl.DataFrame:
    """For each (text, item) the share of the item's words in shared n-grams, and the longest run of words shared."""
    pair = ["text", "item"]
    to_next = pl.col("item_place").shift(-1).over(pair) - pl.col("item_place")
    share = (
        hits.select(*pair, "item_place", "item_words")
        .unique()
        .sort(*pair, "item_place")
        .with_columns(covered=to_next.clip(upper_bound=n).fill_null(n))
        .group_by(pair)
        .agg(score=pl.col("covered").sum() / pl.col("item_words").first())
    )
    # Hits on one diagonal at consecutive places are one run of shared words.
    diagonal = pl.col("place") - pl.col("item_place")
    ordered = hits.with_columns(diagonal=diagonal).sort(*pair, "diagonal", "place")
    begins = (pl.struct(*pair, "diagonal") != pl.struct(*pair, "diagonal").shift()) | (pl.col("place").diff() != 1)
    runs = (
        ordered.with_columns(run=begins.fill_null(True).cum_sum())
        .group_by(*pair, "run")
        .agg(pl.col("place").min(), words=pl.len().cast(pl.Int64) + (n - 1))
        .sort(*pair, "words", "place", descending=[False, False, True, False])
        .unique(pair, keep="first", maintain_order=True)
    )
    return share.join(runs, on=pair).with_columns(rule=pl.lit(rule)).select(MATCHES.names())


def _short_texts(stream: WordStream) -> pl.DataFrame:
    """Texts of 1 to `SHORTEST_CONTAINED` - 1 words: `text`, first `place`, and the words as one string."""
    chosen = np.flatnonzero((stream.lengths > 0) & (stream.lengths < SHORTEST_CONTAINED))
    return pl.DataFrame(
        {
            "text": chosen,
            "place": stream.starts[chosen],
            "form": [
                " ".join(stream.compared[int(a) : int(b)])
                for a, b in zip(stream.starts[chosen], stream.starts[chosen + 1], strict=True)
            ],
        },
        schema={"text": pl.Int64, "place": pl.Int64, "form": pl.String},
    )


def _whole_matches(text: Whole, item: Whole, place: Whole, words: Whole, rule: str) -> pl.DataFrame:
    columns = {"text": text, "item": item, "rule": rule, "score": 1.0, "place": place, "words": words}
    return pl.DataFrame(columns, schema=MATCHES) if len(text) else MATCHES.to_frame()
