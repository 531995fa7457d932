"""The forms: schemas that every endpoint takes, and what becomes of a filled-in form."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from synth_assets.teachers.forms import form_schema
from synth_assets.teachers.reading import InvalidAnswerError, read_answer
from synth_assets.teachers.tasks import (
    TASKS,
    AnswerQuestion,
    Concept,
    CorrectQuestion,
    ExtractConcepts,
    RateDocument,
    RephraseQuestion,
    WriteContexts,
    WriteInstanceSeed,
    WriteQuestions,
    WriteSyllabusDocument,
)
from synth_assets_tests.teachers.examples import (
    CONCEPTS,
    VALID,
    document,
    every_task,
    question,
    questions,
    questions_task,
)

KNOWN = frozenset(
    "type properties required additionalProperties items enum anyOf minimum maximum minItems maxItems maxLength".split()
)
"""The keywords that OpenAI's strict mode and xgrammar both know."""

SCHEMAS = [form_schema(task) for task in TASKS] + [form_schema(task) for task in every_task()]


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """A schema and all schemas in it."""
    yield schema
    for inner in [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]:
        yield from parts(inner)
    if "items" in schema:
        yield from parts(schema["items"])


@pytest.mark.parametrize("schema", SCHEMAS)
def test_schemas_are_valid_and_keep_to_what_strict_modes_know(schema):
    Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    for part in parts(schema):
        assert set(part) <= KNOWN
        if part.get("type") == "object":
            assert part["required"] == list(part["properties"])
            assert part["additionalProperties"] is False


def test_only_names_are_bounded_in_length_since_that_forbids_latex():
    for schema in SCHEMAS:
        for part in parts(schema):
            for name, inner in part.get("properties", {}).items():
                bounded = inner.get("items", inner).get("maxLength")
                assert (bounded == 200) == (name in {"title", "subject", "topic", "key_concepts"})


@pytest.mark.parametrize("task", every_task(), ids=lambda task: task.kind)
def test_every_form_goes_the_round(task):
    Draft202012Validator(form_schema(task)).validate(json.loads(VALID[task.kind]))
    result = read_answer(task, VALID[task.kind])
    assert isinstance(result, type(task).result)
    assert read_answer(task, VALID[task.kind]) == result


def test_a_task_bounds_its_schema_by_what_it_asks_and_offers():
    schema = form_schema(questions_task("level_3", at_most=3))
    asked = schema["properties"]["questions"]
    concepts = asked["items"]["properties"]["concepts"]
    assert asked["maxItems"] == 3
    assert (concepts["minItems"], concepts["maxItems"], concepts["items"]["maximum"]) == (2, 3, len(CONCEPTS))
    none_offered = form_schema(WriteQuestions(method="level_1", documents=(document(),), concepts=(), at_most=5))
    assert none_offered["properties"]["questions"]["items"]["properties"]["concepts"]["maxItems"] == 0
    assert form_schema(WriteQuestions)["properties"]["questions"]["maxItems"] == 20


def test_concepts_are_told_by_number():
    written = read_answer(questions_task(), questions(question([3, 1, 3]))).questions[0]
    assert written.key_concepts == [CONCEPTS[2], CONCEPTS[0]]
    assert written.recipe is None


def test_more_concepts_than_asked_for_are_taken_as_written():
    assert len(read_answer(questions_task(), questions(question([1, 2, 3, 4]))).questions[0].key_concepts) == 4


@pytest.mark.parametrize("method", ["level_1", "level_2", "level_3"])
@pytest.mark.parametrize("number", [0, -1, 5])
def test_a_number_that_was_not_offered_is_invalid(method, number):
    with pytest.raises(InvalidAnswerError, match=rf"questions\[1\].concepts: {number} is no number of the list"):
        read_answer(questions_task(method), questions(question([1, 2]), question([1, number])))


def test_combining_methods_need_concepts_and_level_1_does_not():
    for method in ("level_2", "level_3"):
        with pytest.raises(InvalidAnswerError, match=r"questions\[0\].concepts: .* missing"):
            read_answer(questions_task(method), questions(question([])))
    assert read_answer(questions_task("level_1"), questions(question([]))).questions[0].key_concepts == []


def test_more_questions_than_asked_for_are_invalid():
    with pytest.raises(InvalidAnswerError, match="there are 4, and at most 3"):
        read_answer(questions_task("level_3", at_most=3), questions(*[question([1, 3])] * 4))


def test_a_source_may_be_declined_with_a_reason_but_not_without():
    declined = read_answer(questions_task("level_1"), questions(not_suitable="It is an advertisement."))
    assert (declined.questions, declined.not_suitable) == ([], "It is an advertisement.")
    for empty in (None, "", " ", "null", "None"):
        with pytest.raises(InvalidAnswerError, match="questions: there is none"):
            read_answer(questions_task("level_1"), questions(not_suitable=empty))


def test_a_question_without_text_does_not_count():
    written = read_answer(questions_task(), questions(question([1, 2]), question([1, 3], " ")))
    assert len(written.questions) == 1
    with pytest.raises(InvalidAnswerError, match="there is none"):
        read_answer(questions_task(), questions(question([1, 2], " ")))


def test_choices_are_read_in_any_spelling_of_case_and_hyphens():
    written = read_answer(questions_task(), questions(question([1], origin="Original", school_level="High_School")))
    assert (written.questions[0].origin, written.questions[0].school_level) == ("original", "high school")
    with pytest.raises(InvalidAnswerError, match=r"questions\[0\].school_level: Input should be 'primary'"):
        read_answer(questions_task(), questions(question([1], school_level="kindergarten")))


@pytest.mark.parametrize("mark", ["0", "11", "7.5", "true", '"good"', "null"])
def test_marks_are_whole_numbers_from_1_to_10(mark):
    task = RateDocument(domain="mathematics", document=document())
    with pytest.raises(InvalidAnswerError, match="clarity: "):
        read_answer(task, f'{{"relevance": 5, "clarity": {mark}, "language_quality": 5}}')


def topics(*entries: tuple[str, list[str]]) -> str:
    listed = [{"topic": topic, "key_concepts": names} for topic, names in entries]
    return json.dumps({"level": "college", "subject": "s", "topics": listed})


def test_extraction_is_bounded_as_in_the_paper():
    task = ExtractConcepts(document=document())
    names = [f"concept {number}" for number in range(21)]
    assert len(read_answer(task, topics(("t", names[:20]))).topics[0].key_concepts) == 20
    unfit = (("t", names),), (("t", ["a"]),) * 6, (), (("t", []),), (("t", ["x" * 201]),)
    for entries in unfit:
        with pytest.raises(InvalidAnswerError, match="topics"):
            read_answer(task, topics(*entries))


def test_empty_names_are_left_out_and_a_document_without_any_is_invalid():
    task = ExtractConcepts(document=document())
    kept = read_answer(task, topics(("a", ["x", " "]), (" ", ["y"]), ("b", [""]))).topics
    assert [(entry.topic, entry.key_concepts) for entry in kept] == [("a", ["x"])]
    with pytest.raises(InvalidAnswerError, match="none of them has a name"):
        read_answer(task, topics(("a", [" "])))


@pytest.mark.parametrize(
    ("solution", "given", "final"),
    [
        ("So it is 7.", "7", "7"),
        ("So it is 7.", r"\boxed{7}", "7"),
        ("So it is 7.", "The answer is 7.", "7"),
        ("So it is 7.", 7, "7"),
        ("So it is 7.", 0.5, "0.5"),
        (r"Thus \(x = \boxed{\frac{1}{2}}\).", "", r"\frac{1}{2}"),
        ("We add. The answer is 7.", " ", "7"),
    ],
)
def test_the_final_answer_stands_in_its_field_or_in_the_solution(solution, given, final):
    text = json.dumps({"solution": solution, "final_answer": given})
    assert read_answer(AnswerQuestion(question="?"), text).final_answer == final


def test_without_a_final_answer_anywhere_or_without_a_solution_an_answer_is_invalid():
    for solution, final in (("We add two and two.", ""), ("", "4")):
        with pytest.raises(InvalidAnswerError, match="it is empty"):
            read_answer(AnswerQuestion(question="?"), json.dumps({"solution": solution, "final_answer": final}))


def test_a_syllabus_document_needs_a_text():
    with pytest.raises(InvalidAnswerError, match="text: it is empty"):
        read_answer(WriteSyllabusDocument(domain="cooking", number=0), '{"title": "t", "text": " "}')


def test_what_a_form_does_not_ask_for_is_ignored():
    text = '{"thoughts": "hm", "relevance": 5, "clarity": 5, "language_quality": 5}'
    assert read_answer(RateDocument(domain="x", document=document()), text).clarity == 5


def test_a_method_of_somebodys_own_is_free_in_its_concepts():
    task = WriteQuestions(method="own", documents=(), concepts=(Concept(topic="t", name="n"),), at_most=2)
    assert read_answer(task, questions(question([]), question([1]))).questions[1].key_concepts == list(task.concepts)


def test_a_rephrasing_in_the_same_words_is_invalid():
    task = RephraseQuestion(question="How fast?")
    for text, problem in (("How  fast? ", "the very question"), (" ", "it is empty")):
        with pytest.raises(InvalidAnswerError, match=f"question: .*{problem}"):
            read_answer(task, json.dumps({"question": text}))


def test_contexts_name_concepts_by_number_and_may_be_declined():
    task = WriteContexts(document=document(), concepts=CONCEPTS, at_most=1)

    def contexts(*entries, not_suitable=None):
        return json.dumps({"not_suitable": not_suitable, "contexts": entries})

    mill = {"concepts": [2, 1], "context": "A mill."}
    assert read_answer(task, contexts(mill)).contexts[0].key_concepts == [CONCEPTS[1], CONCEPTS[0]]
    assert read_answer(task, contexts(not_suitable="A poem.")).not_suitable == "A poem."
    for unfit, problem in (
        (contexts(mill, mill), "there are 2, and at most 1"),
        (contexts({**mill, "concepts": [5]}), r"contexts\[0\].concepts: 5 is no number"),
        (contexts(), "contexts: there is none"),
    ):
        with pytest.raises(InvalidAnswerError, match=problem):
            read_answer(task, unfit)


def test_a_seed_lacks_nothing():
    for missing in ("given", "asked", "answer"):
        seed = {"given": "two gears", "asked": "turns", "answer": "30", missing: " "}
        with pytest.raises(InvalidAnswerError, match=f"{missing}: it is empty"):
            read_answer(WriteInstanceSeed(context="A mill."), json.dumps(seed))


def test_a_correction_may_give_up_but_a_corrected_question_needs_an_answer():
    task = CorrectQuestion(question="How?", intended="1", solution="It is 2.", final_answer="2")
    for gone in (None, "", "null"):
        corrected = read_answer(task, json.dumps({"reason": "contradictory", "question": gone, "final_answer": ""}))
        assert (corrected.question, corrected.reason) == (None, "contradictory")
    with pytest.raises(InvalidAnswerError, match="final_answer: it is empty"):
        read_answer(task, json.dumps({"reason": "r", "question": "How many?", "final_answer": ""}))
