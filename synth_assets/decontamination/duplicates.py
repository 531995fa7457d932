"""Duplicates among the questions: exact ones by hash, near ones by MinHash, bands and true Jaccard similarity.

The paper deduplicates and gives no method; ours is this. Signatures are made per partition and stored; clusters are
found over all. Every pair the bands propose is verified on the shingle sets themselves, and a question is dropped only
for one that is kept and truly as similar as asked: chains of likeness do not carry a question away.
"""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import polars as pl
from rensa import RMinHash
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from synth_assets import tables
from synth_assets.decontamination.normalising import problem_words
from synth_assets.decontamination.shingles import Shingles, shingles

PERMUTATIONS = 128
"""Values of a signature."""
SEED = 42
"""Seed of the permutations. It is part of what a stored signature means and so no setting."""
RECALL = 0.995
"""The bands find at least this share of the pairs that are exactly as similar as asked; more above."""

_PAIRS_AT_ONCE = 200_000


def sign(qa_pairs: pl.DataFrame) -> pl.DataFrame:
    """A signature for each question, in the order of `tables.QA_SIGNATURES`' key.

    Args:
        qa_pairs: Rows of `tables.QA_PAIRS`.

    Returns:
        Rows of `tables.QA_SIGNATURES`. The signatures are those of rensa's R-MinHash, algorithm version 2.
    """
    if qa_pairs.is_empty():
        return tables.QA_SIGNATURES.empty()
    rows = qa_pairs.sort("qa_id")
    sets = shingles(rows["question"])
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        sets.hashes, sets.starts.astype(np.uint64), PERMUTATIONS, SEED
    )
    forms = rows.select(problem_words(pl.col("question")).list.join(" ")).to_series()
    signed = rows.select("method", "shard", "qa_id", "agreement").with_columns(
        text_hash=pl.Series([blake2b(form.encode(), digest_size=16).hexdigest() for form in forms]),
        signature=pl.Series(matrix.to_rows(), dtype=pl.List(pl.UInt32)),
    )
    return tables.QA_SIGNATURES.conform(signed.select(tables.QA_SIGNATURES.schema.names()))


def find_duplicates(signatures: pl.DataFrame, qa_pairs: pl.DataFrame, similarity: float = 0.8) -> pl.DataFrame:
    """The questions to drop, each with the one kept in its place.

    Of two duplicates the one with the higher agreement is kept, then the one of the lower method (level 1 before
    level 2), then the lower id. Contamination plays no part here: it is judged pair by pair, so where the kept one
    turns out contaminated, what repeats it leaves too, being as near to the benchmark item as a duplicate is.

    Args:
        signatures: Rows of `tables.QA_SIGNATURES`, of all partitions.
        qa_pairs: The rows of `tables.QA_PAIRS` they were made from.
        similarity: Jaccard similarity of the shingle sets from which two questions are near duplicates, above 0 to 1.

    Returns:
        Rows of `tables.DUPLICATES`, ordered by id. No two questions kept are exact duplicates, nor near ones among
        the pairs the bands propose.
    """
    ranked = signatures.sort(pl.col("agreement").neg(), "method", "qa_id").with_row_index("rank")
    kept_exact = ranked.with_columns(first=pl.col("rank").min().over("text_hash"))
    distinct = kept_exact.filter(pl.col("rank") == pl.col("first"))
    texts = distinct.select("qa_id").join(qa_pairs.select("qa_id", "question"), on="qa_id", maintain_order="left")
    pairs = _similar_pairs(distinct["signature"], texts["question"], similarity)
    return _verdicts(kept_exact, distinct, _dropped(pairs), pairs)


def band_rows(similarity: float) -> int:
    """Signature values a band: the most that still find a pair of that similarity with probability `RECALL`."""
    rows = np.arange(1, PERMUTATIONS + 1)
    found = 1 - (1 - similarity**rows) ** (PERMUTATIONS // rows)
    return int(rows[found >= RECALL].max(initial=1))


def jaccard(sets: Shingles, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Jaccard similarity of the sets of each pair, `pairs` of shape (pairs, 2); 0 where both are empty."""
    _, codes = np.unique(sets.hashes, return_inverse=True)
    shape = (len(sets.starts) - 1, int(codes.max(initial=0)) + 1)
    member = sparse.csr_matrix((np.ones(len(codes)), codes, sets.starts), shape=shape)
    sizes = np.diff(sets.starts)
    found = []
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        first, second = pairs[start : start + _PAIRS_AT_ONCE].T
        shared = np.asarray(member[first].multiply(member[second]).sum(axis=1)).ravel()
        found.append(shared / np.maximum(sizes[first] + sizes[second] - shared, 1))
    return np.concatenate([np.zeros(0), *found])


def _similar_pairs(signatures: pl.Series, questions: pl.Series, similarity: float) -> pl.DataFrame:
    """Verified pairs by row number: `better` < `worse`, and their `similarity`."""
    candidates = _candidates(signatures, band_rows(similarity))
    involved = np.unique(candidates)
    sets = shingles(questions.gather(involved))
    true = jaccard(sets, np.searchsorted(involved, candidates))
    schema = {"better": pl.Int64, "worse": pl.Int64, "similarity": pl.Float64}
    columns = {"better": candidates[:, 0], "worse": candidates[:, 1], "similarity": true}
    return pl.DataFrame(columns, schema=schema).filter(pl.col("similarity") >= similarity)


def _candidates(signatures: pl.Series, rows: int) -> npt.NDArray[np.int64]:
    """Pairs of row numbers, shape (pairs, 2), that agree in all values of at least one band."""
    if len(signatures) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    matrix = signatures.list.to_array(PERMUTATIONS).to_numpy()
    proposed = pl.DataFrame(schema={"better": pl.Int64, "worse": pl.Int64})
    for start in range(0, PERMUTATIONS - rows + 1, rows):
        band = pl.DataFrame(matrix[:, start : start + rows]).with_columns(better=np.arange(len(matrix)))
        values = [name for name in band.columns if name != "better"]
        shared = band.filter(pl.len().over(values) > 1)
        pairs = shared.join(shared.rename({"better": "worse"}), on=values).filter(pl.col("better") < pl.col("worse"))
        proposed = pl.concat([proposed, pairs.select("better", "worse")]).unique()
    return proposed.sort("better", "worse").to_numpy()


def _dropped(pairs: pl.DataFrame) -> pl.DataFrame:
    """Each row dropped as a near duplicate with the kept row most similar to it: `row`, `kept`, `similarity`.

    From the best row down, a row is dropped where one of its better neighbours has been kept.
    """
    dropped: dict[int, tuple[int, float]] = {}
    ordered = pairs.sort("worse", pl.col("similarity").neg(), "better")
    for better, worse, similarity in ordered.select("better", "worse", "similarity").iter_rows():
        if better not in dropped:
            dropped.setdefault(worse, (better, similarity))
    rows = [(worse, kept, similarity) for worse, (kept, similarity) in dropped.items()]
    return pl.DataFrame(rows, schema={"row": pl.Int64, "kept": pl.Int64, "similarity": pl.Float64}, orient="row")


def _verdicts(ranked: pl.DataFrame, distinct: pl.DataFrame, near: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Rows of `tables.DUPLICATES` from the exact groups and the near duplicates among their first rows.

    What equals a question that is itself a near duplicate is a near duplicate of the same kept one.
    """
    numbered = distinct.select("rank", "qa_id").with_columns(
        row=pl.int_range(pl.len(), dtype=pl.Int64), component=_components(distinct.height, pairs)
    )
    kept = numbered.select(kept="row", near_id="qa_id")
    firsts = numbered.join(near, on="row", how="left").join(kept, on="kept", how="left")
    is_near = pl.col("near_id").is_not_null()
    return tables.DUPLICATES.conform(
        ranked.select("qa_id", "rank", "first")
        .join(firsts.rename({"rank": "first", "qa_id": "first_id"}), on="first")
        .with_columns(
            cluster=pl.col("qa_id").min().over("component"),
            kept_id=pl.coalesce("near_id", "first_id"),
            rule=pl.when(is_near).then(pl.lit("near")).otherwise(pl.lit("exact")),
            similarity=pl.col("similarity").fill_null(1.0),
        )
        .filter(is_near | (pl.col("rank") != pl.col("first")))
        .select(tables.DUPLICATES.schema.names())
    ).sort("qa_id")


def _components(size: int, pairs: pl.DataFrame) -> pl.Series:
    """The cluster of each row by number: rows joined by a chain of similar pairs."""
    places = (pairs["better"].to_numpy(), pairs["worse"].to_numpy())
    graph = sparse.coo_matrix((np.ones(pairs.height), places), shape=(size, size))
    return pl.Series(connected_components(graph, directed=False)[1] if size else [], dtype=pl.Int64)
