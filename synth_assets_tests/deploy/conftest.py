"""What tests of several machines share: the servers, the settings, and the same road on one machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from synth_assets.lake.lake import Lake
from synth_assets.settings import SAMPLE, SETTINGS_VARIABLE, Settings, load_settings, save_settings
from synth_assets_tests.command_line import synth_assets
from synth_assets_tests.conftest import write_corpus
from synth_assets_tests.deploy.services import BUCKET, LIMIT_SECONDS, Services, services


@pytest.fixture(scope="package")
def shared() -> Iterator[Services]:
    """PostgreSQL and an S3 server; how to reach them is in the environment, as on every machine."""
    with services(Path(f"/tmp/deploy-{os.getpid()}")) as found, pytest.MonkeyPatch.context() as patch:
        for name, value in found.environment.items():
            patch.setenv(name, value)
        yield found


@pytest.fixture(scope="package")
def settings(shared: Services, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The road of the session, its sources in the store; the lake's parts are for each test to name."""
    corpus = tmp_path_factory.mktemp("corpus")
    write_corpus(corpus)
    shared.put({f"corpus/{path.name}": path.read_bytes() for path in corpus.iterdir()})
    shared.put({"benchmark.jsonl": (SAMPLE / "benchmarks" / "held_out_problems.jsonl").read_bytes()})
    return Settings.model_validate(
        {
            "corpus": {"sources": [f"s3://{BUCKET}/corpus/*.jsonl"]},
            "benchmarks": {"held_out_problems": f"s3://{BUCKET}/benchmark.jsonl"},
            "students": {"profile": "smoke"},
        }
    )


@pytest.fixture(scope="package")
def alone(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """The lake of one machine, with SQLite and a folder of data."""
    folder = tmp_path_factory.mktemp("alone")
    save_settings(settings, folder)
    with pytest.MonkeyPatch.context() as patch:
        # Settings in the environment, as a test of several machines may have them there, would win over the folder's.
        patch.delenv(SETTINGS_VARIABLE, raising=False)
        done = synth_assets("run", "--lake", folder, limit_seconds=LIMIT_SECONDS)
        lake = Lake(load_settings(folder).lake_in(folder))
    assert done.returncode == 0, done.stderr
    assert lake.settings.catalog is None
    yield lake
    lake.close()
