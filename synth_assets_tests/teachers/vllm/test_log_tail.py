"""What is told of a log: messages without what vLLM writes before them, and the first exception of a failure."""

from pathlib import Path

from synth_assets.teachers.vllm.log_tail import LONGEST_LINE, failure, last_lines

LOG = """\
(APIServer pid=12) WARNING 11-20 16:00:26 [system_utils.py:255] This can cause errors like `OSError: [Errno 24]`.
(Worker pid=14) ERROR 11-20 16:01:18 [executor.py:1063]   File "executor.py", line 7, in run
(Worker pid=14) ERROR 11-20 16:01:18 [executor.py:1063] torch.OutOfMemoryError: CUDA out of memory
(APIServer pid=12) Traceback (most recent call last):
(APIServer pid=12)   File "a.py", line 1, in a
(APIServer pid=12)   File "b.py", line 2, in b
(APIServer pid=12)   File "c.py", line 3, in c

(APIServer pid=12) RuntimeError: Engine core initialization failed. See root cause above.
"""


def test_the_first_exception_of_a_failure_is_told_with_the_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(LOG)
    told = failure(log).splitlines()
    assert told[:2] == ["  torch.OutOfMemoryError: CUDA out of memory", "  ..."]
    assert told[-1] == "  RuntimeError: Engine core initialization failed. See root cause above."


def test_a_line_is_told_without_what_stands_before_its_message(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("(APIServer pid=918) INFO 11-20 16:00:47 [launcher.py:195] Ready" + " or not" * 100 + "\r\n\n")
    (line,) = last_lines(log, 3)
    assert line.startswith("Ready or not")
    assert len(line) == LONGEST_LINE


def test_there_may_be_no_log_yet(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "log", 1) == []
    assert "empty" in failure(tmp_path / "log")
