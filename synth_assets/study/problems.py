"""The study's questions at the three levels of the paper's section 2.2, batch by batch without end.

Level 1: one skill of a document's concepts. Level 2: skills of two or three concepts of one document, chained. Level 3:
the same over concepts of different topics that a walk visited, in the scene of its two reference documents.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from synth_assets.final_answers import with_final_answer
from synth_assets.seeds import generator_of
from synth_assets.study.sources import Offer, Source, study_sources
from synth_assets.teachers.embedded.composing import Composed, compose, final_answer
from synth_assets.teachers.embedded.scenes import scene_of
from synth_assets.teachers.embedded.skill import Setting, Skill

LEVELS = ("level_1", "level_2", "level_3")
QUESTIONS_A_SOURCE = {"level_1": 5, "level_2": 5, "level_3": 3}
"""Most questions of one document or walk at a time, as in the paper."""
ATTEMPTS_A_BATCH = {"level_1": 4, "level_2": 4, "level_3": 16}
"""How often a batch goes through all documents, or how many epochs of walks it takes."""
HELD_OUT_SHARE = 0.05
"""Share of the problems (skills and numbers, whatever their words) that no training set may hold."""


@dataclass(frozen=True)
class Syllabus:
    """What is asked: the embedded teacher's skills, by name, and the hardest of their difficulties (1 to 3) drawn."""

    skills: tuple[str, ...]
    hardest: int


@dataclass(frozen=True)
class StudyQuestion:
    """A question with its worked answer.

    problem: 64-bit hash of its skills and numbers, signs left out; the same in other words, or of other people.
    parts: those of its steps alone, of a chain (of one step, the problem itself). topic: of its last skill.
    """

    level: str
    topic: str
    problem: int
    parts: tuple[int, ...]
    question: str
    answer: str
    final_answer: str

    @property
    def is_held_out(self) -> bool:
        """Whether its problem is held out, by the hash alone: so more data never moves a problem into training."""
        return self.problem < HELD_OUT_SHARE * 2**64

    @property
    def may_train(self) -> bool:
        """Whether neither the problem nor any of its steps alone is held out."""
        return not self.is_held_out and all(part >= HELD_OUT_SHARE * 2**64 for part in self.parts)


def questions_of(level: str, batch: int, syllabus: Syllabus) -> list[StudyQuestion]:
    """The questions of a level's batch (from 0), shuffled: a function of these and the code alone."""
    attempts = range(batch * ATTEMPTS_A_BATCH[level], (batch + 1) * ATTEMPTS_A_BATCH[level])
    made = [
        question
        for source, rng in _sources(level, attempts, syllabus)
        for question in _written(level, source, syllabus.hardest, rng)
    ]
    generator_of("study order", level, batch).shuffle(made)
    return made


def _sources(level: str, attempts: range, syllabus: Syllabus) -> Iterator[tuple[Source, random.Random]]:
    sources = study_sources(syllabus.skills)
    if level == "level_3":
        for walk in sources.walks(attempts):
            yield walk, generator_of("study questions", level, walk.source_id)
        return
    for attempt in attempts:
        for document in sources.documents:
            yield document, generator_of("study questions", level, document.source_id, attempt)


def _written(level: str, source: Source, hardest: int, rng: random.Random) -> Iterator[StudyQuestion]:
    chains = _single(source, rng) if level == "level_1" else _chained(source, rng, across=level == "level_3")
    for _, skills in zip(range(QUESTIONS_A_SOURCE[level]), chains, strict=False):
        first, last = scene_of(source.first_text, rng), scene_of(source.last_text, rng)
        setting = Setting(first.person, first.other, last.items, last.place)
        composed = compose(skills, setting, rng.randint(1, hardest), rng)
        if composed is not None:
            yield _question(level, skills, composed)


def _single(source: Source, rng: random.Random) -> Iterator[list[Skill]]:
    """One skill after another, of all that the source's concepts have."""
    skills = list({skill.name: skill for offer in source.offers for skill in offer.skills}.values())
    while True:
        rng.shuffle(skills)
        yield from ([skill] for skill in skills)


def _chained(source: Source, rng: random.Random, across: bool) -> Iterator[list[Skill]]:
    """Two, or one time in four three, different concepts with a different skill each; none where too few are offered.

    `across`: no two of one topic.
    """
    for _ in range(4 * QUESTIONS_A_SOURCE["level_2"]):
        many = 3 if rng.random() < 0.25 else 2
        if len(source.offers) < many:
            continue
        offers = rng.sample(source.offers, many)
        if across and len({offer.topic for offer in offers}) < many:
            continue
        skills = _one_each(offers, rng)
        if len({skill.name for skill in skills}) == many:
            yield skills


def _one_each(offers: Sequence[Offer], rng: random.Random) -> list[Skill]:
    return [rng.choice(offer.skills) for offer in offers]


def _question(level: str, skills: Sequence[Skill], composed: Composed) -> StudyQuestion:
    final = final_answer(composed.solution)
    # Signs are left out: the rung of whole questions reads over them, so -6x + 10 at 1 is 6x + 10 at -1 to it.
    steps = [
        " ".join(re.findall(r"\w+", f"{step.skill} {sorted(step.parameters.items())}"))
        for step in composed.recipe.steps
    ]
    return StudyQuestion(
        level=level,
        topic=skills[-1].topic,
        problem=_hash("|".join(steps)),
        parts=tuple(map(_hash, steps)),
        question=composed.question,
        answer=with_final_answer(" ".join(composed.solution.steps), final),
        final_answer=final,
    )


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
