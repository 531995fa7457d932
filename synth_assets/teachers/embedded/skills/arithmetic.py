"""The skills of arithmetic and elementary number theory, gathered from one module a subject."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills import (
    arithmetic_bases,
    arithmetic_coins,
    arithmetic_decimals,
    arithmetic_divisibility,
    arithmetic_fraction_operations,
    arithmetic_fractions,
    arithmetic_integers,
    arithmetic_measurement,
    arithmetic_modular,
    arithmetic_percentages,
    arithmetic_place_value,
    arithmetic_prices,
    arithmetic_primes,
    arithmetic_rates,
    arithmetic_ratios,
    arithmetic_roots,
    arithmetic_units,
    arithmetic_whole,
)

SKILLS: tuple[Skill, ...] = (
    *arithmetic_whole.SKILLS,
    *arithmetic_place_value.SKILLS,
    *arithmetic_integers.SKILLS,
    *arithmetic_fractions.SKILLS,
    *arithmetic_fraction_operations.SKILLS,
    *arithmetic_decimals.SKILLS,
    *arithmetic_percentages.SKILLS,
    *arithmetic_coins.SKILLS,
    *arithmetic_prices.SKILLS,
    *arithmetic_ratios.SKILLS,
    *arithmetic_rates.SKILLS,
    *arithmetic_units.SKILLS,
    *arithmetic_measurement.SKILLS,
    *arithmetic_primes.SKILLS,
    *arithmetic_divisibility.SKILLS,
    *arithmetic_modular.SKILLS,
    *arithmetic_bases.SKILLS,
    *arithmetic_roots.SKILLS,
)
