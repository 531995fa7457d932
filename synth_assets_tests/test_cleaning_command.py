"""The commands `decontaminate` and `dedup`, as a user runs them on a file, without a lake."""

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from synth_assets_tests.test_cli import invoked, refusal

ITEM = "A train leaves Harlow at 8 in the morning with 120 passengers. How many passengers are on the train at noon?"
CLEAN = "A baker makes 48 rolls and sells 35 of them. How many are left?"
OTHER = "What is the area of a square whose side measures seven metres?"


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    path = tmp_path / "bench.jsonl"
    path.write_text(json.dumps({"id": "t1", "question": ITEM, "answer": "1"}) + "\n")
    return path


def cleaned(command: str, file: Path, folder: Path, *options: str | Path) -> dict[str, object]:
    """What the command's `--json` tells."""
    result = invoked(command, file, "--out", folder, "--json", *options)
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert {path.name for path in folder.iterdir()} == set(facts["files"])
    assert isinstance(facts, dict)
    return facts


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_rows_of_json_lines_are_clean_removed_or_left_out_and_none_is_lost(tmp_path: Path, benchmark: Path) -> None:
    rows = [
        json.dumps({"id": 1, "question": CLEAN, "answer": "13"}),
        "",
        json.dumps({"id": 2, "question": "So: " + ITEM, "answer": "1", "more": {"kept": ["as", "it", "is"]}}),
        "{broken",
        json.dumps({"id": 3, "question": None}),
        json.dumps({"question": OTHER, "answer": "We are told: " + ITEM}),
    ]
    file = tmp_path / "train.jsonl"
    file.write_text("\n".join(rows))
    out = tmp_path / "out"
    facts = cleaned("decontaminate", file, out, "--against", f"bench={benchmark}")
    assert (facts["rows"], facts["clean"], facts["removed"]) == (5, 1, 2)
    assert facts["left_out"] == {"not a JSON object": 1, "no question": 1}
    assert facts["benchmarks"] == [
        {"benchmark": "bench", "items": 1, "rows": 3, "removed": 2, "judged": 0, "cleared": 0}
    ]
    assert (out / "clean.jsonl").read_text() == rows[0] + "\n"
    assert (out / "left_out.jsonl").read_text().splitlines() == [rows[3], rows[4]]
    first, second = lines(out / "removed.jsonl")
    assert (first["more"], first["contamination_rule"], first["contamination_part"]) == (
        {"kept": ["as", "it", "is"]},
        "exact",
        "question",
    )
    assert (second["contamination_part"], second["contamination_item_id"]) == ("answer", "t1")
    assert "120" in str(second["contamination_span"])
    matches = pl.read_parquet(out / "matches.parquet")
    assert matches.select("row", "benchmark", "part").rows() == [(1, "bench", "question"), (4, "bench", "answer")]
    assert "train leaves" in (out / "report.html").read_text()


def test_rows_of_parquet_keep_their_columns_and_order(tmp_path: Path, benchmark: Path) -> None:
    texts = [f"{CLEAN} Number {number}." if number % 7 else f"{number}: {ITEM}" for number in range(500)]
    rows = pl.DataFrame({"n": range(500), "Problem": texts, "list": [[number] for number in range(500)]})
    rows = rows.with_columns(Problem=pl.when(pl.col("n") == 3).then(None).otherwise("Problem"))
    file = tmp_path / "train.parquet"
    rows.write_parquet(file, row_group_size=64)
    facts = cleaned("decontaminate", file, tmp_path / "out", "--against", f"bench={benchmark}")
    removed = pl.col("n") % 7 == 0
    clean = pl.read_parquet(tmp_path / "out" / "clean.parquet")
    assert clean.equals(rows.filter(~removed & (pl.col("n") != 3)))
    gone = pl.read_parquet(tmp_path / "out" / "removed.parquet")
    assert gone.select(rows.columns).equals(rows.filter(removed))
    assert gone["contamination_rule"].unique().to_list() == ["exact"]
    assert pl.read_parquet(tmp_path / "out" / "left_out.parquet")["n"].to_list() == [3]
    assert facts["question_column"] == "Problem" and facts["answer_column"] is None


def test_presets_and_columns_are_chosen_by_name(tmp_path: Path, benchmark: Path) -> None:
    file = tmp_path / "train.jsonl.gz"
    changed = ITEM.replace("120", "75").replace("8 in", "9 in")
    with gzip.open(file, "wt") as stream:
        stream.write(json.dumps({"question": CLEAN, "q2": changed}) + "\n")
    against = ("--against", f"bench={benchmark}")
    for number, (options, removed) in enumerate(
        [((), 0), (("--question-column", "q2"), 1), (("--question-column", "q2", "--preset", "gpt3-13gram"), 0)]
    ):
        facts = cleaned("decontaminate", file, tmp_path / str(number), *against, *options)
        assert facts["removed"] == removed


def test_repeated_questions_leave_for_the_first_of_them(tmp_path: Path) -> None:
    told = CLEAN + " Answer in a whole sentence, please, and say how you know it is right."
    questions = [told, OTHER, told.upper(), told.replace("please", "dear"), OTHER + " ", "One more?"]
    file = tmp_path / "train.jsonl"
    file.write_text("".join(json.dumps({"question": question}) + "\n" for question in questions))
    facts = cleaned("dedup", file, tmp_path / "out", "--similarity", "0.7")
    assert (facts["rows"], facts["kept"], facts["dropped"]) == (6, 3, 3)
    assert facts["rules"] == {"exact": 2, "near": 1}
    assert [row["question"] for row in lines(tmp_path / "out" / "kept.jsonl")] == [told, OTHER, "One more?"]
    dropped = lines(tmp_path / "out" / "dropped.jsonl")
    assert [(row["duplicate_of_row"], row["duplicate_rule"]) for row in dropped] == [
        (0, "exact"),
        (0, "near"),
        (1, "exact"),
    ]


def test_other_numbers_with_another_answer_make_another_problem(tmp_path: Path) -> None:
    told = "On the morning of the fair {} boats and {} canoes lay at the pier of the lake below the old town. How many?"
    rows = [(told.format(12, 30), "#### 42"), (told.format(30, 12), "#### 42"), (told.format(12, 31), "#### 43")]
    file = tmp_path / "train.parquet"
    pl.DataFrame(rows, schema=["question", "answer"], orient="row").write_parquet(file)
    assert cleaned("dedup", file, tmp_path / "out", "--similarity", "0.3")["dropped"] == 1
    without = cleaned("dedup", file, tmp_path / "other", "--similarity", "0.3", "--answer-column", "question")
    assert without["dropped"] == 2


def test_an_empty_file_gives_empty_files(tmp_path: Path, benchmark: Path) -> None:
    file = tmp_path / "train.parquet"
    pl.DataFrame(schema={"question": pl.String}).write_parquet(file)
    facts = cleaned("decontaminate", file, tmp_path / "out", "--against", f"bench={benchmark}")
    assert (facts["rows"], facts["clean"], facts["removed"]) == (0, 0, 0)
    assert cleaned("dedup", file, tmp_path / "distinct")["rows"] == 0
    assert pl.read_parquet(tmp_path / "distinct" / "kept.parquet").columns == ["question"]


def test_what_cannot_be_done_is_told_with_the_way_out(tmp_path: Path, benchmark: Path) -> None:
    file, against = tmp_path / "train.jsonl", ("--against", f"bench={benchmark}")
    out = ("--out", tmp_path / "out")
    assert "There is no file" in refusal("decontaminate", file, *against, *out)
    file.write_text('{"words": "none"}\n')
    assert "--question-column" in refusal("decontaminate", file, *against, *out)
    assert "words" in refusal("dedup", file, "--question-column", "q", *out)
    assert "ladder" in refusal("decontaminate", file, *against, *out, "--preset", "none")
    assert "NAME=PATH" in refusal("decontaminate", file, "--against", "bench", *out)
    assert "named twice" in refusal("decontaminate", file, *against, *against, *out)
    (tmp_path / "out").mkdir(exist_ok=True)
    (tmp_path / "out" / "mine.txt").write_text("mine")
    assert "--force" in refusal("dedup", file, "--question-column", "words", *out)
    assert invoked("dedup", file, "--question-column", "words", "--force", *out).exit_code == 0
    assert (tmp_path / "out" / "mine.txt").exists()


def test_known_benchmarks_are_listed_with_their_columns() -> None:
    result = invoked("benchmarks", "--json")
    assert result.exit_code == 0
    known = {row["name"]: row for row in json.loads(result.stdout)}
    assert known["gsm8k"]["question"] == "question"
