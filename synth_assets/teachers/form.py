"""What all forms that a model fills in have in common; the forms themselves: `forms.py` and `step_forms.py`."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from synth_assets.teachers.tasks import Concept, Result, SchoolLevel

LONGEST_NAME = 200
_NO_REASON = frozenset({"", "null", "none", "false", "no"})


class EntryError(ValueError):
    """An entry that a form's schema allows and its task does not."""


def folded(value: object) -> object:
    """Names of choices are read without regard to case, underscores and hyphens."""
    return re.sub(r"[\s_-]+", " ", value).strip().lower() if isinstance(value, str) else value


Mark = Annotated[int, Field(ge=1, le=10, strict=True)]
Name = Annotated[str, StringConstraints(max_length=LONGEST_NAME)]
"""Texts longer than names have no bounds of length: xgrammar then forbids every backslash, and so LaTeX."""
Level = Annotated[SchoolLevel, BeforeValidator(folded)]
ConceptNumbers = Annotated[
    list[Annotated[int, Field(strict=True, json_schema_extra={"minimum": 1})]],
    Field(json_schema_extra={"maxItems": 5}),
]
"""Key concepts by their numbers in the list offered."""


class Form(BaseModel):
    """Base of the forms. Unknown entries are ignored; a number where text is asked for is taken as text."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True, str_strip_whitespace=True)

    def result(self, task: Any) -> Result:
        """The result of `task` that the form stands for. Raises EntryError."""
        raise TypeError(f"{type(self).__name__} stands for no result")


def concepts_by_number(entry: str, numbers: Sequence[int], offered: Sequence[Concept]) -> list[Concept]:
    """The concepts of these numbers, each once. Raises EntryError, naming the entry, for one that was not offered."""
    known = list(dict.fromkeys(numbers))
    for number in known:
        if not 1 <= number <= len(offered):
            raise EntryError(f"{entry}.concepts: {number} is no number of the list, which ends at {len(offered)}")
    return [offered[number - 1] for number in known]


def reason_given(not_suitable: str | None, missing: str) -> str:
    """The reason why there is nothing. Raises EntryError, saying that `missing` is, where none is given."""
    reason = not_suitable or ""
    if reason.lower() in _NO_REASON:
        raise EntryError(f"{missing}: there is none; write one, or say in not_suitable why there can be none")
    return reason
