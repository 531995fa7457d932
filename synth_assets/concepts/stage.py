"""The stage `concept_walks`: walks from every topic whose home is in the given shards, with reference documents."""

from collections.abc import Collection

import numpy as np
import polars as pl

from synth_assets.concepts.adjacency import ConceptGraph
from synth_assets.concepts.concept_sets import ConceptSets
from synth_assets.concepts.references import nearest_documents
from synth_assets.concepts.walks import PAPER_WALKS, Paths, WalkSettings, walk_paths, walk_rows
from synth_assets.progress import Advance
from synth_assets.tables import CONCEPT_WALKS, StageResult, quarantine_rows

EPOCHS = 5
"""Walks from each topic in the paper."""

NO_KEY_CONCEPT = "no_key_concept"


def concept_walks(
    nodes: pl.DataFrame,
    edges: pl.DataFrame | pl.LazyFrame,
    document_concepts: pl.DataFrame | pl.LazyFrame,
    shards: Collection[str],
    epochs: int = EPOCHS,
    settings: WalkSettings = PAPER_WALKS,
    seed: object = 0,
    synonyms: pl.DataFrame | None = None,
    advance: Advance | None = None,
) -> StageResult:
    """Rows of `concept_walks` for `shards`; they are the same whichever shards are asked for together.

    Args:
        nodes: All of `concept_nodes`.
        edges: All of `concept_edges`; of a lazy frame, only the columns needed are read.
        document_concepts: `document_concepts` of every shard, alike: reference documents are sought among all of them.
        shards: Shards whose home topics walks start from.
        epochs: Walks from each topic.
        settings: Steps, temperature and coverage.
        seed: Another seed, other walks.
        synonyms: The accepted merges that the graph was made with.
        advance: Told for how many walks the reference documents are found, of how many.

    Returns:
        `received` is topics at home in `shards` times `epochs`. A walk that reaches no key concept, possible only
        where singletons were dropped from the graph, is quarantined as `no_key_concept`.
    """
    graph = ConceptGraph.from_frames(nodes, edges)
    starts = np.flatnonzero(graph.topics["home_shard"].is_in(list(shards)).to_numpy())
    paths = walk_paths(graph, starts, np.arange(epochs), settings, "concept_walks", seed)
    walks = walk_rows(graph, starts, epochs, paths)
    alive = paths.concepts[:, 0] >= 0
    rows = CONCEPT_WALKS.empty()
    if alive.any():
        sets = ConceptSets.from_frames(document_concepts, nodes, synonyms)
        references = nearest_documents(graph, Paths(paths.topics[alive], paths.concepts[alive]), sets, advance=advance)
        rows = CONCEPT_WALKS.conform(pl.concat([walks.filter(alive), references], how="horizontal"))
    result = StageResult(rows, _dead(walks.filter(~alive)), received=len(starts) * epochs, passed=int(alive.sum()))
    result.check(CONCEPT_WALKS.name)
    return result


def _dead(walks: pl.DataFrame) -> pl.DataFrame:
    """Quarantine rows of walks that reached no key concept."""
    return quarantine_rows(
        [
            {
                "shard": shard,
                "id": walk_id,
                "reason": NO_KEY_CONCEPT,
                "detail": f"the walk of epoch {epoch} from topic {topic!r} ended at {topics[-1]!r}, "
                "which has no key concept in the graph",
            }
            for shard, walk_id, topic, epoch, topics in walks.select(
                "shard", "walk_id", "start_topic", "epoch", "topics"
            ).iter_rows()
        ],
        "shard",
    )
