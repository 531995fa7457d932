r"""Characters: which may stand in a text, and LaTeX commands written into JSON with one backslash.

Models often write "\frac" into a JSON string where "\\frac" is meant. JSON then has a form feed and "rac", and likewise
a tab and "imes", a newline and "eq". Here the single backslash is doubled before the JSON is parsed, wherever a
command is meant beyond doubt; an ordinary new line stays one.
"""

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PAGE_END = re.compile("[\x0b\x0c]")
_LOST_COMMAND = re.compile("[\x08\x0c](?=[A-Za-z])")

_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|(?P<word>[A-Za-z]+)|(?P<mark>.))", re.DOTALL)
_KEPT_MARKS = frozenset("\\\"/'")
"""After a backslash these are JSON's own, or a Python string's."""

_CERTAIN = frozenset(
    (
        "nabla neq notin not nleq nleqslant ngeq ngeqslant nsubseteq nsupseteq nleftarrow nrightarrow nLeftarrow "
        "nRightarrow nvdash nvDash nearrow nwarrow natural newline newcommand nonumber nolimits normalsize nprec nsucc "
        "tau text textbf textit textrm textsf textstyle texttt textup tfrac tbinom tanh tag theta therefore thinspace "
        "tilde times tiny to top triangle trianglelefteq triangleq twoheadrightarrow "
        "rangle rbrace rbrack rceil ref restriction rfloor rho right rightarrow rightharpoonup rightleftharpoons rm "
        "root rtimes rvert rVert"
    ).split()
)
"""Commands whose letters after the first begin no line of ordinary text."""
_UNCERTAIN = frozenset("ne neg nexists ngtr ni nless nmid nparallel nsim ncong nsubset nsupset nu tan".split())
"""Commands whose letters after the first may: "u = 3" on a new line, or "an angle" after a tab."""

_ANSWERED_INEQUALITY = re.compile(r" ?[-\d\\({]")
_TANGENT_OF = re.compile(r"[(^_{\d]| ?\\| [A-Za-z0-9](?![A-Za-z-])")
_COMMANDS = "|".join(sorted(word[1:] for word in _CERTAIN | _UNCERTAIN if word[0] == "n"))
_LINE_END = re.compile(rf'["\n]|(?<!\\)\\n(?!(?:{_COMMANDS})(?![A-Za-z]))')
_LINE_START = re.compile(r'["\n]|(?<!\\)\\n')
_DOLLAR = re.compile(r"(?<!\\)\$")
_TO_CLOSING_DOLLAR = re.compile(r"(?:(?:\\.|[^$\\])*[^\s\\$])?\$(?!\d)")
"""A dollar after a space or before a digit is money."""
_LONGEST_FORMULA = 400


def storable(text: str) -> str:
    """`text` without the characters that UTF-8, Parquet or a reader cannot bear: NUL, lone surrogates, other controls.

    Tabs and line ends stay; the ends of pages become line ends.
    """
    if text.isprintable():
        return text
    return _FORBIDDEN.sub("", _PAGE_END.sub("\n", text))


def with_lost_commands(text: str) -> str:
    r"""Text read from JSON, in which a form feed or backspace is what is left of a LaTeX command ("\frac", "\beta")."""
    return _LOST_COMMAND.sub(lambda found: r"\f" if found[0] == "\f" else r"\b", text)


def with_doubled_backslashes(written: str) -> str:
    """JSON as written, with each backslash doubled that begins a LaTeX command and not an escape of JSON."""
    if "\\" not in written:
        return written
    done: list[str] = []
    end = 0
    for escape in _ESCAPE.finditer(written):
        done.append(written[end : escape.start()])
        end = escape.end()
        if _is_command(escape, done):
            done.append("\\")
        done.append(escape[0])
    done.append(written[end:])
    return "".join(done)


def _is_command(escape: re.Match[str], done: list[str]) -> bool:
    """Whether a backslash and what follows are LaTeX; `done` is the text up to it."""
    word, mark = escape["word"], escape["mark"]
    if mark is not None:
        return mark not in _KEPT_MARKS
    if word is None:
        return False
    if word[0] not in "nrt":
        return True  # "\b" and "\f" too: no model means a backspace or a form feed
    if word in _CERTAIN:
        return not (word == "neq" and escape.string.startswith(".", escape.end()))  # "eq. (3)" on a new line
    return word in _UNCERTAIN and _is_mathematics(word, "".join(done[-_LONGEST_FORMULA:]), escape.string, escape.end())


def _is_mathematics(word: str, before: str, written: str, end: int) -> bool:
    """Whether an uncertain command stands in a formula, or where only a formula can go on like that."""
    if word == "tan" and _TANGENT_OF.match(written, end):
        return True
    if word == "ne" and re.search(r"\S $", before[-2:]) and _ANSWERED_INEQUALITY.match(written, end):
        return True
    line = _LINE_START.split(before[-_LONGEST_FORMULA:])[-1]
    rest = _LINE_END.split(written[end : end + _LONGEST_FORMULA], maxsplit=1)[0]
    if len(_DOLLAR.findall(line)) % 2 == 1:
        return _TO_CLOSING_DOLLAR.match(rest) is not None
    return line.rfind(r"\(") > line.rfind(r"\)") and r"\)" in rest
