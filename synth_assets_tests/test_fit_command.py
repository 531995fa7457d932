"""The command `fit`, as a user runs it on a file of learning curves, without a lake."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from synth_assets_tests.scaling.curves import BUDGETS, SHARED, noisy, rectified
from synth_assets_tests.test_cli import invoked, refusal

TRUTH = (560.0, 166.0, 0.455, 1.07)
LARGER = (400.0, 150.0, 0.455, 0.9)


def rows() -> pl.DataFrame:
    curves = {"small": (noisy(rectified(BUDGETS, *TRUTH), 0.005, 1), 10), "large": (rectified(BUDGETS, *LARGER), 20)}
    return pl.concat(
        pl.DataFrame({"model": model, "tokens": BUDGETS, "value": values, "parameters": size})
        for model, (values, size) in curves.items()
    ).cast({"parameters": pl.Int64})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "curves.csv"
    rows().write_csv(path)
    return path


def facts(*arguments: str | Path) -> dict[str, list[dict[str, object]]]:
    """What `--json` tells."""
    result = invoked("fit", *arguments, "--bootstrap", "0", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert isinstance(told, dict)
    return told


def test_people_get_parameters_quality_predictions_and_what_follows(file: Path) -> None:
    result = invoked("fit", file, "--at", "10M", "--target", "1.5", "--bootstrap", "0")
    assert result.exit_code == 0, result.output
    titles = ("Parameters", "How well the laws fit", "Predictions", "What follows")
    places = [result.stdout.index(title) for title in titles]
    assert places == sorted(places)
    assert "well determined" in result.stdout
    assert "- small: the rectified law wins: hold-out error" in result.stdout
    assert "- small at value 1.5: after" in result.stdout
    assert "10M" in result.stdout


def test_machines_get_the_same_numbers_from_csv_parquet_and_json_lines(file: Path, tmp_path: Path) -> None:
    large = rows().filter(model="large")
    large.write_csv(file)
    large.write_parquet(tmp_path / "curves.parquet")
    large.write_ndjson(tmp_path / "curves.jsonl")
    told = [
        facts(tmp_path / name, "--law", "rectified", "--at", "1M")
        for name in ("curves.csv", "curves.parquet", "curves.jsonl")
    ]
    numbers = [{key: value for key, value in one.items() if key != "file"} for one in told]
    assert numbers[0] == numbers[1] == numbers[2]
    beta = next(row for row in numbers[0]["fits"] if (row["model"], row["parameter"]) == ("large", "beta"))
    assert beta["value"] == pytest.approx(0.455, rel=1e-4)
    assert beta["low"] <= beta["value"] <= beta["high"]


def test_both_laws_are_compared_unless_one_is_named(file: Path) -> None:
    assert {row["law"] for row in facts(file, "--at", "1M")["fits"]} == {"rectified", "power"}
    alone = facts(file, "--law", "power", "--at", "1M")
    assert {row["law"] for row in alone["fits"]} == {"power"}
    assert alone["conclusions"] == []


def test_the_picture_and_the_tables_are_written_where_they_are_asked_for(file: Path, tmp_path: Path) -> None:
    picture, folder = tmp_path / "new" / "curves.svg", tmp_path / "tables"
    told = facts(file, "--law", "power", "--at", "1M", "--plot", picture, "--out", folder, "--format", "csv")
    assert told["pictures"] == [str(picture)]
    assert picture.read_text("utf-8").count("<svg") == 1
    assert {path.name for path in folder.iterdir()} == {"fits.csv", "predictions.csv", "conclusions.csv"}
    assert pl.read_csv(folder / "fits.csv").height == len(told["fits"])


@pytest.mark.slow
def test_several_metrics_are_drawn_into_files_of_their_own(tmp_path: Path) -> None:
    both = [rows().with_columns(metric=pl.lit(metric)) for metric in ("loss", "error")]
    pl.concat(both).write_csv(tmp_path / "two.csv")
    told = facts(tmp_path / "two.csv", "--plot", tmp_path / "p.png")
    assert told["pictures"] == [str(tmp_path / "p-imported-error.png"), str(tmp_path / "p-imported-loss.png")]
    assert {row["metric"] for row in facts(tmp_path / "two.csv", "--metric", "loss")["fits"]} == {"loss"}


@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_an_accuracy_is_turned_into_the_error(tmp_path: Path, scale: float) -> None:
    errors = rectified(BUDGETS, 80.0, 110.0, 0.455, 0.1)
    frame = pl.DataFrame({"model": "m", "tokens": BUDGETS, "value": scale * (1 - errors)}, strict=False)
    frame.write_csv(tmp_path / "accuracies.csv")
    told = facts(tmp_path / "accuracies.csv", "--metric", "accuracy", "--law", "rectified")
    assert {row["metric"] for row in told["fits"]} == {"error"}
    floor = next(row for row in told["fits"] if row["parameter"] == "E")
    assert floor["value"] == pytest.approx(0.1, rel=1e-3)


@pytest.mark.slow
def test_seeds_are_observations_of_their_own(tmp_path: Path) -> None:
    seeds = [rows().filter(model="small").with_columns(seed=pl.lit(seed)) for seed in range(3)]
    pl.concat(seeds).write_csv(tmp_path / "seeds.csv")
    assert {row["points"] for row in facts(tmp_path / "seeds.csv")["fits"]} == {42}


def test_a_curve_with_too_few_budgets_is_named_and_the_others_are_fitted(tmp_path: Path) -> None:
    short = pl.DataFrame({"model": ["short"] * 2, "tokens": [1e3, 1e4], "value": [3.0, 2.0], "parameters": [5, 5]})
    pl.concat([rows(), short]).write_csv(tmp_path / "curves.csv")
    told = facts(tmp_path / "curves.csv", "--law", "rectified", "--at", "1M")
    assert {row["model"] for row in told["fits"]} == {"small", "large"}
    assert [note for note in told["notes"] if "short" in str(note) and "2 distinct budgets" in str(note)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("model,tokens\na,1\n", "no column value"),
        ("model,tokens,value\na,1000,many\n", "row 1"),
        ("model,tokens,value\na,1000,2\na,2000,1\n", "only 2 distinct budgets"),
        ("model,tokens,value\n", "no rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content)
    told = refusal("fit", path)
    assert words in told and str(path) in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--at", "soon"), "--at soon: write tokens as"),
        (("--target", "-1"), "--target -1"),
        (("--plot", "curves.gif"), "--plot curves.gif: end the name with .png, .svg, .pdf"),
        (("--metric", "f1"), None),
    ],
)
def test_options_that_cannot_be_used_are_told(file: Path, options: tuple[str, ...], words: str | None) -> None:
    if words is None:
        # A metric the file does not name is what its values are.
        assert {row["metric"] for row in facts(file, *options, "--law", "power")["fits"]} == {"f1"}
    else:
        assert words in refusal("fit", file, *options)


def test_a_metric_the_file_does_not_have_is_refused_with_those_it_has(tmp_path: Path) -> None:
    rows().with_columns(metric=pl.lit("loss")).write_csv(tmp_path / "curves.csv")
    assert "but loss; name one of these" in refusal("fit", tmp_path / "curves.csv", "--metric", "f1")


@pytest.mark.slow
def test_the_joint_law_finds_its_exponents_from_all_models_at_once(tmp_path: Path) -> None:
    sizes = {"small": 1e6, "middle": 1e7, "large": 1e8}
    frames = [
        pl.DataFrame({"model": model, "tokens": BUDGETS, "value": 1.2 + 40 / size**0.3 + 9 / BUDGETS**0.25})
        for model, size in sizes.items()
    ]
    sized = [
        frame.with_columns(parameters=pl.lit(int(size))) for frame, size in zip(frames, sizes.values(), strict=True)
    ]
    pl.concat(sized).write_csv(tmp_path / "joint.csv")
    told = facts(tmp_path / "joint.csv", "--law", "chinchilla", "--holdout", "2", "--plot", tmp_path / "joint.svg")
    found = {str(row["parameter"]): row["value"] for row in told["fits"]}
    assert found == pytest.approx({"E": 1.2, "A": 40, "alpha": 0.3, "B": 9, "beta": 0.25}, rel=1e-3)
    assert told["fits"][0]["hold_out_error"] < 1e-4
    held = [row for row in told["predictions"] if row["kind"] == "hold_out"]
    assert len(held) == 6
    assert "<svg" in (tmp_path / "joint.svg").read_text("utf-8")


def test_the_joint_law_needs_every_size_and_takes_no_target(file: Path, tmp_path: Path) -> None:
    rows().drop("parameters").write_csv(tmp_path / "unsized.csv")
    assert "large has none; fill in its column parameters" in refusal(
        "fit", tmp_path / "unsized.csv", "--law", "chinchilla"
    )
    assert "3 sizes" in refusal("fit", file, "--law", "chinchilla")
    assert "--target goes with the laws of one curve" in refusal("fit", file, "--law", "chinchilla", "--target", "1")


@pytest.mark.slow
def test_an_outlier_moves_a_fit_by_hubers_loss_less(tmp_path: Path) -> None:
    spoiled = (
        rows()
        .filter(model="small")
        .with_columns(value=pl.when(pl.col("tokens") == BUDGETS[6]).then(pl.col("value") * 1.5).otherwise("value"))
    )
    spoiled.write_csv(tmp_path / "spoiled.csv")
    beta = {}
    for loss in ("squares", "huber"):
        told = facts(tmp_path / "spoiled.csv", "--law", "rectified", "--loss", loss)
        beta[loss] = next(float(str(row["value"])) for row in told["fits"] if row["parameter"] == "beta")
    assert abs(beta["huber"] - TRUTH[2]) < abs(beta["squares"] - TRUTH[2]) / 2


@pytest.mark.slow
def test_the_public_curves_are_fitted_from_one_file(tmp_path: Path) -> None:
    source = SHARED / "scaling" / "finetuning_flan.csv"
    if not source.exists():
        pytest.skip("the public curves are not here")
    wide = pl.read_csv(source)
    budgets = [column for column in wide.columns if column.isdigit()]
    names = {"config name": "model", "size": "parameters"}
    long = wide.unpivot(budgets, index=list(names), variable_name="tokens", value_name="value").rename(names)
    long.write_csv(tmp_path / "flan.csv")
    told = facts(tmp_path / "flan.csv", "--metric", "loss", "--plot", tmp_path / "flan.png")
    errors = {law: [] for law in ("rectified", "power")}
    for row in told["fits"]:
        if row["parameter"] == "E":
            errors[row["law"]].append(row["hold_out_error"])
    assert [len(of) for of in errors.values()] == [30, 30]
    assert np.median(errors["rectified"]) < np.median(errors["power"]) / 2
    assert (tmp_path / "flan.png").stat().st_size > 50_000
