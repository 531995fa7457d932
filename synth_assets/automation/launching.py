"""External trainers launched through Dagster Pipes: a command on this machine, a Ray job, a Kubernetes pod.

What a trainer reports is recorded message by message, so that a crash of it, or of this process, loses nothing. A
command is not run by Dagster's own subprocess client, which would hand it every variable of this process, keys
included, and leave its output where no error message can show it.
"""

import os
import shlex
import signal
import subprocess
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast

import dagster as dg
from dagster_pipes import PipesMessage, PipesParams

from synth_assets.errors import SynthAssetsError
from synth_assets.trainers.settings import TrainingSettings

Record = Callable[[object], None]
LAST_LINES = 12
"""Lines of a crashed trainer's output that its error quotes."""

TERMINATION_SECONDS = 30.0
"""How long an interrupted trainer may take to end by itself."""


def launch(
    context: dg.AssetExecutionContext, settings: TrainingSettings, extras: dict[str, Any], record: Record, log: Path
) -> None:
    """Run the trainer of the settings to its end, with `extras` in its Pipes context.

    `record` is called with each custom message, and with the metadata `observations` of a reported materialisation;
    `log` gets the output of a command. Raises SynthAssetsError where it fails, with the last lines of its output, and
    where the kind needs an extra that is not installed.
    """
    launched = {"command": _command, "ray": _ray, "kubernetes": _kubernetes}[settings.kind]
    with warnings.catch_warnings():
        # Dagster marks a detail of its own message readers as a preview; the pinned release is tested with it.
        warnings.simplefilter("ignore", dg.PreviewWarning)
        launched(context, settings, extras, record, log)


class _Recorder:
    """A Pipes message handler that keeps what is reported before it is handled."""

    def __init__(self, handler: dg.PipesMessageHandler, record: Record) -> None:
        self._handler, self._record = handler, record

    def handle_message(self, message: PipesMessage) -> None:
        params = message["params"] or {}
        if message["method"] == "report_custom_message":
            self._record(params["payload"])
        elif message["method"] == "report_asset_materialization":
            told = (params.get("metadata") or {}).get("observations")
            if told is not None:
                self._record(told["raw_value"] if isinstance(told, dict) and "raw_value" in told else told)
        self._handler.handle_message(message)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handler, name)


def _recording(reader: type[Any], record: Record) -> Any:
    """A message reader of the given class that records what it reads."""

    class Recording(reader):  # type: ignore[misc]
        def read_messages(self, handler: dg.PipesMessageHandler) -> AbstractContextManager[PipesParams]:
            recorder = cast("dg.PipesMessageHandler", _Recorder(handler, record))
            return cast("AbstractContextManager[PipesParams]", super().read_messages(recorder))

    return Recording()


def _command(
    context: dg.AssetExecutionContext, settings: TrainingSettings, extras: dict[str, Any], record: Record, log: Path
) -> None:
    named = {name: os.environ[name] for name in settings.environment if name in os.environ}
    with dg.open_pipes_session(
        context=context,
        context_injector=dg.PipesTempFileContextInjector(),
        message_reader=_recording(dg.PipesTempFileMessageReader, record),
        extras=extras,
    ) as session:
        environment = {**named, **session.get_bootstrap_env_vars()}
        with log.open("wb") as output:
            try:
                process = subprocess.Popen(settings.command, env=environment, stdout=output, stderr=subprocess.STDOUT)
            except OSError as error:
                raise SynthAssetsError(
                    f"The trainer {settings.command[0]!r} cannot be started ({error.strerror}); mend training.command."
                ) from error
            with _ended_with(process):
                code = process.wait()
    if code != 0:
        raise SynthAssetsError(f"it ended with status {code}, and its last lines were: {_last_lines(log)}")


@contextmanager
def _ended_with(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """A trainer does not outlive the step that waits for it."""
    try:
        yield
    except BaseException:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(TERMINATION_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise


def _last_lines(log: Path) -> str:
    with log.open(encoding="utf-8", errors="replace") as lines:
        last = deque((line.rstrip() for line in lines if line.strip()), maxlen=LAST_LINES)
    return " | ".join(last) or "(none)"


def _ray(
    context: dg.AssetExecutionContext, settings: TrainingSettings, extras: dict[str, Any], record: Record, log: Path
) -> None:
    try:
        from dagster_ray.core.pipes import PipesRayJobClient, PipesRayJobMessageReader
    except ImportError as error:
        raise _extra_missing("ray", error) from error
    client = PipesRayJobClient(
        address=settings.address or None, message_reader=_recording(PipesRayJobMessageReader, record)
    )
    job = {"entrypoint": shlex.join(settings.command), "runtime_env": dict(settings.runtime_env)}
    with _told_plainly("Ray"):
        client.run(context=context, submit_job_params=job, extras=extras)


def _kubernetes(
    context: dg.AssetExecutionContext, settings: TrainingSettings, extras: dict[str, Any], record: Record, log: Path
) -> None:
    try:
        from dagster_k8s import PipesK8sClient
        from dagster_k8s.pipes import PipesK8sPodLogsMessageReader
    except ImportError as error:
        raise _extra_missing("kubernetes", error) from error
    client = PipesK8sClient(message_reader=_recording(PipesK8sPodLogsMessageReader, record))
    with _told_plainly("Kubernetes"):
        client.run(
            context=context,
            extras=extras,
            image=settings.image,
            command=list(settings.command),
            namespace=settings.namespace,
            base_pod_spec=dict(settings.pod_spec) or None,
        )


@contextmanager
def _told_plainly(where: str) -> Iterator[None]:
    """What goes wrong with a cluster in one sentence; its libraries raise exceptions of their own."""
    try:
        yield
    except dg.DagsterExecutionInterruptedError:
        raise
    except Exception as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        words = " | ".join([*lines[:1], *lines[1:][-LAST_LINES:]]) or "no further words"
        raise SynthAssetsError(f"{where} says {type(error).__name__}: {words}") from error


def _extra_missing(extra: str, error: ImportError) -> SynthAssetsError:
    return SynthAssetsError(
        f"training.kind = {extra!r} needs the {extra} extra ({error.name} is not installed for {sys.executable}): "
        f"pip install 'synth-assets[{extra}]'."
    )
