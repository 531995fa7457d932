"""Counts of tokens are read as people write them, and written back in short."""

import pytest

from synth_assets.scaling.wording import budget_range, figure, read_tokens, tokens_text


@pytest.mark.parametrize(("tokens", "text"), [(200, "200"), (1e4, "10K"), (4.5e6, "4.5M"), (1e9, "1B"), (2e12, "2T")])
def test_tokens_are_written_short_and_read_back(tokens, text) -> None:
    assert tokens_text(tokens) == text
    assert read_tokens(text) == tokens


@pytest.mark.parametrize(
    ("written", "tokens"),
    [("4500000000", 4.5e9), ("4.5e9", 4.5e9), ("4,500M", 4.5e9), ("4_500M", 4.5e9), ("4.5g", 4.5e9), (" 10k ", 1e4)],
)
def test_tokens_are_read_in_many_forms(written, tokens) -> None:
    assert read_tokens(written) == tokens


@pytest.mark.parametrize("written", ["", "many", "4.5X", "-3", "4.5 B tokens", "1e", "nan"])
def test_what_is_no_count_is_refused(written) -> None:
    with pytest.raises(ValueError, match="no count of tokens"):
        read_tokens(written)


def test_open_ends_are_said() -> None:
    assert budget_range(None, None) == "not bounded"
    assert budget_range(1e9, None) == "1B or more, without an upper end"
    assert budget_range(0.0, 2e9) == "0 to 2B"
    assert figure(None) == "open"
    assert [figure(value) for value in (0.0, 0.12345, 1234.5, 1e7)] == ["0", "0.123", "1234", "1e+07"]
