r"""The normal form in which texts are compared: what `word_loops` cuts into words, and what is done before.

NFKC, lower case, LaTeX commands that only format removed; then the text is cut into words: runs of letters, and numbers
with their decimals, without the commas between thousands. All else, punctuation and symbols alike, only separates
words, so `3x`, `3 x` and `$3x$` are the same. The second form folds every number to `0`. Where duplicates are looked
for, arithmetic and comparison signs are words of their own: two questions that differ in a sign are different
questions, while a benchmark item copied with another sign is still contamination.
"""

import polars as pl

FOLDED_NUMBER = "0"
"""What every number becomes in the digits-folded form."""

# Read after lower-casing, so `\Big` is `\big`. Commands with a meaning (frac, sqrt, times) stay as words.
_SPACING = r"\\[,;:!> ]|\\(?:quad|qquad|thinspace|enspace|displaystyle|textstyle|limits|nolimits|hfill|newline)\b"
_SIZING = r"\\(?:left|right|middle|bigg|big|biggl|biggr|bigl|bigr|bigm)\b"
_FONTS = (
    r"\\(?:text|textbf|textit|textrm|texttt|textsf|textup|emph|underline|mathrm|mathbf|mathit|mathsf|mathtt|mathcal|"
    r"mathbb|mathfrak|boldsymbol|bm|mbox|hbox|operatorname|rm|bf|it)\b"
)
_ENVIRONMENT = r"\\(?:begin|end)\{(?:aligned|align|equation|gathered|gather|center|itemize|enumerate|array|split)\*?\}"
_LENGTH = r"\\[hv]space\*?\{[^}]*\}"
_LATEX_COMMA = r"\{,\}|,\}|\{,"  # between thousands, where a bare comma would be followed by a space
_FORMATTING = "|".join((_ENVIRONMENT, _LENGTH, _SPACING, _SIZING, _FONTS))


def plain(text: pl.Expr) -> pl.Expr:
    """Text before it is cut into words: NFKC, lower case, no formatting LaTeX."""
    return (
        text.str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(_FORMATTING, " ")
        .str.replace_all(r"\\[dtc]frac\b", r" \frac ")
        .str.replace_all(_LATEX_COMMA, ",")
    )
