"""The partitions of the road. They follow the data, not the clock: a source file is a shard."""

from collections.abc import Iterable

import dagster as dg

from synth_assets.generation.methods import METHODS
from synth_assets.settings import Settings
from synth_assets.students.sizes import STUDENT_SIZES

SHARDS = dg.DynamicPartitionsDefinition(name="shards")
"""One a source file, or cut of a large one; the `new_sources` sensor and the command line add them."""

BENCHMARKS = dg.DynamicPartitionsDefinition(name="benchmarks")
"""One a benchmark of the settings."""

OBSERVATION_FILES = dg.DynamicPartitionsDefinition(name="observation_files")
"""One a file of observations from elsewhere, by its path or address; `observations add`, a run, and the
`new_observations` sensor add them."""

METHOD_NAMES = dg.StaticPartitionsDefinition(list(METHODS))

METHOD_BY_SHARD = dg.MultiPartitionsDefinition({"method": METHOD_NAMES, "shard": SHARDS})

TRAINING_SET_NAMES = ("all", *METHODS)
TRAINING_SETS = dg.StaticPartitionsDefinition(list(TRAINING_SET_NAMES))

TRAINING_SET_BY_STUDENT = dg.MultiPartitionsDefinition(
    {"student": dg.StaticPartitionsDefinition(list(STUDENT_SIZES)), "training_set": TRAINING_SETS}
)


def missing_partitions(
    instance: dg.DagsterInstance, settings: Settings
) -> list[tuple[dg.DynamicPartitionsDefinition, list[str]]]:
    """Shards and benchmarks of the settings that are not partitions yet, in the order they were found."""
    shards = [shard.name for shard in settings.corpus.shards()]
    return [
        (SHARDS, unknown(SHARDS, shards, instance)),
        (BENCHMARKS, unknown(BENCHMARKS, settings.benchmarks, instance)),
    ]


def unknown(
    definition: dg.DynamicPartitionsDefinition, names: Iterable[str], instance: dg.DagsterInstance
) -> list[str]:
    """Those names that are no partitions yet, in their order."""
    known = set(definition.get_partition_keys(dynamic_partitions_store=instance))
    return [name for name in names if name not in known]
