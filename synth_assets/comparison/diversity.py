"""How different the questions of each method are from each other: all measures over all methods, as rows.

What lives here: putting the measures together. Which questions are looked at is `diversity_samples.py`'s subject, what
is measured that of `diversity_documents.py`, `diversity_wording.py` and `diversity_concepts.py`. What counts as a near
duplicate, and the vectors of a model, come from outside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth_assets.comparison.diversity_concepts import concepts_compared
from synth_assets.comparison.diversity_documents import documents_compared
from synth_assets.comparison.diversity_figures import ALL, NEAR_DUPLICATES, QUESTIONS, Figure, Findings
from synth_assets.comparison.diversity_samples import Samples
from synth_assets.comparison.diversity_wording import wording_compared
from synth_assets.comparison.similarity import TFIDF, Vectors, tfidf, words_of

Repeats = Callable[[pl.Series, pl.Series], pl.DataFrame]
"""Given ids and as many questions, those that repeat another: columns `id` and `kept_id`, the one that stays."""


@dataclass(frozen=True)
class TextVectors:
    """What turns texts into vectors: its name, and the function, of shape (texts, dimensions)."""

    name: str
    embed: Callable[[Sequence[str]], NDArray[np.float32]]


def diversity_of(
    samples: Samples, questions: pl.DataFrame, nodes: pl.DataFrame, repeats: Repeats, model: TextVectors | None = None
) -> Findings:
    """All measures; none where there is no question.

    Args:
        samples: Which questions to look at.
        questions: Those, in any order: columns `question_id`, `question` and `key_concepts` of `tables.QUESTIONS`.
        nodes: Rows of `tables.CONCEPT_NODES`.
        repeats: Finds near duplicates among the questions of one method.
        model: Whose vectors to compare; TF-IDF where there is none.
    """
    found = Findings()
    if not samples.methods:
        return found
    rows = samples.ranked.join(questions, on="question_id", maintain_order="left")
    of = {method: rows.filter(method=method) for method in samples.methods}
    part = {
        method: "" if own.height == samples.totals[method] else f"; {own.height:,} of {samples.totals[method]:,}"
        for method, own in of.items()
    }
    compared = questions.join(samples.of_documents, on="question_id", how="semi").sort("question_id")
    if compared.height:
        vectors, by = _vectors(compared["question"], model)
        documents_compared(samples, compared["question_id"], vectors, by, found)
    wording_compared({method: own["question"] for method, own in of.items()}, samples.smallest, part, found)
    concepts_compared(of, nodes, samples.smallest, part, found)
    for method, own in of.items():
        _near_duplicates(method, own, samples.smallest, repeats, part[method], found)
    return found


def _vectors(texts: pl.Series, model: TextVectors | None) -> tuple[Vectors, str]:
    if model is None:
        return tfidf(words_of(texts)), TFIDF
    return model.embed(texts.to_list()), f"vectors of {model.name}"


def _near_duplicates(method: str, rows: pl.DataFrame, smallest: int, repeats: Repeats, part: str, to: Findings) -> None:
    how = f"questions that repeat another of the method, word by word or nearly / questions{part}"
    for basis, sample in ((ALL, rows), (QUESTIONS, rows.head(smallest))):
        gone = repeats(sample["question_id"], sample["question"])
        to.figures.append(Figure(method, NEAR_DUPLICATES, basis, gone.height / sample.height, sample.height, how))
        if basis == QUESTIONS:
            kept = sample.select("question_id").join(gone, left_on="question_id", right_on="id", how="left")
            alike = pl.len().over(pl.coalesce("kept_id", "question_id"))
            to.counts[method, NEAR_DUPLICATES] = kept.select(alike.cast(pl.Int64)).to_series().to_numpy()
