"""Observations from all sources side by side: what each keeps of where it comes from."""

import polars as pl

from synth_assets import tables
from synth_assets.scaling.observations import from_external_runs, from_imported, joined

OBSERVED = {
    "training_set": "all", "model": "m", "parameters": 10, "metric": "error", "tokens": 5.0, "value": 0.5, "seed": 0,
    "data_snapshot": "7",
}  # fmt: skip


def test_every_source_is_named_and_the_order_does_not_depend_on_that_of_the_parts() -> None:
    run = pl.DataFrame([{**OBSERVED, "run_id": "abc", "budget": 6}])
    file = pl.DataFrame([{**OBSERVED, "file": "s3://bucket/a.csv"}])
    external, imported = from_external_runs(run), from_imported(file)
    both = joined(external, imported)
    assert both["source"].to_list() == ["external_runs/abc", "s3://bucket/a.csv"]
    assert both.equals(joined(imported, external))
    assert both.schema == tables.SCALING_OBSERVATIONS.schema
    assert both["data_snapshot"].to_list() == ["7", "7"]
