"""Make one shard of `documents` in a process of its own and print what that took.

Arguments: the lake's folder, `corpus.memory`, the shard's place, the glob. The place counts from 0, from
the end where it is negative.
"""

import json
import re
import sys
from pathlib import Path

import dagster as dg

from synth_assets.assets.corpus import documents
from synth_assets.automation.partitions import SHARDS
from synth_assets.lake.io_manager import LakeIOManager
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings


def main(folder: str, memory: str, place: str, glob: str) -> None:
    settings = Settings.model_validate({"corpus": {"sources": [glob], "memory": memory}})
    lake = Lake(settings.lake_in(Path(folder)))
    lake.create()
    shards = settings.corpus.shards()
    shard = shards[int(place)]
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(SHARDS.name), [one.name for one in shards])
        made = dg.materialize(
            [documents],
            instance=instance,
            partition_key=shard.name,
            resources={"settings": settings, "lake": lake, "lake_io_manager": LakeIOManager(lake)},
        )
    metadata = made.asset_materializations_for_node("documents")[0].metadata
    status = Path("/proc/self/status").read_text()
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024
    counts = {name: metadata[name].value for name in ("rows", "quarantined", "duplicate_text")}
    print(json.dumps({"shards": len(shards), "bytes": shard.bytes, "peak": peak, **counts}))


if __name__ == "__main__":
    main(*sys.argv[1:])
