"""Writes the case of a measurement and prints its size: `python -m graph_peers.making FOLDER DOCUMENTS WALKS SEED`."""

import sys
from pathlib import Path

import numpy as np
from zipf_corpus import draw

from graph_peers.case import Case, prepare
from graph_peers.walks import ground, numpy_sorted_queries, sum_up


def make(folder: Path, documents: int, walks: int, seed: int) -> Case:
    """Write the case, its walks taken by NumPy."""
    case = prepare(folder, draw(documents, seed), walks, seed)
    visited = numpy_sorted_queries(sum_up(ground(case)), np.arange(len(case.starts) * case.epochs))
    case.save("visited", topics=visited.topics, concepts=visited.concepts)
    return case


if __name__ == "__main__":
    made = make(Path(sys.argv[1]), *map(int, sys.argv[2:]))
    held, edges = made.memberships, sum(len(rows.targets) for rows in made.graph.stages)
    edges -= len(made.graph.topic_topic.targets) // 2 + len(made.graph.concept_concept.targets) // 2
    print(
        f"{held.documents:,} documents, {held.topics:,} topics, {held.concepts:,} key concepts, "
        f"{held.pairs:,} pairs, {edges:,} edges; {len(made.visited.topics):,} walks."
    )
