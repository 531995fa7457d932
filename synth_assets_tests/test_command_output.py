"""How tables are printed."""

import polars as pl
import pytest

from synth_assets import command_output
from synth_assets.command_output import show


def printed(
    rows: pl.DataFrame, laid_out: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    monkeypatch.setattr(command_output, "LAID_OUT", laid_out)
    show(rows, as_json=False)
    return capsys.readouterr().out


@pytest.mark.parametrize("text", ["a", "", None, "數學", "é [bold]not markup[/bold]", "two\nlines", "a\ttab"])
def test_long_tables_are_printed_as_short_ones_are(
    text: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = pl.DataFrame({"asset": ["questions", text], "rows": [None, 1_234], "a longer name": [text, "x"]})
    by_rich = printed(rows, 2, monkeypatch, capsys)
    assert printed(rows, 1, monkeypatch, capsys) == by_rich
    assert "1234" in by_rich
