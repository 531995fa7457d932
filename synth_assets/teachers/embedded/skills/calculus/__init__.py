"""The skills of calculus and linear algebra, gathered from one module a subject."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills.calculus import applications, derivatives, integrals, limits, matrices

SKILLS: tuple[Skill, ...] = (
    *limits.SKILLS,
    *derivatives.SKILLS,
    *applications.SKILLS,
    *integrals.SKILLS,
    *matrices.SKILLS,
)
