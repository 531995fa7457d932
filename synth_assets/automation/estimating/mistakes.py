"""What the rounds of error extrapolation ask before their questions: the seeds, and what earlier rounds write of them.

The methods put the same requests themselves, where they are chosen; so whatever is counted here is not counted there.
Which problems the students will get wrong is not known before they are trained.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from synth_assets.automation.estimating.asking import Tally
from synth_assets.automation.estimating.concepts import Extracted
from synth_assets.automation.estimating.corpus import EXACT, Drawn
from synth_assets.automation.estimating.history import answer_tokens, question_tokens
from synth_assets.automation.estimating.parts import NOTHING, Amount, Ground, Part, fresh
from synth_assets.generation.extrapolating import SEEDS, seed_documents
from synth_assets.generation.material import gather_material, with_mistakes
from synth_assets.generation.methods import method_named
from synth_assets.generation.methods.error_extrapolation import ErrorExtrapolation
from synth_assets.generation.methods.method import Material, Method
from synth_assets.generation.questions import write_questions
from synth_assets.tables import CONCEPT_WALKS, DOCUMENTS, STUDENT_MISTAKES
from synth_assets.teachers.tasks import AnswerQuestion, JudgeAnswer, WriteQuestions

STAGE = STUDENT_MISTAKES.name

MISTAKES = "select * from student_mistakes"


def mistakes_known(ground: Ground) -> pl.DataFrame:
    """The mistakes that a run would leave as they are, and one blank one for each round that has none yet."""
    stored = ground.past.query(MISTAKES, STUDENT_MISTAKES)
    rows = [] if stored is None else [stored.cast(dict(STUDENT_MISTAKES.schema))]  # type: ignore[arg-type]
    known = pl.concat([STUDENT_MISTAKES.empty(), *rows])
    standing = [method.name for method in _rounds(ground) if ground.past.settled(STAGE, method.name)]
    kept = known.filter(pl.col("method").is_in(standing))
    waiting = [method.name for method in _rounds(ground) if method.name not in standing]
    return pl.concat([kept, *(_blank(name) for name in waiting)])


def mistake_parts(ground: Ground, kept: Drawn, extracted: Extracted) -> list[Part]:
    """The requests of `student_mistakes` by round. Answers that the road asks for anyway are counted there alone."""
    rounds = _rounds(ground)
    waiting = [method for method in rounds if not ground.past.settled(STAGE, method.name)]
    parts = [fresh(STAGE, method.name, WriteQuestions.kind) for method in rounds if method not in waiting]
    if not waiting:
        return parts
    ground.notes.add(
        "Which problems students get wrong is known once they are trained; each document is taken to be shown one."
    )
    asked: dict[str, list[Part]] = {}
    material = _seeds(ground, kept, extracted)
    basis = EXACT if set(kept.bases().values()) <= {EXACT} else "like other documents"
    steps: Sequence[Method] = [method_named(SEEDS), *map(ErrorExtrapolation, range(1, waiting[-1].number))]
    for step in steps:
        # The first round that waits needs the seeds, each later one what the rounds before it wrote.
        needs = next(one for one in waiting if step.name == SEEDS or one.number > getattr(step, "number", 0))
        asked.setdefault(needs.name, []).extend(_of_step(ground, step, material, needs.name, basis))
    return parts + [part for method in waiting for part in asked.get(method.name) or [_nothing(method.name)]]


def _rounds(ground: Ground) -> list[ErrorExtrapolation]:
    methods = map(method_named, ground.settings.generation.methods)
    return [method for method in methods if isinstance(method, ErrorExtrapolation)]


def _seeds(ground: Ground, kept: Drawn, extracted: Extracted) -> Material:
    chosen = seed_documents(kept.rows.lazy(), ground.settings.extrapolation.documents)
    rows = kept.rows.join(chosen, on="document_id", how="semi")
    return gather_material(rows, extracted.concepts, CONCEPT_WALKS.empty(), DOCUMENTS.empty().lazy())


def _of_step(ground: Ground, method: Method, material: Material, partition: str, basis: str) -> list[Part]:
    """The questions of a method from the seeds' documents, and their answers unless the road asks for those."""
    planner = ground.planner()
    if isinstance(method, ErrorExtrapolation):
        material = with_mistakes(material, _blank(method.name))
    write_questions(method, material, planner, 1)
    asked = _all_of(planner.tallies)
    parts = [Part(STAGE, partition, WriteQuestions.kind, asked, method.name, basis)]
    if method.name in ground.settings.generation.methods:
        return parts
    each = ground.history.questions_a_request(method.name, in_steps=False)
    many, of = asked.unanswered * each, ground.settings.generation
    length = question_tokens(method.name)
    to_come = {AnswerQuestion.kind: ground.unknown(AnswerQuestion(question=""), many * of.samples, length)}
    if of.judge:
        blank = JudgeAnswer(question="", solution="", final_answer="")
        to_come[JudgeAnswer.kind] = ground.unknown(blank, many, length + answer_tokens(method.name))
    return parts + [
        Part(STAGE, partition, kind, amount, method.name, "questions to come") for kind, amount in to_come.items()
    ]


def _all_of(tallies: Mapping[tuple[str, str], Tally]) -> Amount:
    return sum((Amount(t.asked, t.known, t.prompt_tokens, t.unanswered) for t in tallies.values()), start=NOTHING)


def _nothing(partition: str) -> Part:
    return Part(STAGE, partition, WriteQuestions.kind, NOTHING)


def _blank(method: str) -> pl.DataFrame:
    """A mistake of the length that problems and solutions are assumed to have."""
    blank = {
        "method": method,
        "problem_id": "",
        # With its name, so that no two rounds are taken to ask the same.
        "question": f"{method} " + "word " * question_tokens(SEEDS),
        "solution": "word " * answer_tokens(SEEDS),
        "final_answer": "0",
        "written": "1",
        "recipe": None,
        "student": "",
        "trained_pairs": 0,
        "asked": 0,
    }
    return STUDENT_MISTAKES.conform(pl.DataFrame([blank], schema=STUDENT_MISTAKES.schema))
