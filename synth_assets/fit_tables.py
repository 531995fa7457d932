"""The tables of the command `fit` as people read them: short numbers, and intervals in one column.

What does not live here: what stands in them (`fit_command.py`).
"""

from collections.abc import Sequence

import polars as pl

from synth_assets.scaling.wording import figure, tokens_text


def shown_fits(fits: pl.DataFrame) -> pl.DataFrame:
    """The fits as people read them: a row a parameter, with interval and verdict."""
    return _without_constants(
        fits.select(
            "training_set",
            "metric",
            "model",
            "law",
            pl.col("parameter").alias(""),
            _figures_of("value"),
            _interval("low", "high").alias("90% interval"),
            *_bootstrap(fits),
            "verdict",
        )
    )


def shown_quality(fits: pl.DataFrame) -> pl.DataFrame:
    """A row a fit: points, log-RMSD, AICc, hold-out error."""
    rows = fits.unique(["training_set", "metric", "model", "law"], keep="first", maintain_order=True)
    percent = (pl.col("hold_out_error") * 100).round(2).cast(pl.String) + "%"
    return _without_constants(
        rows.select(
            "training_set",
            "metric",
            "model",
            "law",
            "points",
            pl.col("log_rmsd").round(5).alias("log RMSD"),
            pl.col("aicc").round(1).alias("AICc"),
            percent.alias("hold-out error"),
        )
    )


def shown_predictions(predictions: pl.DataFrame) -> pl.DataFrame:
    """Values by budget beyond the observed ones, held-out budgets, and plateaus."""
    kind = pl.col("kind").replace({"hold_out": "held out", "budget": "beyond"})
    rows = predictions.filter((pl.col("kind") != "budget") | pl.col("observed").is_null())
    if rows.height == predictions.filter(pl.col("kind") != "budget").height:
        rows = predictions
    return _without_constants(
        rows.select(
            "training_set",
            "metric",
            "model",
            "law",
            kind,
            _tokens_of("tokens"),
            _interval("tokens_low", "tokens_high", tokens=True).alias("of tokens"),
            _figures_of("value"),
            _interval("low", "high").alias("90% interval"),
            _figures_of("observed"),
        )
    )


def _bootstrap(fits: pl.DataFrame) -> list[pl.Expr]:
    if fits["bootstrap_low"].null_count() == fits.height:
        return []
    return [_interval("bootstrap_low", "bootstrap_high").alias("bootstrap")]


def _figures_of(column: str) -> pl.Expr:
    return pl.col(column).map_elements(figure, pl.String)


def _tokens_of(column: str) -> pl.Expr:
    return pl.col(column).map_elements(tokens_text, pl.String)


def _interval(low: str, high: str, *, tokens: bool = False) -> pl.Expr:
    """Both ends as text, an open one as `open`; null where both are."""
    written = _tokens_of if tokens else _figures_of
    both = written(low).fill_null("open") + " to " + written(high).fill_null("open")
    open_ends = pl.col(low).is_null() & pl.col(high).is_null()
    return pl.when(~open_ends).then(both).otherwise(None if tokens else pl.lit("open"))


def _without_constants(rows: pl.DataFrame, names: Sequence[str] = ("training_set", "metric")) -> pl.DataFrame:
    """Rows without the naming columns that tell nothing apart."""
    return rows.drop([name for name in names if rows[name].n_unique() <= 1])
