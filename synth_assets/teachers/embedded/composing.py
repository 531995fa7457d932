"""Problems put together from skills: one alone, or two or three chained so that one result feeds the next.

A composed problem carries its recipe (skills, drawn parameters, wording, scene), from which the same text and its
worked solution are computed again; nothing is remembered.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import cast

from pydantic import BaseModel, ConfigDict

from synth_assets.teachers.embedded.skill import Number, Parameters, Setting, Skill, Solution, written
from synth_assets.teachers.embedded.skills import all_skills
from synth_assets.teachers.embedded.wording import as_printed, singular_for_one

SYMBOLS = ("N", "M")
"""Names of intermediate results, in order."""

LINKS = (
    "Let {symbol} be the answer to this problem: {first} {then}",
    "Solve the first problem and call its answer {symbol}. {first} Now use {symbol}. {then}",
    "{first} Call that number {symbol}. {then}",
    "First part: {first} Write {symbol} for your result. Second part: {then}",
    "Work in two stages. {first} Keep the result as {symbol} and go on. {then}",
    "Find {symbol}, where {symbol} is the answer to the following. {first} With this value of {symbol}: {then}",
)
"""Ways to hand one result to the next problem."""

FURTHER_LINKS = (
    "{first} Call this second result {symbol}. {then}",
    "{first} Let {symbol} be the answer to that. {then}",
    "{first} Write {symbol} for this answer and go on. {then}",
    "{first} With {symbol} standing for that result: {then}",
    "{first} Keep this result too, as {symbol}. Last part: {then}",
)
"""Ways to hand on a second result, after one of `LINKS` has opened the problem."""

DRAWS = 24
"""Attempts to find parameters whose result the next skill accepts."""


class Step(BaseModel):
    """One skill of a recipe. Numbers are written exactly: `7`, `3/4`; words keep their quotes; tuples are lists."""

    model_config = ConfigDict(frozen=True)
    skill: str
    phrasing: int
    parameters: dict[str, str | list[str]]
    words: tuple[str, ...] = ()


class Recipe(BaseModel):
    """Everything needed to write a composed problem and its solution again."""

    model_config = ConfigDict(frozen=True)
    steps: tuple[Step, ...]
    links: tuple[int, ...]
    scene: dict[str, str]


@dataclass(frozen=True)
class Composed:
    """A problem with its worked solution and exact answer."""

    question: str
    solution: Solution
    recipe: Recipe


def compose(
    skills: Sequence[Skill], scene: Setting, difficulty: int, rng: random.Random, told: bool = False
) -> Composed | None:
    """A problem of one skill, or of several where each result feeds the next skill.

    With `told`, in a phrasing that tells of a person, where there is one. None where no draw in `DRAWS` attempts gives
    every skill an input it accepts (for instance a negative length).
    """
    for _ in range(DRAWS):
        parameters = _draw_chain(skills, difficulty, rng)
        if parameters is not None:
            steps = tuple(
                _to_step(skill, _phrasing(skill, rng, told), drawn)
                for skill, drawn in zip(skills, parameters, strict=True)
            )
            links = tuple(rng.randrange(len(_links(place))) for place in range(1, len(skills)))
            return cook(Recipe(steps=steps, links=links, scene=asdict(scene)))
    return None


def posed(skill: Skill, parameters: Parameters, scene: Setting, rng: random.Random) -> Composed:
    """The problem of one skill with these parameters."""
    step = _to_step(skill, _phrasing(skill, rng), parameters)
    return cook(Recipe(steps=(step,), links=(), scene=asdict(scene)))


def rephrased(recipe: Recipe, phrasings: Sequence[int], scene: Setting) -> Recipe:
    """The same problem in these phrasings, one a skill, and another scene; its answer is the same."""
    steps = tuple(
        step.model_copy(update={"phrasing": place}) for step, place in zip(recipe.steps, phrasings, strict=True)
    )
    return Recipe(steps=steps, links=recipe.links, scene=asdict(scene))


def cook(recipe: Recipe) -> Composed:
    """The problem of a recipe. Raises KeyError or IndexError where the recipe names what is not known here."""
    scene = Setting(**recipe.scene)
    skills = [all_skills()[step.skill] for step in recipe.steps]
    drawn = [_from_step(step) for step in recipe.steps]
    solutions = [skill.solve(parameters) for skill, parameters in zip(skills, drawn, strict=True)]
    question = ""
    sentences: list[str] = []
    for place, (skill, parameters, step) in enumerate(zip(skills, drawn, recipe.steps, strict=True)):
        shown = {name: written(value) for name, value in parameters.items()}
        if place:
            assert skill.feed is not None
            shown[skill.feed] = SYMBOLS[place - 1]
        text = singular_for_one(skill.phrasings[step.phrasing].format(**shown, **asdict(scene)))
        if place:
            link = _links(place)[recipe.links[place - 1]]
            text = link.format(symbol=SYMBOLS[place - 1], first=question, then=text)
        question = text
        sentences += map(singular_for_one, solutions[place].steps)
        if place < len(skills) - 1:
            sentences.append(f"So {SYMBOLS[place]} = {written(solutions[place].answer)}.")
    return Composed(question, Solution(tuple(sentences), solutions[-1].answer), recipe)


def final_answer(solution: Solution) -> str:
    """The answer as the last step writes it: as a terminating decimal where that step does, else exactly."""
    if isinstance(solution.answer, str):
        return as_printed(solution.answer)
    exact, last = written(solution.answer), solution.steps[-1]
    if "/" in exact and exact not in last:
        shown = re.findall(r"-?\d+\.\d+", last)
        return next((number for number in shown if Fraction(number) == solution.answer), exact)
    return exact


def _phrasing(skill: Skill, rng: random.Random, told: bool = False) -> int:
    return rng.choice(skill.told) if told and skill.told else rng.randrange(len(skill.phrasings))


def _links(place: int) -> tuple[str, ...]:
    return LINKS if place == 1 else FURTHER_LINKS


def _draw_chain(skills: Sequence[Skill], difficulty: int, rng: random.Random) -> list[Parameters] | None:
    drawn: list[Parameters] = []
    result: Number | None = None
    for skill in skills:
        if drawn and skill.feed is None:
            return None
        parameters = skill.draw(rng, difficulty, result)
        if parameters is None:
            return None
        drawn.append(parameters)
        answer = skill.solve(parameters).answer
        result = None if isinstance(answer, str) else answer
        if result is None and len(drawn) < len(skills):
            return None
    return drawn


def _to_step(skill: Skill, phrasing: int, parameters: Parameters) -> Step:
    values: dict[str, str | list[str]] = {}
    for name, value in parameters.items():
        values[name] = [str(Fraction(part)) for part in value] if isinstance(value, tuple) else str(value)
    words = tuple(name for name, value in parameters.items() if isinstance(value, str))
    return Step(skill=skill.name, phrasing=phrasing, parameters=values, words=words)


def _from_step(step: Step) -> Parameters:
    drawn: dict[str, Number | str | tuple[Number, ...]] = {}
    for name, value in step.parameters.items():
        if isinstance(value, list):
            drawn[name] = tuple(_exact(part) for part in value)
        else:
            drawn[name] = value if name in step.words else _exact(value)
    return cast(Mapping[str, Number | str | tuple[Number, ...]], drawn)


def _exact(text: str) -> Number:
    value = Fraction(text)
    return value.numerator if value.denominator == 1 else value
