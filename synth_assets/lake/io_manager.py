"""How Dagster's assets are stored: each output replaces its run's partitions of a table of the lake.

What does not live here: what an asset does, and what its partitions are. An asset is stored in the table named like
the last part of its key; the dimensions of its partitions are the table's partition columns.
"""

from collections.abc import Callable, Mapping
from typing import Any

import dagster as dg
import polars as pl

from synth_assets.automation.transience import retried
from synth_assets.lake.lake import Commit, Lake
from synth_assets.lake.ledger import Origin
from synth_assets.lake.regenerated import Regenerated, regenerated
from synth_assets.lake.sql import Partition
from synth_assets.markdown import text
from synth_assets.tables import TABLES, StageResult, Table, no_quarantine

MADE_BY = "made by"
"""Output metadata: the code version a step really ran with, which the configuration of the run may change."""

PREVIEW_ROWS = 5
"""Rows of the preview."""

DETAILED_PARTITIONS = 100
"""Up to this many partitions a run, each gets its own counts and content hash. Dagster looks through all partitions
for each one it is told about, so the cost grows with their square; `Lake.row_counts` has the counts of any number."""


class LakeIOManager(dg.IOManager):
    """Stores stage results in a lake and loads frames from it.

    An input annotated `pl.LazyFrame` is read when it is collected, any other is loaded as a `pl.DataFrame`, in the
    order of partition and key.
    """

    def __init__(
        self,
        lake: Lake,
        version: Callable[[Mapping[str, Any]], str] | None = None,
        glance: Callable[[str, StageResult], Mapping[str, str]] | None = None,
    ) -> None:
        """`version` tells the code version by an asset's metadata; by default it is the one that the asset declares.

        `glance` gives the Markdown that a materialisation shows of the rows of a table, beside the preview.
        """
        self._lake = lake
        self._version = version
        self._glance = glance

    @retried
    def handle_output(self, context: dg.OutputContext, obj: StageResult | pl.DataFrame) -> None:
        """Replace the run's partitions with `obj` in one transaction.

        Raises ValueError if rows have vanished, belong to other partitions, do not conform, or repeat a key.
        """
        table = TABLES[context.asset_key.path[-1]]
        if isinstance(obj, pl.DataFrame):
            obj = StageResult(obj, no_quarantine(*table.partitioned_by), received=obj.height, passed=obj.height)
        if not isinstance(obj, StageResult):
            raise TypeError(f"asset {table.name} returned {type(obj).__name__}, not a StageResult or a DataFrame")
        obj.check(table.name)
        partitions = _output_partitions(context, table)
        message = f"replace {table.name} (run {context.run_id})"
        spec = context.asset_spec
        made_by = self._version(spec.metadata) if self._version else spec.code_version or ""
        origin = Origin(made_by, context.run_id)
        commit = self._lake.replace(table, obj.rows, partitions, obj.quarantined, message, origin)
        shown = self._shown(context, table, obj)
        context.add_output_metadata(
            {
                MADE_BY: made_by,
                **{name: dg.MetadataValue.md(markdown) for name, markdown in shown.items()},
                **self._metadata(table, obj, commit),
            }
        )
        context.add_output_metadata(_changes(regenerated(self._lake, table, partitions, commit)))
        if 0 < len(partitions) <= DETAILED_PARTITIONS:
            _describe_partitions(context, commit)

    def _shown(self, context: dg.OutputContext, table: Table, result: StageResult) -> Mapping[str, str]:
        """What a materialisation shows of its rows. They are stored by now: a picture that fails must not fail them."""
        if self._glance is None:
            return {}
        try:
            return self._glance(table.name, result)
        except Exception:  # whatever it is, it is said, with where it came from
            context.log.warning(f"The rows of {table.name} are stored, but could not be shown.", exc_info=True)
            return {}

    @retried
    def load_input(self, context: dg.InputContext) -> pl.DataFrame | pl.LazyFrame:
        """The rows of the input's partitions, lazily where the asset asks for a LazyFrame."""
        table = TABLES[context.asset_key.path[-1]]
        wanted = _input_partitions(context, table)
        lazy = context.dagster_type.typing_type is pl.LazyFrame
        if wanted is None or not _asks_for_all(context, table):
            return self._lake.scan(table, wanted) if lazy else self._lake.read(table, wanted)
        # All partitions: naming thousands of them in SQL costs more than reading everything. Rows of partitions that
        # Dagster no longer knows (a shard that was removed) are left out here.
        known = [pl.col(column).is_in(values) for column, values in wanted.items()]
        return self._lake.scan(table).filter(known) if lazy else self._lake.read(table).filter(known)

    def _metadata(self, table: Table, result: StageResult, commit: Commit) -> dict[str, dg.MetadataValue]:
        return {
            "snapshot": dg.MetadataValue.int(commit.snapshot),
            "rows": dg.MetadataValue.int(commit.rows),
            "quarantined": dg.MetadataValue.int(commit.quarantined),
            "received": dg.MetadataValue.int(result.received),
            "passed": dg.MetadataValue.int(result.passed),
            "bytes": dg.MetadataValue.int(commit.bytes),
            "seconds": dg.MetadataValue.float(round(commit.seconds, 3)),
            "dagster/row_count": dg.MetadataValue.int(self._lake.row_count(table, commit.snapshot)),
            "preview": dg.MetadataValue.md(_preview(result.rows)),
        }


def _output_partitions(context: dg.OutputContext, table: Table) -> list[Partition]:
    if not context.has_asset_partitions:
        return []
    return [_partition(key, context.asset_partitions_def, table) for key in context.asset_partition_keys]


def _input_partitions(context: dg.InputContext, table: Table) -> dict[str, list[str]] | None:
    """The wanted values of each partition column; None for a table without partitions.

    Dagster's mappings ask for full rectangles of keys, so values by column say the same as whole keys.
    """
    if not context.has_asset_partitions:
        return None
    definition = context.asset_partitions_def
    partitions = [_partition(key, definition, table) for key in context.asset_partition_keys]
    return {column: sorted({partition[column] for partition in partitions}) for column in table.partitioned_by}


def _asks_for_all(context: dg.InputContext, table: Table) -> bool:
    definition = context.asset_partitions_def
    with dg.partition_loading_context(dynamic_partitions_store=context.instance):
        return len(context.asset_partition_keys) == definition.get_num_partitions()


def _partition(key: str, definition: dg.PartitionsDefinition[str], table: Table) -> Partition:
    """A Dagster partition key as the values of the table's partition columns.

    Launched over GraphQL without the tags of each dimension, the key of a multi-partition is a plain string.
    """
    if isinstance(definition, dg.MultiPartitionsDefinition):
        return dict(definition.get_partition_key_from_str(key).keys_by_dimension)
    (column,) = table.partitioned_by
    return {column: key}


def _describe_partitions(context: dg.OutputContext, commit: Commit) -> None:
    """Add to each partition's materialisation its own counts and the hash of its content.

    All partitions of a run share one data version; the content hash tells which of them changed.
    """
    for key, content_hash, rows, quarantined in commit.partitions.iter_rows():
        context.step_context.add_asset_metadata(
            {"dagster/partition_row_count": rows, "partition_quarantined": quarantined, "content_hash": content_hash},
            asset_key=context.asset_key,
            partition_key=key,
        )


def _changes(found: Regenerated | None) -> dict[str, dg.MetadataValue]:
    """What became of the rows that were replaced, if any were."""
    if found is None:
        return {}
    totals = {name: dg.MetadataValue.int(number) for name, number in found.totals.items()}
    return {**totals, "changes": dg.MetadataValue.md(found.markdown)}


def _preview(rows: pl.DataFrame) -> str:
    """The first rows as a Markdown table, cells shortened to one line each."""
    lines = [rows.columns, ["---"] * rows.width, *(map(text, row) for row in rows.head(PREVIEW_ROWS).iter_rows())]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
