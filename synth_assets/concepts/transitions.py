"""Steps in one sub-graph, for many walks at once, in proportion to the weights of a node's edges.

Each row's weights become running sums within the row, with a guide table beside them (Chen and Asau, "On generating
random variates from an empirical distribution", AIIE Transactions 1974): whatever the number of neighbours, a step
looks at two or three of them. Building both takes one pass over the edges.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.chunks import over_chunks
from synth_assets.concepts.adjacency import Adjacency
from synth_assets.concepts.graph import EPSILON

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]

ENTRIES_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Transitions:
    """A sub-graph ready for steps: 12 bytes an entry beside the adjacency itself.

    Attributes:
        starts: Row starts, as in the adjacency.
        targets: Neighbours' column numbers.
        sums: Running sum of the weights within each row, shape (entries,).
        guide: For the k-th of n equal stretches of a row's total, the first neighbour (counted within the row) whose
            running sum is above the stretch's start; shape (entries,), since a row has as many stretches as neighbours.
    """

    starts: Whole
    targets: Number
    sums: Real
    guide: Number

    @classmethod
    def build(
        cls,
        adjacency: Adjacency,
        target_documents: pl.Series,
        temperature: float,
        coverage: float,
        threads: int | None = None,
    ) -> "Transitions":
        """Sum the weights up, as `walks.WalkSettings` says; `target_documents` is the frequency of each column."""
        from synth_assets.concepts.walk_loops import accumulate

        starts = np.require(adjacency.starts, np.int64, ["C", "W"])
        by_count = temperature == 1 and coverage == 0
        if by_count:
            sums = np.empty(len(adjacency.targets))
        else:
            penalty = coverage * np.log(target_documents.to_numpy()) if coverage else None
            sums = adjacency.probabilities(temperature, penalty)
        guide = np.empty(len(sums), dtype=np.int32)

        def rows_between(first_entry: int, last_entry: int) -> None:
            first, last = np.searchsorted(starts[:-1], [first_entry, last_entry]).tolist()
            entries = slice(starts[first], starts[last])
            if by_count:  # exp(log(f + e)) is f + e: no logarithm needs to be taken
                np.add(adjacency.documents[entries], EPSILON, out=sums[entries])
            accumulate(starts, sums, guide, first, last)

        over_chunks(rows_between, len(sums), ENTRIES_AT_ONCE, threads=threads)
        return cls(starts, np.require(adjacency.targets, np.int32, ["C", "W"]), sums, guide)

    def step(self, nodes: Number, uniforms: Real) -> Number:
        """Where each walk at `nodes[i]` goes by the number `uniforms[i]` in [0, 1).

        -1 from a node without neighbours and from -1, which stands for no node.
        """
        from synth_assets.concepts.walk_loops import step

        moved = np.empty(len(nodes), dtype=np.int32)
        step(self.starts, self.targets, self.sums, self.guide, nodes, uniforms, moved)
        return moved
