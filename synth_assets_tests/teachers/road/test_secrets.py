"""A key is written nowhere, whatever an endpoint does with it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import psutil
import pytest

from synth_assets_tests.command_line import LIMIT_SECONDS, synth_assets, told_plainly
from synth_assets_tests.teachers.road.charging import ChargingProcess, charging_endpoint
from synth_assets_tests.teachers.road.lakes import SmallLake, asked_of, small_lake
from synth_assets_tests.teachers.road.searching import Needles

VARIABLE = "SYNTH_TEST_KEY"
KEY = "sk-planted+7Qz/abc0123456789"
WRONG_KEY = "sk-mistyped+5Wx/def9876543210"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Asked:
    """A lake whose runs met endpoints that quote the key: how the runs ended, and every command line seen."""

    place: Path
    lake: SmallLake
    command_lines: frozenset[str]
    well: CompletedProcess[str]
    wrong_key: CompletedProcess[str]
    refused: CompletedProcess[str]
    partly: CompletedProcess[str]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    place = tmp_path_factory.mktemp("secrets")
    lake = small_lake(place, every=12, deadline=3.0)
    with (
        pytest.MonkeyPatch.context() as environment,
        charging_endpoint(tmp_path_factory.mktemp("log") / "log") as endpoint,
    ):
        endpoint.change(key=KEY, quotes_in_errors=True)
        options = (*asked_of(endpoint.url), "--api-key-env", VARIABLE)
        environment.setenv(VARIABLE, KEY)
        well, command_lines = _watched(lake, options)
        yield Asked(place, lake, command_lines, well, *_disturbed(lake, endpoint, options, environment))


def _disturbed(
    lake: SmallLake, endpoint: ChargingProcess, options: tuple[str, ...], environment: pytest.MonkeyPatch
) -> tuple[CompletedProcess[str], ...]:
    """Runs that ask for all answers again: with another key, where all is refused, and where most of it fails."""
    lake.set(teacher={"sampling": {"answer_question": {"temperature": 0.31}}})
    environment.setenv(VARIABLE, WRONG_KEY)
    wrong_key = lake.run(*options)
    environment.setenv(VARIABLE, KEY)
    endpoint.change(refuse=400)
    refused = lake.run(*options)
    endpoint.change(refuse=0, quotes_everywhere=True)
    return wrong_key, refused, lake.run(*options)


def _watched(lake: SmallLake, options: tuple[str, ...]) -> tuple[CompletedProcess[str], frozenset[str]]:
    """A run to its end, with the command lines of its processes."""
    command = [sys.executable, "-m", "synth_assets.cli", "run", *options, "--lake", str(lake.folder)]
    seen: set[str] = set()
    outputs = [lake.folder.parent / name for name in ("stdout", "stderr")]
    with outputs[0].open("w") as stdout, outputs[1].open("w") as stderr:
        process = psutil.Popen(command, stdout=stdout, stderr=stderr, env=os.environ)
        until = time.monotonic() + LIMIT_SECONDS
        while process.poll() is None:
            assert time.monotonic() < until
            with suppress(psutil.Error):
                family = [process, *process.children(recursive=True)]
                seen |= {" ".join(member.cmdline()) for member in family}
            time.sleep(0.2)
    said = [path.read_text() for path in outputs]
    return subprocess.CompletedProcess(command, process.returncode, *said), frozenset(seen)


def test_a_run_whose_endpoint_demands_a_key_ends_well(asked: Asked) -> None:
    """The key of the variable that --api-key-env names is the one that is sent."""
    assert (asked.well.returncode, asked.well.stderr) == (0, "")
    assert any("synth_assets.cli run" in line for line in asked.command_lines)


def test_a_refused_key_is_told_by_its_variable_and_not_by_its_value(asked: Asked) -> None:
    """An endpoint that quotes the key it refuses is quoted without it."""
    sentence = told_plainly(asked.wrong_key)
    assert VARIABLE in sentence
    assert "Incorrect API key provided: [redacted]" in sentence


def test_what_an_endpoint_says_to_requests_it_refuses_is_quoted_without_the_key(asked: Asked) -> None:
    """A run that stops because every request is refused hides the key in the refusal."""
    sentence = told_plainly(asked.refused)
    assert "The key sent is [redacted]" in sentence


def test_failures_go_to_quarantine_with_the_endpoints_words_and_without_the_key(asked: Asked) -> None:
    """Errors, refusals of the model and its texts stand in the quarantine, the key in them replaced."""
    assert (asked.partly.returncode, asked.partly.stderr) == (0, "")
    details = asked.lake.query("select detail from quarantine where stage = 'qa_pairs'")["detail"].to_list()
    for said in (
        "status 500: The engine is overloaded. The key sent is [redacted].",
        "The model declined to answer: I do not work for [redacted].",
        "The key [redacted] asked for something",
    ):
        assert any(said in detail for detail in details), said


def test_no_form_of_a_key_is_in_anything_that_was_written_or_printed(asked: Asked) -> None:
    """Lake, catalogues, Dagster's databases, logs, settings, exports, command lines and outputs hold no key."""
    qa_id = asked.lake.query("select qa_id from training_qa order by qa_id limit 1").item()
    folder = asked.lake.folder
    looks = [
        synth_assets(*command, "--lake", folder)
        for command in (
            ("status", "--json"),
            ("sql", "select * from quarantine", "--json"),
            ("sql", "select * from teacher_responses", "--json"),
            ("estimate", "--json"),
            ("trace", qa_id),
            ("export", "--format", "messages", "--out", asked.place / "exported"),
        )
    ]
    assert [(look.args, look.stderr) for look in looks if look.returncode] == []
    printed = [*looks, asked.well, asked.wrong_key, asked.refused, asked.partly]
    kinds = {path.suffix for path in asked.place.rglob("*") if path.is_file()}
    assert {".parquet", ".toml", ".html", ".db"} <= kinds, kinds
    for key in (KEY, WRONG_KEY):
        needles = Needles(key)
        assert needles.below(asked.place) == []
        assert not [done.args for done in printed if needles.among((done.stdout + done.stderr).encode())]
        assert not [line for line in asked.command_lines if needles.among(line.encode())]
    assert f'api_key_env = "{VARIABLE}"' in (folder / "synth.toml").read_text()
    assert json.loads(looks[0].stdout)
