"""The n-gram rules once more, in plain Python over sets: slow, short, and independent of the room's arithmetic."""

import re
import unicodedata


def words(text: str) -> list[str]:
    """Words of a text without LaTeX: letters, and numbers with their decimals."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    return re.findall(r"\d+(?:\.\d+)?|[a-z]+", plain)


def grams(sequence: list[str], n: int) -> set[tuple[str, ...]]:
    """All runs of n words."""
    return {tuple(sequence[place : place + n]) for place in range(len(sequence) - n + 1)}


def contains(text: list[str], item: list[str]) -> bool:
    """Whether the whole item stands in the text; one of fewer than 5 words must be all of it."""
    if not item:
        return False
    return text == item if len(item) < 5 else tuple(item) in grams(text, len(item))


def shares_ngram(text: list[str], item: list[str], n: int = 13) -> bool:
    """Whether any n-gram is shared."""
    return bool(grams(text, n) & grams(item, n))


def coverage(text: list[str], item: list[str], n: int = 8) -> float:
    """Share of the item's words that lie in an n-gram the text has too."""
    known = grams(text, n)
    covered = {
        place + offset
        for place in range(len(item) - n + 1)
        if tuple(item[place : place + n]) in known
        for offset in range(n)
    }
    return len(covered) / len(item) if item else 0.0
