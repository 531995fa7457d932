"""Marks for a document by rule: how dense its mathematics is, and how plainly it is written."""

import math
import re

from synth_assets.teachers.embedded.lexicon import mathematics
from synth_assets.teachers.tasks import Rating

FULL_DENSITY = 3.0
"""Lexicon mentions and formulas per 100 words at which the relevance mark is about 8."""


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
    """Mentions of distinct concepts count in full up to three times; formulas (3 + 4 =, x^2) count half."""
    counts: dict[str, int] = {}
    for mention in mathematics().mentions(text):
        name = mention.concept or mention.topic
        counts[name] = counts.get(name, 0) + 1
    formulas = len(re.findall(r"[\w)]\s*[=+*/^×÷−]\s*[\w(]", text))  # noqa: RUF001  # signs as books print them
    repeated = 3 if words < 600 else 3 * words // 600
    evidence = sum(min(count, repeated) for count in counts.values()) + 0.5 * min(formulas, words / 10)
    breadth = min(1.0, len(counts) / 4)
    return _mark((1 - math.exp(-1.5 * breadth * 100 * evidence / words / FULL_DENSITY)))


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
