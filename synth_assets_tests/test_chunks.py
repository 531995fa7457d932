"""Work in chunks: every item once, progress in order, errors passed on."""

import numpy as np
import pytest

from synth_assets.chunks import over_chunks


@pytest.mark.parametrize("threads", [None, 1, 2, 7])
@pytest.mark.parametrize("items", [0, 1, 10, 11, 95])
def test_every_item_is_worked_on_once_and_told_of_in_order(items: int, threads: int | None) -> None:
    times = np.zeros(items, dtype=int)
    told: list[tuple[int, int]] = []

    def work(first: int, last: int) -> None:
        times[first:last] += 1

    over_chunks(work, items, 10, threads=threads, advance=lambda done, total: told.append((done, total)))
    assert times.tolist() == [1] * items
    assert told == [(min(done, items), items) for done in range(10, items + 10, 10)]


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_ends_the_work(threads: int) -> None:
    begun: list[int] = []

    def work(first: int, last: int) -> None:
        begun.append(first)
        raise OverflowError(f"at {first}")

    with pytest.raises(OverflowError, match="at 0"):
        over_chunks(work, 10_000, 1, threads=threads)
    assert len(begun) < 10_000
