"""How rightly the filter tells mathematics from the rest, with the embedded teacher, on documents it has not met."""

from pathlib import Path

import polars as pl
import pytest

from synth_assets.corpus.domain_filter import TrainedFilter, apply_filter, train_filter
from synth_assets.seeds import seed_of
from synth_assets.settings import SAMPLE, FilterSettings
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.embedded.rating import rate
from synth_assets.teachers.embedded.teacher import EmbeddedTeacher
from synth_assets.teachers.store import MemoryStore

STORIES = {
    "algebra-004", "algebra-009", "algebra-013", "algebra-018", "algebra-023", "algebra-027", "algebra-033",
    "algebra-038", "analysis-012", "analysis-014", "analysis-017", "analysis-022", "analysis-030", "analysis-032",
    "analysis-034", "analysis-038", "arith-002", "arith-011", "arith-015", "arith-022", "arith-025", "arith-029",
    "arith-032", "arith-035", "geometry-002", "geometry-022", "geometry-029", "geometry-034", "geometry-035",
    "geometry-036", "geometry-037", "geometry-038",
}  # fmt: skip
"""The documents of the sample that are no mathematics."""

OF_OTHER_KINDS = {
    "a cell": """Cells of plants and animals are surrounded by a membrane that lets some substances pass and holds
        others back. Inside it the nucleus keeps the genetic material, and the mitochondria release energy. Plant
        cells have in addition a wall of cellulose and chloroplasts. Bacteria have no nucleus; their DNA floats freely.
        When a cell divides, its chromosomes are first copied and then drawn apart.""",
    "a match": """Rovers 3, Wanderers 2. In front of 14,250 people Rovers came from 2-0 down at half-time to win their
        fourth match in a row. Wanderers had scored after 7 and 31 minutes, and the home side had only 38 percent of the
        ball. Then came the 52nd minute: a corner, a header, 2-1. Rovers now stand 3rd with 41 points from 22 matches.
        On Saturday they travel to United, who won 4-0 and lie 2nd with 43 points.""",
    "a town": """By 1851 the town had 23,417 inhabitants, against 4,100 in 1801. The railway came in 1839, the gasworks
        in 1842, and between 1845 and 1850 no fewer than 61 streets were laid out. Wages in the mills stood at 12
        shillings a week for men and 7 for women. The cholera of 1849 carried off 612 people in 9 weeks. Strikes in 1842
        and 1853 each ended in defeat. The last mill closed in 1968.""",
    "a proof +": """Suppose, for contradiction, that the square root of a prime p is rational, so that it can be written
        as a fraction a over b of integers without a common factor. Squaring both sides shows that a squared equals p
        times b squared. Hence p divides a squared, and since p is prime, p divides a itself. Substituting, we find
        that p divides b, which contradicts our assumption. The square root of p is therefore irrational.""",
    "a triangle +": """Every point on the perpendicular bisector of a segment is equally distant from its two ends. It
        follows that the perpendicular bisectors of the three sides of a triangle meet in one point, the circumcentre.
        The circle about it passes through all vertices. In a right triangle it is the midpoint of the hypotenuse. Two
        triangles are congruent when they agree in two sides and the included angle, and similar when two angles are
        equal.""",
    "a group +": """A group is a set with an associative operation, an identity element and an inverse for every
        element. By Lagrange's theorem the order of a subgroup divides the order of a finite group. A field is a ring
        in which every element but zero has a multiplicative inverse. Polynomials over a field have division with
        remainder. A vector space has a basis, and any two bases have the same number of elements, its dimension.""",
}
"""Texts of kinds the sample has none of; those marked + are mathematics."""


def trained_on(documents: pl.DataFrame, store: MemoryStore | None = None) -> TrainedFilter:
    asker = Asker(EmbeddedTeacher(), store or MemoryStore())
    return train_filter(documents.lazy(), asker, "mathematics", FilterSettings())


def accuracy(trained: TrainedFilter, documents: pl.DataFrame) -> float:
    """The share of documents (with the truth in `mathematics`) that the filter keeps or rejects rightly."""
    kept = apply_filter(documents, trained.classifier).rows["document_id"]
    rightly = documents["mathematics"] == documents["document_id"].is_in(kept.implode())
    return float(rightly.sum() / documents.height)


@pytest.fixture(scope="module")
def sample() -> pl.DataFrame:
    documents = pl.concat([pl.read_ndjson(file) for file in sorted((SAMPLE / "corpus").glob("*.jsonl"))])
    return documents.select(
        "title", "text", document_id="id", shard=pl.lit("sample"), mathematics=~pl.col("id").is_in(STORIES)
    )


def halves(documents: pl.DataFrame, name: str) -> list[pl.DataFrame]:
    """Two halves at random, the same number of each subject in both but for one."""
    drawn = documents.with_columns(
        draw=pl.col("document_id").map_elements(lambda one: seed_of(name, one), return_dtype=pl.Int64)
    )
    place = pl.col("draw").rank("ordinal").over("mathematics")
    return [drawn.filter(place % 2 == half).drop("draw") for half in (0, 1)]


def test_a_filter_trained_on_half_of_the_sample_knows_the_other_half(sample: pl.DataFrame) -> None:
    first, second = halves(sample, "halves")
    assert accuracy(trained_on(first), second) >= 0.98
    assert accuracy(trained_on(second), first) >= 0.98


def test_a_filter_trained_on_the_sample_tells_texts_of_other_kinds_apart(sample: pl.DataFrame) -> None:
    documents = pl.DataFrame({
        "shard": "s", "document_id": list(OF_OTHER_KINDS), "title": "A text", "text": list(OF_OTHER_KINDS.values()),
    }).with_columns(mathematics=pl.col("document_id").str.ends_with("+"))  # fmt: skip
    assert accuracy(trained_on(sample), documents) == 1


@pytest.fixture
def two_corpora(shared_corpora: Path) -> pl.DataFrame:
    """239 documents of a prealgebra book and 175 of a history book; skipped where they are not at hand."""
    return pl.concat([
        pl.read_parquet(shared_corpora / f"{name}.parquet").select(
            "title", "text", document_id=pl.format("{}:{}", pl.lit(name), pl.col("id")), shard=pl.lit(name),
            mathematics=pl.lit(name == "prealgebra"),
        )
        for name in ("prealgebra", "us_history")
    ])  # fmt: skip


def test_the_embedded_teacher_rates_the_two_corpora_rightly(two_corpora: pl.DataFrame) -> None:
    rightly = 0
    for title, text, mathematics in two_corpora.select("title", "text", "mathematics").iter_rows():
        rating = rate(title, text)
        score = (2 * rating.relevance + rating.clarity + rating.language_quality) / 4
        rightly += (score > 6.5) == mathematics
    assert rightly / two_corpora.height >= 0.98


@pytest.mark.slow
def test_a_filter_trained_on_the_sample_alone_tells_the_two_corpora_apart(
    sample: pl.DataFrame, two_corpora: pl.DataFrame
) -> None:
    assert accuracy(trained_on(sample), two_corpora) >= 0.98


@pytest.mark.slow
@pytest.mark.parametrize("split", ["first", "second"])
def test_a_filter_trained_on_half_of_the_two_corpora_knows_the_other_half(
    sample: pl.DataFrame, two_corpora: pl.DataFrame, split: str
) -> None:
    store = MemoryStore()
    one, other = halves(two_corpora, split)
    for known, unknown in ((one, other), (other, one)):
        assert accuracy(trained_on(known, store), unknown) >= 0.98
        assert accuracy(trained_on(pl.concat([sample, known.select(sample.columns)]), store), unknown) >= 0.98
