"""A road on paper: a real lake whose ledger says what was made, without a row. What is asked for goes by it alone."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from synth_assets.automation.declared import standings
from synth_assets.automation.partitions import BENCHMARKS, SHARDS
from synth_assets.automation.standing import Standing
from synth_assets.definitions import build_definitions
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import MATERIALISATIONS


class PaperRoad:
    """A corpus of the files `a` and `b`, a benchmark, and a lake on them. Time stands still but for its own clock."""

    def __init__(self, place: Path, **sections: Any) -> None:
        self.place, self.corpus = place, place / "corpus"
        self.corpus.mkdir()
        for name in ("a", "b"):
            self.write_source(name)
        (place / "test.jsonl").write_text('{"question": "What is 2 + 2?", "answer": "4"}\n')
        written = {
            "corpus": {"sources": [str(self.corpus / "*.jsonl")]},
            "benchmarks": {"test": str(place / "test.jsonl")},
            **sections,
        }
        self.settings = Settings.model_validate(written)
        self.lake = Lake(self.settings.lake_in(place / "lake"))
        self.lake.create()
        self.definitions = build_definitions(place / "lake", self.settings)
        self.graph = self.definitions.resolve_asset_graph()
        self._clock = 0
        self._ledger: dict[tuple[str, str], dict[str, Any]] = {}

    def write_source(self, name: str) -> None:
        (self.corpus / f"{name}.jsonl").write_text(f'{{"id": "{name}", "text": "Text of {name}."}}\n')

    def begin(self, instance: dg.DagsterInstance) -> None:
        """Forget all, make the partitions of the two files and the benchmark, and enter everything as made."""
        for definition, names in ((SHARDS, ["a", "b"]), (BENCHMARKS, ["test"])):
            instance.add_dynamic_partitions(str(definition.name), names)
        self._ledger.clear()
        with self.lake.cursor() as cursor:
            cursor.execute("DELETE FROM lake.teacher_usage")
        self.make((one.asset, one.partition) for one in self.standings(instance))

    def standings(self, instance: dg.DagsterInstance) -> list[Standing]:
        return standings(self.definitions, instance, self.lake, self.settings)

    def make(self, places: Iterable[tuple[str, str]], version: str | None = None, changed: bool = True) -> None:
        """Enter partitions of assets as made now, each after the one before; `changed`: with other rows than before."""
        for asset, partition in places:
            self._clock += 1
            before = self._ledger.get((asset, partition))
            self._ledger[asset, partition] = {
                "stage": asset,
                "partition": partition,
                "code_version": version or self.graph.get(dg.AssetKey(asset)).code_version,
                "content_hash": str(self._clock),
                "changed_snapshot": before["changed_snapshot"] if before and not changed else self._clock,
                "built_snapshot": self._clock,
                "rows": 1,
                "quarantined": 0,
                "run_id": "",
                "made_at": datetime.now(UTC),
            }
        with self.lake.cursor() as cursor:
            cursor.execute("DELETE FROM lake.materialisations")
        rows = pl.DataFrame(list(self._ledger.values()), schema=MATERIALISATIONS.schema)
        self.lake.append({"materialisations": rows}, "on paper")


def by_asset(places: Collection[tuple[str, str]]) -> dict[str, set[str]]:
    """Partitions by asset."""
    return {name: {key for asset, key in places if asset == name} for name, _ in places}


METHODS = ("level_1", "level_2", "level_3")


def of_methods(*shards: str) -> set[str]:
    """These shards by every method."""
    return {f"{method}|{shard}" for method in METHODS for shard in shards}
