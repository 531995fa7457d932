"""The stage `concept_walks`: walks from every topic whose home is in the given shards, with reference documents."""

from collections.abc import Collection

import polars as pl

from synth_assets.concepts.adjacency import ConceptGraph
from synth_assets.concepts.cooccurrence import concepts_of_documents
from synth_assets.concepts.names import canonical
from synth_assets.concepts.references import nearest_documents
from synth_assets.concepts.walks import PAPER_WALKS, WalkSettings, walk
from synth_assets.tables import CONCEPT_WALKS, StageResult, quarantine_rows

EPOCHS = 5
"""Walks from each topic in the paper."""

NO_KEY_CONCEPT = "no_key_concept"


def concept_walks(
    nodes: pl.DataFrame,
    edges: pl.DataFrame,
    document_concepts: pl.DataFrame,
    shards: Collection[str],
    epochs: int = EPOCHS,
    settings: WalkSettings = PAPER_WALKS,
    seed: object = 0,
) -> StageResult:
    """Rows of `concept_walks` for `shards`; they are the same whichever shards are asked for together.

    Args:
        nodes: All of `concept_nodes`.
        edges: All of `concept_edges`.
        document_concepts: `document_concepts` of every shard: reference documents are sought among all of them.
        shards: Shards whose home topics walks start from.
        epochs: Walks from each topic.
        settings: Steps, temperature and coverage.
        seed: Another seed, other walks.

    Returns:
        `received` is topics at home in `shards` times `epochs`. A walk that reaches no key concept, possible only
        where singletons were dropped from the graph, is quarantined as `no_key_concept`.
    """
    graph = ConceptGraph.from_frames(nodes, edges)
    starts = graph.topics.filter(pl.col("home_shard").is_in(list(shards)))["name"].to_list()
    walks = walk(graph, starts, epochs, settings, "concept_walks", seed)
    dead = walks.filter(pl.col("key_concepts").list.len() == 0)
    alive = walks.filter(pl.col("key_concepts").list.len() > 0)
    if alive.height:
        rows = pl.concat([alive, nearest_documents(alive, _concept_sets(nodes, document_concepts))], how="horizontal")
        rows = CONCEPT_WALKS.conform(rows)
    else:
        rows = CONCEPT_WALKS.empty()
    quarantined = quarantine_rows(
        [
            {
                "shard": shard,
                "id": walk_id,
                "reason": NO_KEY_CONCEPT,
                "detail": f"the walk of epoch {epoch} from topic {topic!r} ended at {topics[-1]!r}, "
                "which has no key concept in the graph",
            }
            for shard, walk_id, topic, epoch, topics in dead.select(
                "shard", "walk_id", "start_topic", "epoch", "topics"
            ).iter_rows()
        ],
        "shard",
    )
    result = StageResult(rows, quarantined, received=len(starts) * epochs, passed=alive.height)
    result.check(CONCEPT_WALKS.name)
    return result


def _concept_sets(nodes: pl.DataFrame, document_concepts: pl.DataFrame) -> pl.DataFrame:
    """The documents' concept sets under the graph's names; names the graph dropped stay as they are."""
    spellings = nodes.select("kind", "name", spelling="spellings").explode("spelling")
    concepts = concepts_of_documents(document_concepts).select("document_id", "kind", "name")
    return canonical(concepts, spellings)
