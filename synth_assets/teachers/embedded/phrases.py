"""Statistical key phrases: concepts a document stresses which the lexicon does not know."""

import re
from collections import Counter

STOP_WORDS = frozenset(
    """
    a about above after again all also although always am among an and another any are as at away back be because
    been before being below best better between both bring but by call called came can cannot come could day did
    different do does done down during each either else end enough even ever every example exercise few find first
    following for form found four from full gave general get give given gives go goes going good got had half has
    have having he her here him his how however i if in instead into is it its itself just keep kind know known
    large last later least left less let like little long look made make makes making many may me mean means might
    more most much must my need needs never new next no none not nothing now number numbers of off often old on once
    one only or order other others our out over own part parts per place point possible problem problems put quite
    rather read really result right said same saw say says second see seen set several shall she should show shown
    shows simple since six small so solution some something step steps still such sure take taken takes tell ten
    than that the their them then there these they thing things think this those though three through time times to
    together too took total try turn two under until up upon us use used uses using value values very want was way
    ways we well went were what when where whether which while who whole whose why will with within without word
    words work would write written year years yes yet you your answer answers question questions equal equals figure
    table section chapter page
    """.split()
)


def key_phrases(text: str, at_most: int, taken: list[tuple[int, int]]) -> list[str]:
    """Up to `at_most` phrases of two or three words that recur (at least three times), most telling first.

    Phrases are runs of words without stop words inside one sentence; a phrase overlapping a `taken` span (character
    offsets of lexicon mentions) is left out, and so is one that lies inside a longer phrase as frequent.
    """
    covered = bytearray(len(text) + 1)
    for start, end in taken:
        covered[start:end] = b"\x01" * (end - start)
    counts: Counter[str] = Counter()
    for run in re.finditer(r"[a-z]{3,}(?: [a-z]{3,})+", text.lower()):
        for start, phrase in _phrases_of(run.group(), run.start()):
            if not any(covered[start : start + len(phrase)]):
                counts[phrase] += 1
    recurring = {phrase: count for phrase, count in counts.items() if count >= 3}
    outermost = [
        phrase
        for phrase, count in recurring.items()
        if not any(
            phrase != longer and f" {phrase} " in f" {longer} " and recurring[longer] >= count for longer in recurring
        )
    ]
    outermost.sort(key=lambda phrase: (-recurring[phrase] * len(phrase.split()), phrase))
    return outermost[:at_most]


def _phrases_of(run: str, offset: int) -> list[tuple[int, str]]:
    words = [(match.start(), match.group()) for match in re.finditer(r"[a-z]+", run)]
    found = []
    for first in range(len(words)):
        for length in (2, 3):
            part = words[first : first + length]
            if len(part) == length and not any(word in STOP_WORDS for _, word in part):
                found.append((offset + part[0][0], " ".join(word for _, word in part)))
    return found
