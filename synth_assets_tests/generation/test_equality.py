"""Answers are compared in processes of their own: nothing a model writes hangs the run, kills it or outlives it."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from synth_assets.generation import equality
from synth_assets.generation.answers import AnswerParameters, answer_questions
from synth_assets.generation.equality import EqualityPool, Grouping
from synth_assets.teachers.tasks import AnswerQuestion, Result, WrittenAnswer
from synth_assets_tests.generation.test_answers import questions
from synth_assets_tests.rule_teacher import RuleTeacher, asking

NEVER_ENDING = r"\binom{10^9}{5*10^8}"
HOSTILE = (
    "9^9^9^9^9",
    "9^{9^{9^{9^9}}}",
    "10000!",
    NEVER_ENDING,
    "10^{10^{10}}",
    "(" * 150 + "1" + ")" * 150,
    r"\sqrt{" * 60 + "2" + "}" * 60,
    "((((x+1)^{99})^{99})^{99})^{99}",
    r"\sum_{n=1}^{10^9} \frac{1}{n^2}",
)


def workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if "equality_worker" in str(child.cmdline())]


def test_expressions_are_grouped_and_numbers_need_no_worker() -> None:
    with EqualityPool(workers=1) as pool:
        assert pool.submit(["1/2", "0.5", "50%", "2"]).result() == Grouping((0, 0, 0, 1))
        assert workers() == []
        assert pool.submit(["2(x+1)", "7", "2x + 2", "7.0"]).result() == Grouping((0, 1, 0, 1))
        assert len(workers()) == 1
    assert workers() == []


@pytest.mark.slow
@pytest.mark.parametrize("expression", HOSTILE)
def test_a_hostile_expression_costs_its_time_and_no_more(expression: str) -> None:
    with EqualityPool(workers=1, seconds=2.0, memory=512 * 1024**2) as pool:
        hostile = pool.submit(["5", expression, "5.0", "10/2"])
        after = pool.submit(["x + 1", "1 + x"])
        assert hostile.result().groups[0] == hostile.result().groups[2] == 0
        assert hostile.result().groups[1] != 0
        assert after.result() == Grouping((0, 0))
    assert workers() == []


def test_what_takes_too_long_is_left_to_texts_and_the_next_votes_go_on() -> None:
    with EqualityPool(workers=1, seconds=2.0) as pool:
        first = pool.submit(["1 + x", NEVER_ENDING, "x + 1", "1+x"])
        assert pool.submit(["x + 1", "1 + x"]).result() == Grouping((0, 0))
        assert first.result() == Grouping((0, 1, 2, 0), fell_back=True)


@pytest.mark.skipif(not hasattr(psutil.Process, "rlimit"), reason="the limit cannot be looked at on this system")
def test_a_worker_cannot_take_all_memory() -> None:
    with EqualityPool(workers=1, memory=512 * 1024**2) as pool:
        pool.submit(["x + 1", "1 + x"]).result()
        (worker,) = workers()
        assert worker.rlimit(psutil.RLIMIT_AS) == (512 * 1024**2, 512 * 1024**2)


def test_a_worker_that_dies_is_replaced() -> None:
    with EqualityPool(workers=1, seconds=60.0) as pool:
        assert pool.submit(["x + 1", "1 + x"]).result() == Grouping((0, 0))
        dying = pool.submit(["5", NEVER_ENDING])
        time.sleep(0.2)
        (worker,) = workers()
        worker.kill()
        assert dying.result() == Grouping((0, 1), fell_back=True)
        assert pool.submit(["x + 1", "1 + x"]).result() == Grouping((0, 0))


def test_nothing_is_left_running_where_the_caller_fails() -> None:
    with pytest.raises(KeyboardInterrupt), EqualityPool(workers=2, seconds=60.0) as pool:
        for _ in range(5):
            pool.submit(["5", NEVER_ENDING])
        raise KeyboardInterrupt
    assert workers() == []


def test_a_worker_that_cannot_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with EqualityPool(workers=1) as pool, pytest.raises(RuntimeError, match="did not start"):
        pool.submit(["x + 1", "1 + x"]).result()


def test_a_worker_knows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "planted-key")
    with EqualityPool(workers=1) as pool:
        pool.submit(["x + 1", "1 + x"]).result()
        (worker,) = workers()
        assert "planted-key" not in str(worker.environ())


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")
def test_a_worker_whose_owner_was_killed_ends_by_itself() -> None:
    program = (
        "from synth_assets.generation.equality import EqualityPool\n"
        "pool = EqualityPool(workers=1, seconds=2.0)\n"
        "print(pool.submit(['x + 1', '1 + x']).result(), flush=True)\n"
        f"pool.submit(['5', {NEVER_ENDING!r}]).result()\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    with owner, owner.stdout:
        owner.stdout.readline()
        (worker,) = psutil.Process(owner.pid).children()
        time.sleep(0.5)
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
    worker.wait(timeout=60)


def test_votes_that_fell_back_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def rule(task: AnswerQuestion) -> Result:
        final = NEVER_ENDING if task.question == "hard" and task.sample == 2 else "5"
        return WrittenAnswer(solution="So.", final_answer=final)

    monkeypatch.setattr(equality, "SECONDS", 1.0)
    answered = answer_questions(questions("easy", "hard"), asking(RuleTeacher(rule)), AnswerParameters(samples=3))
    assert answered.result.rows["final_answer"].to_list() == ["5", "5"]
    assert (answered.votes, answered.votes_by_text) == (2, 1)
