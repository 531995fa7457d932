"""Every method asks a real vLLM, with structured output for each of its tasks, and loses nothing of what comes back."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from synth_assets.generation.methods import METHODS, method_named
from synth_assets.generation.questions import write_questions
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.choosing import kept_for_run, teacher_of
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.store import MemoryStore, Spending, StoredResponse
from synth_assets.teachers.teacher import Teacher
from synth_assets_tests.generation.sample_material import sample_material
from synth_assets_tests.teachers.vllm.tiny_llama import write_tiny_llama
from synth_assets_tests.teachers.vllm.tiny_vllm import tiny_settings

ROUNDS = 2
WITHOUT_WALKS = [name for name in METHODS if name != "level_3"]
"""The road with a real vLLM (`test_road.py`) has walks."""


class Counting(MemoryStore):
    """Counts what was asked by task."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    def add(self, responses: list[StoredResponse], spending: list[Spending]) -> None:  # type: ignore[override]
        super().add(responses, spending)
        self.asked.update({entry.task: entry.usage.requests for entry in spending})


@pytest.fixture(scope="module")
def teacher(vllm_command: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teacher]:
    """A real vLLM that stays for all tests here."""
    folder = tmp_path_factory.mktemp("methods")
    tiny = tiny_settings(vllm_command)
    # vLLM 0.32 on a CPU cannot seed a request it reads in parts.
    unchunked = tiny.model_copy(update={"args": (*tiny.args, "--no-enable-chunked-prefill")})
    settings = TeacherSettings(kind="vllm", model=str(write_tiny_llama(folder / "tiny-llama")), vllm=unchunked)
    with kept_for_run(settings):
        yield teacher_of(settings, folder)


@pytest.mark.slow
@pytest.mark.parametrize("method", WITHOUT_WALKS)
def test_a_method_asks_a_real_model(method: str, teacher: Teacher) -> None:
    """What random weights write is kept where it fits, and quarantined with the reason where not."""
    store, documents = Counting(), len(sample_material().shard_of)
    result = write_questions(method_named(method), sample_material(), Asker(teacher, store), ROUNDS)
    result.check("questions")
    assert set(result.rows["teacher"]) <= {teacher.name}
    assert set(result.quarantined["reason"]) <= {"invalid_answer", "not_suitable", "uncorrected"}
    if method == "targen":  # hardly a label of random weights is right
        assert store.asked["write_contexts"] == ROUNDS * documents
    else:
        assert result.rows.height > 0
        assert store.asked["write_questions"] > documents / 2
    assert (store.asked["rephrase_question"] > 0) == (method == "rephrase")
