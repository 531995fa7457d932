"""Taking a method's requests through their steps: all first steps as one stream, then all second ones, and so on.

Within a step requests are independent, so a teacher is kept busy whatever a single request waits for. Every answer is
stored as it comes; a run that was killed walks the same way again and finds there what it had. Of a method in one step
only the requests are held that wait for their answers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from synth_assets.generation.methods.method import Equal, Material, Method, Request, Steps, Written
from synth_assets.teachers.asking import Answered, Asker
from synth_assets.teachers.asking import Request as Asked
from synth_assets.teachers.tasks import Task
from synth_assets.teachers.teacher import Response

Advance = Callable[[int, int], None]


@dataclass
class _Walk:
    """A request on its way: its steps, and the responses of the present one as far as they have come."""

    place: int
    request: Request
    steps: Steps
    tasks: Sequence[Task[Any]] = ()
    responses: dict[int, Response[Any]] = field(default_factory=dict)

    def begin(self) -> Written | None:
        """Come to the first step; what was written where there is none."""
        return self._to_next(lambda: next(self.steps))

    def take(self, place: int, response: Response[Any]) -> bool:
        """Keep a response; whether all of the step are there."""
        self.responses[place] = response
        return len(self.responses) == len(self.tasks)

    def go_on(self) -> Written | None:
        """Come to the next step with the responses of this one; what was written where it was the last."""
        told = [self.responses[place] for place in range(len(self.tasks))]
        self.responses = {}
        return self._to_next(lambda: self.steps.send(told))

    def _to_next(self, move: Callable[[], Sequence[Task[Any]]]) -> Written | None:
        try:
            self.tasks = move()
            while not self.tasks:
                self.tasks = self.steps.send(())
        except StopIteration as end:
            written: Written = end.value
            return written
        return None


def written_by(
    method: Method, material: Material, rounds: int, asker: Asker, equal: Equal, advance: Advance | None = None
) -> Iterator[tuple[int, Request, Written]]:
    """What came of each request of `method`, with its place among them, in the order they are done.

    Requests are on the account of `<method>|<shard>`. `advance` is told how many tasks are answered, of all that are
    known by then: the later steps of a method in several are known only when it comes to them.
    """
    done = 0
    step: Iterable[_Walk] = (
        _Walk(place, request, method.write(request, equal))
        for place, request in enumerate(method.requests(material, rounds))
    )
    total = None if advance is None else sum(1 for _ in method.requests(material, rounds))
    fresh = True
    while True:
        wave = _Wave(method.name, step, fresh)
        yield from wave.ended()
        for answered in asker.ask(wave.asked(), total, _shifted(advance, done)):
            yield from wave.answered(answered)
            yield from wave.ended()
        yield from wave.ended()
        if not wave.further:
            return
        done += wave.count
        step, fresh = sorted(wave.further, key=lambda walk: walk.place), False
        total = None if advance is None else sum(len(walk.tasks) for walk in wave.further)


def _shifted(advance: Advance | None, before: int) -> Advance | None:
    return advance and (lambda done, of: advance(before + done, before + of))


class _Wave:
    """One step of all requests that come to it."""

    def __init__(self, method: str, walks: Iterable[_Walk], fresh: bool) -> None:
        self._method = method
        self._walks = walks
        self._fresh = fresh
        self._waiting: dict[int, tuple[_Walk, int]] = {}
        self._ended: list[tuple[int, Request, Written]] = []
        self.further: list[_Walk] = []
        self.count = 0

    def asked(self) -> Iterator[Asked[Any]]:
        """The tasks of the step, as they are called for."""
        for walk in self._walks:
            if self._fresh and (written := walk.begin()) is not None:
                self._ended.append((walk.place, walk.request, written))
                continue
            for number, task in enumerate(walk.tasks):
                self._waiting[self.count] = (walk, number)
                self.count += 1
                yield Asked(f"{self._method}|{walk.request.shard}", task)

    def answered(self, answered: Answered[Any]) -> Iterator[tuple[int, Request, Written]]:
        """What came of the request whose step is complete with this answer, where it was its last."""
        walk, number = self._waiting.pop(answered.place)
        if walk.take(number, answered.response):
            written = walk.go_on()
            if written is None:
                self.further.append(walk)
            else:
                yield walk.place, walk.request, written

    def ended(self) -> Iterator[tuple[int, Request, Written]]:
        """Requests that ended without asking anything."""
        ended, self._ended = self._ended, []
        yield from ended
