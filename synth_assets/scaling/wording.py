"""Numbers as people write them in tables, on axes and on the command line.

What lives here: token counts such as 4.5B, read and written; figures with few digits.
"""

import re

SUFFIXES = {"T": 1e12, "B": 1e9, "M": 1e6, "K": 1e3}
_COUNT = re.compile(r"\s*([0-9][0-9_,]*\.?[0-9]*(?:e[+-]?[0-9]+)?|\.[0-9]+)\s*([TBGMK]?)\s*", re.IGNORECASE)


def tokens_text(tokens: float) -> str:
    """Tokens in short: 200, 10K, 4.5M, 1B, 2T."""
    if tokens >= 1e15:
        return f"{tokens:.0e}"
    for letter, size in SUFFIXES.items():
        if tokens >= size * 0.9995:
            return f"{tokens / size:.3g}{letter}"
    return f"{tokens:.3g}"


def read_tokens(written: str) -> float:
    """Tokens written as 4500000000, 4.5e9, 4,500M, 4.5B or 4.5G. Raises ValueError for anything else."""
    found = _COUNT.fullmatch(written)
    if found is None:
        raise ValueError(f"{written!r} is no count of tokens")
    number, letter = found.groups()
    return float(number.replace(",", "").replace("_", "")) * SUFFIXES.get(letter.upper().replace("G", "B"), 1.0)


def figure(value: float | None, none: str = "open") -> str:
    """Three significant digits, very large and very small numbers with an exponent."""
    if value is None:
        return none
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.3g}" if abs(value) < 1e3 else f"{value:.0f}"
    return f"{value:.2g}"


def budget_range(low: float | None, high: float | None) -> str:
    """The interval of a budget in short, an open end said in words."""
    if low is None and high is None:
        return "not bounded"
    if high is None:
        return f"{tokens_text(low or 0.0)} or more, without an upper end"
    return f"{tokens_text(low)} to {tokens_text(high)}" if low is not None else f"up to {tokens_text(high)}"
