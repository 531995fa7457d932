"""What a page tells of contamination, benchmark by benchmark: the section of the report, and of a page on its own.

What is counted comes in as frames, so that a lake counts in its own engine what it need not hand out row by row.
"""

from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from synth_assets.reports.marking import marked_pair
from synth_assets.reports.rule_names import in_words, severity

WORST_SHOWN = 8
"""Pairs a benchmark shows side by side. The best of every rule that is not among them follows."""
OPEN_BENCHMARKS = 3
"""Up to so many benchmarks show their pairs at once; of more, each waits for a click."""

COMPARED = pl.Schema(
    {"benchmark": pl.String, "method": pl.String, "pairs": pl.Int64, "judged": pl.Int64, "cleared": pl.Int64}
)
"""What has been compared with what, and what the teacher was asked and cleared."""
ITEMS = pl.Schema({"benchmark": pl.String, "items": pl.Int64, "items_met": pl.Int64})
"""Items of each benchmark, and those met by any pair."""
CONTAMINATED = pl.Schema({"benchmark": pl.String, "method": pl.String, "contaminated": pl.Int64})
"""Pairs that met an item of the benchmark, each counted once."""
HITS = pl.Schema({"benchmark": pl.String, "part": pl.String, "rule": pl.String, "pairs": pl.Int64, "items": pl.Int64})
"""Pairs and items met by a rule in a part."""
WORST = pl.Schema(
    {
        "benchmark": pl.String,
        "method": pl.String,
        "qa_id": pl.String,
        "item_id": pl.String,
        "part": pl.String,
        "rule": pl.String,
        "score": pl.Float64,
        "span": pl.String,
        "text": pl.String,
        "item_text": pl.String,
    }
)
"""Matches with their texts: at least the `WORST_SHOWN` of the highest score (then lowest ids) of each rule."""

WORST_ORDER = ("qa_id", "item_id", "part")
"""Settles which of two matches of the same rule and score comes first."""


@dataclass(frozen=True)
class MethodRate:
    """What became of a method's pairs against a benchmark; `pairs` is 0 where none has been compared yet."""

    method: str
    pairs: int
    contaminated: int

    @property
    def rate(self) -> float | None:
        """Share of the pairs compared that are contaminated."""
        return self.contaminated / self.pairs if self.pairs else None


@dataclass(frozen=True)
class RuleHits:
    """Pairs and items a rule found in a part, `question` or `answer`."""

    part: str
    rule: str
    pairs: int
    items: int


@dataclass(frozen=True)
class SideBySide:
    """A pair and the item it met, marked and escaped."""

    method: str
    qa_id: str
    item_id: str
    part: str
    rule: str
    score: float
    text: Markup
    item_text: Markup


@dataclass(frozen=True)
class BenchmarkFindings:
    """What was found against one benchmark. Rates, hits and pairs are in the order in which they are shown."""

    benchmark: str
    items: int
    items_met: int
    judged: int
    cleared: int
    rates: tuple[MethodRate, ...]
    hits: tuple[RuleHits, ...]
    worst: tuple[SideBySide, ...]

    @property
    def total(self) -> MethodRate:
        """All methods together."""
        return MethodRate("all", sum(rate.pairs for rate in self.rates), sum(rate.contaminated for rate in self.rates))

    @property
    def share_met(self) -> float | None:
        """Share of the items that any pair met."""
        return self.items_met / self.items if self.items else None


@dataclass(frozen=True)
class DecontaminationSection:
    """All benchmarks as a page shows them.

    Attributes:
        benchmarks: By name.
        noun: What is compared, in the singular: `pair`, or `row` of a file.
        recorded: Whether it is known what was compared; otherwise every pair counts as compared.
    """

    benchmarks: tuple[BenchmarkFindings, ...]
    noun: str
    recorded: bool

    @property
    def by_method(self) -> bool:
        """Whether there are methods to tell apart."""
        return any(rate.method for found in self.benchmarks for rate in found.rates)

    @property
    def highest_rate(self) -> float:
        """The longest bar."""
        return max((rate.rate or 0.0 for found in self.benchmarks for rate in found.rates), default=0.0) or 1.0

    @property
    def open(self) -> bool:
        """Whether the pairs are shown without a click."""
        return sum(bool(found.worst) for found in self.benchmarks) <= OPEN_BENCHMARKS

    @property
    def rules(self) -> dict[str, str]:
        """The rules that found anything, in words, the most severe first."""
        names = pl.DataFrame(
            {"rule": [hit.rule for found in self.benchmarks for hit in found.hits]}, {"rule": pl.String}
        )
        return {rule: in_words(rule) for rule in names.unique().sort(*severity(pl.col("rule")), "rule")["rule"]}


def decontamination_section(
    items: pl.DataFrame,
    compared: pl.DataFrame,
    contaminated: pl.DataFrame,
    hits: pl.DataFrame,
    worst: pl.DataFrame,
    answered: pl.DataFrame | None = None,
    *,
    noun: str = "pair",
) -> DecontaminationSection:
    """The section from what was counted.

    Args:
        items: Of schema `ITEMS`; a row for every benchmark.
        compared: Of schema `COMPARED`; empty where no record was kept.
        contaminated: Of schema `CONTAMINATED`.
        hits: Of schema `HITS`.
        worst: Of schema `WORST`.
        answered: Columns `method, pairs`: all there are; they count as compared where no record was kept.
        noun: What a pair is called.
    """
    every = answered if answered is not None else compared.select("method").unique().with_columns(pairs=0)
    recorded = not compared.is_empty() or not every["pairs"].sum()  # nothing to compare is no lack of a record
    counts = compared
    if not recorded:
        counts = items.select("benchmark").join(every, how="cross").with_columns(judged=0, cleared=0)
    methods = pl.concat([every.select("method"), compared.select("method"), contaminated.select("method")]).unique()
    rates = (
        items.select("benchmark")
        .join(methods, how="cross")
        .join(counts, on=["benchmark", "method"], how="left")
        .join(contaminated, on=["benchmark", "method"], how="left")
        .sort("benchmark", "method")
        .with_columns(pl.col("pairs", "judged", "cleared", "contaminated").fill_null(0))
    )
    return DecontaminationSection(
        tuple(
            _findings(row, *(frame.filter(benchmark=row["benchmark"]) for frame in (rates, hits, worst)))
            for row in items.sort("benchmark").iter_rows(named=True)
        ),
        noun,
        recorded,
    )


def chosen_worst(matches: pl.DataFrame) -> pl.DataFrame:
    """Of one benchmark's matches (schema `WORST`) those a page shows: the most severe, then one of each other rule."""
    ordered = matches.sort(*severity(pl.col("rule")), "rule", pl.col("score").neg(), *WORST_ORDER)
    worst, rest = ordered.head(WORST_SHOWN), ordered.slice(WORST_SHOWN)
    others = rest.join(worst, on="rule", how="anti").unique("rule", keep="first", maintain_order=True)
    return pl.concat([worst, others.sort(*severity(pl.col("rule")), "rule")])


def _findings(
    row: dict[str, int | str], rates: pl.DataFrame, hits: pl.DataFrame, worst: pl.DataFrame
) -> BenchmarkFindings:
    judged, cleared = rates.select(pl.col("judged", "cleared").sum()).row(0)
    ordered = hits.sort(*severity(pl.col("rule")), "rule", pl.col("part") != "question", "part")
    return BenchmarkFindings(
        str(row["benchmark"]),
        int(row["items"]),
        int(row["items_met"]),
        judged,
        cleared,
        tuple(MethodRate(*values) for values in rates.select("method", "pairs", "contaminated").iter_rows()),
        tuple(RuleHits(*values) for values in ordered.select("part", "rule", "pairs", "items").iter_rows()),
        tuple(_side_by_side(chosen_worst(worst))),
    )


def _side_by_side(matches: pl.DataFrame) -> list[SideBySide]:
    shown = []
    for row in matches.iter_rows(named=True):
        text, item_text = marked_pair(row["text"], row["item_text"], row["span"], row["rule"])
        told = {name: row[name] for name in ("method", "qa_id", "item_id", "part", "rule", "score")}
        shown.append(SideBySide(**told, text=text, item_text=item_text))
    return shown
