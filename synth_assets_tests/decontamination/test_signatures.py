import random

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from synth_assets.decontamination.duplicates import sign
from synth_assets.decontamination.shingles import jaccard, shingles
from synth_assets.decontamination.signatures import Sketches, band_rows, least_agreement, signatures_of
from synth_assets_tests.decontamination.cutting import cut
from synth_assets_tests.decontamination.pairs import qa_pairs
from synth_assets_tests.decontamination.planting import likeness, planted, python_sets

TEXTS = st.lists(st.text(st.sampled_from("aB1٣ß½é,.{}+-= \\\u0301\U00020000\U0001d7d8"), max_size=12), max_size=6)


@settings(max_examples=200)
@given(TEXTS)
@example(["1,000", "1{,}000,000.50", "1000", "1.5.2", "a1.", "1,", "\\frac{1}{2}", "3 \u00d7 4", "3x4=12"])
def test_sets_are_those_of_plain_python(texts: list[str]) -> None:
    questions = pl.Series(texts, dtype=pl.String)
    sets, expected = shingles(questions), python_sets(questions)
    assert np.diff(sets.starts).tolist() == [len(one) for one in expected]
    pairs = [(a, b) for a in range(len(texts)) for b in range(len(texts))]
    similarities = jaccard(sets, np.array(pairs, dtype=np.int64).reshape(-1, 2)).tolist()
    assert similarities == [likeness(expected[a], expected[b]) for a, b in pairs]


@settings(max_examples=200)
@given(TEXTS)
def test_text_hashes_are_equal_where_the_words_are(texts: list[str]) -> None:
    words = [cut(text, signs=True) for text in texts]
    hashes = signatures_of(pl.Series(texts, dtype=pl.String)).text_hashes().to_list()
    for one, first in zip(words, hashes, strict=True):
        assert [first == other for other in hashes] == [one == other for other in words]


def test_signatures_agree_as_often_as_the_sets_are_alike() -> None:
    draw, words = random.Random(1), [f"{a}{b}{c}" for a in "bcdfg" for b in "aeiou" for c in "klmnprst"]
    texts, changed = [], []
    for _ in range(2000):
        text = draw.sample(words, k=30)
        texts.append(" ".join(text))
        for place in range(0, 30, 10):
            text[place] = draw.choice(words)
        changed.append(" ".join(text))
    signed = signatures_of(pl.Series(texts + changed)).values
    agreed = (signed[:2000] == signed[2000:]).mean(axis=1)
    true = jaccard(shingles(pl.Series(texts + changed)), np.array([(row, row + 2000) for row in range(2000)]))
    deviation = np.sqrt(true * (1 - true) / 128)
    assert abs(np.mean((agreed - true) / deviation)) < 0.1
    assert np.std((agreed - true) / deviation) == pytest.approx(1, abs=0.1)


def test_bands_find_a_pair_at_the_threshold_almost_always() -> None:
    for similarity in (0.5, 0.7, 0.8, 0.9):
        rows = band_rows(similarity)
        assert 1 - (1 - similarity**rows) ** (128 // rows) >= 0.995
    assert band_rows(1.0) == 128
    assert least_agreement(0.8, 128) == 82
    assert least_agreement(1.0, 128) == 128


def test_keys_are_equal_where_all_values_of_a_band_are() -> None:
    questions, _ = planted(100, seed=1)
    values = signatures_of(pl.Series(list(questions.values()))).values
    keys = Sketches.of(values, 0.8).keys
    assert keys.shape == (len(questions), 21)
    for band in range(21):
        part = values[:, band * 6 : band * 6 + 6]
        alike = (part[:, None] == part[None]).all(axis=2)
        assert ((keys[:, band][:, None] == keys[:, band][None]) == alike).all()


def test_stored_signatures_mean_the_same_in_every_version() -> None:
    """Were this to fail after an upgrade, every stored signature would have to be made anew."""
    row = sign(qa_pairs({"a": "How many pears are 3 and 4 pears?"})).row(0, named=True)
    assert row["text_hash"] == "3da82f7dd18a5e3b5b746c04f4682d6f"
    assert row["signature"][:3] == [179686766, 37700500, 41038447]
    assert len(row["signature"]) == 128
    nothing = sign(qa_pairs({"a": "?"})).row(0, named=True)
    assert set(nothing["signature"]) == {2**32 - 1}
