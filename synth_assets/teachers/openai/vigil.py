"""How long the endpoints have been silent."""

from collections.abc import Callable

WORTH_TELLING = 5.0
"""Seconds of silence after a fault that a person should know of."""


class Vigil:
    """Knows since when nothing has been answered although something was asked. `clock` gives seconds."""

    def __init__(self, patience: float, clock: Callable[[], float]) -> None:
        self.patience = patience
        self._clock = clock
        self._since = clock()
        self._said: str | None = None

    def begun(self) -> None:
        """Something is asked after nothing was."""
        self._since = self._clock()

    def answered(self) -> None:
        """An endpoint answered, be it with a refusal of the request."""
        self._since, self._said = self._clock(), None

    def failed(self, said: str) -> None:
        """An attempt failed."""
        self._said = said

    @property
    def complaint(self) -> str | None:
        """What to tell a person who waits: the last error, and since when; None where all is well."""
        silent = self._clock() - self._since
        if self._said is None or silent < WORTH_TELLING:
            return None
        return f"No answer for {silent:.0f} s ({self._said}); trying on for up to {self.patience:.0f} s."

    @property
    def over(self) -> str | None:
        """The last error, once patience is over. Silence alone, before any attempt has failed, may be a long answer."""
        return self._said if self._clock() - self._since > self.patience else None
