"""The page of tables says what the lake holds."""

from pathlib import Path

from synth_assets.reports.tables_page import tables_page
from synth_assets.tables import TABLES, TEXT, VIEWS, Column, Table

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


def test_the_page_in_the_repository_is_the_one_the_declarations_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == tables_page(), (
        "print it again: python -m synth_assets.reports.tables_page > docs/tables.md"
    )


def test_every_column_of_every_table_and_view_stands_in_its_own_row() -> None:
    rows = [line for line in tables_page().splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(shown.columns) for shown in (*TABLES.values(), *VIEWS.values()))


def test_words_cannot_break_out_of_their_cell() -> None:
    table = Table("t", "A <b> table.", {"c": Column(TEXT, "One | two `a|b<c>`.", nullable=True)}, key=("c",))
    assert "| `c` | String | One \\| two `a\\|b<c>`. May be null. |" in tables_page([table])
    assert "A &lt;b> table." in tables_page([table])
