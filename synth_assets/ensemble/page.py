"""The page of `synth-assets generators`: Markdown with a picture, and the tables it is made of.

Every figure on it comes from the runs; it is made again at any time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth_assets.comparison.crossed import LEVEL, CrossedMean
from synth_assets.comparison.generator_pictures import generators_picture
from synth_assets.comparison.generators import Ensemble, Figures, ensemble_of
from synth_assets.ensemble.layout import Layout
from synth_assets.ensemble.students import Run
from synth_assets.markdown import table

PAGE, PICTURE, OBSERVATIONS, INTERVALS = "report.md", "generators.png", "observations.csv", "intervals.csv"
MEASURES = {"error": "error (1 - accuracy)", "answer_loss": "answer loss (nats per token)"}


@dataclass(frozen=True)
class Found:
    """What came out.

    Attributes:
        student: Name of the student's size.
        same_teacher: Whether the generators are draws of one teacher, rather than different models.
        layout: What the students were trained on and asked.
        data: Rows of training_qa by generator.
        runs: The runs by generator.
    """

    student: str
    same_teacher: bool
    layout: Layout
    data: Mapping[str, pl.DataFrame]
    runs: Mapping[str, Sequence[Run]]

    @property
    def names(self) -> list[str]:
        """The generators."""
        return list(self.runs)

    def figures(self, measure: str) -> Figures:
        """[generators, students, questions] of a name in `MEASURES`."""
        return np.array([[_of(run, measure) for run in own] for own in self.runs.values()])

    def ensembles(self) -> dict[str, Ensemble]:
        """What each measure says."""
        return {measure: ensemble_of(self.figures(measure)) for measure in MEASURES}


def write_page(folder: Path, found: Found) -> Path:
    """Write the page, its picture and the tables into `folder`; returns the page."""
    ensembles = found.ensembles()
    _write(folder / OBSERVATIONS, observations_of(found).write_csv().encode())
    _write(folder / INTERVALS, intervals_of(found, ensembles).write_csv().encode())
    picture = generators_picture(
        found.names,
        {MEASURES[measure]: ensemble for measure, ensemble in ensembles.items()},
        {label: found.figures(measure).mean(axis=2) for measure, label in MEASURES.items()},
    )
    _write(folder / PICTURE, picture.png)
    lines = [*_head(found), *_said(found, ensembles)]
    for measure, ensemble in ensembles.items():
        lines += _measure(found, measure, ensemble)
    lines += [*_data(found), *_method()]
    _write(folder / PAGE, ("\n".join(lines) + "\n").encode())
    return folder / PAGE


def observations_of(found: Found) -> pl.DataFrame:
    """Two rows a run, its error and its answer loss, with the columns that `observations add` reads."""
    rows = [
        {
            "source": "generators",
            "model": found.student,
            "parameters": run.parameters,
            "tokens": float(run.tokens),
            "metric": measure,
            "value": round(float(_of(run, measure).mean()), 6),
            "seed": run.seed,
            "training_set": name,
            "questions": len(run.right),
            "seconds": run.seconds,
        }
        for name, own in found.runs.items()
        for run in own
        for measure in MEASURES
    ]
    return pl.DataFrame(rows)


def intervals_of(found: Found, ensembles: Mapping[str, Ensemble]) -> pl.DataFrame:
    """A row for each measure and generator, with its naive interval, and one for all of them together."""
    rows = []
    for measure, ensemble in ensembles.items():
        for name, one, others, missed in zip(
            found.names, ensemble.naive, ensemble.others, ensemble.missed, strict=True
        ):
            rows.append(
                {
                    "metric": measure,
                    "generator": name,
                    **_ends(measure, one),
                    "others": round(others, 6),
                    "missed": missed,
                }
            )
        rows.append(
            {"metric": measure, "generator": "all", **_ends(measure, ensemble.mean), "others": None, "missed": None}
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def sentences(found: Found, measure: str, ensemble: Ensemble) -> list[str]:
    """What a measure says, in words."""
    generators, missed, apart = len(found.names), sum(ensemble.missed), len(ensemble.told_apart)
    said = [
        f"{MEASURES[measure]}: {ensemble.mean.value:.4g}, 95% interval {_range(measure, ensemble.mean)} with the "
        f"variance between generators ({ensemble.mean.freedom:.1f} degrees of freedom), from all {generators}.",
        f"For what generators vary, the naive interval of one alone should be {ensemble.widening:.2f} times as wide.",
        f"In {missed} of {generators} cases the naive 95% interval of one generator misses the mean of the others.",
        f"Over students alone, the questions taken as they are, it misses it in {sum(ensemble.missed_by_students)} of "
        f"{generators}.",
        f"The paired test over questions and seeds finds {apart} of {ensemble.pairs} pairs of data sets different at "
        "5%.",
    ]
    if found.same_teacher:
        expected = (1 - LEVEL) * ensemble.pairs
        chance = f"The same teacher made them all: {expected:.1f} would be found by chance if the draw did not matter."
        more = " So some of a difference between two methods with one data set each may be the draw."
        said.append(chance + (more if apart > expected else ""))
    without = sum(one.error == 0 for one in ensemble.naive)
    if without:
        said.append(
            f"{without} of the naive intervals have no width, since nothing varies (all right, or all wrong): whether "
            "they miss says nothing."
        )
    return said


def _head(found: Found) -> Iterator[str]:
    one = next(iter(found.runs.values()))
    who = "the same teacher in independent draws" if found.same_teacher else "different models"
    yield "# The same data set, made by several generators"
    yield ""
    yield (
        f"{len(found.names)} data sets from the same documents and settings, made by {who}; on each, {len(one)} "
        f"students ({found.student}, {one[0].parameters:,} parameters) trained on {found.layout.budget:,} unique "
        f"tokens; all asked the same {found.layout.held_out.height} held-out questions, equally many of each data set."
    )
    yield ""


def _said(found: Found, ensembles: Mapping[str, Ensemble]) -> Iterator[str]:
    yield "## What is found"
    yield ""
    for measure, ensemble in ensembles.items():
        yield "- " + " ".join(sentences(found, measure, ensemble))
    yield ""
    yield f"![naive intervals, and the one that knows of other generators]({PICTURE})"
    yield ""


def _measure(found: Found, measure: str, ensemble: Ensemble) -> Iterator[str]:
    yield f"## By {MEASURES[measure]}"
    yield ""
    rows: list[tuple[object, ...]] = [
        (
            name,
            f"{one.value:.4f}",
            _range(measure, one),
            _range(measure, students),
            f"{others:.4f}",
            _which(missed, by_students),
        )
        for name, one, students, others, missed, by_students in zip(
            found.names,
            ensemble.naive,
            ensemble.of_students,
            ensemble.others,
            ensemble.missed,
            ensemble.missed_by_students,
            strict=True,
        )
    ]
    rows.append(("all", f"{ensemble.mean.value:.4f}", _range(measure, ensemble.mean), "", "", ""))
    yield table(("generator", "mean", "95% interval", "over students alone", "mean of the others", "missed by"), rows)
    yield ""
    yield (
        "Each generator's first interval is the naive one, over its questions and students; that of all has the "
        "variance between generators in it, too."
    )
    yield ""
    yield table(("varies", "variance of one figure", "drawn", "of the mean's variance"), _variances(found, ensemble))
    yield ""


def _variances(found: Found, ensemble: Ensemble) -> list[tuple[object, ...]]:
    generators, students = len(found.names), len(next(iter(found.runs.values())))
    questions, parts = found.layout.held_out.height, ensemble.variances
    drawn = {
        "generator": (parts.generators, generators),
        "student within its generator": (parts.students, generators * students),
        "question": (parts.questions, questions),
        "question by generator": (parts.generators_by_questions, generators * questions),
        "rest": (parts.rest, generators * students * questions),
    }
    whole = sum(variance / times for variance, times in drawn.values())
    return [
        (what, f"{variance:.2e}", f"{times:,}", f"{variance / times / whole:.0%}" if whole else "")
        for what, (variance, times) in drawn.items()
    ]


def _data(found: Found) -> Iterator[str]:
    yield "## The data sets"
    yield ""
    yield table(
        ("generator", "questions and answers", "tokens trained on", "also written by another"),
        [
            (name, rows.height, found.layout.train[name].total_tokens, f"{found.layout.shared[name]:.0%}")
            for name, rows in found.data.items()
        ],
    )
    yield ""
    yield "What two of them wrote for the same documents:"
    yield ""
    yield table(("method", "generator", "question", "answer"), _examples(found), longest=240)
    yield ""


def _examples(found: Found) -> list[tuple[object, ...]]:
    """Of each method a question that the first two generators wrote for the same documents, where there are such."""
    one, other = found.names[:2]
    sides = [
        # Not by the question: the shortest would be alike.
        found.data[name]
        .with_columns(of=pl.col("documents").list.join(" "))
        .sort("qa_id")
        .unique(["method", "of"], keep="first", maintain_order=True)
        for name in (one, other)
    ]
    both = (
        sides[0]
        .join(sides[1], on=["method", "of"], suffix="_other")
        .filter(pl.col("question") != pl.col("question_other"))
    )
    rows: list[tuple[object, ...]] = []
    for row in both.sort("method", "of").unique("method", keep="first", maintain_order=True).iter_rows(named=True):
        rows.append((row["method"], one, row["question"], row["final_answer"]))
        rows.append(("", other, row["question_other"], row["final_answer_other"]))
    return rows


def _method() -> Iterator[str]:
    yield "## How it is computed"
    yield ""
    yield (
        "Generators, students within them and questions are random factors, and every student answers the same "
        "questions. With K generators, S students of each and n questions, the variance of the mean is "
        "(MS(generators) + MS(questions) - MS(generators x questions)) / (K S n), the mean squares of the analysis of "
        "variance, with Satterthwaite's degrees of freedom. The naive interval has the same form over the students and "
        "questions of one generator. The idea of an ensemble of generators is that of van Breugel, Qian and van der "
        "Schaar (2305.09235). Each generator's seeds are its own. What is not in it: other documents, other settings, "
        "other students."
    )


def _of(run: Run, measure: str) -> NDArray[np.float64]:
    return run.wrong if measure == "error" else np.array(run.losses)


def _which(missed: bool, by_students: bool) -> str:
    """Which of a generator's two intervals miss the mean of the others."""
    return " and ".join(name for name, does in (("the first", missed), ("the second", by_students)) if does)


def _interval(measure: str, mean: CrossedMean) -> tuple[float, float]:
    """An error lies between 0 and 1, whatever the interval."""
    low, high = mean.interval
    return (max(0.0, low), min(1.0, high)) if measure == "error" else (low, high)


def _ends(measure: str, mean: CrossedMean) -> dict[str, float]:
    low, high = _interval(measure, mean)
    return {"value": round(mean.value, 6), "low": round(low, 6), "high": round(high, 6)}


def _range(measure: str, mean: CrossedMean) -> str:
    low, high = _interval(measure, mean)
    return f"{low:.4f} to {high:.4f}"


def _write(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(content)
    aside.replace(path)
