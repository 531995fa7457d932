"""Small files written anew as larger ones, by ordinary commits: the rows stay, and no reader notices.

DuckLake's own `ducklake_merge_adjacent_files` and `ducklake_rewrite_data_files` change the catalogue below a query
that has begun (see `storage.merge_small_files`), so partitions are replaced by their own rows instead, under the commit
lock. The files that held them stay as long as a snapshot that is kept needs them.

What does not live here: merging along with every addition (`storage.py`), and when any of this is done
(`maintenance.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import duckdb

from synth_assets.lake.lake import Lake
from synth_assets.lake.scans import rows_of
from synth_assets.lake.sql import Partition, literal, of_partitions, quoted_list, stored
from synth_assets.lake.storage import ADDED_TO, CATALOGUE, cut_by, ending_with_small_files, merge_small_files
from synth_assets.lake.writing import insert
from synth_assets.tables import Table

MERGED_BYTES = 64_000_000
"""Files below this are merged, as far as they hold rows of the same partition. A scan of files of this size costs
hardly more than one of larger files."""

COMMIT_BYTES = 128_000_000
"""Bytes of files written anew in one commit, unless a single partition has more: others may commit in between."""

Scattered = tuple[Partition, int]
"""A partition that lies in too many files, and the bytes of these."""


def wanting(lake: Lake, table: Table) -> bool:
    """Whether :func:`merge_table` would write anything."""
    with lake.reading() as cursor:
        if table in ADDED_TO:
            return bool(ending_with_small_files(cursor, [table], MERGED_BYTES, at_least=2))
        return bool(scattered(cursor, table))


def merge_table(lake: Lake, table: Table) -> None:
    """Merge the small files of a table, a commit for every `COMMIT_BYTES`; nothing where there are none to merge.

    Takes memory for the largest partition it writes anew, as writing it took before. Rows, their order and the ledger
    stay; only the snapshot that DuckLake notes for each row is that of the merge.
    """
    message, details = f"merge small files of {table.name}", {"table": table.name}
    if table in ADDED_TO:
        if wanting(lake, table):
            lake.commit(message, details, lambda cursor, _: merge_small_files(cursor, [table], MERGED_BYTES, 2))
        return
    with lake.reading() as cursor:
        found = scattered(cursor, table)
    for group in _grouped(found):
        lake.commit(message, details, partial(_rewrite, table, group))


def scattered(cursor: duckdb.DuckDBPyConnection, table: Table) -> list[Scattered]:
    """The partitions, as files are cut by them, that should be written anew, in their order.

    Those with several small files; with rows deleted from a file that stayed; and those with rows in a file that an
    earlier release cut by other columns.
    """
    cut = cut_by(table)
    rows = cursor.execute(
        "WITH own AS ("
        f"SELECT table_id, partition_id FROM {CATALOGUE}.ducklake_table AS t "
        f"LEFT JOIN (FROM {CATALOGUE}.ducklake_partition_info WHERE end_snapshot IS NULL) USING (table_id) "
        f"WHERE table_name = {literal(table.name)} AND t.end_snapshot IS NULL), "
        "live AS ("
        "SELECT f.data_file_id, f.file_size_bytes, f.row_id_start, f.record_count, "
        "f.partition_id IS NOT DISTINCT FROM own.partition_id AS cut_so, "
        f"EXISTS (FROM {CATALOGUE}.ducklake_delete_file AS d "
        "WHERE d.data_file_id = f.data_file_id AND d.end_snapshot IS NULL) AS holed "
        f"FROM {CATALOGUE}.ducklake_data_file AS f JOIN own USING (table_id) WHERE f.end_snapshot IS NULL), "
        "held AS ("
        "SELECT data_file_id, list(partition_value ORDER BY partition_key_index) AS cut_values "
        f"FROM {CATALOGUE}.ducklake_file_partition_value GROUP BY data_file_id) "
        "SELECT CASE WHEN cut_so THEN coalesce(cut_values, []) END AS values, "
        f"sum(file_size_bytes)::BIGINT, count(*) FILTER (file_size_bytes < {MERGED_BYTES}), bool_or(holed), "
        "list({'first': row_id_start, 'last': row_id_start + record_count - 1}) "
        "FROM live LEFT JOIN held USING (data_file_id) GROUP BY ALL"
    ).fetchall()
    found = {
        tuple(values): size for values, size, small, holed, _ in rows if values is not None and (small > 1 or holed)
    }
    for values, size, _, _, stretches in rows:
        if values is None:
            of_file = f"SELECT DISTINCT {quoted_list(cut)} FROM {stored(table)} WHERE " + " OR ".join(
                f"rowid BETWEEN {stretch['first']} AND {stretch['last']}" for stretch in stretches
            )
            held = cursor.execute(of_file).fetchall() if cut else [()]
            for partition in held:
                found[partition] = found.get(partition, 0) + size // len(held)
    return [(dict(zip(cut, values, strict=True)), found[values]) for values in sorted(found)]


def _grouped(found: Iterable[Scattered]) -> Iterator[list[Partition]]:
    """Partitions that are written anew in one commit."""
    group: list[Partition] = []
    held = 0
    for partition, size in found:
        if group and held + size > COMMIT_BYTES:
            yield group
            group, held = [], 0
        group.append(partition)
        held += size
    if group:
        yield group


def _rewrite(table: Table, partitions: Sequence[Partition], cursor: duckdb.DuckDBPyConnection, _: int) -> None:
    """Put the rows of some partitions in the place of themselves, within the cursor's transaction."""
    cut = replace(table, partitioned_by=cut_by(table))
    condition = of_partitions(cut, partitions)
    rows = rows_of(cursor, cut, stored(table), condition, list(table.columns))
    cursor.execute(f"DELETE FROM {stored(table)} WHERE {condition}")
    insert(cursor, cut, rows)
