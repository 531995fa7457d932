"""How long the endpoints have been silent."""

from collections.abc import Callable


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
    def over(self) -> str | None:
        """The last error, once patience is over. Silence alone, before any attempt has failed, may be a long answer."""
        return self._said if self._clock() - self._since > self.patience else None
