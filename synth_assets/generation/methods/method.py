"""What a method is: it turns documents, concepts and walks into requests, and each request into questions.

How the requests are put to a teacher and become rows: `generation/questions.py` and `generation/writing.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from synth_assets.teachers.tasks import Concept, Mistake, SourceDocument, Task, WriteQuestions, WrittenQuestion
from synth_assets.teachers.teacher import Response

NOT_SUITABLE = "not_suitable"


@dataclass(frozen=True)
class Material:
    """What there is to write from, for the shards at hand.

    documents: the reference documents by id (for walks, also those of other shards they refer to). concepts: each
    document's own key concepts. shard_of: the shard of each document the methods on documents go through, in order.
    walks: rows of concept_walks of the shards at hand. mistakes: by method, what the student before it got wrong.
    """

    documents: Mapping[str, SourceDocument]
    concepts: Mapping[str, tuple[Concept, ...]]
    shard_of: Mapping[str, str]
    walks: pl.DataFrame
    mistakes: Mapping[str, tuple[Mistake, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """One request of a method: its first task, and what it is written from.

    Attributes:
        shard: The shard on whose account it is asked.
        source: The document's or the walk's id.
        task: What the teacher is asked first; for most methods, all it is asked.
        documents: Ids of the documents it is written from.
        number: Tells the requests of one source apart where their first task does not.
        walk_id: The walk, where there is one.
    """

    shard: str
    source: str
    task: Task[Any]
    documents: tuple[str, ...]
    number: int = 0
    walk_id: str | None = None


@dataclass(frozen=True)
class Found:
    """A question and the response it comes from: the task asked, the request's hash, the place in the response."""

    question: WrittenQuestion
    task: type[Task[Any]]
    request_hash: str
    place: int = 0


@dataclass(frozen=True)
class Dropped:
    """A question that was written and does not hold. The reason is none that a source is quarantined for."""

    found: Found
    reason: str
    detail: str


@dataclass(frozen=True)
class Written:
    """What came of a request. Without a question, `reason` and `detail` say why."""

    found: tuple[Found, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    reason: str = NOT_SUITABLE
    detail: str = ""


Steps = Generator[Sequence[Task[Any]], Sequence[Response[Any]], Written]
"""The steps of a request: it yields the tasks of a step and is sent their responses, in the order of the tasks."""

Equal = Callable[[str, str], bool]
"""Whether two final answers are equal as mathematics."""


class Method(ABC):
    """A way to make questions.

    Attributes:
        name: Its partition key.
        at_most: The most questions a request.
        source_table: The table whose rows it goes through: each of them leaves a question or is quarantined.
        nothing_to_ask: Why a source has no request, as it is told in the quarantine.
        first: The kind of task a request begins with.
        further: The kinds that may follow it, in the order of the steps, each with about how many of them: what an
            estimate goes by until the answers before them are there.
    """

    name: str
    at_most: int
    source_table: str = "reference_documents"
    nothing_to_ask: str = "fewer than two key concepts to combine"
    first: type[Task[Any]] = WriteQuestions
    further: Mapping[type[Task[Any]], float] = {}

    @abstractmethod
    def sources(self, material: Material) -> Mapping[str, str]:
        """What the method goes through: the id of each document (or walk) and its shard."""

    @abstractmethod
    def requests(self, material: Material, rounds: int) -> Iterator[Request]:
        """The requests for `material`, asking `rounds` times for other questions from the same source."""

    def write(self, request: Request, equal: Equal) -> Steps:
        """The steps from a request to its questions: by default one, whose response holds the questions.

        What is asked must follow from the request and the responses alone: a run that was killed goes through the same
        steps again, and finds in the store what it was answered before.
        """
        (response,) = yield (request.task,)
        return written_in(response)


def written_in(response: Response[Any]) -> Written:
    """The questions of a response to :class:`WriteQuestions`, or why there is none."""
    if response.result is None:
        return failed(response)
    found = tuple(
        Found(question, WriteQuestions, response.request_hash, place)
        for place, question in enumerate(response.result.questions)
    )
    return Written(found, detail=response.result.not_suitable or "")


def failed(response: Response[Any]) -> Written:
    """No question, for the reason that `response` has no result."""
    if response.failure is None:
        return Written()
    return Written(reason=response.failure.reason, detail=response.failure.detail)
