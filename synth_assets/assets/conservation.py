"""Whether rows have vanished, asked of the lake: what came in, what went on, what was quarantined, by partition.

What does not live here: the check a stage makes of its own counts before they are stored (`tables.StageResult`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import polars as pl

from synth_assets.assets.judged import Judged
from synth_assets.generation.methods import METHODS
from synth_assets.generation.methods.method import NOT_SUITABLE
from synth_assets.tables import MATERIALISATIONS, QUARANTINE
from synth_assets.teachers.teacher import Reason

_SAME = "input.partition = made.partition"
_OF_ITS_SHARD = "input.partition = split_part(made.partition, '|', 2)"


@dataclass(frozen=True)
class Flow:
    """How things pass a stage.

    Attributes:
        inputs: The tables that are counted as `came`.
        came: Query for `partition` (a Dagster key of the stage) and `rows`: what came in.
        went: The same for what of it left at least one row.
        feeds: When the partition `input` of an input table feeds the partition `made` of the stage.
    """

    inputs: tuple[str, ...]
    came: str
    went: str
    feeds: str = _SAME


def _by_shard(table: str, counted: str = "*") -> str:
    return f"select shard as partition, count({counted}) as rows from {table} group by all"


def _by_method_and_shard(table: str, counted: str = "*") -> str:
    return f"select method || '|' || shard as partition, count({counted}) as rows from {table} group by all"


_OF_A_SOURCE = ", ".join(f"'{reason}'" for reason in (NOT_SUITABLE, *get_args(Reason)))
_DROPPED = f"""(select partition, count(*) as rows from quarantine
    where stage = 'questions' and reason not in ({_OF_A_SOURCE}) group by all)"""
"""Questions that were written and did not hold (see `write_questions`): they came in beside the sources."""

FLOWS: Mapping[str, Flow] = {
    "reference_documents": Flow(("documents",), _by_shard("documents"), _by_shard("reference_documents")),
    "document_concepts": Flow(
        ("reference_documents",),
        _by_shard("reference_documents"),
        _by_shard("document_concepts", "distinct document_id"),
    ),
    "questions": Flow(
        ("reference_documents", "concept_walks"),
        "select partition, sum(rows)::bigint as rows from ("
        + " union all ".join(
            f"(select '{method.name}|' || shard as partition, count(*) as rows from {method.source_table} group by all)"
            for method in METHODS.values()
        )
        + f" union all {_DROPPED}) group by all",
        _by_method_and_shard("questions", "distinct coalesce(walk_id, documents[1])"),
        _OF_ITS_SHARD,
    ),
    "qa_pairs": Flow(("questions",), _by_method_and_shard("questions"), _by_method_and_shard("qa_pairs")),
    "training_qa": Flow(("qa_pairs",), _by_method_and_shard("qa_pairs"), _by_method_and_shard("training_qa")),
}
"""The stages whose inputs the lake can count partition by partition."""


def flow_through(judged: Judged) -> pl.DataFrame:
    """What passed a stage of `FLOWS`: `partition`, `received`, `passed`, `quarantined` of what is judged.

    Only partitions made since their inputs last changed are listed: of an older one it cannot be said what it saw.
    """
    stage = judged.table.name
    flow = FLOWS[stage]
    inputs = ", ".join(f"'{name}'" for name in flow.inputs)
    return judged.query(
        f""", came as ({flow.came}), went as ({flow.went}),
            dropped as (select partition, count(*) as rows from quarantine where stage = '{stage}' group by all)
            select made.partition, coalesce(came.rows, 0) as received, coalesce(went.rows, 0) as passed,
                   coalesce(dropped.rows, 0) as quarantined
            from materialisations made
            left join came using (partition) left join went using (partition) left join dropped using (partition)
            where made.stage = '{stage}' and not exists (
                select 1 from materialisations input
                where input.stage in ({inputs}) and {flow.feeds} and input.changed_snapshot > made.built_snapshot)
            order by made.partition""",
        stage,
        *flow.inputs,
        QUARANTINE.name,
        MATERIALISATIONS.name,
    )


def stored_counts(judged: Judged) -> dict[str, int]:
    """Rows and quarantined rows that a stage committed, and those that the lake holds, of what is judged."""
    left = f"select count(*) from quarantine where stage = '{judged.table.name}'"
    return {
        "committed": judged.committed["rows"],
        "stored": judged.keys.rows,
        "quarantine_committed": judged.committed["quarantined"],
        "quarantine_stored": int(judged.query(left, QUARANTINE.name).item()),
    }
