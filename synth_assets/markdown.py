"""Markdown that says what it was given: tables whose cells are text, whatever a document or a model wrote.

What lives here: the one place where text becomes a part of Markdown that the Dagster UI or a dataset card shows.
"""

import re
from collections.abc import Iterable, Sequence

import polars as pl

LONGEST_CELL = 80

_SPECIAL = re.compile(r"[\\`*{}\[\]|~$]|(?<!\w)_|_(?!\w)")  # an underscore within a word styles nothing
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""Control characters, and marks that turn the direction of what follows them."""


def text(value: object, longest: int | None = LONGEST_CELL) -> str:
    """`value` on one line, no longer than that, as text that Markdown neither links, styles nor takes for HTML."""
    written = f"{len(value)} bytes" if isinstance(value, bytes) else value if isinstance(value, str) else repr(value)
    line = " ".join(_UNSEEN.sub(" ", written).split())
    if longest is not None and len(line) > longest:
        line = line[: longest - 1] + "…"
    line = _SPECIAL.sub(lambda found: "\\" + found[0], line.replace("&", "&amp;"))
    return line.replace("<", "&lt;").replace("://", "&#58;//")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], longest: int = LONGEST_CELL) -> str:
    """A Markdown table. Numbers stand to the right with thousands separated, everything else is :func:`text`."""
    listed = [list(row) for row in rows]
    numeric = [
        bool(listed) and all(isinstance(row[place], int | float) for row in listed) for place in range(len(heads))
    ]
    lines = [
        [text(head) for head in heads],
        ["---:" if number else "---" for number in numeric],
        *([_cell(value, longest) for value in row] for row in listed),
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def frame(rows: pl.DataFrame, longest: int = LONGEST_CELL) -> str:
    """A frame as a Markdown table, its columns named in words."""
    return table([name.replace("_", " ") for name in rows.columns], rows.iter_rows(), longest)


def _cell(value: object, longest: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return text(value, longest)
