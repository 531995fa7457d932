"""How many words two texts have in common in the same order."""

import numpy as np

from synth_assets.decontamination.words import Whole, Words


def common_subsequences(texts: Words, text: Whole, items: Words, item: Whole) -> Whole:
    """Words of the longest common subsequence of each pair of a text and an item; shape (pairs,)."""
    from synth_assets.decontamination import rephrased_loops

    common = np.empty(len(text), np.int64)
    rephrased_loops.common_subsequences(texts.hashes, texts.starts, items.hashes, items.starts, text, item, common)
    return common
