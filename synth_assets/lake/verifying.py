"""Whether the lake still holds what was put into it: every partition read, and compared with the ledger.

Parquet files as DuckDB writes them hold no checksums, so a changed byte of a text is read like any other. The ledger
has a hash of each partition's content, and here it is looked at. What does not live here: files that cannot be read at
all, which every reading tells of (`damage.py`).
"""

from collections.abc import Iterator

import polars as pl

from synth_assets.errors import PassingFaultError, SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.lake.ledger import partition_contents
from synth_assets.lake.sql import partition_named
from synth_assets.tables import MATERIALISATIONS, QUARANTINE, TABLES, TEXT, Table

FOUND = {"table": TEXT, "partition": TEXT, "problem": TEXT}


def damaged_partitions(lake: Lake) -> pl.DataFrame:
    """The partitions whose rows are not those that were committed: `table`, `partition` and the `problem` in words.

    Everything that was materialised is read, as it stands at the newest snapshot, one partition at a time. The hash
    may change with the release of Polars: after an upgrade, partitions that were made before it are all found here,
    until they are made again.
    """
    snapshot = lake.current_snapshot()
    try:
        ledger = lake.read(MATERIALISATIONS, snapshot=snapshot)
    except PassingFaultError:
        raise
    except SynthAssetsError as error:
        return pl.DataFrame([(MATERIALISATIONS.name, "", str(error))], FOUND, orient="row")
    problems = [
        (stage, key, problem)
        for stage, key, content_hash, rows in ledger.select("stage", "partition", "content_hash", "rows").iter_rows()
        for problem in _problems(lake, TABLES[stage], key, content_hash, rows, snapshot)
    ]
    return pl.DataFrame(problems, FOUND, orient="row")


def _problems(lake: Lake, table: Table, key: str, content_hash: str, count: int, snapshot: int) -> Iterator[str]:
    partition = partition_named(table, key)
    try:
        rows = lake.read(table, {name: [value] for name, value in partition.items()}, snapshot=snapshot, ordered=False)
    except PassingFaultError:
        raise
    except SynthAssetsError as error:
        yield str(error)
        return
    if rows.height != count:
        yield f"holds {rows.height} rows, not the {count} that were committed: materialise it again"
        return
    found = partition_contents(table, [partition], rows, QUARANTINE.empty())["content_hash"].item()
    if found != content_hash:
        yield "holds other values than were committed: materialise it again"
