"""Marks for a document by rule: how dense its mathematics is, and how plainly it is written."""

import math
import re

from synth_assets.teachers.embedded.lexicon import mathematics
from synth_assets.teachers.tasks import Rating

USUAL_DENSITY = 1.5
"""Evidence per 100 words of a text with some mathematics in it: its relevance mark is between 6 and 7."""

EVERYDAY = frozenset(
    name
    for line in """
percent; percent of a number; percent increase; rate; interest rate; sales tax; discount; area; volume; speed
product; difference; sum; range; combination; set; event; outcome; data; proportion; arithmetic mean; rounding
circle; sphere; hemisphere; pyramid; arc of a circle; perpendicular height; parallel line; rotation; translation
reflection; resultant; matrix; integrals; inequalities; proof by contradiction
unit of mass; unit of length; unit of capacity; unit of time
""".strip().splitlines()
    for name in line.split("; ")
)
"""Concepts whose written forms are also everyday words ("a 40 percent tariff", "the area west of the river")."""

EVERYDAY_WEIGHT = 0.2

_FORMULA = re.compile(
    r"(?:(?<![^\W_])\d+(?:[.,]\d+)*[A-Za-z]?|(?<![^\W_])[A-Za-z]|[)²³√°])"
    r"(?:\s*[=+*^×÷·−<>≤≥]\s*|\s-\s|/)"  # noqa: RUF001  # signs as books print them
    r"(?:[-−(√]*(?:\d|[A-Za-z](?![A-Za-z])))"  # noqa: RUF001
)
"""A sign between numbers, variables or brackets.

Names of several letters are code or chemistry (`size = int`, `Zn + S`), a bare hyphen is a score or a range (`2-1`).
"""

_NAMES = re.compile(
    r"\b(?:math\w*|arithmetic|algebra\w*|geometr\w*|trigonometr\w*|calculus|statistic\w*"
    r"|equations?|theorems?|graph(?:s|ed|ing)?|calculat\w*|solv(?:e|ed|es|ing))\b",
    re.IGNORECASE,
)
"""Words that speak of mathematics without being a concept of it."""


def rate(title: str, text: str) -> Rating:
    """Relevance to mathematics, clarity and language quality, each 1 to 10 to one decimal."""
    words = re.findall(r"[^\W\d_]+", text)
    if not words:
        return Rating(relevance=1, clarity=1, language_quality=1)
    return Rating(
        relevance=_relevance(f"{title}. {text}", len(words)),
        clarity=_clarity(text, len(words)),
        language_quality=_language_quality(text, words),
    )


def _mark(share: float) -> float:
    return round(1 + 9 * min(max(share, 0.0), 1.0), 1)


def _relevance(text: str, words: int) -> float:
    """How dense and how varied the evidence is.

    Mentions of one concept count up to three times (more in long texts), formulas (3 + 4 =, x^2) and words such as
    "solve" half, mentions in everyday words a fifth. Evidence of fewer kinds than the length asks for counts less.
    """
    counts: dict[str, int] = {}
    for mention in mathematics().mentions(text):
        name = mention.concept or mention.topic
        counts[name] = counts.get(name, 0) + 1
    weights = {name: EVERYDAY_WEIGHT if name in EVERYDAY else 1.0 for name in counts}
    formulas, names = len(_FORMULA.findall(text)), len(_NAMES.findall(text))
    repeated = max(3, 3 * words // 600)
    mentioned = sum(min(count, repeated) * weights[name] for name, count in counts.items())
    evidence = mentioned + 0.5 * min(formulas, words / 10) + 0.5 * min(names, words / 20)
    kinds = sum(weights.values()) + min(1.0, names / 2) + min(1.0, formulas / 4)
    breadth = min(1.0, kinds / min(4.0, max(1.5, words / 80)))
    return _mark(1 - math.exp(-((breadth * 100 * evidence / words / USUAL_DENSITY) ** 1.5)))


def _clarity(text: str, words: int) -> float:
    """Highest for sentences of 8 to 25 words; lower for very long ones or bare fragments."""
    sentences = max(1, len(re.findall(r"[.!?](?:\s|$)", text)))
    length = words / sentences
    return _mark(0.85 - 0.02 * max(0.0, length - 25) - 0.05 * max(0.0, 8 - length))


def _language_quality(text: str, words: list[str]) -> float:
    """Share of the text that is words, spaces and common punctuation, less shouting and broken characters."""
    plain = len(re.findall(r"[\w\s.,;:?!'\"()=+*/^%$-]", text)) / len(text)
    shouted = sum(1 for word in words if len(word) > 3 and word.isupper()) / len(words)
    return _mark(0.9 - 4 * (1 - plain) - 2 * shouted)
