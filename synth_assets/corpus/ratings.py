"""Documents a teacher rates to train the domain filter: which ones are chosen, and what comes of asking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.tables import DOMAIN_RATINGS, StageResult, quarantine_rows
from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.tasks import RateDocument, Rating, SourceDocument, WriteSyllabusDocument
from synth_assets.teachers.teacher import Failure

Chosen = Literal["syllabus", "background", "random", "uncertain"]
"""Why a document is rated. The last two are documents of the corpus."""

HELD_OUT_SHARE = 5
"""One in so many rated corpus documents is kept out of training, by a hash of its id."""


@dataclass(frozen=True)
class Rated:
    """A document with its rating. `position` is its row among the vectors (pool, then syllabus, then background)."""

    round: int
    position: int
    chosen: Chosen
    document: SourceDocument
    rating: Rating

    @property
    def score(self) -> float:
        """What the filter learns to predict, 1 to 10."""
        return (2 * self.rating.relevance + self.rating.clarity + self.rating.language_quality) / 4

    @property
    def held_out(self) -> bool:
        """Whether it measures the filter. Only documents of the corpus do: the figures are about the corpus."""
        return self.of_corpus and seed_of("held_out", self.document.document_id) % HELD_OUT_SHARE == 0

    @property
    def of_corpus(self) -> bool:
        """Whether it is a document of the corpus."""
        return self.chosen in ("random", "uncertain")


@dataclass(frozen=True)
class Choice:
    """A document chosen to be rated."""

    position: int
    chosen: Chosen
    document: SourceDocument


Advance = Callable[[int, int], None]


@dataclass
class Rater:
    """Has documents of one domain rated, and keeps account of those the teacher did not rate.

    Attributes:
        asker: Asks a teacher; requests are on the account of the global tables.
        domain: The domain.
        expected: Requests there will be in all, as far as can be known.
        advance: Told how many of them are answered.
    """

    asker: Asker
    domain: str
    expected: int
    advance: Advance | None = None
    _done: int = 0
    _declined: dict[str, Failure] = field(default_factory=dict)

    def write_syllabus(self, documents: int) -> list[SourceDocument]:
        """In-domain documents for the cold start. Raises SynthAssetsError where the teacher writes none."""
        tasks = [WriteSyllabusDocument(domain=self.domain, number=number) for number in range(documents)]
        responses = self.asker.responses((Request("", task) for task in tasks), documents, self._advancing())
        self._done += documents
        written: list[SourceDocument] = []
        for number, response in enumerate(responses):
            document_id = f"syllabus:{number}"
            if response.result is None:
                self._decline(document_id, response.failure)
                continue
            title, text = response.result.title, response.result.text
            written.append(SourceDocument(document_id=document_id, title=title, text=text))
        if not written:
            raise SynthAssetsError(self._refusal("wrote no syllabus document", responses[0].failure))
        return written

    def rate(self, round_number: int, choices: Sequence[Choice]) -> list[Rated]:
        """The chosen documents the teacher could rate, in order.

        A declined one may be chosen again. Raises SynthAssetsError where the cold start or the first round gives no
        rating at all; later rounds may well meet only documents declined before.
        """
        requests = (Request("", RateDocument(domain=self.domain, document=choice.document)) for choice in choices)
        responses = self.asker.responses(requests, len(choices), self._advancing())
        self._done += len(choices)
        rated: list[Rated] = []
        for choice, response in zip(choices, responses, strict=True):
            if response.result is None:
                self._decline(choice.document.document_id, response.failure)
            else:
                rated.append(Rated(round_number, choice.position, choice.chosen, choice.document, response.result))
        if choices and not rated and round_number <= 1:
            raise SynthAssetsError(self._refusal("rated no document", responses[0].failure))
        return rated

    def result(self, rated: Sequence[Rated]) -> StageResult:
        """Rows of `domain_ratings`, and the documents that were never rated, each once, with the first failure."""
        rows = rating_rows(rated, self.asker.teacher.name)
        known = set(rows["document_id"])
        lost = [
            {"id": document_id, "reason": failure.reason, "detail": failure.detail}
            for document_id, failure in self._declined.items()
            if document_id not in known
        ]
        result = StageResult(rows, quarantine_rows(lost), rows.height + len(lost), rows.height)
        result.check(DOMAIN_RATINGS.name)
        return result

    def _advancing(self) -> Advance | None:
        """Progress within one batch of requests as progress of the whole."""
        advance, before = self.advance, self._done
        if advance is None:
            return None
        return lambda done, of: advance(before + done, max(self.expected, before + of))

    def _decline(self, document_id: str, failure: Failure | None) -> None:
        self._declined.setdefault(document_id, failure or Failure("teacher_failed", "no response"))

    def _refusal(self, what: str, failure: Failure | None) -> str:
        detail = failure.detail if failure is not None else "no response"
        return (
            f"the teacher {self.asker.teacher.name} {what} for the domain {self.domain!r} ({detail}); "
            "set another `domain` under [corpus], or another `teacher`, in synth.toml."
        )


def choose(
    ids: Sequence[str],
    unrated: NDArray[np.bool_],
    uncertainty: NDArray[np.float64],
    documents: int,
    round_number: int,
) -> dict[int, Chosen]:
    """Up to `documents` positions to rate in a round, none rated before, and why each was chosen.

    Half are the most uncertain (of an odd number the smaller half), and the others are drawn at random from the rest.
    Repeatable, and the same in whatever order `ids` come.
    """
    places = np.flatnonzero(unrated)
    hashes = [seed_of("domain_filter", round_number, ids[int(place)]) for place in places]
    # Among equally uncertain ones the order of the draw decides.
    drawn = places[np.argsort(np.array(hashes, dtype=np.int64), kind="stable")]
    most_uncertain = drawn[np.argsort(-uncertainty[drawn], kind="stable")][: documents // 2]
    others = drawn[~np.isin(drawn, most_uncertain)][: documents - len(most_uncertain)]
    groups: tuple[tuple[Chosen, NDArray[np.intp]], ...] = (("uncertain", most_uncertain), ("random", others))
    return {int(place): chosen for chosen, group in groups for place in group}


def rating_rows(rated: Sequence[Rated], teacher: str) -> pl.DataFrame:
    """Rows of `domain_ratings`."""
    rows = [
        (
            item.round,
            item.document.document_id,
            "corpus" if item.of_corpus else item.chosen,
            item.chosen,
            item.rating.relevance,
            item.rating.clarity,
            item.rating.language_quality,
            item.score,
            item.held_out,
            None if item.of_corpus else item.document.text,
            teacher,
        )
        for item in rated
    ]
    return DOMAIN_RATINGS.conform(pl.DataFrame(rows, schema=DOMAIN_RATINGS.schema, orient="row"))
