import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the reference data that is not part of the project."""
    return Path(os.environ.get("SYNTH_ASSETS_SHARED", Path(__file__).parents[2].parent / "shared"))
