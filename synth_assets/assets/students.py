"""Training sets and the small students trained on them (paper section 3)."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import backfill_policy, table_asset, table_out
from synth_assets.automation.partitions import TRAINING_SET_BY_STUDENT, TRAINING_SETS
from synth_assets.automation.transience import retried
from synth_assets.lake.lake import Lake
from synth_assets.progress import Advance, reported
from synth_assets.settings import Settings
from synth_assets.students.profiles import PROFILES
from synth_assets.tables import StageResult

if TYPE_CHECKING:
    from synth_assets.students.runs import RunProgress
    from synth_assets.students.training import TrainingProgress

_ALL = dg.AllPartitionMapping()


@table_asset(
    tables.STUDENT_TOKENIZER,
    group="training_data",
    kinds=("huggingface",),
    rooms=("synth_assets.students.tokenizer", "synth_assets.students.splits", "synth_assets.final_answers"),
    ins={"training_qa": dg.AssetIn(partition_mapping=_ALL)},
)
def student_tokenizer(training_qa: pl.DataFrame) -> pl.DataFrame:
    """Held-out questions are kept out of it."""
    from synth_assets.students.tokenizer import train_tokenizer

    return train_tokenizer(training_qa)


@table_asset(
    tables.TRAINING_SETS,
    group="training_data",
    partitions_def=TRAINING_SETS,
    rooms=("synth_assets.students.training_sets", "synth_assets.students.splits"),
    follows=("students",),
    ins={"training_qa": dg.AssetIn(partition_mapping=_ALL)},
)
def training_sets(
    context: dg.AssetExecutionContext,
    training_qa: pl.DataFrame,
    student_tokenizer: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
) -> StageResult:
    """The held-out questions are the same for every training set; a row never moves between the splits."""
    from synth_assets.students.training_sets import build, shared_budgets, training_set_names

    profile = PROFILES[settings.students.profile]
    tokenizer = student_tokenizer["tokenizer"].item()
    trained_on = settings.students.training_sets
    budgets = shared_budgets(
        training_qa, tokenizer, profile.budgets, largest=profile.largest_budget, training_sets=trained_on
    )
    there = set(training_set_names(training_qa))  # a method may have lost all its questions on the way
    filled = [name for name in context.partition_keys if name in there]
    if not filled:
        return _no_training_set()
    built = build(training_qa, tokenizer, budgets, training_sets=filled)
    _tell_budgets(context, built.rows, budgets, trained_on)
    return built


def _tell_budgets(
    context: dg.AssetExecutionContext, rows: pl.DataFrame, budgets: Sequence[int], trained_on: Sequence[str]
) -> None:
    """Which budgets each set fills, with a warning for one that students are trained on and that ends early."""
    from synth_assets.students.training_sets import filled_budgets

    told: dict[str, list[int]] = {}
    totals = rows.filter(pl.col("split") == "train").group_by("training_set", maintain_order=True)
    for name, tokens in totals.agg(pl.col("tokens").sum()).iter_rows():
        told[name] = filled_budgets(budgets, tokens)
        if name in trained_on and len(told[name]) < len(budgets):
            context.log.warning(
                f"The training set {name} has {tokens:,} tokens: students are trained on it at {len(told[name])} of "
                f"{len(budgets)} budgets, which end at {budgets[-1]:,}. More documents or generation.rounds give more."
            )
    context.add_output_metadata({"budgets": dg.MetadataValue.json(told)})


def _no_training_set() -> StageResult:
    return StageResult(tables.TRAINING_SETS.empty(), tables.no_quarantine("training_set"), 0, 0)


_TRAINING = ("synth_assets.students.runs", "synth_assets.students.scores", "synth_assets.final_answers")


with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.BetaWarning)  # backfill policies; see declaration.table_asset

    @dg.multi_asset(
        outs={
            table.name: table_out(table, group="students", rooms=_TRAINING, follows=("students",), kinds=("jax",))
            for table in (tables.STUDENT_SCORES, tables.STUDENT_RUNS)
        },
        ins={"training_qa": dg.AssetIn(partition_mapping=_ALL)},
        partitions_def=TRAINING_SET_BY_STUDENT,
        backfill_policy=backfill_policy(TRAINING_SET_BY_STUDENT),
        pool="training",
    )
    @retried
    def student_training(
        context: dg.AssetExecutionContext,
        training_sets: pl.DataFrame,
        training_qa: pl.DataFrame,
        student_tokenizer: pl.DataFrame,
        settings: dg.ResourceParam[Settings],
        lake: dg.ResourceParam[Lake],
    ) -> Iterator[dg.Output[Any]]:
        """A run already done under the same data, size, schedule and code is kept, not repeated."""
        from synth_assets.students.runs import StudentRuns, run_students
        from synth_assets.students.scores import scores_table

        profile = PROFILES[settings.students.profile]
        done = StudentRuns(lake.read("student_runs"), lake.read("student_scores"))
        tokenizer = student_tokenizer["tokenizer"].item()
        runs, scores = [tables.STUDENT_RUNS.empty()], [tables.STUDENT_SCORES.empty()]
        for name, student in _wanted(context, settings, profile.students):
            budgets = training_sets.filter(pl.col("training_set") == name)["budget"].drop_nulls().unique()
            to_train = int(budgets.sum()) * profile.schedule.epochs * len(settings.students.seeds)
            with reported(f"{student} on {name}", "tokens") as advance:
                trained = run_students(
                    name,
                    student,
                    training_sets,
                    training_qa,
                    tokenizer,
                    profile,
                    done=done,
                    seeds=settings.students.seeds,
                    progress=_tokens_of_all(advance, to_train),
                )
            runs.append(trained.runs)
            scores.append(trained.scores)
        wrong = pl.concat(scores)
        # In this order: what says that a run was made is written after what it got wrong.
        yield dg.Output(
            wrong,
            output_name="student_scores",
            metadata={f"by {by}": dg.MetadataValue.md(scores_table(wrong, by)) for by in ("school_level", "topic")},
        )
        yield dg.Output(
            pl.concat(runs),
            output_name="student_runs",
            metadata={"errors by level": dg.MetadataValue.md(scores_table(wrong, "method"))},
        )


def _tokens_of_all(advance: Advance, in_all: int) -> Callable[["RunProgress"], None]:
    """Tell the tokens trained on over all the budgets of a student, of about `in_all`; two may train at a time."""
    begun: dict[tuple[int, int], TrainingProgress] = {}

    def told(run: "RunProgress") -> None:
        begun[run.budget, run.seed] = run.training
        done = sum(training.tokens for training in begun.values())
        advance(done, max(done, in_all))

    return told


def _wanted(context: dg.AssetExecutionContext, settings: Settings, students: tuple[str, ...]) -> list[tuple[str, str]]:
    """The run's partitions that the settings ask for; the others stay empty."""
    definition = TRAINING_SET_BY_STUDENT
    keys = [definition.get_partition_key_from_str(str(key)).keys_by_dimension for key in context.partition_keys]
    asked = {(key["training_set"], key["student"]) for key in keys}
    return [pair for pair in product(settings.students.training_sets, students) if pair in asked]
