"""What watches the world outside: new files of the corpus and new benchmarks become partitions."""

import dagster as dg

from synth_assets.automation.partitions import BENCHMARKS, SHARDS
from synth_assets.settings import Settings


def missing_partitions(
    instance: dg.DagsterInstance, settings: Settings
) -> list[tuple[dg.DynamicPartitionsDefinition, list[str]]]:
    """Shards and benchmarks of the settings that are not partitions yet, in the order they were found."""
    wanted = {
        SHARDS: [shard.name for shard in settings.corpus.shards()],
        BENCHMARKS: list(settings.benchmarks),
    }
    missing = []
    for definition, names in wanted.items():
        known = set(definition.get_partition_keys(dynamic_partitions_store=instance))
        missing.append((definition, [name for name in names if name not in known]))
    return missing


@dg.sensor(
    name="new_sources",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Adds a shard partition for every new file of the corpus, and a partition for every new benchmark.",
)
def new_sources(context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]) -> dg.SensorResult:
    """Add partitions; materialising them is left to the person or to automation."""
    requests = [
        definition.build_add_request(names)
        for definition, names in missing_partitions(context.instance, settings)
        if names
    ]
    return dg.SensorResult(dynamic_partitions_requests=requests)
