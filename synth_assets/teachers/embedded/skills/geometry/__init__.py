"""The skills of geometry and trigonometry, gathered from one module a subject."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills.geometry import (
    angles,
    area,
    circles,
    coordinates,
    motions,
    polygons,
    right,
    similarity,
    solids,
    solving,
    trigonometry,
)

SKILLS: tuple[Skill, ...] = (
    *area.SKILLS,
    *angles.SKILLS,
    *polygons.SKILLS,
    *similarity.SKILLS,
    *right.SKILLS,
    *circles.SKILLS,
    *solids.SKILLS,
    *coordinates.SKILLS,
    *motions.SKILLS,
    *trigonometry.SKILLS,
    *solving.SKILLS,
)
