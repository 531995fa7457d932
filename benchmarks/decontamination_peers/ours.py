"""What of this project is measured, from the same texts as its peers."""

from dataclasses import replace

import numpy as np
import polars as pl
from racing import Finding, Whole

from decontamination_peers.case import SIMILAR, Case, Hits
from decontamination_peers.near_duplicates import Pairs
from decontamination_peers.shared_ngrams import Built, Columns
from decontamination_peers.zipf_texts import Planted
from synth_assets.decontamination.duplicates import find_duplicates, sign
from synth_assets.decontamination.ladder import PRESETS, Ladder
from synth_assets.decontamination.matching import BenchmarkIndex

PLAIN_RULE = PRESETS["gpt3-13gram"]
TWO_RUNGS = replace(PRESETS["ladder"], rephrased=None, semantic=None)
"""Whole items, any 13-gram and coverage by 8-grams, each with digits as they are and folded."""
LADDER = replace(PRESETS["ladder"], semantic=None)
"""Without an embedder, and without a teacher to judge."""

MOST_CLEAN_HIT = 0.01
"""Share of the questions in which nothing was planted that a right result may hit."""
FOUND = {
    Planted.VERBATIM: "exact",
    Planted.CHANGED: "exact_digits_folded",
    Planted.LONG: "ngram_13",
}
"""What must be found, and by which rule at the latest."""


def question_columns(case: Case) -> Columns:
    """The questions and their items."""
    return Columns(case.texts("question_items"), case.texts("questions"))


def build_index(texts: Columns, ladder: Ladder) -> Built:
    """The index of the items under a ladder."""
    return Built(texts, BenchmarkIndex(texts.items, ladder))


def scan(built: Built, documents: Whole) -> pl.DataFrame:
    """All in one call: rows of `text`, `item`, `part`, `rule`, `score` and `span`."""
    found: pl.DataFrame = built.index.scan(built.texts.documents[documents])
    return found.with_columns(text=pl.Series(documents[found["text"].to_numpy()]))


def judge_plain_rule(case: Case, documents: Whole, found: pl.DataFrame) -> Finding:
    """Whether these are the documents and items that the plain way finds."""
    right = case.hits.of_texts(documents)
    words = f"{found['text'].n_unique():,} documents hit and {len(found):,} items, as by the plain way"
    return Finding(Hits.of(found).same_as(right), words)


def judge_two_rungs(case: Case, documents: Whole, found: pl.DataFrame) -> Finding:
    """Whether the hits are the plain way's and the items with other numbers, under the rules they come under."""
    planted = case.planted("documents").filter(pl.col("text").is_in(documents.tolist()))
    right = pl.concat(
        [
            pl.DataFrame({"text": case.hits.texts, "item": case.hits.items}),
            planted.filter(pl.col("kind") == Planted.CHANGED).select("text", "item"),
        ]
    )
    same = Hits.of(found).same_as(Hits.of(right).of_texts(documents)) and _all_found(planted, found)
    return Finding(same, f"{found['text'].n_unique():,} documents hit: as many, and those with other numbers")


def judge_ladder(case: Case, questions: Whole, found: pl.DataFrame) -> Finding:
    """Whether all that was planted whole is hit, under its rule, and few are in which nothing was."""
    planted = case.planted("questions").filter(pl.col("text").is_in(questions.tolist()))
    hit = found.select("text").unique()
    clean = len(questions) - len(planted)
    clean_hit = len(hit.join(planted, on="text", how="anti")) / max(clean, 1)
    reworded = planted.filter(pl.col("kind") == Planted.REWORDED)
    share = len(reworded.join(found, on=["text", "item"], how="semi")) / max(len(reworded), 1)
    words = f"{len(hit):,} hit: all planted, {share:.1%} of the reworded, {clean_hit:.3%} of the others"
    return Finding(_all_found(planted, found) and clean_hit <= MOST_CLEAN_HIT, words)


def _all_found(planted: pl.DataFrame, found: pl.DataFrame) -> bool:
    """Whether each part that must be found is, under its rule."""
    expected = planted.with_columns(rule=pl.col("kind").replace_strict(FOUND, default=None)).drop_nulls("rule")
    return expected.join(found, on=["text", "item", "rule"], how="anti").is_empty()


def qa_pairs(case: Case) -> pl.DataFrame:
    """The documents as questions of one partition, with what signing and finding duplicates read of them."""
    texts = case.texts("near")
    return pl.DataFrame(
        {
            "method": "level_1",
            "shard": "all",
            "qa_id": [f"{number:09d}" for number in range(len(texts))],
            "question": texts,
            "agreement": 1.0,
            "final_answer": None,
        },
        schema_overrides={"final_answer": pl.String},
    )


def our_pairs(rows: pl.DataFrame, documents: Whole) -> Pairs:
    """Signatures, bands, true similarities, and whom each dropped document repeats."""
    rows = rows[documents]
    found = find_duplicates(sign(rows), rows, SIMILAR)
    ends = np.sort(found.select(pl.col("qa_id", "kept_id").cast(pl.Int64)).to_numpy(), axis=1)
    return Pairs(ends[:, 0], ends[:, 1])
