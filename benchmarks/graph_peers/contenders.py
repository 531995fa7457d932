"""Who is measured in each part, the peers first and ours last. Run with a part, prints their names."""

import json
import sys
from functools import partial
from typing import Any, TypeVar

from racing import Contender

from graph_peers import alias_tables, edges, ours, references, walks
from graph_peers.case import Case, Memberships, Part

Given = TypeVar("Given")

STEPPING = 20
"""Walks whose steps NetworkX repeats."""


def _memberships(case: Case) -> Memberships:
    return case.memberships


def _nothing(given: Given) -> Given:
    """Built is what is given."""
    return given


ground, sought = walks.ground, references.sought
exact, approximate = references.judge_exact, references.judge_approximate

CONTENDERS: dict[Part, tuple[Contender[Any, Any, Any, Any], ...]] = {
    Part.EDGES: (
        Contender("DuckDB self-join", _memberships, _nothing, edges.duckdb_self_join, edges.judge),
        Contender("Polars self-join", _memberships, _nothing, edges.polars_self_join, edges.judge),
        Contender("SciPy sparse product", _memberships, _nothing, edges.scipy_product, edges.judge),
        Contender("NetworkX", _memberships, _nothing, edges.networkx_graph, edges.judge, sample=20_000),
        Contender("synth-assets", _memberships, _nothing, ours.our_edges, edges.judge),
    ),
    Part.WALKS: (
        Contender("`random.choices`", ground, walks.cache_choices, walks.python_choices, walks.judge, sample=50_000),
        Contender("NumPy, sorted queries", ground, walks.sum_up, walks.numpy_sorted_queries, walks.judge),
        Contender("alias tables", ground, alias_tables.build_alias_tables, alias_tables.alias_walks, walks.judge),
        Contender(
            "NetworkX",
            partial(walks.stars, walks=STEPPING),
            _nothing,
            walks.networkx_steps,
            walks.judge_moves,
            STEPPING,
        ),
        Contender("synth-assets", ours.our_graph, _nothing, ours.our_walks, walks.judge),
    ),
    Part.REFERENCES: (
        Contender("SciPy sparse product", sought, references.build_holders, references.sparse_product, exact, 2_000),
        Contender(
            "DuckDB, one concept", sought, references.build_single_holds, references.join_on_concepts, exact, 100
        ),
        Contender("DuckDB, pairs", sought, references.build_pair_holds, references.join_on_pairs, approximate, 20_000),
        Contender("synth-assets", ours.our_sets, _nothing, ours.our_references, exact),
    ),
}

if __name__ == "__main__":
    print(json.dumps([contender.name for contender in CONTENDERS[Part(sys.argv[1])]]))
