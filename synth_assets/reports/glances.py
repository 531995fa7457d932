"""What a person wants to see of a stage at a glance: for each table a picture or tables, from the rows just made.

What lives here: Markdown from the rows and quarantined rows of one materialisation. The page of an asset shows it; the
report, over the whole lake, is `report.py`'s. Examples are the first by the hash of their id: repeatable, not picked.
"""

from collections.abc import Callable, Mapping

import polars as pl

from synth_assets.markdown import frame
from synth_assets.reports.glance_pictures import bars, histogram
from synth_assets.tables import StageResult

LISTED = 12
"""Rows of a table."""
EXAMPLES = 2
"""Examples of each kind."""
LONG = 300
"""Characters of a text shown as an example."""
LENGTHS = (0, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000)
SCORES = tuple(1 + 0.5 * place for place in range(19))
SHARES = tuple(place / 10 for place in range(11))
TOKENS = (1, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192)

Glance = Mapping[str, str]
"""Markdown by what it is called."""


def glance(table: str, result: StageResult) -> Glance:
    """What to show of the rows of a table; nothing where there are none, or where the asset shows its own."""
    found = GLANCES[table](result.rows) if table in GLANCES and result.rows.height else {}
    return {**found, **_left_out(result.quarantined)}


def _left_out(quarantined: pl.DataFrame) -> Glance:
    """The reasons for which rows left the road, with an example of each."""
    if quarantined.is_empty():
        return {}
    counted = quarantined.sort("id").group_by("reason", maintain_order=True)
    told = counted.agg(rows=pl.len(), example=pl.col("id").first(), detail=pl.col("detail").first())
    return {"left the road": frame(_most(told.select("reason", "rows", "example", "detail")), LONG)}


def _most(counted: pl.DataFrame, by: str = "rows") -> pl.DataFrame:
    return counted.sort(by, counted.columns[0], descending=[True, False]).head(LISTED)


def _examples(rows: pl.DataFrame, by: str, key: str, *columns: str) -> pl.DataFrame:
    chosen = rows.sort(by, pl.col(key).hash(seed=0), key).group_by(by, maintain_order=True).head(EXAMPLES)
    return chosen.select(by, *columns)


def _documents(rows: pl.DataFrame) -> Glance:
    sources = rows.group_by("source").agg(
        documents=pl.len(), characters=pl.sum("characters"), median=pl.median("characters").cast(pl.Int64)
    )
    return {
        "lengths": histogram({"documents": rows["characters"]}, LENGTHS, "characters of text", "documents"),
        "sources": frame(_most(sources, "documents")),
    }


def _domain_ratings(rows: pl.DataFrame) -> Glance:
    by_origin = {
        str(origin): of["score"] for (origin,), of in rows.sort("origin").group_by("origin", maintain_order=True)
    }
    counted = rows.group_by("round", "origin", "chosen").agg(
        rated=pl.len(), mean_score=pl.mean("score"), held_out=pl.sum("held_out")
    )
    return {
        "scores of the teacher": histogram(by_origin, SCORES, "score, 1 to 10", "rated"),
        "rounds": frame(counted.sort("round", "origin", "chosen")),
    }


def _document_concepts(rows: pl.DataFrame) -> Glance:
    of_topics = rows.group_by("topic").agg(
        documents=pl.col("document_id").n_unique(),
        key_concepts=pl.col("key_concept").n_unique(),
        most_frequent=pl.col("key_concept").value_counts(sort=True).struct.field("key_concept").head(5),
    )
    a_document = rows.group_by("document_id").len()["len"]
    return {
        "topics": frame(_most(of_topics, "documents"), LONG),
        "key concepts a document": histogram(
            {"documents": a_document}, tuple(range(1, 22)), "key concepts", "documents"
        ),
    }


def _concept_frequencies(rows: pl.DataFrame) -> Glance:
    return {
        f"most frequent {str(kind).replace('_', ' ')}s": frame(_most(of.select("name", "documents"), "documents"))
        for (kind,), of in rows.group_by("shard", "kind", "name")
        .agg(pl.sum("documents"))
        .sort("kind")
        .group_by("kind", maintain_order=True)
    }


def _concept_cooccurrence(rows: pl.DataFrame) -> Glance:
    edges = (1, 2, 3, 4, 5, 6, 8, 10, 20, 50, 100, 1_000)
    return {"how often pairs meet": histogram({"pairs": rows["documents"]}, edges, "documents that hold both", "pairs")}


def _concept_walks(rows: pl.DataFrame) -> Glance:
    shown = rows.sort(pl.col("walk_id").hash(seed=0), "walk_id").head(2 * EXAMPLES)
    columns = ("topics", "key_concepts", "reference_1", "similarity_1", "reference_2", "similarity_2")
    similarities = {"first reference": rows["similarity_1"], "second reference": rows["similarity_2"]}
    return {
        "similarity of the references": histogram(similarities, SHARES, "Jaccard similarity to the walk", "walks"),
        "walks": frame(shown.select(columns), LONG),
    }


def _questions(rows: pl.DataFrame) -> Glance:
    return {
        "by method and level": bars(_crossed(rows, "school_level", "method")),
        "examples": frame(_examples(rows, "method", "question_id", "school_level", "question", "key_concepts"), LONG),
    }


def _qa_pairs(rows: pl.DataFrame) -> Glance:
    by_method = {
        str(method): of["agreement"] for (method,), of in rows.sort("method").group_by("method", maintain_order=True)
    }
    return {
        "agreement of the samples": histogram(by_method, SHARES, "share of the samples with this answer", "pairs"),
        "examples": frame(_examples(rows, "method", "qa_id", "question", "final_answer", "agreement"), LONG),
    }


def _benchmark_items(rows: pl.DataFrame) -> Glance:
    words = pl.col("question").str.split(" ").list.len()
    counted = rows.group_by("benchmark").agg(
        items=pl.len(), with_an_answer=pl.col("answer").is_not_null().sum(), median_words=words.median()
    )
    return {
        "benchmarks": frame(counted.sort("benchmark")),
        "examples": frame(_examples(rows, "benchmark", "item_id", "item_id", "question", "answer"), LONG),
    }


def _contamination(rows: pl.DataFrame) -> Glance:
    worst = rows.sort("rule", "score", "qa_id", "item_id", descending=[False, True, False, False])
    shown = worst.group_by("rule", maintain_order=True).head(1)
    return {
        "by rule": bars(_crossed(rows.unique(["qa_id", "rule", "benchmark"]), "benchmark", "rule")),
        "the strongest of each rule": frame(
            shown.select("rule", "benchmark", "item_id", "part", "score", "span", "item_text"), LONG
        ),
    }


def _qa_signatures(rows: pl.DataFrame) -> Glance:
    signed = rows.group_by("method").agg(questions=pl.len(), distinct_texts=pl.col("text_hash").n_unique())
    return {"signed": frame(signed.sort("method"))}


def _duplicates(rows: pl.DataFrame) -> Glance:
    by_rule = {str(rule): of["similarity"] for (rule,), of in rows.sort("rule").group_by("rule", maintain_order=True)}
    edges = tuple(0.5 + place / 20 for place in range(11))
    sizes = rows.group_by("cluster").agg(
        dropped=pl.len(), kept=pl.col("kept_id").first(), rules=pl.col("rule").unique()
    )
    return {
        "similarity to the one kept": histogram(by_rule, edges, "similarity", "dropped"),
        "largest clusters": frame(_most(sizes, "dropped")),
    }


def _training_qa(rows: pl.DataFrame) -> Glance:
    once = rows.with_columns(pl.col("topics").list.unique(maintain_order=True))
    return {
        "by method and level": bars(_crossed(rows, "school_level", "method")),
        "examples": frame(_examples(once, "method", "qa_id", "question", "final_answer", "topics"), LONG),
    }


def _student_tokenizer(rows: pl.DataFrame) -> Glance:
    return {"tokenizer": frame(rows.select("version", "vocabulary", characters=pl.col("tokenizer").str.len_chars()))}


def _training_sets(rows: pl.DataFrame) -> Glance:
    counted = rows.group_by("training_set", "split").agg(rows=pl.len(), tokens=pl.sum("tokens"))
    budgets = (
        rows.drop_nulls("budget")
        .group_by("training_set", "budget")
        .agg(rows_added=pl.len(), tokens_added=pl.sum("tokens"))
    )
    return {
        "lengths": histogram({"rows": rows["tokens"]}, TOKENS, "tokens a row", "rows"),
        "splits": frame(counted.sort("training_set", "split")),
        "budgets": frame(budgets.sort("training_set", "budget")),
    }


def _student_runs(rows: pl.DataFrame) -> Glance:
    columns = ("training_set", "student", "budget", "epochs", "seed", "answer_loss", "error", "seconds")
    return {"runs": frame(rows.sort("training_set", "parameters", "budget", "seed").select(columns))}


def _external_runs(rows: pl.DataFrame) -> Glance:
    return _observed(rows, "training_set", "model", "metric")


def _observations(rows: pl.DataFrame) -> Glance:
    source = "source" if "source" in rows.columns else "file"
    return _observed(rows, source, "training_set", "model", "metric")


def _observed(rows: pl.DataFrame, *by: str) -> Glance:
    curves = rows.group_by(by).agg(
        points=pl.len(),
        tokens_from=pl.min("tokens"),
        tokens_to=pl.max("tokens"),
        first_value=pl.col("value").sort_by("tokens").first(),
        last_value=pl.col("value").sort_by("tokens").last(),
    )
    return {"curves": frame(curves.sort(by))}


def _scaling_predictions(rows: pl.DataFrame) -> Glance:
    asked = rows.filter(pl.col("observed").is_not_null()).with_columns(
        off=(pl.col("value") - pl.col("observed")).abs() / pl.col("observed").abs()
    )
    if asked.is_empty():
        return {}
    columns = ("training_set", "model", "metric", "law", "tokens", "value", "low", "high", "observed", "off")
    return {"held-out budgets": frame(asked.select(columns).sort(columns[:5]).head(40))}


def _files(rows: pl.DataFrame) -> Glance:
    return {"files": frame(rows.select("path", "rows", "bytes"))}


def _crossed(rows: pl.DataFrame, part: str, by: str) -> dict[str, dict[str, int]]:
    """Counts of `part` within each `by`, every `by` with the same parts."""
    counts = {(str(one), str(other)): int(count) for one, other, count in rows.group_by(by, part).len().iter_rows()}
    parts = sorted({other for _, other in counts})
    return {one: {other: counts.get((one, other), 0) for other in parts} for one in sorted({one for one, _ in counts})}


GLANCES: Mapping[str, Callable[[pl.DataFrame], Glance]] = {
    "documents": _documents,
    "domain_ratings": _domain_ratings,
    "document_concepts": _document_concepts,
    "concept_frequencies": _concept_frequencies,
    "concept_cooccurrence": _concept_cooccurrence,
    "concept_walks": _concept_walks,
    "questions": _questions,
    "qa_pairs": _qa_pairs,
    "benchmark_items": _benchmark_items,
    "contamination": _contamination,
    "qa_signatures": _qa_signatures,
    "duplicates": _duplicates,
    "training_qa": _training_qa,
    "student_tokenizer": _student_tokenizer,
    "training_sets": _training_sets,
    "student_runs": _student_runs,
    "external_runs": _external_runs,
    "imported_observations": _observations,
    "scaling_observations": _observations,
    "scaling_predictions": _scaling_predictions,
    "exports": _files,
    "scaling_report": _files,
}
"""The others show pictures of their own: the filter, the graph, the rates, the fits, the conclusions, the card."""
