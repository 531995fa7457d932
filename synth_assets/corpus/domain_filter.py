"""The domain filter (paper section 2.1): a cold start from a syllabus, rounds of rating, and a random forest.

The paper names neither the forest nor the text features; ours are in `forest.py` and `hashed_embedding.py`. Training
looks at a pool of the corpus (`pool.py`), with a background of other texts beside it (`background.py`); which documents
of the pool are rated is in `ratings.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth_assets.corpus.background import background
from synth_assets.corpus.classifier import Classifier
from synth_assets.corpus.embedding import Embedder, Vectors, as_read
from synth_assets.corpus.forest import Forest, train_forest
from synth_assets.corpus.hashed_embedding import HashedEmbedder, fit_hashed_embedder
from synth_assets.corpus.held_out import HeldOut
from synth_assets.corpus.pool import BATCH_DOCUMENTS, Pool, drawn_pool, read_batches
from synth_assets.corpus.ratings import Choice, Rated, Rater, choose
from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.tables import DOMAIN_CLASSIFIER, REFERENCE_DOCUMENTS, StageResult, quarantine_rows
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.tasks import SourceDocument

EMBEDDER_DOCUMENTS = 2_000
"""Documents of the pool, drawn at random, that the hashed embedder is fitted to."""

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
    def background_documents(self) -> int:
        """Bundled documents of other kinds that are rated with them."""

    @property
    def pool(self) -> int:
        """Most documents of the corpus that training looks at."""

    @property
    def trees(self) -> int:
        """Trees of the random forest."""


@dataclass(frozen=True)
class TrainedFilter:
    """What training gives: the result of `domain_ratings` and the row of `domain_classifier`.

    `ratings` has received the corpus and background documents to be rated and the syllabus documents to be written;
    those that were not written or never rated are quarantined (`teacher_failed`, `invalid_answer`). `documents` is the
    size of the corpus. Of its pool, `predicted` holds the last predicted scores, and `kept` how many were above the
    threshold after the cold start and after each round.
    """

    ratings: StageResult
    classifier: pl.DataFrame
    documents: int
    kept: tuple[int, ...]
    predicted: NDArray[np.float64]

    def metadata(self) -> dict[str, int | float | str | list[int] | None]:
        """Figures to show beside the run. The histogram counts predicted scores from 1 to 2, 2 to 3, ... 9 to 10.

        What is said of scores and kept documents is seen on the pool; for the corpus it is an estimate.
        """
        figures = self.classifier.select(
            "version", "embedder", "training_rows", "held_out_rows", "precision", "recall", "rank_correlation"
        ).row(0, named=True)
        histogram, _ = np.histogram(self.predicted, bins=np.arange(1, 11))
        pool = len(self.predicted)
        by_origin = dict(self.ratings.rows.group_by("origin").len().iter_rows())
        return {
            **figures,
            "documents": self.documents,
            "rated_documents": by_origin.get("corpus", 0),
            "syllabus_documents": by_origin.get("syllabus", 0),
            "background_documents": by_origin.get("background", 0),
            "declined_documents": self.ratings.quarantined.height,
            "pool_documents": pool,
            "pool_kept_after_each_round": list(self.kept),
            "kept_share_estimated_from_pool": self.kept[-1] / pool,
            "kept_documents_estimated_from_pool": round(self.documents * self.kept[-1] / pool),
            "pool_score_histogram": histogram.tolist(),
        }

    def scores(self) -> pl.DataFrame:
        """The predicted score of each document of the pool, in the column `kept` or `rejected`; the other is null."""
        score, threshold = pl.col("score"), self.classifier["threshold"].item()
        return pl.DataFrame({"score": self.predicted}).select(
            kept=pl.when(score > threshold).then(score), rejected=pl.when(score <= threshold).then(score)
        )


def train_filter(
    documents: pl.LazyFrame,
    asker: Asker,
    domain: str,
    settings: FilterParameters,
    advance: Callable[[int, int], None] | None = None,
    embedder: Embedder | None = None,
) -> TrainedFilter:
    """Train the filter on a corpus; the same whatever the order of `documents`.

    Args:
        documents: Columns `document_id`, `title`, `text`. They are read in batches.
        asker: Asks a teacher to write the syllabus documents and to rate; no document is rated twice.
        domain: What to keep, e.g. `mathematics`.
        settings: Threshold and sizes.
        advance: Told how many requests are answered, of how many there are expected to be at the most.
        embedder: What turns texts into vectors; None for the hashed embedder, fitted to part of the pool.

    Raises:
        SynthAssetsError: There is no document, or the teacher rates none for this domain.
    """
    with drawn_pool(documents, settings.pool) as pool:
        others = background(settings.background_documents)
        most_rated = min(settings.rounds * settings.ratings_per_round, len(pool.ids))
        rater = Rater(asker, domain, 2 * settings.syllabus_documents + len(others) + most_rated, advance)
        syllabus = rater.write_syllabus(settings.syllabus_documents)
        if embedder is None:
            embedder = _fitted(pool, [*syllabus, *others])
        training = _Training(pool, rater, settings, _vectors(pool, embedder, [*syllabus, *others]))
        training.start(syllabus, others)
        for number in range(1, settings.rounds + 1):
            training.rate(number)
    classifier = Classifier(embedder, training.vectors.shape[1], training.forest)
    ratings = rater.result(training.rated)
    row = _classifier_row(classifier, ratings.rows, training.held_out(), settings)
    return TrainedFilter(ratings, row, pool.corpus_documents, tuple(training.kept), training.predicted)


def apply_filter(
    documents: pl.DataFrame | pl.LazyFrame, classifier: pl.DataFrame, embedder: Embedder | None = None
) -> StageResult:
    """Rows of `reference_documents` for the documents scored above the classifier's threshold.

    Args:
        documents: Rows of `documents`; of a lazy frame, only a batch of texts is in memory at once.
        classifier: The row of `domain_classifier`.
        embedder: The embedder it was trained with; None for the hashed one.

    Raises:
        SynthAssetsError: There is no trained classifier, or it was trained with another embedder.
    """
    if classifier.height != 1:
        raise SynthAssetsError("the domain filter has not been trained; materialise `domain_classifier` first.")
    trained = classifier.row(0, named=True)
    stored = Classifier.from_bytes(trained["model"], embedder)
    parts = [
        batch.select("shard", "document_id", score=pl.Series(stored.scores(batch), dtype=pl.Float64))
        for batch in read_batches(documents.lazy().select("shard", "document_id", "title", "text"), BATCH_DOCUMENTS)
    ]
    unscored = REFERENCE_DOCUMENTS.empty().select("shard", "document_id", "score")
    scored = pl.concat([unscored, *parts])
    kept = scored.filter(pl.col("score") > trained["threshold"])
    left = scored.filter(pl.col("score") <= trained["threshold"])
    details = [
        {"shard": shard, "id": document_id, "reason": BELOW_THRESHOLD,
         "detail": f"score {score:.2f}, not above {trained['threshold']:g}, by classifier {trained['version']}"}
        for shard, document_id, score in left.iter_rows()
    ]  # fmt: skip
    rows = REFERENCE_DOCUMENTS.conform(kept.with_columns(classifier_version=pl.lit(trained["version"])))
    result = StageResult(rows, quarantine_rows(details, "shard"), scored.height, rows.height)
    result.check(REFERENCE_DOCUMENTS.name)
    return result


class _Training:
    """The rounds: what has been rated so far, and what a forest trained on it predicts for the pool.

    `vectors` are those of the pool, then of the syllabus and the background. `kept` counts the documents of the pool
    above the threshold (after the cold start: likelier of the domain than not).
    """

    def __init__(self, pool: Pool, rater: Rater, settings: FilterParameters, vectors: Vectors) -> None:
        self.pool, self.rater, self.settings, self.vectors = pool, rater, settings, vectors
        self.rated: list[Rated] = []
        self.kept: list[int] = []
        self.forest: Forest
        self.predicted: NDArray[np.float64]

    def start(self, syllabus: Sequence[SourceDocument], others: Sequence[SourceDocument]) -> None:
        """The cold start: the forest tells syllabus documents from random ones (D0 is what it takes for the former)."""
        size = len(self.pool.ids)
        choices = [Choice(size + place, "syllabus", document) for place, document in enumerate(syllabus)]
        first = size + len(syllabus)
        choices += [Choice(first + place, "background", document) for place, document in enumerate(others)]
        self.rated += self.rater.rate(0, choices)
        drawn = self.pool.drawn("negative", len(syllabus))
        negatives = [*drawn, *range(first, len(self.vectors))]
        positions = [*range(size, first), *negatives]
        self._train(0, positions, [1.0] * len(syllabus) + [0.0] * len(negatives), boundary=0.5)

    def rate(self, number: int) -> None:
        """A round: documents are chosen and rated, and the forest is trained on all ratings that are not held out."""
        unrated = np.ones(len(self.pool.ids), dtype=np.bool_)
        unrated[[item.position for item in self.rated if item.of_corpus]] = False
        reasons = choose(self.pool.ids, unrated, self._uncertainty, self.settings.ratings_per_round, number)
        read = self.pool.documents(reasons)
        self.rated += self.rater.rate(number, [Choice(place, why, read[place]) for place, why in reasons.items()])
        training = [item for item in self.rated if not item.held_out]
        scores = [item.score for item in training]
        self._train(number, [item.position for item in training], scores, boundary=self.settings.threshold)

    def held_out(self) -> HeldOut:
        """The held-out documents under the last forest."""
        held_out = [(item.score, float(self.predicted[item.position])) for item in self.rated if item.held_out]
        return HeldOut.of(held_out, self.settings.threshold)

    def _train(self, number: int, positions: list[int], targets: list[float], boundary: float) -> None:
        self.forest = train_forest(self.vectors[positions], targets, self.settings.trees, seed_of("forest", number))
        self.predicted = self.forest.predict(self.vectors[: len(self.pool.ids)])
        self.kept.append(int((self.predicted > boundary).sum()))
        self._uncertainty = -np.abs(self.predicted - boundary)


def _fitted(pool: Pool, others: Sequence[SourceDocument]) -> HashedEmbedder:
    drawn = pool.documents(pool.drawn("embedder", EMBEDDER_DOCUMENTS))
    return fit_hashed_embedder([as_read(document.title, document.text) for document in (*drawn.values(), *others)])


def _vectors(pool: Pool, embedder: Embedder, others: Sequence[SourceDocument]) -> Vectors:
    of_others = embedder.embed([as_read(document.title, document.text) for document in others])
    return np.concatenate([pool.vectors(embedder), of_others])


def _classifier_row(
    classifier: Classifier, ratings: pl.DataFrame, held_out: HeldOut, settings: FilterParameters
) -> pl.DataFrame:
    model = classifier.to_bytes()
    digest = blake2b(model, digest_size=8)
    digest.update(f"{settings.threshold}\n{ratings.write_csv()}".encode())
    row = {
        "version": digest.hexdigest(),
        "embedder": classifier.embedder.name,
        "trees": settings.trees,
        "threshold": settings.threshold,
        "training_rows": ratings.height - held_out.rows,
        "held_out_rows": held_out.rows,
        "precision": held_out.precision,
        "recall": held_out.recall,
        "rank_correlation": held_out.rank_correlation,
        "model": model,
    }
    return DOMAIN_CLASSIFIER.conform(pl.DataFrame([row], schema=DOMAIN_CLASSIFIER.schema))
