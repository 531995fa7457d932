"""Every file of `deploy/` is read by its own schema or loader: nothing here starts a container."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import dagster as dg
import dockerfile
import pytest
import yaml
from compose_spec import ComposeSpecification
from dagster._core.instance.config import dagster_instance_config

from synth_assets.settings import usable
from synth_assets_tests.deploy.files import DEPLOY, ROOT, all_files, documents, filled, read

BASE = yaml.safe_load((ROOT / "synth_assets" / "automation" / "dagster.yaml").read_text())
OWN = {"storage", "compute_logs", "run_launcher"}
"""What an instance of several machines sets otherwise."""


def test_compose_is_a_valid_specification() -> None:
    """By compose-spec: the specification's own model, which knows every field."""
    found = ComposeSpecification.model_validate(yaml.safe_load(read("compose/compose.yaml")))
    assert set(found.services) == {"web", "daemon", "code", "database", "store", "bucket", "teacher"}


def test_services_of_compose_are_pinned_and_watched() -> None:
    (compose,) = documents("compose/compose.yaml")
    for name, service in compose["services"].items():
        assert re.search(r":v?\d+\.\d+", service["image"]), name
        assert name == "bucket" or service["healthcheck"]["test"][0] == "CMD", name


def test_what_compose_mounts_and_asks_for_is_there() -> None:
    (compose,) = documents("compose/compose.yaml")
    for config in compose["configs"].values():
        assert (DEPLOY / "compose" / config["file"]).is_file()
    assert (DEPLOY / "compose" / compose["x-code"]["build"]["context"]).resolve() == ROOT
    asked = set(re.findall(r"\$\{(\w+)", read("compose/compose.yaml")))
    named = dict(line.split("=", 1) for line in read("compose/.env.example").splitlines() if line[:1] not in ("", "#"))
    assert asked == set(named)
    assert not any(named.values())


def test_the_dockerfile_parses_and_copies_what_is_there() -> None:
    """By Docker's own parser, through the package dockerfile."""
    commands = dockerfile.parse_file(str(DEPLOY / "Dockerfile"))
    assert [command.cmd.lower() for command in commands][:1] == ["from"]
    copied = [c.value[:-1] for c in commands if c.cmd.lower() == "copy" and not c.flags]
    for source in (
        source.replace("${REQUIREMENTS}", kind) for sources in copied for source in sources for kind in EXTRAS
    ):
        assert (ROOT / source).exists(), source
    installs = [command.original for command in commands if "pip install" in command.original]
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    user = [command.value for command in commands if command.cmd.lower() == "user"]
    assert user == [("10001",)]


EXTRAS = ("deploy", "ray")


@pytest.mark.parametrize("extras", EXTRAS)
def test_extras_are_pinned_as_the_base_is(extras: str) -> None:
    base, more = _pins("base"), _pins(extras)
    assert len(base.keys() & more.keys()) > 0.9 * len(base)  # some are for other systems alone
    assert {name: more[name] for name in base if name in more and not more[name] & base[name]} == {}
    assert "://" not in (ROOT / f"requirements/{extras}.txt").read_text()


def _pins(name: str) -> dict[str, set[str]]:
    """Versions by package: another Python may need another one."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / "requirements" / f"{name}.txt").read_text().splitlines():
        if pin := re.match(r"([a-z0-9][\w.-]*)(?:\[[^]]*\])?==([^ ;\\]+)", line):
            found.setdefault(pin[1], set()).add(pin[2])
    return found


@pytest.mark.parametrize("target", ["compose", "ecs", "ray"])
def test_an_instance_differs_from_the_usual_one_in_its_storage_alone(target: str) -> None:
    (found,) = documents(f"{target}/dagster.yaml")
    assert {name: part for name, part in found.items() if name not in OWN} == {
        name: part for name, part in BASE.items() if name not in OWN
    }


@pytest.mark.parametrize("target", ["compose", "ecs"])
def test_dagster_reads_the_instance(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By Dagster's schema of dagster.yaml, and by the schema of each class that it names."""
    (tmp_path / "dagster.yaml").write_text(read(f"{target}/dagster.yaml"))
    values, _ = dagster_instance_config(str(tmp_path))
    with dg.DagsterInstance.ephemeral():
        for part in ("run_launcher", "compute_logs"):
            _accepted(values[part]) if part in values else None
    storage = dict(values["storage"]["postgres"])
    from dagster_postgres.utils import pg_config

    assert _problems(pg_config(), storage) == []


def _accepted(part: dict[str, Any]) -> None:
    """The class is there, and its own schema takes its configuration."""
    module = __import__(part["module"], fromlist=[part["class"]])
    assert _problems(getattr(module, part["class"]).config_type(), part["config"]) == []


def _problems(schema: Any, given: Any) -> list[str]:
    from dagster._config import resolve_to_config_type, validate_config

    names = re.findall(r"'env': '(\w+)'", repr(given))
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "given"))
    try:
        return [str(error) for error in validate_config(resolve_to_config_type(schema), given).errors or []]
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


@pytest.mark.parametrize("name", ["compose/synth.toml", "ecs/synth.toml", "kubernetes/settings.yaml"])
def test_settings_are_those_of_a_lake_between_machines(name: str) -> None:
    """By the project's own settings."""
    text = documents(name)[0]["data"]["SYNTH_ASSETS_SETTINGS"] if name.endswith(".yaml") else filled(name)
    settings = usable(tomllib.loads(text), name)
    assert settings.lake.catalog is not None and "password" not in settings.lake.catalog
    assert (settings.lake.data or "").startswith("s3://") and (settings.lake.files or "").startswith("s3://")
    # Files below the data path that the catalogue does not know are orphans.
    assert not f"{settings.lake.files}/".startswith(f"{settings.lake.data}/")


def test_the_workspace_names_the_code_location() -> None:
    """By Dagster's loader of workspaces."""
    from dagster._core.workspace.load import location_origins_from_yaml_paths

    (origin,) = location_origins_from_yaml_paths([str(DEPLOY / "compose" / "workspace.yaml")])
    (compose,) = documents("compose/compose.yaml")
    assert (origin.host, origin.port) == ("code", 4000)
    assert compose["services"]["code"]["command"][6] == "4000"


def test_no_file_holds_a_secret() -> None:
    """Whatever is named like one is empty, or refers to where it is kept."""
    named = re.compile(
        r"""\w*(?:PASSWORD|SECRET|TOKEN|KEY|password|Password)\b["']?\s*[:=]\s*["']?(?P<value>[^\s"']+)"""
    )
    for path in all_files():
        for line in path.read_text(encoding="utf-8").splitlines():
            found = named.search(re.sub(r"\$\{[^}]*\}", "$", line))
            assert found is None or re.match(r"\$|env:|", found["value"]).group(), f"{path.name}: {line}"
