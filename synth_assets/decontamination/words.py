"""Many texts as one long column of words, each by its hash, so that compiled loops can go through all of them.

Hashes are ours (FNV-1a, mixed) and stay the same over versions and machines, so they may be stored. Two words share one
with a probability of about 2^-64: a comparison of words here is one of their hashes.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.decontamination import normalising

Whole = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

_LATEX = ("\\", ",}", "{,")


@dataclass(frozen=True)
class Words:
    """The words of texts 0 .. k-1, one after the other; text t owns the places `starts[t]` up to `starts[t + 1]`.

    Attributes:
        hashes: What is compared: hash of the word, or that of `0` where numbers are folded; shape (words,).
        kinds: `word_loops.MARK`, `SYMBOL`, `SPOKEN` or `NUMBER`; shape (words,).
        starts: Shape (texts + 1,).
        text: The texts' bytes.
        begins: Where each word begins there, shape (words,).
        ends: Where it ends.
    """

    hashes: Hashes
    kinds: Bytes
    starts: Whole
    text: Bytes
    begins: Places
    ends: Places

    @classmethod
    def of(cls, texts: pl.Series, signs: bool = False) -> "Words":
        """The words of each text; a null has none. With `signs`, arithmetic and comparison signs are words too."""
        plain, ascii_only = _plain(texts)
        text = np.require(np.frombuffer("".join(plain.to_list()).encode(), dtype=np.uint8), np.uint8, ["C", "W"])
        bounds = np.concatenate([[0], np.cumsum(plain.str.len_bytes().to_numpy(), dtype=np.int64)])
        return _cut(text, bounds, ascii_only, signs, room=len(text) // 3)  # there are seldom more

    @property
    def lengths(self) -> Whole:
        """Words of each text."""
        return np.diff(self.starts)

    def text_at(self, places: Whole) -> Whole:
        """The text that each of these places belongs to."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def digits_folded(self) -> "Words":
        """The same places, with every number compared as `0`."""
        from synth_assets.decontamination.word_loops import NUMBER

        return replace(self, hashes=np.where(self.kinds == NUMBER, word_hash(normalising.FOLDED_NUMBER), self.hashes))

    def spoken_before(self) -> Whole:
        """At each place, and after the last, how many words before it are language; shape (words + 1,)."""
        from synth_assets.decontamination.word_loops import SPOKEN

        return np.concatenate([[0], np.cumsum(self.kinds == SPOKEN, dtype=np.int64)])

    def written(self, place: int, length: int) -> list[str]:
        """The words from `place` on in their normal form."""
        return list(self._written(place, length))

    def span(self, place: int, length: int) -> str:
        """Those, joined by spaces."""
        return " ".join(self._written(place, length))

    def _written(self, place: int, length: int) -> Iterator[str]:
        for word in range(place, place + length):
            yield self.text[self.begins[word] : self.ends[word]].tobytes().replace(b",", b"").decode().lower()


def same_words(first: Words, first_places: Whole, second: Words, second_places: Whole, lengths: Whole) -> Flags:
    """For each i, whether `lengths[i]` (at least 1) words from the two places are equal one by one."""
    if not len(lengths):
        return np.zeros(0, dtype=np.bool_)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    ours = first.hashes[np.repeat(first_places, lengths) + within]
    theirs = second.hashes[np.repeat(second_places, lengths) + within]
    return np.logical_and.reduceat(ours == theirs, offsets[:-1])


def word_hashes(words: list[str]) -> Hashes:
    """The hash of each word, which is given in its normal form."""
    hashes = Words.of(pl.Series(words, dtype=pl.String), signs=True).hashes
    if len(hashes) != len(words):
        raise ValueError("each text must be one word")
    return hashes


@cache
def word_hash(word: str) -> np.uint64:
    """The hash of one word."""
    return np.uint64(word_hashes([word])[0])


@cache
def character_tables(points: int) -> tuple[Bytes, Hashes, Bytes]:
    """What `word_loops.cut_into_words` knows of characters, up to this code point."""
    from synth_assets.decontamination.word_loops import DIGIT, LETTER, NUMERAL, OTHER, SIGN, WIDE

    of_category = {"Nd": DIGIT, "Nl": NUMERAL, "No": NUMERAL, "Sm": SIGN}
    of_points = np.empty(points, dtype=np.uint8)
    for point in range(points):
        category = unicodedata.category(chr(point))
        of_points[point] = LETTER if category[0] in "LM" else of_category.get(category, OTHER)
    for sign in "*/^%!-":
        of_points[ord(sign)] = SIGN
    of_bytes = np.full(256, WIDE, dtype=np.uint8)
    of_bytes[:0x80] = of_points[:0x80]
    hashed_as = np.arange(256, dtype=np.uint64)
    hashed_as[ord("A") : ord("Z") + 1] += np.uint64(ord("a") - ord("A"))
    return of_bytes, hashed_as, of_points


def _cut(text: Bytes, bounds: Whole, ascii_only: bool, signs: bool, room: int) -> "Words":
    """The words; more than `room` of them, which may at most be one a byte, are cut again."""
    from synth_assets.decontamination.word_loops import cut_into_words

    begins, ends = np.empty(room, np.int32), np.empty(room, np.int32)
    hashes, kinds, starts = np.empty(room, np.uint64), np.empty(room, np.uint8), np.empty(len(bounds), np.int64)
    tables = character_tables(0x80 if ascii_only else 0x110000)
    words = cut_into_words(text, bounds, tables, signs, begins, ends, hashes, kinds, starts)
    if words < 0:
        return _cut(text, bounds, ascii_only, signs, len(text))
    return Words(hashes[:words], kinds[:words], starts, text, begins[:words], ends[:words])


def _plain(texts: pl.Series) -> tuple[pl.Series, bool]:
    """Texts as the loop takes them, and whether they hold ASCII alone.

    LaTeX and characters beyond ASCII, which NFKC may change, go through `normalising.plain`; the loop reads the rest.
    """
    texts = texts.cast(pl.String).fill_null("")
    thought = texts.str.len_bytes() != texts.str.len_chars()
    for mark in _LATEX:
        thought |= texts.str.contains(mark, literal=True)
    if not thought.any():
        return texts, True
    given = pl.when(thought).then(normalising.plain(pl.when(thought).then(pl.col("text")))).otherwise(pl.col("text"))
    plain = texts.to_frame("text").select(given).to_series()
    return plain, bool((plain.str.len_bytes() == plain.str.len_chars()).all())
