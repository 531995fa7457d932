"""Mixtures on a lake: three policies, of which one arm's answers are of no use, through Dagster."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from synth_assets import tables
from synth_assets.automation.partitions import SHARDS
from synth_assets.students.tokenizer import train_tokenizer
from synth_assets_tests.automation.observing import Observatory
from synth_assets_tests.students.problems import training_questions

MADE = ("mixture_choices", "mixture_runs")
MIXTURES = {
    **{"policies": ["ucb", "uniform", "proportional"], "target": ["level_1", "level_2"]},
    **{"tokens": 200_000, "slices": 20, "seeds": [0]},
}


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    home = tmp_path / "home"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as made:
        yield made


def questions_some_of_them_useless() -> pl.DataFrame:
    """Those of level 3 are answered by letters drawn at random."""
    rng = random.Random(0)
    rows = training_questions(900)
    letters = ["".join(rng.choices("bcdfghjklmnpqrstvwxz", k=60)) for _ in range(rows.height)]
    useless = pl.col("method") == "level_3"
    return rows.with_columns(answer=pl.when(useless).then(pl.Series(letters)).otherwise("answer"))


def lake_of(folder: Path, instance: dg.DagsterInstance, **mixtures: Any) -> Observatory:
    made = Observatory(folder, instance, mixtures=mixtures, students={"profile": "smoke"})
    instance.add_dynamic_partitions(str(SHARDS.name), ["problems"])
    if not made.lake.row_count(tables.TRAINING_QA):
        questions = questions_some_of_them_useless()
        places = [{"method": method, "shard": "problems"} for method in ("level_1", "level_2", "level_3")]
        made.lake.replace(tables.TRAINING_QA, questions, places)
        made.lake.replace(tables.STUDENT_TOKENIZER, train_tokenizer(questions, vocabulary=320))
    return made


def test_without_a_policy_there_is_nothing_and_nothing_is_trained(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    made = lake_of(tmp_path, instance)
    made.materialise(MADE)
    assert [made.lake.row_count(tables.TABLES[name]) for name in MADE] == [0, 0]


@pytest.mark.slow
def test_the_bandit_leaves_a_useless_arm_alone_and_its_student_ends_better(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    made = lake_of(tmp_path, instance, **MIXTURES)
    done = made.materialise(MADE)
    shown = {
        label: str(value.value)
        for event in done.get_asset_materialization_events()
        for label, value in event.materialization.metadata.items()
    }
    assert "](data:image/png;base64," in shown["choices over time"]
    assert "fewer than two seeds" in shown["differences"]
    choices, runs = (made.lake.read(name) for name in MADE)
    drawn = choices.group_by("policy", "arm").agg(pl.sum("tokens"))
    useless = dict(drawn.filter(arm="level_3").select("policy", pl.col("tokens") / 200_000).iter_rows())
    assert useless["uniform"] == pytest.approx(1 / 3, abs=0.06)
    assert useless["ucb"] < 0.5 * useless["uniform"] and useless["ucb"] < 0.5 * useless["proportional"]
    losses = dict(runs.select("policy", "answer_loss").iter_rows())
    assert losses["ucb"] < 0.9 * min(losses["uniform"], losses["proportional"])
    tokens = runs["trained_tokens"]
    assert tokens.min() >= 200_000 and tokens.max() < 200_000 + 512

    made.materialise(MADE)
    assert made.lake.read("mixture_runs").sort("run_id").equals(runs.sort("run_id"))  # seconds too: kept
    off = lake_of(tmp_path, instance)
    off.materialise(MADE)
    assert off.lake.row_count(tables.MIXTURE_RUNS) == 0
