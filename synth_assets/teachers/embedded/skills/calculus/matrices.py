"""Vectors and matrices: products, determinants, systems, eigenvalues."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import number, numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written


def _entry(rng: Random, difficulty: int, fed: Number | None, least: int = 1) -> int | None:
    """One entry: drawn, or the fed value where it is a whole number."""
    if fed is None:
        return rng.randint(least, 5 * difficulty + 3)
    value = Fraction(fed)
    return value.numerator if value.denominator == 1 and abs(value) <= 10**5 else None


def _draw_dot(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = _entry(rng, difficulty, fed)
    if first is None:
        return None
    rest = [rng.randint(-4 * difficulty, 6 * difficulty) or 1 for _ in range(5)]
    return dict(zip(("a", "b", "c", "d", "e", "f"), (first, *rest), strict=True))


def _solve_dot(p: Parameters) -> Solution:
    a, b, c, d, e, f = (whole(p, name) for name in "abcdef")
    answer = a * d + b * e + c * f
    return Solution(
        (
            "The dot product adds the products of matching entries.",
            f"It is {a} * ({d}) + {b} * ({e}) + {c} * ({f}) = {a * d} + ({b * e}) + ({c * f}) = {answer}.",
        ),
        answer,
    )


def _draw_orthogonal(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, b = rng.randint(2, 6 * difficulty), rng.randint(2, 6 * difficulty)
    c = a * rng.randint(1, 4 * difficulty) if fed is None else fed
    if Fraction(c).denominator != 1 or not 0 < c <= 10**5:
        return None
    return {"a": a, "b": b, "c": c}


def _solve_orthogonal(p: Parameters) -> Solution:
    a, b, c = whole(p, "a"), whole(p, "b"), number(p, "c")
    answer = -b * c / a
    return Solution(
        (
            "Orthogonal vectors have dot product 0.",
            f"So {a} * k + {b} * {written(c)} = 0, which means {a}k = {written(-b * c)}.",
            f"Hence k = {written(-b * c)}/{a} = {written(answer)}.",
        ),
        answer,
    )


def _draw_determinant(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = _entry(rng, difficulty, fed)
    if a is None:
        return None
    return {
        "a": a,
        "b": rng.randint(-3 * difficulty, 6),
        "c": rng.randint(-6, 4 * difficulty),
        "d": rng.randint(1, 6 * difficulty),
    }


def _solve_determinant(p: Parameters) -> Solution:
    a, b, c, d = (whole(p, name) for name in "abcd")
    return Solution(
        (
            "The determinant of a 2 by 2 matrix is the product of the main diagonal less that of the other.",
            f"It is {a} * {d} - ({b}) * ({c}) = {a * d} - ({b * c}) = {a * d - b * c}.",
        ),
        a * d - b * c,
    )


def _draw_entry_of_product(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = _entry(rng, difficulty, fed)
    if a is None:
        return None
    return {"a": a, **{name: rng.randint(1, 5 * difficulty + 2) for name in ("b", "c", "d", "e", "f", "g", "h")}}


def _solve_entry_of_product(p: Parameters) -> Solution:
    a, b, e, g = whole(p, "a"), whole(p, "b"), whole(p, "e"), whole(p, "g")
    return Solution(
        (
            "In matrix multiplication an entry is a row of the first matrix times a column of the second.",
            f"Row 1 is ({a}, {b}) and column 1 is ({e}, {g}).",
            f"The entry is {a} * {e} + {b} * {g} = {a * e} + {b * g} = {a * e + b * g}.",
        ),
        a * e + b * g,
    )


def _draw_system(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    while True:
        a, b, c, d = (rng.randint(1, 3 * difficulty + 1) for _ in range(4))
        if a * d != b * c:
            break
    if fed is not None:
        return None
    x, y = rng.randint(-2 * difficulty, 6 * difficulty), rng.randint(1, 6 * difficulty)
    return {"a": a, "b": b, "c": c, "d": d, "p": a * x + b * y, "q": c * x + d * y}


def _solve_system(parameters: Parameters) -> Solution:
    a, b, c, d, p, q = (whole(parameters, name) for name in "abcdpq")
    determinant = a * d - b * c
    x, y = Fraction(p * d - b * q, determinant), Fraction(a * q - p * c, determinant)
    return Solution(
        (
            f"Gaussian elimination: multiply the first equation by {c} and the second by {a}, then subtract.",
            f"This leaves {determinant}y = {a} * {q} - {c} * {p} = {a * q - c * p}, so y = {written(y)}.",
            f"Then {a}x = {p} - {b} * {written(y)} gives x = {written(x)}, and x + y = {written(x + y)}.",
        ),
        x + y,
    )


def _draw_eigenvalue(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is not None:
        return None
    first, second = rng.sample(range(1, 5 * difficulty + 3), 2)
    a = rng.randint(min(first, second), max(first, second))
    rest = first + second - a
    product = a * rest - first * second
    b = next(b for b in (rng.choice((1, 2, 3)), 1) if product % b == 0)
    return {"a": a, "b": b, "c": product // b, "d": rest}


def _solve_eigenvalue(p: Parameters) -> Solution:
    a, b, c, d = (whole(p, name) for name in "abcd")
    trace, determinant = a + d, a * d - b * c
    root = next(n for n in range(trace + 1) if n * n == trace**2 - 4 * determinant)
    larger = (trace + root) // 2
    return Solution(
        (
            (
                f"The characteristic polynomial is x^2 - {trace}x + {determinant}, from the trace {trace} "
                f"and the determinant {determinant}."
            ),
            f"Its roots are {larger} and {trace - larger}, since they add up to {trace} and multiply to {determinant}.",
            f"The larger eigenvalue is {larger}.",
        ),
        larger,
    )


def _draw_trace(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = _entry(rng, difficulty, fed)
    if a is None:
        return None
    return {"a": a, "row": tuple(rng.randint(-3, 9) for _ in range(8)), "k": rng.randint(2, 3 * difficulty + 1)}


def _solve_trace(p: Parameters) -> Solution:
    a, row, k = whole(p, "a"), numbers(p, "row"), whole(p, "k")
    middle, last = row[3], row[7]
    total = a + middle + last
    return Solution(
        (
            (
                f"The trace of a matrix is the sum of its diagonal: {a} + {written(middle)} + {written(last)} ="
                f" {written(total)}."
            ),
            (
                f"Scalar multiplication by {k} multiplies every entry, so the trace becomes {k} * {written(total)} ="
                f" {written(k * total)}."
            ),
        ),
        k * total,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "dot_product_of_vectors",
        "vectors in linear algebra",
        ("dot product",),
        "college",
        (
            "What is the dot product of the vectors ({a}, {b}, {c}) and ({d}, {e}, {f})?",
            "Compute u . v for u = ({a}, {b}, {c}) and v = ({d}, {e}, {f}).",
            "Find the scalar product of ({a}, {b}, {c}) with ({d}, {e}, {f}).",
            (
                "{person} writes amounts as the vector ({a}, {b}, {c}) and points for each as ({d}, {e}, {f}). "
                "How many points is that in all, as a dot product?"
            ),
            "Multiply the vectors ({a}, {b}, {c}) and ({d}, {e}, {f}) entry by entry and add. What is the result?",
        ),
        _draw_dot,
        _solve_dot,
        feed="a",
    ),
    Skill(
        "orthogonality_condition",
        "vectors in linear algebra",
        ("orthogonal vectors", "dot product"),
        "college",
        (
            "For which k are the vectors ({a}, {b}) and (k, {c}) orthogonal?",
            "Find k so that the dot product of (k, {c}) with ({a}, {b}) is zero.",
            "The vectors ({a}, {b}) and (k, {c}) are perpendicular. What is k?",
            "Two beams at {place} point along ({a}, {b}) and (k, {c}). Which k makes them meet at a right angle?",
            "Determine the number k for which (k, {c}) is orthogonal to ({a}, {b}).",
        ),
        _draw_orthogonal,
        _solve_orthogonal,
        feed="c",
    ),
    Skill(
        "determinant_of_a_matrix",
        "matrices and determinants",
        ("determinant", "matrix"),
        "college",
        (
            "What is the determinant of the matrix with rows ({a}, {b}) and ({c}, {d})?",
            "Compute the determinant of the 2 by 2 matrix [[{a}, {b}], [{c}, {d}]].",
            "A matrix has first row {a}, {b} and second row {c}, {d}. Find its determinant.",
            (
                "{person} wants to know whether [[{a}, {b}], [{c}, {d}]] has an inverse and computes its determinant."
                " What is it?"
            ),
            "By what signed factor does the matrix [[{a}, {b}], [{c}, {d}]] change areas in the plane?",
        ),
        _draw_determinant,
        _solve_determinant,
        feed="a",
    ),
    Skill(
        "entry_of_a_matrix_product",
        "matrices and determinants",
        ("matrix multiplication", "matrix"),
        "college",
        (
            (
                "Let A = [[{a}, {b}], [{c}, {d}]] and B = [[{e}, {f}], [{g}, {h}]]. What is the entry in row 1, column"
                " 1 of AB?"
            ),
            (
                "Multiply [[{a}, {b}], [{c}, {d}]] by [[{e}, {f}], [{g}, {h}]]. Which number stands in the top left"
                " corner?"
            ),
            (
                "Find the first entry of the first row of the matrix product [[{a}, {b}], [{c}, {d}]] [[{e}, {f}],"
                " [{g}, {h}]]."
            ),
            (
                "The matrix with rows ({a}, {b}) and ({c}, {d}) is multiplied by the matrix with rows ({e}, {f}) and"
                " ({g}, {h}). What is the upper left entry of the product?"
            ),
            "For A = [[{a}, {b}], [{c}, {d}]] and B = [[{e}, {f}], [{g}, {h}]], compute (AB) at position (1, 1).",
        ),
        _draw_entry_of_product,
        _solve_entry_of_product,
        feed="a",
    ),
    Skill(
        "linear_system_by_elimination",
        "matrices and determinants",
        ("Gaussian elimination", "linear combination"),
        "college",
        (
            "Solve {a}x + {b}y = {p} and {c}x + {d}y = {q}. What is x + y?",
            "The numbers x and y satisfy {a}x + {b}y = {p} and {c}x + {d}y = {q}. Find their sum.",
            "Use Gaussian elimination on {a}x + {b}y = {p}, {c}x + {d}y = {q} and give x + y.",
            "Write ({p}, {q}) as a linear combination x({a}, {c}) + y({b}, {d}). What is x + y?",
            (
                "A system has the augmented matrix [[{a}, {b}, {p}], [{c}, {d}, {q}]]. What is the sum of its two"
                " unknowns?"
            ),
        ),
        _draw_system,
        _solve_system,
    ),
    Skill(
        "larger_eigenvalue",
        "matrices and determinants",
        ("eigenvalue", "characteristic polynomial", "determinant"),
        "college",
        (
            "What is the larger eigenvalue of the matrix [[{a}, {b}], [{c}, {d}]]?",
            "Find the greatest root of the characteristic polynomial of [[{a}, {b}], [{c}, {d}]].",
            "The matrix with rows ({a}, {b}) and ({c}, {d}) has two eigenvalues. Which is the larger?",
            "By what largest factor can [[{a}, {b}], [{c}, {d}]] stretch one of its eigenvectors?",
            "Compute the eigenvalues of [[{a}, {b}], [{c}, {d}]] and give the greater one.",
        ),
        _draw_eigenvalue,
        _solve_eigenvalue,
    ),
    Skill(
        "trace_of_a_multiple",
        "matrices and determinants",
        ("trace of a matrix", "scalar multiplication"),
        "college",
        (
            (
                "A 3 by 3 matrix has first entry {a} and then, row by row, the entries {row}. What is the trace of {k}"
                " times the matrix?"
            ),
            "The entries of a 3 by 3 matrix M, row by row, are {a}, {row}. Find the trace of {k}M.",
            (
                "Read row by row, a 3 by 3 matrix contains {a}, {row}. Every entry is multiplied by {k}. What is the"
                " new trace?"
            ),
            (
                "{person} fills a 3 by 3 grid row by row with {a}, {row} and multiplies all entries by {k}. "
                "What is the sum along the main diagonal?"
            ),
            "Let M have the rows formed from {a}, {row}, three entries each. What is the trace of {k}M?",
        ),
        _draw_trace,
        _solve_trace,
        feed="a",
    ),
)
