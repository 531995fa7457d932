"""The lake: how rows are stored, read again, replaced by partition, and traced back. Built on DuckLake.

What lives here: settings, connections, commits, reading and writing tables, the response store, lineage queries, and
the Dagster IO manager (the only module here that imports Dagster). What the rows mean is stated in `tables.py`.
"""

from synth_assets.lake.lake import Commit, Lake
from synth_assets.lake.settings import LakeSettings, ObjectStore

__all__ = ["Commit", "Lake", "LakeSettings", "ObjectStore"]
