"""When two names that look alike surely mean different things: in numbers, symbols, opposites, or by saying more.

What lives here: the judgement on two names. Which names look alike is `synonyms`' business.
"""

import re
from itertools import zip_longest

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")

_OPPOSITES = frozenset(
    frozenset(pair.split("/"))
    for pair in """
    maximum/minimum maxima/minima maximal/minimal max/min maximisation/minimisation maximization/minimization
    maximise/minimise maximize/minimize supremum/infimum greatest/least greatest/lowest greatest/smallest
    largest/smallest largest/least highest/lowest greater/less greater/lesser larger/smaller more/less more/fewer
    most/least higher/lower upper/lower above/below top/bottom over/under left/right horizontal/vertical row/column
    rows/columns front/back north/south east/west inner/outer inside/outside interior/exterior internal/external
    inward/outward open/closed even/odd positive/negative plus/minus increasing/decreasing increase/decrease
    growth/decay rising/falling ascending/descending convergent/divergent convergence/divergence converging/diverging
    convex/concave finite/infinite rational/irrational linear/nonlinear direct/inverse direct/indirect
    absolute/relative discrete/continuous dependent/independent explicit/implicit proper/improper
    addition/subtraction adding/subtracting add/subtract sum/difference multiplication/division
    multiplying/dividing multiply/divide product/quotient multiple/divisor differentiation/integration
    derivative/integral numerator/denominator domain/range domain/codomain prime/composite simple/compound
    acute/obtuse similar/congruent parallel/perpendicular union/intersection subset/superset union/disjunction
    conjunction/disjunction true/false sufficient/necessary universal/existential injective/surjective
    before/after early/late earlier/later start/end first/last short/long shorter/longer small/large
    strong/weak hot/cold fast/slow high/low rich/poor male/female supply/demand import/export income/expense
    buying/selling profit/loss credit/debit input/output forward/backward clockwise/anticlockwise
    clockwise/counterclockwise known/unknown singular/plural theoretical/experimental deductive/inductive
    deduction/induction micro/macro prior/posterior active/passive with/without
    """.split()
)

_PREFIXES = ("non", "un", "in", "im", "ir", "il", "dis", "anti", "a", "counter", "semi", "sub", "super", "pre")
"""A word and the same word behind one of these mean different things: proper, improper."""

_NEGATIONS = frozenset({"non", "not", "no", "without", "anti", "un"})

_NUMBER_WORDS = frozenset(
    """
    zero one two three four five six seven eight nine ten eleven twelve hundred thousand million
    first second third fourth fifth sixth seventh eighth ninth tenth single double triple quadruple
    once twice half quarter unit tens hundreds thousands ones
    i ii iii iv v vi vii viii ix x
    """.split()
)


_FUNCTION_WORDS = frozenset("a an the of in on at for to from by with and or as its".split())


def mean_different_things(one: str, other: str) -> bool:
    """Whether names that look alike are surely no synonyms: they differ in opposites only, or one says more."""
    return differ_only_in_opposites(one, other) or one_says_more(one, other)


def one_says_more(one: str, other: str) -> bool:
    """Whether one name has all words of the other and further ones: a "unit fraction" is a kind of "fraction".

    Articles and prepositions do not count, nor does a plural "s".
    """
    words, other_words = _content(one), _content(other)
    return words < other_words or other_words < words


def differ_only_in_opposites(one: str, other: str) -> bool:
    """Whether the names are word by word the same but for numbers, single letters, or opposite words.

    "x intercept" and "y intercept", "even function" and "odd function", "area in 2d" and "area in 3d" are; the same
    words in another order are not, nor are names that differ in any other word.
    """
    if without_digits(one) == without_digits(other):
        return one != other
    words, other_words = _WORD.findall(one), _WORD.findall(other)
    if sorted(words) == sorted(other_words):
        return False
    if len(words) != len(other_words):
        shorter, longer = sorted((words, other_words), key=len)
        return [word for word in longer if word not in _NEGATIONS] == shorter
    return all(a == b or _opposite(a, b) for a, b in zip_longest(words, other_words))


def without_digits(name: str) -> str:
    """The name with a mark in the place of every number."""
    return _DIGITS.sub("0", name)


def _content(name: str) -> frozenset[str]:
    words = (word for word in _WORD.findall(name) if word not in _FUNCTION_WORDS)
    return frozenset(word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word for word in words)


def _opposite(one: str, other: str) -> bool:
    pair = frozenset((one, other))
    if pair in _OPPOSITES or all(_is_symbol(word) for word in pair):
        return True
    shorter, longer = sorted(pair, key=len)
    return len(shorter) > 3 and any(longer == prefix + shorter for prefix in _PREFIXES)


def _is_symbol(word: str) -> bool:
    return len(word) == 1 or word in _NUMBER_WORDS or any(letter.isdigit() for letter in word)
