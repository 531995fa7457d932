"""Gathering what the methods write from out of the tables of the road."""

from dataclasses import replace

import polars as pl

from synth_assets.generation.methods.method import Material
from synth_assets.teachers.tasks import Concept, Mistake, SourceDocument


def gather_material(
    documents: pl.DataFrame,
    document_concepts: pl.DataFrame,
    walks: pl.DataFrame,
    elsewhere: pl.LazyFrame,
    mistakes: pl.DataFrame | None = None,
) -> Material:
    """The material of some shards.

    documents: their reference documents (shard, document_id, title, text). document_concepts and walks: their rows.
    elsewhere: every document of the corpus, read only for the references of walks that lie in other shards.
    mistakes: rows of student_mistakes.
    """
    references = pl.concat([walks["reference_1"], walks["reference_2"]]).drop_nulls().unique()
    away = references.filter(~references.is_in(documents["document_id"].implode()))
    columns = ["document_id", "title", "text"]
    texts = documents.select(columns)
    if away.len():
        texts = pl.concat(
            [texts, elsewhere.filter(pl.col("document_id").is_in(away.implode())).select(columns).collect()]
        )
    known = {
        document_id: SourceDocument(document_id=document_id, title=title, text=text)
        for document_id, title, text in texts.select(columns).iter_rows()
    }
    own: dict[str, dict[str, Concept]] = {}
    for document_id, topic, name in document_concepts.select("document_id", "topic", "key_concept").iter_rows():
        own.setdefault(document_id, {}).setdefault(name, Concept(topic=topic, name=name))
    return Material(
        documents=known,
        concepts={document_id: tuple(concepts.values()) for document_id, concepts in own.items()},
        shard_of=dict(documents.select("document_id", "shard").iter_rows()),
        walks=walks,
        mistakes=_by_method(mistakes) if mistakes is not None else {},
    )


def with_mistakes(material: Material, mistakes: pl.DataFrame) -> Material:
    """The same material with these rows of student_mistakes."""
    return replace(material, mistakes=_by_method(mistakes))


def _by_method(mistakes: pl.DataFrame) -> dict[str, tuple[Mistake, ...]]:
    """In the order of their ids: a method shuffles them."""
    found: dict[str, list[Mistake]] = {}
    for row in mistakes.sort("method", "problem_id").iter_rows(named=True):
        told = {name: row[name] for name in ("question", "solution", "final_answer", "recipe")}
        found.setdefault(row["method"], []).append(Mistake(**told))
    return {method: tuple(told) for method, told in found.items()}
