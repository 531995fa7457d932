"""Final answers: read out of a worked solution, and compared as mathematics. A leaf that several rooms share.

Equality is decided by normalised text, then by exact fractions, and by math-verify only where both leave it open and
the expressions are short: it costs half a second to import and milliseconds a pair. The vote among a teacher's samples
has a wider rule, which needs processes of its own (`generation/equality.py`).
"""

import logging
import re
from fractions import Fraction
from functools import lru_cache

_MARKER = re.compile(
    r"\banswer\b[*_]*\s*(?:is\b\s*:?|:)[*_\s]*(?P<answer>[^\n]*)|^[ \t]*####(?P<hashed>[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
"""The usual wordings: "The answer is 7.", "**Final answer:** 7", "Answer: 7", and "#### 7" as GSM8K has it."""

_BRACES = re.compile(r"\\[{}]|(?P<box>\\(?:boxed|fbox)\s*\{)|(?P<opened>\{)|(?P<closed>\})")
_AROUND = re.compile(r"\\[(\[](?P<inside>.*)\\[)\]]", re.DOTALL)
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_RATIONAL = re.compile(r"[-+]?\d{1,30}(?:\.\d{1,30}|/\d{1,30})?")

_LONGEST_COMPARED = 40
_EXPRESSION = re.compile(r"[\w\s.,+*/^(){}\[\]=<>|\\$-]+", re.ASCII)
_MATHEMATICAL_WORDS = frozenset("pi sqrt frac dfrac cdot times left right sin cos tan log ln exp infty or and".split())
_EXPLOSIVE = re.compile(r"\d{6}|(?:\^|\*\*)[\s{(]*\d{3}|(?:\^|\*\*)[\w\s(){}]*(?:\^|\*\*)|!")
"""Expressions whose exact value may be too large to compute: an untrained student may well write 9^9^9^9."""


def with_final_answer(solution: str, final_answer: str) -> str:
    """The solution, ending in a line its final answer can be read from; left as it is where it already ends so."""
    if same_text(read_final_answer(solution), final_answer):
        return solution
    return f"{solution.rstrip()}\nThe answer is {final_answer}."


def read_final_answer(text: str) -> str:
    """The final answer of a written solution: the one it states, or else its last line that is not empty."""
    stated = stated_final_answer(text)
    if stated is not None:
        return stated
    lines = [line for line in text.splitlines() if line.strip()]
    return _bare(lines[-1]) if lines else ""


def stated_final_answer(text: str) -> str | None:
    """The final answer that a solution states as such; None where it states none.

    It is what was said last of: a box (`\\boxed{...}`, `\\fbox{...}`), or the rest of a line after "the answer is",
    "Final answer:" or "####" (or, where that is empty, the next line).
    """
    marked = list(_MARKER.finditer(text))
    box = _last_box(text)
    if box and (not marked or box[0] >= marked[-1].start()):
        return _bare(box[1])
    return _bare(marked[-1]["answer"] or marked[-1]["hashed"] or "") if marked else None


def _bare(answer: str) -> str:
    """An answer without the marks around it."""
    answer = answer.strip().strip("*").rstrip(".").strip().strip("$").strip()
    around = _AROUND.fullmatch(answer)
    return around["inside"].strip() if around else answer


def _last_box(text: str) -> tuple[int, str] | None:
    """Where the last closed box begins, and what is in it; of boxes in each other, the inmost."""
    last: tuple[int, str] | None = None
    still_open: list[re.Match[str]] = []
    for brace in _BRACES.finditer(text):
        if brace["box"] or brace["opened"]:
            still_open.append(brace)
        elif brace["closed"] and still_open:
            begun = still_open.pop()
            if begun["box"] and (last is None or begun.start() > last[0]):
                last = begun.start(), text[begun.end() : brace.start()]
    return last


def same_text(first: str, second: str) -> bool:
    """Whether two final answers read the same, leaving out case, white space, dollar signs and digit grouping."""
    return _normalised(first) == _normalised(second)


@lru_cache(maxsize=100_000)
def same_answer(reference: str, candidate: str) -> bool:
    """Whether two final answers are equal: as text, as exact fractions, or by math-verify where both are short.

    Safe in threads: nothing here depends on signals, and no expression is tried whose value may be huge.
    """
    first, second = _normalised(reference), _normalised(candidate)
    if first == second:
        return True
    if _RATIONAL.fullmatch(first) and _RATIONAL.fullmatch(second):
        return _fraction(first) == _fraction(second) is not None
    if not (first and second) or max(len(first), len(second)) > _LONGEST_COMPARED:
        return False
    return all(_is_expression(answer) for answer in (reference, candidate)) and _verified(reference, candidate)


def _normalised(answer: str) -> str:
    # The space between two numbers counts: 1 1/2 is not 11/2; grouping goes first: 1, 234 is not 1,234.
    plain = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", _GROUPED.sub("", answer.replace("$", "").strip()))
    return re.sub(r"\s+", " ", plain).casefold().rstrip(".")


def _fraction(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ZeroDivisionError:
        return None


def _is_expression(answer: str) -> bool:
    """Whether an answer looks like one short expression; the words of an untrained student do not."""
    if not _EXPRESSION.fullmatch(answer) or _EXPLOSIVE.search(answer):
        return False
    return all(len(word) == 1 or word in _MATHEMATICAL_WORDS for word in re.findall(r"[A-Za-z]+", answer))


def _verified(reference: str, candidate: str) -> bool:
    from math_verify import grader, parse, parser, verify

    # They warn at every process's first comparison without a timeout, which is how they are meant to be used here.
    grader.logger.setLevel(logging.ERROR)
    parser.logger.setLevel(logging.ERROR)
    # Timeout 0 is none: timeouts are signals, which only the main thread may set; `_EXPLOSIVE` keeps long ones out.
    gold, target = (parse(f"${text}$", parsing_timeout=0) for text in (reference, candidate))
    return bool(gold and target and verify(gold, target, timeout_seconds=0))
