import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets.decontamination.words import same_words, word_hash
from synth_assets_tests.decontamination import reference
from synth_assets_tests.decontamination.cutting import cut, words_of

PLAIN = st.text(st.sampled_from("abcXYZ0123456789 ,.;-+\n"), max_size=60)
ANY = st.text(max_size=40)


@settings(deadline=None)
@given(PLAIN)
def test_plain_text_is_cut_as_a_regular_expression_cuts_it(text: str) -> None:
    assert cut(text) == reference.words(text)


@settings(deadline=None)
@given(st.lists(st.one_of(ANY, PLAIN), max_size=6), st.booleans())
def test_a_text_has_the_same_words_whatever_stands_beside_it(texts: list[str], signs: bool) -> None:
    together = words_of(texts, signs)
    assert together.lengths.tolist() == [len(cut(text, signs)) for text in texts]
    for number, text in enumerate(texts):
        start = int(together.starts[number])
        alone = words_of([text], signs)
        assert together.written(start, int(together.lengths[number])) == cut(text, signs)
        assert together.hashes[start : together.starts[number + 1]].tolist() == alone.hashes.tolist()


@settings(deadline=None)
@given(st.lists(ANY, min_size=1, max_size=6))
def test_words_have_one_hash_if_and_only_if_they_are_written_alike(texts: list[str]) -> None:
    words = words_of(texts)
    written = words.written(0, len(words.hashes))
    assert len(set(written)) == len(set(words.hashes.tolist()))
    assert {word: int(word_hash(word)) for word in written} == dict(zip(written, words.hashes.tolist(), strict=True))


def test_hashes_are_the_same_in_every_version() -> None:
    """Stored signatures rest on them."""
    hashes = [int(word_hash(word)) for word in ("a", "pears", "3.5")]
    assert hashes == [198367012849983736, 3968049792715691605, 5304364916686570632]


def test_a_text_of_single_characters_has_room_for_all_its_words() -> None:
    assert len(words_of(["1a" * 5000]).hashes) == 10_000


def test_nothing_and_nulls_have_no_words() -> None:
    assert words_of([]).starts.tolist() == [0]
    assert words_of([None, "", "one", None]).lengths.tolist() == [0, 0, 1, 0]


def test_folding_makes_every_number_a_zero_and_keeps_the_places() -> None:
    words = words_of(["12 pears at 3.50 each"]).digits_folded()
    zero = word_hash("0")
    assert (words.hashes == zero).tolist() == [True, False, False, True, False]
    assert words.written(0, 5) == ["12", "pears", "at", "3.50", "each"]


def test_runs_of_words_are_compared_one_by_one() -> None:
    words = words_of(["one two three four", "zero two three five"])
    places = np.array([1, 1]), np.array([5, 5])
    assert same_words(words, places[0], words, places[1], np.array([2, 3])).tolist() == [True, False]
