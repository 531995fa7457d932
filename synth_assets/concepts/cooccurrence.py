"""How many documents of a shard hold both of two concepts: the map side of the concept graph (paper section 2.2).

Names are taken as normalised; merging spellings needs the whole corpus and happens in `graph`.
"""

import polars as pl

from synth_assets.concepts.names import KEY_CONCEPT, TOPIC
from synth_assets.tables import CONCEPT_COOCCURRENCE


def concepts_of_documents(document_concepts: pl.DataFrame) -> pl.DataFrame:
    """The concept set of every document: columns `shard, document_id, kind, name`, each element once.

    A topic and a key concept of the same name are two elements.
    """
    kinds = ((TOPIC, "topic"), (KEY_CONCEPT, "key_concept"))
    return pl.concat(
        document_concepts.select(
            "shard", "document_id", pl.lit(kind).alias("kind"), pl.col(column).alias("name")
        ).unique()
        for kind, column in kinds
    )


def count(document_concepts: pl.DataFrame) -> pl.DataFrame:
    """Rows of `concept_cooccurrence` for every shard in `document_concepts`, sorted by their key.

    Two concepts are counted together wherever both occur in one document, whichever topic a key concept was listed
    under. A concept with itself counts the documents that hold it.
    """
    return count_pairs(concepts_of_documents(document_concepts))


def count_pairs(concepts: pl.DataFrame) -> pl.DataFrame:
    """As :func:`count`, from concept sets (columns `shard, document_id, kind, name`, each element once)."""
    shards = concepts.partition_by("shard", maintain_order=True)
    counted = [_count_pairs_of_shard(shard) for shard in sorted(shards, key=lambda shard: str(shard["shard"][0]))]
    return CONCEPT_COOCCURRENCE.conform(pl.concat(counted) if counted else CONCEPT_COOCCURRENCE.empty())


def _count_pairs_of_shard(concepts: pl.DataFrame) -> pl.DataFrame:
    # Numbers instead of names make the self-join and the grouping several times cheaper; their order is that of
    # (kind, name), so that first <= second holds for numbers and names alike.
    numbers = concepts.select("kind", "name").unique().sort("kind", "name").with_row_index("concept")
    held = (
        concepts.join(numbers, on=["kind", "name"])
        .select(pl.col("document_id").rank("dense").cast(pl.UInt32).alias("document"), "concept")
        .lazy()
    )
    pairs = (
        held.join(held, on="document", suffix="_second")
        .filter(pl.col("concept") <= pl.col("concept_second"))
        .group_by("concept", "concept_second")
        .agg(pl.len().alias("documents"))
        .sort("concept", "concept_second")
        .collect()
    )
    first, second = pairs["concept"], pairs["concept_second"]
    return pl.DataFrame(
        {
            "shard": pl.repeat(concepts["shard"][0], pairs.height, dtype=pl.String(), eager=True),
            "first_kind": numbers["kind"].gather(first),
            "first": numbers["name"].gather(first),
            "second_kind": numbers["kind"].gather(second),
            "second": numbers["name"].gather(second),
            "documents": pairs["documents"].cast(pl.Int64),
        }
    )
