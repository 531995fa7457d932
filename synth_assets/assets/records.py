"""The tables that stages write beside their own: external assets, so that the graph names them."""

import dagster as dg

from synth_assets.assets.declaration import OWNERS, table_metadata
from synth_assets.assets.overview import in_order_of_the_road
from synth_assets.tables import MATERIALISATIONS, QUARANTINE, TEACHER_RESPONSES, TEACHER_USAGE, TEXT_VECTORS

RECORDED = (QUARANTINE, TEACHER_RESPONSES, TEXT_VECTORS, TEACHER_USAGE, MATERIALISATIONS)
"""Every stage writes its part of them; none is ever materialised by itself."""

RECORDS = [
    dg.AssetSpec(
        table.name,
        description=table.description,
        group_name=in_order_of_the_road("records"),
        owners=OWNERS,
        kinds={"ducklake"},
        metadata=table_metadata(table),
    )
    for table in RECORDED
]
"""Without dependencies: an edge from every stage would hide the road."""
