"""The skills of algebra, from expressions to functions, one module a subject, in the order of the lexicon."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills.algebra import (
    equations,
    exponents,
    expressions,
    functions,
    graphs,
    inequalities,
    lines,
    logarithms,
    polynomials,
    problems,
    quadratics,
    rational,
    sequences,
    series,
    systems,
)

SKILLS: tuple[Skill, ...] = (
    *expressions.SKILLS,
    *equations.SKILLS,
    *problems.SKILLS,
    *systems.SKILLS,
    *inequalities.SKILLS,
    *lines.SKILLS,
    *polynomials.SKILLS,
    *quadratics.SKILLS,
    *exponents.SKILLS,
    *rational.SKILLS,
    *logarithms.SKILLS,
    *sequences.SKILLS,
    *series.SKILLS,
    *functions.SKILLS,
    *graphs.SKILLS,
)
