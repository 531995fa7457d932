"""Saying a problem in other words by rule: other names, numbers in words, another way to ask, another order.

Whatever is changed, the quantities and what is asked stay. It is no match for a model's rephrasing.
"""

import re
from collections.abc import Mapping

from synth_assets.seeds import generator_of
from synth_assets.teachers.embedded.quantities import ONES

_FEMININE = """Agnes Alice Amara Anna Aisha Carmen Clara Elena Emma Esther Fatima Fiona Frida Grace Greta Hana Hannah
    Helen Ida Ines Ingrid Irene Julia Laila Laura Layla Lena Lucia Lulu Magda Maria Marta Maya Mina Miriam Nadia Naomi
    Nessa Nina Olga Petra Priya Rosa Ruth Sara Sarah Sofia Susan Teresa Vera Yara Zainab Zara""".split()
_MASCULINE = """Ahmed Anders Arjun Ben Bruno Carlos Daniel David Diego Emeka Emil Erik Felix Gabriel George Hassan
    Henrik Hugo Ibrahim Isaac Ivan Jack James Jonas Jorge Joseph Karim Kofi Kwame Lars Leo Lucas
    Luis Malik Marco Mateo Miguel Mohamed Nico Noah Oliver Omar Oscar Oskar Pablo Paul Pedro Peter
    Rafael Rahul Ravi Samir Stefan Sunil Tariq Theo Thomas Tom Tomas Victor Yusuf""".split()
_WORDS: Mapping[int, str] = {value: word for word, value in ONES.items() if 2 <= value <= 12}

_NAME = re.compile(r"\b[A-Z][a-z]+\b")
_FORMULA = re.compile(r"[-+*/^=<>()$\\|]")
_COUNTED = re.compile(r"(?<![\w.,:'])(?<!base )(?<!modulo )(?<!day )(?<!step )(\d{1,2})(?= [a-z]{3,}\b)")
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9])")

_ASKING: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), others)
    for pattern, others in (
        (r"^What is ((?:the|its|her|his|their) [^?]+)\?$", ("Find \\1.", "Determine \\1.", "Work out \\1.")),
        (r"^(?:Find|Determine|Calculate|Compute) ([^?]+)\.$", ("Work out \\1.", "Determine \\1.", "Find \\1.")),
        (r"^How many ([a-z]+ (?:of|do|does|did|can|must|will|are|were|would) )", ("What number of \\1",)),
        (r"^Write ((?:[^.]|\.(?=\d))+ as )", ("Express \\1",)),
    )
)
_FRAMES = (
    "{told} {asked}",
    "Given: {told} Asked: {asked}",
    "{told} Work this out: {asked}",
    "Consider the following. {told} {asked}",
    "{told} Use this to answer: {asked}",
    "Think about this situation. {told} {asked}",
    "{told} The question is: {asked}",
)
_ASKED_FIRST = ("{asked} This is known: {told}", "{asked} You are told the following. {told}")
"""Only for a question that refers to nothing told before."""

_PLAIN_FRAMES = ("{told} {asked}", "Consider the following. {told} {asked}", "Here is an exercise. {told} {asked}")
"""For problems that tell what to do before the end."""

_FRAMES_ALONE = (
    "{asked}",
    "Here is a problem: {asked}",
    "Work this out: {asked}",
    "Solve the following. {asked}",
    "Answer this: {asked}",
    "The next exercise reads: {asked}",
    "Try this one. {asked}",
)
"""For problems of a single sentence."""

_REFERS = re.compile(
    r"\b(?:this|these|that|those|such|it|its|both|they|their|them|then|she|he|her|his)\b", re.IGNORECASE
)
_DEMANDS = re.compile(
    r"(?:^|[.?!]\s+)(?:Use|Find|Let|Suppose|Solve|Write|Draw|Take|Give|Consider|Choose|Compute|Imagine|Call|Add|Give)\b"
)


def reworded(text: str, number: int) -> str:
    """The problem in its wording of that number, never in the words of `text`; the same each time.

    Wordings come again, with other people, when all ways to say it are used up.
    """
    ways = [way for way in _ways(text) if way != text]
    generator_of("embedded rewording", text).shuffle(ways)
    return with_names(ways[number % len(ways)], other_names(text, number))


def other_names(text: str, number: int) -> dict[str, str]:
    """Who takes the place of the people of a problem in its wording of that number: others of the same grammar."""
    rng = generator_of("embedded names", text, number)
    named = set(_NAME.findall(text))
    names: dict[str, str] = {}
    for list_ in (_FEMININE, _MASCULINE):
        here = [name for name in list_ if name in named]
        names |= dict(zip(here, rng.sample([name for name in list_ if name not in named], len(here)), strict=True))
    return names


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A text with people renamed."""
    return _NAME.sub(lambda found: names.get(found[0], found[0]), text)


def _ways(text: str) -> list[str]:
    """All ways to say a problem, the one of `text` among them."""
    spelt = text if _FORMULA.search(text) else _COUNTED.sub(lambda found: _WORDS.get(int(found[1]), found[1]), text)
    ways: dict[str, None] = {}
    for version in dict.fromkeys((text, spelt)):
        *sentences, asks = _parts(version)
        told = " ".join(sentences)
        for asked in (asks, *_asked_otherwise(asks)):
            ways |= dict.fromkeys(frame.format(told=told, asked=asked) for frame in _frames(told, asks))
    return list(ways)


def _frames(told: str, asks: str) -> tuple[str, ...]:
    if not told:
        return _FRAMES_ALONE
    if _DEMANDS.search(told):
        return _PLAIN_FRAMES
    return _FRAMES if _REFERS.search(asks) else (*_FRAMES, *_ASKED_FIRST)


def _parts(text: str) -> list[str]:
    """The sentences that tell, and the one that asks at the end; one part where no single sentence asks at the end."""
    sentences = _SENTENCE.split(text)
    # A second question, or one that is not the end, makes the order matter.
    if len(sentences) < 2 or text.count("?") > 1 or ("?" in text and not text.endswith("?")):
        return [text]
    return sentences


def _asked_otherwise(sentence: str) -> list[str]:
    for pattern, others in _ASKING:
        if pattern.search(sentence):
            return [other for other in (pattern.sub(other, sentence) for other in others) if other != sentence]
    return []
