"""The skills of probability, statistics, combinatorics, sets and logic, gathered from one module a subject."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills.chance import (
    averages,
    conditional,
    counting,
    distributions,
    events,
    expectation,
    independence,
    logic,
    regression,
    sampling,
    selections,
    sets,
    spread,
    venn,
)

SKILLS: tuple[Skill, ...] = (
    *events.SKILLS,
    *independence.SKILLS,
    *conditional.SKILLS,
    *expectation.SKILLS,
    *distributions.SKILLS,
    *averages.SKILLS,
    *spread.SKILLS,
    *sampling.SKILLS,
    *regression.SKILLS,
    *selections.SKILLS,
    *counting.SKILLS,
    *venn.SKILLS,
    *sets.SKILLS,
    *logic.SKILLS,
)
