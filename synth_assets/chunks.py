"""Long work over numbered items, cut into chunks that threads take one after the other.

For loops that leave the interpreter's lock, NumPy's and compiled ones: no array is copied to another process.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from synth_assets.progress import Advance


def available_processors() -> int:
    """Processors this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def over_chunks(
    work: Callable[[int, int], None],
    items: int,
    chunk: int,
    *,
    threads: int | None = None,
    advance: Advance | None = None,
) -> None:
    """Call `work(first, last)` for consecutive chunks of `range(items)`, last excluded, in any order.

    Args:
        work: May be called from several threads at once.
        items: How many items there are.
        chunk: Items in a chunk.
        threads: How many threads work; by default as many as there are processors.
        advance: Told in the calling thread, in order, how many items are done of how many.
    """
    chunks = [(first, min(first + chunk, items)) for first in range(0, items, chunk)]
    threads = min(threads or available_processors(), len(chunks))
    if threads <= 1:
        for first, last in chunks:
            work(first, last)
            if advance:
                advance(last, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(work, first, last) for first, last in chunks]
        try:
            for (_, last), future in zip(chunks, futures, strict=True):
                future.result()
                if advance:
                    advance(last, items)
        finally:
            pool.shutdown(cancel_futures=True)  # after an error or an interrupt nothing further is begun
