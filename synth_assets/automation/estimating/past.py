"""What a lake already holds, read without writing anything, also where there is no lake at all.

Answers in the store, which partitions need nothing, and rows drawn from its tables. What is made of it lives in the
other modules of the estimate.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import dagster as dg
import polars as pl

from synth_assets.automation.declared import parents_of, standings
from synth_assets.automation.partitions import missing_partitions
from synth_assets.automation.standing import Standing, shared_dimensions
from synth_assets.corpus.reading import read_shards
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import DOCUMENTS, TABLES, Table
from synth_assets.teachers.store import StoredResponse

ANSWERS = """
select partition, request_hash, task, teacher, prompt_version, response, prompt_tokens, completion_tokens
from teacher_responses where request_hash in (select unnest($hashes))"""

LIST_OF_TEXTS = """'["VARCHAR"]'"""

PLANNED = 3_000
"""Documents, walks or questions up to which every one is looked at and planned with; of more, so many are drawn over
all partitions. At this size an estimate takes seconds."""

DRAWN = """
with chosen as (
    select {key} from {table} where list_contains($shards, shard)
    qualify row_number() over (partition by {parts} order by md5({key})) <= $quota
)
select {columns} from {rows} semi join chosen using ({key}) order by {parts}, {key}"""
"""The rows of a table whose key has the smallest hashes of their partition: a draw that repeats."""


class Past:
    """A lake as an estimate sees it. Everything is empty where there is none."""

    def __init__(self, lake: Lake | None, found: Sequence[Standing], settled: Collection[tuple[str, str]]) -> None:
        self._lake = lake
        self._made = {(one.asset, one.partition): one.rows for one in found if one.rows is not None}
        self._settled = frozenset(settled)
        self._tables = set(self._table_names()) if lake is not None else set[str]()

    def close(self) -> None:
        """Close the lake."""
        if self._lake is not None:
            self._lake.close()

    def settled(self, asset: str, partition: str = "") -> bool:
        """Whether a run would leave this partition alone: it is fresh, and so is everything it is made from."""
        return (asset, partition) in self._settled

    def made(self, asset: str, partition: str = "") -> int | None:
        """Rows of a partition, stale or not; None where it has never been materialised."""
        return self._made.get((asset, partition))

    def query(self, sql: str, table: Table | str, **parameters: object) -> pl.DataFrame | None:
        """The result of a SELECT on `table`; None where there is no lake, or one that lacks the table.

        A list among the parameters is handed over as JSON, which DuckDB reads much faster than a list of Python's.
        """
        name = table if isinstance(table, str) else table.name
        if self._lake is None or name not in self._tables:
            return None
        plain: dict[str, object] = {}
        for key, value in parameters.items():
            listed = isinstance(value, list)
            sql = sql.replace(f"${key}", f"from_json(${key}, {LIST_OF_TEXTS})") if listed else sql
            plain[key] = json.dumps(value) if listed else value
        return self._lake.query(sql, parameters=plain)

    def answers(self, request_hashes: Sequence[str]) -> Mapping[str, StoredResponse]:
        """The stored responses among the given hashes."""
        found = self.query(ANSWERS, "teacher_responses", hashes=list(request_hashes))
        if found is None:
            return {}
        return {row["request_hash"]: StoredResponse(**row) for row in found.iter_rows(named=True)}

    def drawn(self, table: Table, shards: Collection[str], quota: int, columns: Sequence[str] = ()) -> pl.DataFrame:
        """Up to `quota` rows of each partition of `table` in these shards, the same ones at each call.

        The columns are those of the table, or `columns`, which may be those of `documents` for a table of documents.
        """
        wanted = tuple(columns or table.columns)
        rows = table if set(wanted) <= set(table.columns) else TABLES["documents"]
        (key,) = table.key
        found = self.query(
            DRAWN.format(
                key=key,
                table=table.name,
                rows=rows.name,
                parts=", ".join(rows.partitioned_by),
                columns=", ".join(wanted),
            ),
            table,
            shards=list(shards),
            quota=quota,
        )
        schema = {name: rows.schema[name] for name in wanted}
        return pl.DataFrame(schema=schema) if found is None else found.cast(dict(schema))  # type: ignore[arg-type]

    def _table_names(self) -> list[str]:
        assert self._lake is not None
        return self._lake.query("select table_name from duckdb_tables()")["table_name"].to_list()


def past_of(folder: Path, settings: Settings) -> tuple[Past, str | None]:
    """The past of the lake in `folder`, and why there is none where that is not for want of a folder."""
    lake = Lake(settings.lake_in(folder))
    if lake.settings.catalog is None and not lake.settings.catalog_file.exists():
        return Past(None, [], []), None
    if lake.settings.catalog is not None:
        try:
            lake.query("select 1")
        except SynthAssetsError as error:
            # Before the first run a catalogue in PostgreSQL is an empty database, which looks like one out of reach.
            return Past(None, [], []), f"The lake is taken to be empty, because it could not be read: {error}"
    found, settled = _standings(folder, settings, lake)
    return Past(lake, found, settled), None


def _standings(folder: Path, settings: Settings, lake: Lake) -> tuple[list[Standing], set[tuple[str, str]]]:
    """Every partition of the settings, and those that a run would not touch."""
    from synth_assets.definitions import build_definitions

    definitions = build_definitions(folder, settings)
    # The lake's own instance would be written to, and may not know the newest shards yet.
    with dg.DagsterInstance.ephemeral() as instance:
        for definition, names in missing_partitions(instance, settings):
            instance.add_dynamic_partitions(definition.name or "", names)
        found = standings(definitions, instance, lake, settings)
    unchanged = _read_again(settings, lake, found)
    graph = definitions.resolve_asset_graph()
    parents = {key.path[-1]: parents_of(graph.get(key)) for key in graph.toposorted_asset_keys}
    unsettled: dict[str, set[tuple[str, ...]]] = {}
    settled = set()
    for one in found:  # in the order of the road: parents first
        place = _place(one.asset, one.partition)
        waits = any(
            tuple(place[column] for column in shared_dimensions(parent, one.asset))
            in _projected(unsettled, parent, one.asset)
            for parent in parents[one.asset]
        )
        if not waits and (one.state == "fresh" or (one.asset, one.partition) in unchanged):
            settled.add((one.asset, one.partition))
        else:
            unsettled.setdefault(one.asset, set()).add(tuple(place.values()))
    return found, settled


def _read_again(settings: Settings, lake: Lake, found: Sequence[Standing]) -> set[tuple[str, str]]:
    """The stale shards of `documents` that will hold the same rows when they are read again: files only touched."""
    stale = {
        one.partition: one.rows for one in found if one.asset == DOCUMENTS.name and one.rows is not None and one.why
    }
    if not stale or sum(stale.values()) > PLANNED:
        return set()
    shards = settings.corpus.shards()
    read = read_shards([shard for shard in shards if shard.name in stale], DOCUMENTS.empty()).rows
    held = DOCUMENTS.conform(
        lake.query(
            "select * from documents where list_contains($shards, shard)",
            parameters={"shards": list(stale)},
        )
    )
    now, before = (rows.sort("document_id").partition_by("shard", as_dict=True) for rows in (read, held))
    return {(DOCUMENTS.name, name) for (name,) in now if (name,) in before and now[name,].equals(before[name,])}


def _place(asset: str, partition: str) -> dict[str, str]:
    """The values of a partition key by dimension, in alphabetical order."""
    columns = sorted(TABLES[asset].partitioned_by)
    return dict(zip(columns, partition.split("|"), strict=False)) if columns else {}


def _projected(unsettled: Mapping[str, set[tuple[str, ...]]], parent: str, name: str) -> set[tuple[str, ...]]:
    """The unsettled partitions of `parent` as far as those of `name` can tell them apart."""
    columns = sorted(TABLES[parent].partitioned_by)
    kept = [columns.index(column) for column in shared_dimensions(parent, name)]
    return {tuple(values[place] for place in kept) for values in unsettled.get(parent, ())}
