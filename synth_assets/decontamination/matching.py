"""A benchmark under a ladder: which texts are too near to which of its items, each under its strongest rule.

This is the whole of decontamination on two columns of text; `contamination` reads and writes the tables of the road,
`standalone` files. A benchmark is judged by itself, so that a verdict does not depend on which others there are.
"""

from collections.abc import Callable, Iterator, Sequence

import polars as pl

from synth_assets.chunks import over_chunks
from synth_assets.decontamination.ladder import JUDGED, Ladder, rank
from synth_assets.decontamination.ngrams import NgramIndex
from synth_assets.decontamination.rephrased import NumberedWords, RephrasedIndex
from synth_assets.decontamination.semantic import SemanticIndex, Vectors
from synth_assets.decontamination.words import Words

QUESTION, ANSWER = "question", "answer"

FOUND = pl.Schema(
    {
        "text": pl.Int64,
        "item": pl.Int64,
        "part": pl.String,
        "rule": pl.String,
        "score": pl.Float64,
        "span": pl.String,
    }
)
"""What is found: row of the texts, row of the items, which side matched, the rule, its score, the matching words."""

TEXTS_AT_ONCE = 4096
"""Texts that a thread takes together: few enough for their words to stay in the processor's cache."""


class BenchmarkIndex:
    """The items of one benchmark, ready to be looked for."""

    def __init__(self, items: pl.Series, ladder: Ladder, vectors: Vectors | None = None) -> None:
        """Index questions. `vectors`, of length one and in their order, are needed for the rule `semantic` alone."""
        words = Words.of(items)
        self.ladder = ladder
        forms = (False, True) if ladder.digits_folded else (False,)
        self._ngrams = [NgramIndex.of(words, ladder, folded) for folded in forms]
        self._rephrased = None if ladder.rephrased is None else RephrasedIndex(words)
        self._semantic = None
        if ladder.semantic is not None and vectors is not None:
            self._semantic = SemanticIndex(NumberedWords.of(words), vectors)

    @property
    def reads_numbers(self) -> bool:
        """Whether a rule compares numbers by their value."""
        return self._rephrased is not None or self._semantic is not None

    def scan(
        self,
        questions: pl.Series,
        answers: pl.Series | None = None,
        vectors: Vectors | None = None,
        doubtful: bool = False,
    ) -> pl.DataFrame:
        """What is found in these texts, by text, item and part; schema `FOUND`.

        Args:
            questions: Compared by every rule.
            answers: In the same order; compared by the rules of whole items and n-grams, where the ladder has it so.
            vectors: Of the questions, of length one.
            doubtful: Also what is near enough only for a judge to be asked; its rule is then `judged`.
        """
        (found,) = scan_all([self], questions, answers, vectors, doubtful)
        return found

    def matches(
        self, part: str, words: Words, numbered: NumberedWords | None, vectors: Vectors | None, doubtful: bool
    ) -> Iterator[pl.DataFrame]:
        """Frames of all matches (schema `ngrams.MATCHES`) of texts that are cut into words."""
        for ngrams in self._ngrams:
            yield from ngrams.scan(words)
        if part != QUESTION:
            return
        if self._rephrased is not None and numbered is not None and self.ladder.rephrased is not None:
            least = self.ladder.rephrased
            found = self._rephrased.scan(numbered, min(least, self.ladder.rephrased_doubtful) if doubtful else least)
            yield _doubted(found, least)
        if self._semantic is not None and numbered is not None and vectors is not None and self.ladder.semantic:
            least = self.ladder.semantic
            found = self._semantic.scan(
                numbered, vectors, min(least, self.ladder.semantic_doubtful) if doubtful else least
            )
            yield _doubted(found, least)


def scan_all(
    indexes: Sequence[BenchmarkIndex],
    questions: pl.Series,
    answers: pl.Series | None = None,
    vectors: Vectors | None = None,
    doubtful: bool = False,
    advance: Callable[[int, int], None] | None = None,
) -> list[pl.DataFrame]:
    """As :meth:`BenchmarkIndex.scan`, for several benchmarks at once: a frame each. Texts are cut into words once."""
    found: dict[int, list[pl.DataFrame]] = {}

    def texts_between(first: int, last: int) -> None:
        rows = slice(first, last)
        near = None if vectors is None else vectors[rows]
        found[first] = _scan_slice(indexes, questions[rows], None if answers is None else answers[rows], near, doubtful)

    over_chunks(texts_between, len(questions), TEXTS_AT_ONCE, advance=advance)
    return [
        pl.concat(
            [
                FOUND.to_frame(),
                *(found[first][number].with_columns(pl.col("text") + first) for first in sorted(found)),
            ]
        )
        for number in range(len(indexes))
    ]


def _scan_slice(
    indexes: Sequence[BenchmarkIndex],
    questions: pl.Series,
    answers: pl.Series | None,
    vectors: Vectors | None,
    doubtful: bool,
) -> list[pl.DataFrame]:
    found: list[list[pl.DataFrame]] = [[] for _ in indexes]
    for part, texts in ((QUESTION, questions), (ANSWER, answers)):
        readers = [place for place, one in enumerate(indexes) if part == QUESTION or one.ladder.answers]
        if texts is None or not readers:
            continue
        words = Words.of(texts)
        wanted = part == QUESTION and any(indexes[place].reads_numbers for place in readers)
        numbered = NumberedWords.of(words) if wanted else None
        for place in readers:
            matches = [m for m in indexes[place].matches(part, words, numbered, vectors, doubtful) if m.height]
            if matches:
                found[place].append(_with_spans(_strongest(matches), words, part))
    return [
        pl.concat(frames).sort("text", "item", "part", descending=[False, False, True]) if frames else FOUND.to_frame()
        for frames in found
    ]


def _doubted(found: pl.DataFrame, least: float) -> pl.DataFrame:
    """What is less near than `least` is left to a judge."""
    return found.with_columns(rule=pl.when(pl.col("score") >= least).then("rule").otherwise(pl.lit(JUDGED)))


def _strongest(matches: list[pl.DataFrame]) -> pl.DataFrame:
    """Of the matches of a (text, item), the one of the strongest rule, then the highest score."""
    ordered = pl.concat(matches).sort("text", "item", rank(pl.col("rule")), pl.col("score").neg(), "place")
    return ordered.unique(["text", "item"], keep="first", maintain_order=True)


def _with_spans(matches: pl.DataFrame, words: Words, part: str) -> pl.DataFrame:
    spans = [words.span(*where) for where in matches.select("place", "words").iter_rows()]
    return matches.with_columns(part=pl.lit(part), span=pl.Series(spans, dtype=pl.String)).select(FOUND.names())
