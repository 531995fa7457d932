"""What the settings choose among the partitions that do not follow the data: the methods, and the sets trained on.

A cell of another method is neither missing nor stale. What was once made by it stays in the lake, and may still be made
by hand. Nothing here knows Dagster.
"""

from collections.abc import Sequence

from synth_assets.generation.methods import method_named
from synth_assets.generation.methods.error_extrapolation import ErrorExtrapolation
from synth_assets.settings import Settings
from synth_assets.tables import STUDENT_MISTAKES

METHOD, TRAINING_SET, ALL = "method", "training_set", "all"


def chosen_values(settings: Settings, table: str, column: str, values: Sequence[str]) -> tuple[str, ...]:
    """Those of the `values` of a table's partition column that the settings choose, in their order; all of another.

    Mistakes are made for the rounds of error extrapolation alone.
    """
    methods: Sequence[str] = settings.generation.methods
    if table == STUDENT_MISTAKES.name:
        methods = [name for name in methods if isinstance(method_named(name), ErrorExtrapolation)]
    chosen = {METHOD: methods, TRAINING_SET: (ALL, *methods)}.get(column, values)
    return tuple(value for value in values if value in chosen)
