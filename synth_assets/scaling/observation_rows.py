"""What an observation read from anywhere must be: rows checked one by one, those that cannot be used with the reason.

What does not live here: the formats rows are read from (`observation_files.py`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from synth_assets import tables

FIELDS = ("training_set", "model", "parameters", "metric", "tokens", "value", "seed", "data_snapshot")
"""The fields of an observation, as columns of a file name them."""

NEEDED = ("model", "tokens", "value")
"""Those that nothing can stand in for."""

DEFAULTS: Mapping[str, str] = {"training_set": "imported", "metric": "value"}
"""What stands for a field that nothing tells."""

ROW = "row"
"""Column of a raw frame: where a row stands, in words."""

RAW = pl.Schema({ROW: pl.String(), **dict.fromkeys(FIELDS, pl.String())})
"""Rows as they are read, before anything is checked: everything is text, and may be null."""

OBSERVED = pl.Schema({name: tables.SCALING_OBSERVATIONS.columns[name].dtype for name in FIELDS})
"""Rows as they are handed on: the columns of `scaling_observations` but its source."""

ACCURACY = r"(?i)(^|[. _/,-])(accuracy|acc|exact_match)$"
"""Metrics that are shares of right answers, by the end of their name. They are kept as errors."""

_WHOLE = 2.0**53
_SUFFIXES = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}


@dataclass(frozen=True)
class CheckedRows:
    """Observations that can be used (`OBSERVED`), and those that cannot: `id` (where it stands), `reason`, `detail`."""

    rows: pl.DataFrame
    quarantined: pl.DataFrame

    @property
    def received(self) -> int:
        """Rows that came in."""
        return self.rows.height + self.quarantined.height


def checked(raw: pl.DataFrame) -> CheckedRows:
    """The rows of a `RAW` frame that can be used, and why each of the others cannot.

    Blank fields count as missing. An accuracy becomes the error 1 - accuracy; where a value of its metric exceeds 1,
    that metric is in percent. Where no row names a seed, repeated measurements of a budget get the seeds 0, 1, ... in
    their order; otherwise the second row of a key is quarantined.
    """
    rows = raw.select(ROW, *(pl.col(name).str.strip_chars().replace("", None) for name in FIELDS))
    rows = rows.with_columns(pl.col(name).fill_null(default) for name, default in DEFAULTS.items())
    rows = rows.with_columns(
        pl.col("tokens").cast(pl.Float64, strict=False).alias("tokens_read"),
        pl.col("value").cast(pl.Float64, strict=False).alias("value_read"),
        pl.col("parameters").cast(pl.Float64, strict=False).alias("parameters_read"),
        pl.col("seed").cast(pl.Float64, strict=False).alias("seed_read"),
    ).with_columns(_reason().alias("reason"))
    good = rows.filter(pl.col("reason").is_null())
    if not good["seed"].count():
        good = good.with_columns(seed_read=pl.int_range(pl.len()).over(*_SERIES, "tokens_read").cast(pl.Float64))
    good = good.with_columns(pl.col("seed_read").fill_null(0.0))
    good = good.with_columns(pl.struct(*_SERIES, "tokens_read", "seed_read").is_first_distinct().alias("first"))
    again = good.filter(~pl.col("first")).with_columns(reason=pl.lit("repeated_row"))
    bad = pl.concat([rows.filter(pl.col("reason").is_not_null()), again.drop("first")], how="vertical_relaxed")
    return CheckedRows(_observed(good.filter("first")), _quarantined(bad))


_SERIES = ("training_set", "model", "metric")


def _reason() -> pl.Expr:
    """Why a row cannot be used; null where it can."""
    tokens, value, parameters, seed = (pl.col(f"{name}_read") for name in ("tokens", "value", "parameters", "seed"))
    return pl.coalesce(
        *(pl.when(pl.col(name).is_null()).then(pl.lit(f"no_{name}")) for name in NEEDED),
        *(
            pl.when(pl.col(name).is_not_null() & ~pl.col(f"{name}_read").is_finite().fill_null(False)).then(
                pl.lit(f"{name}_not_a_number")
            )
            for name in ("tokens", "value", "parameters", "seed")
        ),
        pl.when(tokens < 0).then(pl.lit("negative_tokens")),
        pl.when((parameters < 1) | (parameters != parameters.floor()) | (parameters > _WHOLE)).then(
            pl.lit("parameters_not_whole")
        ),
        pl.when((seed != seed.floor()) | (seed.abs() > _WHOLE)).then(pl.lit("seed_not_whole")),
        pl.when(pl.col("metric").str.contains(ACCURACY) & ~value.is_between(0.0, 100.0)).then(
            pl.lit("accuracy_out_of_range")
        ),
    )


def _observed(good: pl.DataFrame) -> pl.DataFrame:
    share = pl.col("metric").str.contains(ACCURACY)
    whole = pl.when(pl.col("value_read").max().over("metric") > 1.0).then(100.0).otherwise(1.0)
    return good.select(
        "training_set",
        "model",
        pl.col("parameters_read").cast(pl.Int64).alias("parameters"),
        pl.when(share).then(pl.col("metric").str.replace(ACCURACY, "${1}error")).otherwise("metric").alias("metric"),
        pl.col("tokens_read").alias("tokens"),
        pl.when(share).then((whole - pl.col("value_read")) / whole).otherwise("value_read").alias("value"),
        pl.col("seed_read").cast(pl.Int64).alias("seed"),
        "data_snapshot",
    ).cast(OBSERVED)


def _quarantined(bad: pl.DataFrame) -> pl.DataFrame:
    written = pl.concat_str(
        [pl.format("{} = {}", pl.lit(name), pl.col(name).fill_null("(nothing)")) for name in FIELDS], separator=", "
    )
    return bad.select(pl.col(ROW).alias("id"), "reason", written.alias("detail"))


def number(written: str) -> str:
    """A number as people write budgets and sizes (`20m`, `1.2B`, `5_000`), as plain digits. Others come back as is."""
    found = re.fullmatch(r"(\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)([kKmMbBtT]?)", written.strip())
    if found is None:
        return written
    return format(float(found[1]) * _SUFFIXES[found[2].lower()], ".17g")
