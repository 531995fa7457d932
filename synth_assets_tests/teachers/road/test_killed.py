"""A run that is killed again and again loses no more than it says, and ends as if it had never been killed."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from synth_assets.seeds import seed_of
from synth_assets.teachers.journal import FLUSH_RESPONSES
from synth_assets.teachers.openai.conversation import BACKLOG
from synth_assets_tests.teachers.openai.endpoint import Logged
from synth_assets_tests.teachers.road.charging import ChargingProcess, QuotingScript, charging_endpoint
from synth_assets_tests.teachers.road.lakes import SmallLake, asked_of, differing, small_lake

KILLS = 20
REQUESTS = 5_000
CONCURRENCY = 8
LATENCY = 0.05
LEAST_APART = 60
"""Distinct requests answered between two kills, at the least: each run gets as far as asking."""

MOST_LOST = FLUSH_RESPONSES + (1 + BACKLOG) * CONCURRENCY
"""Answers a kill may cost. The journal holds fewer than FLUSH_RESPONSES before it takes in what has come, and writes
before more is submitted; what may come meanwhile was submitted before, and of that there are never more than
(1 + BACKLOG) * CONCURRENCY requests. The limit in seconds only makes it fewer."""

WAIT_SECONDS = 240.0
"""For a run to get as far as asking: 8 s alone, more where the machine is shared."""


@dataclass(frozen=True)
class Loss:
    """What a kill cost: answers given since the kill before that were not kept, and requests not answered yet."""

    lost: int
    on_the_way: int


@pytest.mark.slow
def test_twenty_kills_lose_at_most_what_was_unwritten_and_change_nothing(tmp_path: Path) -> None:
    """SIGKILL at 20 random moments of 5,000 requests repeats only what was unwritten; the tables are the same."""
    started = time.monotonic()
    with charging_endpoint(tmp_path / "killed.log", QuotingScript(latency=LATENCY)) as endpoint:
        killed = _lake(tmp_path / "killed")
        losses: list[Loss] = []
        for moment in _moments():
            _run_until(killed, endpoint, moment)
            losses.append(_loss(killed, endpoint, losses))
        done = killed.run(*_options(endpoint))
        assert (done.returncode, done.stderr) == (0, "")
        log = endpoint.settled()
    seconds = time.monotonic() - started
    with charging_endpoint(tmp_path / "undisturbed.log", QuotingScript()) as endpoint:
        undisturbed = _lake(tmp_path / "undisturbed")
        done = undisturbed.run(*_options(endpoint))
        assert (done.returncode, done.stderr) == (0, "")
        asked = Counter(line.request for line in endpoint.settled())
    repeated = _answers(log).total() - len(_answers(log))
    print(f"\n{len(asked)} requests; {KILLS} kills in {seconds:.0f} s; lost {[loss.lost for loss in losses]},")
    print(f"on the way {[loss.on_the_way for loss in losses]}, answered again {repeated}")

    assert len(asked) >= REQUESTS and set(asked.values()) == {1}
    assert all(loss.lost <= MOST_LOST for loss in losses)
    assert all(loss.on_the_way <= CONCURRENCY for loss in losses)
    # What was lost is asked again once, and nothing else is.
    assert set(_answers(log)) == set(asked)
    assert repeated == sum(loss.lost for loss in losses)
    assert differing(killed, undisturbed) == []
    spent = killed.query("select sum(answers)::bigint, sum(requests)::bigint, sum(failed)::bigint from teacher_usage")
    assert spent.row(0) == (len(asked), len(asked), 0)
    assert _answers(log).total() == len(asked) + sum(loss.lost for loss in losses)


def _lake(place: Path) -> SmallLake:
    """The whole sample, with as many samples of each answer as make the requests, and a student trained on it."""
    return small_lake(place, every=1, samples=5, training_sets=("all",))


def _options(endpoint: ChargingProcess) -> tuple[str, ...]:
    return (*asked_of(endpoint.url), "--concurrency", str(CONCURRENCY))


def _moments() -> list[int]:
    """Counts of distinct requests answered at which to kill, drawn over the whole run, not too near to each other."""
    chance = random.Random(seed_of("moments of the kills"))
    room = REQUESTS - 100 - KILLS * LEAST_APART
    return [place + number * LEAST_APART for number, place in enumerate(sorted(chance.sample(range(1, room), KILLS)))]


def _run_until(lake: SmallLake, endpoint: ChargingProcess, moment: int) -> None:
    """Run until the endpoint has answered so many distinct requests, then kill; its workers must not outlive it."""
    command = [sys.executable, "-m", "synth_assets.cli", "run", *_options(endpoint), "--lake", str(lake.folder)]
    with (lake.folder.parent / "output").open("a") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            until = time.monotonic() + WAIT_SECONDS
            while not _answered(endpoint, moment):
                assert process.poll() is None, (lake.folder.parent / "output").read_text()[-2_000:]
                assert time.monotonic() < until, f"{moment} requests are not answered"
                time.sleep(0.01)
            children = psutil.Process(process.pid).children(recursive=True)
        finally:
            process.kill()
            process.wait()
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive, [child.cmdline() for child in alive]


def _answered(endpoint: ChargingProcess, distinct: int) -> bool:
    """Whether so many distinct requests have been answered. The log is long: it is read where it may say so."""
    return endpoint.charged()["answers"] >= distinct and len(_answers(endpoint.logged())) >= distinct


def _loss(lake: SmallLake, endpoint: ChargingProcess, before: Sequence[Loss]) -> Loss:
    """What the latest kill cost, from the endpoint's log and the store, after those `before`."""
    log = endpoint.settled()
    # A row a request: a failure would be none, an answer stored twice two.
    stored, distinct, paid = lake.query(
        "select count(*), count(distinct request_hash), (select sum(answers)::bigint from teacher_usage) "
        "from teacher_responses"
    ).row(0)
    assert stored == distinct == (paid or 0)
    lost = _answers(log).total() - stored - sum(loss.lost for loss in before)
    gone = sum(line.fault == "gone" for line in log) - sum(loss.on_the_way for loss in before)
    return Loss(lost, gone)


def _answers(log: list[Logged]) -> Counter[str]:
    """How often each request was answered."""
    return Counter(line.request for line in log if line.fault == "none")
