"""What is known of a file of observations beside what it says: by options, by a sidecar, by the folders it lies in."""

import json
import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from synth_assets.errors import SynthAssetsError
from synth_assets.scaling.observation_rows import number

SIDECAR = "observation.json"
"""A file beside results that says what they do not; in the same folder or one above."""

PLACEHOLDERS = ("model", "parameters", "tokens", "seed", "training_set")
"""What a pattern can take from folder and file names."""

_NUMBER = r"\d[\d_]*(?:\.\d+)?[kKmMbBtT]?"


class Given(BaseModel):
    """Fields of observations that a file need not say itself. Budgets and sizes may be written `20m` or `1.2B`."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    model: str | None = Field(None, description="Name of the model.")
    parameters: str | None = Field(None, description="Parameters of the model.")
    tokens: str | None = Field(None, description="Unique training tokens.")
    metric: str | None = Field(None, description="Metric of a table; which metrics of a results folder, as a glob.")
    seed: str | None = Field(None, description="Seed of the training.")
    training_set: str | None = Field(None, description="Training set.")
    data_snapshot: str | None = Field(None, description="State of the training data.")

    @field_validator("parameters", "tokens", "seed")
    @classmethod
    def _plain(cls, written: str | None) -> str | None:
        if written is None:
            return None
        plain = number(written)
        try:
            float(plain)
        except ValueError as error:
            raise ValueError(f"{written!r} is not a number") from error
        return plain

    def text_of(self, field: str) -> str | None:
        """A field as text; null where it is not given, and for fields that cannot be."""
        value: str | None = getattr(self, field, None)
        return value

    def over(self, other: "Given") -> "Given":
        """These fields, and those of `other` where nothing is given here."""
        return Given(**{**other.model_dump(exclude_none=True), **self.model_dump(exclude_none=True)})


def given_of_sidecar(path: str, content: bytes) -> Given:
    """What a sidecar says. Raises SynthAssetsError naming it and what is wrong."""
    try:
        return Given.model_validate(json.loads(content))
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"]))
        raise SynthAssetsError(f"{path}: {where}: {problem['msg']}; mend or delete that field.") from error
    except ValueError as error:
        raise SynthAssetsError(f"{path} is not valid JSON ({error}); mend or delete it.") from error


def given_of_names(path: str, pattern: str) -> Given:
    """What the folders and the name of a file say by a pattern such as `{model}/{tokens}-tokens/seed{seed}`.

    A placeholder takes no slash; numbers may have a suffix (`20m`). The pattern begins and ends where a name does.
    Raises SynthAssetsError where the pattern cannot be used or the path does not match it.
    """
    found = pattern_of(pattern).search(path)
    if found is None:
        raise SynthAssetsError(f"{path} does not match the pattern {pattern!r}; mend --pattern, or the folders' names.")
    return _given(path, {name: value for name, value in found.groupdict().items() if value is not None})


def pattern_of(pattern: str) -> re.Pattern[str]:
    """A pattern with placeholders as a regular expression. Raises SynthAssetsError for one that cannot be used."""
    written = ""
    named: list[str] = []
    for place, part in enumerate(re.split(r"\{([^{}]*)\}", pattern.strip("/"))):
        if place % 2 == 0:
            written += re.escape(part)
            continue
        if part not in PLACEHOLDERS or part in named:
            raise SynthAssetsError(
                f"--pattern {pattern!r}: {{{part}}} is no placeholder, or stands twice; "
                f"there are {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}."
            )
        named.append(part)
        written += f"(?P<{part}>{_NUMBER if part in ('parameters', 'tokens', 'seed') else '[^/]+'})"
    if not named:
        raise SynthAssetsError(f"--pattern {pattern!r} has no placeholder such as {{tokens}}; name one.")
    return re.compile(rf"(?:^|/){written}(?=/|$)")


def _given(path: str, fields: Mapping[str, str]) -> Given:
    try:
        return Given.model_validate(fields)
    except ValidationError as error:
        raise SynthAssetsError(f"{path}: {error.errors()[0]['msg']}; mend the folders' names.") from error
