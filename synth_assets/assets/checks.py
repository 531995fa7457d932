"""What must hold of the rows: asset checks, each a query over the lake; those of a table run in one step.

Every table: no null and no repeated key, and as many rows as its stage committed. Stages that can drop a row: what came
in is what went on plus what was quarantined. These judge the partitions that the run has made (`judged.py`). Then, of
the whole lake, what the graph's edges join, the share of unanswerable questions, contamination, and the quality of
fits.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import dagster as dg

from synth_assets.assets.conservation import FLOWS, flow_through, stored_counts
from synth_assets.assets.judged import Judged, judged_in
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
    judge: Callable[[Judged], Verdict]
    blocking: bool = False


def rules_of(table: Table) -> list[Rule]:
    """Everything that must hold of a table."""
    return [_unique_keys(table), _nothing_vanished(table), *PARTICULAR.get(table.name, ())]


def _unique_keys(table: Table) -> Rule:
    def judge(judged: Judged) -> Verdict:
        keys = judged.keys
        figures: dict[str, int | float | str] = {
            "judged": judged.said,
            "rows": keys.rows,
            "repeated": keys.repeated,
            "null": keys.null,
        }
        twice = judged.a_repeated_key() if keys.repeated else None  # none where a null counted as a repetition
        if twice is not None:
            figures["for example"] = ", ".join(map(str, twice))
        return Verdict(keys.repeated == 0 and keys.null == 0, figures)

    listed = ", ".join(table.key)
    return Rule("keys_unique_and_not_null", f"({listed}) is unique and never null.", judge, blocking=True)


def _nothing_vanished(table: Table) -> Rule:
    def judge(judged: Judged) -> Verdict:
        counts = stored_counts(judged)
        kept = (counts["committed"], counts["quarantine_committed"]) == (counts["stored"], counts["quarantine_stored"])
        if table.name not in FLOWS:
            return Verdict(kept, {"judged": judged.said, **counts})
        flow = flow_through(judged)
        torn = flow.filter(flow["received"] != flow["passed"] + flow["quarantined"])
        figures = {name: int(flow[name].sum()) for name in ("received", "passed", "quarantined")}
        named = {"partitions that lost or gained rows": ", ".join(torn["partition"])} if torn.height else {}
        return Verdict(kept and torn.is_empty(), {"judged": judged.said, **figures, **counts, **named})

    said = "What its stage committed, rows and quarantined rows, is what the lake holds."
    if table.name in FLOWS:
        said += f" In each partition, {' and '.join(FLOWS[table.name].inputs)} in = went on + quarantined."
    return Rule("no_row_vanished", said, judge, blocking=True)


def _edges_join_nodes(judged: Judged) -> Verdict:
    """With the keys unique, an edge that is oriented as it must be stands once."""
    found = judged.over_all(
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


def _unanswerable_share(judged: Judged) -> Verdict:
    asked = judged.over_all("select count(*) from questions").item()
    lost = judged.over_all("select count(*) from quarantine where stage = 'qa_pairs'").item()
    return _share(lost, asked, UNANSWERABLE_SHARE)


def _contamination_rate(judged: Judged) -> Verdict:
    pairs = judged.over_all("select count(*) from qa_pairs").item()
    hit = judged.over_all("select count(distinct qa_id) from contamination").item()
    return _share(hit, pairs, CONTAMINATED_SHARE)


def _share(part: int, whole: int, limit: float) -> Verdict:
    share = part / whole if whole else 0.0
    return Verdict(share <= limit, {"share": share, "rows": part, "of": whole, "limit": limit})


def _fit_quality(judged: Judged) -> Verdict:
    worst = dict(judged.over_all("select law, max(log_rmsd) from scaling_fits group by law order by law").iter_rows())
    return Verdict(
        worst.get("rectified", 0.0) <= LOG_RMSD, {f"worst log-RMSD, {law}": value for law, value in worst.items()}
    )


def _files_readable(judged: Judged) -> Verdict:
    found = judged.over_all(
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
        with judged_in(lake, table, context.run.run_id) as made:
            for key in sorted(context.selected_asset_check_keys):
                rule = rules[key.name]
                verdict = rule.judge(made)
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
