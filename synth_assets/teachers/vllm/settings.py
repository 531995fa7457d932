"""What a user can set about the vLLM server a run starts, and the words of its command line that follow from it."""

import shlex

from pydantic import BaseModel, ConfigDict, Field, field_validator

OURS = ("--host", "--port", "--uds", "--api-key")
"""Options of `vllm serve` that are chosen here: the server is private to its user and this machine."""


class VllmSettings(BaseModel):
    """How `vllm serve` is started, and when it is stopped."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str = Field("vllm", description="The program; a path where it is in another virtual environment.")
    args: tuple[str, ...] = Field((), description="Passed to `vllm serve`, for example --tensor-parallel-size 4.")
    startup_timeout: float = Field(1800.0, gt=0, description="Longest wait until the model answers, in seconds.")
    environment: dict[str, str] = Field({}, description="Environment variables of the server; no place for secrets.")
    linger: float = Field(30.0, ge=0, description="Seconds the server stays after its last user has gone.")

    @field_validator("args")
    @classmethod
    def _usable(cls, args: tuple[str, ...]) -> tuple[str, ...]:
        try:
            words = _split(args)
        except ValueError as error:
            raise ValueError(f"cannot be split into words ({error}): close the quotation") from error
        ours = next((word for word in words if word.split("=")[0] in OURS), None)
        if ours is not None:
            raise ValueError(f"{ours.split('=')[0]} is chosen by the run: leave it out")
        return args

    @property
    def words(self) -> tuple[str, ...]:
        """The arguments as the program gets them: each of `args` is split as a shell would."""
        return _split(self.args)

    def served_name(self, model: str) -> str:
        """The name under which the server knows `model`: the first of `--served-model-name`, or the model itself."""
        words = self.words
        for place, word in enumerate(words):
            option, _, value = word.partition("=")
            if option == "--served-model-name" and (value or place + 1 < len(words)):
                return value or words[place + 1]
        return model


def _split(args: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for arg in args for word in shlex.split(arg))
