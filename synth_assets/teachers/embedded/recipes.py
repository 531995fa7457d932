"""How a question came about, and its answer from that alone."""

from pydantic import BaseModel, ConfigDict

from synth_assets.teachers.embedded.composing import Recipe, cook, final_answer
from synth_assets.teachers.embedded.filling import Filled, filled_answer, filled_text
from synth_assets.teachers.embedded.rewording import reworded
from synth_assets.teachers.tasks import WrittenAnswer


class QuestionRecipe(BaseModel):
    """How a question came about: composed from skills, stated with its solution in the document, or a filled template.

    A composed one may have an `opening` before it, and be said in the words of a `wording`.
    """

    model_config = ConfigDict(frozen=True)
    composed: Recipe | None = None
    stated: WrittenAnswer | None = None
    filled: Filled | None = None
    opening: str = ""
    wording: int | None = None

    def written(self) -> str:
        """As it stands beside the question."""
        return self.model_dump_json(exclude_none=True, exclude_defaults=True)


def solve_recipe(recipe: str, question: str) -> WrittenAnswer | None:
    """The worked answer of a question by its recipe; None where the recipe does not give this very question."""
    parsed = QuestionRecipe.model_validate_json(recipe)
    if parsed.stated is not None:
        return parsed.stated
    if parsed.filled is not None:
        return filled_answer(parsed.filled) if filled_text(parsed.filled) == question else None
    if parsed.composed is None:
        return None
    composed = cook(parsed.composed)
    text = composed.question if parsed.wording is None else reworded(composed.question, parsed.wording)
    if parsed.opening + text != question:
        return None
    return WrittenAnswer(solution=" ".join(composed.solution.steps), final_answer=final_answer(composed.solution))
