"""The training data in the layouts trainers read, with provenance beside the training fields.

`messages` and `prompt_completion` are Parquet as TRL and the Hugging Face hub read them; `sharegpt` and `alpaca` are
JSON as their tools expect.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from synth_assets.final_answers import with_final_answer
from synth_assets.reports.card import dataset_card
from synth_assets.reports.files import write_whole

PROVENANCE = ("qa_id", "method", "school_level", "topics", "key_concepts", "documents", "teacher", "prompt_version")
"""Columns beside the training fields in every format."""

FORMATS = ("messages", "prompt-completion", "sharegpt", "alpaca")


def export_training_data(training_qa: pl.DataFrame, questions: pl.DataFrame, layout: str, folder: Path) -> list[Path]:
    """Write `training_qa` to `folder` in one layout of FORMATS, with its dataset card; returns the files written.

    `questions` gives the teacher and prompt version of each row. Rows are in the order of their ids.
    """
    rows = _with_responses(with_provenance(training_qa, questions))
    name = f"train-{layout}"
    if layout in _PARQUET:
        data = folder / f"{name}.parquet"
        _write_parquet(_PARQUET[layout](rows), data)
    else:
        data = folder / f"{name}.json"
        records = [_JSON[layout](row) | _provenance(row) for row in rows.iter_rows(named=True)]
        write_whole(data, (json.dumps(records, ensure_ascii=False, indent=1) + "\n").encode())
    card = write_whole(folder / "README.md", dataset_card(rows, [data.name], layout).encode())
    return [data, card]


def with_provenance(training_qa: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """`training_qa` with the teacher and prompt version that wrote each question, in the order of ids."""
    made = questions.select(qa_id="question_id", teacher="teacher", prompt_version="prompt_version")
    return training_qa.join(made, on="qa_id", how="left").sort("qa_id")


def _with_responses(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the worked solution followed by the final answer, as students are trained on it."""
    responses = [with_final_answer(*answer) for answer in rows.select("answer", "final_answer").iter_rows()]
    return rows.with_columns(pl.Series("response", responses, pl.String))


def _messages(rows: pl.DataFrame) -> pl.DataFrame:
    turn = [
        pl.struct(role=pl.lit("user"), content=pl.col("question")),
        pl.struct(role=pl.lit("assistant"), content=pl.col("response")),
    ]
    return rows.select(pl.concat_list(turn).alias("messages"), *PROVENANCE)


def _prompt_completion(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(prompt="question", completion="response").hstack(rows.select(PROVENANCE))


def _sharegpt(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "conversations": [
            {"from": "human", "value": row["question"]},
            {"from": "gpt", "value": row["response"]},
        ]
    }


def _alpaca(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"instruction": row["question"], "input": "", "output": row["response"]}


_PARQUET: Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "messages": _messages,
    "prompt-completion": _prompt_completion,
}
_JSON: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {"sharegpt": _sharegpt, "alpaca": _alpaca}


def _provenance(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in PROVENANCE}


def _write_parquet(rows: pl.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    rows.write_parquet(aside)
    aside.replace(path)
