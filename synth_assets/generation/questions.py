"""From requests and a teacher's responses to the rows of `questions`."""

from collections.abc import Callable, Sequence
from hashlib import blake2b

import polars as pl

from synth_assets.generation.methods.method import Material, Method, Request
from synth_assets.tables import QUESTIONS, StageResult, quarantine_rows
from synth_assets.teachers.asking import ask_all
from synth_assets.teachers.tasks import WriteQuestions, WrittenQuestions
from synth_assets.teachers.teacher import Response, ResponseStore, Teacher


def write_questions(
    method: Method,
    material: Material,
    teacher: Teacher,
    store: ResponseStore,
    rounds: int = 1,
    advance: Callable[[int, int], None] | None = None,
) -> StageResult:
    """Ask `teacher` for the questions of `method`.

    What is received is the sources (documents or walks); each leaves at least one question or is quarantined, with
    reason `not_suitable` (the teacher said so, or the method had nothing to ask) or `teacher_failed`. A question
    without text does not count.
    """
    requests = list(method.requests(material, rounds))
    responses = ask_all(teacher, store, [request.task for request in requests], advance)
    rows: list[dict[str, object]] = []
    served: set[str] = set()
    told: dict[str, list[Response[WrittenQuestions]]] = {}
    for request, response in zip(requests, responses, strict=True):
        told.setdefault(request.source, []).append(response)
        written = _rows(method.name, request, response, teacher)
        rows += written
        if written:
            served.add(request.source)
    sources = method.sources(material)
    lost = [
        {"method": method.name, "shard": shard, "id": source, **_why(told.get(source, []))}
        for source, shard in sources.items()
        if source not in served
    ]
    frame = pl.DataFrame(rows, schema=QUESTIONS.schema)
    return StageResult(frame, quarantine_rows(lost, "method", "shard"), len(sources), len(served))


def _why(told: Sequence[Response[WrittenQuestions]]) -> dict[str, str]:
    """Reason and detail of a source that left no question, from the responses about it."""
    failures = [response.failure for response in told if response.failure]
    if failures:
        return {"reason": "teacher_failed", "detail": failures[0]}
    reasons = [response.result.not_suitable for response in told if response.result and response.result.not_suitable]
    if reasons:
        return {"reason": "not_suitable", "detail": reasons[0]}
    return {"reason": "not_suitable", "detail": "fewer than two key concepts to combine" if not told else "no question"}


def _rows(
    method: str, request: Request, response: Response[WrittenQuestions], teacher: Teacher
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for place, question in enumerate(response.result.questions if response.result is not None else []):
        if not question.question.strip():
            continue
        rows.append(
            {
                "method": method,
                "shard": request.shard,
                "question_id": _question_id(method, request.source, response.request_hash, place),
                "question": question.question.strip(),
                "origin": question.origin,
                "school_level": question.school_level,
                "documents": [document.document_id for document in request.task.documents],
                "topics": [concept.topic for concept in question.key_concepts],
                "key_concepts": [concept.name for concept in question.key_concepts],
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
