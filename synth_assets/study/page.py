"""The study's report: a Markdown page with pictures beside it, made again at any time from what is recorded.

It says what was run, on what, what came out, and what cannot be concluded; every figure in it comes from the files.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from synth_assets.scaling.claims import Claim, curves_of, larger_need_fewer, law_holds, plateau_reached, sets_compared
from synth_assets.scaling.plot_axes import METRIC_LABELS
from synth_assets.scaling.stage import fit_observations
from synth_assets.scaling.wording import budget_range, figure, tokens_text
from synth_assets.study.data_set import DataSet
from synth_assets.study.pictures import curves_picture, hold_out_picture, levels_picture, throughput_picture
from synth_assets.study.problems import HELD_OUT_SHARE, LEVELS
from synth_assets.study.profiles import ALL, StudyProfile
from synth_assets.study.records import Finished, observations_of, scores_of, write_tables

PAGE = "report.md"
METRICS = ("error", "answer_loss")
PEAK_OPERATIONS: Mapping[str, float] = {"H200": 989e12, "H100": 989e12, "A100": 312e12}
"""Peak bfloat16 operations a second of devices, dense, as their maker states; of others no share is told."""


def write_report(folder: Path, data: DataSet, profile: StudyProfile, runs: list[Finished], planned: int) -> Path:
    """Write `report.md`, its pictures and the tables into `folder`; returns the page."""
    write_tables(folder, runs)
    observations = observations_of(runs)
    claims = {metric: _claims(observations, metric) for metric in METRICS}
    pictures = _pictures(observations, claims, runs)
    for name, png in pictures.items():
        _write(folder / name, png)
    lines = [
        *_head(profile, data, runs, planned),
        *_verdicts(claims),
        *_curves(observations, pictures),
        *(line for metric in METRICS for line in _claim_tables(metric, claims[metric])),
        *_levels(observations, runs, pictures),
        *_throughput(runs, pictures),
        *_data(profile, data),
        *_limits(profile),
    ]
    _write(folder / PAGE, ("\n".join(lines) + "\n").encode())
    return folder / PAGE


def throughput_of(runs: Sequence[Finished]) -> pl.DataFrame:
    """Columns model, parameters, tokens_per_second, hardware, peak_share: the median over each size's longest runs."""
    longest: dict[tuple[str, str], list[Finished]] = {}
    for run in runs:
        if run.tokens_per_second:
            longest.setdefault((run.model, run.hardware), []).append(run)
    rows = []
    for (model, hardware), own in longest.items():
        most = max(run.budget for run in own)
        rates = pl.Series([run.tokens_per_second for run in own if run.budget == most])
        rate = float(str(rates.median()))
        peak = next((value for name, value in PEAK_OPERATIONS.items() if name in hardware), None)
        share = None if peak is None else rate * own[0].operations_per_token / peak
        rows.append(
            {
                "model": model,
                "parameters": own[0].parameters,
                "tokens_per_second": rate,
                "hardware": hardware,
                "peak_share": share,
            }
        )
    schema = {"tokens_per_second": pl.Float64, "peak_share": pl.Float64}
    return pl.DataFrame(rows, schema_overrides=schema).sort("parameters") if rows else pl.DataFrame()


def _claims(observations: pl.DataFrame, metric: str) -> list[Claim]:
    curves = curves_of(observations, ALL, metric)
    return [law_holds(curves), plateau_reached(curves), larger_need_fewer(curves)]


def _pictures(
    observations: pl.DataFrame, claims: Mapping[str, list[Claim]], runs: Sequence[Finished]
) -> dict[str, bytes]:
    """Pictures by file name; one that there is nothing to draw for is left out."""
    pictures: dict[str, bytes] = {}
    trained = observations.filter(pl.col("tokens") > 0)
    for metric in METRICS:
        if trained.filter(training_set=ALL, metric=metric).height:
            pictures[f"curves-{metric}.png"] = curves_picture(observations, metric).png
        if trained.filter(pl.col("training_set").is_in(LEVELS), pl.col("metric") == metric).height:
            pictures[f"levels-{metric}.png"] = levels_picture(observations, LEVELS, metric).png
    columns = ("model", "hold-out error, rectified", "hold-out error, plain")
    errors = {
        metric: list(held[0].figures.select(columns).iter_rows())
        for metric, held in claims.items()
        if held[0].figures.height
    }
    if errors:
        pictures["hold-out.png"] = hold_out_picture(errors).png
    throughput = throughput_of(runs)
    if throughput.height:
        pictures["throughput.png"] = throughput_picture(throughput).png
    return pictures


def _head(profile: StudyProfile, data: DataSet, runs: Sequence[Finished], planned: int) -> Iterator[str]:
    sizes = sorted({(run.parameters, run.model) for run in runs})
    hardware = ", ".join(sorted({run.hardware for run in runs}))
    hours = sum(run.seconds + run.evaluation_seconds for run in runs) / 3600
    yield f"# A scaling study of small students: `{profile.name}`"
    yield ""
    yield (
        f"{len(runs)} of {planned} planned runs: {len(sizes)} sizes from {sizes[0][0]:,} to {sizes[-1][0]:,} "
        "parameters, "
        f"{hours:.1f} hours of training and measuring, several runs at a time, on {hardware}."
    )
    if len(runs) < planned:
        yield ""
        yield "**The study is not finished**: run the same command again to go on; this page shows what there is."
    yield ""
    yield (
        "What this is: decoders trained from nothing on school problems with exact arithmetic that rules write and "
        f"solve ({len(profile.data.syllabus.skills)} skills, small numbers). It is no measurement of language models, "
        "and its budgets are some thousand times smaller than the paper's. It shows whether the same laws describe "
        "such curves, and how surely. A budget is unique tokens, passed over "
        f"{', '.join(sorted({str(series.schedule.epochs) for series in profile.series}))} time(s). Error is 1 - exact "
        "match of greedily written answers; answer loss is in nats per token. "
        f"Data snapshot `{data.snapshot}`, code version {', '.join(sorted({run.code_version for run in runs}))}."
    )
    yield ""


def _verdicts(claims: Mapping[str, list[Claim]]) -> Iterator[str]:
    yield "## The paper's three claims"
    yield ""
    yield "| claim | " + " | ".join(METRIC_LABELS[metric] for metric in claims) + " |"
    yield "|---" * (len(claims) + 1) + "|"
    for rows in zip(*claims.values(), strict=True):
        yield f"| {rows[0].statement} | " + " | ".join(f"**{claim.verdict}**" for claim in rows) + " |"
    yield ""
    for metric, held in claims.items():
        yield f"In {METRIC_LABELS[metric]}:"
        yield ""
        for number, claim in enumerate(held, start=1):
            yield f"{number}. {claim.verdict}: {claim.reason}."
        yield ""
    yield "The rules by which these words are chosen stand in `docs/study.md`."
    yield ""


def _curves(observations: pl.DataFrame, pictures: Mapping[str, bytes]) -> Iterator[str]:
    yield "## Learning curves"
    yield ""
    for metric in METRICS:
        if f"curves-{metric}.png" in pictures:
            yield f"![Learning curves: {METRIC_LABELS[metric]}](curves-{metric}.png)"
            yield ""
    fits = fit_observations(observations.filter(training_set=ALL)).rows
    for metric in METRICS:
        yield f"Fits of the rectified law, {METRIC_LABELS[metric]}, with 90% intervals:"
        yield ""
        chosen = fits.filter(metric=metric, law="rectified").select(
            "model", "parameter", "value", "low", "high", "verdict"
        )
        yield from _table(
            ("model", "parameter", "estimate", "interval", "verdict"),
            (
                (model, parameter, figure(value), f"{figure(low)} to {figure(high)}", verdict)
                for model, parameter, value, low, high, verdict in chosen.iter_rows()
            ),
        )
        means = (
            observations.filter(training_set=ALL, metric=metric)
            .group_by("model", "parameters", "budget")
            .agg(pl.col("value").mean(), pl.col("value").std().alias("spread"), pl.len().alias("seeds"))
            .sort("parameters", "budget")
        )
        yield f"Means over seeds (standard deviation), {METRIC_LABELS[metric]}:"
        yield ""
        budgets = sorted(means["budget"].unique())
        cells = {
            (model, budget): f"{value:.3f}" + (f" ({spread:.3f})" if spread is not None else "")
            for model, _, budget, value, spread, _ in means.iter_rows()
        }
        models = means["model"].unique(maintain_order=True).to_list()
        yield from _table(
            ("model", *(tokens_text(budget) for budget in budgets)),
            ((model, *(cells.get((model, budget), "") for budget in budgets)) for model in models),
        )


def _claim_tables(metric: str, claims: Sequence[Claim]) -> Iterator[str]:
    yield f"## The claims in figures: {METRIC_LABELS[metric]}"
    yield ""
    if metric == METRICS[0]:
        yield "![Hold-out errors](hold-out.png)"
        yield ""
    for claim in claims:
        yield f"{claim.statement} **{claim.verdict.capitalize()}**: {claim.reason}."
        yield ""
        if claim.figures.height:
            names = claim.figures.columns
            yield from _table(names, ([_cell(name, row[name]) for name in names] for row in claim.figures.to_dicts()))


def _levels(observations: pl.DataFrame, runs: list[Finished], pictures: Mapping[str, bytes]) -> Iterator[str]:
    if "levels-error.png" not in pictures:
        return
    yield "## Levels 1, 2 and 3 at equal tokens"
    yield ""
    for metric in METRICS:
        yield f"![Levels: {METRIC_LABELS[metric]}](levels-{metric}.png)"
        yield ""
        compared = sets_compared(observations, LEVELS, metric)
        yield f"On the held-out questions of all levels, {METRIC_LABELS[metric]}, paired by budget and seed:"
        yield ""
        names = compared.columns
        yield from _table(names, ([_cell(name, row[name]) for name in names] for row in compared.to_dicts()))
    by_level = (
        scores_of(runs)
        .filter(pl.col("by") == "level", pl.col("tokens") == pl.col("tokens").max().over("model", "training_set"))
        .group_by("training_set", "model", "name")
        .agg(pl.col("error").mean(), pl.col("tokens").max())
        .sort("training_set", "model", "name")
    )
    yield "Error at the largest budget by the level asked:"
    yield ""
    cells = {(s, m, n): f"{error:.3f}" for s, m, n, error, _ in by_level.iter_rows()}
    rows = by_level.select("training_set", "model", "tokens").unique(["training_set", "model"], maintain_order=True)
    yield from _table(
        ("trained on", "model", "tokens", *(f"{level} asked" for level in LEVELS)),
        ((s, m, tokens_text(t), *(cells.get((s, m, level), "") for level in LEVELS)) for s, m, t in rows.iter_rows()),
    )
    topics = scores_of(runs).filter(pl.col("by") == "topic", pl.col("training_set") == ALL)
    largest = topics.filter(pl.col("tokens") == pl.col("tokens").max().over("model"))
    mean = largest.group_by("name", "model").agg(pl.col("error").mean(), pl.col("questions").first())
    models = list(dict.fromkeys(run.model for run in sorted(runs, key=lambda run: run.parameters)))
    errors = {(name, model): f"{error:.3f}" for name, model, error, _ in mean.iter_rows()}
    asked = dict(mean.select("name", "questions").unique("name").sort("name").iter_rows())
    yield f"Error at the largest budget of `{ALL}` by topic:"
    yield ""
    yield from _table(
        ("topic", "questions", *models),
        ((name, str(count), *(errors.get((name, model), "") for model in models)) for name, count in asked.items()),
    )


def _throughput(runs: Sequence[Finished], pictures: Mapping[str, bytes]) -> Iterator[str]:
    if "throughput.png" not in pictures:
        return
    yield "## Throughput"
    yield ""
    yield "![Throughput](throughput.png)"
    yield ""
    yield "Tokens a second of one run among those made at a time, at each size's largest budget, compiling left out:"
    yield ""
    rows = throughput_of(runs)
    yield from _table(
        ("model", "parameters", "tokens a second", "share of the device's peak", "hardware"),
        (
            (model, f"{parameters:,}", f"{rate:,.0f}", "not known" if share is None else f"{share:.1%}", hardware)
            for model, parameters, rate, hardware, share in rows.iter_rows()
        ),
    )


def _data(profile: StudyProfile, data: DataSet) -> Iterator[str]:
    facts = data.facts
    sets, levels, separation = facts["sets"], facts["levels"], facts["separation"]
    assert isinstance(sets, dict) and isinstance(levels, dict) and isinstance(separation, dict)
    yield "## The data"
    yield ""
    yield (
        f"Written by `{facts['teacher']}` from the bundled sample corpus, with skills of difficulties 1 to "
        f"{profile.data.syllabus.hardest}: "
        f"{', '.join(name.replace('_', ' ') for name in profile.data.syllabus.skills)}. "
        "No question of a set occurs in it twice, and every smaller budget is a beginning of every larger one."
    )
    yield ""
    yield from _table(
        ("set", "rows", "tokens", "made", "met before", "left out", "questions a second and process"),
        (
            (
                name,
                f"{held['rows']:,}",
                f"{held['tokens']:,}",
                *(
                    f"{levels[name][what]:,}" if name in levels else ""
                    for what in ("made", "repeated", "dropped", "questions_per_second_per_process")
                ),
            )
            for name, held in sets.items()
        ),
    )
    yield (
        f"Held out: {sum(_counts(facts['held_out']))} questions, of {facts['held_out_topics']} topics, as many of each "
        f"level. {HELD_OUT_SHARE:.0%} of all problems, by the hash of skills and numbers, may not be trained on in any "
        "words, signs left out, neither alone nor as a step of another problem. Checked: no held-out problem is among "
        f"the {facts['distinct_problems']:,} trained on, and no whole held-out question is in the "
        f"{separation['scanned_rows']:,} training questions read. Templates are shared by nature: "
        f"{separation['sharing_13_words']:,} of these share 13 words in a row with one of "
        f"{separation['items_sharing_13_words']:.0%} of the held-out questions, always with other numbers."
    )
    yield ""


def _counts(held: object) -> list[int]:
    assert isinstance(held, dict)
    return [int(count) for count in held.values()]


def _limits(profile: StudyProfile) -> Iterator[str]:
    yield "## What this does not say"
    yield ""
    seeds = sorted({series.seeds for series in profile.series})
    yield (
        f"- Seeds ({seeds[0]} to {seeds[-1]} a series) vary the first weights and the order of rows, not the data: "
        "intervals do not hold what another teacher or corpus would change."
    )
    yield "- Learning rate and batch follow one stated rule; they were not tuned for each size."
    yield "- Plateaus past the largest budget are extrapolations of a fitted law."
    yield "- Levels are compared on these skills only, and the levels' rows have different lengths."


def _cell(name: str, value: object) -> str:
    if isinstance(value, float) and name in ("plateau", "largest budget", "low", "high", "tokens to the common value"):
        return budget_range(value, value).split(" to ")[0]
    if value is None:
        return "none" if "plateau" in name or "tokens" in name else "open"
    if isinstance(value, float):
        return f"{value:.1%}" if "hold-out" in name or name == "first lower" else figure(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _table(names: Sequence[str], rows: "Iterator[Sequence[str]] | Sequence[Sequence[str]]") -> Iterator[str]:
    yield "| " + " | ".join(names) + " |"
    yield "|---" * len(names) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def _write(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(content)
    aside.replace(path)
