"""One small lake for the room, made by the whole road from documents of the sample, with hostile text planted."""

import json
from collections.abc import Iterator

import pytest
from rich.console import Console

from synth_assets.automation.running import run_everything
from synth_assets.lake import Lake
from synth_assets.settings import (
    SAMPLE,
    CorpusSettings,
    FilterSettings,
    Settings,
    StudentSettings,
    WalkSettings,
    save_settings,
)

SCRIPT = "<script>alert('{place}')</script>"
"""Stands in a document's title, in a question and in a benchmark item."""

DOCUMENTS = 40
PLANTED_QUESTION = (
    f"A market stall {SCRIPT.format(place='question')} packs 18 plums and 24 pears into bags that are all alike, with "
    "nothing left over and as many bags as possible. How many bags does the stall pack?"
)


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Every fourth document of the sample and a hostile one, against a benchmark that holds its exercise."""
    folder = tmp_path_factory.mktemp("sources")
    sample = sorted((SAMPLE / "corpus").glob("*.jsonl"))
    rows = [json.loads(line) for path in sample for line in path.read_text(encoding="utf-8").splitlines()]
    rows = rows[:: max(1, len(rows) // DOCUMENTS)]
    planted = {
        "id": "planted",
        "title": f"Greatest common divisors {SCRIPT.format(place='title')}",
        "url": "javascript:alert(1)",
        "text": (
            "The greatest common divisor of two numbers is the largest number that divides both. Write each number as "
            "a product of prime numbers; the common prime factors, multiplied, give the greatest common divisor. The "
            "least common multiple is found in the same way.\n\n"
            f"Problem. {PLANTED_QUESTION}\n\n"
            "Solution. The greatest common divisor of 18 and 24 is 6. The answer is 6."
        ),
    }
    (folder / "corpus.jsonl").write_text("\n".join(json.dumps(row) for row in [*rows, planted]), encoding="utf-8")
    item = {"id": "item", "question": PLANTED_QUESTION + " " + SCRIPT.format(place="item"), "answer": "6"}
    other = {"id": "other", "question": "Which river is the longest in Europe?", "answer": "Volga"}
    (folder / "bench.jsonl").write_text("\n".join(map(json.dumps, (item, other))), encoding="utf-8")
    return Settings(
        corpus=CorpusSettings(sources=(str(folder / "corpus.jsonl"),)),
        benchmarks={"bench": str(folder / "bench.jsonl")},
        filter=FilterSettings(trees=50, ratings_per_round=40, syllabus_documents=30),
        walks=WalkSettings(epochs=2),
        students=StudentSettings(profile="smoke"),
    )


@pytest.fixture(scope="session")
def small_lake(tmp_path_factory: pytest.TempPathFactory, small_settings: Settings) -> Iterator[Lake]:
    """The lake after the whole road; to be read only. It takes half a minute of CPU, once a session."""
    folder = tmp_path_factory.mktemp("lake")
    save_settings(small_settings, folder)
    run_everything(folder, small_settings, Console(quiet=True))
    lake = Lake(small_settings.lake_in(folder))
    yield lake
    lake.close()
