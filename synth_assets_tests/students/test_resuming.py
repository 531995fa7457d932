"""A training run that was stopped, or killed, ends with the weights it would have had."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import jax
import numpy as np
import pytest
from tokenizers import Tokenizer

from synth_assets.errors import SynthAssetsError
from synth_assets.students import training
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.model import Decoder, initial_student
from synth_assets.students.profiles import Schedule
from synth_assets.students.sizes import StudentSize
from synth_assets.students.training import Trained, train

TINY = StudentSize("tiny", layers=2, width=32, heads=2, feed_width=64)
SCHEDULE = Schedule(epochs=8, sequence_length=64, batch_sequences=2, steps_per_call=4)


def trained(
    rows: EncodedRows, tokenizer: Tokenizer, state: Path | None = None, until: float | None = None
) -> Trained | None:
    student = initial_student(TINY, tokenizer.get_vocab_size(), 0)
    return train(student, rows, SCHEDULE, 1, state=state, until=until)


@pytest.fixture(scope="module")
def uninterrupted(rows: EncodedRows, tokenizer: Tokenizer) -> Trained:
    whole = trained(rows[:60], tokenizer)
    assert whole is not None
    return whole


def same(first: Decoder, second: Decoder) -> bool:
    leaves = zip(jax.tree.leaves(first), jax.tree.leaves(second), strict=True)
    return all(np.array_equal(one, other) for one, other in leaves)


def test_stopped_again_and_again_it_is_the_same_run(
    rows: EncodedRows, tokenizer: Tokenizer, uninterrupted: Trained, tmp_path: Path
) -> None:
    state, attempts = tmp_path / "run" / "state", 0
    while (whole := trained(rows[:60], tokenizer, state, until=time.monotonic())) is None:
        attempts += 1
        assert [path.name for path in state.parent.iterdir()] == ["state"]
    assert attempts > 3
    assert same(whole.student, uninterrupted.student) and whole.losses == uninterrupted.losses
    ended = trained(rows[:60], tokenizer, state)
    assert ended is not None and same(ended.student, whole.student) and ended.losses == whole.losses


def test_saving_on_the_way_changes_nothing(
    rows: EncodedRows,
    tokenizer: Tokenizer,
    uninterrupted: Trained,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "SAVED_EVERY", 0.0)
    saved = trained(rows[:60], tokenizer, tmp_path / "state")
    assert saved is not None
    assert same(saved.student, uninterrupted.student) and saved.losses == uninterrupted.losses


def test_another_runs_state_and_a_torn_one_are_refused(rows: EncodedRows, tokenizer: Tokenizer, tmp_path: Path) -> None:
    state = tmp_path / "state"
    trained(rows[:10], tokenizer, state)
    with pytest.raises(SynthAssetsError, match="state of another training run"):
        trained(rows[:11], tokenizer, state)
    state.write_bytes(state.read_bytes()[:100])
    with pytest.raises(SynthAssetsError, match="is no state of a training run"):
        trained(rows[:10], tokenizer, state)


CHILD = """
import sys
from pathlib import Path
from synth_assets.students import training
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.tokenizer import read_tokenizer
from synth_assets_tests.students.test_resuming import trained
training.SAVED_EVERY = 0.0
folder = Path(sys.argv[1])
trained(EncodedRows.load(folder / "rows"), read_tokenizer((folder / "tokenizer.json").read_text()), folder / "state")
"""


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on(
    rows: EncodedRows, tokenizer_json: str, tokenizer: Tokenizer, tmp_path: Path, uninterrupted: Trained
) -> None:
    rows[:60].save(tmp_path / "rows")
    (tmp_path / "tokenizer.json").write_text(tokenizer_json)
    for kill in range(3):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)])
        until = time.monotonic() + 60
        before = (tmp_path / "state").stat().st_mtime_ns if kill else 0
        while time.monotonic() < until and child.poll() is None:
            if (tmp_path / "state").exists() and (tmp_path / "state").stat().st_mtime_ns > before:
                break
            time.sleep(0.001)
        time.sleep(0.003 * kill)
        child.send_signal(signal.SIGKILL)
        child.wait()
    whole = trained(rows[:60], tokenizer, tmp_path / "state")
    assert whole is not None
    assert same(whole.student, uninterrupted.student) and whole.losses == uninterrupted.losses
