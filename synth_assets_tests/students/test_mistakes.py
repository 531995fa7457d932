"""What is set aside to be asked, and which problems a trained student gets wrong."""

from functools import cache

import polars as pl
import pytest

from synth_assets.final_answers import same_answer
from synth_assets.students.mistakes import VALIDATION_SHARE, Mistakes, mistakes_of, set_aside
from synth_assets.students.profiles import PROFILES
from synth_assets.students.splits import is_held_out, question_group
from synth_assets_tests.students.problems import training_questions

SMOKE = PROFILES["smoke"]
PAIRS = training_questions(300).select("question", "answer", "final_answer", "qa_id")


def test_a_question_is_learnt_or_asked_by_its_text_alone_and_never_what_students_are_tested_on() -> None:
    learnt, asked = set_aside(PAIRS, 1_000)
    groups = [{question_group(question) for question in part["question"]} for part in (learnt, asked)]
    assert not groups[0] & groups[1]
    everything = [*learnt["question"], *asked["question"]]
    assert not any(map(is_held_out, everything))
    assert set(everything) == {question for question in PAIRS["question"] if not is_held_out(question)}
    assert abs(len(groups[1]) / len(groups[0] | groups[1]) - VALIDATION_SHARE) < 0.08
    some = set_aside(PAIRS.head(100), 1_000)[1]
    assert set(some["question"]) <= set(asked["question"])


def test_of_many_problems_so_many_are_asked_the_same_ones_in_any_order() -> None:
    few = set_aside(PAIRS, 20)[1]
    assert few.height == 20
    assert few.equals(set_aside(PAIRS.reverse(), 20)[1])


@cache
def mistakes() -> Mistakes:
    learnt, asked = set_aside(PAIRS, 40)
    return mistakes_of(learnt, asked, "student-23k", SMOKE)


def test_what_is_wrong_is_what_differs_from_the_right_answer_whatever_order_the_pairs_came_in() -> None:
    learnt, asked = set_aside(PAIRS, 40)
    wrong = mistakes().rows
    assert wrong.columns == [*asked.columns, "written"]
    assert 0 < wrong.height <= asked.height
    assert (mistakes().learnt, mistakes().asked) == (learnt.height, asked.height)
    told = wrong.select("final_answer", "written").iter_rows()
    assert not any(same_answer(right, written) for right, written in told)
    assert mistakes_of(learnt.reverse(), asked, "student-23k", SMOKE).rows.equals(wrong)


@pytest.mark.slow
def test_what_a_student_has_learnt_by_heart_is_no_mistake_until_the_right_answer_is_another() -> None:
    few = PAIRS.head(3)
    learnt = pl.concat([few] * 300)
    assert mistakes_of(learnt, few, "student-23k", PROFILES["quick"]).rows.is_empty()
    answers = few["final_answer"].to_list()
    other = few.with_columns(final_answer=pl.Series([answers[0], "12345", answers[2]]))
    wrong = mistakes_of(learnt, other, "student-23k", PROFILES["quick"]).rows
    assert wrong.select("question", "written").rows() == [(few["question"][1], answers[1])]


def test_where_nothing_is_learnt_or_asked_there_is_no_mistake() -> None:
    learnt, asked = set_aside(PAIRS, 40)
    for pairs, problems in ((learnt.clear(), asked), (learnt, asked.clear())):
        assert mistakes_of(pairs, problems, "student-23k", SMOKE).rows.is_empty()
    endless = asked.head(1).with_columns(question=pl.lit("word " * 2_000))
    assert mistakes_of(learnt, endless, "student-23k", SMOKE).asked == 0


def test_what_is_too_long_for_a_student_is_not_counted() -> None:
    learnt, asked = set_aside(PAIRS, 4)
    endless = asked.head(1).with_columns(question=pl.lit("word " * 2_000))
    found = mistakes_of(pl.concat([learnt, endless]), pl.concat([asked, endless]), "student-23k", SMOKE)
    assert (found.learnt, found.asked) == (learnt.height, asked.height)
