r"""The normal form in which texts are compared, as Polars expressions.

NFKC, lower case, LaTeX commands that only format removed, thousands separators removed; then the text is cut into
words: runs of letters, and numbers (with their decimals). All else, punctuation and symbols alike, only separates
words, so `3x`, `3 x` and `$3x$` are the same. The second form folds every number to `0`. `problem_words` keeps
arithmetic and comparison signs as words of their own: two questions that differ in a sign are different questions,
while a benchmark item copied with another sign is still contamination.
"""

import polars as pl

FOLDED_NUMBER = "0"
"""What every number becomes in the digits-folded form."""

_NUMBER = r"\p{Nd}+(?:\.\p{Nd}+)?"
_WORD = rf"{_NUMBER}|[\p{{L}}\p{{M}}]+|[\p{{Nl}}\p{{No}}]"
_SIGN = r"[\p{Sm}*/^%!\-]"

# Read after lower-casing, so `\Big` is `\big`. Commands with a meaning (frac, sqrt, times) stay as words.
_SPACING = r"\\[,;:!> ]|\\(?:quad|qquad|thinspace|enspace|displaystyle|textstyle|limits|nolimits|hfill|newline)\b"
_SIZING = r"\\(?:left|right|middle|bigg|big|biggl|biggr|bigl|bigr|bigm)\b"
_FONTS = (
    r"\\(?:text|textbf|textit|textrm|texttt|textsf|textup|emph|underline|mathrm|mathbf|mathit|mathsf|mathtt|mathcal|"
    r"mathbb|mathfrak|boldsymbol|bm|mbox|hbox|operatorname|rm|bf|it)\b"
)
_ENVIRONMENT = r"\\(?:begin|end)\{(?:aligned|align|equation|gathered|gather|center|itemize|enumerate|array|split)\*?\}"
_LENGTH = r"\\[hv]space\*?\{[^}]*\}"
_FORMATTING = "|".join((_ENVIRONMENT, _LENGTH, _SPACING, _SIZING, _FONTS))


def plain(text: pl.Expr) -> pl.Expr:
    """Text before it is cut into words: NFKC, lower case, no formatting LaTeX, no thousands separators."""
    unformatted = (
        text.str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(_FORMATTING, " ")
        .str.replace_all(r"\\[dtc]frac\b", r" \frac ")
    )
    # Matches may not overlap, so in 1,000,000,000 every other comma goes in the first pass.
    thousands = (r"(\p{Nd})\{?,\}?(\p{Nd}{3})", "${1}${2}")
    return unformatted.str.replace_all(*thousands).str.replace_all(*thousands)


def words(text: pl.Expr) -> pl.Expr:
    """Words and numbers of a text in order, as a list of strings; a text without any gives an empty list."""
    return plain(text).str.extract_all(_WORD)


def problem_words(text: pl.Expr) -> pl.Expr:
    """As `words`, with arithmetic and comparison signs as words of their own."""
    return plain(text).str.extract_all(f"{_WORD}|{_SIGN}")


def is_number(word: pl.Expr) -> pl.Expr:
    """Whether a word is a number."""
    return word.str.contains(r"^\p{Nd}")


def is_spoken(word: pl.Expr) -> pl.Expr:
    """Whether a word is language rather than notation: two letters or more."""
    return word.str.contains(r"^[\p{L}\p{M}]{2}")


def fold_digits(word: pl.Expr) -> pl.Expr:
    """A word of the digits-folded form: `0` for a number, the word itself otherwise."""
    return pl.when(is_number(word)).then(pl.lit(FOLDED_NUMBER)).otherwise(word)


def normal_form(text: pl.Expr) -> pl.Expr:
    """The words joined by single spaces: what "the same text" means for decontamination."""
    return words(text).list.join(" ")
