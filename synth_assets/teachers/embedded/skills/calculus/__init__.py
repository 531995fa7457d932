"""The skills of calculus and linear algebra, gathered from one module a subject."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills.calculus import derivatives, integrals, limits, matrices

SKILLS: tuple[Skill, ...] = (*limits.SKILLS, *derivatives.SKILLS, *integrals.SKILLS, *matrices.SKILLS)
