"""Every problem skill, gathered from one package a field of mathematics."""

from collections.abc import Mapping
from functools import cache

from synth_assets.teachers.embedded.skill import Skill


@cache
def all_skills() -> Mapping[str, Skill]:
    """All skills by name, in the order of the fields. Raises ValueError where two share a name."""
    from synth_assets.teachers.embedded.skills import algebra, arithmetic, calculus, chance, geometry

    skills: dict[str, Skill] = {}
    for field in (arithmetic, algebra, geometry, chance, calculus):
        for skill in field.SKILLS:
            if skill.name in skills:
                raise ValueError(f"two skills are named {skill.name}")
            skills[skill.name] = skill
    return skills
