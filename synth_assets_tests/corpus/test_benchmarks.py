import json
from pathlib import Path

import polars as pl
import pytest

from synth_assets.corpus.benchmarks import BenchmarkFile, read_benchmarks
from synth_assets.errors import SynthAssetsError
from synth_assets.tables import BENCHMARK_ITEMS


def write(path: Path, *rows: object) -> str:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return str(path)


@pytest.mark.parametrize(
    ("row", "question", "answer"),
    [
        ({"question": "1 + 1?", "answer": 2}, "1 + 1?", "2"),
        ({"problem": "2 + 2?", "solution": "four"}, "2 + 2?", "four"),
        ({"prompt": "3 + 3?", "final_answer": "6"}, "3 + 3?", "6"),
        ({"Body": "Tom has 3 pears.", "Question": "How many?", "Answer": 3.0}, "Tom has 3 pears. How many?", "3.0"),
        ({"question": "Why?"}, "Why?", None),
    ],
)
def test_the_usual_column_names_are_understood(
    tmp_path: Path, row: dict[str, object], question: str, answer: str | None
) -> None:
    result = read_benchmarks({"b": write(tmp_path / "b.jsonl", row)})
    assert result.rows.rows() == [("b", "b/0", question, answer)]
    pl.DataFrame([row]).write_parquet(tmp_path / "b.parquet")
    assert read_benchmarks({"b": str(tmp_path / "b.parquet")}).rows.equals(result.rows)


def test_bad_rows_are_quarantined_and_no_item_is_lost_to_a_repeated_id(tmp_path: Path) -> None:
    path = write(
        tmp_path / "b.jsonl",
        {"id": "1", "question": "a?"}, {"id": "1", "question": "b?"}, {"id": "2", "question": " "},
        "{broken", {"item_id": 5, "question": "c?"},
    )  # fmt: skip
    result = read_benchmarks({"b": path})
    assert result.rows.select("item_id", "question").rows() == [("1", "a?"), ("1#1", "b?"), ("5", "c?")]
    assert result.quarantined.select("id", "reason").rows() == [("2#2", "no_question"), ("b/3#3", "bad_json")]
    assert f"{path}, row 2" in result.quarantined["detail"][0]
    assert (result.received, result.passed) == (5, 3)


def test_several_benchmarks_are_one_table(tmp_path: Path) -> None:
    paths = {name: write(tmp_path / f"{name}.jsonl", {"id": "1", "question": f"{name}?"}) for name in ("b", "a")}
    assert read_benchmarks(paths).rows["benchmark"].to_list() == ["a", "b"]
    assert read_benchmarks({}).rows.schema == BENCHMARK_ITEMS.schema


def test_a_file_without_questions_is_named_with_its_columns(tmp_path: Path) -> None:
    with pytest.raises(SynthAssetsError, match=r"b\.jsonl.*answer, task.*question, problem, prompt"):
        read_benchmarks({"b": write(tmp_path / "b.jsonl", {"task": "x", "answer": "y"})})
    with pytest.raises(SynthAssetsError, match="no row with a question"):
        read_benchmarks({"b": write(tmp_path / "b.jsonl", {"question": "", "answer": "y"})})
    with pytest.raises(SynthAssetsError, match=r"absent\.jsonl"):
        read_benchmarks({"b": str(tmp_path / "absent.jsonl")})
    (tmp_path / "b.parquet").write_bytes(b"PAR1")
    with pytest.raises(SynthAssetsError, match=r"b\.parquet"):
        read_benchmarks({"b": str(tmp_path / "b.parquet")})


def test_a_csv_file_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text('id,Question,answer\n007,"Two,\nthree?",5\n8,,6\n', encoding="utf-8")
    result = read_benchmarks({"b": str(path)})
    assert result.rows.rows() == [("b", "007", "Two,\nthree?", "5")]
    assert result.quarantined["id"].to_list() == ["8#1"]
    (tmp_path / "torn.csv").write_bytes(b"question\na,b,c\n")
    with pytest.raises(SynthAssetsError, match=r"torn\.csv cannot be read"):
        read_benchmarks({"b": str(tmp_path / "torn.csv")})


def test_other_formats_are_refused_with_those_that_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(SynthAssetsError, match=r"b\.json is not a \.jsonl, \.jsonl\.gz, \.parquet or \.csv file"):
        read_benchmarks({"b": str(tmp_path / "b.json")})


ROW = {"Context": "Tom has 3 pears.", "Ask": "How many?", "Reply": [3, "three"], "Key": 7, "answer": "4"}


@pytest.mark.parametrize(
    ("columns", "read"),
    [
        ({"question": "ask"}, ("b/0", "How many?", "4")),
        ({"question": ("Context", "Ask"), "answer": "Reply"}, ("b/0", "Tom has 3 pears. How many?", "3, three")),
        ({"question": "Ask", "answer": "reply", "id": "KEY"}, ("7", "How many?", "3, three")),
    ],
)
def test_columns_can_be_named(tmp_path: Path, columns: dict[str, str], read: tuple[str, str, str]) -> None:
    file = BenchmarkFile(path=write(tmp_path / "b.jsonl", ROW), **columns)
    assert read_benchmarks({"b": file}).rows.rows() == [("b", *read)]


def test_a_named_column_that_is_missing_is_told_with_its_setting(tmp_path: Path) -> None:
    path = write(tmp_path / "b.jsonl", ROW)
    for setting in ("question", "answer", "id"):
        file = BenchmarkFile(path=path, **{"question": "Ask", setting: "absent"})
        with pytest.raises(
            SynthAssetsError,
            match=rf"b\.jsonl has the columns answer, ask, .*no absent; mend benchmarks\.b\.{setting} in",
        ):
            read_benchmarks({"b": file})


def test_what_is_named_goes_before_what_is_known(tmp_path: Path) -> None:
    row = {"prompt": "def one():", "canonical_solution": "1", "entry_point": "one", "docstring": "One."}
    file = BenchmarkFile(path=write(tmp_path / "b.jsonl", row), question="docstring")
    assert read_benchmarks({"humaneval": file}).rows.rows() == [("humaneval", "humaneval/0", "One.", "1")]
