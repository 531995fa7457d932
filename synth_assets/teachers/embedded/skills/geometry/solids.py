"""Skills on solids: volume and surface area of prisms, cylinders, cones, spheres and pyramids, and polyhedra."""

import random
from fractions import Fraction
from math import isqrt

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.geometry.forms import (
    base_of_power,
    fed_or_drawn,
    pi_times,
    simplified,
    whole_right_triangle,
)

TOPIC = "solid geometry"


def _draw_box(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length = fed_or_drawn(fed, rng.randint(2, 12 * difficulty), most=2000)
    if length is None:
        return None
    return {"length": length, "width": rng.randint(2, 10 * difficulty), "height": rng.randint(2, 10 * difficulty)}


def _solve_surface(p: Parameters) -> Solution:
    length, width, height = whole(p, "length"), whole(p, "width"), whole(p, "height")
    faces = (length * width, length * height, width * height)
    steps = (
        "A rectangular prism has six faces in three equal pairs.",
        f"The three different faces have areas {length} * {width} = {faces[0]}, {length} * {height} = {faces[1]} and "
        f"{width} * {height} = {faces[2]}.",
        f"The surface area is 2 * ({faces[0]} + {faces[1]} + {faces[2]}) = 2 * {sum(faces)} = {2 * sum(faces)}.",
    )
    return Solution(steps, 2 * sum(faces))


def _draw_depth(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length, width = rng.randint(2, 8 * difficulty), rng.randint(2, 8 * difficulty)
    volume = fed_or_drawn(fed, length * width * rng.randint(2, 9 * difficulty), least=2)
    return None if volume is None else {"length": length, "width": width, "volume": volume}


def _solve_depth(p: Parameters) -> Solution:
    length, width, volume = whole(p, "length"), whole(p, "width"), whole(p, "volume")
    answer = Fraction(volume, length * width)
    steps = (
        "The volume of a rectangular prism is the area of its base times its height.",
        f"The base has area {length} * {width} = {length * width}.",
        f"So the height is {simplified(f'{volume}/{length * width}', answer)}.",
    )
    return Solution(steps, answer)


def _draw_wedge(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length = fed_or_drawn(fed, rng.randint(3, 15 * difficulty), most=2000)
    if length is None:
        return None
    return {"base": 2 * rng.randint(1, 6 * difficulty), "height": rng.randint(2, 10 * difficulty), "length": length}


def _solve_wedge(p: Parameters) -> Solution:
    base, height, length = whole(p, "base"), whole(p, "height"), whole(p, "length")
    area = base * height // 2
    steps = (
        f"The cross-section of the triangular prism is a triangle with area {base} * {height} / 2 = {area}.",
        "The volume of a prism is the area of its cross-section times its length.",
        f"This gives {area} * {length} = {area * length}.",
    )
    return Solution(steps, area * length)


def _draw_cylinder(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    height = fed_or_drawn(fed, rng.randint(2, 20 * difficulty), most=2000)
    return None if height is None else {"radius": rng.randint(2, 10 * difficulty), "height": height}


def _solve_cylinder(p: Parameters) -> Solution:
    radius, height = whole(p, "radius"), whole(p, "height")
    answer = pi_times(radius**2 * height)
    steps = (
        "The volume of a cylinder is the area of its circular base times its height.",
        f"The base has area pi * {radius}^2 = {pi_times(radius**2)}.",
        f"The volume is {pi_times(radius**2)} * {height} = {answer}.",
    )
    return Solution(steps, answer)


def _solve_cone(p: Parameters) -> Solution:
    radius, height = whole(p, "radius"), whole(p, "height")
    answer = pi_times(Fraction(radius**2 * height, 3))
    steps = (
        "The volume of a cone is one third of the base area times the height.",
        f"The base has area pi * {radius}^2 = {pi_times(radius**2)}.",
        f"The volume is 1/3 * {pi_times(radius**2)} * {height} = {answer}.",
    )
    return Solution(steps, answer)


def _draw_slant(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    sides = whole_right_triangle(rng, difficulty, fed)
    return None if sides is None else {"radius": sides[0], "height": sides[1]}


def _solve_slant(p: Parameters) -> Solution:
    radius, height = whole(p, "radius"), whole(p, "height")
    slant = isqrt(radius**2 + height**2)
    answer = pi_times(radius * slant)
    steps = (
        f"Radius, height and slant height form a right triangle: s = sqrt({radius}^2 + {height}^2) = {slant}.",
        f"The lateral area of a cone is pi times radius times slant height: pi * {radius} * {slant} = {answer}.",
    )
    return Solution(steps, answer)


def _draw_sphere(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    radius = fed_or_drawn(fed, rng.randint(1, 15 * difficulty), most=300)
    return None if radius is None else {"radius": radius, "wide": rng.randint(1, 10 * difficulty)}


def _solve_sphere(p: Parameters) -> Solution:
    radius, wide = whole(p, "radius"), whole(p, "wide")
    volume = Fraction(4 * radius**3, 3)
    answer = volume / wide**2
    steps = (
        f"The volume of the sphere is 4/3 * pi * {radius}^3 = {pi_times(volume)}.",
        f"A cylinder with radius {wide} and height h has volume pi * {wide}^2 * h = {pi_times(wide**2)} * h.",
        f"Both volumes are equal, so h = {base_of_power(volume)} / {wide**2} = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_dome(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    diameter = fed_or_drawn(fed, rng.randint(2, 100 * difficulty), least=2, most=3000)
    return None if diameter is None else {"diameter": diameter}


def _solve_dome(p: Parameters) -> Solution:
    diameter = whole(p, "diameter")
    radius = Fraction(diameter, 2)
    answer = pi_times(2 * radius**2)
    steps = (
        f"The radius is {simplified(f'{diameter}/2', radius)}.",
        "A sphere has surface area 4*pi*r^2, so the curved part of a hemisphere is 2*pi*r^2.",
        f"Here it is 2*pi*{base_of_power(radius)}^2 = {answer}.",
    )
    return Solution(steps, answer)


def _draw_pyramid(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    height = fed_or_drawn(fed, 3 * rng.randint(1, 12 * difficulty), least=2, most=3000)
    return None if height is None else {"side": rng.randint(2, 15 * difficulty), "height": height}


def _solve_pyramid(p: Parameters) -> Solution:
    side, height = whole(p, "side"), whole(p, "height")
    answer = Fraction(side**2 * height, 3)
    steps = (
        "The volume of a pyramid is one third of the base area times the height.",
        f"The square base has area {side}^2 = {side**2}.",
        f"The volume is {side**2} * {height} / 3 = {written(answer)}.",
    )
    return Solution(steps, answer)


def _draw_euler(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    faces = fed_or_drawn(fed, rng.randint(5, 20 * difficulty), least=4, most=2000)
    if faces is None:
        return None  # a convex polyhedron has at least F/2 + 2 and at most 2F - 4 vertices
    return {"faces": faces, "vertices": rng.randint(-(-faces // 2) + 2, 2 * faces - 4)}


def _solve_euler(p: Parameters) -> Solution:
    faces, vertices = whole(p, "faces"), whole(p, "vertices")
    steps = (
        "Euler's polyhedron formula says V - E + F = 2 for the vertices, edges and faces of a convex polyhedron.",
        f"So {vertices} - E + {faces} = 2.",
        f"Hence E = {vertices} + {faces} - 2 = {vertices + faces - 2}.",
    )
    return Solution(steps, vertices + faces - 2)


SKILLS = (
    Skill(
        "box_surface_area", TOPIC, ("surface area", "rectangular prism", "net of a solid"), "middle",
        (
            "A closed box is {length} cm long, {width} cm wide and {height} cm high. What is its surface area in "
            "square centimetres?",
            "Find the total surface area of a rectangular prism with edges {length}, {width} and {height}.",
            "{person} wraps a parcel measuring {length} by {width} by {height} cm in paper without any overlap. How "
            "many square centimetres of paper does that take?",
            "{person} paints all six faces of a crate at {place}. The crate is {length} dm long, {width} dm wide and "
            "{height} dm high. How many square dm are painted?",
            "A cuboid has dimensions {length}, {width} and {height}. Add up the areas of all its faces.",
        ),
        _draw_box, _solve_surface, "length",
    ),
    Skill(
        "box_height_from_volume", TOPIC, ("volume", "rectangular prism", "cubic unit"), "middle",
        (
            "A rectangular tank is {length} dm long and {width} dm wide. It holds {volume} cubic dm when full. How "
            "many dm deep is it?",
            "The volume of a rectangular prism is {volume}, and its base measures {length} by {width}. Find its "
            "height.",
            "{person} pours {volume} cubic cm of sand into a rectangular box with a base of {length} cm by {width} cm "
            "and levels it. How many centimetres deep is the sand?",
            "A pit at {place} has a rectangular floor of {length} m by {width} m and upright walls. Digging it out "
            "took away {volume} cubic metres of earth. How many metres deep is the pit?",
            "A box that is {length} cm long and {width} cm wide has a volume of {volume} cubic centimetres. What is "
            "its height in centimetres?",
        ),
        _draw_depth, _solve_depth, "volume",
    ),
    Skill(
        "triangular_prism_volume", TOPIC, ("triangular prism", "cross-section", "volume"), "middle",
        (
            "The ends of a prism are triangles with a base of {base} cm and a height of {height} cm. The prism is "
            "{length} cm long. What is its volume in cubic centimetres?",
            "A ridge tent is {length} dm long. Its triangular front is {base} dm wide and {height} dm high. How many "
            "cubic dm of air does the tent hold?",
            "Find the volume of a triangular prism of length {length} whose cross-section is a triangle with base "
            "{base} and height {height}.",
            "{person} casts a concrete wedge for a ramp at {place}. Its side face is a triangle {base} dm long and "
            "{height} dm high, and the wedge is {length} dm wide. How many cubic dm of concrete are needed?",
            "A trough of length {length} m has a triangular cross-section that is {base} m wide at the top and "
            "{height} m deep. Calculate its volume in cubic metres.",
        ),
        _draw_wedge, _solve_wedge, "length",
    ),
    Skill(
        "cylinder_volume", TOPIC, ("cylinder", "volume", "area of a circle"), "middle",
        (
            "A cylinder has a radius of {radius} cm and a height of {height} cm. Find its exact volume in cubic "
            "centimetres in terms of pi.",
            "What is the volume of a cylinder with base radius {radius} and height {height}? Leave pi in the answer.",
            "A round water tank at {place} is {height} dm tall and has a radius of {radius} dm. How many cubic dm "
            "does it hold? Give an exact multiple of pi.",
            "{person} fills a can of radius {radius} cm to a depth of {height} cm. Write the volume of the contents, "
            "in cubic centimetres, in terms of pi.",
            "A round well with a radius of {radius} m is dug straight down to a depth of {height} m. How many cubic "
            "metres of earth are removed? Answer exactly, using pi.",
        ),
        _draw_cylinder, _solve_cylinder, "height",
    ),
    Skill(
        "cone_volume", TOPIC, ("cone", "volume", "radius"), "high school",
        (
            "A cone has a base radius of {radius} cm and a height of {height} cm. Find its exact volume in cubic "
            "centimetres in terms of pi.",
            "What is the volume of a circular cone with radius {radius} and height {height}? Leave pi in the answer.",
            "{person} fills a paper cone to the brim. It is {height} cm deep, and its opening has a radius of "
            "{radius} cm. How many cubic centimetres does it hold? Answer in terms of pi.",
            "A heap of sand at {place} has the shape of a cone, {height} dm high and with a base of radius {radius} "
            "dm. How many cubic dm of sand is that? Give an exact multiple of pi.",
            "Calculate the exact volume of a cone whose height is {height} units and whose base is a circle of radius "
            "{radius} units.",
        ),
        _draw_cylinder, _solve_cone, "height",
    ),
    Skill(
        "cone_lateral_area", TOPIC, ("lateral area", "slant height", "cone"), "high school",
        (
            "A cone has a base radius of {radius} cm and a height of {height} cm. Find its exact lateral area in "
            "square centimetres in terms of pi.",
            "What is the area of the curved surface of a right circular cone with radius {radius} and height "
            "{height}? Leave pi in the answer.",
            "{person} makes a conical hat with a radius of {radius} mm at the brim and a height of {height} mm. How "
            "many square millimetres of paper, without overlap, are needed? Answer in terms of pi.",
            "A tower at {place} has a conical roof, {height} dm high and with a radius of {radius} dm. How many "
            "square dm of copper cover it? Give an exact multiple of pi.",
            "First find the slant height of a cone with radius {radius} and height {height}. Then state the exact "
            "area of its lateral surface.",
        ),
        _draw_slant, _solve_slant, "radius",
    ),
    Skill(
        "sphere_recast_as_cylinder", TOPIC, ("sphere", "cylinder", "volume"), "high school",
        (
            "A solid metal sphere of radius {radius} cm is melted and recast as a cylinder of radius {wide} cm. How "
            "many centimetres high is the cylinder?",
            "A sphere with radius {radius} and a cylinder with radius {wide} have equal volumes. Find the height of "
            "the cylinder.",
            "{person} rolls a ball of clay with a radius of {radius} cm into a cylinder with a radius of {wide} cm. "
            "How long is the cylinder in centimetres?",
            "A full spherical bowl of inner radius {radius} dm is emptied into an empty upright cylinder of inner "
            "radius {wide} dm that is tall enough. How many dm deep is the water in the cylinder?",
            "At {place} a ball of wax with a radius of {radius} cm is melted and poured into a round mould of radius "
            "{wide} cm with upright sides. To what height, in centimetres, does the wax fill the mould?",
        ),
        _draw_sphere, _solve_sphere, "radius",
    ),
    Skill(
        "dome_surface", TOPIC, ("hemisphere", "surface area", "sphere"), "high school",
        (
            "A dome is a hemisphere with a diameter of {diameter} feet. Find the exact area of its curved surface in "
            "square feet in terms of pi.",
            "What is the area of the curved surface of a hemisphere whose diameter is {diameter}? Leave pi in the "
            "answer.",
            "{person} paints the outside of the dome at {place}. It is half of a sphere and {diameter} dm across. How "
            "many square dm are painted? Give an exact multiple of pi.",
            "A bowl has the shape of a hemisphere, {diameter} cm wide. How many square centimetres is its curved "
            "inner surface? Answer in terms of pi.",
            "Half of a sphere of diameter {diameter} stands on its flat face. Find the exact area of the round part.",
        ),
        _draw_dome, _solve_dome, "diameter",
    ),
    Skill(
        "pyramid_volume", TOPIC, ("pyramid", "volume", "area of a square"), "high school",
        (
            "A pyramid has a square base with sides of {side} cm and a height of {height} cm. What is its volume in "
            "cubic centimetres?",
            "Find the volume of a square pyramid with base edge {side} and height {height}.",
            "A glass pyramid at {place} stands on a square with sides of {side} m and is {height} m high. How many "
            "cubic metres of space does it enclose?",
            "{person} moulds a candle as a pyramid {height} cm tall on a square base with an edge of {side} cm. How "
            "many cubic centimetres of wax are used?",
            "The base of a pyramid is a square of side {side} units, and its apex lies {height} units above the base. "
            "Calculate the volume.",
        ),
        _draw_pyramid, _solve_pyramid, "height",
    ),
    Skill(
        "edges_of_polyhedron", TOPIC, ("euler's polyhedron formula", "polyhedron"), "high school",
        (
            "A convex polyhedron has {faces} faces and {vertices} vertices. How many edges does it have?",
            "{person} builds a convex polyhedron with {faces} flat faces and {vertices} corners out of card. How many "
            "edges have to be taped?",
            "Use Euler's formula for polyhedra to find the number of edges of a convex solid with {vertices} vertices "
            "and {faces} faces.",
            "A crystal on show at {place} is a convex polyhedron with {faces} faces that meet in {vertices} vertices. "
            "Find the number of its edges.",
            "The frame of a convex polyhedron joins {vertices} vertices by rods, one for each edge, and leaves "
            "{faces} faces open. How many rods does it take?",
        ),
        _draw_euler, _solve_euler, "faces",
    ),
)  # fmt: skip
