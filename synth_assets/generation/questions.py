"""From what a method and a teacher wrote to the rows of `questions`. The steps between: `writing.py`."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any, TypeVar

import polars as pl

from synth_assets.generation.equality import EqualityPool
from synth_assets.generation.methods.method import NOT_SUITABLE, Dropped, Found, Material, Method, Request
from synth_assets.generation.writing import written_by
from synth_assets.tables import QUESTIONS, StageResult, quarantine_rows
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.teacher import Teacher

Row = dict[str, object]
R = TypeVar("R", bound=Mapping[str, Any])


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

    A method that checks its questions may drop some that were written: each is received too, and quarantined under its
    own id with the method's reason (`uncorrected`).

    Requests are on the account of `<method>|<shard>`.
    """
    rows: dict[int, list[Row]] = {}
    without: dict[str, dict[int, dict[str, str]]] = {}
    dropped: dict[int, list[dict[str, str]]] = {}
    served: set[str] = set()
    with EqualityPool() as pool:
        told = written_by(method, material, rounds, asker, partial(_equal, pool), advance)
        for place, request, written in told:
            made = _rows(method.name, request, written.found, asker.teacher)
            if made:
                rows[place] = made
                served.add(request.source)
            else:
                why = {"reason": written.reason, "detail": written.detail or "no question"}
                without.setdefault(request.source, {})[place] = why
            if written.dropped:
                dropped[place] = [_dropped(method.name, request, lost) for lost in written.dropped]
    sources = method.sources(material)
    lost = [
        {"method": method.name, "shard": shard, "id": source, **_reason(method, without.get(source, {}))}
        for source, shard in sources.items()
        if source not in served
    ]
    frame = pl.DataFrame(_once(rows, "question_id"), schema=QUESTIONS.schema)
    unfit = _once(dropped, "id")
    quarantined = quarantine_rows([*lost, *unfit], "method", "shard")
    return StageResult(frame, quarantined, len(sources) + len(unfit), len(served))


def _equal(pool: EqualityPool, first: str, second: str) -> bool:
    one, other = pool.submit([first, second]).result().groups
    return one == other


def _once(made: Mapping[int, Sequence[R]], key: str) -> list[R]:
    """What was made, in the order of the requests; two that came to the same response count once."""
    rows: dict[str, R] = {}
    for place in sorted(made):
        for row in made[place]:
            rows.setdefault(str(row[key]), row)
    return list(rows.values())


def _dropped(method: str, request: Request, lost: Dropped) -> dict[str, str]:
    found = lost.found
    return {
        "method": method,
        "shard": request.shard,
        "id": _question_id(method, request.source, found.request_hash, found.place),
        "reason": lost.reason,
        "detail": lost.detail,
    }


def _reason(method: Method, without: Mapping[int, dict[str, str]]) -> dict[str, str]:
    """Why a source left no question: the first failure, or else the first reason the teacher gave."""
    if not without:
        return {"reason": NOT_SUITABLE, "detail": method.nothing_to_ask}
    told = [without[place] for place in sorted(without)]
    return min(told, key=lambda why: (why["reason"] == NOT_SUITABLE, why["detail"] == "no question"))


def _rows(method: str, request: Request, found: Sequence[Found], teacher: Teacher) -> list[Row]:
    rows: list[Row] = []
    met: set[str] = set()
    for one in found:
        question = one.question
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
                "question_id": _question_id(method, request.source, one.request_hash, one.place),
                "question": text,
                "origin": question.origin,
                "school_level": question.school_level,
                "documents": list(request.documents),
                "topics": [topic for topic, _ in concepts],
                "key_concepts": [name for _, name in concepts],
                "walk_id": request.walk_id,
                "teacher": teacher.name,
                "prompt_version": teacher.prompt_version(one.task),
                "request_hash": one.request_hash,
                "recipe": question.recipe,
            }
        )
    return rows


def _question_id(method: str, source: str, request_hash: str, place: int) -> str:
    """Stable over runs: the source is named too, because equal requests of two walks share one response."""
    return blake2b(f"{method}\x1f{source}\x1f{request_hash}\x1f{place}".encode(), digest_size=8).hexdigest()
