"""From the settings to a teacher. Nothing is started or contacted before something is asked."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from synth_assets.progress import tell
from synth_assets.teachers.embedded.teacher import EmbeddedTeacher
from synth_assets.teachers.redrawn import RedrawnTeacher
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.teacher import Teacher

if TYPE_CHECKING:
    from synth_assets.teachers.openai.sources import Endpoint, Source

LOGS = "logs"
"""Folder of the lake's folder with the logs of model servers."""


def teacher_of(settings: TeacherSettings, folder: Path) -> Teacher:
    """The teacher the settings name; `folder` is the lake's, where a model server writes its log."""
    if settings.kind == "embedded":
        return RedrawnTeacher(EmbeddedTeacher(), settings.draw) if settings.draw else EmbeddedTeacher()
    from synth_assets.teachers.openai.teacher import OpenAITeacher

    return OpenAITeacher(settings, _started(settings, folder) if settings.kind == "vllm" else None)


@contextmanager
def kept_for_run(settings: TeacherSettings) -> Iterator[None]:
    """For the length of a run: a model server once started stays over the steps that ask nothing, then stops."""
    if settings.kind != "vllm":
        yield
        return
    from synth_assets.teachers.vllm.server import kept

    with kept(settings.model, settings.vllm):
        yield


def _started(settings: TeacherSettings, folder: Path) -> "Source":
    from synth_assets.teachers.openai.sources import Endpoint
    from synth_assets.teachers.vllm.server import served

    @contextmanager
    def source() -> Iterator[Sequence["Endpoint"]]:
        with served(settings.model, settings.vllm, folder / LOGS, tell) as server:
            yield [Endpoint(server.base_url, server.api_key, server.model, server.check)]

    return source
