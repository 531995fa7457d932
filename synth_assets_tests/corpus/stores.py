"""Stores of the tests, on loopback: S3 as moto serves it, and as much of the Hugging Face hub as reading asks for."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit

from moto.server import ThreadedMotoServer

COMMIT = "c" * 40


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of an S3 server that holds nothing."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


class Hub(ThreadingHTTPServer):
    """A hub with one dataset, `owner/name`, of the given files. `sent` lists method, path and bytes of each answer.

    Where `token` is set, requests without it are refused as those for a gated dataset are.
    """

    def __init__(self, files: Mapping[str, bytes], token: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.files, self.token = dict(files), token
        self.sent: list[tuple[str, str, int]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> "Hub":
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Answers(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        paths = json.loads(body).get("paths", []) if body else []
        self._json([_entry(path, self.server.files[path]) for path in paths if path in self.server.files])

    def do_GET(self) -> None:
        if self._refused():
            return
        path = unquote(urlsplit(self.path).path)
        if path in ("/api/datasets/owner/name", "/api/datasets/owner/name/revision/main"):
            self._json(
                {"id": "owner/name", "sha": COMMIT, "siblings": [], "private": False, "tags": [], "downloads": 0}
            )
        elif tree := re.fullmatch(r"/api/datasets/owner/name/tree/main/?(.*)", path):
            self._json(list(_tree(self.server.files, tree[1], "recursive=true" in self.path.lower())))
        elif (file := re.fullmatch(r"/datasets/owner/name/resolve/main/(.+)", path)) and file[1] in self.server.files:
            self._file(self.server.files[file[1]])
        else:
            self._error(404, "RepoNotFound" if "/api/datasets/" in path else "EntryNotFound")

    def _refused(self) -> bool:
        if self.server.token is None or self.headers.get("authorization") == f"Bearer {self.server.token}":
            return False
        self._error(401, "GatedRepo")
        return True

    def _file(self, content: bytes) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range") or "")
        if wanted is None:
            self._send(200, content, {"accept-ranges": "bytes"})
            return
        first, last = int(wanted[1]), int(wanted[2] or len(content) - 1)
        part = content[first : last + 1]
        self._send(206, part, {"content-range": f"bytes {first}-{first + len(part) - 1}/{len(content)}"})

    def _json(self, value: object) -> None:
        self._send(200, json.dumps(value).encode(), {"content-type": "application/json"})

    def _error(self, status: int, code: str) -> None:
        self._send(status, b'{"error": "refused"}', {"x-error-code": code, "x-error-message": "refused"})

    def _send(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"content-length": str(len(content)), "x-repo-commit": COMMIT, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.server.sent.append((self.command, self.path, len(content)))
        if self.command != "HEAD":
            self.wfile.write(content)


def _tree(files: Mapping[str, bytes], below: str, recursive: bool) -> Iterator[dict[str, object]]:
    prefix = f"{below}/" if below else ""
    folders = set()
    for path, content in sorted(files.items()):
        if not path.startswith(prefix):
            continue
        parts = path.removeprefix(prefix).split("/")
        for depth in range(1, len(parts) if recursive else min(2, len(parts))):
            folders.add(prefix + "/".join(parts[:depth]))
        if recursive or len(parts) == 1:
            yield _entry(path, content)
    for folder in sorted(folders):
        yield {"type": "directory", "path": folder, "oid": "d" * 40, "size": 0}


def _entry(path: str, content: bytes) -> dict[str, object]:
    return {"type": "file", "path": path, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
