"""Prompts: what a typed task looks like to a chat model, how its answer is shaped, and how it is sampled.

The wording is in `prompts/*.j2`. A task is asked by `<kind>.j2`, questions by `write_questions_<method>.j2` where there
is one and by `write_questions.j2` otherwise; all after `system.j2`. Here a task becomes what a template may show, with
material from outside made harmless. Reading the answers: `reading.py`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypedDict, get_args

from jinja2 import DictLoader, Environment, StrictUndefined, meta
from pydantic import JsonValue

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.escapes import storable
from synth_assets.teachers.forms import form_schema
from synth_assets.teachers.immediate import hash_of
from synth_assets.teachers.settings import Sampling, StructuredOutput
from synth_assets.teachers.tasks import Concept, Mistake, SchoolLevel, SourceDocument, Task, WriteQuestions

LONGEST_CONCEPT = 200
"""Characters of a topic's or key concept's name that are shown."""

SAMPLING: Mapping[str, Sampling] = {
    "rate_document": Sampling(temperature=0, top_p=1, max_completion_tokens=256),
    "write_syllabus_document": Sampling(temperature=0.7, top_p=0.95, max_completion_tokens=4_096),
    "extract_concepts": Sampling(temperature=0, top_p=1, max_completion_tokens=3_072),
    "write_questions": Sampling(temperature=0.7, top_p=0.95, max_completion_tokens=3_072),
    "answer_question": Sampling(temperature=0.7, top_p=0.95, max_completion_tokens=4_096),
    "judge_answer": Sampling(temperature=0, top_p=1, max_completion_tokens=2_048),
    "compare_problems": Sampling(temperature=0, top_p=1, max_completion_tokens=1_024),
    "rephrase_question": Sampling(temperature=0.7, top_p=0.95, max_completion_tokens=1_024),
    "write_contexts": Sampling(temperature=0.7, top_p=0.95, max_completion_tokens=2_048),
    "write_instance_seed": Sampling(temperature=0.7, top_p=0.95, max_completion_tokens=1_024),
    "write_constrained_question": Sampling(temperature=0.7, top_p=0.95, max_completion_tokens=1_024),
    "correct_question": Sampling(temperature=0, top_p=1, max_completion_tokens=2_048),
}
"""Defaults by kind of task, complete. A model that thinks aloud needs a larger `max_completion_tokens`."""

_TAGS = re.compile(
    r"<\s*/?\s*(?:document|concepts|question|item|solution|final_answer|context|seed)[^>\n]{0,40}", re.IGNORECASE
)
_CONTROL_TOKENS = re.compile(
    r"<(?=[|\uff5c]|/?(?:s|bos|eos|pad|unk|start_of_turn|end_of_turn)>)|\[(?=/?(?:INST|SYSTEM_PROMPT)\])", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?\u3002\uff01\uff1f]['\")\]\u2019\u201d]*(?=\s|$)|[\u3002\uff01\uff1f]")


class Message(TypedDict):
    """A message of a chat."""

    role: str
    content: str


class Prompts:
    """A set of templates by file name. The functions below use the bundled set."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._sources = dict(templates)
        # Plain text for a model, not a page: nothing is escaped.
        self._environment = Environment(
            loader=DictLoader(self._sources),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            cache_size=-1,
            auto_reload=False,
            autoescape=False,
        )
        self._environment.globals["levels"] = ", ".join(f'"{level}"' for level in get_args(SchoolLevel))

    def messages(self, task: Task[Any], document_characters: int) -> list[Message]:
        """See :func:`messages`."""
        entry = self._template(task)
        return [
            Message(role="system", content=self._environment.get_template("system.j2").render()),
            Message(
                role="user", content=self._environment.get_template(entry).render(_shown(task, document_characters))
            ),
        ]

    def correction(self, problem: str) -> Message:
        """The request to send an answer again."""
        return Message(role="user", content=self._render("correction.j2", {"problem": problem.rstrip(". ")}))

    def version(self, task: type[Task[Any]], structured: StructuredOutput) -> str:
        """See :func:`prompt_version`."""
        entries = {"system.j2", "correction.j2", *self._templates_of(task)}
        read = [part for name in sorted(self._included(entries)) for part in (name, self._sources[name])]
        schema = json.dumps(form_schema(task), sort_keys=True)
        return hash_of(task.kind, structured, schema, *read)[:12]

    def _render(self, name: str, shown: Mapping[str, object]) -> str:
        return self._environment.get_template(name).render(shown).strip("\n")

    def _template(self, task: Task[Any]) -> str:
        own = f"{task.kind}_{task.method}.j2" if isinstance(task, WriteQuestions) else ""
        for name in (own, f"{task.kind}.j2"):
            if name in self._sources:
                return name
        wanted = " or ".join(name for name in (own, f"{task.kind}.j2") if name)
        raise SynthAssetsError(
            f"There is no prompt for the task {task.kind}: add a template {wanted} to synth_assets/teachers/prompts/."
        )

    def _templates_of(self, task: type[Task[Any]]) -> list[str]:
        beginnings = (f"{task.kind}.", f"{task.kind}_") if issubclass(task, WriteQuestions) else (f"{task.kind}.",)
        return [name for name in self._sources if name.startswith(beginnings)]

    def _included(self, names: set[str]) -> set[str]:
        """The named templates and all that they include, at any depth."""
        seen: set[str] = set()
        while names:
            seen |= names
            trees = [self._environment.parse(self._sources[name]) for name in names]
            named = {name for tree in trees for name in meta.find_referenced_templates(tree) if name is not None}
            names = named - seen
        return seen


@lru_cache(maxsize=1)
def bundled() -> Prompts:
    """The templates that come with the package."""
    folder = files("synth_assets.teachers") / "prompts"
    return Prompts(
        {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".j2")}
    )


def messages(task: Task[Any], document_characters: int) -> list[Message]:
    """The chat that asks for `task`, with documents of more than `document_characters` cut.

    It does not depend on `AnswerQuestion.sample`: independent attempts are asked for in the same words.

    Raises SynthAssetsError where no template is there for the task.
    """
    return bundled().messages(task, document_characters)


def response_format(task: type[Task[Any]] | Task[Any], structured: StructuredOutput) -> dict[str, JsonValue] | None:
    """The `response_format` of the request; None where the endpoint knows none.

    For a task itself, rather than its type, the schema bounds the numbers of questions and concepts by what is asked.
    """
    if structured == "none":
        return None
    if structured == "json_object":
        return {"type": "json_object"}
    return {
        "type": "json_schema",
        "json_schema": {"name": task.kind, "strict": True, "schema": form_schema(task)},
    }


@lru_cache(maxsize=64)
def prompt_version(task: type[Task[Any]], structured: StructuredOutput) -> str:
    """Version by content of all that shapes a task's prompt: its templates, the form's schema, the mode of output."""
    return bundled().version(task, structured)


def cut(text: str, most: int) -> str:
    """The beginning of `text`, at most `most` characters, ending with a paragraph, sentence or word if it can.

    A boundary is looked for in the second half of what may stay.
    """
    if len(text) <= most:
        return text
    head, least = text[:most], most // 2
    paragraph = head.rfind("\n\n")
    if paragraph >= least:
        return head[:paragraph].rstrip()
    sentences = [found.end() for found in _SENTENCE_END.finditer(head, least)]
    if sentences:
        return head[: sentences[-1]]
    word = max(head.rfind(" "), head.rfind("\n"))
    return head[:word].rstrip() if word >= least else head


def _shown(task: Task[Any], document_characters: int) -> dict[str, Any]:
    """The fields of a task as templates may show them, `documents` where it has any, and the mark of its tags."""
    fields: dict[str, Any] = {name: _harmless(value, document_characters) for name, value in task}
    if "document" in fields:
        fields["documents"] = [fields.pop("document")]
    for number, concept in enumerate(fields.get("concepts", []), start=1):
        concept["number"] = number
    return {**fields, "mark": _mark(fields)}


def _harmless(value: Any, document_characters: int) -> Any:
    """A field's value with what a template or a model's chat format might take for its own made plain text."""
    match value:
        case str():
            text = storable(value)
            return _CONTROL_TOKENS.sub(lambda found: found[0] + " ", text) if "<" in text or "[" in text else text
        case SourceDocument(title=title, text=text):
            # Cut before the rest, so that a document of megabytes costs no more; the cut may leave a little less.
            kept = cut(text, document_characters)
            title = _line(title)
            return {"title": title, "text": _harmless(kept, document_characters).strip("\n"), "cut": kept != text}
        case Mistake():
            shown = value.model_dump(include={"question", "solution", "final_answer"})
            return {name: _harmless(text, document_characters) for name, text in shown.items()}
        case Concept(topic=topic, name=name):
            return {"topic": _line(topic), "name": _line(name)}
        case tuple():
            return [_harmless(part, document_characters) for part in value]
    return value


def _line(text: str) -> str:
    """A name on one line."""
    line: str = _harmless(" ".join(text[: 2 * LONGEST_CONCEPT].split())[:LONGEST_CONCEPT], 0)
    return line


def _mark(fields: Mapping[str, Any]) -> str:
    """What the tags around material carry so that nothing in the material can close them; mostly nothing."""
    tags = [tag for text in _texts(fields) if "<" in text for tag in _TAGS.findall(text)]
    if not tags:
        return ""
    number = 2
    while any(str(number) in tag for tag in tags):
        number += 1
    return f"-{number}"


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from _texts(part)
        case list():
            for part in value:
                yield from _texts(part)
