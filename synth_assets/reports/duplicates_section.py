"""What a page tells of duplicates: the section of the report, and of a page on its own.

What is counted comes in as frames, as in `decontamination_section`.
"""

from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from synth_assets.pictures import Picture
from synth_assets.reports.figures import similarity_histogram
from synth_assets.reports.marking import marked_differences, shortened
from synth_assets.reports.svg import inline

CLUSTERS_SHOWN = 12
"""The largest clusters a page lists."""
MEMBERS_SHOWN = 30
"""Questions of a cluster it lists."""
BEGINNING_SHOWN = 160
"""Characters of its first question by which a cluster is named before it is opened."""
RULES = ("exact", "near", "semantic")
"""The rules of duplicates, the surest first."""

TOTALS = pl.Schema({"method": pl.String, "pairs": pl.Int64})
"""All pairs there are."""
COUNTS = pl.Schema({"rule": pl.String, "dropped_method": pl.String, "kept_method": pl.String, "dropped": pl.Int64})
"""Pairs dropped."""
SIMILARITIES = pl.Schema({"rule": pl.String, "similarity": pl.Float64, "dropped": pl.Int64})
"""Pairs dropped by their similarity to the one kept, to some decimals."""
SIZES = pl.Schema({"size": pl.Int64, "clusters": pl.Int64})
"""Clusters by the pairs in them, those kept too."""
MEMBERS = pl.Schema(
    {
        "cluster": pl.String,
        "size": pl.Int64,
        "qa_id": pl.String,
        "method": pl.String,
        "question": pl.String,
        "kept_id": pl.String,
        "rule": pl.String,
        "similarity": pl.Float64,
    }
)
"""Pairs of the largest clusters; `kept_id`, `rule` and `similarity` are null for a pair that is kept."""


@dataclass(frozen=True)
class MethodDuplicates:
    """What a method's pairs came to: how many were dropped, by rule, and by the method of the pair kept instead."""

    method: str
    pairs: int
    by_rule: dict[str, int]
    by_kept_method: dict[str, int]

    @property
    def dropped(self) -> int:
        """Pairs dropped by any rule."""
        return sum(self.by_rule.values())

    @property
    def rate(self) -> float | None:
        """Share of the pairs that were dropped."""
        return self.dropped / self.pairs if self.pairs else None


@dataclass(frozen=True)
class Member:
    """A question of a cluster, escaped; where dropped, marked where it differs from the one kept."""

    qa_id: str
    method: str | None
    question: Markup
    kept_id: str | None
    rule: str | None
    similarity: float | None


@dataclass(frozen=True)
class Cluster:
    """Questions joined by a chain of likeness: each kept one, followed by those that repeat it."""

    name: str
    size: int
    begins: str
    members: tuple[Member, ...]

    @property
    def left_out(self) -> int:
        """Questions that are not shown."""
        return self.size - len(self.members)


@dataclass(frozen=True)
class DuplicatesSection:
    """The duplicates as a page shows them.

    Attributes:
        methods: A row for every method; one without a name where there are none.
        sizes: Of schema `SIZES`, the smallest first.
        clusters: The largest.
        histogram: Similarities of what is not an exact duplicate; None where all are.
        noun: What is compared, in the singular.
    """

    methods: tuple[MethodDuplicates, ...]
    sizes: pl.DataFrame
    clusters: tuple[Cluster, ...]
    histogram: Picture | None
    noun: str

    @property
    def total(self) -> MethodDuplicates:
        """All methods together."""
        by_rule = {rule: sum(row.by_rule.get(rule, 0) for row in self.methods) for rule in self.rules}
        return MethodDuplicates("all", sum(row.pairs for row in self.methods), by_rule, {})

    @property
    def rules(self) -> list[str]:
        """The rules that dropped anything, the surest first."""
        found = {rule for row in self.methods for rule in row.by_rule}
        return [*(rule for rule in RULES if rule in found), *sorted(found.difference(RULES))]

    @property
    def by_method(self) -> bool:
        """Whether there are methods to tell apart."""
        return any(row.method for row in self.methods)

    @property
    def cluster_count(self) -> int:
        """Clusters of at least two."""
        return int(self.sizes["clusters"].sum())

    @property
    def largest(self) -> int:
        """Pairs of the largest cluster."""
        return max(self.sizes["size"], default=0)

    @property
    def shown_histogram(self) -> Markup | None:
        """The histogram as part of a page."""
        return inline(self.histogram.svg) if self.histogram else None


def duplicates_section(
    totals: pl.DataFrame,
    counts: pl.DataFrame,
    similarities: pl.DataFrame,
    sizes: pl.DataFrame,
    members: pl.DataFrame,
    *,
    noun: str = "pair",
) -> DuplicatesSection:
    """The section from what was counted: frames of schema `TOTALS`, `COUNTS`, `SIMILARITIES`, `SIZES`, `MEMBERS`."""
    alike = similarities.filter(pl.col("rule") != "exact").sort("rule", "similarity")
    return DuplicatesSection(
        tuple(_of_method(method, pairs, counts) for method, pairs in totals.sort("method").iter_rows()),
        sizes.sort("size"),
        tuple(_clusters(members)),
        None if alike.is_empty() else similarity_histogram(alike),
        noun,
    )


def grouped(members: pl.DataFrame) -> pl.DataFrame:
    """Members of clusters in the order in which they are shown: largest cluster first, each kept one before its own."""
    kept = pl.col("kept_id").is_null()
    group = pl.coalesce("kept_id", "qa_id")
    return members.sort(
        pl.col("size").neg(), "cluster", group, kept.not_(), pl.col("similarity").neg(), "qa_id", nulls_last=True
    )


def _of_method(method: str, pairs: int, counts: pl.DataFrame) -> MethodDuplicates:
    own = counts.filter(dropped_method=method)
    by_rule, by_kept = (
        dict(own.group_by(name).agg(pl.col("dropped").sum()).sort(name).iter_rows()) for name in ("rule", "kept_method")
    )
    return MethodDuplicates(method, pairs, by_rule, by_kept)


def _clusters(members: pl.DataFrame) -> list[Cluster]:
    clusters = grouped(members).partition_by("cluster", maintain_order=True)
    return [
        Cluster(
            rows["cluster"][0],
            rows["size"][0],
            (rows["question"][0] or "")[:BEGINNING_SHOWN],
            tuple(_members(rows.head(MEMBERS_SHOWN))),
        )
        for rows in clusters[:CLUSTERS_SHOWN]
    ]


def _members(rows: pl.DataFrame) -> list[Member]:
    texts = dict(rows.select("qa_id", "question").iter_rows())
    members = []
    for qa_id, method, question, kept_id, rule, similarity in rows.select(
        "qa_id", "method", "question", "kept_id", "rule", "similarity"
    ).iter_rows():
        differs = rule not in (None, "exact") and texts.get(kept_id) is not None
        text = marked_differences(question or "", texts[kept_id]) if differs else shortened(question or "")
        members.append(Member(qa_id, method, text, kept_id, rule, similarity))
    return members
