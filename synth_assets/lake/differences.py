"""What changed in a table between two snapshots: rows added, removed, and changed, which is the same key with other
content, by partition.

Only partitions are looked at that do not lie in the same files at both snapshots. Their rows are compared inside
DuckDB by key and hash of content, so that it takes memory for those, not for the rows.

What does not live here: how much a commit wrote (`lake.Commit`), and whether a change makes something stale (the
ledger).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import duckdb
import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake, table_named
from synth_assets.lake.ordering import order_of
from synth_assets.lake.sql import ArrowStream, Partition, literal, of_partitions, quoted_list, stored
from synth_assets.lake.storage import CATALOGUE, cut_by
from synth_assets.tables import TEXT, Table

KINDS = ("added", "removed", "changed")
"""What may have become of a row."""

NAMED_PARTITIONS = 1000
"""Up to so many partitions are named in SQL; of more, reading everything costs less."""

KEPT = "`synth-assets sql 'FROM snapshots()'` lists those kept"


@dataclass(frozen=True)
class Difference:
    """How two snapshots of a table differ.

    `counts` has a row for each partition where something did: the partition columns, `added`, `removed`, `changed`.
    `condition` selects the rows that were compared.
    """

    lake: Lake
    table: Table
    earlier: int
    later: int
    counts: pl.DataFrame
    condition: str

    @property
    def totals(self) -> Mapping[str, int]:
        """Rows over all partitions, by what became of them."""
        return {kind: int(self.counts[kind].sum()) for kind in KINDS}

    @property
    def said(self) -> str:
        """The totals in words."""
        totals = ", ".join(f"{number:,} {kind}" for kind, number in self.totals.items())
        return f"{self.table.name}, from snapshot {self.earlier} to {self.later}: {totals}."

    def counts_by(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The counts by some of the partition columns; by all of them, where none are named.

        Raises SynthAssetsError for a column that does not part the table.
        """
        if columns is None:
            return self.counts
        parted = self.table.partitioned_by
        unknown = next((column for column in columns if column not in parted), None)
        if unknown is not None:
            way_out = f"name some of {', '.join(parted)}" if parted else "leave --by out"
            raise SynthAssetsError(f"--by {unknown}: the table {self.table.name} is not parted by that; {way_out}.")
        return self.counts.group_by(columns).agg(pl.col(KINDS).sum()).sort(columns)

    def examples(self, each: int) -> pl.DataFrame:
        """At most so many rows of each kind, the first by partition and key.

        Columns: `change`, those of the key, and as JSON what the row held `before` and `after`; of a changed row only
        where the two differ.
        """
        order = order_of(self.table)
        became = "CASE WHEN added > 0 THEN 'added' WHEN removed > 0 THEN 'removed' ELSE 'changed' END"
        with self.lake.reading() as cursor:
            # One snapshot for what follows, and none that expires meanwhile.
            cursor.execute("BEGIN")
            keys = pl.DataFrame(
                cursor.sql(
                    f"SELECT {became} AS change, {quoted_list(order)} FROM ({_by_key(self)}) "
                    f"WHERE {' + '.join(KINDS)} > 0 "
                    f"QUALIFY row_number() OVER (PARTITION BY change ORDER BY {quoted_list(order)}) <= {int(each)}"
                )
            )
            before, after = (_rows_at(cursor, self, at, keys.select(order)) for at in (self.earlier, self.later))
        place = {kind: number for number, kind in enumerate(KINDS)}
        rows = [
            (change, *key, *_contents(change, before.get(tuple(key)), after.get(tuple(key)), order))
            for change, *key in sorted(keys.iter_rows(), key=lambda row: (place[row[0]], row[1:]))
        ]
        schema = {"change": TEXT, **keys.select(order).schema, "before": TEXT, "after": TEXT}
        return pl.DataFrame(rows, schema, orient="row")


def difference(
    lake: Lake, table: Table | str, earlier: int, later: int, partitions: Sequence[Partition] | None = None
) -> Difference:
    """How `table` at the snapshot `later` differs from itself at `earlier`, within partitions where these are named.

    Raises SynthAssetsError for a table or a snapshot that the lake does not have.
    """
    table = table_named(table)
    empty = pl.DataFrame(schema={**dict.fromkeys(table.partitioned_by, TEXT), **dict.fromkeys(KINDS, pl.Int64())})
    with lake.reading() as cursor:
        if partitions is None:
            condition = _where_files_differ(cursor, table, earlier, later)
        else:
            condition = of_partitions(table, partitions)
        found = Difference(lake, table, earlier, later, empty, condition)
        by = quoted_list(table.partitioned_by)
        sums = ", ".join(f"sum({kind})::BIGINT AS {kind}" for kind in KINDS)
        counts = cursor.sql(
            f"SELECT {by + ', ' if by else ''}{sums} FROM ({_by_key(found)}) "
            f"WHERE {' + '.join(KINDS)} > 0 {f'GROUP BY {by} ORDER BY {by}' if by else 'HAVING count(*) > 0'}"
        )
        return replace(found, counts=pl.DataFrame(counts, schema_overrides=empty.schema))


def snapshot_named(lake: Lake, written: str) -> int:
    """The snapshot of a number, or of a time as ISO 8601: the one that was the lake's state then.

    Raises SynthAssetsError where it is neither, or where that snapshot is not kept.
    """
    kept = lake.snapshots()
    if written.isdecimal():
        if int(written) in kept["snapshot"]:
            return int(written)
        newest = int(kept["snapshot"][-1])
        if int(written) > newest:
            raise SynthAssetsError(f"There is no snapshot {written} yet, the newest is {newest}; {KEPT}.")
        raise SynthAssetsError(f"Snapshot {written} has expired (see lake.keep_snapshots_days); {KEPT}.")
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise SynthAssetsError(
            f"{written!r} is neither a snapshot nor a time: write a number or e.g. 2026-11-28T08:00; {KEPT}."
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    until = kept.filter(pl.col("time") <= moment)["snapshot"]
    if until.is_empty():
        raise SynthAssetsError(f"No snapshot of {written} is kept (see lake.keep_snapshots_days); {KEPT}.")
    return int(until[-1])


def _by_key(of: Difference) -> str:
    """The query of each key of either side, with how many rows of it were added, removed and changed.

    Tables to which rows are added may hold a key more than once; what is compared then is their number, and the sum of
    their hashes.
    """
    order = order_of(of.table)
    content = quoted_list(name for name in of.table.columns if name not in order)
    summed = f"SELECT {quoted_list(order)}, count(*) AS n, sum({f'hash({content})' if content else '0'}) AS content"
    sides = (
        f"({summed} FROM {stored(of.table, snapshot)} WHERE {of.condition} GROUP BY {quoted_list(order)})"
        for snapshot in (of.earlier, of.later)
    )
    a, b = sides
    return (
        f"SELECT {quoted_list(order)}, greatest(coalesce(b.n, 0) - coalesce(a.n, 0), 0) AS added, "
        "greatest(coalesce(a.n, 0) - coalesce(b.n, 0), 0) AS removed, "
        "CASE WHEN a.n = b.n AND a.content <> b.content THEN a.n ELSE 0 END AS changed "
        f"FROM {a} AS a FULL JOIN {b} AS b USING ({quoted_list(order)})"
    )


def _where_files_differ(cursor: duckdb.DuckDBPyConnection, table: Table, earlier: int, later: int) -> str:
    """The condition of the partitions that do not lie in the same files at both snapshots."""

    def at(snapshot: int) -> str:
        return f"begin_snapshot <= {snapshot} AND coalesce(end_snapshot > {snapshot}, true)"

    differ = f"({at(earlier)}) <> ({at(later)})"
    cut = cut_by(table)
    files = cursor.execute(
        f"WITH own AS (SELECT table_id FROM {CATALOGUE}.ducklake_table WHERE table_name = {literal(table.name)}), "
        "differing AS ("
        f"SELECT data_file_id FROM {CATALOGUE}.ducklake_data_file SEMI JOIN own USING (table_id) WHERE {differ} UNION "
        f"SELECT data_file_id FROM {CATALOGUE}.ducklake_delete_file SEMI JOIN own USING (table_id) WHERE {differ}), "
        "named AS (SELECT data_file_id, column_name, partition_value "
        f"FROM {CATALOGUE}.ducklake_data_file AS f JOIN differing USING (data_file_id) "
        f"JOIN {CATALOGUE}.ducklake_file_partition_value AS v USING (data_file_id) "
        f"JOIN {CATALOGUE}.ducklake_partition_column AS k "
        "ON k.partition_id = f.partition_id AND k.partition_key_index = v.partition_key_index "
        f"JOIN (SELECT DISTINCT table_id, column_id, column_name FROM {CATALOGUE}.ducklake_column) AS c "
        "ON c.table_id = f.table_id AND c.column_id = k.column_id) "
        "SELECT DISTINCT held FROM differing LEFT JOIN ("
        "SELECT data_file_id, map_from_entries(list((column_name, partition_value))) AS held FROM named "
        "GROUP BY data_file_id) USING (data_file_id)"
    ).fetchall()
    held = [partition or {} for (partition,) in files]
    if not held:
        return "false"
    if not cut or len(held) > NAMED_PARTITIONS or any(set(partition) != set(cut) for partition in held):
        return "true"
    return of_partitions(replace(table, partitioned_by=cut), held)


Row = Mapping[str, object]


def _rows_at(
    cursor: duckdb.DuckDBPyConnection, of: Difference, snapshot: int, keys: pl.DataFrame
) -> dict[tuple[object, ...], Row]:
    """The rows of these keys at a snapshot, by key; of several with one key, any."""
    cursor.register("asked", ArrowStream(keys))
    # Materialised: where pyarrow happens to be installed, DuckDB would hand it filters that it does not know.
    rows = pl.DataFrame(
        cursor.sql(
            f"WITH these AS MATERIALIZED (SELECT DISTINCT * FROM asked) SELECT * FROM {stored(of.table, snapshot)} "
            f"SEMI JOIN these USING ({quoted_list(keys.columns)}) WHERE {of.condition}"
        )
    )
    cursor.unregister("asked")
    return {tuple(row[name] for name in keys.columns): row for row in rows.iter_rows(named=True)}


def _contents(
    change: str, before: Row | None, after: Row | None, known: Sequence[str]
) -> tuple[str | None, str | None]:
    """What a row held before and after, less the columns of its key, and less what stayed."""
    if change == "changed" and before is not None and after is not None:
        kept = [name for name in before if name not in known and before[name] != after[name]]
    else:
        kept = [name for name in (before or after or {}) if name not in known]
        before, after = (None, after) if change == "added" else (before, None)

    def shown(row: Row | None) -> str | None:
        if row is None:
            return None
        return json.dumps({name: row[name] for name in kept}, ensure_ascii=False, default=str)

    return shown(before), shown(after)
