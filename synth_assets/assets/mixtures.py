"""Mixtures: which method or topic the next training tokens are drawn from, by a bandit and by fixed shares."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_out
from synth_assets.automation.transience import retried
from synth_assets.lake.lake import Lake
from synth_assets.markdown import frame
from synth_assets.progress import reported
from synth_assets.settings import Settings
from synth_assets.students.profiles import PROFILES

if TYPE_CHECKING:
    from synth_assets.students.mixtures import MixtureRuns

_TRAINING = (
    *(f"synth_assets.students.{name}" for name in ("mixtures", "mixture_data", "slices", "splits")),
    *("synth_assets.comparison.bandit", "synth_assets.comparison.mixture_policies", "synth_assets.final_answers"),
)


@dg.multi_asset(
    outs={
        table.name: table_out(
            table, group="comparison", rooms=_TRAINING, follows=("mixtures", "students"), kinds=("jax",)
        )
        for table in (tables.MIXTURE_CHOICES, tables.MIXTURE_RUNS)
    },
    ins={"training_qa": dg.AssetIn(partition_mapping=dg.AllPartitionMapping())},
    pool="training",
)
@retried
def mixture_training(
    training_qa: pl.DataFrame,
    student_tokenizer: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> Iterator[dg.Output[Any]]:
    """Empty unless `mixtures.policies` names some. A run already done under the same fingerprint is kept."""
    from synth_assets.students.mixtures import MixtureRuns

    done = MixtureRuns(lake.read("mixture_runs"), lake.read("mixture_choices"))
    if not settings.mixtures.policies:
        made = MixtureRuns(tables.MIXTURE_RUNS.empty(), tables.MIXTURE_CHOICES.empty())
    else:
        made = _trained(training_qa, student_tokenizer["tokenizer"].item(), settings, done)
    # In this order: what says that a run was made is written after what it chose.
    yield dg.Output(made.choices, output_name="mixture_choices", metadata=_seen(made))
    yield dg.Output(made.runs, output_name="mixture_runs", metadata=_compared(made))


def _trained(training_qa: pl.DataFrame, tokenizer: str, settings: Settings, done: "MixtureRuns") -> "MixtureRuns":
    from synth_assets.comparison.mixture_policies import policy_of
    from synth_assets.students.mixture_data import mixture_data
    from synth_assets.students.mixtures import MixturePlan, run_mixtures

    chosen, profile = settings.mixtures, PROFILES[settings.students.profile]
    data = mixture_data(training_qa, tokenizer, profile.evaluated_questions, chosen.arms, chosen.target)
    plan = MixturePlan(chosen.student, chosen.tokens, chosen.slices)
    policies = {seed: [policy_of(name, data.tokens, seed) for name in chosen.policies] for seed in chosen.seeds}
    with reported(f"{chosen.student} on mixtures", "tokens") as advance:
        return run_mixtures(data, plan, profile, policies, done=done, progress=advance)


def _seen(made: "MixtureRuns") -> dict[str, dg.MetadataValue[Any]]:
    if made.choices.is_empty():
        return {}
    from synth_assets.comparison.mixture_pictures import mixtures_picture
    from synth_assets.comparison.mixture_results import shares

    return {
        "choices over time": dg.MetadataValue.md(mixtures_picture(made.choices).markdown),
        "shares of the tokens": dg.MetadataValue.md(frame(shares(made.choices))),
    }


def _compared(made: "MixtureRuns") -> dict[str, dg.MetadataValue[Any]]:
    if made.runs.is_empty():
        return {}
    from synth_assets.comparison.mixture_results import policy_differences, policy_summary

    return {
        "policies": dg.MetadataValue.md(frame(policy_summary(made.runs))),
        "differences": dg.MetadataValue.md(frame(policy_differences(made.runs))),
    }
