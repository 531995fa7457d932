"""Templates filled with the quantities and named things of a document, without any concept (2310.07830)."""

import random
import re
from dataclasses import asdict, dataclass

from pydantic import BaseModel, ConfigDict

from synth_assets.teachers.embedded.formulas import holds, value_of
from synth_assets.teachers.embedded.quantities import quantities_of
from synth_assets.teachers.embedded.scenes import scene_of
from synth_assets.teachers.embedded.skill import Setting, written
from synth_assets.teachers.embedded.wording import singular_for_one
from synth_assets.teachers.tasks import QuestionTemplate, SourceDocument, WrittenAnswer

DRAWS = 60
"""Attempts to find numbers that meet a template's conditions."""

FROM_DOCUMENT = 0.7
"""How often a number is taken from the document where it has a fitting one."""

YEARS = range(1_500, 2_100)
"""Numbers that are mostly dates, and no quantities."""

_SLOT = re.compile(r"\{([^{}]+)\}")


class Filled(BaseModel):
    """A template with what its slots hold."""

    model_config = ConfigDict(frozen=True)
    template: QuestionTemplate
    numbers: dict[str, int]
    words: dict[str, str]


@dataclass(frozen=True)
class Facts:
    """What a document offers to templates: whole numbers from 2 on, and the scene it speaks of."""

    numbers: tuple[int, ...]
    text: str


def facts_of(document: SourceDocument) -> Facts:
    """The quantities and the text of a document."""
    whole = f"{document.title}\n{document.text}"
    found = (value.numerator for value in quantities_of(whole).numbers if value.denominator == 1)
    return Facts(tuple(dict.fromkeys(n for n in found if n >= 2 and n not in YEARS)), whole)


def fill(template: QuestionTemplate, facts: Facts, rng: random.Random) -> Filled | None:
    """The template with at least one number of the document; None where none fits."""
    scene = scene_of(facts.text, rng)
    for _ in range(DRAWS):
        numbers, taken = {}, 0
        for name, (least, most) in template.ranges.items():
            fitting = [number for number in facts.numbers if least <= number <= most]
            from_document = bool(fitting) and rng.random() < FROM_DOCUMENT
            numbers[name] = rng.choice(fitting) if from_document else rng.randint(least, most)
            taken += from_document
        if taken and all(holds(condition, numbers) for condition in template.where):
            return Filled(template=template, numbers=numbers, words=_words(scene))
    return None


def filled_text(filled: Filled) -> str:
    """The question of a filled template."""
    return _with_slots(filled.template.text, filled)


def filled_answer(filled: Filled) -> WrittenAnswer:
    """Its worked solution and exact answer."""
    steps = [_with_slots(step, filled) for step in filled.template.steps]
    return WrittenAnswer(
        solution=" ".join(steps), final_answer=written(value_of(filled.template.answer, filled.numbers))
    )


def _with_slots(text: str, filled: Filled) -> str:
    def content(slot: re.Match[str]) -> str:
        word = filled.words.get(slot[1])
        return word if word is not None else written(value_of(slot[1], filled.numbers))

    full = singular_for_one(_SLOT.sub(content, text))
    return full[:1].upper() + full[1:]


def _words(scene: Setting) -> dict[str, str]:
    words = asdict(scene)
    words["things"] = words.pop("items")
    return words
