"""An external trainer is launched through real Pipes, and what it reports becomes rows; or it fails loudly."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from synth_assets import tables
from synth_assets.automation.failures import explained
from synth_assets.automation.partitions import SHARDS
from synth_assets.errors import SynthAssetsError
from synth_assets.scaling.observation_files import read_table
from synth_assets.settings import usable
from synth_assets.students.tokenizer import train_tokenizer
from synth_assets.students.training_sets import build
from synth_assets_tests.assets import plain_trainer
from synth_assets_tests.automation.observing import Observatory
from synth_assets_tests.students.problems import training_questions

BUDGETS = (0, 2000, 4000)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    home = tmp_path / "home"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as made:
        yield made


def trained_by(folder: Path, instance: dg.DagsterInstance, **training: Any) -> Observatory:
    """A lake with a training set, and settings with the plain trainer."""
    command = [sys.executable, str(plain_trainer.__file__), str(folder / "crash")]
    wanted = {"kind": "command", "command": command, "models": ["org/tiny"], "budgets": BUDGETS, **training}
    made = Observatory(folder, instance, training=wanted)
    instance.add_dynamic_partitions(str(SHARDS.name), ["problems"])
    if not made.lake.row_count(tables.TRAINING_QA):
        questions = training_questions(200)
        places = [{"method": method, "shard": "problems"} for method in ("level_1", "level_2", "level_3")]
        made.lake.replace(tables.TRAINING_QA, questions, places)
        tokenizer = train_tokenizer(questions, vocabulary=320)["tokenizer"].item()
        sets = build(questions, tokenizer, [2000, 4000], training_sets=["all"])
        made.lake.replace(tables.TRAINING_SETS, sets.rows, [{"training_set": "all"}])
    return made


def train(made: Observatory) -> None:
    made.materialise(["external_runs"], partition_key="all")


def reports(made: Observatory) -> dict[Path, int]:
    """The reports of the runs that ended well, and when each was written."""
    ended = made.folder.glob("training/runs/*/done")
    return {path.with_name("reported.jsonl"): path.with_name("reported.jsonl").stat().st_mtime_ns for path in ended}


def runs(made: Observatory) -> pl.DataFrame:
    return made.lake.query("select * from external_runs order by all")


def test_a_trainer_that_crashes_fails_the_step_with_its_last_lines_and_loses_no_row_then_only_that_run_is_repeated(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "sesame")
    made = trained_by(tmp_path, instance)
    (tmp_path / "crash").touch()
    with pytest.raises(SynthAssetsError) as failed:
        train(made)
    sentence = str(explained(failed.value, made.folder, instance, made.lake.snapshots()["time"][0]))
    assert "org/tiny on all, 4000 tokens, seed 0: it ended with status 3" in sentence
    assert "CUDA error: out of memory" in sentence
    kept = re.search(r"the 1 rows it had reported are in (\S+)", sentence)
    assert kept is not None
    alone = read_table(Path(kept[1]))  # the file says all that an observation needs
    assert alone.select("model", "metric").rows() == [("org/tiny", "loss")]
    assert 3000 < alone["tokens"].item() <= 4000
    assert runs(made).is_empty()
    ended_well = reports(made)
    assert len(ended_well) == 2

    (tmp_path / "crash").unlink()
    train(made)
    after = reports(made)
    assert len(after) == 3
    assert {path: after[path] for path in ended_well} == ended_well
    assert Path(kept[1]).with_name("reported-1.jsonl").exists()
    rows = runs(made)
    assert rows.group_by("metric").len().sort("metric").rows() == [("error", 3), ("loss", 3)]
    assert set(rows["model"]) == {"org/tiny"}
    assert sorted(set(rows["budget"])) == list(BUDGETS)
    assert all(0 <= row["tokens"] <= row["budget"] for row in rows.iter_rows(named=True))
    assert rows.filter(metric="loss")["parameters"].to_list() == [1000] * 3
    assert rows["data_snapshot"].null_count() == 0
    assert made.quarantine()["reason"].to_list() == ["value_not_a_number"] * 3
    passed = json.loads(next(made.folder.glob("training/runs/*/output/variables.json")).read_text())
    assert "SECRET_KEY" not in passed


@pytest.mark.slow
def test_without_a_trainer_nothing_is_launched_and_the_partition_is_empty_and_fresh(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    made = trained_by(tmp_path, instance, kind="none")
    train(made)
    assert runs(made).is_empty()
    assert next(one.state for one in made.standings("external_runs") if one.partition == "all") == "fresh"
    assert not (made.folder / "training").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("training", "said"),
    [
        ({"command": ["/no/such/trainer"]}, "cannot be started"),
        ({"command": [sys.executable, "-c", "pass"]}, "reported nothing"),
        ({"kind": "ray"}, r"ray extra .*pip install 'synth-assets\[ray\]'"),
        ({"kind": "kubernetes", "image": "trainer"}, r"pip install 'synth-assets\[kubernetes\]'|Kubernetes says"),
        ({"training_sets": ["level_1"]}, "'level_1' has no rows"),
    ],
)
def test_what_keeps_a_trainer_from_its_work_is_told(
    tmp_path: Path, instance: dg.DagsterInstance, training: dict[str, Any], said: str
) -> None:
    made = trained_by(tmp_path, instance, **training)
    with pytest.raises(SynthAssetsError, match=said):
        made.materialise(["external_runs"], partition_key=training.get("training_sets", ["all"])[0])


@pytest.mark.parametrize(
    ("training", "said"),
    [
        ({"kind": "command", "models": ["m"]}, "needs training.command"),
        ({"kind": "command", "command": ["x"]}, "needs training.models"),
        ({"kind": "kubernetes", "command": ["x"], "models": ["m"]}, "needs training.image"),
        ({"kind": "command", "command": ["x"], "models": ["m"], "budgets": [-1]}, "0 or more tokens"),
    ],
)
def test_settings_that_lack_something_are_refused_by_name(training: dict[str, Any], said: str) -> None:
    with pytest.raises(SynthAssetsError, match=said):
        usable({"training": training}, "synth.toml")
