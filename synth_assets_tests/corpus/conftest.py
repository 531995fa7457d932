import os
from pathlib import Path

import polars as pl
import pytest

from synth_assets import tables

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def nothing_known() -> pl.DataFrame:
    return tables.DOCUMENTS.empty().select("shard", "document_id", "content_hash")


@pytest.fixture
def shared_corpora() -> Path:
    shared = Path(os.environ.get("SYNTH_ASSETS_SHARED", REPOSITORY.parent / "shared"))
    if not (shared / "corpora").is_dir():
        pytest.skip(f"no shared corpora in {shared}")
    return shared / "corpora"


@pytest.fixture
def shared_benchmarks() -> Path:
    shared = Path(os.environ.get("SYNTH_ASSETS_SHARED", REPOSITORY.parent / "shared"))
    if not (shared / "benchmarks").is_dir():
        pytest.skip(f"no shared benchmarks in {shared}")
    return shared / "benchmarks"
