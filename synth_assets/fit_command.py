"""What the command `fit` does: a file of learning curves in, fits, predictions, conclusions and a picture out.

What does not live here: the options (`fit_cli.py`), the tables as people read them (`fit_tables.py`), and all that is
computed (`scaling/`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.scaling.observation_files import read_table
from synth_assets.scaling.wording import read_tokens

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from synth_assets.scaling.stage import Fits

CHINCHILLA = "chinchilla"
LAW_NAMES = ("rectified", "power", CHINCHILLA)
METRICS = ("error", "loss", "accuracy")
TABLE_FORMATS = {"parquet": ".parquet", "csv": ".csv"}


@dataclass(frozen=True)
class Asked:
    """What to do with a file of observations.

    Attributes:
        law: One of LAW_NAMES; None fits both laws of one curve and compares them.
        metric: What the values are, where the file does not say; or which of its metrics to take.
        held_out: How many of the largest budgets are predicted from the smaller ones.
        budgets: Budgets to predict; by default the observed ones and multiples of the largest.
        targets: Values whose budget is asked for.
        replicates: Bootstrap replicates.
        loss: `squares` for least squares of log residuals, `huber` for the same with outliers held down.
        plateau_gain: The plateau rule: another doubling gains less than this share.
    """

    law: str | None = None
    metric: str | None = None
    held_out: int = 1
    budgets: tuple[float, ...] = ()
    targets: tuple[float, ...] = ()
    replicates: int = 0
    loss: str = "squares"
    plateau_gain: float = 0.01


@dataclass(frozen=True)
class Fitted:
    """What came out, as frames: rows of `scaling_fits`, `scaling_predictions`, `scaling_conclusions`, and notes."""

    file: Path
    fits: pl.DataFrame
    predictions: pl.DataFrame
    conclusions: pl.DataFrame
    notes: tuple[str, ...]
    figures: "dict[str, Figure]" = field(default_factory=dict)

    def as_facts(self) -> dict[str, object]:
        """All of it for machines; an interval's open end is null."""
        return {
            "file": str(self.file),
            "fits": self.fits.to_dicts(),
            "predictions": self.predictions.to_dicts(),
            "conclusions": self.conclusions.to_dicts(),
            "notes": list(self.notes),
        }


def read_curves(path: Path, metric: str | None) -> pl.DataFrame:
    """The observations of a file, those of one metric where one is named.

    Where the file has no column `metric`, `metric` says what its values are, and an accuracy is turned into the error.
    """
    rows = read_table(path)
    if rows.is_empty():
        raise SynthAssetsError(f"{path} has no rows; write a line a measured value with model, tokens and value.")
    if metric is None:
        return rows
    if rows["metric"].unique().to_list() == ["value"]:
        return _named(path, rows, metric)
    wanted = "error" if metric == "accuracy" else metric
    there = rows["metric"].unique().sort().to_list()
    chosen = rows.filter(pl.col("metric").is_in([metric, wanted]))
    if chosen.is_empty():
        raise SynthAssetsError(f"{path} has no metric {metric}, but {', '.join(there)}; name one of these by --metric.")
    return chosen


def _named(path: Path, rows: pl.DataFrame, metric: str) -> pl.DataFrame:
    if metric != "accuracy":
        return rows.with_columns(metric=pl.lit(metric))
    most = rows["value"].max()
    assert isinstance(most, float)
    share = pl.col("value") / (100.0 if most > 1.0 else 1.0)
    if most > 100.0 or rows["value"].min() < 0.0:  # type: ignore[operator]
        raise SynthAssetsError(
            f"{path} holds a value outside of 0 to 100, which is no accuracy; give another --metric, or mend it."
        )
    return rows.with_columns(metric=pl.lit("error"), value=1.0 - share)


def token_counts(written: Iterable[str], option: str) -> tuple[float, ...]:
    """Budgets as they are written on the command line. Raises SynthAssetsError for one that is none."""
    counts = []
    for text in written:
        try:
            counts.append(read_tokens(text))
        except ValueError as error:
            raise SynthAssetsError(f"{option} {text}: write tokens as 4500000000, 4.5e9 or 4.5B.") from error
    return tuple(counts)


def plot_path(path: Path) -> Path:
    """The file to draw into. Raises SynthAssetsError where its suffix names no format."""
    from synth_assets.scaling.plot_axes import FORMATS

    if path.suffix.lower() not in FORMATS:
        raise SynthAssetsError(f"--plot {path}: end the name with {', '.join(FORMATS)}.")
    return path.absolute()


def fit_curves(path: Path, observations: pl.DataFrame, asked: Asked, *, drawn: bool = False) -> Fitted:
    """Fit the laws asked for to the curves of `observations`, read of `path`; with pictures where `drawn`.

    Raises SynthAssetsError where there is nothing to fit, or an option does not go with the law.
    """
    from synth_assets.scaling.laws import LAWS
    from synth_assets.scaling.losses import LOSSES
    from synth_assets.scaling.series import fit_series
    from synth_assets.scaling.stage import Fits

    if asked.law == CHINCHILLA:
        return _fit_jointly(path, observations, asked, drawn=drawn)
    laws = [LAWS[asked.law]] if asked.law else list(LAWS.values())
    _refuse_targets(asked)
    fits = Fits(*fit_series(observations, laws, asked.held_out, asked.replicates, LOSSES[asked.loss]))
    if not fits.fitted:
        raise SynthAssetsError(
            f"{path} has no curve with enough budgets: {fits.refused[0].why} (of {fits.refused[0].series.model}); "
            "measure more of them" + ("." if asked.law == "power" else ", or give --law power, which needs fewer.")
        )
    result = fits.fits()
    notes = [f"{row['id']} could not be fitted: {row['detail']}." for row in result.quarantined.to_dicts()]
    goal = max(asked.budgets, default=None)
    return Fitted(
        path,
        result.rows,
        fits.predictions(asked.budgets or None, asked.plateau_gain),
        fits.conclusions(asked.targets, goal),
        tuple(notes),
        _figures(observations, fits) if drawn else {},
    )


def _fit_jointly(path: Path, observations: pl.DataFrame, asked: Asked, *, drawn: bool) -> Fitted:
    """Fit the joint law of all model sizes."""
    from synth_assets.scaling.fitting import TooFewPointsError
    from synth_assets.scaling.joint import UnknownSizeError, fit_joint, joint_tables
    from synth_assets.scaling.losses import LOSSES
    from synth_assets.tables import SCALING_CONCLUSIONS

    if asked.targets:
        raise SynthAssetsError("--target goes with the laws of one curve; leave it out with --law chinchilla.")
    try:
        fits = fit_joint(observations, asked.held_out, asked.replicates, LOSSES[asked.loss])
    except UnknownSizeError as error:
        raise SynthAssetsError(f"{path}: {error}; fill in its column parameters.") from error
    except TooFewPointsError as error:
        raise SynthAssetsError(f"{path}: {error}; add runs, or give another --law.") from error
    parameters, predictions = joint_tables(fits, asked.budgets or None)
    figures = {}
    if drawn:
        from synth_assets.scaling.joint_plot import joint_figure

        figures = {f"{one.curves[0].training_set}-{one.curves[0].metric}": joint_figure(one) for one in fits}
    return Fitted(path, parameters, predictions, SCALING_CONCLUSIONS.empty(), (), figures)


def _refuse_targets(asked: Asked) -> None:
    wrong = next((target for target in asked.targets if not target > 0), None)
    if wrong is not None:
        raise SynthAssetsError(f"--target {wrong:g}: a target is a positive error or loss.")


def _figures(observations: pl.DataFrame, fits: "Fits") -> "dict[str, Figure]":
    """A figure of each training set and metric, of the law that wins there."""
    from synth_assets.scaling.conclusions import of_winner
    from synth_assets.scaling.plots import curves_figure, curves_of

    figures = {}
    ordered = observations.sort("training_set", "metric")
    for (training_set, metric), rows in ordered.group_by("training_set", "metric", maintain_order=True):
        group = [one for one in fits.fitted if (one.series.training_set, one.series.metric) == (training_set, metric)]
        if group:
            law = of_winner(group)[0].law
            figures[f"{training_set}-{metric}"] = curves_figure(curves_of(rows, group, law), law)
    return figures


def write_figures(figures: "dict[str, Figure]", path: Path) -> list[Path]:
    """Write the figures to `path`; with several, each to a file of its own with its name before the suffix."""
    from synth_assets.scaling.plot_axes import save

    written = []
    for name, drawn in figures.items():
        plain = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)
        target = path if len(figures) == 1 else path.with_stem(f"{path.stem}-{plain}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            save(drawn, target)
        except OSError as error:
            raise SynthAssetsError(f"--plot {target} cannot be written ({error.strerror}); choose another.") from error
        written.append(target)
    return written


def write_tables(fitted: Fitted, folder: Path, suffix: str) -> list[Path]:
    """Write the three tables into `folder`, as Parquet or CSV."""
    written = []
    frames = {"fits": fitted.fits, "predictions": fitted.predictions, "conclusions": fitted.conclusions}
    for name, rows in frames.items():
        path = folder / f"{name}{TABLE_FORMATS[suffix]}"
        aside = path.with_name(f".{path.name}.new")
        rows.write_parquet(aside) if suffix == "parquet" else rows.write_csv(aside)
        aside.replace(path)
        written.append(path)
    return written
