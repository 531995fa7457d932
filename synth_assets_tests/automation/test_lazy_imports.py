"""What the processes of a run load: nothing heavy where the step has no use for it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from synth_assets.automation.instance import dagster_home
from synth_assets.settings import LAKE_VARIABLE
from synth_assets_tests.conftest import Road

HEAVY = {"jax", "jaxlib", "optax", "equinox", "sympy", "sklearn", "torch", "openai", "aiohttp"}
"""Packages that take from a half to several seconds to load."""

LIGHT_STEPS = (
    ("documents", "documents"),
    ("concept_walks", "documents"),
    ("contamination,benchmark_comparisons", "level_1|documents"),
    ("scaling_fits", None),
)
"""Assets, and a partition, whose steps need none of them."""

LOADED = re.compile(r"^import time:.*\| +([\w.]+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(road: Road, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("lazy") / "lake"
    shutil.copytree(road.folder, copy)
    return copy


def packages_of_a_run(folder: Path, assets: str, partition: str | None) -> set[str]:
    """The packages that any process of a launched run loads: `-X importtime` of all of them, by Python's own switch.

    What a process writes after Dagster began to capture its output stands in the run's compute logs.
    """
    home = dagster_home(folder)
    logs = set(home.rglob("*.err"))
    command = [sys.executable, "-m", "dagster", "asset", "materialize", "-m", "synth_assets.definitions"]
    command += ["--select", assets, *(("--partition", partition) if partition else ())]
    environment = {"DAGSTER_HOME": str(home), LAKE_VARIABLE: str(folder), "PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, [line for line in done.stderr.splitlines() if not line.startswith("import time")][-20:]
    written = [done.stderr, *(log.read_text() for log in sorted(set(home.rglob("*.err")) - logs))]
    return {module.partition(".")[0] for text in written for module in LOADED.findall(text)}


def test_loading_the_code_location_loads_no_heavy_package(tmp_path: Path) -> None:
    """Whatever the teacher: every step loads the location again."""
    (tmp_path / "synth.toml").write_text('[teacher]\nkind = "openai"\nmodel = "m"\nbase_urls = ["http://gpu1/v1"]\n')
    command = [sys.executable, "-X", "importtime", "-c", "import synth_assets.definitions"]
    environment = {**os.environ, LAKE_VARIABLE: str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    loaded = {module.partition(".")[0] for module in LOADED.findall(done.stderr)}
    assert {"dagster", "polars", "synth_assets"} <= loaded
    assert loaded.isdisjoint(HEAVY | {"numba", "scipy", "matplotlib"})


@pytest.mark.slow
@pytest.mark.parametrize(("assets", "partition"), LIGHT_STEPS)
def test_the_processes_of_a_light_step_load_nothing_heavy(folder: Path, assets: str, partition: str | None) -> None:
    loaded = packages_of_a_run(folder, assets, partition)
    assert {"dagster", "polars"} <= loaded
    assert loaded & HEAVY == set()


@pytest.mark.slow
def test_a_step_that_does_need_scikit_learn_is_seen_to_load_it(folder: Path) -> None:
    """So that the tests above cannot pass because nothing is seen."""
    assert "sklearn" in packages_of_a_run(folder, "reference_documents", "documents")
