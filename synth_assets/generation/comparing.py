"""Grouping equal final answers (the rule is in `readings.py`), and math-verify's part in it.

Comparing expressions may take for ever, or all memory: `equality.py` has it done in processes that can be killed.
"""

import logging
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from synth_assets.generation.readings import Reading, both_cases, compatible, equal_values, read

_CLOCK = re.compile(r"\d{1,2}:[0-5]\d")
_MARKS = re.compile(r"[\d\\+*/^=<>()\[\]{}|,!_-]")
_COMMAND = re.compile(r"\\(?:begin|end)\s*\{\w*\*?\}|\\[A-Za-z]+")
_RUN = re.compile(r"[A-Za-z]+")
_LONGEST_PRODUCT = 3
"""Letters together that are still read as a product of variables, and not as a word."""

_FUNCTIONS = frozenset("pi sqrt sin cos tan cot sec csc log ln exp arcsin arccos arctan infty infinity or and".split())

Equal = Callable[[str, str], bool]
"""Whether two expressions are equal."""


def grouped(final_answers: Sequence[str], equal: Equal) -> tuple[int, ...]:
    """The number of the group of each answer, groups numbered by their first answer.

    An answer joins the first group all whose members it equals. `equal` is asked about expressions that neither their
    texts nor their exact values decide.
    """
    groups: list[list[Reading]] = []
    numbers: list[int] = []
    for answer in final_answers:
        reading = read(answer)
        joined = (number for number, group in enumerate(groups) if _belongs(reading, group, equal))
        number = next(joined, len(groups))
        if number == len(groups):
            groups.append([])
        if reading not in groups[number]:
            groups[number].append(reading)
        numbers.append(number)
    return tuple(numbers)


def _belongs(reading: Reading, group: Sequence[Reading], equal: Equal) -> bool:
    return reading in group or all(_same(member, reading, equal) for member in group)


def _same(first: Reading, second: Reading, equal: Equal) -> bool:
    if first.text == second.text:
        return True
    if not compatible(first, second):
        return False
    if first.value is not None and second.value is not None:
        return equal_values(first, second)
    expressions = _expression(first), _expression(second)
    return all(map(_is_expression, expressions)) and equal(*expressions)


def _expression(reading: Reading) -> str:
    return reading.core if reading.variable is None else f"{reading.variable} = {reading.core}"


def _is_expression(text: str) -> bool:
    if _CLOCK.fullmatch(text) or both_cases(text):
        return False
    runs = _RUN.findall(_COMMAND.sub(" ", text))
    if not _MARKS.search(text):  # a letter, or a word such as infinity
        return len(text) == 1 or text.casefold() in _FUNCTIONS
    return all(len(run) <= _LONGEST_PRODUCT or run.casefold() in _FUNCTIONS for run in runs)


def verified(first: str, second: str) -> bool:
    """Whether math-verify takes two expressions for equal. No time limit: only for a process that can be killed."""
    from math_verify import verify

    one, other = _parsed(first), _parsed(second)
    # Its rule is not symmetric; a vote must not depend on who answered first.
    return bool(one and other) and any(
        verify(gold, target, allow_set_relation_comp=True, timeout_seconds=0)
        for gold, target in ((one, other), (other, one))
    )


@lru_cache(maxsize=256)
def _parsed(expression: str) -> list[Any]:
    from math_verify import LatexExtractionConfig, grader, parse, parser

    # They warn at the first comparison without a time limit of their own.
    grader.logger.setLevel(logging.ERROR)
    parser.logger.setLevel(logging.ERROR)
    # As LaTeX only: as anything else it would settle for some number among what it cannot read.
    config = [LatexExtractionConfig()]
    return list(parse(f"${expression}$", config, fallback_mode="no_fallback", parsing_timeout=0))
