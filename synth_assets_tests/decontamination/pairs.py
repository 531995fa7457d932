"""Rows to try the rules on."""

import polars as pl

from synth_assets import tables


def qa_pairs(
    questions: dict[str, str],
    answers: dict[str, str] | None = None,
    agreement: dict[str, float] | None = None,
    method: dict[str, str] | None = None,
) -> pl.DataFrame:
    """QA pairs of the given questions by id."""
    ids = list(questions)
    rows = {
        "method": [(method or {}).get(one, "level_1") for one in ids],
        "shard": ["sample"] * len(ids),
        "qa_id": ids,
        "question": list(questions.values()),
        "answer": [(answers or {}).get(one, "Added up, it is 1.") for one in ids],
        "agreement": [(agreement or {}).get(one, 1.0) for one in ids],
    }
    fixed = {
        "final_answer": "1",
        "samples": 1,
        "judged": None,
        "prompt_tokens": 1,
        "completion_tokens": 1,
        "teacher": "t",
        "prompt_version": "1",
        "request_hash": "h",
    }
    frame = pl.DataFrame(rows, schema_overrides={"qa_id": pl.String, "question": pl.String, "agreement": pl.Float64})
    constants = [pl.lit(value).alias(name) for name, value in fixed.items()]
    return tables.QA_PAIRS.conform(frame.with_columns(constants))


def benchmark(questions: dict[str, str], name: str = "held_out") -> pl.DataFrame:
    """Benchmark items of the given questions by id."""
    rows = {"item_id": list(questions), "question": list(questions.values())}
    frame = pl.DataFrame(rows).with_columns(benchmark=pl.lit(name), answer=pl.lit(None, dtype=pl.String))
    return tables.BENCHMARK_ITEMS.conform(frame)


def question_rows(pairs: pl.DataFrame) -> pl.DataFrame:
    """Question rows for QA pairs."""
    return pairs.select(
        "method",
        "shard",
        pl.col("qa_id").alias("question_id"),
        "question",
        origin=pl.lit("new"),
        school_level=pl.lit("primary"),
        documents=pl.concat_list(pl.lit("document-") + pl.col("qa_id")),
        topics=pl.lit(["arithmetic"]),
        key_concepts=pl.lit(["addition"]),
        walk_id=pl.lit(None, dtype=pl.String),
        teacher=pl.lit("t"),
        prompt_version=pl.lit("1"),
        request_hash=pl.lit("h"),
        recipe=pl.lit(None, dtype=pl.String),
    )
