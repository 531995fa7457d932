"""Every skill of algebra, from expressions to functions, in the order of the lexicon."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills import (
    algebra_equations,
    algebra_exponents,
    algebra_expressions,
    algebra_functions,
    algebra_inequalities,
    algebra_lines,
    algebra_logarithms,
    algebra_polynomials,
    algebra_problems,
    algebra_quadratics,
    algebra_rational,
    algebra_sequences,
    algebra_systems,
)

SKILLS: tuple[Skill, ...] = (
    *algebra_expressions.SKILLS,
    *algebra_equations.SKILLS,
    *algebra_problems.SKILLS,
    *algebra_systems.SKILLS,
    *algebra_inequalities.SKILLS,
    *algebra_lines.SKILLS,
    *algebra_polynomials.SKILLS,
    *algebra_quadratics.SKILLS,
    *algebra_exponents.SKILLS,
    *algebra_rational.SKILLS,
    *algebra_logarithms.SKILLS,
    *algebra_sequences.SKILLS,
    *algebra_functions.SKILLS,
)
