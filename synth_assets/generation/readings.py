r"""How a final answer reads for the vote: its value or expression, its words, its variable, freed of typesetting.

The rule of the vote, by which answers to one question count as equal:

- Typesetting does not count: dollar signs and `\( \)`, `\boxed`, `\left`, `\dfrac`, thin spaces, case, a final full
  stop, brackets around a single letter. Digits may be grouped in threes: `1,234`, `1 234`, `10\,000`. A letter that
  stands in both cases is two variables.
- Numbers are compared exactly: `3/4` = `0.75` = `\frac{3}{4}`, `1 1/2` = `3/2`, `1.5 \times 10^3` = `1500`, and
  `1/3` is not `0.333`. A decimal equals an irrational number where six decimals agree (math-verify's rule).
- Words after a value (units, currencies, nouns) may be left out, or some of them: `12` = `12 apples` = `12 red apples`,
  `$5` = `5 dollars` = `5`; where both have words and neither has all those of the other, the answers differ: `5 cm` is
  not `5 m`, `20% more` not `20% less`. Number words scale: `2 million` = `2,000,000`.
- A percentage equals the number without the sign, and its hundredth: `50%` = `50` and `50%` = `0.5`.
- A variable may be left out: `x = 5` = `5`, but not `y = 5`.
- Other expressions are compared by math-verify: sets, lists and solutions (`1, 2` = `x = 2 or x = 1`) in any order;
  points, intervals and matrices by place (`(1, 2)` is not `(2, 1)`); `3:4` = `3/4`.
- Anything else, such as words alone, times of day (`10:30`) and several quantities, only by its text.

An answer joins a group where it equals all members, so that `50` and `0.5` never meet through `50%`.

What does not live here: math-verify (`comparing.py`), and the processes it runs in (`equality.py`).
"""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

_REPLACED = {
    "\u2212": "-", "\u2013": "-", "\u00d7": r"\times ", "\u00b7": r"\cdot ", "\u03c0": r"\pi ", "\u221e": r"\infty ",
    "\u2264": r"\le ", "\u2265": r"\ge ", "\u00b2": "^2", "\u00b3": "^3", "\u20ac": " euro ", "\u00a3": " pound ",
    "\u00b0": " degree ", "{,}": ",", r"\%": " percent ", "%": " percent ", r"\left": "", r"\right": "",
    r"\dfrac": r"\frac", r"\tfrac": r"\frac", r"\!": "", r"\,": " ", r"\;": " ", r"\:": " ", r"\ ": " ", "~": " ",
    r"\(": " ", r"\)": " ", r"\[": " ", r"\]": " ", "\u221a": r"\sqrt ", "**": "^",
}  # fmt: skip
_DEGREES = re.compile(r"\^\s*\{?\s*\\circ\s*\}?|\\degree\b")
_WORDS_IN_LATEX = re.compile(r"\\(?:text|textbf|textit|mathrm|mathbf|mbox|operatorname|textnormal)\s*\{([^{}]*)\}")
_BOX = re.compile(r"\\(?:boxed|fbox)\s*\{(.*)\}", re.DOTALL)
_DOLLARS = re.compile(r"\\\$|\$(?=\s*-?[\d.])(?!.*\$)")
"""A sum of money; where two stand around the answer they are typesetting."""

_GROUPED = re.compile(r"(?<=\d)[, ](?=\d{3}(?![\d/])(?:[, ]\d{3})*(?!,?\d))")
_BARE_FRACTION = re.compile(r"\\frac\s*(\d)\s*(\d)(?!\d)")
_VARIABLE = re.compile(r"(?P<variable>[a-z]|\\[a-z]+)\s*=\s*(?P<rest>[^=<>]+)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)\s*(?:(?P<whole>\d{1,30})\s*(?:(?<=\s)|(?=\\))"
    r"(?P<part>\d{1,15}\s*/\s*\d{1,15}|\\frac\{\s*\d{1,15}\s*\}\{\s*\d{1,15}\s*\})"
    r"|(?P<fraction>[-+]?\d{1,30}\s*/\s*[-+]?\d{1,30}|\\frac\{\s*-?\d{1,30}\s*\}\{\s*-?\d{1,30}\s*\})"
    r"|(?P<decimal>\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})"
    r"(?:\s*(?:e|\\times\s*10\s*\^|\\cdot\s*10\s*\^|\*\s*10\s*\^)\s*\{?\s*(?P<power>[-+]?\d{1,2})\s*\}?)?)",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"[-+]?\d+")

_TRAILER = re.compile(
    r"(?<=\s)(?P<words>(?:(?:[A-Za-z]{2,}|(?<=[\s/])[mgshlLNJWVAKC])"
    r"(?:\s*\^\s*\{?\s*[23]\s*\}?)?\.?(?:[\s/,-]+|$))+)$"
)
_KNOWN = {
    "dollar": "dollar usd buck", "cent": "cent", "euro": "euro eur", "pound": "pound gbp", "percent": "percent pct",
    "degree": "degree deg", "centimetre": "cm centimetre centimeter", "millimetre": "mm millimetre millimeter",
    "kilometre": "km kilometre kilometer", "metre": "m metre meter", "kilogram": "kg kilogram", "gram": "g gram",
    "second": "s sec second", "minute": "min minute", "hour": "h hr hour", "litre": "l litre liter",
    "millilitre": "ml millilitre milliliter", "foot": "ft foot feet", "inch": "inch inche in", "mile": "mi mile",
    "square": "square sq", "cubic": "cubic cu",
}  # fmt: skip
_SYNONYMS = {synonym: name for name, synonyms in _KNOWN.items() for synonym in synonyms.split()}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_LEFT_OUT = frozenset("a an the of per each unit approximately about".split())
_MATHEMATICAL = frozenset(
    "pi sqrt frac cdot times sin cos tan cot sec csc log ln exp arcsin arccos arctan infty or and theta alpha beta "
    "mod choose remainder plus minus squared cubed factorial to is not than if for when with where".split()
)
"""Words that are part of an expression or a statement, not of a quantity."""


LONGEST = 400
"""Longer answers are no answers that a rule could take apart: only their texts count."""


@dataclass(frozen=True)
class Reading:
    """A final answer taken apart.

    Attributes:
        text: What it says, freed of typesetting: equal texts are equal answers.
        core: The expression, without variable and words.
        value: Its exact value, where the core is a plain number.
        words: The words after it, units by one name each.
        variable: The variable it is said to be the value of.
    """

    text: str
    core: str
    value: Fraction | None
    words: frozenset[str]
    variable: str | None


@lru_cache(maxsize=10_000)
def read(answer: str) -> Reading:
    """The reading of a final answer."""
    if len(answer) > LONGEST:
        return Reading(" ".join(answer.split()).casefold(), "", None, frozenset(), None)
    plain = _plain(answer)
    text = re.sub(r"(?<=\d) (?=\d)", "\0", plain).replace(" ", "").replace("\0", " ")
    text = text if both_cases(text) else text.casefold()
    assigned = _VARIABLE.fullmatch(plain)
    if assigned:
        core, words = _without_words(assigned["rest"].strip())
        value = _value(core)
        if value is not None:
            return _scaled(Reading(text, core, value, words, assigned["variable"].casefold()))
    core, words = _without_words(plain)
    return _scaled(Reading(text, core, _value(core), words, None))


def both_cases(text: str) -> bool:
    """Whether a letter of an expression stands in both cases, which are then different variables."""
    if not re.search(r"[\d+*/^=_()]", text):
        return False
    letters = set(re.sub(r"\\[A-Za-z]+|[A-Za-z]{4,}", "", text))
    return any(letter.isalpha() and letter != letter.swapcase() and letter.swapcase() in letters for letter in letters)


def compatible(first: Reading, second: Reading) -> bool:
    """Whether neither words nor variables keep two answers apart."""
    variables = {first.variable, second.variable} - {None}
    return len(variables) <= 1 and (first.words <= second.words or second.words <= first.words)


def equal_values(first: Reading, second: Reading) -> bool:
    """Whether two answers that are plain numbers are equal; a percentage is also its hundredth."""
    if first.value is None or second.value is None:
        return False
    if first.value == second.value:
        return True
    for percentage, other in ((first, second), (second, first)):
        if "percent" in percentage.words and not other.words and percentage.value == 100 * (other.value or 0):
            return True
    return False


def _plain(answer: str) -> str:
    plain = answer.strip().strip("*").strip()
    boxed = _BOX.fullmatch(plain.strip("$. "))
    plain = _DOLLARS.sub(" dollar ", boxed[1] if boxed else plain)
    plain = _DEGREES.sub(" degree ", _WORDS_IN_LATEX.sub(r" \1 ", plain))
    for written, meant in _REPLACED.items():
        plain = plain.replace(written, meant)
    plain = _BARE_FRACTION.sub(r"\\frac{\1}{\2}", plain.replace("$", " "))
    plain = _GROUPED.sub("", re.sub(r"\s+", " ", plain)).strip().rstrip(".").strip()
    plain = re.sub(r"(?<=\d)(?=(?:cm|mm|km|kg|mg|ml|ft|lbs?|mph)\b)", " ", plain, flags=re.IGNORECASE)
    money = re.fullmatch(r"(-?)\s*(dollar|euro|pound) (.+)", plain)
    plain = f"{money[1]}{money[3]} {money[2]}" if money else plain
    return re.sub(r"^\(([A-Za-z])\)$", r"\1", plain)


def _without_words(core: str) -> tuple[str, frozenset[str]]:
    """A core without the words after it, and these; what has no digit or command has no words apart from itself."""
    found = _TRAILER.search(core)
    if found is None or not re.search(r"[\d\\]", core[: found.start("words")]):
        return core, frozenset()
    written = re.sub(r"\s*\^\s*\{?\s*([23])\s*\}?", r"^\1", found["words"])
    words = [word for word in re.split(r"[\s/,.-]+", written) if word]
    if any(word.casefold() in _MATHEMATICAL or _is_product(word) for word in words):
        return core, frozenset()
    named: set[str] = set()
    for word in words:
        unit, _, power = word.partition("^")
        named |= {_name(unit)} | ({"square"} if power == "2" else {"cubic"} if power == "3" else set())
    return core[: found.start("words")].strip(), frozenset(named) - _LEFT_OUT


def _scaled(reading: Reading) -> Reading:
    """A reading whose number words are part of its value."""
    for scale in reading.words & _SCALES.keys():
        core = f"({reading.core}) \\cdot {_SCALES[scale]}"
        value = None if reading.value is None else reading.value * _SCALES[scale]
        reading = replace(reading, core=core, value=value, words=reading.words - {scale})
    return reading


def _is_product(word: str) -> bool:
    """Whether two letters are no unit, but variables multiplied."""
    letters = word.partition("^")[0]
    return len(letters) == 2 and letters.casefold() not in _SYNONYMS


def _name(word: str) -> str:
    word = word.casefold()
    singular = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return _SYNONYMS.get(word) or _SYNONYMS.get(singular) or singular


def _value(core: str) -> Fraction | None:
    """The exact value of a plain number; None for anything else and for a division by nought."""
    number = _NUMBER.fullmatch(core.strip("() "))
    if number is None:
        return None
    try:
        if number["part"]:
            value = int(number["whole"]) + _divided(number["part"])
        elif number["fraction"]:
            value = _divided(number["fraction"])
        else:
            value = Fraction(number["decimal"]) * Fraction(10) ** int(number["power"] or 0)
    except ZeroDivisionError:
        return None
    return -value if number["sign"] == "-" else value


def _divided(written: str) -> Fraction:
    numerator, denominator = (int(found) for found in _FRACTION.findall(written.replace(" ", "")))
    return Fraction(numerator, denominator)
