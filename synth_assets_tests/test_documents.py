"""The documents say what is there: settings, commands, quarantine reasons, and links that lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from pydantic import BaseModel

from synth_assets.cli import app
from synth_assets.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
USING = (ROOT / "docs" / "using.md").read_text(encoding="utf-8")


def settings_of(section: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings_of(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name, field.get_default(call_default_factory=True)


@pytest.mark.parametrize(("name", "default"), list(settings_of(Settings)))
def test_every_setting_stands_in_the_guide_with_its_default(name: str, default: object) -> None:
    row = next((line for line in USING.splitlines() if line.startswith(f"| `{name}` |")), None)
    assert row is not None
    if isinstance(default, int | float) and not isinstance(default, bool):
        assert f"| `{default}` |" in row


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_printed_command_and_option_exists(page: Path) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
        if language:  # settings, not commands
            continue
        for line in re.findall(r"synth-assets ([^\n]*(?:\\\n[^\n]*)*)", block):
            name, *rest = line.split()
            assert name in commands, line
            within = getattr(commands[name], "commands", None)  # a command with commands of its own
            command = commands[name] if within is None else within[rest[0]]
            known = {option for parameter in command.params for option in parameter.opts}
            assert set(re.findall(r"(?<=\s)--[a-z-]+", line)) <= known, line


def test_every_quarantine_reason_written_in_the_code_is_explained() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "synth_assets").rglob("*.py"))
    written = re.findall(r'"reason": "([a-z_]+)"', sources)
    assert written
    assert [reason for reason in written if f"`{reason}`" not in USING] == []
