"""Which executor the settings name, and what is refused before a step is sent anywhere."""

import sys
from pathlib import Path

import dagster as dg
import pytest

from synth_assets.automation.executing import execute, executor_of
from synth_assets.automation.instance import instance_of
from synth_assets.errors import SynthAssetsError
from synth_assets.settings import ExecutionSettings, LakeLocation, Settings

BETWEEN_MACHINES = {"catalog": "postgresql://lake@db.example.org/lake", "data": "s3://lakes/mathematics"}


def spread(kind: str, **location: str) -> Settings:
    """Settings whose steps are elsewhere, of a lake that lies there."""
    execution = ExecutionSettings.model_validate({"kind": kind, "cpus": 4})
    return Settings(execution=execution, lake=LakeLocation.model_validate(location))


def test_steps_are_processes_of_this_machine_unless_said() -> None:
    assert executor_of(Settings()).name == "a_process_a_step"


@pytest.mark.parametrize("kind", ["ray", "kubernetes"])
@pytest.mark.parametrize("here_alone", ["catalog", "data"])
def test_a_lake_that_lies_on_this_machine_is_refused(kind: str, here_alone: str) -> None:
    location = {name: where for name, where in BETWEEN_MACHINES.items() if name != here_alone}
    with pytest.raises(SynthAssetsError, match=rf"execution\.kind = '{kind}' .*set lake\.catalog .* and lake\.data"):
        executor_of(spread(kind, **location))


@pytest.mark.parametrize("kind", ["ray", "kubernetes"])
def test_data_in_a_folder_is_refused(kind: str) -> None:
    with pytest.raises(SynthAssetsError, match=r"lake\.data to an s3:// address"):
        executor_of(spread(kind, **{**BETWEEN_MACHINES, "data": "/mnt/shared/lake"}))


@pytest.mark.parametrize("kind", ["ray", "kubernetes"])
def test_a_password_that_every_step_would_show_is_refused_and_not_repeated(kind: str) -> None:
    with pytest.raises(SynthAssetsError, match="PGPASSWORD") as told:
        executor_of(spread(kind, **{**BETWEEN_MACHINES, "catalog": "postgresql://lake:hunter2@db.example.org/lake"}))
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize(("kind", "module"), [("ray", "dagster_ray"), ("kubernetes", "dagster_k8s")])
def test_the_extra_is_named_where_it_is_missing(kind: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SynthAssetsError, match=rf"{module} is not installed.*pip install 'synth-assets\[{kind}\]'"):
        executor_of(spread(kind, **BETWEEN_MACHINES))


def test_records_that_lie_on_this_machine_are_refused_before_anything_is_launched(tmp_path: Path) -> None:
    @dg.asset
    def made() -> None:
        raise AssertionError

    settings, definitions = spread("kubernetes", **BETWEEN_MACHINES), dg.Definitions(assets=[made])
    with instance_of(tmp_path) as instance:
        with pytest.raises(SynthAssetsError, match=r"storage in PostgreSQL in .*dagster/dagster\.yaml"):
            execute(definitions, instance, settings, tmp_path, [made.key], {})
        assert instance.get_runs_count() == 0
