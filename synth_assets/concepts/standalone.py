"""The concept graph of files of concepts, without a lake: what the stages of the road make of the same rows.

What does not live here: reading the files (`concept_files`) and writing what is found (`reports/graph_folder`).
"""

from dataclasses import dataclass

import polars as pl

from synth_assets.concepts.concept_files import ConceptRows
from synth_assets.concepts.cooccurrence import count
from synth_assets.concepts.graph import reduce
from synth_assets.concepts.names import unknown_names
from synth_assets.concepts.walks import PAPER_WALKS, WalkSettings
from synth_assets.progress import tell
from synth_assets.tables import CONCEPT_WALKS, StageResult, no_quarantine

WHOLE = "all"
"""The one shard that all documents are in."""


@dataclass(frozen=True)
class StandaloneGraph:
    """A graph and the walks over it.

    Attributes:
        nodes: Rows of `concept_nodes`.
        edges: Rows of `concept_edges`.
        frequencies: Columns `kind, name, documents` of every spelling.
        walks: Rows of `concept_walks`, and the walks that reached no key concept.
        documents: Documents.
        unknown: Names of the accepted synonyms that do not occur: columns `kind`, `name`.
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    frequencies: pl.DataFrame
    walks: StageResult
    documents: int
    unknown: pl.DataFrame


def standalone_graph(
    read: ConceptRows,
    *,
    epochs: int = 0,
    settings: WalkSettings = PAPER_WALKS,
    seed: int = 0,
    drop_singletons: bool = False,
    synonyms: pl.DataFrame | None = None,
) -> StandaloneGraph:
    """The graph of rows that were read, and `epochs` walks from each topic.

    A walk depends on neither shards nor the order of rows, so these are the walks the road takes over the same
    concepts with the same settings.

    Args:
        read: The rows.
        epochs: Walks from each topic; 0 for none.
        settings: How walks are taken.
        seed: Another seed, other walks; the road's is 0.
        drop_singletons: Leave out concepts that occur in one document only.
        synonyms: Merges a person accepted: columns `kind`, `name`, `same_as`.
    """
    rows = read.rows.select(pl.lit(WHOLE).alias("shard"), pl.all())
    documents = rows["document_id"].n_unique()
    tell(f"{rows.height:,} rows of {documents:,} documents: counting which concepts occur together")
    counts = count(rows)
    frequencies = counts.frequencies.select("kind", "name", "documents")
    nodes, edges = reduce(
        counts.frequencies, counts.cooccurrence, rows, drop_singletons=drop_singletons, synonyms=synonyms
    )
    del counts
    walks = StageResult(CONCEPT_WALKS.empty(), no_quarantine("shard"), 0, 0)
    if epochs:
        from synth_assets.concepts.stage import concept_walks  # compiled loops: half a second

        tell(f"{nodes.height:,} nodes, {edges.height:,} edges: {epochs} walks from each topic")
        walks = concept_walks(nodes, edges, rows, [WHOLE], epochs, settings, seed, synonyms)
    nothing = pl.DataFrame(schema={"kind": pl.String, "name": pl.String})
    unknown = nothing if synonyms is None else unknown_names(frequencies, synonyms)
    return StandaloneGraph(nodes, edges, frequencies, walks, documents, unknown)
