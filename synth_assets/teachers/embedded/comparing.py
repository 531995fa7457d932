"""Whether two questions are the same problem, by rule: the same numbers for the same things, and the same thing asked.

Made for problems told in words. Numbers weigh most: two different school problems rarely share them all, while a
rephrasing changes most of the words. The shares below were chosen on the half of rephrased GSM8K that
`synth_assets_tests/decontamination/test_judging.py` measures: 0.895 of it is called the same, 0.001 of GSM8K's training
problems beside the test problem nearest in words.
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from synth_assets.teachers.embedded.quantities import quantities_of
from synth_assets.teachers.tasks import Comparison

LEAST_SHARED = {0: 0.75, 1: 0.6, 2: 0.4}
"""Least share of the shorter question's content words that the other must hold, by how many numbers both name."""

LEAST_SHARED_OF_MANY = 0.25
"""The same where three different numbers or more agree."""

SAME_STORY = 0.8
"""Where both stories together have this share of their words in common, nobody has rephrased them."""

LEAST_ASKED = 0.5
"""The sentences that ask must then have this share of theirs in common."""

_COMMON = frozenset(
    """
    a about after all also am an and another any are as at be been before being between both but by calculate can could
    did determine do does during each every few find following for from given had has have having he her here hers him
    his how i if in into is it its just let many may me might more most much must my no not of on only or other our out
    over per shall she should since so some such than that the their them then there these they this those through to
    too up us very was we were what when where which while who whose will with work would you your
    """.split()
)
"""Words that stand in most problems."""

_SIGN = re.compile(
    r"[+=<>^\u2264\u2265]|(?<=[\w)\]}])\s?[-\u2212]\s?(?=[\d({\\]|[a-z]\b)|\\(?:leq?|geq?)\b", re.IGNORECASE
)
_AS_ONE = {"\\le": "\u2264", "\\leq": "\u2264", "\\ge": "\u2265", "\\geq": "\u2265", "\u2212": "-"}
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=\S)")
_ENDINGS = ("ing", "ed", "es", "s")


@dataclass(frozen=True)
class _Problem:
    """A question as it is compared.

    Attributes:
        numbers: The numbers in the order they are named; one is left out, it is mostly a pronoun or an article.
        skeleton: The words in order with None for a number.
        counted: The content word that follows each number named once.
        content: The content words, without their endings.
        story: Those of all but the sentence that asks.
        asked: Those of the sentence that asks.
        signs: Signs of arithmetic and comparison.
    """

    numbers: tuple[Fraction, ...]
    skeleton: tuple[str | None, ...]
    counted: dict[Fraction, str]
    content: frozenset[str]
    story: frozenset[str]
    asked: frozenset[str]
    signs: Counter[str]


def compare(question: str, item: str) -> Comparison:
    """Whether both are the same problem, and why; `compare(a, b)` is `compare(b, a)` but for the wording."""
    one, other = _problem(question), _problem(item)
    if one.skeleton == other.skeleton and one.numbers == other.numbers and one.signs == other.signs:
        return Comparison(same=True, reason="Both have the same words and numbers in the same order.")
    difference = (
        _other_numbers(one, other) or _other_signs(one, other) or _other_roles(one, other) or _other_aim(one, other)
    )
    if difference:
        return Comparison(same=False, reason=difference)
    named = len(set(one.numbers))
    shared, least = _share(one.content, other.content), LEAST_SHARED.get(named, LEAST_SHARED_OF_MANY)
    numbers = f"Both name the numbers {_told(one.numbers)}" if named else "Neither names a number"
    words = f"{shared:.0%} of the shorter one's content words stand in both"
    return Comparison(same=shared >= least, reason=f"{numbers}, and {words}; {least:.0%} are needed.")


def _problem(text: str) -> _Problem:
    whole = quantities_of(text)
    sentences = _SENTENCE.split(text.strip())
    asks = next((place for place, sentence in enumerate(sentences) if sentence.endswith("?")), len(sentences) - 1)
    story = " ".join([*sentences[:asks], *sentences[asks + 1 :]])
    counted: dict[Fraction, str] = {}
    numbers = iter(whole.numbers)
    for place, word in enumerate(whole.words):
        if word is None:
            after = next((stem for stem in map(_stem, whole.words[place + 1 : place + 4]) if stem), "")
            number = next(numbers)
            counted[number] = after if number not in counted else ""
    return _Problem(
        numbers=tuple(number for number in whole.numbers if number != 1),
        skeleton=whole.words,
        counted=counted,
        content=_content(whole.words),
        story=_content(quantities_of(story).words),
        asked=_content(quantities_of(sentences[asks]).words),
        signs=Counter(_AS_ONE.get(sign, sign) for sign in (found.strip().lower() for found in _SIGN.findall(text))),
    )


def _other_numbers(one: _Problem, other: _Problem) -> str:
    """What one names and the other does not. How often a number is named counts only where both differ in it."""
    here, there = Counter(one.numbers), Counter(other.numbers)
    only_here, only_there = set(here) - set(there), set(there) - set(here)
    if only_here or only_there:
        sides = (("the first", only_here), ("the second", only_there))
        return " and ".join(f"only {side} names {_told(found)}" for side, found in sides if found).capitalize() + "."
    if here - there and there - here:
        return f"The first names {_told(here - there)} more often, the second {_told(there - here)}."
    return ""


def _other_signs(one: _Problem, other: _Problem) -> str:
    """Formulas in both that differ in their signs; a formula told in words has none."""
    if one.signs and other.signs and one.signs != other.signs:
        differing = sorted((one.signs - other.signs) + (other.signs - one.signs))
        return f"The formulas differ in {' '.join(differing)}."
    return ""


def _other_roles(one: _Problem, other: _Problem) -> str:
    """Numbers that have changed places."""
    if one.skeleton == other.skeleton and one.numbers != other.numbers:
        return "The words are the same, and the numbers stand in other places."
    pairs = sorted(one.counted.items())
    for place, (number, counted) in enumerate(pairs):
        for another, also in pairs[place + 1 :]:
            differ = counted and also and counted != also
            if differ and other.counted.get(another) == counted and other.counted.get(number) == also:
                return f"{_told((number, another))} count different things in the two."
    return ""


def _other_aim(one: _Problem, other: _Problem) -> str:
    """The same story with another question."""
    told = one.story and other.story and _overlap(one.story, other.story) >= SAME_STORY
    if told and _overlap(one.asked, other.asked) < LEAST_ASKED:
        return "The stories are alike, and other things are asked for."
    return ""


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of all words that both have; 1 where there is none."""
    both = one | other
    return len(one & other) / len(both) if both else 1.0


def _content(words: Collection[str | None]) -> frozenset[str]:
    return frozenset(stem for stem in map(_stem, words) if stem)


def _stem(word: str | None) -> str:
    """A content word without its ending; empty for a number, a common word or a single letter."""
    if word is None or len(word) < 2 or word in _COMMON:
        return ""
    word = word.removesuffix("'s")
    ending = next((ending for ending in _ENDINGS if word.endswith(ending) and len(word) >= len(ending) + 3), "")
    return word.removesuffix(ending)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the shorter's words that both have; 1 where it has none."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 1.0


def _told(numbers: Collection[Fraction]) -> str:
    return ", ".join(str(number) for number in sorted(set(numbers)))
