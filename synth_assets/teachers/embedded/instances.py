"""TarGEN's steps by rule: contexts, instance seeds with their label, questions constrained to it, corrections.

The label is drawn before the numbers of the question. Other numbers than those it was drawn with are tried, and taken
if they give it or come near it. A near miss is a slip, as models make them, and is for the last step to set right.
"""

import random
from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction

from pydantic import BaseModel, ConfigDict

from synth_assets.seeds import generator_of
from synth_assets.teachers.embedded.composing import final_answer, posed
from synth_assets.teachers.embedded.recipes import QuestionRecipe, solve_recipe
from synth_assets.teachers.embedded.scenes import scene_of
from synth_assets.teachers.embedded.skill import Parameters, Setting, Skill
from synth_assets.teachers.embedded.skills import all_skills
from synth_assets.teachers.embedded.writing import concepts_of, skills_among
from synth_assets.teachers.tasks import (
    ConstrainedQuestion,
    Context,
    CorrectedQuestion,
    CorrectQuestion,
    InstanceSeed,
    WriteConstrainedQuestion,
    WriteContexts,
    WriteInstanceSeed,
    WrittenContexts,
)

TRIES = 6
"""Draws of other numbers to meet a label with."""

NEAR = Fraction(1, 20)
"""How far from the label, as a share of it, a near miss may be."""

DRAWS = 8
"""Draws of a label."""


class _Plan(BaseModel):
    """What a context stands for, and from the second step on its label."""

    model_config = ConfigDict(frozen=True)
    skill: str
    scene: dict[str, str]
    difficulty: int


def contexts(task: WriteContexts) -> WrittenContexts:
    """Scenes of the document, each with a skill of its concepts."""
    skills = list(skills_among(task.concepts).values())
    rng = generator_of("embedded contexts", task.document.document_id, task.round)
    rng.shuffle(skills)
    found = [_context(skill, task, rng) for skill in skills[: task.at_most]]
    missing = None if found else "no problem skill fits the concepts of the document"
    return WrittenContexts(contexts=found, not_suitable=missing)


def _context(skill: Skill, task: WriteContexts, rng: random.Random) -> Context:
    scene = scene_of(task.document.text, rng)
    plan = _Plan(skill=skill.name, scene=asdict(scene), difficulty=rng.randint(1, 3))
    return Context(
        text=f"{scene.person} and {scene.other} are at {scene.place}, where there are {scene.items}, and need what "
        f"they know about {skill.concepts[0]}.",
        key_concepts=concepts_of(skill),
        recipe=plan.model_dump_json(),
    )


def instance_seed(task: WriteInstanceSeed) -> InstanceSeed | None:
    """The names of what is given, and a label that the skill can have; None without a recipe."""
    if task.recipe is None:
        return None
    plan = _Plan.model_validate_json(task.recipe)
    skill = all_skills()[plan.skill]
    drawn = _labelled(skill, plan, task.recipe)
    if drawn is None:
        return None
    return InstanceSeed(
        given=", ".join(name.replace("_", " ") for name in drawn),
        asked=plan.skill.replace("_", " "),
        answer=final_answer(skill.solve(drawn)),
        recipe=task.recipe,
    )


def constrained_question(task: WriteConstrainedQuestion) -> ConstrainedQuestion | None:
    """A problem of the skill to the label, sometimes one that just misses it; None without a recipe."""
    if task.recipe is None:
        return None
    plan = _Plan.model_validate_json(task.recipe)
    skill = all_skills()[plan.skill]
    rng = generator_of("embedded constrained question", task.recipe, task.answer)
    own = _labelled(skill, plan, task.recipe)
    if own is None:
        return None
    drawn = _meeting(task.answer, skill, plan, rng) or own
    composed = posed(skill, drawn, Setting(**plan.scene), rng)
    return ConstrainedQuestion(
        question=composed.question,
        school_level=skill.level,
        recipe=QuestionRecipe(composed=composed.recipe).written(),
    )


def corrected_question(task: CorrectQuestion) -> CorrectedQuestion | None:
    """The question with the answer that its recipe gives; None without a recipe."""
    answer = solve_recipe(task.recipe, task.question) if task.recipe is not None else None
    if answer is None:
        return None
    reason = f"The numbers of the question give {answer.final_answer}, not {task.intended}."
    return CorrectedQuestion(
        question=task.question, final_answer=answer.final_answer, reason=reason, recipe=task.recipe
    )


def _labelled(skill: Skill, plan: _Plan, recipe: str) -> Parameters | None:
    """The numbers a label was drawn with."""
    return next(_draws(skill, plan, generator_of("embedded label", recipe), DRAWS), None)


def _meeting(label: str, skill: Skill, plan: _Plan, rng: random.Random) -> Parameters | None:
    """Numbers drawn that give the label, or else those that come nearest to it, if near enough."""
    nearest: Parameters | None = None
    least: Fraction | None = None
    for parameters in _draws(skill, plan, rng, TRIES):
        distance = _distance(final_answer(skill.solve(parameters)), label)
        if distance is not None and distance <= NEAR and (least is None or distance < least):
            nearest, least = parameters, distance
        if distance == 0:
            break
    return nearest


def _draws(skill: Skill, plan: _Plan, rng: random.Random, tries: int) -> Iterator[Parameters]:
    for _ in range(tries):
        parameters = skill.draw(rng, plan.difficulty, None)
        if parameters is not None:
            yield parameters


def _distance(answer: str, label: str) -> Fraction | None:
    """How far an answer is from the label, as a share of it; None where they are not both numbers, and differ."""
    if answer == label:
        return Fraction(0)
    try:
        return abs(Fraction(answer) / Fraction(label) - 1)
    except (ValueError, ZeroDivisionError):
        return None
