"""Problems in other words: quantities, people's grammar and what is asked stay; the wording does not."""

import pytest

from synth_assets.teachers.embedded.quantities import quantities_of
from synth_assets.teachers.embedded.recipes import QuestionRecipe, solve_recipe
from synth_assets.teachers.embedded.rephrasing import rephrase
from synth_assets.teachers.embedded.rewording import other_names, reworded, with_names
from synth_assets.teachers.tasks import RephraseQuestion, WrittenAnswer

HIKE = "Agnes walks 12 kilometres with Tom. She needs 5 hours. What was their speed, in kilometres per hour?"
SUM = "What is the sum of 3/4 and 2 dozen?"


@pytest.mark.parametrize("text", [HIKE, SUM, "Use x = 2 in the formula. Find 3x + 5.", "How far? And how long?"])
def test_no_wording_is_the_original_and_the_numbers_stay(text: str) -> None:
    numbers = sorted(number for number in quantities_of(text).numbers if number != 1)
    wordings = [reworded(text, number) for number in range(20)]
    assert text not in wordings
    assert len(set(wordings)) >= 5
    for wording in wordings:
        assert sorted(number for number in quantities_of(wording).numbers if number != 1) == numbers
    assert wordings == [reworded(text, number) for number in range(20)]


def test_people_are_renamed_within_their_grammar() -> None:
    names = other_names(HIKE, 3)
    assert set(names) == {"Agnes", "Tom"} and not set(names) & set(names.values())
    assert with_names("Tom waits for Agnes.", names) == f"{names['Tom']} waits for {names['Agnes']}."


def test_a_question_that_refers_to_the_story_is_not_put_before_it() -> None:
    assert not any(reworded(HIKE, number).startswith("What was their") for number in range(40))
    free = "A tap needs 8 minutes for a bath. How many minutes do two such taps need?"
    assert not any(reworded(free, number).startswith("How many") for number in range(40))


def test_formulas_keep_their_digits() -> None:
    assert all("2x + 3" in reworded("Solve 2x + 3 = 9 units for x.", number) for number in range(20))
    assert any("five hours" in reworded(HIKE, number) for number in range(20))


def test_the_people_of_a_stated_exercise_are_renamed_in_its_solution_too() -> None:
    stated = WrittenAnswer(solution="Agnes walks 12/5 = 2.4, and Tom too.", final_answer="2.4")
    recipe = QuestionRecipe(stated=stated).written()
    again = rephrase(RephraseQuestion(question=HIKE, recipe=recipe, number=3))
    assert again is not None and again.recipe is not None
    answer = solve_recipe(again.recipe, again.question)
    assert answer is not None and "Agnes" not in answer.solution + again.question
    assert answer.final_answer == "2.4" and "12/5 = 2.4" in answer.solution
    assert answer.solution.split()[0] in again.question


def test_a_question_without_a_recipe_is_declined() -> None:
    assert rephrase(RephraseQuestion(question=HIKE)) is None
