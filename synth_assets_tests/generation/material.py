"""Two shards of documents with concepts, and walks that refer across them."""

import polars as pl

from synth_assets.generation.methods.error_extrapolation import ERROR_EXTRAPOLATION, ROUNDS
from synth_assets.tables import CONCEPT_WALKS, DOCUMENT_CONCEPTS, STUDENT_MISTAKES

DOCUMENTS = pl.DataFrame(
    [
        ("north", "n1", "Bread", "Rosa bakes."),
        ("north", "n2", "Boats", "Boats sail."),
        ("north", "n3", "Empty", "Nothing to learn."),
        ("south", "s1", "Tiles", "Tiles are square."),
    ],
    schema=["shard", "document_id", "title", "text"],
    orient="row",
)


def concepts(*pairs: tuple[str, str, str]) -> pl.DataFrame:
    """Rows of document_concepts from (document, topic, key concept)."""
    blank = dict.fromkeys(DOCUMENT_CONCEPTS.columns, "")
    rows = [blank | {"document_id": document, "topic": topic, "key_concept": name} for document, topic, name in pairs]
    return pl.DataFrame(rows, schema=DOCUMENT_CONCEPTS.schema)


CONCEPTS = concepts(
    ("n1", "ratio", "proportion"),
    ("n1", "fractions", "numerator"),
    ("n2", "vectors", "resultant"),
    ("s1", "area", "square"),
    ("s1", "ratio", "proportion"),
)


def walks(*walks: tuple[str, str, str, str | None]) -> pl.DataFrame:
    """Rows of concept_walks from (shard, id, first reference, second reference), all over the same three concepts."""
    rows = [
        {
            "shard": shard,
            "walk_id": walk_id,
            "start_topic": "ratio",
            "epoch": 0,
            "topics": ["ratio", "area"],
            "key_concepts": ["proportion", "square", "proportion"],
            "key_concept_topics": ["ratio", "area", "ratio"],
            "reference_1": first,
            "similarity_1": 0.5,
            "reference_2": second,
            "similarity_2": None if second is None else 0.25,
        }
        for shard, walk_id, first, second in walks
    ]
    return pl.DataFrame(rows, schema=CONCEPT_WALKS.schema)


MISTAKES = pl.DataFrame(
    [
        {
            **{"method": f"{ERROR_EXTRAPOLATION}_{number}", "problem_id": f"p{number}{place}"},
            **{"question": f"How many are {number} and {place}?", "solution": "Count.", "final_answer": "9"},
            **{"written": "8", "recipe": None, "student": "student-23k", "trained_pairs": 10, "asked": 4},
        }
        for number in range(1, ROUNDS + 1)
        for place in range(3)
    ],
    schema=STUDENT_MISTAKES.schema,
)
"""Rows of student_mistakes, three a round."""
