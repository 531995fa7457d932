"""Every problem skill: right by a second, independent computation; readable; tied to the lexicon."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from random import Random

import pytest

from synth_assets.seeds import generator_of
from synth_assets.teachers.embedded.lexicon import mathematics
from synth_assets.teachers.embedded.skill import Number, Parameters, Setting, Skill, written
from synth_assets.teachers.embedded.skills import all_skills
from synth_assets_tests.teachers.embedded import (
    checks_algebra,
    checks_arithmetic,
    checks_calculus,
    checks_chance,
    checks_geometry,
)

CHECKS = {
    **checks_arithmetic.CHECKS,
    **checks_algebra.CHECKS,
    **checks_geometry.CHECKS,
    **checks_chance.CHECKS,
    **checks_calculus.CHECKS,
}
SEEDS = 200
FED: tuple[Number, ...] = (2, 3, 5, 12, 36, 100, 7, 64, 250, Fraction(1, 2), Fraction(7, 2))
SCENE = Setting("Mira", "Tom", "lanterns", "the harbour")
SKILLS = list(all_skills().values())


@cache
def drawn(skill: Skill) -> tuple[Parameters, ...]:
    """Parameters of SEEDS draws over all difficulties, and of draws fed with other problems' results."""
    return tuple(_draws(skill))


def _draws(skill: Skill) -> Iterator[Parameters]:
    for seed in range(SEEDS):
        rng = generator_of(skill.name, seed)
        fed = None if skill.feed is None or seed % 2 else FED[seed // 2 % len(FED)]
        parameters = skill.draw(rng, seed % 3 + 1, fed)
        if parameters is None:
            parameters = skill.draw(rng, seed % 3 + 1, None)
        elif fed is not None:
            assert skill.feed is not None and parameters[skill.feed] == fed
        if parameters is not None:
            yield parameters


def test_there_are_at_least_eighty_skills_and_each_has_a_check() -> None:
    assert len(SKILLS) >= 80
    assert {skill.name for skill in SKILLS} == set(CHECKS)


def test_the_lexicon_has_at_least_three_hundred_concepts_under_about_forty_topics() -> None:
    assert len(mathematics().concepts) >= 300
    assert 36 <= len(mathematics().topics) <= 60


@pytest.mark.parametrize("skill", SKILLS, ids=lambda skill: skill.name)
def test_every_answer_agrees_with_an_independent_computation(skill: Skill) -> None:
    parameters = drawn(skill)
    assert len(parameters) > SEEDS / 2
    wrong = [drawing for drawing in parameters if not CHECKS[skill.name](drawing, skill.solve(drawing).answer)]
    assert not wrong, f"{skill.name}: wrong for {wrong[:3]}"


@pytest.mark.parametrize("skill", SKILLS, ids=lambda skill: skill.name)
def test_every_wording_is_whole_and_every_problem_varies(skill: Skill) -> None:
    assert len(skill.phrasings) >= 5 and len(set(skill.phrasings)) == len(skill.phrasings)
    problems = set()
    for drawing in drawn(skill):
        shown = {name: written(value) for name, value in drawing.items()}
        for phrasing in skill.phrasings:
            text = phrasing.format(**shown, **SCENE.__dict__)
            assert not re.search(r"[{}]|\b1/1\b|None|  ", text), text
            assert text[-1] in "?.:", text
        problems.add(skill.phrasings[0].format(**shown, **SCENE.__dict__))
    assert len(problems) >= 15, f"{skill.name} has only {len(problems)} different problems in {SEEDS} draws"


@pytest.mark.parametrize("skill", SKILLS, ids=lambda skill: skill.name)
def test_every_concept_of_a_skill_is_in_the_lexicon(skill: Skill) -> None:
    assert skill.topic in mathematics().topics
    assert skill.concepts and set(skill.concepts) <= set(mathematics().concepts)
    if skill.feed is not None:
        assert all("{" + skill.feed + "}" in phrasing for phrasing in skill.phrasings)


@pytest.mark.parametrize("skill", SKILLS, ids=lambda skill: skill.name)
def test_steps_are_sentences(skill: Skill) -> None:
    parameters = skill.draw(Random(5), 2, None)
    assert parameters is not None
    steps = skill.solve(parameters).steps
    assert 1 <= len(steps) <= 6
    assert all(step[0].isupper() or step[0] in "0123456789(-|x" for step in steps), steps
    assert all(step.rstrip().endswith((".", ")")) for step in steps), steps
