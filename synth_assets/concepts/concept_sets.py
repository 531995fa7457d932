"""Every document's set of concepts by number, as the search for reference documents reads them (paper section 2.2)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.concepts.cooccurrence import COLUMN_OF, distinct_names, memberships
from synth_assets.concepts.names import KEY_CONCEPT, TOPIC, merge_spellings


@dataclass(frozen=True)
class ConceptSets:
    """The concepts of document i stand at `concepts[starts[i]:starts[i + 1]]`, ascending, each once.

    An element is numbered as in the graph: topic t is t, key concept k is (number of topics) + k. What the graph
    lacks (dropped singletons) follows after them: no walk visits it, but it counts in the size of a document's set.

    Attributes:
        document_ids: Ids in ascending order; a document's number is its place here.
        starts: Shape (documents + 1,).
        concepts: Shape (memberships,).
        elements: Distinct elements, those the graph lacks included.
    """

    document_ids: pl.Series
    starts: npt.NDArray[np.int64]
    concepts: npt.NDArray[np.int32]
    elements: int

    @classmethod
    def from_frames(
        cls,
        document_concepts: pl.DataFrame | pl.LazyFrame,
        nodes: pl.DataFrame,
        synonyms: pl.DataFrame | None = None,
    ) -> "ConceptSets":
        """The sets under the names of the graph.

        Args:
            document_concepts: Columns `document_id, topic, key_concept`; others are not read.
            nodes: All of `concept_nodes`, which says what name each spelling stands under.
            synonyms: The accepted merges the graph was made with. They matter only for what the graph dropped as
                singletons, where one document may hold several spellings of one concept.
        """
        rows = document_concepts.lazy().select("document_id", *COLUMN_OF.values()).collect()
        documents = rows.select("document_id").unique().sort("document_id")
        spellings = _places(nodes, distinct_names(rows), synonyms)
        held = memberships(rows, documents, spellings)
        lengths = np.bincount(held.document, minlength=documents.height)
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return cls(documents["document_id"], starts, held.concept, held.concepts)


def _places(nodes: pl.DataFrame, names: pl.DataFrame, synonyms: pl.DataFrame | None) -> pl.DataFrame:
    """The element of each spelling: columns `kind`, `name`, `place`; names that the graph lacks come last."""
    inside = pl.concat(
        nodes.filter(kind=kind).select("kind", "name", "spellings").sort("name") for kind in (TOPIC, KEY_CONCEPT)
    )
    known = (
        inside.with_row_index("place")
        .select("kind", "place", name="spellings")
        .explode("name")
        .select("kind", "name", pl.col("place").cast(pl.Int64))
    )
    merged = merge_spellings(names.join(known, on=["kind", "name"], how="anti"), synonyms)
    outside = merged.select("kind", "name").unique().sort("kind", "name").with_row_index("place", offset=inside.height)
    outside = merged.join(outside, on=["kind", "name"])
    return pl.concat([known, outside.select("kind", pl.col("spelling").alias("name"), pl.col("place").cast(pl.Int64))])
