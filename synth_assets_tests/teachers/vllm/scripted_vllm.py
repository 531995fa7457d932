"""A program that behaves like `vllm serve` from outside: loads for a while, answers, has children, or dies.

It adds a line to `--journal FILE` at its start, so that tests see how often it was started, and with what.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CHILD = "import os, time; os.setsid(); time.sleep(600)"
"""Has left its parent's session."""

STUBBORN_CHILD = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {CHILD}"
"""Does not end when asked to, either."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="vllm")
    parser.add_argument("command", choices=["serve"])
    parser.add_argument("model")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--disable-uvicorn-access-log", action="store_true")
    parser.add_argument("--served-model-name")
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--load-seconds", type=float, default=0.0)
    parser.add_argument("--fail", help="Die while loading, with this message.")
    parser.add_argument("--die-after", type=float, help="Die this long after the first answer is possible.")
    parser.add_argument("--children", type=int, default=0)
    parser.add_argument("--stubborn-children", type=int, default=0)
    options = parser.parse_args()
    kinds = [CHILD] * options.children + [STUBBORN_CHILD] * options.stubborn_children
    children = [subprocess.Popen([sys.executable, "-c", kind]).pid for kind in kinds]
    started = {"pid": os.getpid(), "children": children, "argv": sys.argv[1:]}
    with options.journal.open("a", encoding="utf-8") as journal:
        journal.write(json.dumps(started) + "\n")
    print(f"Loading {options.model}", flush=True)
    time.sleep(options.load_seconds)
    if options.fail:
        print(f"RuntimeError: {options.fail}", flush=True)
        print("Traceback and other noise follows", flush=True)
        sys.exit(3)
    if options.die_after is not None:
        threading.Timer(options.die_after, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    ThreadingHTTPServer((options.host, options.port), Handler).serve_forever()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        authorised = self.headers.get("Authorization") == f"Bearer {os.environ['VLLM_API_KEY']}"
        body = json.dumps({"path": self.path, "seen": os.environ.get("SEEN_BY_SERVER")}).encode()
        self.send_response(200 if authorised or self.path == "/health" else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    main()
