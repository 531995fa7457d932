"""How varied the wording of a method is: distinct n-grams (distinct-n, arXiv 1510.03055), and trigrams of one's own.

The share of n-grams that are distinct falls with how many are looked at. As many questions of each method would favour
the method that writes shorter ones. So distinct-n is also taken over as many n-grams, in the order of the hash, and
trigrams of one's own over these alone.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth_assets.comparison.diversity_figures import ALL, OWN_TRIGRAMS, QUESTIONS, WORDS, Figure, Findings
from synth_assets.comparison.similarity import Words, words_of

LENGTHS = (1, 2, 3)


def wording_compared(texts: Mapping[str, pl.Series], smallest: int, part: Mapping[str, str], to: Findings) -> None:
    """Add distinct-n by each basis, and the shares of own trigrams, to the findings.

    Args:
        texts: By method, its questions in the order of the hash.
        smallest: How many questions of each are compared.
        part: By method, what to say where these are not all of its questions.
        to: Findings that are added to.
    """
    words = {method: words_of(questions) for method, questions in texts.items()}
    for length in LENGTHS:
        grams = {method: n_grams(of, length) for method, of in words.items()}
        as_many = min((len(codes) for codes, _ in grams.values() if len(codes)), default=0)
        for method, (codes, owners) in grams.items():
            of_equal = int(np.searchsorted(owners, smallest))
            for basis, count in ((ALL, len(codes)), (QUESTIONS, of_equal), (WORDS, as_many)):
                if count:
                    how = f"distinct {length}-grams / {length}-grams, all numbers as one{part[method]}"
                    share = pl.Series(codes[:count]).n_unique() / count
                    to.figures.append(Figure(method, f"distinct_{length}", basis, share, count, how))
            if length == max(LENGTHS):
                _own(method, codes[:as_many], owners[:as_many], to)


def n_grams(words: Words, length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All n-grams of the texts in order: numbers that are equal where the n-grams are, and the texts they stand in."""
    owners = np.repeat(np.arange(len(words.starts) - 1), np.diff(words.starts))
    codes, base, many = words.codes, max(words.vocabulary, 1), words.vocabulary
    for step in range(1, length):
        if many * base >= 2**63:
            codes = pl.Series(codes).rank("dense").cast(pl.Int64).to_numpy() - 1  # numbered anew, to fit 64 bits
            many = len(codes)
        codes = codes[: len(words.codes) - step] * base + words.codes[step:]
        many *= base
    within = owners[: len(codes)] == owners[length - 1 :][: len(codes)]
    return codes[within], owners[: len(codes)][within]


def _own(method: str, codes: NDArray[np.int64], owners: NDArray[np.int64], to: Findings) -> None:
    if not len(codes):
        return
    once = pl.DataFrame({"owner": owners, "gram": codes}).unique()
    shares = (
        once.with_columns(own=pl.len().over("gram") == 1).group_by("owner").agg(pl.mean("own")).sort("owner")["own"]
    )
    how = "mean share of a question's 3-grams that no other of these questions of the method has"
    to.figures.append(Figure(method, OWN_TRIGRAMS, WORDS, float(shares.to_numpy().mean()), len(shares), how))
    to.shares[method, OWN_TRIGRAMS] = shares.to_numpy()
