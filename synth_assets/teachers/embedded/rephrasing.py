"""Rephrasing a question the embedded teacher wrote or found solved, so that its recipe still gives the answer."""

from synth_assets.seeds import generator_of
from synth_assets.teachers.embedded.composing import Recipe, cook, rephrased
from synth_assets.teachers.embedded.recipes import QuestionRecipe
from synth_assets.teachers.embedded.rewording import other_names, reworded, with_names
from synth_assets.teachers.embedded.scenes import PEOPLE
from synth_assets.teachers.embedded.skill import Setting
from synth_assets.teachers.embedded.skills import all_skills
from synth_assets.teachers.tasks import RephrasedQuestion, RephraseQuestion, WrittenAnswer


def rephrase(task: RephraseQuestion) -> RephrasedQuestion | None:
    """The question in its wording of that number; None for a question without a recipe that can be reworded.

    A composed problem takes its skill's other phrasings in turn, of other people; then these are reworded. An exercise
    of a document is reworded from the start.
    """
    recipe = QuestionRecipe.model_validate_json(task.recipe) if task.recipe else None
    if recipe is None:
        return None
    if recipe.stated is not None:
        names = other_names(task.question, task.number)
        told = {name: with_names(text, names) for name, text in recipe.stated}
        stated = recipe.model_copy(update={"stated": WrittenAnswer(**told)})
        return RephrasedQuestion(question=reworded(task.question, task.number), recipe=stated.written())
    if recipe.composed is None:
        return None
    return _otherwise(recipe.composed, task.number)


def _otherwise(composed: Recipe, number: int) -> RephrasedQuestion:
    """Of a chain, the last problem changes its phrasing: it is the one that asks."""
    *first, last = [step.phrasing for step in composed.steps]
    ways = len(all_skills()[composed.steps[-1].skill].phrasings)
    others = [(last + shift) % ways for shift in range(1, ways)] or [last]
    turn, place = divmod(number, len(others))
    rng = generator_of("embedded rephrasing", composed.model_dump_json(), number)
    person, other = rng.sample(PEOPLE, 2)
    scene = Setting(**composed.scene | {"person": person, "other": other})
    again = rephrased(composed, [*first, others[place]], scene)
    wording = turn - 1 if turn else None
    text = cook(again).question
    question = text if wording is None else reworded(text, wording)
    return RephrasedQuestion(question=question, recipe=QuestionRecipe(composed=again, wording=wording).written())
