"""Everyday documents that the domain filter is shown beside the corpus: what most texts in the world are like.

A small corpus may hold little but its domain; a filter trained on it alone takes whatever it has not seen for the
domain. The background are 89 short texts of many kinds (recipes, reports, tables, code, letters, lessons of several
subjects), written for this project. Nothing says which of them belong to a domain: the teacher rates them like others.
"""

import json
from hashlib import blake2b
from pathlib import Path

from synth_assets.teachers.tasks import SourceDocument

BACKGROUND_DOCUMENTS = 89
"""How many there are."""

BACKGROUND_CONTENT = "b9a189941beb3a20"
"""Hash of the file of them, so that the code version of what is made with them follows their text."""

_FILE = Path(__file__).with_suffix(".jsonl")


def background(documents: int = BACKGROUND_DOCUMENTS) -> list[SourceDocument]:
    """The first so many of them, with ids `background:<n>`; their order mixes the kinds."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()[:documents]
    return [SourceDocument(document_id=f"background:{number}", **json.loads(line)) for number, line in enumerate(lines)]


def background_content() -> str:
    """The hash that BACKGROUND_CONTENT should be."""
    return blake2b(_FILE.read_bytes(), digest_size=8).hexdigest()
