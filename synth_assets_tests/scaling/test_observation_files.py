"""Observations read from tables and from the results of harnesses: what is taken, turned into errors, and refused."""

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.scaling.given import Given, given_of_names, given_of_sidecar
from synth_assets.scaling.observation_files import read_observations, read_table
from synth_assets.scaling.observation_rows import number

TABLE = pl.DataFrame(
    {
        "model": ["small", "small", "large"],
        "parameters": [1_000_000, 1_000_000, 70_000_000],
        "tokens": [0.0, 1e6, 123456789.0],
        "metric": ["loss"] * 3,
        "value": [1.5, 0.1 + 0.2, 1 / 3],
        "seed": [0, 0, 4],
    }
)
HARNESS = {
    "results": {
        "gsm8k": {
            "alias": "gsm8k",
            "exact_match,strict-match": 0.25,
            "exact_match_stderr,strict-match": 0.012,
            "exact_match,flexible-extract": 0.5,
            "exact_match_stderr,flexible-extract": "N/A",
        },
        "arc_easy": {"alias": "arc_easy", "acc,none": 0.75, "acc_norm,none": 0.7, "acc_stderr,none": 0.01},
        "wikitext": {"alias": "wikitext", "word_perplexity,none": 12.5, "bits_per_byte,none": "N/A"},
        "group": {"alias": "group", "acc,none": " "},
    },
    "configs": {},
    "n-shot": {"gsm8k": 5},
    "higher_is_better": {
        "gsm8k": {"exact_match": True},
        "arc_easy": {"acc": True, "acc_norm": True},
        "wikitext": {"word_perplexity": False, "bits_per_byte": False},
    },
    "config": {"model": "hf", "model_args": "pretrained=org/base,peft=out/lora", "model_num_parameters": 124_000_000},
}
QWEN = {"num_samples": 1319, "num_scores": 1319, "timeout_samples": 0, "empty_samples": 1, "acc": 95.8}


def written(folder: Path, name: str) -> Path:
    path = folder / name
    if name.endswith(".parquet"):
        TABLE.write_parquet(path)
    elif ".jsonl" in name:
        lines = "\n".join(map(json.dumps, TABLE.to_dicts())).encode()
        path.write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    else:
        TABLE.write_csv(path)
    return path


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.jsonl", "a.jsonl.gz"])
def test_the_formats_say_the_same_to_the_last_digit(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name)
    rows = read_table(path)
    assert rows.select(TABLE.columns).equals(TABLE)
    assert rows["source"].unique().to_list() == [str(path)]
    assert rows["training_set"].unique().to_list() == ["imported"]
    assert rows["data_snapshot"].null_count() == 3


def test_the_order_of_columns_their_case_and_further_ones_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Note,VALUE, tokens ,Model\nx,0.5,10,m\n")
    row = read_table(tmp_path / "a.csv").row(0, named=True)
    assert (row["model"], row["tokens"], row["value"], row["metric"], row["seed"]) == ("m", 10.0, 0.5, "value", 0)


def test_measurements_repeated_without_a_seed_get_seeds_of_their_own() -> None:
    found = read_observations("a.csv", b"model,tokens,value\nm,5,1\nm,5,1\nm,6,1\n")
    assert found.rows.select("tokens", "seed").rows() == [(5.0, 0), (5.0, 1), (6.0, 0)]


@pytest.mark.parametrize(
    ("metric", "values", "called", "errors"),
    [
        ("accuracy", [0.25, 0.5], "error", [0.75, 0.5]),
        ("accuracy", [0.5, 25], "error", [0.995, 0.75]),
        ("gsm8k.acc", [1.0, 0.0], "gsm8k.error", [0.0, 1.0]),
        ("loss", [3.0, 2.0], "loss", [3.0, 2.0]),
    ],
)
def test_an_accuracy_is_kept_as_the_error(metric: str, values: list[float], called: str, errors: list[float]) -> None:
    lines = [f"m,{tokens},{metric},{value}" for tokens, value in enumerate(values)]
    rows = read_observations("a.csv", "\n".join(["model,tokens,metric,value", *lines]).encode()).rows
    assert rows["metric"].unique().to_list() == [called]
    assert rows["value"].to_list() == errors


BAD = {
    "m,1,0.5,x,0": "parameters_not_a_number",
    "m,1,0.5,1.5,0": "parameters_not_whole",
    "m,1,0.5,10,0.5": "seed_not_whole",
    "m,-1,0.5,10,0": "negative_tokens",
    "m,many,0.5,10,0": "tokens_not_a_number",
    "m,1,nan,10,0": "value_not_a_number",
    "m,1,,10,0": "no_value",
    ",1,0.5,10,0": "no_model",
    "m,7,0.5,10,0": "repeated_row",
}


def test_a_row_that_cannot_be_used_is_quarantined_with_the_reason_and_none_vanishes() -> None:
    lines = ["model,tokens,value,parameters,seed", "m,7,0.5,10,0", *BAD]
    found = read_observations("a.csv", "\n".join(lines).encode())
    assert found.rows.height == 1
    assert sorted(found.quarantined["reason"]) == sorted(BAD.values())
    assert found.received == len(lines) - 1
    places = dict(found.quarantined.select("reason", "id").iter_rows())
    assert places["negative_tokens"] == "row 5"


def test_a_line_that_is_no_json_is_a_row_that_cannot_be_used() -> None:
    found = read_observations("a.jsonl", b'{"model": "m", "tokens": 1, "value": 2}\n{"model": "m"\n[1]\n')
    assert (found.rows.height, found.quarantined.height) == (1, 2)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "model,value\nm,1\n", r"a\.csv has no column tokens .*--tokens"),
        ("a.csv", "", r"a\.csv is empty"),
        ("a.csv", "model,tokens,value\nm,x,1\n", r"a\.csv, row 1: tokens_not_a_number .*tokens = x"),
        ("a.parquet", "PAR1", r"a\.parquet cannot be read"),
        ("a.xlsx", "x", r"a\.xlsx is no \.csv"),
    ],
)
def test_a_table_that_cannot_be_read_names_itself_and_the_way_out(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(SynthAssetsError, match=said):
        read_table(tmp_path / name)


def test_a_harness_run_gives_a_row_for_each_metric_of_which_the_good_ones_are_errors() -> None:
    found = read_observations("results_2026.json", json.dumps(HARNESS).encode(), Given(tokens="20m"))
    values = dict(found.rows.select("metric", "value").iter_rows())
    assert values == pytest.approx(
        {
            "gsm8k.strict-match.error": 0.75,
            "gsm8k.flexible-extract.error": 0.5,
            "arc_easy.error": 0.25,
            "arc_easy.acc_norm_error": 0.3,
            "wikitext.word_perplexity": 12.5,
        }
    )
    assert found.rows.select("model", "parameters", "tokens").unique().rows() == [("out/lora", 124_000_000, 2e7)]
    assert found.quarantined.select("id", "reason").rows() == [("wikitext, bits_per_byte,none", "value_not_a_number")]


def test_what_is_given_goes_before_the_model_of_a_harness_and_its_metric_chooses() -> None:
    given = Given(tokens="20m", model="mine", metric="gsm8k.*", seed="3")
    rows = read_observations("results_2026.json", json.dumps(HARNESS).encode(), given).rows
    assert rows.select("model", "seed").unique().rows() == [("mine", 3)]
    assert set(rows["metric"]) == {"gsm8k.strict-match.error", "gsm8k.flexible-extract.error"}


def test_qwen_math_metrics_are_told_by_their_folders() -> None:
    path = "evals/Qwen-ours/math_eval/gsm8k/test_qwen25-math-cot_-1_seed7_t0.0_s0_e-1_qwen25-math-cot_metrics.json"
    row = read_observations(path, json.dumps(QWEN).encode(), Given(tokens="1.5B")).rows.row(0, named=True)
    assert (row["model"], row["metric"], row["tokens"], row["seed"]) == ("Qwen-ours", "gsm8k.error", 1.5e9, 7)
    assert row["value"] == pytest.approx(0.042)


@pytest.mark.parametrize(
    ("document", "given", "said"),
    [
        (HARNESS, Given(), "does not say the tokens; give --tokens, or --pattern"),
        ({**HARNESS, "config": {}}, Given(tokens="1"), "does not say the model"),
        (HARNESS, Given(tokens="1", metric="math.*"), "has no metric .*gsm8k"),
        ({"a": 1}, Given(), "neither the results of lm-evaluation-harness nor"),
    ],
)
def test_results_that_lack_something_say_what_and_the_way_out(
    document: dict[str, object], given: Given, said: str
) -> None:
    with pytest.raises(SynthAssetsError, match=said):
        read_observations("runs/results.json", json.dumps(document).encode(), given)


def test_folder_names_say_model_tokens_and_seed() -> None:
    told = given_of_names("/evals/llama-1b/d20m-seed3/results.json", "{model}/d{tokens}-seed{seed}")
    assert (told.model, told.tokens, told.seed) == ("llama-1b", "20000000", "3")
    with pytest.raises(SynthAssetsError, match="does not match the pattern"):
        given_of_names("/evals/llama-1b/results.json", "d{tokens}/")
    with pytest.raises(SynthAssetsError, match="no placeholder"):
        given_of_names("/evals/x", "{budget}")


def test_a_sidecar_that_says_something_unknown_is_refused_by_name() -> None:
    assert given_of_sidecar("observation.json", b'{"tokens": 5e6, "model": "m"}').model == "m"
    with pytest.raises(SynthAssetsError, match=r"observation\.json: budget"):
        given_of_sidecar("observation.json", b'{"budget": 5}')


@pytest.mark.parametrize(
    ("text", "value"), [("20m", 2e7), ("1.2B", 1.2e9), ("5_000", 5000.0), ("1e6", 1e6), ("3k", 3000.0)]
)
def test_budgets_may_be_written_as_people_write_them(text: str, value: float) -> None:
    assert float(number(text)) == value
