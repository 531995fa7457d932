"""Final answers: read out of a worked solution, and compared as mathematics. A leaf that several rooms share.

Equality is decided by normalised text, then by exact fractions, and by math-verify only where both leave it open and
the expressions are short: it costs half a second to import and milliseconds a pair.
"""

import logging
import re
from fractions import Fraction
from functools import lru_cache

_MARKER = re.compile(r"the (?:final )?answer is:?[ \t]*(?P<answer>[^\n]*)", re.IGNORECASE)
_BOXED = re.compile(r"\\boxed\{(?P<inside>.*)\}")
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
    """The final answer of a written solution: after the last "The answer is", else the last line that is not empty."""
    marked = list(_MARKER.finditer(text))
    if marked:
        answer = marked[-1]["answer"]
    else:
        lines = [line for line in text.splitlines() if line.strip()]
        answer = lines[-1] if lines else ""
    boxed = _BOXED.search(answer)
    if boxed:
        answer = boxed["inside"]
    return answer.strip().rstrip(".").strip().strip("$").strip()


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
    return _GROUPED.sub("", re.sub(r"[\s$]+", "", answer).casefold().rstrip("."))


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
