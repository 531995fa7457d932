"""Packing keeps every row whole, pads little, weighs answers only, and streams."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets.students import packing
from synth_assets.students.encoded import EncodedRow
from synth_assets.students.packing import Order, Packed, Packing, chunks, prefetched


def row_of(prompt: int, answer: int, first: int) -> EncodedRow:
    tokens = np.arange(first, first + prompt + answer, dtype=np.int32)
    return EncodedRow(tokens[:prompt], tokens[prompt:])


def whole(blocks: Iterator[Packed]) -> Packed:
    return Packed(*(np.concatenate(parts) for parts in zip(*(block.arrays() for block in blocks), strict=True)))


LENGTHS = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=40)


@settings(max_examples=60)
@given(lengths=LENGTHS)
def test_every_row_is_read_whole_and_only_its_answer_weighs(lengths: list[tuple[int, int]]) -> None:
    rows = [row_of(prompt, answer, 100 * number) for number, (prompt, answer) in enumerate(lengths, start=1)]
    packed = whole(Packing(rows, length=12).read())
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
    assert (whole(Packing(rows, length=256).read()).segments > 0).mean() > 0.94


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="14 tokens does not fit a sequence of 12"):
        Packing([row_of(7, 7, 0)], length=12)


def test_no_rows_make_no_sequences() -> None:
    assert Packing([], length=12).sequences == 0
    assert list(Packing([], length=12).read()) == []


def test_sequences_are_counted_beforehand_and_read_from_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_ROWS_AT_ONCE", 7)
    rng = np.random.default_rng(2)
    rows = [row_of(int(rng.integers(1, 8)), int(rng.integers(1, 8)), 20 * number) for number in range(40)]
    packed = Packing(rows, 16, Order(40, epochs=2, seed=3))
    everything = whole(packed.read())
    assert packed.sequences == len(everything.tokens)
    for first in range(packed.sequences):
        np.testing.assert_array_equal(whole(packed.read(first)).tokens, everything.tokens[first:])


@pytest.mark.parametrize("at_once", [2, 3, 100])
def test_chunks_have_one_shape_and_hold_every_sequence_once(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_ROWS_AT_ONCE", at_once)
    packed = Packing([row_of(6, 7, 20 * number) for number in range(14)], length=12)
    cut = list(chunks(packed.read(), 3, 2))
    assert [count for _, count in cut] == [3, 3, 1]
    assert {chunk.tokens.shape for chunk, _ in cut} == {(3, 2, 12)}
    together = np.concatenate([chunk.tokens.reshape(-1, 12) for chunk, _ in cut])
    np.testing.assert_array_equal(together[:14], whole(packed.read()).tokens)
    assert not together[14:].any()


def test_each_epoch_takes_every_row_once_in_an_order_of_its_own() -> None:
    order = Order(20, epochs=3, seed=4)
    epochs = [order.numbers(start, start + 20).tolist() for start in (0, 20, 40)]
    assert all(sorted(epoch) == list(range(20)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]
    assert order.numbers(15, 45).tolist() == epochs[0][15:] + epochs[1] + epochs[2][:5]
    assert epochs[0] == Order(20, 1, seed=4).numbers(0, 20).tolist() != Order(20, 1, seed=5).numbers(0, 20).tolist()


def test_prefetching_changes_nothing_and_passes_errors_on() -> None:
    assert list(prefetched(iter(range(5)))) == [0, 1, 2, 3, 4]

    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("the second")

    with pytest.raises(ValueError, match="the second"):
        list(prefetched(failing()))
