"""Contenders for near duplicates: from texts to the pairs whose signatures of 128 values agree in a band.

The set of a text is its words and its pairs of neighbouring words. A pair found is one of the planted pairs, or another
one, whose true similarity the judge works out on the texts themselves.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from racing import Finding, Whole

from decontamination_peers.case import SIMILAR, Case
from decontamination_peers.reference import jaccard, shingles_of

PERMUTATIONS = 128
BANDS, ROWS = 21, 6
"""Values a band, so that a pair of similarity 0.8 is found with a probability of 0.998."""
FEWEST_FOUND = 0.99
"""Share of the planted pairs that a right result finds."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of documents by number, first < second, in any order; shape (pairs,) each."""

    first: Whole
    second: Whole


@dataclass(frozen=True)
class Flagged:
    """Whether each document has a near duplicate, without saying which; shape (documents,)."""

    flags: Any


def strings(case: Case) -> list[str]:
    """The documents as strings."""
    return case.texts("near").to_list()


def column(case: Case) -> pl.Series:
    """The documents as a column."""
    return case.texts("near")


def datasketch_pairs(texts: list[str], documents: Whole) -> Pairs:
    """A MinHash a document, updated in one batch, looked up and then put into an index with bands as ours."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    pairs = []
    sets = ([shingle.encode() for shingle in shingles_of(texts[number])] for number in documents)
    for number, sketch in zip(documents.tolist(), MinHash.generator(sets, num_perm=PERMUTATIONS), strict=True):
        pairs += [(other, number) for other in index.query(sketch)]
        index.insert(number, sketch, check_duplication=False)
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Pairs(found[:, 0], found[:, 1])


def rensa_flags(texts: pl.Series, documents: Whole) -> Flagged:
    """Shingles hashed by Polars, signatures and flags by rensa's flat calls; its bands are of 4 rows, 32 of them."""
    from rensa import RMinHash, RMinHashLSH

    words = (
        pl.LazyFrame({"text": np.arange(len(documents)), "word": texts[documents]})
        .with_columns(pl.col("word").str.to_lowercase().str.extract_all("[a-z]+|[0-9]+"))
        .explode("word")
        .with_columns(pl.col("word").hash())
        .with_columns(pair=pl.col("word") * pl.lit(0x9E3779B97F4A7C15, dtype=pl.UInt64) + pl.col("word").shift(-1))
        .select("text", "word", pair=pl.when(pl.col("text") == pl.col("text").shift(-1)).then("pair").otherwise("word"))
        .collect()
    )
    hashes = words.select("word", "pair").to_numpy().reshape(-1)
    starts = 2 * np.searchsorted(words["text"].to_numpy(), np.arange(len(documents) + 1)).astype(np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, starts, PERMUTATIONS, 42)
    index = RMinHashLSH(SIMILAR, PERMUTATIONS, 32)
    return Flagged(np.array(index.query_duplicate_flags_matrix_one_shot(matrix)))


def judge_pairs(case: Case, documents: Whole, found: Pairs) -> Finding:
    """How many of the planted pairs were found, and how many of those found are truly similar."""
    rows = pl.DataFrame({"first": found.first, "second": found.second}).unique()
    sought = case.near_pairs.filter(pl.col("similarity") >= SIMILAR)
    recall = len(rows.join(sought, on=["first", "second"], how="semi")) / max(len(sought), 1)
    texts = case.texts("near")
    true = [jaccard(texts[first], texts[second]) >= SIMILAR for first, second in rows.iter_rows()]
    precision = sum(true) / max(len(true), 1)
    return Finding(recall >= FEWEST_FOUND, f"recall {recall:.4f}, precision {precision:.3f}")


def judge_flags(case: Case, documents: Whole, found: Flagged) -> Finding:
    """How many of the planted pairs have both documents flagged, and how many of those flagged are in such a pair."""
    sought = case.near_pairs.filter(pl.col("similarity") >= SIMILAR)
    both = found.flags[sought["first"].to_numpy()] & found.flags[sought["second"].to_numpy()]
    flagged = np.flatnonzero(found.flags)
    precision = np.isin(flagged, np.unique(sought.select("first", "second").to_numpy())).mean() if len(flagged) else 1.0
    recall = both.mean() if len(both) else 1.0
    return Finding(bool(recall >= FEWEST_FOUND), f"flags alone: recall {recall:.4f}, precision {precision:.3f}")
