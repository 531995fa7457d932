"""The written lexicon of mathematics: topics, their key concepts, and where a text mentions them.

The words themselves lie in `lexicon/*.toml`, one file a field of mathematics.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from ahocorasick_rs import AhoCorasick

from synth_assets.teachers.tasks import SchoolLevel


@dataclass(frozen=True)
class LexiconConcept:
    """A key concept: canonical name, its topic, and the other forms it takes in prose."""

    name: str
    topic: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class LexiconTopic:
    """A topic: canonical name, usual school level, other forms, and its key concepts."""

    name: str
    level: SchoolLevel
    aliases: tuple[str, ...]
    concepts: tuple[LexiconConcept, ...]


@dataclass(frozen=True)
class Mention:
    """A place where a text names a topic (`concept` is None) or a key concept; offsets in characters."""

    topic: str
    concept: str | None
    start: int
    end: int


class Lexicon:
    """Topics by name and an automaton over all their written forms."""

    def __init__(self, topics: Iterable[LexiconTopic]) -> None:
        self.topics: Mapping[str, LexiconTopic] = {topic.name: topic for topic in topics}
        forms: dict[str, tuple[str, str | None]] = {}
        for topic in self.topics.values():
            for concept in topic.concepts:
                for form in _written_forms((concept.name, *concept.aliases)):
                    forms.setdefault(form, (topic.name, concept.name))
        for topic in self.topics.values():
            for form in _written_forms((topic.name, *topic.aliases)):
                forms.setdefault(form, (topic.name, None))
        self._names = list(forms.values())
        self._automaton = AhoCorasick(list(forms))

    @cached_property
    def concepts(self) -> Mapping[str, LexiconConcept]:
        """Every key concept by canonical name."""
        return {concept.name: concept for topic in self.topics.values() for concept in topic.concepts}

    def mentions(self, text: str) -> list[Mention]:
        """Every mention in `text` as whole words, longest form first where they overlap, in order of place."""
        lowered = text.lower()
        found = [
            (start, end, self._names[index])
            for index, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True)
            if _is_whole(lowered, start, end)
        ]
        found.sort(key=lambda match: (match[0], -match[1]))
        mentions: list[Mention] = []
        for start, end, (topic, concept) in found:
            if not mentions or start >= mentions[-1].end:
                mentions.append(Mention(topic, concept, start, end))
        return mentions


@cache
def mathematics() -> Lexicon:
    """The bundled lexicon. Raises ValueError where a topic or concept is listed twice."""
    return Lexicon(_read_topics())


def _read_topics() -> Iterator[LexiconTopic]:
    seen: set[str] = set()
    folder = files("synth_assets.teachers.embedded").joinpath("lexicon")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        for topic in tomllib.loads(entry.read_text(encoding="utf-8"))["topics"]:
            name = topic["name"]
            concepts = tuple(
                LexiconConcept(concept["name"], name, tuple(concept.get("aliases", ())))
                for concept in topic["concepts"]
            )
            names = [f"topic {name}", *(f"concept {concept.name}" for concept in concepts)]
            twice = [listed for listed in names if listed in seen or names.count(listed) > 1]
            if twice:
                raise ValueError(f"{entry.name} lists twice: {', '.join(twice)}")
            seen.update(names)
            yield LexiconTopic(name, topic["level"], tuple(topic.get("aliases", ())), concepts)


def _written_forms(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        lowered = name.lower()
        yield lowered
        yield from _plurals(lowered)


def _plurals(name: str) -> Iterator[str]:
    if name.endswith(("s", "x", "ch", "sh")):
        yield name + "es"
    elif name.endswith("y") and name[-2:-1] not in "aeiou":
        yield name[:-1] + "ies"
    else:
        yield name + "s"


def _is_whole(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or after.isalnum() or before == "-")
