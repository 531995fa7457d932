"""What must hold of the rows: asset checks, each a query over the lake; those of a table run in one step.

Every table: no null and no repeated key, and as many rows as its stage committed. Stages that can drop a row: what came
in is what went on plus what was quarantined. Then what the graph's edges join, the share of unanswerable questions,
contamination, and the quality of fits.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import dagster as dg

from synth_assets.assets.conservation import FLOWS, flow_through, stored_counts
from synth_assets.assets.records import RECORDED
from synth_assets.automation.transience import retried
from synth_assets.lake.lake import Lake
from synth_assets.tables import TABLES, Table

UNANSWERABLE_SHARE = 0.05
CONTAMINATED_SHARE = 0.05
LOG_RMSD = 0.10
"""Above these the checks warn."""


@dataclass(frozen=True)
class Verdict:
    """Whether a check passed, and its figures."""

    passed: bool
    figures: Mapping[str, int | float | str]


@dataclass(frozen=True)
class Rule:
    """What must hold of a table. A broken one that is not blocking only warns; a blocking one fails the run."""

    name: str
    description: str
    judge: Callable[[Lake], Verdict]
    blocking: bool = False


def rules_of(table: Table) -> list[Rule]:
    """Everything that must hold of a table."""
    return [_unique_keys(table), _nothing_vanished(table), *PARTICULAR.get(table.name, ())]


def _unique_keys(table: Table) -> Rule:
    keys = ", ".join(table.key)
    null = " or ".join(f"{column} is null" for column in table.key)
    repeated_keys = f"count(*) - count(distinct ({keys}))"
    query = f"select count(*), {repeated_keys}, count(*) filter (where {null}) from {table.name}"
    example = f"select {keys} from {table.name} group by all having count(*) > 1 order by all limit 1"

    def judge(lake: Lake) -> Verdict:
        rows, repeated, nulls = lake.query(query).row(0)
        figures: dict[str, int | float | str] = {"rows": rows, "repeated": repeated, "null": nulls}
        twice = lake.query(example).rows() if repeated else []  # none where a null counted as a repetition
        if twice:
            figures["for example"] = ", ".join(map(str, twice[0]))
        return Verdict(repeated == 0 and nulls == 0, figures)

    return Rule("keys_unique_and_not_null", f"({keys}) is unique and never null.", judge, blocking=True)


def _nothing_vanished(table: Table) -> Rule:
    def judge(lake: Lake) -> Verdict:
        counts = stored_counts(lake, table.name).row(0, named=True)
        kept = (counts["committed"], counts["quarantine_committed"]) == (counts["stored"], counts["quarantine_stored"])
        if table.name not in FLOWS:
            return Verdict(kept, counts)
        flow = flow_through(lake, table.name)
        torn = flow.filter(flow["received"] != flow["passed"] + flow["quarantined"])
        figures = {name: int(flow[name].sum()) for name in ("received", "passed", "quarantined")}
        named = {"partitions that lost or gained rows": ", ".join(torn["partition"])} if torn.height else {}
        return Verdict(kept and torn.is_empty(), {**figures, **counts, **named})

    said = "What its stage committed, rows and quarantined rows, is what the lake holds."
    if table.name in FLOWS:
        said += f" In each partition, {' and '.join(FLOWS[table.name].inputs)} in = went on + quarantined."
    return Rule("no_row_vanished", said, judge, blocking=True)


def _edges_join_nodes(lake: Lake) -> Verdict:
    """With the keys unique, an edge that is oriented as it must be stands once."""
    found = lake.query(
        """select count(*) as edges,
                  count(*) filter (source.concept is null or target.concept is null) as "at no node",
                  count(*) filter (subgraph <> case when source.kind <> target.kind then 'topic_concept'
                                                    when source.kind = 'topic' then 'topic_topic'
                                                    else 'concept_concept' end) as "in another sub-graph",
                  count(*) filter (case when source.kind = target.kind then edge.source >= edge.target
                                        else source.kind <> 'topic' end) as "the wrong way round",
                  count(*) filter (abs(weight - ln(edge.documents + 1e-5)) > 1e-9) as "of another weight"
           from concept_edges edge
           left join concept_nodes source on source.concept = edge.source
           left join concept_nodes target on target.concept = edge.target"""
    ).row(0, named=True)
    return Verdict(sum(found.values()) == found["edges"], found)


def _unanswerable_share(lake: Lake) -> Verdict:
    asked = lake.query("select count(*) from questions").item()
    lost = lake.query("select count(*) from quarantine where stage = 'qa_pairs'").item()
    return _share(lost, asked, UNANSWERABLE_SHARE)


def _contamination_rate(lake: Lake) -> Verdict:
    pairs = lake.query("select count(*) from qa_pairs").item()
    hit = lake.query("select count(distinct qa_id) from contamination").item()
    return _share(hit, pairs, CONTAMINATED_SHARE)


def _share(part: int, whole: int, limit: float) -> Verdict:
    share = part / whole if whole else 0.0
    return Verdict(share <= limit, {"share": share, "rows": part, "of": whole, "limit": limit})


def _fit_quality(lake: Lake) -> Verdict:
    worst = dict(lake.query("select law, max(log_rmsd) from scaling_fits group by law order by law").iter_rows())
    return Verdict(
        worst.get("rectified", 0.0) <= LOG_RMSD, {f"worst log-RMSD, {law}": value for law, value in worst.items()}
    )


def _files_readable(lake: Lake) -> Verdict:
    found = lake.query(
        "select id, detail from quarantine "
        "where stage = 'imported_observations' and reason = 'unreadable_file' order by id"
    )
    return Verdict(found.is_empty(), {"unreadable": found.height, **dict(found.head(10).iter_rows())})


PARTICULAR: Mapping[str, tuple[Rule, ...]] = {
    "concept_edges": (
        Rule(
            "edges_join_nodes",
            "Every edge stands once, between two nodes, in the sub-graph of their kinds: from the topic to the key "
            "concept, else from the smaller number to the larger. Its weight is log(documents + 1e-5).",
            _edges_join_nodes,
            blocking=True,
        ),
    ),
    "qa_pairs": (
        Rule(
            "unanswerable_share",
            f"At most {UNANSWERABLE_SHARE:.0%} of the questions have no answer, or none that samples agree on.",
            _unanswerable_share,
        ),
    ),
    "contamination": (
        Rule(
            "contamination_rate",
            f"At most {CONTAMINATED_SHARE:.0%} of the pairs are contaminated. They are dropped in any case; more says "
            "that the corpus holds the benchmark.",
            _contamination_rate,
        ),
    ),
    "imported_observations": (
        Rule("files_readable", "Every file of observations could be read as a whole.", _files_readable),
    ),
    "scaling_fits": (
        Rule("fit_quality", f"Every rectified law is within a log-RMSD of {LOG_RMSD} of its points.", _fit_quality),
    ),
}
"""What must hold of one table alone."""


def _check(table: Table) -> dg.AssetChecksDefinition:
    rules = {rule.name: rule for rule in rules_of(table)}

    @dg.multi_asset_check(
        name=f"{table.name}_checks",
        specs=[
            dg.AssetCheckSpec(rule.name, asset=table.name, description=rule.description, blocking=rule.blocking)
            for rule in rules.values()
        ],
        can_subset=True,
    )
    @retried
    def judged(context: dg.AssetCheckExecutionContext, lake: dg.ResourceParam[Lake]) -> Iterator[dg.AssetCheckResult]:
        for key in sorted(context.selected_asset_check_keys):
            rule = rules[key.name]
            verdict = rule.judge(lake)
            yield dg.AssetCheckResult(
                check_name=rule.name,
                asset_key=key.asset_key,
                passed=verdict.passed,
                severity=dg.AssetCheckSeverity.ERROR if rule.blocking else dg.AssetCheckSeverity.WARN,
                metadata=verdict.figures,
            )

    return judged


ALL_CHECKS = [_check(table) for table in TABLES.values() if table not in RECORDED]
"""The checks of every table that is an asset of the road."""
