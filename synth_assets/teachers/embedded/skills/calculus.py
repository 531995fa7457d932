"""Problem skills of calculus and linear algebra."""

from synth_assets.teachers.embedded.skills import calculus_derivatives, calculus_integrals, calculus_matrices

SKILLS = (*calculus_derivatives.SKILLS, *calculus_integrals.SKILLS, *calculus_matrices.SKILLS)
