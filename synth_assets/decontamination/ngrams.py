"""The n-gram rules: whole items, any shared n-gram of one length, and those of another that cover much of an item.

A 13-gram is GPT-3's rule (arXiv 2005.14165, appendix C), coverage by 8-grams above one half Tulu 3's (arXiv
2411.15124). Each rule may be read twice, with the words as they are and with digits folded. Folding makes trivial
matches easy ("0 0 0 0 0"), so a folded n-gram counts only where at least half of its words are language, and a folded
whole item only with `SHORTEST_CONTAINED` such words.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.decontamination.ladder import DIGITS_FOLDED, Ladder
from synth_assets.decontamination.word_order import common_subsequences
from synth_assets.decontamination.words import Hashes, Whole, Words, same_words

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
"""A match: text and item by number, the rule, its score, and where among the words the matching ones begin and how many
they are."""

_FILTER_BITS, _SLOTS = 16, 4
"""Bits of the filter and slots of the table for each n-gram: one in sixteen others passes the filter."""


@dataclass(frozen=True)
class GramTable:
    """The n-grams of benchmark items of one length, to be looked up.

    Attributes:
        n: Words of each.
        keys: The distinct keys, ascending.
        first: Where the n-grams of each key begin in `grams`, shape (keys + 1,).
        grams: Columns `item`, `item_place`, `counted` (whether it counts for a rule), `anchor` (whether a whole match
            of the item is looked for from here); in the order of keys.
        filter_bits: See `gram_loops.fill_table`.
        slots: See there.
    """

    n: int
    keys: Hashes
    first: Whole
    grams: pl.DataFrame
    filter_bits: Hashes
    slots: npt.NDArray[np.int32]

    @classmethod
    def of(cls, n: int, grams: pl.DataFrame) -> "GramTable":
        """From rows `key, item, item_place, counted, anchor`."""
        from synth_assets.decontamination.gram_loops import fill_table

        grams = grams.sort("key", "item", "item_place")
        keys, first = np.unique(grams["key"].to_numpy(), return_index=True)
        filter_bits = np.zeros(power_of_two(_FILTER_BITS * len(keys)) // 64, dtype=np.uint64)
        slots = np.zeros(power_of_two(_SLOTS * len(keys)), dtype=np.int32)
        fill_table(keys, filter_bits, slots)
        return cls(n, keys, np.append(first, grams.height), grams.drop("key"), filter_bits, slots)

    def hits(self, texts: Words, items: Words) -> pl.DataFrame | None:
        """Places where a text and an item have the same words: `text`, `place` and the columns of `grams`.

        None where there is none, which is the rule.
        """
        places, numbers = self._found(texts)
        if not len(places):
            return None
        many = self.first[numbers + 1] - self.first[numbers]
        rows = np.repeat(self.first[numbers] - np.cumsum(many) + many, many) + np.arange(many.sum())
        place = np.repeat(places, many)
        item_place = self.grams["item_place"].to_numpy()[rows]
        same = same_words(texts, place, items, item_place, np.full(len(rows), self.n))
        place = place[same]
        found = pl.DataFrame(
            {"text": texts.text_at(place), "place": place}, schema={"text": pl.Int64, "place": pl.Int64}
        )
        return pl.concat([found, self.grams[rows[same]]], how="horizontal")

    def _found(self, texts: Words) -> tuple[Whole, npt.NDArray[np.int32]]:
        from synth_assets.decontamination.gram_loops import find_grams

        room = 1024
        while True:
            places, numbers = np.empty(room, np.int64), np.empty(room, np.int32)
            found = find_grams(
                texts.hashes, texts.starts, self.n, self.keys, self.filter_bits, self.slots, places, numbers
            )
            if found <= room:
                return places[:found], numbers[:found]
            room = found


@dataclass(frozen=True)
class NgramIndex:
    """The n-grams of benchmark items under one form, and the rules they stand for.

    `short_items` are the items that only an equal text meets, by `item` and the hashes of their `words`.
    """

    items: Words
    ladder: Ladder
    suffix: str
    tables: tuple[GramTable, ...]
    short_items: pl.DataFrame

    @classmethod
    def of(cls, items: Words, ladder: Ladder, digits_folded: bool) -> "NgramIndex":
        """Index `items` as they are, or with digits folded."""
        guard = items.spoken_before() if digits_folded else None
        items = items.digits_folded() if digits_folded else items
        counted = {n for n in (ladder.ngram, ladder.coverage_ngram) if n is not None}
        # A whole item is looked for from its first n-gram, of the longest of these lengths that it has.
        lengths = sorted({SHORTEST_CONTAINED, *counted})
        bounds = [*lengths[1:], np.iinfo(np.int64).max]
        made = (
            GramTable.of(n, _grams(items, n, n in counted, beyond, guard))
            for n, beyond in zip(lengths, bounds, strict=True)
        )
        short = _short_texts(items).rename({"text": "item"})
        suffix = DIGITS_FOLDED if digits_folded else ""
        tables = tuple(one for one in made if len(one.keys))
        return cls(items, ladder, suffix, tables, short.clear() if digits_folded else short)

    def scan(self, texts: Words) -> Iterator[pl.DataFrame]:
        """Matches of the texts with the items under each rule (schema `MATCHES`); not yet only the strongest."""
        texts = texts.digits_folded() if self.suffix else texts
        for table in self.tables:
            hits = table.hits(texts, self.items)
            if hits is None:
                continue
            yield self._whole(texts, hits)
            counted = hits.filter("counted")
            if table.n == self.ladder.ngram:
                yield self._in_order(texts, _overlap(counted, self.items, table.n, f"ngram_{table.n}{self.suffix}"))
            if table.n == self.ladder.coverage_ngram:
                found = _overlap(counted, self.items, table.n, f"coverage_{table.n}{self.suffix}")
                yield found.filter(pl.col("score") > self.ladder.coverage)
        if self.short_items.height:
            yield self._equal(texts)

    def _whole(self, texts: Words, hits: pl.DataFrame) -> pl.DataFrame:
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

    def _equal(self, texts: Words) -> pl.DataFrame:
        """Texts equal to an item of fewer than `SHORTEST_CONTAINED` words."""
        both = _short_texts(texts).join(self.short_items, on="words")
        text, item = (both[name].to_numpy() for name in ("text", "item"))
        return _whole_matches(text, item, texts.starts[text], self.items.lengths[item], "exact")

    def _in_order(self, texts: Words, matches: pl.DataFrame) -> pl.DataFrame:
        """Those of which enough words of the shorter text stand in the same order in the other."""
        if not self.ladder.ngram_order or matches.is_empty():
            return matches
        text, item = (matches[name].to_numpy() for name in ("text", "item"))
        shorter = np.minimum(texts.lengths[text], self.items.lengths[item])
        order = common_subsequences(texts, text, self.items, item) / shorter
        return matches.with_columns(score=pl.Series(order)).filter(pl.col("score") > self.ladder.ngram_order)


def _grams(items: Words, n: int, counted: bool, beyond: int, spoken_before: Whole | None) -> pl.DataFrame:
    """The n-grams of the items that are to be found: those that count, and the anchors of items of `n` up to before
    `beyond` words.
    """
    from synth_assets.decontamination.gram_loops import gram_keys

    places, keys = np.empty(len(items.hashes), np.int64), np.empty(len(items.hashes), np.uint64)
    many = gram_keys(items.hashes, items.starts, n, places, keys)
    places, keys = places[:many], keys[:many]
    item = items.text_at(places)
    counts = np.full(many, counted)
    anchored = (items.lengths[item] >= SHORTEST_CONTAINED) & (items.lengths[item] < beyond)
    if spoken_before is not None:
        spoken = 2 * (spoken_before[places + n] - spoken_before[places]) >= n
        counts &= spoken
        spoken_words = spoken_before[items.starts[item + 1]] - spoken_before[items.starts[item]]
        anchored &= spoken & (spoken_words >= SHORTEST_CONTAINED)
    grams = pl.DataFrame(
        {"key": keys, "item": item, "item_place": places, "counted": counts, "anchor": anchored},
        schema_overrides={"item": pl.Int64},
    )
    first = pl.col("item_place") == pl.col("item_place").filter("anchor").min().over("item")
    return grams.with_columns(anchor=pl.col("anchor") & first).filter(pl.col("counted") | pl.col("anchor"))


def _overlap(hits: pl.DataFrame, items: Words, n: int, rule: str) -> pl.DataFrame:
    """For each (text, item) the share of the item's words in shared n-grams, and the longest run of words shared."""
    pair = ["text", "item"]
    to_next = pl.col("item_place").shift(-1).over(pair) - pl.col("item_place")
    words = pl.Series("item_words", items.lengths[hits["item"].to_numpy()])
    share = (
        hits.select(*pair, "item_place", words)
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


def _short_texts(words: Words) -> pl.DataFrame:
    """Texts of 1 to `SHORTEST_CONTAINED` - 1 words: `text`, and the hashes of their `words`."""
    chosen = np.flatnonzero((words.lengths > 0) & (words.lengths < SHORTEST_CONTAINED))
    hashes = [words.hashes[words.starts[text] : words.starts[text + 1]].tobytes() for text in chosen]
    return pl.DataFrame({"text": chosen, "words": hashes}, schema={"text": pl.Int64, "words": pl.Binary})


def _whole_matches(text: Whole, item: Whole, place: Whole, words: Whole, rule: str) -> pl.DataFrame:
    columns = {"text": text, "item": item, "rule": rule, "score": 1.0, "place": place, "words": words}
    return pl.DataFrame(columns, schema=MATCHES) if len(text) else MATCHES.to_frame()


def power_of_two(least: int) -> int:
    """The smallest power of two that is at least this, and 64."""
    return max(64, 1 << (least - 1).bit_length())
