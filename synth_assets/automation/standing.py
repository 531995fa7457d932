"""How each asset and partition stands: missing, stale (and why), or fresh, by the lake's ledger.

A partition is stale when its code, settings or prompts have changed since it was made, or when rows it was made from
have. Rows made again with the same content do not count as changed.

Nothing here knows Dagster: importing it takes longer than judging 50,000 partitions. What Dagster's graph says of the
assets is taken from it in `declared.py`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from synth_assets.automation.observation_files import IMPORTED, observation_files
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import BENCHMARK_ITEMS, DOCUMENTS, MATERIALISATIONS, TABLES

MADE_WITH_SYNONYMS = ("concept_nodes", "concept_edges", "concept_walks")

CHANGED_BY_HAND = "code, settings or prompt changed"
"""Why a partition is stale whose sources and inputs are as they were."""

LEDGER = ("stage", "partition", "code_version", "changed_snapshot", "built_snapshot", "rows", "quarantined", "made_at")
"""Columns of the ledger by which partitions are judged."""


@dataclass(frozen=True)
class Dimension:
    """A column that an asset is partitioned by, and its values; None where there are as many as the data has."""

    column: str
    values: tuple[str, ...] | None


@dataclass(frozen=True)
class Declared:
    """What judging a partition takes to know of its asset.

    Attributes:
        name: The table.
        code_version: Of the code, settings and prompts as they are now.
        parents: The tables whose change makes it stale, in alphabetical order.
        dimensions: What it is partitioned by, in alphabetical order; none for a global table.
    """

    name: str
    code_version: str
    parents: tuple[str, ...]
    dimensions: tuple[Dimension, ...]

    def partitions(self, found: Mapping[str, Sequence[str]]) -> pl.DataFrame:
        """Its partitions: a column for each dimension, and `partition`, their key; one row for a global table.

        `found` has the values of the dimensions that follow the data, by column.
        """
        cells = pl.DataFrame({"": [""]})
        for dimension in self.dimensions:
            values = found[dimension.column] if dimension.values is None else dimension.values
            cells = cells.join(pl.DataFrame({dimension.column: values}, {dimension.column: pl.String}), how="cross")
        columns = [dimension.column for dimension in self.dimensions]
        return cells.select(*columns, partition=pl.concat_str(columns or [""], separator="|"))


@dataclass(frozen=True)
class Sources:
    """When the files behind partitions were last written: by table, partition to time, None where it is not told."""

    written: Mapping[str, Mapping[str, datetime | None]]
    synonyms: datetime | None

    @classmethod
    def of(cls, settings: Settings, folder: Path, only: Collection[str] | None = None) -> "Sources":
        """The sources of the settings as they are now; of the assets `only`, where given, which spares looking."""
        written: dict[str, Mapping[str, datetime | None]] = {}
        if only is None or DOCUMENTS.name in only:
            written[DOCUMENTS.name] = {shard.name: shard.written for shard in settings.corpus.shards()}
        paths = settings.benchmark_paths
        written[BENCHMARK_ITEMS.name] = {name: _written(Path(path)) for name, path in paths.items()}
        observed = observation_files(settings.observations.sources, folder)
        written[IMPORTED] = {file.path: file.written for file in observed.values()}
        accepted = settings.concepts.synonyms
        return cls(written, _written(folder / accepted) if accepted else None)

    def frame(self, asset: str) -> pl.DataFrame:
        """The partitions of an asset that have a source, and when it was `written`."""
        times = self.written.get(asset, {})
        return pl.DataFrame(
            {"partition": list(times), "written": list(times.values())},
            {"partition": pl.String, "written": pl.Datetime("us", "UTC")},
        )


@dataclass(frozen=True)
class Standing:
    """How a partition stands. `why` is empty where it is fresh; `rows` is None where it was never made."""

    asset: str
    partition: str
    state: str
    why: str
    rows: int | None


def read_ledger(lake: Lake, *, untouched: bool = True) -> dict[str, pl.DataFrame]:
    """The columns `LEDGER` of every partition that was ever made, by table.

    Reading leaves no trace in the lake's folder; who does without that may spare a second connection.
    """
    rows = (
        lake.query(f"select {', '.join(LEDGER)} from materialisations")
        if untouched
        else lake.read(MATERIALISATIONS, columns=LEDGER, ordered=False)
    )
    return {str(stage): made for (stage,), made in rows.partition_by("stage", as_dict=True, include_key=False).items()}


def judged(
    declared: Iterable[Declared],
    found: Mapping[str, Sequence[str]],
    ledger: Mapping[str, pl.DataFrame],
    sources: Sources,
    only: Collection[str] | None = None,
) -> pl.DataFrame:
    """Every partition of the assets, or of those `only`: `asset, partition, state, why, rows, quarantined, made_at`.

    `found` has the values of the dimensions that follow the data, by column. In the order of the assets and partitions.
    """
    return pl.concat(
        [_judged(one, found, ledger, sources) for one in declared if only is None or one.name in only] or [_NOTHING]
    )


def as_rows(found: pl.DataFrame) -> list[Standing]:
    """The same, one by one."""
    return [Standing(*row) for row in found.select("asset", "partition", "state", "why", "rows").iter_rows()]


def shared_dimensions(parent: str, name: str) -> list[str]:
    """The partition columns that two tables have in common, in alphabetical order."""
    return [column for column in sorted(TABLES[parent].partitioned_by) if column in TABLES[name].partitioned_by]


_NEVER = MATERIALISATIONS.empty().select(LEDGER).drop("stage")

_NOTHING = pl.DataFrame(
    schema={
        **dict.fromkeys(("asset", "partition", "state", "why"), pl.String),
        **{name: _NEVER.schema[name] for name in ("rows", "quarantined", "made_at")},
    }
)


def _judged(
    asset: Declared, found: Mapping[str, Sequence[str]], ledger: Mapping[str, pl.DataFrame], sources: Sources
) -> pl.DataFrame:
    places = asset.partitions(found).join(
        ledger.get(asset.name, _NEVER), on="partition", how="left", maintain_order="left"
    )
    made = pl.col("code_version").is_not_null()
    never = pl.when(~made).then(pl.lit("never materialised"))
    changed = pl.when(pl.col("code_version") != asset.code_version).then(pl.lit(CHANGED_BY_HAND))
    reasons = [never, changed]
    for parent in asset.parents:
        shared = shared_dimensions(parent, asset.name)
        latest = _latest_changes(parent, ledger.get(parent, _NEVER), shared)
        places = (
            places.join(latest, on=shared, how="left", maintain_order="left")
            if shared
            else places.with_columns(pl.lit(latest[parent].max(), pl.Int64).alias(parent))
        )
        reasons.append(pl.when(pl.col(parent) > pl.col("built_snapshot")).then(pl.lit(f"{parent} changed")))
    if asset.name in MADE_WITH_SYNONYMS:
        places = places.with_columns(
            written=pl.lit(sources.synonyms, pl.Datetime("us", "UTC")), listed=pl.lit(value=True)
        )
    else:
        listed = sources.frame(asset.name).with_columns(listed=pl.lit(value=True))
        places = places.join(listed, on="partition", how="left", maintain_order="left")
    newer = pl.when(pl.col("written") > pl.col("made_at")).then(pl.lit("its source file is newer"))
    why = pl.coalesce(newer, *reasons, pl.lit(""))
    if asset.name == IMPORTED:  # a file that is gone: its rows stay
        why = pl.when(made & pl.col("listed").is_null()).then(pl.lit("")).otherwise(why)
    state = pl.when(~made).then(pl.lit("missing")).when(why != "").then(pl.lit("stale")).otherwise(pl.lit("fresh"))
    return places.select(
        pl.lit(asset.name).alias("asset"), "partition", state.alias("state"), why.alias("why"),
        "rows", "quarantined", "made_at",
    )  # fmt: skip


def _latest_changes(parent: str, made: pl.DataFrame, shared: Sequence[str]) -> pl.DataFrame:
    """The snapshot of the parent's latest change, in a column of its name, for the values of the shared dimensions."""
    columns = sorted(TABLES[parent].partitioned_by)
    parts = pl.col("partition").str.splitn("|", max(len(columns), 1)).struct.rename_fields(columns or [""])
    places = made.with_columns(parts.alias("parts")).unnest("parts")
    latest = pl.col("changed_snapshot").max().alias(parent)
    return places.group_by(shared).agg(latest) if shared else places.select(latest)


def _written(path: Path) -> datetime | None:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None
