"""The partitions of the road. They follow the data, not the clock: a source file is a shard."""

import dagster as dg

from synth_assets.generation.methods import METHODS
from synth_assets.students.sizes import STUDENT_SIZES

SHARDS = dg.DynamicPartitionsDefinition(name="shards")
"""One a source file, or cut of a large one; the `new_sources` sensor and the command line add them."""

BENCHMARKS = dg.DynamicPartitionsDefinition(name="benchmarks")
"""One a benchmark of the settings."""

OBSERVATION_FILES = dg.DynamicPartitionsDefinition(name="observation_files")
"""One a file of observations from elsewhere, by its path or address; `observations add`, a run, and the
`new_observations` sensor add them."""

METHOD_BY_SHARD = dg.MultiPartitionsDefinition(
    {"method": dg.StaticPartitionsDefinition(list(METHODS)), "shard": SHARDS}
)

TRAINING_SET_NAMES = ("all", *METHODS)
TRAINING_SETS = dg.StaticPartitionsDefinition(list(TRAINING_SET_NAMES))

TRAINING_SET_BY_STUDENT = dg.MultiPartitionsDefinition(
    {"student": dg.StaticPartitionsDefinition(list(STUDENT_SIZES)), "training_set": TRAINING_SETS}
)
