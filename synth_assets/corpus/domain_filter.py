"""The domain filter (paper section 2.1): a cold start from a syllabus, rounds of rating, and a random forest.

The paper names neither the forest nor the text features; ours are in `forest.py` and `embedding.py`. Which documents
are rated is in `ratings.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import spearmanr

from synth_assets.corpus.classifier import Classifier
from synth_assets.corpus.corpus_vectors import Corpus, texts_of
from synth_assets.corpus.embedding import Vectors, fit_hashed_embedder
from synth_assets.corpus.forest import Forest, train_forest
from synth_assets.corpus.ratings import Choice, Rated, Rater, choose
from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.tables import DOMAIN_CLASSIFIER, REFERENCE_DOCUMENTS, StageResult, quarantine_rows
from synth_assets.teachers.asking import Asker

EMBEDDER_DOCUMENTS = 2_000
"""Corpus documents, drawn at random, that the embedder is fitted to."""

BELOW_THRESHOLD = "below_threshold"


class FilterParameters(Protocol):
    """What training needs to be told."""

    @property
    def threshold(self) -> float:
        """Documents scored above this are kept; 6.5 in the paper."""

    @property
    def rounds(self) -> int:
        """Rounds of rating after the cold start; 2 in the paper."""

    @property
    def ratings_per_round(self) -> int:
        """Documents the teacher rates in each round."""

    @property
    def syllabus_documents(self) -> int:
        """Documents the teacher writes for the cold start."""

    @property
    def trees(self) -> int:
        """Trees of the random forest."""


@dataclass(frozen=True)
class TrainedFilter:
    """What training gives: the result of `domain_ratings` and the row of `domain_classifier`.

    `ratings` has received the corpus documents chosen to be rated and the syllabus documents to be written; those that
    were not written or never rated are quarantined (`teacher_failed`, `invalid_answer`). `kept` counts the corpus
    documents selected after the cold start and after each round; `predicted` holds the last predicted score of every
    corpus document.
    """

    ratings: StageResult
    classifier: pl.DataFrame
    kept: tuple[int, ...]
    predicted: NDArray[np.float64]

    def metadata(self) -> dict[str, int | float | str | list[int] | None]:
        """Figures to show beside the run. The histogram counts predicted scores from 1 to 2, 2 to 3, ... 9 to 10."""
        figures = self.classifier.select(
            "version", "embedder", "training_rows", "held_out_rows", "precision", "recall", "rank_correlation"
        ).row(0, named=True)
        histogram, _ = np.histogram(self.predicted, bins=np.arange(1, 11))
        return {
            **figures,
            "documents": len(self.predicted),
            "rated_documents": self.ratings.rows.filter(pl.col("origin") == "corpus").height,
            "syllabus_documents": self.ratings.rows.filter(pl.col("origin") == "syllabus").height,
            "declined_documents": self.ratings.quarantined.height,
            "kept_after_each_round": list(self.kept),
            "kept_documents": self.kept[-1],
            "score_histogram": histogram.tolist(),
        }


def train_filter(
    documents: pl.LazyFrame,
    asker: Asker,
    domain: str,
    settings: FilterParameters,
    advance: Callable[[int, int], None] | None = None,
) -> TrainedFilter:
    """Train the filter on a corpus; the same whatever the order of `documents`.

    Args:
        documents: Columns `document_id`, `title`, `text`.
        asker: Asks a teacher to write the syllabus documents and to rate; no document is rated twice.
        domain: What to keep, e.g. `mathematics`.
        settings: Threshold and sizes.
        advance: Told how many requests are answered, of how many there are expected to be at the most.

    Raises:
        SynthAssetsError: There is no document, or the teacher rates none for this domain.
    """
    corpus = Corpus(documents)
    most_rated = min(settings.rounds * settings.ratings_per_round, len(corpus.ids))
    rater = Rater(asker, domain, 2 * settings.syllabus_documents + most_rated, advance)
    syllabus = rater.write_syllabus(settings.syllabus_documents)
    fitted_to = corpus.documents(corpus.drawn("embedder", EMBEDDER_DOCUMENTS))
    texts = texts_of([*(fitted_to[position] for position in sorted(fitted_to)), *syllabus])
    embedder = fit_hashed_embedder(texts)
    vectors = np.concatenate([corpus.vectors(embedder), embedder.embed(texts_of(syllabus))])
    size = len(corpus.ids)
    choices = [Choice(size + place, "syllabus", document) for place, document in enumerate(syllabus)]
    rated = rater.rate(0, choices)
    probability = _cold_start(corpus, vectors, settings.trees)
    selected, uncertainty = probability > 0.5, -np.abs(probability - 0.5)
    kept = [int(selected.sum())]
    for number in range(1, settings.rounds + 1):
        rated += rater.rate(number, _chosen(corpus, rated, selected, uncertainty, settings.ratings_per_round, number))
        forest = _trained(vectors, rated, settings.trees, number)
        predicted = forest.predict(vectors[:size])
        selected, uncertainty = predicted > settings.threshold, -np.abs(predicted - settings.threshold)
        kept.append(int(selected.sum()))
    ratings = rater.result(rated)
    row = _classifier_row(Classifier(embedder, forest), ratings.rows, _held_out(rated, predicted), settings)
    return TrainedFilter(ratings, row, tuple(kept), predicted)


def apply_filter(documents: pl.DataFrame, classifier: pl.DataFrame) -> StageResult:
    """Rows of `reference_documents` for the documents scored above the classifier's threshold.

    Args:
        documents: Rows of `documents`.
        classifier: The row of `domain_classifier`.

    Raises:
        SynthAssetsError: There is no trained classifier.
    """
    if classifier.height != 1:
        raise SynthAssetsError("the domain filter has not been trained; materialise `domain_classifier` first.")
    trained = classifier.row(0, named=True)
    scores = Classifier.from_bytes(trained["model"]).scores(documents)
    scored = documents.select("shard", "document_id", score=pl.Series(scores, dtype=pl.Float64))
    kept = scored.filter(pl.col("score") > trained["threshold"])
    left = scored.filter(pl.col("score") <= trained["threshold"])
    details = [
        {"shard": shard, "id": document_id, "reason": BELOW_THRESHOLD,
         "detail": f"score {score:.2f}, not above {trained['threshold']:g}, by classifier {trained['version']}"}
        for shard, document_id, score in left.iter_rows()
    ]  # fmt: skip
    rows = REFERENCE_DOCUMENTS.conform(kept.with_columns(classifier_version=pl.lit(trained["version"])))
    result = StageResult(rows, quarantine_rows(details, "shard"), documents.height, rows.height)
    result.check(REFERENCE_DOCUMENTS.name)
    return result


def _cold_start(corpus: Corpus, vectors: Vectors, trees: int) -> NDArray[np.float64]:
    """The probability that each corpus document is of the domain: syllabus documents against random ones (D0)."""
    size = len(corpus.ids)
    positives = len(vectors) - size
    negatives = corpus.drawn("negative", positives)
    targets = [1.0] * positives + [0.0] * len(negatives)
    forest = train_forest(np.concatenate([vectors[size:], vectors[negatives]]), targets, trees, seed_of("forest", 0))
    return forest.predict(vectors[:size])


def _chosen(
    corpus: Corpus,
    rated: list[Rated],
    selected: NDArray[np.bool_],
    uncertainty: NDArray[np.float64],
    documents: int,
    number: int,
) -> list[Choice]:
    unrated = np.ones(len(corpus.ids), dtype=np.bool_)
    unrated[[item.position for item in rated if item.chosen != "syllabus"]] = False
    reasons = choose(corpus.ids, unrated, selected, uncertainty, documents, number)
    read = corpus.documents(reasons)
    return [Choice(position, chosen, read[position]) for position, chosen in reasons.items()]


def _trained(vectors: Vectors, rated: list[Rated], trees: int, number: int) -> Forest:
    training = [item for item in rated if not item.held_out]
    positions = [item.position for item in training]
    return train_forest(vectors[positions], [item.score for item in training], trees, seed_of("forest", number))


def _held_out(rated: list[Rated], predicted: NDArray[np.float64]) -> pl.DataFrame:
    """Score and prediction of the held-out documents."""
    held_out = [(item.score, float(predicted[item.position])) for item in rated if item.held_out]
    return pl.DataFrame(held_out, schema={"score": pl.Float64, "predicted": pl.Float64}, orient="row")


def _classifier_row(
    classifier: Classifier, ratings: pl.DataFrame, held_out: pl.DataFrame, settings: FilterParameters
) -> pl.DataFrame:
    model = classifier.to_bytes()
    digest = blake2b(model, digest_size=8)
    digest.update(f"{settings.threshold}\n{ratings.write_csv()}".encode())
    truly, said = held_out["score"] > settings.threshold, held_out["predicted"] > settings.threshold
    row = {
        "version": digest.hexdigest(),
        "embedder": classifier.embedder.name,
        "trees": settings.trees,
        "threshold": settings.threshold,
        "training_rows": ratings.height - held_out.height,
        "held_out_rows": held_out.height,
        "precision": _share(truly.filter(said)),
        "recall": _share(said.filter(truly)),
        "rank_correlation": _rank_correlation(held_out),
        "model": model,
    }
    return DOMAIN_CLASSIFIER.conform(pl.DataFrame([row], schema=DOMAIN_CLASSIFIER.schema))


def _share(flags: pl.Series) -> float | None:
    """The share that is true; None where there is nothing to share."""
    return float(np.mean(flags.to_numpy())) if len(flags) else None


def _rank_correlation(held_out: pl.DataFrame) -> float | None:
    """Spearman's; None where a constant leaves it undefined."""
    if held_out["score"].n_unique() < 2 or held_out["predicted"].n_unique() < 2:
        return None
    return float(spearmanr(held_out["score"], held_out["predicted"]).statistic)
