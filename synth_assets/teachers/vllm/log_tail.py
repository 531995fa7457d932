"""Reading a model server's log while it grows: its last lines, and the line that most likely says what went wrong."""

import re
from pathlib import Path

LONGEST_LINE = 160
LONGEST_READ = 200_000
"""Bytes from the end of a log in which its last lines are looked for."""

_PREFIX = re.compile(r"^(?:\(\w+ pid=\d+\) )?(?:[A-Z]+ \d\d-\d\d [\d:]+ \[[^\]]+\] )?\s*")
"""What vLLM writes before a message: process, level, time and place in its code."""

_CAUSE = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception): \S")
"""How the last line of a traceback begins."""


def last_lines(log: Path, count: int) -> list[str]:
    """The last lines that are not blank, shortened; none where there is no log."""
    return [shortened(line) for line in _lines(log)[-count:]]


def failure(log: Path) -> str:
    """What the log says of a failure: the first line that names an exception, and the last lines."""
    lines = [shortened(line) for line in _lines(log)]
    cause = next((line for line in lines if _CAUSE.match(line)), None)
    last = lines[-5:]
    shown = last if cause is None or cause in last else [cause, "...", *last]
    return "\n".join(f"  {line}" for line in shown) or "  (it is empty)"


def shortened(line: str) -> str:
    """The message of a line, cut to what fits on a screen."""
    message = _PREFIX.sub("", line.rstrip(), count=1)
    return message if len(message) <= LONGEST_LINE else message[: LONGEST_LINE - 3] + "..."


def _lines(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - LONGEST_READ))
            text = file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in re.split(r"[\r\n]+", text) if line.strip()]
