"""The files of `deploy/`, read as their tools read them."""

import json
from pathlib import Path
from string import Template
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
VALUES = {
    "ACCOUNT": "123456789012",
    "REGION": "eu-west-1",
    "CLUSTER": "synth",
    "BUCKET": "lakes-of-acme",
    "DATABASE": "db.example.org",
    "TEACHER": "http://teacher.example.org:8000/v1",
}
"""What a person puts in the place of `${...}`."""


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def documents(name: str) -> list[dict[str, Any]]:
    """The documents of a YAML file."""
    return [document for document in yaml.safe_load_all(read(name)) if document]


def filled(name: str, **more: str) -> str:
    """A file with its `${...}` filled in; KeyError for one that is not known."""
    return Template(read(name)).substitute(VALUES, **more)


def filled_json(name: str, **more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(filled(name, **{name: json.dumps(text)[1:-1] for name, text in more.items()}))
    return found


def all_files() -> list[Path]:
    """Every file of the targets; trainers' examples are tested with the trainers."""
    return [path for path in sorted(DEPLOY.rglob("*")) if path.is_file() and "training" not in path.parts]
