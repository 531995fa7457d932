"""What the project starts listens on this machine alone, and hands over no key where others can read it."""

import os
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from synth_assets.teachers.vllm import supervisor
from synth_assets.teachers.vllm.settings import VllmSettings
from synth_assets_tests.automation.web_server import web_server
from synth_assets_tests.conftest import Road

LISTENS = "0A"
LOOPBACK = {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}
"""127.0.0.1, ::1 and 127.0.0.1 within IPv6, as /proc/net writes them."""


def _listening(group: int) -> dict[str, str]:
    """The addresses that processes of a group listen on, by socket."""
    sockets = set()
    for process in Path("/proc").iterdir():
        try:
            if not process.name.isdigit() or os.getpgid(int(process.name)) != group:
                continue
            links = [str(opened.readlink()) for opened in (process / "fd").iterdir()]
        except (OSError, ProcessLookupError):
            continue
        sockets |= {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:[")}
    rows = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {row[9]: row[1].partition(":")[0] for row in rows if row[3] == LISTENS and row[9] in sockets}


@pytest.mark.slow
def test_the_ui_and_all_that_stands_behind_it_listen_on_loopback(road: Road, tmp_path: Path) -> None:
    if not Path("/proc/net/tcp").exists():
        pytest.skip("no /proc/net/tcp on this system")
    shutil.copytree(road.folder, tmp_path / "lake")
    with web_server(tmp_path / "lake") as running:
        found = _listening(os.getpgid(running.process.pid))
        assert found and set(found.values()) <= LOOPBACK


def test_a_vllm_server_is_told_to_listen_on_loopback_and_cannot_be_told_otherwise() -> None:
    assert supervisor.HOST == "127.0.0.1"
    for option in ("--host", "--port", "--api-key"):
        with pytest.raises(ValidationError, match=option):
            VllmSettings(model="x", args=(option, "0.0.0.0"))
