"""Which of several endpoints is asked next, and which are set aside: pure logic with the time as an argument.

An endpoint that cannot be reached, or fails `FAILURES` times in a row, is set aside for a pause that doubles from 1 s
to 60 s; after each pause a single request tries it. Not here: how many requests there are at once (`admission.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FAILURES = 8
"""With a third of the attempts failing by chance, 8 in a row are 1 in 6,500."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0

Sign = Literal["alive", "failed", "unreachable", "none"]
"""What an attempt tells about its endpoint: `none` where it was cancelled."""


@dataclass
class _State:
    """One endpoint. `until` is the time before which it is not asked, None while it is in use."""

    outstanding: int = 0
    asked: int = 0
    failures: int = 0
    pause: float = FIRST_PAUSE
    until: float | None = None
    tried: bool = False


@dataclass(frozen=True)
class Lease:
    """One attempt's use of the endpoint at `place`. `trial`: the endpoint was set aside, and this tries it again."""

    place: int
    trial: bool


class Endpoints:
    """Spreads attempts over `count` endpoints by least outstanding."""

    def __init__(self, count: int) -> None:
        self._states = [_State() for _ in range(count)]

    @property
    def outstanding(self) -> Sequence[int]:
        """Attempts on their way, by endpoint."""
        return [state.outstanding for state in self._states]

    def choose(self, now: float) -> Lease | None:
        """The endpoint for the next attempt; None where all are set aside.

        An endpoint whose pause is over comes before the others, with one attempt: otherwise it would come back only
        when the others are as busy as itself.
        """
        for place, state in enumerate(self._states):
            if state.until is not None and state.until <= now and not state.tried:
                state.tried = True
                return self._lease(place, trial=True)
        usable = [place for place, state in enumerate(self._states) if state.until is None]
        if not usable:
            return None
        return self._lease(min(usable, key=self._load), trial=False)

    def next_trial(self) -> float | None:
        """When the first endpoint that is set aside may be tried; None where there is none to wait for."""
        return min((state.until for state in self._states if state.until is not None and not state.tried), default=None)

    def give_back(self, lease: Lease, sign: Sign, now: float) -> None:
        """Count the attempt as ended and learn from it."""
        state = self._states[lease.place]
        state.outstanding -= 1
        if lease.trial:
            self._judge_trial(state, sign, now)
        elif state.until is None and sign == "alive":
            state.failures = 0
        elif state.until is None and sign != "none":
            state.failures += FAILURES if sign == "unreachable" else 1
            if state.failures >= FAILURES:
                state.until, state.tried = now + state.pause, False

    @staticmethod
    def _judge_trial(state: _State, sign: Sign, now: float) -> None:
        state.tried = False
        if sign == "alive":
            state.until, state.failures, state.pause = None, 0, FIRST_PAUSE
        elif sign != "none":
            state.pause = min(LONGEST_PAUSE, 2 * state.pause)
            state.until = now + state.pause

    def _lease(self, place: int, trial: bool) -> Lease:
        self._states[place].outstanding += 1
        self._states[place].asked += 1
        return Lease(place, trial)

    def _load(self, place: int) -> tuple[int, int]:
        return self._states[place].outstanding, self._states[place].asked
