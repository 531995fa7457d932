"""Documents written from the lexicon and the skills, one a syllabus entry, to start the domain filter cold.

Entries go through all topics in turn and through the kinds of document below, so that mathematics is met as worked
examples, as bare exercises, and as prose with hardly a digit. What their problems ask is in `skills/`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from synth_assets.seeds import generator_of
from synth_assets.teachers.embedded.composing import Composed, compose, final_answer
from synth_assets.teachers.embedded.lexicon import LexiconTopic, mathematics
from synth_assets.teachers.embedded.scenes import scene_of
from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills import all_skills
from synth_assets.teachers.embedded.syllabus_phrases import ARGUMENTS, CLOSINGS, DEFINITIONS, OPENINGS, OUTLOOKS, STARTS
from synth_assets.teachers.tasks import SyllabusDocument

PROBLEMS = 4
NAMED = 5
"""Concepts a document names at least, where its topic has as many."""


@dataclass(frozen=True)
class _Entry:
    """What one document is about: its topic, the names of the topic's concepts in random order, and its chance."""

    number: int
    topic: LexiconTopic
    concepts: tuple[str, ...]
    rng: Random

    @property
    def named(self) -> str:
        return ", ".join(self.concepts[: NAMED - 1]) + " and " + self.concepts[NAMED - 1]


def write_document(number: int) -> SyllabusDocument:
    """The document on the `number`-th entry."""
    topics = list(mathematics().topics.values())
    topic = topics[number % len(topics)]
    kinds = list(_KINDS)
    # The round over the topics shifts the kinds: a topic that comes again comes as another kind.
    kind = kinds[(number // len(topics) + number) % len(kinds)]
    rng = generator_of("syllabus", number)
    concepts = [concept.name for concept in topic.concepts]
    rng.shuffle(concepts)
    text = "\n\n".join(_KINDS[kind](_Entry(number, topic, tuple(concepts), rng)))
    return SyllabusDocument(title=f"{topic.name.capitalize()}: {kind}", text=text)


def _lesson(entry: _Entry) -> list[str]:
    opening = f"Today we study {entry.topic.name}. By the end you should be able to explain {entry.named}."
    return [opening, *(_worked(problem) for problem in _problems(entry))]


def _exam_paper(entry: _Entry) -> list[str]:
    opening = f"This paper tests {entry.topic.name}. Show your working; marks are given for the use of {entry.named}."
    problems = list(enumerate(_problems(entry), 1))
    questions = [f"{place}. {problem.question}" for place, problem in problems]
    answers = [f"{place}. {final_answer(problem.solution)}" for place, problem in problems]
    return [opening, *questions, "Answers. " + "  ".join(answers)]


def _blog_post(entry: _Entry) -> list[str]:
    opening = f"People ask me why anyone still learns {entry.topic.name}. My answer starts with {entry.named}."
    scene, outlook = entry.rng.choice(OPENINGS), entry.rng.choice(OUTLOOKS)
    return [opening, scene, *(_worked(problem) for problem in _problems(entry)[:2]), _filled(outlook, entry)]


def _chapter_opening(entry: _Entry) -> list[str]:
    """How textbooks begin a chapter: a scene from everyday life, then what will be learned."""
    return [f"{entry.rng.choice(OPENINGS)} {_filled(entry.rng.choice(OUTLOOKS), entry)}"]


def _textbook_section(entry: _Entry) -> list[str]:
    """Definitions and reasoning in words, as in books that have few numbers in them."""
    definitions = entry.rng.sample(DEFINITIONS, 3)
    arguments = entry.rng.sample(ARGUMENTS, 2)
    return [_filled(phrase, entry) for phrase in (entry.rng.choice(STARTS), *definitions, *arguments)]


def _summary(entry: _Entry) -> list[str]:
    """The list at the end of a chapter, with a problem to check what was learned."""
    listed = [f"- {concept}" for concept in entry.concepts]
    closing = _filled(entry.rng.choice(CLOSINGS), entry)
    return [f"Key concepts of {entry.topic.name}", "\n".join(listed), closing, *map(_worked, _problems(entry)[:1])]


_KINDS: dict[str, Callable[[_Entry], list[str]]] = {
    "lesson": _lesson,
    "chapter opening": _chapter_opening,
    "exam paper": _exam_paper,
    "textbook section": _textbook_section,
    "blog post": _blog_post,
    "summary": _summary,
}


def _filled(phrase: str, entry: _Entry) -> str:
    """A phrase with the topic and some of its concepts in the places it leaves for them."""
    first, second, third = entry.rng.sample(entry.concepts, 3)
    return phrase.format(topic=entry.topic.name, named=entry.named, first=first, second=second, third=third)


def _worked(problem: Composed) -> str:
    steps = " ".join(problem.solution.steps)
    return f"{problem.question}\n\n{steps} The answer is {final_answer(problem.solution)}."


def _problems(entry: _Entry) -> list[Composed]:
    """Problems on the topic; none where there is no skill for it."""
    rng = generator_of("syllabus problems", entry.number)
    skills = _skills_for(entry.topic)
    composed = [
        compose([skills[(place + entry.number) % len(skills)]], scene_of("", rng), rng.randint(1, 3), rng)
        for place in range(PROBLEMS if skills else 0)
    ]
    return [problem for problem in composed if problem is not None]


def _skills_for(topic: LexiconTopic) -> list[Skill]:
    known = mathematics().concepts
    return [
        skill
        for skill in all_skills().values()
        if skill.topic == topic.name or any(known[name].topic == topic.name for name in skill.concepts)
    ]
