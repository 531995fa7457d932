"""Questions of methods as tests write them down, and what is found of their diversity."""

from collections.abc import Mapping, Sequence

import polars as pl

from synth_assets import tables
from synth_assets.comparison.diversity import TextVectors, diversity_of
from synth_assets.comparison.diversity_figures import Findings
from synth_assets.comparison.diversity_samples import QUESTIONS, TEXTS, drawn
from synth_assets.decontamination.duplicates import duplicates_among

Written = tuple[str, Sequence[str], Sequence[str]]
"""A question, its documents and its key concepts."""


def questions(of: Mapping[str, Sequence[Written]]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                **{"method": method, "question_id": f"{method}-{place}", "question": text},
                **{"documents": list(documents), "key_concepts": list(concepts)},
            }
            for method, each in of.items()
            for place, (text, documents, concepts) in enumerate(each)
        ],
        schema={name: tables.QUESTIONS.schema[name] for name in COLUMNS},
    )


COLUMNS = ("method", "question_id", "question", "documents", "key_concepts")


def nodes(*names: str, **spellings: Sequence[str]) -> pl.DataFrame:
    rows = [
        {
            **{"concept": place, "kind": "key_concept", "name": name, "documents": 1, "degree": 0},
            **{"home_shard": "a", "spellings": [name, *spellings.get(name, ())]},
        }
        for place, name in enumerate(names)
    ]
    return pl.DataFrame(rows, schema=tables.CONCEPT_NODES.schema)


def found(
    written: pl.DataFrame,
    graph: pl.DataFrame | None = None,
    model: TextVectors | None = None,
    most: int = QUESTIONS,
    texts: int = TEXTS,
) -> Findings:
    samples = drawn(written.select("method", "question_id", "documents"), most, texts)
    columns = written.select("question_id", "question", "key_concepts")
    return diversity_of(samples, columns, nodes("a", "b", "c", "d") if graph is None else graph, repeats, model)


def repeats(ids: pl.Series, texts: pl.Series) -> pl.DataFrame:
    return duplicates_among(ids, texts)


def value(of: Findings, method: str, measure: str, basis: str = "questions", against: str = "") -> float:
    row = of.rows().row(
        by_predicate=(pl.col("method") == method)
        & (pl.col("measure") == measure)
        & (pl.col("basis") == basis)
        & (pl.col("against") == against),
        named=True,
    )
    return float(row["value"])
