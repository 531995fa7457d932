"""A task of each kind, and a valid answer to each as a model would write it."""

import json
from typing import Any

from synth_assets.teachers.tasks import (
    AnswerQuestion,
    CompareProblems,
    Concept,
    CorrectQuestion,
    ExtractConcepts,
    JudgeAnswer,
    Mistake,
    Persona,
    QuestionTemplate,
    RateDocument,
    RephraseQuestion,
    SourceDocument,
    Task,
    WriteConstrainedQuestion,
    WriteContexts,
    WriteInstanceSeed,
    WriteQuestions,
    WriteSyllabusDocument,
)

CONCEPTS = (
    Concept(topic="gears", name="gear ratio"),
    Concept(topic="gears", name="angular velocity"),
    Concept(topic="proportion", name="inverse proportion"),
    Concept(topic="proportion", name="rule of three"),
)

PERSONA = Persona(who="a clockmaker who is always late", place="the clock tower", items=("gears", "bells"))
TEMPLATE = QuestionTemplate(
    text="{person} has {a} rows of {b} {things}. How many {things} is that?",
    level="primary",
    answer="a * b",
    steps=("{a} * {b} = {a * b}.",),
    ranges={"a": (2, 30), "b": (2, 30)},
)


def document(text: str = "A gear with 20 teeth drives one with 60.", title: str = "Gears") -> SourceDocument:
    return SourceDocument(document_id="d1", title=title, text=text)


def questions_task(method: str = "level_2", at_most: int = 5, round: int = 0, text: str = "Gears.") -> WriteQuestions:
    documents = (document(text), document("Proportions.", "Two")) if method == "level_3" else (document(text),)
    return WriteQuestions(method=method, documents=documents, concepts=CONCEPTS, at_most=at_most, round=round)


def question(concepts: list[int], text: str = "How fast?", **entries: object) -> dict[str, Any]:
    return {"concepts": concepts, "question": text, "origin": "new", "school_level": "high school", **entries}


def questions(*entries: dict[str, Any], not_suitable: str | None = None) -> str:
    return json.dumps({"not_suitable": not_suitable, "questions": entries})


def every_task(text: str = "A gear drives another.") -> list[Task[Any]]:
    """One task of each kind and method, with `text` wherever text from outside may stand."""
    return [
        RateDocument(domain="mathematics", document=document(text, text)),
        WriteSyllabusDocument(domain="mechanical engineering", number=3),
        ExtractConcepts(document=document(text)),
        *(questions_task(method, text=text) for method in ("level_1", "level_2", "level_3", "rephrasing")),
        WriteQuestions(
            method="level_2",
            documents=(document(),),
            concepts=(Concept(topic=text, name=text), *CONCEPTS),
            at_most=5,
            round=2,
        ),
        AnswerQuestion(question=text),
        JudgeAnswer(question=text, solution=text, final_answer=text),
        CompareProblems(question=text, item=text),
        RephraseQuestion(question=text, number=8),
        WriteContexts(document=document(text), concepts=CONCEPTS, at_most=5, round=1),
        WriteInstanceSeed(context=text),
        WriteConstrainedQuestion(context=text, given=text, asked=text, answer=text),
        CorrectQuestion(question=text, intended=text, solution=text, final_answer=text),
        questions_task("persona", text=text).model_copy(update={"personas": (PERSONA,)}),
        questions_task("error_extrapolation", text=text).model_copy(
            update={"mistake": Mistake(question=text, solution=text, final_answer=text)}
        ),
        questions_task("template", text=text).model_copy(update={"templates": (TEMPLATE,)}),
    ]


VALID: dict[str, str] = {
    "rate_document": '{"relevance": 8, "clarity": 7, "language_quality": 10}',
    "write_syllabus_document": '{"title": "Gears", "text": "A gear turns.\\n\\nAnother follows."}',
    "extract_concepts": (
        '{"level": "high school", "subject": "mechanics", '
        '"topics": [{"topic": "gears", "key_concepts": ["gear ratio", "angular velocity"]}]}'
    ),
    "write_questions": questions(question([1, 3]), question([2, 4])),
    "answer_question": '{"solution": "We divide: $\\\\frac{90}{3} = 30$.", "final_answer": "30"}',
    "judge_answer": '{"reason": "The ratio is $1:3$.", "correct": true}',
    "compare_problems": '{"reason": "Both ask for the ratio $1:3$.", "same": true}',
    "rephrase_question": '{"question": "At which speed does the other one turn?"}',
    "write_contexts": '{"not_suitable": null, "contexts": [{"concepts": [1, 4], "context": "A mill."}]}',
    "write_instance_seed": '{"given": "20 and 60 teeth, $90$ turns", "asked": "turns of the other", "answer": "30"}',
    "write_constrained_question": '{"question": "How often does it turn?", "school_level": "middle"}',
    "correct_question": '{"reason": "It said 45.", "question": "How often?", "final_answer": "30"}',
}
