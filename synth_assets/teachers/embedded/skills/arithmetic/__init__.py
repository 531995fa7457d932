"""The skills of arithmetic and elementary number theory, gathered from one module a subject."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills.arithmetic import (
    bases,
    coins,
    decimals,
    divisibility,
    fraction_operations,
    fractions,
    integers,
    measurement,
    modular,
    percentages,
    place_value,
    prices,
    primes,
    rates,
    ratios,
    roots,
    units,
    whole,
)

SKILLS: tuple[Skill, ...] = (
    *whole.SKILLS,
    *place_value.SKILLS,
    *integers.SKILLS,
    *fractions.SKILLS,
    *fraction_operations.SKILLS,
    *decimals.SKILLS,
    *percentages.SKILLS,
    *coins.SKILLS,
    *prices.SKILLS,
    *ratios.SKILLS,
    *rates.SKILLS,
    *units.SKILLS,
    *measurement.SKILLS,
    *primes.SKILLS,
    *divisibility.SKILLS,
    *modular.SKILLS,
    *bases.SKILLS,
    *roots.SKILLS,
)
