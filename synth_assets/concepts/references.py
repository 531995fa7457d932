"""The two reference documents of a walk: those whose concept sets are nearest to what it visited (paper section 2.2).

Nearness is the Jaccard similarity, over all documents; how they are found is `inverted_index`'s business.
"""

import numpy as np
import polars as pl

from synth_assets.concepts.adjacency import ConceptGraph
from synth_assets.concepts.concept_sets import ConceptSets
from synth_assets.concepts.inverted_index import NONE, two_nearest
from synth_assets.concepts.walks import NOWHERE, Paths
from synth_assets.progress import Advance


def nearest_documents(
    graph: ConceptGraph,
    paths: Paths,
    sets: ConceptSets,
    *,
    threads: int | None = None,
    advance: Advance | None = None,
) -> pl.DataFrame:
    """The two documents of highest Jaccard similarity with what each walk visited, ties by lower document id.

    A topic and a key concept of the same name are different elements; a node visited again counts once. Documents that
    share nothing have similarity 0 and are chosen, lowest id first, only where fewer than two share something.

    Args:
        graph: The graph walked on.
        paths: The walks.
        sets: The documents' concepts, by the numbers of `graph`.
        threads: How many threads search, by default one for each processor; the result does not depend on it.
        advance: Told how many walks are done of how many.

    Returns:
        Columns `reference_1, similarity_1, reference_2, similarity_2`, one row a walk in the order given. The second
        is null where there is only one document.

    Raises:
        ValueError: There is no document, or `sets` are of another graph.
    """
    concepts = np.where(paths.concepts == NOWHERE, NONE, paths.concepts + graph.topics.height)
    visited = np.hstack([paths.topics, concepts]).astype(np.int32)
    nearest = two_nearest(visited, sets, threads=threads, advance=advance)
    columns: dict[str, pl.Series] = {}
    for place in range(2):
        numbers = pl.Series(nearest.documents[:, place])
        missing = numbers == NONE
        columns[f"reference_{place + 1}"] = sets.document_ids.gather(numbers.set(missing, None))
        columns[f"similarity_{place + 1}"] = pl.Series(nearest.similarities[:, place]).set(missing, None)
    return pl.DataFrame(columns)
