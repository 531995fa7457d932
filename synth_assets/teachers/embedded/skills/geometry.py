"""The problem skills of geometry and trigonometry, gathered from one module a subject."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills import (
    geometry_angles,
    geometry_area,
    geometry_circles,
    geometry_coordinates,
    geometry_motions,
    geometry_polygons,
    geometry_right,
    geometry_similarity,
    geometry_solids,
    geometry_solving,
    geometry_trigonometry,
)

SKILLS: tuple[Skill, ...] = (
    *geometry_area.SKILLS,
    *geometry_angles.SKILLS,
    *geometry_polygons.SKILLS,
    *geometry_similarity.SKILLS,
    *geometry_right.SKILLS,
    *geometry_circles.SKILLS,
    *geometry_solids.SKILLS,
    *geometry_coordinates.SKILLS,
    *geometry_motions.SKILLS,
    *geometry_trigonometry.SKILLS,
    *geometry_solving.SKILLS,
)
