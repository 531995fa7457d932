"""Known benchmarks are read by their own columns, found by name or by what a file holds; nothing is downloaded."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth_assets.corpus.benchmarks import FORMATS, read_benchmarks
from synth_assets.corpus.known_benchmarks import KNOWN, known_benchmark, known_benchmarks_table, named_benchmark
from synth_assets.tables import BENCHMARK_ITEMS
from synth_assets_tests.corpus.conftest import REPOSITORY

Row = dict[str, Any]

CHOICES = {"question": "Which is prime?", "choices": ["4", "5"], "answer": 1}
MCQ = "Which is prime?\nA. 4\nB. 5"
CODE = {"task_id": "HumanEval/0", "prompt": "def one():", "canonical_solution": "    return 1", "entry_point": "one"}
OLYMPIAD = {"id": 9, "context": None, "question": "Find n.", "final_answer": ["3", "5"], "subfield": "Algebra"}
GPQA = {"Record ID": "rec1", "Question": "Why?", "Correct Answer": "So.", "Incorrect Answer 1": "Not so."}
SVAMP = {"ID": "chal-1", "Body": "Tom has 3 pears.", "Question": "How many?", "Equation": "3", "Answer": "3.0"}
COLLEGE = {"data_source": "book", "question_number": "1.2", "question": "Simplify $2x - x$", "answer": "$x$"}
AQUA = {"question": "Which is prime?", "options": ["A)4", "B)5"], "rationale": "5 is.", "correct": "B"}
ARC = {"id": "A_1", "question": "What falls?", "choices": {"text": ["a", "b"], "label": ["A", "B"]}, "answerKey": "B"}

ROWS: list[tuple[str, Row, tuple[str, str, str | None]]] = [
    ("gsm8k", {"question": "1 + 1?", "answer": "It is 2.\n#### 2"}, ("gsm8k/0", "1 + 1?", "It is 2.\n#### 2")),
    ("gsm_hard", {"input": "1 + 1?", "code": "2", "target": 2.0}, ("gsm_hard/0", "1 + 1?", "2.0")),
    ("math", {"problem": "1 + 1?", "level": "Level 1", "solution": "2"}, ("math/0", "1 + 1?", "2")),
    ("MATH-500", {"problem": "1?", "solution": "It is.", "answer": "1", "unique_id": "t/1"}, ("t/1", "1?", "1")),
    ("svamp", SVAMP, ("chal-1", "Tom has 3 pears. How many?", "3.0")),
    ("asdiv", {"body": "Two pears.", "question": "How many?", "answer": "2"}, ("asdiv/0", "Two pears. How many?", "2")),
    ("mawps", {"input": "1 + 1?", "target": "2"}, ("mawps/0", "1 + 1?", "2")),
    ("AQuA-RAT", AQUA, ("AQuA-RAT/0", "Which is prime?\nA)4\nB)5", "B")),
    ("olympiadbench", OLYMPIAD, ("9", "Find n.", "3, 5")),
    ("olympiadbench", OLYMPIAD | {"context": "Let n > 2."}, ("9", "Let n > 2. Find n.", "3, 5")),
    ("college_math", COLLEGE, ("1.2", "Simplify $2x - x$", "$x$")),
    ("mmlu_stem", CHOICES, ("mmlu_stem/0", MCQ, "1")),
    ("arc_challenge", ARC, ("A_1", "What falls?", "B")),
    ("gpqa_diamond", GPQA, ("rec1", "Why?", "So.")),
    ("humaneval", CODE, ("HumanEval/0", "def one():", "return 1")),
    (
        "mbpp",
        {"task_id": 11, "text": "Write one.", "code": "1", "test_list": ["one() == 1"]},
        ("11", "Write one.", "1"),
    ),
]


def read(tmp_path: Path, name: str, *rows: Row) -> list[tuple[Any, ...]]:
    path = tmp_path / "items.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return read_benchmarks({name: str(path)}).rows.drop("benchmark").rows()


@pytest.mark.parametrize(("name", "row", "item"), ROWS)
def test_a_known_benchmark_is_read_by_its_columns(
    tmp_path: Path, name: str, row: Row, item: tuple[str, str, str | None]
) -> None:
    assert read(tmp_path, name, row) == [item]


@pytest.mark.parametrize(
    ("row", "item"),
    [
        (CHOICES | {"subject": "number_theory"}, ("mine/0", MCQ, "1")),
        ({"question_id": 5, "question": "Which is prime?", "options": ["4", "5"], "answer_index": 1}, ("5", MCQ, None)),
        (CODE, ("HumanEval/0", "def one():", "return 1")),
        (GPQA, ("rec1", "Why?", "So.")),
        (ARC, ("A_1", "What falls?", "B")),
        (OLYMPIAD, ("9", "Find n.", "3, 5")),
        ({"task_id": 3, "prompt": "Write one.", "code": "1", "test_list": []}, ("3", "Write one.", "1")),
    ],
)
def test_a_file_that_can_be_none_other_is_known_under_any_name(tmp_path: Path, row: Row, item: tuple[str, ...]) -> None:
    assert read(tmp_path, "mine", row) == [item]


def test_lists_of_choices_are_read_from_parquet_too(tmp_path: Path) -> None:
    path = tmp_path / "mmlu.parquet"
    pl.DataFrame([CHOICES]).write_parquet(path)
    assert read_benchmarks({"mmlu": str(path)}).rows["question"].to_list() == [MCQ]


def test_a_copy_in_another_form_is_read_by_the_usual_names(tmp_path: Path) -> None:
    joined = {"id": "asdiv/7", "question": "Two pears. How many?", "answer": "2"}
    assert read(tmp_path, "asdiv", joined) == [("asdiv/7", "Two pears. How many?", "2")]
    assert read(tmp_path, "minerva_math", {"problem": "Why?", "solution": "So."}) == [("minerva_math/0", "Why?", "So.")]


@pytest.mark.parametrize("name", ["MATH-500", "math_500", "Math 500", "math500"])
def test_names_count_without_case_and_punctuation(name: str) -> None:
    assert named_benchmark(name) is KNOWN["math_500"]


def test_a_name_that_only_begins_like_a_known_one_is_another() -> None:
    assert named_benchmark("mathematics") is None
    assert known_benchmark("gsm8k_train_of_mine", ["question", "answer"]) is None


def test_every_known_benchmark_can_be_told_apart_and_given_as_it_stands_in_the_table() -> None:
    table = known_benchmarks_table()
    assert table["name"].to_list() == list(KNOWN)
    assert len({named_benchmark(known.title) for known in KNOWN.values()}) == len(KNOWN)
    for name, known in KNOWN.items():
        assert known_benchmark(name, [column.lower() for column in known.question]) is known
        assert all(mark == mark.lower() for mark in known.marks)
        assert known.file is None or (known.data_set and known.file.endswith(FORMATS)), name
        assert known.data_set or known.note, name
    row = table.row(by_predicate=pl.col("name") == "mmlu", named=True)
    assert (row["data_set"], row["question"]) == ("cais/mmlu (all)", "question + choices")
    assert row["address"] == "hf://datasets/cais/mmlu/all/test-00000-of-00001.parquet"


@pytest.mark.parametrize(("name", "count"), [("gsm8k", 1_319), ("svamp", 1_000), ("asdiv", 2_215), ("amc23", 40)])
def test_the_copies_at_hand_lose_no_item(shared_benchmarks: Path, name: str, count: int) -> None:
    path = shared_benchmarks / f"{name}.jsonl"
    result = read_benchmarks({name: str(path)})
    assert (result.received, result.rows.height, result.rows.schema) == (count, count, BENCHMARK_ITEMS.schema)
    assert result.rows["item_id"][0] == f"{name}/0"


def test_the_guide_names_every_known_benchmark_with_its_columns() -> None:
    guide = (REPOSITORY / "docs" / "own_benchmark.md").read_text(encoding="utf-8")
    for name, known in KNOWN.items():
        (row,) = (line for line in guide.splitlines() if line.startswith(f"| `{name}` |"))
        told = (*known.question, known.choices, known.answer, known.data_set, known.file)
        assert all(f"`{part}`" in row for part in told if part), row
        assert (known.licence or "—") in row
