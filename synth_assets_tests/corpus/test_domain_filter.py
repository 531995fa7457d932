import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

from synth_assets import tables
from synth_assets.corpus.background import (
    BACKGROUND_CONTENT,
    BACKGROUND_DOCUMENTS,
    background,
    background_content,
)
from synth_assets.corpus.domain_filter import apply_filter, train_filter
from synth_assets.corpus.embedding import Vectors
from synth_assets.corpus.pool import drawn_pool
from synth_assets.corpus.ratings import choose
from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.settings import FilterSettings
from synth_assets.teachers.store import MemoryStore
from synth_assets_tests.corpus.rule_teacher import LESSONS, RuleTeacher, asking

STORIES = (
    "The ferry left the harbour at dawn with letters and two crates of oranges on its deck.",
    "Her grandmother baked rye bread on Fridays, and the whole street came to the window.",
    "The council met in the town hall and argued about the lamps until the clock struck.",
)
SMALL = FilterSettings(rounds=2, ratings_per_round=24, syllabus_documents=12, background_documents=8, trees=20)


def corpus(documents: int = 80) -> pl.DataFrame:
    """Every other document is mathematics."""
    texts = [
        f"{LESSONS[row // 2 % 4]} Task {row}." if row % 2 else f"{STORIES[row // 2 % 3]} Chapter {row}."
        for row in range(documents)
    ]
    return pl.DataFrame({
        "shard": [f"s{row % 3}" for row in range(documents)],
        "document_id": [f"d{row:03d}" for row in range(documents)],
        "title": ["untitled"] * documents, "text": texts,
    })  # fmt: skip


def is_mathematics(document_id: str) -> bool:
    return int(document_id[1:]) % 2 == 1


def test_the_filter_keeps_what_the_teacher_would_and_quarantines_the_rest() -> None:
    trained = train_filter(corpus().lazy(), asking(), "mathematics", SMALL)
    result = apply_filter(corpus(), trained.classifier)
    assert set(result.rows["document_id"]) == set(filter(is_mathematics, corpus()["document_id"]))
    assert result.quarantined["reason"].unique().to_list() == ["below_threshold"]
    assert result.quarantined.height == 40
    assert all("score" in detail for detail in result.quarantined["detail"])
    assert result.rows["classifier_version"].unique().to_list() == trained.classifier["version"].to_list()


def test_each_round_rates_as_many_as_are_set_and_none_twice() -> None:
    teacher = RuleTeacher()
    ratings = train_filter(corpus().lazy(), asking(teacher), "mathematics", SMALL).ratings.rows
    assert ratings.schema == tables.DOMAIN_RATINGS.schema
    assert dict(ratings.group_by("round").len().sort("round").rows()) == {0: 12 + 8, 1: 24, 2: 24}
    assert max(teacher.rated.values()) == 1
    assert sorted(ratings.group_by("round", "chosen").len().rows()) == [
        (0, "background", 8), (0, "syllabus", 12),
        (1, "random", 12), (1, "uncertain", 12), (2, "random", 12), (2, "uncertain", 12),
    ]  # fmt: skip
    by_rule = (2 * ratings["relevance"] + ratings["clarity"] + ratings["language_quality"]) / 4
    assert ratings["score"].to_list() == by_rule.to_list()


def test_the_uncertain_half_of_a_round_is_nearest_to_the_threshold() -> None:
    ids = [f"d{number}" for number in range(100)]
    distance = np.array([seed_of("distance", name) % 1000 for name in ids], dtype=np.float64)
    unrated = np.arange(100) % 4 != 0
    chosen = choose(ids, unrated, -distance, 21, 1)
    uncertain = [place for place, why in chosen.items() if why == "uncertain"]
    others = [place for place, why in chosen.items() if why == "random"]
    assert (len(uncertain), len(others)) == (10, 11) and unrated[list(chosen)].all()
    left = unrated.copy()
    left[uncertain] = False
    assert distance[uncertain].max() <= distance[left].min()
    # The random half goes by ids and round alone: it is the same where other documents are uncertain, but for those.
    again = choose(ids, unrated & ~np.isin(np.arange(100), uncertain), np.zeros(100), 22, 1)
    assert set(others) <= set(again)


def test_only_documents_from_outside_the_corpus_carry_a_text_and_none_of_them_is_held_out() -> None:
    ratings = train_filter(corpus().lazy(), asking(), "mathematics", SMALL).ratings.rows
    outside = ratings.filter(pl.col("origin") != "corpus")
    syllabus = [f"syllabus:{number}" for number in range(12)]
    assert outside["document_id"].to_list() == [*syllabus, *(f"background:{number}" for number in range(8))]
    assert outside["origin"].to_list() == outside["chosen"].to_list()
    assert outside["text"].null_count() == 0
    assert not outside["held_out"].any()
    others = ratings.filter(pl.col("origin") == "corpus")
    assert others["text"].null_count() == others.height
    assert 0 < others["held_out"].sum() < others.height / 2


def test_the_order_of_the_documents_does_not_count() -> None:
    first = train_filter(corpus().lazy(), asking(), "mathematics", SMALL)
    shuffled = corpus().sample(fraction=1, shuffle=True, seed=5)
    second = train_filter(shuffled.lazy(), asking(), "mathematics", SMALL)
    assert first.classifier.equals(second.classifier)
    assert first.ratings.rows.equals(second.ratings.rows)
    pooled = SMALL.model_copy(update={"pool": 30})
    versions = {
        train_filter(frame.lazy(), asking(), "mathematics", pooled).classifier["version"].item()
        for frame in (corpus(), shuffled)
    }
    assert len(versions) == 1


@pytest.mark.slow
def test_a_filter_is_the_same_in_another_process_with_another_number_of_threads() -> None:
    program = (
        "from synth_assets_tests.corpus.test_domain_filter import *\n"
        "print(train_filter(corpus(400).lazy(), asking(), 'mathematics', SMALL).classifier['version'].item())"
    )
    versions = set()
    for threads in ("1", "2", "4"):
        variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS")
        environment = {**os.environ, **dict.fromkeys(variables, threads), "PYTHONHASHSEED": threads}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        versions.add(done.stdout)
    assert len(versions) == 1


def test_of_a_large_corpus_a_pool_is_looked_at() -> None:
    teacher = RuleTeacher()
    documents = corpus(1000)
    settings = SMALL.model_copy(update={"pool": 100})
    trained = train_filter(documents.lazy(), asking(teacher), "mathematics", settings)
    figures = trained.metadata()
    assert (figures["documents"], figures["pool_documents"], len(trained.predicted)) == (1000, 100, 100)
    in_pool = int((trained.predicted > 6.5).sum())
    assert figures["kept_share_estimated_from_pool"] == in_pool / 100
    assert figures["kept_documents_estimated_from_pool"] == 10 * in_pool
    assert trained.scores().null_count().row(0) == (100 - in_pool, in_pool)
    assert sum(figures["pool_score_histogram"]) == 100  # type: ignore[arg-type]
    kept = apply_filter(documents, trained.classifier).rows.height
    assert kept == documents["document_id"].map_elements(is_mathematics, return_dtype=pl.Boolean).sum()
    with drawn_pool(documents.lazy(), 100) as smaller, drawn_pool(documents.head(999).lazy(), 100) as before:
        # A corpus that grows by one document changes its pool by one document at most.
        assert len(set(smaller.ids) - set(before.ids)) <= 1
        assert len(smaller.ids) == 100 and list(smaller.ids) == sorted(smaller.ids)


def test_a_pool_larger_than_the_corpus_is_the_corpus() -> None:
    with drawn_pool(corpus().lazy(), 80) as pool:
        assert list(pool.ids) == corpus()["document_id"].to_list()
        read = pool.documents([3, 1])
        assert [read[place].text for place in (1, 3)] == corpus()["text"].gather([1, 3]).to_list()


@dataclass(frozen=True)
class LengthEmbedder:
    """How often a text holds each of a few words: an embedder from outside."""

    name: str = "counts of words"
    words: tuple[str, ...] = ("fraction", "equation", "area", "probability", "the", "and")

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([[text.count(word) for word in self.words] for text in texts], dtype=np.float32)


def test_a_filter_with_an_embedder_from_outside_holds_its_name_and_is_applied_with_it_alone() -> None:
    outside = LengthEmbedder()
    trained = train_filter(corpus().lazy(), asking(), "mathematics", SMALL, embedder=outside)
    assert trained.classifier["embedder"].to_list() == ["counts of words"]
    assert set(apply_filter(corpus(), trained.classifier, outside).rows["document_id"]) == set(
        filter(is_mathematics, corpus()["document_id"])
    )
    own = train_filter(corpus().lazy(), asking(), "mathematics", SMALL).classifier
    for classifier, embedder in (
        (trained.classifier, None), (trained.classifier, LengthEmbedder("of characters")), (own, outside),
    ):  # fmt: skip
        with pytest.raises(SynthAssetsError, match=r"trained with the embedder '.*' and cannot .* `filter.embedder`"):
            apply_filter(corpus(), classifier, embedder)
    with pytest.raises(SynthAssetsError, match="vectors of 3 numbers, but gave 6"):
        apply_filter(corpus(), trained.classifier, LengthEmbedder(words=("a", "b", "c")))


def test_a_lazy_corpus_is_filtered_as_a_frame_in_batches() -> None:
    documents = corpus(5000)
    trained = train_filter(documents.lazy(), asking(), "mathematics", SMALL)
    lazily, at_once = (apply_filter(frame, trained.classifier) for frame in (documents.lazy(), documents))
    assert lazily.rows.equals(at_once.rows) and lazily.quarantined.equals(at_once.quarantined)
    assert lazily.received == 5000
    assert apply_filter(documents.head(0), trained.classifier).received == 0


def test_the_background_is_as_the_code_version_says() -> None:
    assert background_content() == BACKGROUND_CONTENT
    documents = background()
    assert len(documents) == len({document.text for document in documents}) == BACKGROUND_DOCUMENTS
    assert [document.document_id for document in background(2)] == ["background:0", "background:1"]


def test_a_second_training_asks_the_teacher_nothing_again() -> None:
    teacher, store = RuleTeacher(), MemoryStore()
    train_filter(corpus().lazy(), asking(teacher, store), "mathematics", SMALL)
    asked = teacher.rated.total()
    train_filter(corpus().lazy(), asking(teacher, store), "mathematics", SMALL)
    assert teacher.rated.total() == asked


def test_a_corpus_smaller_than_a_round_is_rated_whole_and_figures_may_be_undefined() -> None:
    trained = train_filter(corpus(2).lazy(), asking(), "mathematics", SMALL)
    assert trained.ratings.rows.filter(pl.col("origin") == "corpus").height == 2
    row = trained.classifier.row(0, named=True)
    assert row["rank_correlation"] is None
    assert row["training_rows"] + row["held_out_rows"] == 12 + 8 + 2
    assert trained.metadata()["documents"] == 2


def titled(title: str, documents: int) -> pl.DataFrame:
    """The corpus, whose first documents are titled so."""
    first = pl.int_range(pl.len()) < documents
    return corpus().with_columns(title=pl.when(first).then(pl.lit(title)).otherwise(pl.lit("untitled")))


ALL = SMALL.model_copy(update={"ratings_per_round": 80})


def test_documents_the_teacher_declines_are_quarantined_once_though_asked_about_twice() -> None:
    """The second round meets only those."""
    ratings = train_filter(titled("declined", 5).lazy(), asking(), "mathematics", ALL).ratings
    assert ratings.rows.filter(pl.col("origin") == "corpus").height == 75
    assert sorted(ratings.quarantined.rows()) == [(f"d{row:03d}", "invalid_answer", "declined") for row in range(5)]
    assert (ratings.received, ratings.passed) == (12 + 8 + 80, 12 + 8 + 75)


def test_a_document_declined_and_rated_later_has_passed() -> None:
    ratings = train_filter(titled("declined at first", 5).lazy(), asking(), "mathematics", ALL).ratings
    assert dict(ratings.rows.group_by("round").len().rows()) == {0: 12 + 8, 1: 75, 2: 5}
    assert ratings.quarantined.is_empty() and ratings.received == ratings.passed == 12 + 8 + 80


def test_a_syllabus_document_that_is_not_written_is_quarantined() -> None:
    teacher = RuleTeacher(unwritten=frozenset({0, 7}))
    trained = train_filter(corpus().lazy(), asking(teacher), "mathematics", SMALL)
    assert trained.ratings.quarantined.rows() == [
        ("syllabus:0", "invalid_answer", "declined"),
        ("syllabus:7", "invalid_answer", "declined"),
    ]
    assert trained.metadata()["declined_documents"] == 2
    assert trained.ratings.received == 12 + 8 + 2 * 24


def test_progress_is_told_over_all_requests() -> None:
    heard: list[tuple[int, int]] = []
    train_filter(corpus().lazy(), asking(), "mathematics", SMALL, lambda done, of: heard.append((done, of)))
    assert heard == [(done, 80) for done in range(1, 81)]


def test_what_cannot_be_trained_or_applied_is_said() -> None:
    with pytest.raises(SynthAssetsError, match="'history'"):
        train_filter(corpus().lazy(), asking(), "history", SMALL)
    with pytest.raises(SynthAssetsError, match="no document"):
        train_filter(corpus(0).lazy(), asking(), "mathematics", SMALL)
    with pytest.raises(SynthAssetsError, match="not been trained"):
        apply_filter(corpus(), tables.DOMAIN_CLASSIFIER.empty())
