"""The program of a process that compares final answers for `equality.py`: a line of JSON in, a line of JSON out.

It is started anew, not forked, and imports math-verify once. It ends with its standard input; a computation its owner
did not live to stop is ended by an alarm, which the system delivers whatever Python is busy with.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

READY = "ready"
_GRACE = 2.0
"""Seconds past the time limit after which nobody is there to stop the process."""


def main(seconds: float, memory: int) -> None:
    """Answer each list of final answers with the list of their groups' numbers."""
    from synth_assets.generation.comparing import grouped, verified

    # What libraries print must not get among the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    verified("x + 1", "1 + x")  # everything is imported and warm
    _limit_memory(memory)
    print(READY, file=answers, flush=True)
    for line in sys.stdin:
        with _ended_by_the_system(seconds + _GRACE):
            numbers = grouped(json.loads(line), verified)
        print(json.dumps(numbers), file=answers, flush=True)


def _limit_memory(memory: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def _ended_by_the_system(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
