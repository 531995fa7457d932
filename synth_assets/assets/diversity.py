"""How different the questions of each method are, beside how well students learn from them."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_out
from synth_assets.assets.decontamination import questions_embedded
from synth_assets.assets.embedders import told_of
from synth_assets.assets.teaching import Teaching
from synth_assets.automation.transience import retried
from synth_assets.lake.lake import Lake
from synth_assets.markdown import frame
from synth_assets.settings import Settings

_MEASURES = ("", "_samples", "_figures", "_documents", "_wording", "_concepts")
_ROOMS = (
    *(f"synth_assets.comparison.diversity{name}" for name in _MEASURES),
    *("synth_assets.comparison.similarity", "synth_assets.comparison.crossed"),
    *(f"synth_assets.decontamination.{name}" for name in ("normalising", "words", "word_loops", "shingles")),
    *(f"synth_assets.decontamination.{name}" for name in ("shingle_loops", "signatures", "duplicates", "buckets")),
    *(f"synth_assets.decontamination.{name}" for name in ("keeping", "keeping_loops")),
)
_FOLLOWS = ("decontamination.duplicate_similarity", "question_embedder")


@dg.multi_asset(
    outs={
        table.name: table_out(table, group="comparison", rooms=_ROOMS, follows=_FOLLOWS, kinds=("scikitlearn",))
        for table in (tables.DIVERSITY_HISTOGRAMS, tables.METHOD_DIVERSITY)
    },
    ins={"questions": dg.AssetIn(partition_mapping=dg.AllPartitionMapping())},
)
@retried
def question_diversity(
    questions: pl.LazyFrame,
    concept_nodes: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teaching],
    lake: dg.ResourceParam[Lake],
) -> Iterator[dg.Output[Any]]:
    """Of `questions`, what a method wrote: `training_qa` no longer has what repeats another question of any method."""
    from synth_assets.comparison.diversity import TextVectors, diversity_of
    from synth_assets.comparison.diversity_samples import drawn
    from synth_assets.decontamination.duplicates import duplicates_among

    samples = drawn(questions.select("method", "question_id", "documents").collect())
    columns = questions.select("question_id", "question", "key_concepts")
    looked_at = columns.join(samples.ids().lazy(), on="question_id", how="semi").collect()
    texts = samples.of_documents["question_id"].n_unique()
    with questions_embedded(settings, teacher, lake, "method_diversity", texts) as embedder:
        found = diversity_of(
            samples,
            looked_at,
            concept_nodes,
            lambda ids, texts: duplicates_among(ids, texts, settings.decontamination.duplicate_similarity),
            TextVectors(embedder.name, embedder.embed) if embedder else None,
        )
    figures, histograms = found.rows(), found.histograms()
    yield dg.Output(histograms, output_name="diversity_histograms", metadata=_drawn(histograms))
    yield dg.Output(figures, output_name="method_diversity", metadata={**_told(figures), **told_of(embedder)})


def _drawn(histograms: pl.DataFrame) -> dict[str, Any]:
    if histograms.is_empty():
        return {}
    from synth_assets.comparison.diversity_pictures import diversity_picture

    return {"how different": dg.MetadataValue.md(diversity_picture(histograms).markdown)}


def _told(figures: pl.DataFrame) -> dict[str, Any]:
    if figures["method"].n_unique() < 2:
        return {}
    from synth_assets.comparison.diversity_results import diversity_summary, similarity_differences

    return {
        "on equal terms": dg.MetadataValue.md(frame(diversity_summary(figures))),
        "within a document": dg.MetadataValue.md(frame(similarity_differences(figures))),
    }
