"""Two texts side by side: the words they share marked where they stand, in the text as it was written.

A span is words in normal form (`decontamination.normalising`); it is found again between capitals, punctuation, LaTeX
and thousands separators, number for number or else with digits folded. What comes out is escaped; the marks are the
only tags in it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from unicodedata import category, combining, normalize

from markupsafe import Markup, escape

from synth_assets.decontamination.ladder import JUDGED, REPHRASED, SEMANTIC
from synth_assets.decontamination.normalising import FOLDED_NUMBER

LONGEST_SHOWN = 700
"""Characters of a text that a page shows; of a longer one the part around the span, or with the most marks."""
BEFORE = 150
"""Of them, characters before the first of these marks."""

_WITHOUT_SPAN = (REPHRASED, SEMANTIC, JUDGED)
_SHORTEST_ALIKE = 4  # letters of a word that says something when both texts have it
_WORD_MOVED = 40  # characters by which a cut is moved so as not to go through a word
_LONGEST_COMPARED = 500  # words of a text whose differences are looked for; the search takes their square
_COMMONPLACE = frozenset(
    "about after also been before could does doing each ever every find from gets give given goes have having into "
    "just less many more most much must only over other same should some still such takes than that their them then "
    "there these they this those total until very were what when where which while whose will with would your".split()
)

# Read on a text in which every letter is an `a`, every digit a `1`, other numerals `o`, and the rest blank.
_SEPARATED = r"1+(?:\{?,\}?(?=111)1+)*"
_WORD = re.compile(rf"{_SEPARATED}(?:\.{_SEPARATED})?|a+|o")
_SEPARATORS = re.compile(r"[{},]")
_LAYOUT = re.compile(r"\\(?:begin|end|[hv]space)\*?\{[^{}]*\}")
_SHAPES_OF_FRAC = frozenset(("dfrac", "tfrac", "cfrac"))
_FINAL_SIGMA, _SIGMA = "\u03c2", "\u03c3"  # which of them stands for a capital depends on the letter after it
_COMMANDS = r"(?:\\\S+ )*"

Run = tuple[int, int]
"""Words, or characters, from the first number up to, without, the second."""


@dataclass(frozen=True)
class Word:
    """A word or number in normal form, the characters it stands for, and whether it is part of a LaTeX command."""

    form: str
    place: Run
    is_command: bool

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return self.form[0].isdecimal()

    @property
    def tells(self) -> bool:
        """Whether it says something that two texts share it."""
        long = len(self.form) >= _SHORTEST_ALIKE and self.form not in _COMMONPLACE
        return not self.is_command and (self.is_number or long)

    def spelt(self, digits_folded: bool) -> str:
        """The word, a command with its backslash, and a number as `0` where digits are folded."""
        form = FOLDED_NUMBER if digits_folded and self.is_number else self.form
        return f"\\{form}" if self.is_command else form


@dataclass(frozen=True)
class PlacedWords:
    """A text and its words. Unlike in the normal form, the names of commands that only format are among them."""

    text: str
    words: tuple[Word, ...]

    @classmethod
    def of(cls, text: str) -> "PlacedWords":
        """Find the words of `text`."""
        return cls(text, tuple(_words(text)))

    def run(self, span: "PlacedWords") -> Run:
        """Where the words of `span` stand in a row, number for number or else with digits folded; empty: nowhere.

        Commands may stand between them: the normal form has left out those that only format.
        """
        for digits_folded in (False, True):
            spelt = (re.escape(word.spelt(digits_folded).lstrip("\\")) for word in span.words)
            pattern = f" {_COMMANDS}".join(rf"\\?{word}" for word in spelt)
            ours = "".join(f" {word.spelt(digits_folded)}" for word in self.words)
            if span.words and (found := re.search(rf"(?<= ){pattern}(?= )", f"{ours} ")):
                begin = ours[: found.start()].count(" ") - 1
                return begin, begin + found.group().count(" ") + 1
        return 0, 0

    def telling(self, but: Run) -> set[str]:
        """Words that tell something, outside of a run."""
        return {word.form for word in (*self.words[: but[0]], *self.words[but[1] :]) if word.tells}

    def runs_of(self, chosen: set[str], but: Run) -> list[Run]:
        """Where the words of `chosen` stand, outside of a run."""
        numbers = (number for number in range(len(self.words)) if not but[0] <= number < but[1])
        return [(number, number + 1) for number in numbers if self.words[number].form in chosen]

    def shown(self, span: Run, others: Iterable[Run], kind: str) -> Markup:
        """The text, escaped, with `span` marked, and `others` marked as of another `kind` (a class of the style sheet).

        No two of the runs may overlap.
        """
        marks = [(*self._characters(run), f' class="{kind}"') for run in _joined(others)]
        if span[0] < span[1]:
            marks.append((*self._characters(span), ""))
        marks = sorted(mark for mark in marks if mark[0] < mark[1])
        begin, end = self._window(self._characters(span)[0] if span[0] < span[1] else _densest(marks))
        shown, at = [_LEFT_OUT] if begin else [], begin
        for first, last, attributes in marks:
            first, last = max(first, at), min(last, end)
            if first < last:
                shown += [escape(self.text[at:first]), _mark(self.text[first:last], attributes)]
                at = last
        return Markup("").join([*shown, escape(self.text[at:end]), *([_LEFT_OUT] if end < len(self.text) else [])])

    def _characters(self, run: Run) -> Run:
        return self.words[run[0]].place[0], self.words[run[1] - 1].place[1]

    def _window(self, first: int) -> Run:
        """The characters shown: all, or of a text too long whole words from a little before the character `first`."""
        if len(self.text) <= LONGEST_SHOWN:
            return 0, len(self.text)
        begin = max(0, min(first - BEFORE, len(self.text) - LONGEST_SHOWN))
        begins, ends = zip(*(word.place for word in self.words), strict=True) if self.words else ((), ())
        begin = max((place for place in begins if begin - _WORD_MOVED < place <= begin), default=begin)
        end = min(len(self.text), begin + LONGEST_SHOWN)
        if end < len(self.text):
            end = max((place for place in ends if end - _WORD_MOVED < place <= end), default=end)
        return begin, end


def marked_pair(text: str, item_text: str, span: str, rule: str) -> tuple[Markup, Markup]:
    """A text and the benchmark item it met, with what they share marked in both.

    Args:
        text: The question or answer.
        item_text: The item.
        span: The words they share in a row, in normal form.
        rule: The rule that found them. Those for rephrased items know no words in a row.

    Returns:
        Both, escaped. The span stands in `<mark>`; words and numbers that both have besides (all they share, where
        there is no span) in `<mark class="alike">`.
    """
    both = PlacedWords.of(text), PlacedWords.of(item_text)
    searched = PlacedWords.of("" if rule in _WITHOUT_SPAN else span)
    runs = [side.run(searched) for side in both]
    if not all(last for _, last in runs):
        runs = [(0, 0), (0, 0)]
    alike = both[0].telling(runs[0]) & both[1].telling(runs[1])
    ours, theirs = (side.shown(run, side.runs_of(alike, run), "alike") for side, run in zip(both, runs, strict=True))
    return ours, theirs


def marked_differences(text: str, kept: str) -> Markup:
    """`text`, escaped, with the words marked (`<mark class="differs">`) in which it differs from `kept`."""
    ours, theirs = PlacedWords.of(text), PlacedWords.of(kept)
    runs: list[Run] = []
    if max(len(ours.words), len(theirs.words)) <= _LONGEST_COMPARED:
        before, after = ([word.form for word in side.words] for side in (theirs, ours))
        compared = SequenceMatcher(None, before, after, autojunk=False)
        runs = [(first, last) for tag, _, _, first, last in compared.get_opcodes() if tag in ("replace", "insert")]
    return ours.shown((0, 0), runs, "differs")


def shortened(text: str) -> Markup:
    """`text`, escaped, without marks and at most as long as a page shows."""
    return PlacedWords(text, ()).shown((0, 0), [], "")


def _words(text: str) -> Iterable[Word]:
    normal, origins = _normal(text)
    # What stands in the braces of \begin or \hspace counts as a command too: the normal form has left out some of it.
    layout = {place for found in _LAYOUT.finditer(normal) for place in range(*found.span())}
    for found in _WORD.finditer("".join(map(_kind, normal))):
        begin, end = found.span()
        form = _SEPARATORS.sub("", normal[begin:end])
        is_command = begin in layout or normal[begin - 1 : begin] == "\\"
        form = "frac" if is_command and form in _SHAPES_OF_FRAC else form
        yield Word(form, (origins[begin][0], origins[end - 1][1]), is_command)


def _normal(text: str) -> tuple[str, list[Run]]:
    """NFKC in lower case, and for each of its characters the characters of `text` it comes from."""
    if text.isascii():
        return text.lower(), [(place, place + 1) for place in range(len(text))]
    # A mark is composed with the letter before it, so the two are normalised together.
    begins = [place for place, character in enumerate(text) if not place or not combining(character)]
    normal, origins = "", list[Run]()
    for begin, end in pairwise([*begins, len(text)]):
        form = normalize("NFKC", text[begin:end]).lower().replace(_FINAL_SIGMA, _SIGMA)
        normal += form
        origins += [(begin, end)] * len(form)
    return normal, origins


def _kind(character: str) -> str:
    kind = category(character)
    if kind[0] in "LM":
        return "a"
    if kind[0] == "N":
        return "1" if kind == "Nd" else "o"
    return character if character in ",.{}" else " "


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Runs in order, those that touch as one."""
    joined: list[Run] = []
    for run in sorted(runs):
        if joined and run[0] <= joined[-1][1]:
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return joined


def _densest(marks: list[tuple[int, int, str]]) -> int:
    """The beginning of the mark from which on the most marks fit into what is shown; 0 where there is none."""
    begins = [begin for begin, _, _ in marks]
    within = [bisect_left(begins, begin + LONGEST_SHOWN - BEFORE) - number for number, begin in enumerate(begins)]
    return begins[within.index(max(within))] if marks else 0


def _mark(text: str, attributes: str) -> Markup:
    return Markup("<mark{}>{}</mark>").format(Markup(attributes), text)


_LEFT_OUT = Markup('<span class="faint"> … </span>')
