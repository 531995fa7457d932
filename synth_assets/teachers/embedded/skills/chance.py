"""All problem skills of probability, statistics, combinatorics, sets and logic, gathered from `chance_*`."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills import (
    chance_averages,
    chance_conditional,
    chance_counting,
    chance_distributions,
    chance_events,
    chance_expectation,
    chance_independence,
    chance_logic,
    chance_regression,
    chance_sampling,
    chance_selections,
    chance_sets,
    chance_spread,
    chance_venn,
)

SKILLS: tuple[Skill, ...] = (
    *chance_events.SKILLS,
    *chance_independence.SKILLS,
    *chance_conditional.SKILLS,
    *chance_expectation.SKILLS,
    *chance_distributions.SKILLS,
    *chance_averages.SKILLS,
    *chance_spread.SKILLS,
    *chance_sampling.SKILLS,
    *chance_regression.SKILLS,
    *chance_selections.SKILLS,
    *chance_counting.SKILLS,
    *chance_venn.SKILLS,
    *chance_sets.SKILLS,
    *chance_logic.SKILLS,
)
