"""Whether two lakes hold the same rows, whatever machine made them and when."""

from collections.abc import Mapping

from polars.testing import assert_frame_equal

from synth_assets.lake.lake import Lake
from synth_assets.tables import TABLES

OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "student_runs": ("seconds", "tokens_per_second"),
    "scaling_observations": ("data_snapshot",),
    "external_runs": ("data_snapshot",),
    "teacher_usage": ("written_at", "seconds"),
    "scaling_report": ("bytes", "sha256"),  # the page says when, and of which snapshot
    "materialisations": ("changed_snapshot", "built_snapshot", "run_id", "made_at"),
}
"""Columns that say when, by which run, or how fast a row was made."""

COMPARED = tuple(name for name in TABLES if name != "lake_maintenance")


def assert_same_rows(table: str, one: Lake, other: Lake) -> None:
    """Every row of the table, in its order, but for what says when it was made."""
    first, second = (lake.read(table).drop(OTHERWISE.get(table, ())) for lake in (one, other))
    order = [name for name in TABLES[table].key if name in first.columns]
    assert_frame_equal(first.sort(order, maintain_order=True), second.sort(order, maintain_order=True))
