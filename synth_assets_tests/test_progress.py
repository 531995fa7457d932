"""Progress as it is seen: a bar on a terminal, plain lines elsewhere, both past Dagster's capture of the output."""

import os
import pty
import subprocess
import sys

import pytest

from synth_assets.progress import SECONDS_BETWEEN_LINES, reported

SHOWN_PAST_A_REDIRECTION = """
import os, sys, time
from synth_assets.progress import on_this_output, reported
with on_this_output():
    elsewhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(elsewhere, 1)  # as Dagster does with the output of a step
    with reported("questions", "requests") as advance:
        for done in range(1, 31):
            advance(done, 30)
            time.sleep(0.02)
"""


WORK_WITHIN_WORK = """
import time
from synth_assets.progress import counted, reported
with reported("ratings", "requests") as advance, counted("vectors", "texts", 30) as more:
    advance(7, 20)
    for _ in range(30):
        more(1)
        time.sleep(0.02)
"""


def test_a_terminal_shows_a_bar_with_counts_rate_and_time_left() -> None:
    text = shown_on_a_terminal(SHOWN_PAST_A_REDIRECTION)
    assert "questions" in text
    assert "━" in text
    assert "30/30" in text
    assert "/s" in text
    assert "0:00:0" in text


def test_the_bar_of_a_part_stands_below_that_of_the_whole() -> None:
    drawn = [lines for lines in shown_on_a_terminal(WORK_WITHIN_WORK).split("ratings") if "vectors" in lines]
    assert any("7/20" in lines and "/30" in lines and "texts" in lines for lines in drawn)


def shown_on_a_terminal(program: str) -> str:
    """What a Python program writes to a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen([sys.executable, "-c", program], stdin=theirs, stdout=theirs, env=environment):
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux: the other end of the terminal is closed
        return b""


def test_without_a_terminal_slow_work_tells_plain_lines_with_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 0.0, 1.0, SECONDS_BETWEEN_LINES + 1.0, SECONDS_BETWEEN_LINES + 2.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    with reported("answers", "requests") as advance:
        advance(100, 1_600)  # found in the store: says nothing about the rate
        advance(101, 1_600)
        advance(700, 1_600)
        advance(701, 1_600)
    assert capsys.readouterr().out == "  answers: 700 of 1,600 requests, 100/s, 9 s left\n"


def test_time_spent_getting_ready_gives_no_rate_from_the_moment_after_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ready = SECONDS_BETWEEN_LINES + 2.0
    clock = iter([0.0, ready, ready + 0.01, ready + SECONDS_BETWEEN_LINES])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    with reported("student", "tokens") as advance:
        advance(100, 1_100)
        advance(200, 1_100)  # another thread that was ready at the same time
        advance(600, 1_100)
    assert capsys.readouterr().out == "  student: 600 of 1,100 tokens, 100/s, 5 s left\n"


def test_quick_work_tells_nothing_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with reported("answers", "requests") as advance:
        advance(1, 1)
    assert capsys.readouterr().out == ""
