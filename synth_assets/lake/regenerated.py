"""What a commit changed of the rows it replaced, in the words of a materialisation's metadata.

What does not live here: comparing two snapshots (`differences.py`), and Dagster (`io_manager.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.differences import KINDS, Difference, difference
from synth_assets.lake.lake import Commit, Lake
from synth_assets.lake.sql import Partition, partition_key
from synth_assets.markdown import frame, text
from synth_assets.tables import Table

COMPARED_ROWS = 5_000_000
"""Most rows, before and after together, that are compared along with writing them."""

SHOWN_PARTITIONS = 20


@dataclass(frozen=True)
class Regenerated:
    """What became of rows that stood where others were written: `found`, or why they were not compared."""

    found: Difference | None
    unchanged: int = 0
    why_not: str = ""

    @property
    def totals(self) -> Mapping[str, int]:
        """Rows added, removed and changed; empty where they were not compared."""
        return {f"rows_{kind}": number for kind, number in self.found.totals.items()} if self.found else {}

    @property
    def markdown(self) -> str:
        """A table of the partitions that changed."""
        if self.found is None:
            return f"Not compared: {self.why_not}."
        counts, parted = self.found.counts, self.found.table.partitioned_by
        same = f"Partitions that hold the rows of before: {self.unchanged:,}." if parted else "The rows of before."
        if counts.is_empty():
            return same
        shown = counts.head(SHOWN_PARTITIONS)
        more = counts.height - shown.height
        notes = ([f"And {more:,} more partitions."] if more else []) + ([same] if parted and self.unchanged else [])
        return "\n\n".join([frame(shown), *notes])


def regenerated(lake: Lake, table: Table, partitions: Sequence[Partition], commit: Commit) -> Regenerated | None:
    """How the rows of these partitions differ from those that the commit replaced; None where it replaced none.

    Only partitions are read whose content, by the ledger, is another. It never fails: the rows are committed, and what
    stood before may be unreadable.
    """
    if commit.before is None:
        return Regenerated(None, why_not="what the ledger said of what stood before cannot be read")
    earlier = commit.snapshot - 1  # commits are made one at a time, so this was the lake's state
    try:
        held = commit.before.filter(pl.col("rows") > 0).select(
            "partition", hash_before="content_hash", rows_before="rows"
        )
        both = commit.partitions.join(held, on="partition")
        if both.is_empty():
            return None
        other = both.filter(pl.col("content_hash") != pl.col("hash_before"))
        size = int(other.select(pl.col("rows").sum() + pl.col("rows_before").sum()).item())
        if size > COMPARED_ROWS:
            shown = f"`synth-assets diff {table.name} {earlier} {commit.snapshot}` does it"
            return Regenerated(None, why_not=f"{size:,} rows are too many to do it along with writing; {shown}")
        keys = set(other["partition"])
        wanted = [partition for partition in partitions if partition_key(partition) in keys]
        if not keys:
            empty = Difference(lake, table, earlier, commit.snapshot, _no_counts(table), "false")
            return Regenerated(empty, both.height)
        return Regenerated(
            difference(lake, table, earlier, commit.snapshot, wanted), unchanged=both.height - other.height
        )
    except (duckdb.Error, SynthAssetsError) as error:
        return Regenerated(None, why_not=f"what stood before cannot be read ({text(str(error).splitlines()[0], None)})")


def _no_counts(table: Table) -> pl.DataFrame:
    return pl.DataFrame(schema={**dict.fromkeys(table.partitioned_by, pl.String()), **dict.fromkeys(KINDS, pl.Int64())})
