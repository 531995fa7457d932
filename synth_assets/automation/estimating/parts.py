"""What an estimate is put together from: amounts of requests by stage, partition and kind of task."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

from synth_assets.automation.estimating.asking import Planner, PromptCounter, Tally
from synth_assets.automation.estimating.corpus import EXACT, Drawn
from synth_assets.automation.estimating.history import History, Notes
from synth_assets.automation.estimating.past import Past
from synth_assets.settings import Settings
from synth_assets.teachers.tasks import Task
from synth_assets.teachers.teacher import Teacher

FRESH = "fresh"


@dataclass(frozen=True)
class Amount:
    """Requests still to be asked, those known from before, and the prompt tokens of the former; not whole numbers.

    `unanswered`: what a stage could not go on with, as in :class:`Tally`.
    """

    requests: float = 0.0
    known: float = 0.0
    prompt_tokens: float = 0.0
    unanswered: float = 0.0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def __mul__(self, times: float) -> "Amount":
        return Amount(*(mine * times for mine in astuple(self)))


NOTHING = Amount()


@dataclass(frozen=True)
class Part:
    """The requests of one kind in one partition of a stage. `method` is empty for stages without methods."""

    stage: str
    partition: str
    task: str
    amount: Amount
    method: str = ""
    basis: str = EXACT


@dataclass(frozen=True)
class Ground:
    """What every stage's estimate stands on. `planned`: hashes of the requests that the stages so far would ask."""

    settings: Settings
    teacher: Teacher
    past: Past
    history: History
    count: PromptCounter
    notes: Notes
    planned: set[str] = field(default_factory=set)

    def planner(self, tells: bool = True) -> Planner:
        """A planner for one stage, which is told what is known or, where it must not go on with it, not."""
        return Planner(self.teacher, self.past, self.count, self.planned, tells)

    def unknown(self, task: Task[Any], times: float, more_tokens: float = 0.0) -> Amount:
        """So many requests like `task`, each of `more_tokens` more than it, none of them known."""
        return Amount(times, 0.0, times * (self.count(task) + more_tokens)) if times else NOTHING


def fresh(stage: str, partition: str, task: str) -> Part:
    """A partition that a run would leave alone."""
    return Part(stage, partition, task, NOTHING, basis=FRESH)


def tallied(planner: Planner, task: str, drawn: Drawn, method: str = "") -> dict[str, Amount]:
    """What a planner met for the rows drawn of each shard, for all of them; shards without rows are like the others."""
    scale = drawn.scale()
    seen = {}
    for shard, times in scale.items():
        tally = planner.tallies.get((partition_of(method, shard), task), Tally())
        seen[shard] = Amount(tally.asked, tally.known, tally.prompt_tokens, tally.unanswered) * times
    rows = sum(drawn.of[shard] for shard in scale)
    each = added(seen.values()) * (1 / rows) if rows else NOTHING
    return {shard: seen.get(shard, each * many) for shard, many in drawn.of.items()}


def added(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts."""
    return sum(amounts, start=NOTHING)


def merged(first: Mapping[str, Amount], second: Mapping[str, Amount]) -> dict[str, Amount]:
    """Amounts by shard, added."""
    shards = dict.fromkeys([*first, *second])
    return {shard: first.get(shard, NOTHING) + second.get(shard, NOTHING) for shard in shards}


def partition_of(method: str, shard: str) -> str:
    """The partition key of a shard, for a method where there is one."""
    return f"{method}|{shard}" if method else shard
