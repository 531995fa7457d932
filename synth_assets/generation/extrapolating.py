"""What the students of error extrapolation learn from: seeds of a few documents, and what earlier rounds wrote of them.

The requests are the first that the methods put for these documents anyway. What a student makes of the pairs is not
this room's business (`students/mistakes.py`).
"""

import polars as pl

from synth_assets.generation.answers import AnswerParameters, answer_questions
from synth_assets.generation.material import gather_material, with_mistakes
from synth_assets.generation.methods.method import Method
from synth_assets.generation.questions import write_questions
from synth_assets.progress import reported
from synth_assets.seeds import seed_of
from synth_assets.tables import CONCEPT_WALKS, DOCUMENTS
from synth_assets.teachers.asking import Asker

SEEDS = "level_1"
"""The method that writes what the first student learns from."""


def seed_documents(reference_documents: pl.LazyFrame, most: int) -> pl.DataFrame:
    """The documents of seeds: `document_id` of up to `most`, the first in the order of a hash of their ids."""
    ids = reference_documents.select("document_id").collect()
    places = [seed_of("documents of error extrapolation", name) for name in ids["document_id"]]
    return ids.with_columns(pl.Series("place", places)).sort("place", "document_id").head(most).select("document_id")


class PairWriter:
    """Writes and answers the questions of a method from some documents, as the road does."""

    def __init__(
        self, documents: pl.DataFrame, concepts: pl.DataFrame, asker: Asker, parameters: AnswerParameters
    ) -> None:
        """`documents`: shard, document_id, title, text. `concepts`: rows of document_concepts."""
        self._material = gather_material(documents, concepts, CONCEPT_WALKS.empty(), DOCUMENTS.empty().lazy())
        self._asker, self._parameters = asker, parameters

    def pairs(self, method: Method, account: str, mistakes: pl.DataFrame | None = None) -> pl.DataFrame:
        """Columns `question`, `answer`, `final_answer` and `recipe`: the first questions of each document.

        What is asked is charged to the partition `account`.
        """
        material = self._material if mistakes is None else with_mistakes(self._material, mistakes)
        with self._asker.charged_to(account):
            with reported(f"questions by {method.name}", "requests") as advance:
                questions = write_questions(method, material, self._asker, 1, advance).rows
            with reported("answers", "requests") as advance:
                answered = answer_questions(questions, self._asker, self._parameters, advance).result.rows
        recipes = questions.select("recipe", qa_id="question_id")
        joined = answered.join(recipes, on="qa_id", how="left", maintain_order="left")
        return joined.select("question", "answer", "final_answer", "recipe")
