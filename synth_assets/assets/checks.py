"""What must hold of the rows: asset checks, each a query over the lake.

Every table: no null and no repeated key. Stages that can drop a row: what came in is what went on plus what was
quarantined. Then the graph's symmetry, the share of unanswerable questions, contamination, and the quality of fits.
"""

from collections.abc import Iterator, Mapping

import dagster as dg

from synth_assets.lake.lake import Lake
from synth_assets.tables import QUARANTINE, TABLES, TEACHER_RESPONSES, Table

CONSERVED: Mapping[str, tuple[str, str]] = {
    "reference_documents": ("select count(*) from documents", "select count(*) from reference_documents"),
    "document_concepts": (
        "select count(*) from reference_documents",
        "select count(distinct document_id) from document_concepts",
    ),
    "qa_pairs": ("select count(*) from questions", "select count(*) from qa_pairs"),
    "training_qa": ("select count(*) from qa_pairs", "select count(*) from training_qa"),
}
"""By stage: what came in, and what of it went on."""

UNANSWERABLE_SHARE = 0.05
CONTAMINATED_SHARE = 0.05
LOG_RMSD = 0.10
"""Above these the checks warn."""


def _keys_check(table: Table) -> dg.AssetChecksDefinition:
    keys = ", ".join(table.key)
    query = f"select count(*) as rows, count(distinct ({keys})) as keys from {table.name}"

    @dg.asset_check(
        asset=table.name,
        name="keys_unique_and_not_null",
        description=f"({keys}) is unique and never null.",
        blocking=True,
    )
    def check(lake: dg.ResourceParam[Lake]) -> dg.AssetCheckResult:
        nulls = " or ".join(f"{column} is null" for column in table.key)
        rows, distinct = lake.query(query).row(0)
        null = lake.query(f"select count(*) from {table.name} where {nulls}").item()
        return dg.AssetCheckResult(
            passed=rows == distinct and null == 0,
            metadata={"rows": rows, "repeated": rows - distinct, "null": null},
        )

    return check


def _conservation_check(stage: str, came: str, went: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=stage,
        name="no_row_vanished",
        description="What came in = what went on + what was quarantined, over all partitions.",
        blocking=True,
    )
    def check(lake: dg.ResourceParam[Lake]) -> dg.AssetCheckResult:
        query = f"select ({came}), ({went}), (select count(*) from quarantine where stage = '{stage}')"
        received, passed, quarantined = lake.query(query).row(0)
        return dg.AssetCheckResult(
            passed=received == passed + quarantined,
            metadata={"received": received, "passed": passed, "quarantined": quarantined},
        )

    return check


@dg.asset_check(asset="concept_edges", description="Every edge is stored in both directions with the same weight.")
def graph_symmetry(lake: dg.ResourceParam[Lake]) -> dg.AssetCheckResult:
    """Count edges without their mirror image."""
    lonely = lake.query(
        """select count(*) from concept_edges there anti join concept_edges back
           on there.source = back.target and there.source_kind = back.target_kind
              and there.target = back.source and there.target_kind = back.source_kind
              and there.documents = back.documents"""
    ).item()
    return dg.AssetCheckResult(passed=lonely == 0, metadata={"edges without their mirror image": lonely})


@dg.asset_check(asset="qa_pairs", description=f"At most {UNANSWERABLE_SHARE:.0%} of the questions have no answer.")
def unanswerable_share(lake: dg.ResourceParam[Lake]) -> dg.AssetCheckResult:
    """Questions quarantined for want of an answer, or of agreement."""
    asked = lake.query("select count(*) from questions").item()
    lost = lake.query("select count(*) from quarantine where stage = 'qa_pairs'").item()
    return _share(lost, asked, UNANSWERABLE_SHARE)


@dg.asset_check(asset="contamination", description=f"At most {CONTAMINATED_SHARE:.0%} of the pairs are contaminated.")
def contamination_rate(lake: dg.ResourceParam[Lake]) -> dg.AssetCheckResult:
    """They are dropped in any case; a high share says the corpus holds the benchmark."""
    pairs = lake.query("select count(*) from qa_pairs").item()
    hit = lake.query("select count(distinct qa_id) from contamination").item()
    return _share(hit, pairs, CONTAMINATED_SHARE)


@dg.asset_check(asset="scaling_fits", description=f"Every fit's log-RMSD is at most {LOG_RMSD}.")
def fit_quality(lake: dg.ResourceParam[Lake]) -> dg.AssetCheckResult:
    """The worst fit of each law."""
    worst = dict(lake.query("select law, max(log_rmsd) from scaling_fits group by law").iter_rows())
    return dg.AssetCheckResult(
        passed=all(value <= LOG_RMSD for value in worst.values()),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={f"worst log-RMSD, {law}": value for law, value in worst.items()},
    )


def _share(part: int, whole: int, limit: float) -> dg.AssetCheckResult:
    share = part / whole if whole else 0.0
    return dg.AssetCheckResult(
        passed=share <= limit,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"share": share, "rows": part, "of": whole, "limit": limit},
    )


def _all() -> Iterator[dg.AssetChecksDefinition]:
    for table in TABLES.values():
        if table not in (QUARANTINE, TEACHER_RESPONSES):
            yield _keys_check(table)
    for stage, (came, went) in CONSERVED.items():
        yield _conservation_check(stage, came, went)
    yield from (graph_symmetry, unanswerable_share, contamination_rate, fit_quality)


ALL_CHECKS = list(_all())
"""Every asset check of the road."""
