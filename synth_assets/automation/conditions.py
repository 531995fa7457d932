"""Automation: what carries new and changed files down the road, partition by partition, once it is switched on.

An asset is asked for where the lake's ledger says so (`outstanding.py`). Dagster's own conditions go by events: by
them a graph made again would redo the walks of every shard, and the walks of a new shard would not wait for the graph
that its concepts make.
"""

import warnings
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import dagster as dg

from synth_assets.automation.declared import standings_in
from synth_assets.automation.outstanding import Wanted, next_steps
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings

CARRIED = "synth-assets/automation"
"""Tag of the runs that automation asked for."""

_FOUND: "WeakKeyDictionary[Any, Wanted]" = WeakKeyDictionary()
"""What is due, by Dagster's view of the graph: one a tick, for all assets."""


@dataclass(frozen=True)
class Due(dg.AutomationCondition[dg.AssetKey]):
    """True of the partitions of an asset that are missing or whose inputs have changed, and that can be made now."""

    settings: Settings = field(hash=False, compare=False, repr=False)
    lake: Lake = field(hash=False, compare=False, repr=False)

    @property
    def description(self) -> str:
        """What the UI shows."""
        return "Missing, or its source or inputs have changed, and all it is made from is up to date"

    @property
    def requires_cursor(self) -> bool:
        """It goes by the lake alone."""
        return False

    def evaluate(self, context: dg.AutomationContext[dg.AssetKey]) -> dg.AutomationResult[dg.AssetKey]:
        """Those of the candidates that are due."""
        view, definition = context.asset_graph_view, context.partitions_def
        due = self._found(view).get(context.key.path[-1], set())
        if not due:
            return dg.AutomationResult(context, context.get_empty_subset())
        if definition is None:
            return dg.AutomationResult(context, context.candidate_subset)
        subset = view.get_subset_from_partition_keys(context.key, definition, due)
        return dg.AutomationResult(context, context.candidate_subset.compute_intersection(subset))

    def _found(self, view: Any) -> Wanted:
        if view not in _FOUND:
            self.lake.create()
            standing = standings_in(view.asset_graph, view.instance, self.lake, self.settings)
            _FOUND[view] = next_steps(view.asset_graph, standing)
        return _FOUND[view]


def as_it_becomes_due(settings: Settings, lake: Lake) -> dg.AutomationCondition[dg.AssetKey]:
    """Ask once for each partition that has become due, unless it is being made.

    One that failed is not asked for again: it waits for a person, as what failed may fail again and cost again.
    """
    return (Due(settings, lake).newly_true() & ~dg.AutomationCondition.in_progress()).with_label("as it becomes due")


with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.BetaWarning)  # evaluated where our own condition is known; the release is pinned

    CARRY_ON = dg.AutomationConditionSensorDefinition(
        "carry_on",
        target=dg.AssetSelection.all(),
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.STOPPED,
        run_tags={CARRIED: "carry_on"},
        use_user_code_server=True,
        description="Makes what new and changed files have left to be made, step by step. Off until switched on.",
    )
