from pathlib import Path

import polars as pl
import pytest

import synth_assets
from synth_assets import tables
from synth_assets.corpus.domain_filter import apply_filter, train_filter
from synth_assets.corpus.reading import read_shards
from synth_assets.corpus.shards import find_shards
from synth_assets.errors import SynthAssetsError
from synth_assets.settings import FilterSettings
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.embedded.teacher import EmbeddedTeacher
from synth_assets.teachers.store import MemoryStore
from synth_assets_tests.corpus.rule_teacher import LESSONS, RuleTeacher, asking

STORIES = (
    "The ferry left the harbour at dawn with letters and two crates of oranges on its deck.",
    "Her grandmother baked rye bread on Fridays, and the whole street came to the window.",
    "The council met in the town hall and argued about the lamps until the clock struck.",
)
SMALL = FilterSettings(rounds=2, ratings_per_round=24, syllabus_documents=12, trees=20)


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
    assert dict(ratings.group_by("round").len().sort("round").rows()) == {0: 12, 1: 24, 2: 24}
    assert max(teacher.rated.values()) == 1
    chosen = ratings.filter(pl.col("round") == 2).group_by("chosen").len()
    assert dict(chosen.rows()) == {"selected": 8, "uncertain": 8, "random": 8}
    by_rule = (2 * ratings["relevance"] + ratings["clarity"] + ratings["language_quality"]) / 4
    assert ratings["score"].to_list() == by_rule.to_list()


def test_only_syllabus_documents_carry_a_text_and_none_of_them_is_held_out() -> None:
    ratings = train_filter(corpus().lazy(), asking(), "mathematics", SMALL).ratings.rows
    syllabus = ratings.filter(pl.col("origin") == "syllabus")
    assert syllabus["document_id"].to_list() == [f"syllabus:{number}" for number in range(12)]
    assert syllabus["text"].null_count() == 0
    assert not syllabus["held_out"].any()
    others = ratings.filter(pl.col("origin") == "corpus")
    assert others["text"].null_count() == others.height
    assert 0 < others["held_out"].sum() < others.height / 2


def test_the_order_of_the_documents_does_not_count() -> None:
    first = train_filter(corpus().lazy(), asking(), "mathematics", SMALL)
    shuffled = corpus().sample(fraction=1, shuffle=True, seed=5)
    second = train_filter(shuffled.lazy(), asking(), "mathematics", SMALL)
    assert first.classifier.equals(second.classifier)
    assert first.ratings.rows.equals(second.ratings.rows)


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
    assert row["training_rows"] + row["held_out_rows"] == 14
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
    assert (ratings.received, ratings.passed) == (12 + 80, 12 + 75)


def test_a_document_declined_and_rated_later_has_passed() -> None:
    ratings = train_filter(titled("declined at first", 5).lazy(), asking(), "mathematics", ALL).ratings
    assert dict(ratings.rows.group_by("round").len().rows()) == {0: 12, 1: 75, 2: 5}
    assert ratings.quarantined.is_empty() and ratings.received == ratings.passed == 92


def test_a_syllabus_document_that_is_not_written_is_quarantined() -> None:
    teacher = RuleTeacher(unwritten=frozenset({0, 7}))
    trained = train_filter(corpus().lazy(), asking(teacher), "mathematics", SMALL)
    assert trained.ratings.quarantined.rows() == [
        ("syllabus:0", "invalid_answer", "declined"),
        ("syllabus:7", "invalid_answer", "declined"),
    ]
    assert trained.metadata()["declined_documents"] == 2
    assert trained.ratings.received == 12 + 2 * 24


def test_progress_is_told_over_all_requests() -> None:
    heard: list[tuple[int, int]] = []
    train_filter(corpus().lazy(), asking(), "mathematics", SMALL, lambda done, of: heard.append((done, of)))
    assert heard == [(done, 72) for done in range(1, 73)]


def test_what_cannot_be_trained_or_applied_is_said() -> None:
    with pytest.raises(SynthAssetsError, match="'history'"):
        train_filter(corpus().lazy(), asking(), "history", SMALL)
    with pytest.raises(SynthAssetsError, match="no document"):
        train_filter(corpus(0).lazy(), asking(), "mathematics", SMALL)
    with pytest.raises(SynthAssetsError, match="not been trained"):
        apply_filter(corpus(), tables.DOMAIN_CLASSIFIER.empty())


def test_with_the_embedded_teacher_the_sample_is_told_apart(nothing_known: pl.DataFrame) -> None:
    sample = Path(synth_assets.__file__).parent / "sample" / "corpus"
    documents = read_shards(find_shards([str(sample)], 1000), nothing_known).rows
    trained = train_filter(documents.lazy(), Asker(EmbeddedTeacher(), MemoryStore()), "mathematics", FilterSettings())
    result = apply_filter(documents, trained.classifier)
    stories = {"algebra-013", "algebra-027", "analysis-014", "analysis-038", "arith-029", "arith-035", "geometry-034"}
    lessons = {"algebra-001", "algebra-020", "analysis-024", "arith-003", "geometry-005", "geometry-015"}
    assert stories <= set(result.quarantined["id"])
    assert lessons <= set(result.rows["document_id"])
    row = trained.classifier.row(0, named=True)
    assert min(row["precision"], row["recall"]) >= 0.9


@pytest.mark.slow
def test_with_the_embedded_teacher_prealgebra_and_history_are_told_apart(
    shared_corpora: Path, nothing_known: pl.DataFrame
) -> None:
    documents = read_shards(find_shards([str(shared_corpora)], 1000), nothing_known).rows
    trained = train_filter(documents.lazy(), Asker(EmbeddedTeacher(), MemoryStore()), "mathematics", FilterSettings())
    kept = apply_filter(documents, trained.classifier).rows
    wrong = kept.filter(pl.col("shard") == "us_history").height
    missed = documents.filter(pl.col("shard") == "prealgebra").height - (kept.height - wrong)
    assert 1 - (wrong + missed) / documents.height >= 0.95
