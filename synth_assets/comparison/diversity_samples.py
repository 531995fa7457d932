"""Which questions of each method are compared: in the order of a hash, so that a smaller sample is part of a larger.

All figures are taken of samples of bounded size. Where there are more questions than are compared, the first in the
order of a hash of their ids are; of documents likewise.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from synth_assets.seeds import seed_of

QUESTIONS = 50_000
"""Most questions of a method whose wording and concepts are looked at."""
TEXTS = 100_000
"""Most questions, of all methods together, whose similarity within documents is looked at."""
A_DOCUMENT = 30
"""Most questions of a method and document among them."""


@dataclass(frozen=True)
class Samples:
    """What was drawn.

    Attributes:
        ranked: Columns `method`, `question_id`: the first of each method, in the order of the hash.
        of_documents: Columns `method`, `document`, `question_id`, `rank` (from 0, in that order): the questions of
            the same document; one made from two documents belongs to both. Ordered by these but the id.
        totals: Questions by method.
        documents: How many documents there are; those drawn may be fewer.
    """

    ranked: pl.DataFrame
    of_documents: pl.DataFrame
    totals: Mapping[str, int]
    documents: int

    @property
    def methods(self) -> list[str]:
        """The methods that have questions, by the alphabet."""
        return list(self.totals)

    @property
    def smallest(self) -> int:
        """Questions that every method has, and no more than are looked at."""
        return int(self.ranked.group_by("method").len()["len"].min() or 0)  # type: ignore[arg-type]

    def ids(self) -> pl.DataFrame:
        """Column `question_id`: every question of a sample, once."""
        return pl.concat([self.ranked.select("question_id"), self.of_documents.select("question_id")]).unique()


def drawn(listed: pl.DataFrame, most: int = QUESTIONS, texts: int = TEXTS) -> Samples:
    """The samples, from all questions: columns `method`, `question_id` and `documents` of `tables.QUESTIONS`.

    At most `most` of each method; for similarity whole documents with at most so many `texts`, but one at least.
    """
    hashed = _hashed(listed, "question_id").sort("hash", "question_id")
    totals = dict(hashed.group_by("method").len().sort("method").iter_rows())
    ranked = hashed.filter(pl.int_range(pl.len()).over("method") < most)
    shared = hashed.explode("documents").rename({"documents": "document"}).drop_nulls("document")
    shared = shared.unique(["question_id", "document"], keep="first", maintain_order=True)
    shared = shared.with_columns(rank=pl.int_range(pl.len()).over("method", "document"))
    few = shared.filter(pl.col("rank") < A_DOCUMENT)
    counts = _hashed(few.group_by("document").len(), "document").sort("hash", "document")
    chosen = counts.filter(pl.col("len").cum_sum() <= max(texts, counts["len"].head(1).sum()))
    return Samples(
        ranked.select("method", "question_id"),
        few.join(chosen, on="document", how="semi")
        .select("method", "document", "question_id", "rank")
        .sort("method", "document", "rank"),
        totals,
        counts.height,
    )


def _hashed(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    hashes = pl.Series([seed_of("diversity", value) for value in rows[name]], dtype=pl.Int64)
    return rows.with_columns(hash=hashes)
