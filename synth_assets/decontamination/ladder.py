"""The ladder: which rules are tried against a benchmark, with their thresholds, and the presets that are known by name.

Every rung has a rule of its own name in the table `contamination`, from the strongest down:

1. `exact`: a text holds a whole benchmark item, word by word; an item of fewer than five words must be all of it.
2. `ngram_<n>`: any n words in a row are shared; `coverage_<n>`: shared n-grams hold more than a share of the item.
3. `rephrased` and `semantic`: the nearest items by words, and by sentence embeddings, that are near enough.
4. `judged`: what is not quite near enough for the third rung and the teacher takes for the same problem.

The rules of the first two are read twice where `digits_folded` is set: as written, and with every number as `0`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

DIGITS_FOLDED = "_digits_folded"
REPHRASED = "rephrased"
SEMANTIC = "semantic"
JUDGED = "judged"


@dataclass(frozen=True)
class Ladder:
    """Which rungs there are, and where they begin. None leaves a rung out.

    Attributes:
        ngram: Words of the n-gram of which one shared is enough.
        ngram_order: For that, the longest common subsequence of words must besides be more than this share of the
            shorter text.
        coverage_ngram: Words of the n-grams whose share of the item's words counts.
        coverage: The item is contaminated where they hold more than this share of its words.
        digits_folded: Whether both are also read with digits folded.
        answers: Whether answers are compared as well as questions, by the first two rungs.
        rephrased: Similarity of words, order and numbers, 0 to 1, from which a question is a rephrased item.
        rephrased_doubtful: From here up to `rephrased` the teacher is asked, where it judges at all.
        semantic: The same with meaning, by sentence embeddings, in place of words; needs an embedder.
        semantic_doubtful: From here up to `semantic` the teacher is asked.
    """

    ngram: int | None = None
    ngram_order: float = 0.0
    coverage_ngram: int | None = None
    coverage: float = 0.5
    digits_folded: bool = False
    answers: bool = True
    rephrased: float | None = None
    rephrased_doubtful: float = 0.45
    semantic: float | None = None
    semantic_doubtful: float = 0.64


PRESETS: Mapping[str, Ladder] = {
    "ladder": Ladder(
        ngram=13, coverage_ngram=8, coverage=0.5, digits_folded=True, rephrased=0.54, semantic=0.72
    ),
    "gpt3-13gram": Ladder(ngram=13),
    "qwen": Ladder(ngram=13, ngram_order=0.6),
    "tulu3": Ladder(coverage_ngram=8, coverage=0.5, answers=False),
    "llama": Ladder(coverage_ngram=10, coverage=0.2),
    "strict": Ladder(
        ngram=10, coverage_ngram=5, coverage=0.4, digits_folded=True, rephrased=0.45, rephrased_doubtful=0.4,
        semantic=0.66, semantic_doubtful=0.6,
    ),
}  # fmt: skip
"""By name: ours; any shared 13-gram (GPT-3, arXiv 2005.14165, appendix C); that and an order ratio (Qwen2.5-Math,
2409.12122); 8-grams over more than half of the item (Tulu 3, 2411.15124); 10-grams over more than a fifth of it
(Llama 2, 2307.09288, its "not clean"); and ours with less of everything."""

DEFAULT = "ladder"

_STRENGTHS = ("exact", "ngram", "coverage", REPHRASED, SEMANTIC, JUDGED)


def rank(rule: pl.Expr) -> pl.Expr:
    """How strong a rule is, from 0 for the strongest, whatever the lengths of its n-grams."""
    kind = rule.str.extract(r"^([a-z]+)").replace_strict(_STRENGTHS, range(len(_STRENGTHS)), return_dtype=pl.Int64)
    return 2 * kind + rule.str.ends_with(DIGITS_FOLDED).cast(pl.Int64)
