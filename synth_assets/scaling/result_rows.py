"""A row as the results of an evaluation say it, before what they do not say is added."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

import polars as pl

from synth_assets.scaling.given import Given
from synth_assets.scaling.observation_rows import FIELDS, RAW, ROW


@dataclass(frozen=True)
class ResultRow:
    """One measured value: where it stands in its file, the metric's full name, and what the file tells beside it."""

    place: str
    metric: str
    value: object
    model: str | None = None
    parameters: str | None = None
    seed: str | None = None


def scaled(value: float) -> float:
    """A share, of a metric that may be in percent."""
    return value / 100.0 if value > 1.0 else value


def raw_of(rows: list[ResultRow], given: Given) -> pl.DataFrame:
    """Rows as a `RAW` frame. What is given goes before what the results say; its metric, a glob, chooses among them."""
    wanted = given.metric or "*"
    told = [
        {
            ROW: row.place,
            "metric": row.metric,
            "value": repr(row.value) if isinstance(row.value, float) else str(row.value),
            "model": given.model or row.model,
            "parameters": given.parameters or row.parameters,
            "seed": given.seed or row.seed,
            **{name: given.text_of(name) for name in ("training_set", "tokens", "data_snapshot")},
        }
        for row in rows
        if fnmatchcase(row.metric, wanted)
    ]
    return pl.DataFrame(told, schema=RAW).select(ROW, *FIELDS)
