"""How alike questions from the same document are, and, beside it, questions from different documents of a method.

The mean over pairs does not depend on how many questions a document has, but which documents have several does. So the
methods are compared on the documents of which each of them has two questions or more, with as many of each. Differences
are paired by document, each between two methods on all documents that both have; their intervals hold all at once.
"""

from itertools import combinations

import numpy as np
import polars as pl
from scipy import stats

from synth_assets.comparison.crossed import LEVEL, CrossedMean, crossed_mean
from synth_assets.comparison.diversity_figures import (
    ALL,
    DOCUMENT_SIMILARITY,
    OTHER_SIMILARITY,
    QUESTIONS,
    Figure,
    Findings,
)
from synth_assets.comparison.diversity_samples import Samples
from synth_assets.comparison.similarity import Vectors, cosines, pairs_within
from synth_assets.seeds import seed_of

OTHER_PAIRS = 20_000
"""About so many pairs of questions from different documents are looked at, of each method."""


def documents_compared(samples: Samples, ids: pl.Series, vectors: Vectors, by: str, to: Findings) -> None:
    """Add what there is to say to the findings.

    Args:
        samples: What was drawn.
        ids: Ids of questions, each once, those of `samples.of_documents` among them.
        vectors: A row for each of them.
        by: What the vectors are.
        to: Findings that are added to.
    """
    rows = samples.of_documents.join(
        pl.DataFrame({"question_id": ids}).with_row_index("row"), on="question_id", maintain_order="left"
    )
    pairs = _pairs(rows, vectors)
    part = _part(samples)
    sizes = rows.group_by("document", "method").agg(size=pl.len()).filter(pl.col("size") > 1)
    how = f"cosine of {by}; mean over documents of the mean over pairs{part}"
    for method, mean in _means(pairs).items():
        to.figures.append(_figure(method, ALL, mean, how))
    equal = _equally_many(pairs, sizes, sizes["method"].n_unique())
    how = f"cosine of {by}; on documents of which every method has two or more, as many of each{part}"
    for method, mean in _means(equal).items():
        to.figures.append(_figure(method, QUESTIONS, mean, how))
    to.figures += _differences(pairs, sizes, f"cosine of {by}; paired by document, as many of each{part}")
    for (method,), own in (equal if equal.height else pairs).group_by("method"):
        to.shares[str(method), DOCUMENT_SIMILARITY] = own["cosine"].to_numpy()
    _others(rows, vectors, f"cosine of {by}; mean over pairs from different documents{part}", to)


def _pairs(rows: pl.DataFrame, vectors: Vectors) -> pl.DataFrame:
    """All pairs within a method and document: these, `cosine`, and the larger `rank` of the two."""
    first, second = pairs_within(rows["rank"].cast(pl.Int64).to_numpy())
    places = rows["row"].cast(pl.Int64).to_numpy()
    later = rows.select("method", "document", "rank")[second]
    return later.with_columns(cosine=cosines(vectors, places[first], places[second]))


def _equally_many(pairs: pl.DataFrame, sizes: pl.DataFrame, methods: int) -> pl.DataFrame:
    """The pairs on documents that so many methods have, among as many questions as the method with the fewest has."""
    shared = sizes.group_by("document").agg(pl.len().alias("methods"), pl.min("size")).filter(methods=methods)
    joined = pairs.join(shared.select("document", "size"), on="document")
    return joined.filter(pl.col("rank") < pl.col("size"))


def _by_document(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.group_by("method", "document").agg(pl.mean("cosine")).sort("method", "document")


def _means(pairs: pl.DataFrame) -> dict[str, CrossedMean]:
    groups = _by_document(pairs).group_by("method", maintain_order=True)
    return {str(method): _mean(own["cosine"]) for (method,), own in groups}


def _mean(values: pl.Series) -> CrossedMean:
    """Of one document alone nothing is known of how much documents differ."""
    if len(values) > 1:
        return crossed_mean(values.to_numpy()[:, None])
    return CrossedMean(float(values[0]), np.inf, np.nan, 1, 1)


def _figure(method: str, basis: str, mean: CrossedMean, how: str, against: str = "", level: float = LEVEL) -> Figure:
    low = high = None
    if mean.items > 1:
        reach = float(stats.t.ppf((1 + level) / 2, mean.freedom)) * mean.error if mean.error else 0.0
        low, high = mean.value - reach, mean.value + reach
    return Figure(method, DOCUMENT_SIMILARITY, basis, mean.value, mean.items, how, low, high, against)


def _differences(pairs: pl.DataFrame, sizes: pl.DataFrame, how: str) -> list[Figure]:
    found = []
    for first, second in combinations(sizes["method"].unique().sort(), 2):
        both = pl.col("method").is_in([first, second])
        means = _by_document(_equally_many(pairs.filter(both), sizes.filter(both), 2))
        paired = means.pivot("method", index="document", values="cosine").sort("document")
        if paired.height:
            found.append((first, second, _mean(paired[second] - paired[first])))
    # Bonferroni: all intervals together hold at the level.
    level = 1 - (1 - LEVEL) / max(len(found), 1)
    return [_figure(second, QUESTIONS, mean, how, against=first, level=level) for first, second, mean in found]


def _others(rows: pl.DataFrame, vectors: Vectors, how: str, to: Findings) -> None:
    """Pairs of questions that share no document: each with those next to it in an order by chance, the hash's."""
    questions = rows.group_by("method", "question_id", "row").agg(pl.col("document").sort())
    places = pl.Series([seed_of("pairs", name) for name in questions["question_id"]], dtype=pl.Int64)
    questions = questions.with_columns(place=places).sort("method", "place", "question_id")
    for (method,), own in questions.group_by("method", maintain_order=True):
        apart = range(1, min(len(own), 1 + -(-OTHER_PAIRS // max(len(own), 1))))
        first = np.concatenate([np.zeros(0, np.int64), *(np.arange(len(own) - step) for step in apart)])
        second = np.concatenate([np.zeros(0, np.int64), *(np.arange(step, len(own)) for step in apart)])
        of_first, of_second = own["document"].gather(first), own["document"].gather(second)
        different = (of_first.list.set_intersection(of_second).list.len() == 0).to_numpy()
        numbers = own["row"].cast(pl.Int64).to_numpy()
        found = cosines(vectors, numbers[first[different]], numbers[second[different]])
        if len(found):
            to.figures.append(Figure(str(method), OTHER_SIMILARITY, ALL, float(found.mean()), len(found), how))
            to.shares[str(method), OTHER_SIMILARITY] = found


def _part(samples: Samples) -> str:
    seen = samples.of_documents["document"].n_unique()
    return "" if seen == samples.documents else f"; on {seen:,} of {samples.documents:,} documents, by hash"
