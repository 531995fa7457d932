"""Packing keeps every row whole, pads little, and weighs answers only."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets.students.packing import chunks, pack, training_order
from synth_assets.students.tokenizer import EncodedRow


def row_of(prompt: int, answer: int, first: int) -> EncodedRow:
    tokens = np.arange(first, first + prompt + answer, dtype=np.int32)
    return EncodedRow(tokens[:prompt], tokens[prompt:])


LENGTHS = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(lengths=LENGTHS)
def test_every_row_is_read_whole_and_only_its_answer_weighs(lengths: list[tuple[int, int]]) -> None:
    rows = [row_of(prompt, answer, 100 * number) for number, (prompt, answer) in enumerate(lengths, start=1)]
    packed = pack(rows, length=12)
    found = {}
    for sequence in range(len(packed.tokens)):
        for segment in range(1, packed.segments[sequence].max() + 1):
            here = packed.segments[sequence] == segment
            assert packed.positions[sequence, here].tolist() == list(range(here.sum()))
            tokens, targets = packed.tokens[sequence, here], packed.targets[sequence, here]
            weighed = targets[packed.weights[sequence, here] == 1]
            found[int(tokens[0])] = ([*tokens.tolist(), int(targets[-1])], weighed.tolist())
            np.testing.assert_array_equal(tokens[1:], targets[:-1])
    for row in rows:
        tokens, weighed = found[int(row.prompt[0])]
        assert tokens == [*row.prompt, *row.answer]
        assert weighed == row.answer.tolist()
    assert len(found) == len(rows)
    assert packed.weights[packed.segments == 0].sum() == 0


def test_little_room_is_left_as_padding() -> None:
    rng = np.random.default_rng(1)
    rows = [row_of(int(rng.integers(20, 60)), int(rng.integers(5, 40)), 0) for _ in range(500)]
    assert (pack(rows, length=256).segments > 0).mean() > 0.94


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="14 tokens does not fit a sequence of 12"):
        pack([row_of(7, 7, 0)], length=12)


def test_chunks_have_one_shape_and_hold_every_sequence_once() -> None:
    packed = pack([row_of(6, 7, 20 * number) for number in range(7)], length=12)
    cut = list(chunks(packed, batch=2, steps=3))
    assert [count for _, count in cut] == [3, 1]
    assert {chunk.tokens.shape for chunk, _ in cut} == {(3, 2, 12)}
    together = np.concatenate([chunk.tokens.reshape(-1, 12) for chunk, _ in cut])
    np.testing.assert_array_equal(together[:7], packed.tokens)
    assert not together[7:].any()


def test_each_epoch_takes_every_row_once_in_an_order_of_its_own() -> None:
    order = training_order(20, epochs=3, seed=4)
    epochs = [order[start : start + 20] for start in (0, 20, 40)]
    assert all(sorted(epoch) == list(range(20)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]
    assert order == training_order(20, epochs=3, seed=4) != training_order(20, epochs=3, seed=5)
