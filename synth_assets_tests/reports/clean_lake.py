"""A lake with nothing in it but pairs of two methods, two benchmarks, what they have in common, and duplicates."""

from pathlib import Path

import polars as pl

from synth_assets import tables
from synth_assets.lake import Lake
from synth_assets.settings import Settings

PAIRS = 40
"""Pairs of each method."""

MATCHES = [
    # qa_id, item_id, part, rule, score, span
    ("level_1-00", "i0", "question", "exact", 1.0, "how many plums are 0 plums and 7 plums"),
    ("level_1-01", "i0", "question", "ngram_8", 0.6, "how many plums are"),
    ("level_1-01", "i0", "answer", "ngram_13", 0.5, "nowhere to be found"),
    ("level_1-01", "i1", "question", "ngram_13", 0.5, "how many plums are"),
    ("level_1-02", "i0", "question", "exact_digits_folded", 1.0, "how many plums are 2 plums and 7 plums"),
    *(
        (f"level_2-{n:02}", f"i{n % 3}", "question", "coverage_8", 0.51 + n / 100, "plums and 7 plums")
        for n in range(9)
    ),
    ("level_2-09", "i2", "question", "judged", 0.7, ""),
    ("level_2-10", "i2", "question", "rephrased", 0.6, ""),
]


def pairs() -> pl.DataFrame:
    """Rows of `qa_pairs` for `level_1` and `level_2`."""
    rows = [
        {
            "method": method,
            "shard": "s",
            "qa_id": f"{method}-{number:02}",
            "question": f"How many plums <b>are {number}</b> plums and 7 plums?",
            "answer": f"{number} and 7 make {number + 7}.",
            "final_answer": str(number + 7),
            "samples": 1,
            "agreement": 1.0,
            "judged": None,
            "prompt_tokens": 1,
            "completion_tokens": 1,
            "teacher": "t",
            "prompt_version": "v",
            "request_hash": "h",
        }
        for method in ("level_1", "level_2")
        for number in range(PAIRS)
    ]
    return pl.DataFrame(rows, tables.QA_PAIRS.schema)


def benchmark_items() -> pl.DataFrame:
    """Ten items of `plums`, of which three are met, and one of `pears`."""
    rows = [("plums", f"i{number}", f"How many plums are {number} plums and 7 plums?", "7") for number in range(10)]
    return pl.DataFrame([*rows, ("pears", "p", "Why pears?", None)], tables.BENCHMARK_ITEMS.schema, orient="row")


def contamination() -> pl.DataFrame:
    """Rows of `contamination`, those of `MATCHES`."""
    rows = [(qa_id[:7], "s", qa_id, "plums", item, *match, f"The item {item}.") for qa_id, item, *match in MATCHES]
    return pl.DataFrame(rows, tables.CONTAMINATION.schema, orient="row")


def comparisons() -> pl.DataFrame:
    """What was compared: all but the pairs of `level_2` with `pears`."""
    rows = [
        ("level_1", "s", "plums", "b", "p", "r", 10, PAIRS, 3, 0, 0),
        ("level_2", "s", "plums", "b", "p", "r", 10, PAIRS, 11, 5, 4),
        ("level_1", "s", "pears", "b", "p", "r", 1, PAIRS, 0, 0, 0),
    ]
    return pl.DataFrame(rows, tables.BENCHMARK_COMPARISONS.schema, orient="row")


def duplicates() -> pl.DataFrame:
    """A cluster of 36, of which one is kept, and one of three, of which two are."""
    first, last = "level_1-00", "level_1-39"
    many = [(f"level_2-{number:02}", first, "near", 0.8 + number / 200, first) for number in range(35)]
    few = [
        ("level_1-38", last, "exact", 1.0, "level_1-37"),
        ("level_1-36", "level_1-37", "semantic", 0.9, "level_1-37"),
    ]
    return pl.DataFrame([*many, *few], tables.DUPLICATES.schema, orient="row")


def clean_lake(folder: Path, recorded: bool = True, repeated: bool = True) -> Lake:
    """The lake, without a record of what was compared, or without duplicates, where asked for."""
    lake = Lake(Settings().lake_in(folder))
    lake.create()
    rows = {"qa_pairs": pairs(), "benchmark_items": benchmark_items(), "contamination": contamination()}
    rows |= {"benchmark_comparisons": comparisons()} if recorded else {}
    rows |= {"duplicates": duplicates()} if repeated else {}
    lake.append(rows, "by hand")
    return lake
