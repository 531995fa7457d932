"""What the code location says of itself: the groups in the order of the road, and an asset that is a page to read.

Dagster's UI has no page for the description of a code location, so the description is that of an external asset, first
in the graph and in the list of groups; nothing is ever stored for it.
"""

import dagster as dg

GROUPS = (
    "read_me",
    "corpus",
    "domain",
    "concepts",
    "generation",
    "decontamination",
    "training_data",
    "students",
    "scaling",
    "comparison",
    "reports",
    "operation",
    "records",
)
"""Groups of assets in the order of the road; what is not on it comes last."""

READ_ME = "READ_ME"


def in_order_of_the_road(group: str) -> str:
    """The group with its place before its name: the UI lists groups by the alphabet."""
    return f"{GROUPS.index(group):02}_{group}"


OVERVIEW = dg.AssetSpec(
    READ_ME,
    group_name=in_order_of_the_road("read_me"),
    kinds={"markdown"},
    description="""\
# From a corpus to scaling laws

This code location implements SynthLLM (*Scaling Laws of Synthetic Data for Language Models*,
[arXiv 2503.19551](https://arxiv.org/abs/2503.19551)). Each asset is a table of one lake; the graph, read from left to
right, is the method of the paper.

| group | what happens | look at |
|---|---|---|
| 01 corpus | the user's files become documents, shard by shard | `documents`: lengths, sources, unreadable rows |
| 02 domain | a teacher rates some, a forest trained on that keeps the domain | `domain_classifier`: precision, recall |
| 03 concepts | topics and key concepts, the graph over them, walks | `concept_edges`: the strongest part of the graph |
| 04 generation | questions at three levels, and the answer that samples agree on | `questions`, `qa_pairs`: examples |
| 05 decontamination | what is near a benchmark, or repeated | `contamination`: the strongest match of each rule |
| 06 training_data | what survives, tokenised and cut to budgets | `training_sets`: tokens by set and split |
| 07 students | small models on growing budgets, or the user's trainer | `student_runs`: loss and error by budget |
| 08 scaling | laws, intervals, predictions, and what follows | `scaling_fits`: curves; `scaling_conclusions` |
| 09 comparison | the methods side by side | `method_comparison`; `diversity_histograms`; `mixture_choices` |
| 10 reports | report, dataset card, exports | `scaling_report`: the funnel, and where the page lies |
| 11 operation | the lake merges its files and forgets old snapshots | `lake_maintenance` |
| 12 records | what every stage writes on the side | `quarantine`: every row that left the road, and why |

**How to read an asset.** Its materialisations carry figures (rows, rows that left, bytes, lake snapshot), a preview,
and a picture or table. Its checks say what must hold: a blocking one that fails stops everything downstream, the others
warn. No row vanishes: what does not go on is in `quarantine` with a reason.

**How to run it.** *Jobs* holds a job for each purpose. Select assets and *Materialize* for anything else; `level_2|a`
is the partition of method level 2 and shard `a`. Schedules and sensors are off until they are switched on
(*Automation*). On the command line: `synth-assets run`, `status`, `estimate`, `trace`, `sql`.
""",
)
