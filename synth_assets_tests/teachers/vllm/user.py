"""A process that uses a server until a line comes on its standard input, or until it is killed.

``python -m synth_assets_tests.teachers.vllm.user MODEL SETTINGS LOG_FOLDER``, SETTINGS as JSON; prints the address.
"""

import sys
from pathlib import Path

from synth_assets.teachers.vllm.server import served
from synth_assets.teachers.vllm.settings import VllmSettings

if __name__ == "__main__":
    model, settings, log_folder = sys.argv[1:]
    with served(model, VllmSettings.model_validate_json(settings), Path(log_folder), lambda _: None) as server:
        print(server.base_url, flush=True)
        sys.stdin.readline()
