"""The page docs/tables.md: every table, view and column of the lake, from their declarations in `tables.py`.

`python -m synth_assets.reports.tables_page` prints it; a test compares the two.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping

from synth_assets.tables import TABLES, VIEWS, Column, Table, View

HEAD = """\
# The tables of the lake

Made from `synth_assets/tables.py` by `python -m synth_assets.reports.tables_page`; do not edit this page by hand.

A table is replaced by partition: a materialisation swaps exactly the rows of its partitions, in one transaction. The
key is unique over the whole table. Columns hold no null unless it is said. A view shows tables joined, for
`synth-assets sql`; nothing is stored for it. Views come last.
"""


def tables_page(tables: Iterable[Table] = tuple(TABLES.values()), views: Iterable[View] = tuple(VIEWS.values())) -> str:
    """The page as Markdown, tables in the order of the road, then views."""
    sections = [*map(_section, tables), *map(_view, views)]
    return "\n".join([HEAD, *(line for section in sections for line in section)])


def _section(table: Table) -> Iterator[str]:
    partitions = ", ".join(f"`{name}`" for name in table.partitioned_by) or "none"
    yield f"## {table.name}\n"
    yield f"{_escaped(table.description)}\n"
    yield f"Partitions: {partitions}. Key: {', '.join(f'`{name}`' for name in table.key)}.\n"
    yield from _columns(table.columns)


def _view(view: View) -> Iterator[str]:
    yield f"## {view.name}\n"
    yield f"{_escaped(view.description)}\n"
    yield "A view.\n"
    yield from _columns(view.columns)


def _columns(columns: Mapping[str, Column]) -> Iterator[str]:
    yield "| column | type | what it holds |"
    yield "|---|---|---|"
    for name, column in columns.items():
        nullable = " May be null." if column.nullable else ""
        yield f"| `{name}` | {column.dtype} | {_escaped(column.description)}{nullable} |"
    yield ""


def _escaped(words: str) -> str:
    """Words that cannot end a cell, nor be taken for markup outside back-quoted parts."""
    parts = words.replace("|", "\\|").split("`")
    return "`".join(part if place % 2 else part.replace("<", "&lt;") for place, part in enumerate(parts))


if __name__ == "__main__":
    sys.stdout.write(tables_page())
