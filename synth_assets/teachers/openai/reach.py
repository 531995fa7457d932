"""What must be known to reach the endpoints of a model, whatever they are asked: the settings both kinds have."""

from collections.abc import Sequence
from typing import Protocol


class Reach(Protocol):
    """The settings of a model behind endpoints, whether it writes answers or vectors."""

    @property
    def section(self) -> str:
        """The section of synth.toml these settings stand in, as a person is told."""

    @property
    def model(self) -> str:
        """Name under which the endpoints serve the model."""

    @property
    def base_urls(self) -> Sequence[str]:
        """The endpoints."""

    @property
    def api_key_env(self) -> str:
        """Environment variable with the key."""

    @property
    def concurrency(self) -> int:
        """Most requests on their way at once."""

    @property
    def attempt_timeout(self) -> float:
        """Seconds after which one attempt is given up."""

    @property
    def deadline(self) -> float:
        """Seconds for a request, all attempts and pauses included."""

    @property
    def patience(self) -> float:
        """Seconds without any answer from any endpoint after which the run stops."""
