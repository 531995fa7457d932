"""The tables `contamination` and `benchmark_comparisons`: QA pairs against the benchmarks, and only where that is new.

Every benchmark is judged by itself, so what was found for one stays true when another is added: the earlier rows of a
partition are taken over wherever its pairs, the benchmark and the rules are what they were.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import polars as pl

from synth_assets import tables
from synth_assets.decontamination.judging import is_same_problem, judge_candidates
from synth_assets.decontamination.ladder import DEFAULT, JUDGED, PRESETS, Ladder
from synth_assets.decontamination.matching import BenchmarkIndex, scan_all
from synth_assets.decontamination.semantic import Vectors
from synth_assets.teachers.asking import Asker

PARTITION = ("method", "shard")


class SentenceEmbedder(Protocol):
    """What the rule `semantic` compares by."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A vector of length one for each text."""
        ...


@dataclass(frozen=True)
class Compared:
    """Rows of `tables.CONTAMINATION`, and of `tables.BENCHMARK_COMPARISONS`, of the same partitions."""

    contamination: pl.DataFrame
    comparisons: pl.DataFrame

    @classmethod
    def nothing(cls) -> "Compared":
        """No rows."""
        return cls(tables.CONTAMINATION.empty(), tables.BENCHMARK_COMPARISONS.empty())


@dataclass(frozen=True)
class Rules:
    """How pairs are compared.

    Attributes:
        ladder: The rungs.
        version: Changes with whatever may change a verdict: the rules, their code, the embedder, the judge.
        embedder: For the rule `semantic`, which is left out without one.
        judge: Asked about what is doubtful; without one, what is doubtful is clean.
    """

    ladder: Ladder = PRESETS[DEFAULT]
    version: str = ""
    embedder: SentenceEmbedder | None = None
    judge: Asker | None = None


def find_contamination(
    qa_pairs: pl.DataFrame,
    benchmark_items: pl.DataFrame,
    rules: Rules | None = None,
    earlier: Compared | None = None,
    advance: Callable[[int, int], None] | None = None,
) -> Compared:
    """QA pairs too near to a benchmark question, in question or answer.

    Args:
        qa_pairs: Rows of `tables.QA_PAIRS`: whole partitions.
        benchmark_items: Rows of `tables.BENCHMARK_ITEMS`: whole benchmarks.
        rules: By default the ladder without embedder and judge.
        earlier: What was found in these partitions before; rows of it are kept where nothing has changed.
        advance: Told how many comparisons of a partition with a benchmark are done, and of how many.

    Returns:
        Rows ordered by their keys: a pair, item and part once, under the strongest rule. A doubtful pair about which
        the judge gave no answer counts as contaminated.
    """
    rules, earlier = rules or Rules(), earlier or Compared.nothing()
    due = _due(qa_pairs, benchmark_items, rules)
    kept = due.join(_kept(earlier), on=[*PARTITION, "benchmark", *_HASHES], how="semi")
    made = [Compared(*_rows_of(earlier, kept))]
    new = due.join(kept, on=[*PARTITION, "benchmark"], how="anti")
    done = kept.height
    # Benchmarks that are new to the same partitions are compared together: texts are then cut into words once.
    together: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for (benchmark,), rows in sorted(new.group_by("benchmark")):
        together.setdefault(tuple(sorted(rows.select(PARTITION).iter_rows())), []).append(str(benchmark))
    for partitions, benchmarks in together.items():
        keys = pl.DataFrame(partitions, schema=dict.fromkeys(PARTITION, pl.String), orient="row")
        pairs = qa_pairs.join(keys, on=PARTITION, how="semi").sort("qa_id")
        items = benchmark_items.filter(pl.col("benchmark").is_in(benchmarks))
        made.append(_compared(pairs, items, new.join(keys, on=PARTITION, how="semi"), rules))
        done += len(partitions) * len(benchmarks)
        if advance:
            advance(done, due.height)
    return Compared(
        pl.concat([one.contamination for one in made]).sort(tables.CONTAMINATION.key),
        pl.concat([one.comparisons for one in made]).sort(tables.BENCHMARK_COMPARISONS.key),
    )


_HASHES = ("benchmark_hash", "pairs_hash", "rules_hash")


def _due(qa_pairs: pl.DataFrame, benchmark_items: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Every comparison there has to be: partition, benchmark, `_HASHES`, `items`, `pairs`."""
    digest = blake2b(repr((rules.ladder, rules.version)).encode(), digest_size=8).hexdigest()
    partitions = _hashed(qa_pairs, PARTITION, ("qa_id", "question", "answer"), "pairs")
    benchmarks = _hashed(benchmark_items, ("benchmark",), ("item_id", "question"), "benchmark", counted="items")
    return partitions.join(benchmarks, how="cross").with_columns(rules_hash=pl.lit(digest))


def _hashed(
    rows: pl.DataFrame, group: Sequence[str], columns: Sequence[str], name: str, counted: str | None = None
) -> pl.DataFrame:
    """Each group's number of rows, `name` or `counted`, and `<name>_hash` of their columns by the first of them."""
    schema = {**dict.fromkeys(group, pl.String), counted or name: pl.Int64, f"{name}_hash": pl.String}
    found = []
    for key, members in rows.select(*group, *columns).sort(*group, columns[0]).group_by(group, maintain_order=True):
        digest = blake2b(digest_size=8)
        for row in members.select(columns).iter_rows():
            digest.update(repr(row).encode())
        found.append((*key, members.height, digest.hexdigest()))
    return pl.DataFrame(found, schema=schema, orient="row")


def _kept(earlier: Compared) -> pl.DataFrame:
    """The earlier comparisons whose pairs are all there: a stage may have been stopped between its two tables."""
    group = [*PARTITION, "benchmark"]
    there = earlier.contamination.group_by(group).agg(there=pl.col("qa_id").n_unique().cast(pl.Int64))
    counted = earlier.comparisons.join(there, on=group, how="left")
    return counted.filter(pl.col("there").fill_null(0) == pl.col("contaminated"))


def _rows_of(earlier: Compared, kept: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    group = [*PARTITION, "benchmark"]
    return (
        earlier.contamination.join(kept, on=group, how="semi"),
        earlier.comparisons.join(kept, on=group, how="semi"),
    )


def _compared(pairs: pl.DataFrame, items: pl.DataFrame, due: pl.DataFrame, rules: Rules) -> Compared:
    """All the pairs with all the items."""
    benchmarks = items.sort("benchmark", "item_id").partition_by("benchmark", maintain_order=True)
    embedder = rules.embedder if rules.ladder.semantic is not None else None
    indexes = [
        BenchmarkIndex(of["question"], rules.ladder, embedder.embed(of["question"].to_list()) if embedder else None)
        for of in benchmarks
    ]
    vectors = embedder.embed(pairs["question"].to_list()) if embedder else None
    scanned = scan_all(indexes, pairs["question"], pairs["answer"], vectors, doubtful=rules.judge is not None)
    found = pl.concat([_named(rows, pairs, of) for rows, of in zip(scanned, benchmarks, strict=True)])
    sure, asked = found.filter(pl.col("rule") != JUDGED), _doubtful(found)
    if rules.judge is not None and asked.height:
        asked = judge_candidates(asked, rules.judge)
    else:
        asked = asked.with_columns(same=pl.lit(None, dtype=pl.Boolean))
    contamination = pl.concat([sure, asked.filter(is_same_problem()).select(sure.columns)])
    group = [*PARTITION, "benchmark"]
    counted = (
        due.join(contamination.group_by(group).agg(contaminated=pl.col("qa_id").n_unique()), on=group, how="left")
        .join(asked.group_by(group).agg(judged=pl.len(), cleared=(~is_same_problem()).sum()), on=group, how="left")
        .with_columns(pl.col("contaminated", "judged", "cleared").fill_null(0))
    )
    return Compared(
        tables.CONTAMINATION.conform(contamination.select(tables.CONTAMINATION.schema.names())),
        tables.BENCHMARK_COMPARISONS.conform(counted.select(tables.BENCHMARK_COMPARISONS.schema.names())),
    )


def _named(found: pl.DataFrame, pairs: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """What was found, with the names and texts of both sides."""
    ours = pairs.select(*PARTITION, "qa_id", "question")[found["text"]]
    theirs = items.select("benchmark", "item_id", pl.col("question").alias("item_text"))[found["item"]]
    return pl.concat([found.select("part", "rule", "score", "span"), ours, theirs], how="horizontal")


def _doubtful(found: pl.DataFrame) -> pl.DataFrame:
    """What is to be judged: doubtful items of pairs that no other item of the same benchmark has thrown out anyway."""
    sure = found.filter(pl.col("rule") != JUDGED)
    return found.filter(pl.col("rule") == JUDGED).join(sure, on=[*PARTITION, "qa_id", "benchmark"], how="anti")
