"""Reading what a model wrote: from its text to the task's result.

Thoughts, code fences and prose around the one JSON object are left aside. Faults of syntax alone are repaired, but
nothing is made up: a text that is cut off, says a thing twice differently, or loses a word by the repair is invalid.
What the object must hold: `forms.py`.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar, cast

import json_repair
from pydantic import ValidationError

from synth_assets.teachers.escapes import storable, with_doubled_backslashes, with_lost_commands
from synth_assets.teachers.form import EntryError, Form
from synth_assets.teachers.forms import FORMS, stated_answer
from synth_assets.teachers.prompting import Message, bundled
from synth_assets.teachers.tasks import AnswerQuestion, Result, Task, WrittenAnswer

R = TypeVar("R", bound=Result)

_MOST_PROBLEMS = 4
_LONGEST_PROBLEM = 600

_END_OF_THOUGHTS = "</think>"
_THOUGHTS = re.compile(r"\s*<think>", re.IGNORECASE)
_GAP = r"(?:\s|//[^\n]*\n|/\*(?:(?!\*/).)*\*/)*"
_TOKEN = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"'
    r"|'[^'\\]*(?:\\.[^'\\]*)*'"
    r"|(?P<comment>//[^\n]*|/\*(?:(?!\*/).)*\*/)"
    r"|(?P<bracket>[{}\[\]])"
    r"|(?P<open>[\"']|/\*)",
    re.DOTALL,
)
_CLOSED_BY = {"{": "}", "[": "]"}
_CUT_OFF = "the answer is cut off, or a string or bracket in it is never closed"


class InvalidAnswerError(Exception):
    """A text that is no valid answer to its task. Its message tells the model what is wrong."""


def read_answer(task: Task[R], text: str) -> R:
    """The result `text` stands for.

    An answer to a question may also be prose that marks its final answer by `\\boxed{}` or "the answer is".

    Raises:
        InvalidAnswerError: The text is no valid answer; the message says why, in words for the model.
    """
    form = FORMS[task.kind]
    entries = _entries(text, form)
    if entries is None:
        return cast(R, _read_prose(task, text, form))
    try:
        return cast(R, form.model_validate(_storable(entries)).result(task))
    except ValidationError as error:
        raise _invalid(_in_short(error)) from None
    except EntryError as error:
        raise _invalid(str(error)) from None


def correction(text: str, problem: str) -> list[Message]:
    """The messages that show a model its invalid answer and ask for the whole answer again."""
    return [Message(role="assistant", content=storable(text) or "{}"), bundled().correction(storable(problem))]


def _invalid(problem: str) -> InvalidAnswerError:
    return InvalidAnswerError(storable(problem)[:_LONGEST_PROBLEM])


def _read_prose(task: Task[Any], text: str, form: type[Form]) -> Result:
    solution = storable(_without_thoughts(text)).strip()
    if isinstance(task, AnswerQuestion) and (final := stated_answer(solution)):
        return WrittenAnswer(solution=solution, final_answer=final)
    if not solution:
        raise _invalid("the answer is empty")
    raise _invalid(f"there is no JSON object with the fields {', '.join(form.model_fields)}")


def _entries(text: str, form: type[Form]) -> Mapping[str, Any] | None:
    """The one JSON object in `text`; None where there is none."""
    try:
        whole = _strictly(text)
        if isinstance(whole, dict):
            return whole
    except ValueError:
        pass  # the object is looked for below
    told = _without_thoughts(text)
    found = [_parsed(span) for span in _spans(told, form)]
    objects = [entries for entries in found if not entries.keys().isdisjoint(form.model_fields)]
    if any(entries != objects[0] for entries in objects):
        raise _invalid("there are several JSON objects, and they differ; send one")
    return objects[0] if objects else None


def _without_thoughts(text: str) -> str:
    """What follows the thoughts of a model that thinks aloud; their opening tag may be missing."""
    _, ended, rest = text.rpartition(_END_OF_THOUGHTS)
    if ended:
        return rest
    if _THOUGHTS.match(text):
        raise _invalid("the answer is cut off before the thoughts in it end")
    return text


def _strictly(written: str) -> Any:
    """The value of JSON; only LaTeX's backslashes and line ends in strings may be as JSON does not want them.

    Raises ValueError where the syntax is off, and InvalidAnswerError where a repair could not help either.
    """
    try:
        return json.loads(
            with_doubled_backslashes(written), strict=False, object_pairs_hook=_unique, parse_constant=_no_number
        )
    except RecursionError:
        raise _invalid("it is nested too deeply") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for name, value in pairs:
        if name in entries and entries[name] != value:
            raise _invalid(f"{name[:80]}: it stands there twice with different values")
        entries[name] = value
    return entries


def _no_number(name: str) -> float:
    raise _invalid(f"{name} is no number of JSON")


def _spans(text: str, form: type[Form]) -> list[str]:
    """The parts of `text` that look like objects: an opening brace and a quoted name, or a field's name bare."""
    fields = "|".join(form.model_fields)
    start = re.compile(rf"\{{{_GAP}(?:\"\w+\"|'\w+'|(?:{fields}))\s*:", re.DOTALL)
    spans: list[str] = []
    place = 0
    while found := start.search(text, place):
        place = _end(text, found.start())
        spans.append(text[found.start() : place])
    return spans


def _end(text: str, start: int) -> int:
    """Where the object that begins at `start` ends; refuses one that does not, for then something is missing."""
    open_brackets: list[str] = []
    for token in _TOKEN.finditer(text, start):
        if token["open"]:
            break
        bracket = token["bracket"]
        if bracket in _CLOSED_BY:
            open_brackets.append(bracket)
        elif bracket:
            if _CLOSED_BY[open_brackets.pop()] != bracket:
                raise _invalid(f"a bracket is closed by {bracket} that was not opened so")
            if not open_brackets:
                return token.end()
    raise _invalid(_CUT_OFF)


def _parsed(span: str) -> dict[str, Any]:
    """The object in a span that has a beginning and an end, its syntax repaired if need be."""
    try:
        return cast(dict[str, Any], _strictly(span))
    except ValueError as error:
        problem = str(error)
    written = with_doubled_backslashes(span)
    try:
        repaired = json_repair.loads(written, skip_json_loads=True)
    except (ValueError, RecursionError):
        repaired = None
    if not isinstance(repaired, dict) or _words_written(written) != _words_of(repaired):
        raise _invalid(f"it is no valid JSON: {problem}")
    return repaired


def _words_written(span: str) -> str:
    """The letters and digits of an object as written, without comments and escapes: what a repair must not change."""
    bare = _TOKEN.sub(lambda token: " " if token["comment"] else token[0], span)
    return _letters(re.sub(r"\\(?:u([0-9a-fA-F]{4})|.)", lambda e: chr(int(e[1], 16)) if e[1] else " ", bare))


def _words_of(value: Any) -> str:
    match value:
        case dict():
            return "".join(_letters(str(name)) + _words_of(part) for name, part in value.items())
        case list():
            return "".join(_words_of(part) for part in value)
    return _letters("null" if value is None else str(value))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold().replace("none", "null")


def _storable(value: Any) -> Any:
    match value:
        case str():
            return storable(with_lost_commands(value))
        case dict():
            return {name: _storable(part) for name, part in value.items()}
        case list():
            return [_storable(part) for part in value]
    return value


def _in_short(error: ValidationError) -> str:
    """The first problems with their fields, such as `topics[1].key_concepts: Field required`."""
    problems = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_PROBLEMS]:
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"]).lstrip(".")
        problems.append(f"{place}: {problem['msg']}" if place else problem["msg"])
    return "; ".join(problems)
