"""Which QA pairs are too near to a benchmark item: all rules together, the strongest for each (pair, item, part)."""

import polars as pl

from synth_assets import tables
from synth_assets.decontamination.ngrams import LONG, SHORT, NgramIndex
from synth_assets.decontamination.rephrased import RULE as REPHRASED
from synth_assets.decontamination.rephrased import RephrasedIndex
from synth_assets.decontamination.word_stream import WordStream

RULES = (
    "exact",
    "exact_digits_folded",
    f"ngram_{LONG}",
    f"ngram_{LONG}_digits_folded",
    f"coverage_{SHORT}",
    f"coverage_{SHORT}_digits_folded",
    REPHRASED,
)
"""The rules, strongest first."""

_BATCH = 20_000
"""QA pairs compared at once, so that memory does not grow with the table."""


def find_contamination(qa_pairs: pl.DataFrame, benchmark_items: pl.DataFrame) -> pl.DataFrame:
    """QA pairs that match a benchmark question, in question or answer (rephrasing: in the question alone).

    Args:
        qa_pairs: Rows of `tables.QA_PAIRS`.
        benchmark_items: Rows of `tables.BENCHMARK_ITEMS`.

    Returns:
        Rows of `tables.CONTAMINATION`, ordered by its key: a pair, item and part once, under the strongest rule.
    """
    items = benchmark_items.sort("benchmark", "item_id")
    if items.is_empty() or qa_pairs.is_empty():
        return tables.CONTAMINATION.empty()
    stream = WordStream.of(items["question"])
    ngrams = [NgramIndex.of(stream, digits_folded) for digits_folded in (False, True)]
    rephrased = RephrasedIndex(stream)
    named = items.select("benchmark", "item_id", item_text="question").with_row_index("item")
    found = []
    for batch in qa_pairs.iter_slices(_BATCH):
        for part in ("question", "answer"):
            texts = WordStream.of(batch[part])
            matches = [index.scan(texts) for index in ngrams]
            if part == "question":
                matches.append(rephrased.scan(texts))
            strongest = _strongest(pl.concat(matches))
            spans = [texts.span(*where) for where in strongest.select("place", "words").iter_rows()]
            pairs = batch.select("method", "shard", "qa_id")[strongest["text"]]
            found.append(
                strongest.with_columns(pairs, part=pl.lit(part), span=pl.Series(spans, dtype=pl.String))
                .join(named.cast({"item": pl.Int64}), on="item")
                .select(tables.CONTAMINATION.schema.names())
            )
    return tables.CONTAMINATION.conform(pl.concat(found)).sort(tables.CONTAMINATION.key)


def _strongest(matches: pl.DataFrame) -> pl.DataFrame:
    """Of the matches of a (text, item), the one whose rule comes first in `RULES`."""
    rank = pl.col("rule").replace_strict(RULES, range(len(RULES)), return_dtype=pl.Int64)
    return matches.sort("text", "item", rank).unique(["text", "item"], keep="first", maintain_order=True)
