"""From requests and a teacher's responses to the rows of `questions`."""

from collections.abc import Callable, Iterator
from hashlib import blake2b

import polars as pl

from synth_assets.generation.methods.method import Material, Method, Request
from synth_assets.tables import QUESTIONS, StageResult, quarantine_rows
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.asking import Request as Asked
from synth_assets.teachers.tasks import WriteQuestions, WrittenQuestions
from synth_assets.teachers.teacher import Response, Teacher

NOT_SUITABLE = "not_suitable"


def write_questions(
    method: Method,
    material: Material,
    asker: Asker,
    rounds: int = 1,
    advance: Callable[[int, int], None] | None = None,
) -> StageResult:
    """Ask for the questions of `method`; the same whatever order the answers come in.

    What is received is the sources (documents or walks); each leaves at least one question or is quarantined, with
    reason `teacher_failed` or `invalid_answer` (a request about it failed), or else `not_suitable` (the teacher said
    so, or the method had nothing to ask). A question without text does not count, nor one written twice in an answer.
    Requests are on the account of `<method>|<shard>`.
    """
    asking = _Asking(method, material, rounds)
    rows: dict[int, list[dict[str, object]]] = {}
    without: dict[str, dict[int, dict[str, str]]] = {}
    served: set[str] = set()
    total = None if advance is None else sum(1 for _ in method.requests(material, rounds))
    for answered in asker.ask(asking.requests(), total, advance):
        request = asking.answered(answered.place)
        written = _rows(method.name, request, answered.response, asker.teacher)
        if written:
            rows[answered.place] = written
            served.add(request.source)
        else:
            without.setdefault(request.source, {})[answered.place] = _why(answered.response)
    sources = method.sources(material)
    lost = [
        {"method": method.name, "shard": shard, "id": source, **_reason(without.get(source, {}))}
        for source, shard in sources.items()
        if source not in served
    ]
    frame = pl.DataFrame([row for place in sorted(rows) for row in rows[place]], schema=QUESTIONS.schema)
    return StageResult(frame, quarantine_rows(lost, "method", "shard"), len(sources), len(served))


class _Asking:
    """The requests of a method, of which those are held that wait for their answers."""

    def __init__(self, method: Method, material: Material, rounds: int) -> None:
        self._method = method
        self._material = material
        self._rounds = rounds
        self._waiting: dict[int, Request] = {}

    def requests(self) -> Iterator[Asked[WrittenQuestions]]:
        """The requests, as they are called for."""
        for place, request in enumerate(self._method.requests(self._material, self._rounds)):
            self._waiting[place] = request
            yield Asked(f"{self._method.name}|{request.shard}", request.task)

    def answered(self, place: int) -> Request:
        """The request at `place`, which is held no longer."""
        return self._waiting.pop(place)


def _why(response: Response[WrittenQuestions]) -> dict[str, str]:
    """Reason and detail of a response without a question."""
    if response.failure is not None:
        return {"reason": response.failure.reason, "detail": response.failure.detail}
    said = response.result.not_suitable if response.result is not None else None
    return {"reason": NOT_SUITABLE, "detail": said or "no question"}


def _reason(without: dict[int, dict[str, str]]) -> dict[str, str]:
    """Why a source left no question: the first failure, or else the first reason the teacher gave."""
    if not without:
        return {"reason": NOT_SUITABLE, "detail": "fewer than two key concepts to combine"}
    told = [without[place] for place in sorted(without)]
    return min(told, key=lambda why: (why["reason"] == NOT_SUITABLE, why["detail"] == "no question"))


def _rows(
    method: str, request: Request, response: Response[WrittenQuestions], teacher: Teacher
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    met: set[str] = set()
    for place, question in enumerate(response.result.questions if response.result is not None else []):
        text = question.question.strip()
        same = " ".join(text.split())
        if not same or same in met:
            continue
        met.add(same)
        named = [(concept.topic.strip(), concept.name.strip()) for concept in question.key_concepts]
        concepts = [(topic, name) for topic, name in named if name]
        rows.append(
            {
                "method": method,
                "shard": request.shard,
                "question_id": _question_id(method, request.source, response.request_hash, place),
                "question": text,
                "origin": question.origin,
                "school_level": question.school_level,
                "documents": [document.document_id for document in request.task.documents],
                "topics": [topic for topic, _ in concepts],
                "key_concepts": [name for _, name in concepts],
                "walk_id": request.walk_id,
                "teacher": teacher.name,
                "prompt_version": teacher.prompt_version(WriteQuestions),
                "request_hash": response.request_hash,
                "recipe": question.recipe,
            }
        )
    return rows


def _question_id(method: str, source: str, request_hash: str, place: int) -> str:
    """Stable over runs: the source is named too, because equal requests of two walks share one response."""
    return blake2b(f"{method}\x1f{source}\x1f{request_hash}\x1f{place}".encode(), digest_size=8).hexdigest()
