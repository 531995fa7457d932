"""What the commands `graph` and `synonyms` do: where the concepts room, the reports and a lake meet.

What does not live here: the options and what is printed (`cli.py`).
"""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from pydantic import ValidationError

from synth_assets.concepts.concept_files import concept_files, read_concepts
from synth_assets.concepts.exports import no_such_concept
from synth_assets.concepts.names import normalise
from synth_assets.errors import SynthAssetsError
from synth_assets.progress import reported, tell

if TYPE_CHECKING:
    from synth_assets.concepts.name_similarity import NameEmbedder
    from synth_assets.concepts.walks import WalkSettings
    from synth_assets.lake.lake import Lake
    from synth_assets.reports.graph_folder import GraphTables
    from synth_assets.teachers.embeddings.settings import EmbedderSettings

NAMES_TOLD = 5


def tables_of_files(
    pattern: str,
    *,
    epochs: int,
    settings: "WalkSettings",
    seed: int,
    drop_singletons: bool,
    synonyms: Path | None,
    around: str | None = None,
) -> "GraphTables":
    """The graph, and where `epochs` is not 0 the walks, of the Parquet files that `pattern` names.

    Raises SynthAssetsError before any work where no row has the name `around`, which is to be exported later.
    """
    from synth_assets.concepts.standalone import standalone_graph
    from synth_assets.concepts.synonyms import read_synonyms
    from synth_assets.reports.graph_folder import GraphTables, RowCounts

    accepted = None if synonyms is None else read_synonyms(synonyms)
    files = concept_files(pattern)
    read = read_concepts(files)
    if around is not None and not _occurs(around, read.rows, accepted):
        raise no_such_concept(around)
    found = standalone_graph(
        read, epochs=epochs, settings=settings, seed=seed, drop_singletons=drop_singletons, synonyms=accepted
    )
    return GraphTables(
        source=str(files[0]) if len(files) == 1 else f"{len(files)} files ({pattern})",
        nodes=found.nodes,
        edges=found.edges,
        frequencies=found.frequencies,
        documents=found.documents,
        walks=found.walks.rows if epochs else None,
        walks_left_out=found.walks.quarantined.drop("shard"),
        rows=RowCounts(
            read.received,
            read.rows.height,
            dict(read.left_out["reason"].value_counts().sort("reason").iter_rows()),
        ),
        rows_left_out=read.left_out,
        notes=_unknown_told(found.unknown),
    )


def tables_of_lake(lake: "Lake") -> "GraphTables":
    """The graph of a lake as it stands, with its walks. Raises SynthAssetsError where it has none yet."""
    from synth_assets.reports.graph_folder import GraphTables

    nodes = lake.read("concept_nodes")
    if nodes.is_empty():
        raise SynthAssetsError(
            f"The lake in {lake.settings.folder} has no concept graph yet; make it with "
            f"'synth-assets run --lake {lake.settings.folder}'."
        )
    return GraphTables(
        source=f"the lake {lake.settings.folder}",
        nodes=nodes,
        edges=lake.read("concept_edges", ordered=False),
        frequencies=lake.read("concept_frequencies", columns=["kind", "name", "documents"]),
        documents=int(lake.query("select count(distinct document_id) from document_concepts").item()),
        walks=lake.read("concept_walks"),
        walks_left_out=lake.query(
            "select id, reason, detail from quarantine where stage = 'concept_walks' order by id"
        ),
        rows=None,
        rows_left_out=pl.DataFrame(),
    )


def names_of_files(pattern: str) -> pl.DataFrame:
    """The names in Parquet files of concepts: columns `kind`, `name`, `documents`."""
    from synth_assets.concepts.cooccurrence import COLUMN_OF

    rows = read_concepts(concept_files(pattern)).rows
    return pl.concat(
        rows.group_by(pl.lit(kind).alias("kind"), pl.col(column).alias("name")).agg(
            pl.col("document_id").n_unique().cast(pl.Int64).alias("documents")
        )
        for kind, column in COLUMN_OF.items()
    )


def names_of_lake(lake: "Lake") -> pl.DataFrame:
    """The names in a lake's documents: columns `kind`, `name`, `documents`."""
    return lake.query("select kind, name, sum(documents)::bigint as documents from concept_frequencies group by all")


def write_proposals(
    names: pl.DataFrame, path: Path, embedder: "NameEmbedder | None", least: float | None, most: int
) -> pl.DataFrame:
    """Propose synonyms among `names` and write them to `path`, keeping the decisions that stand there.

    Returns what was written.
    """
    from synth_assets.concepts.synonyms import propose, read_proposals

    if names.is_empty():
        raise SynthAssetsError("There is no name of a topic or key concept yet to compare; make the concepts first.")
    earlier = read_proposals(path) if path.exists() else None
    tell(f"comparing {names.height:,} names")
    with reported("vectors of the names", "names") as advance:
        proposals = propose(names, embedder, least=least, most=most, earlier=earlier, advance=advance)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    proposals.write_csv(aside)
    aside.replace(path)
    return proposals


def name_embedder_settings(
    known: "EmbedderSettings | None", kind: str, model: str | None, urls: list[str] | None
) -> "EmbedderSettings":
    """The settings of a lake's embedder with these options. Raises SynthAssetsError where they do not go together."""
    from synth_assets.teachers.embeddings.settings import EmbedderSettings

    values = {} if known is None else known.model_dump()
    values["kind"] = kind
    if model is not None:
        values["model"] = model
    if urls:
        values["base_urls"] = tuple(urls)
    try:
        return EmbedderSettings.model_validate(values)
    except ValidationError as error:
        words = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise SynthAssetsError(f"--embedder {kind}: {words}.") from error


def name_embedder(settings: "EmbedderSettings", lake: "Lake | None") -> "NameEmbedder | None":
    """The embedder that the settings name; None for hashed names. Vectors of an endpoint are kept in the lake."""
    if settings.kind == "endpoint" and lake is None:
        from synth_assets.teachers.embeddings.embedder import EndpointEmbedder
        from synth_assets.teachers.store import MemoryStore

        return EndpointEmbedder(settings, MemoryStore())
    from synth_assets.assets.embedders import embedder_of

    return None if settings.kind == "hashed" else embedder_of(settings, lake, "synonyms")  # type: ignore[arg-type]


def _occurs(written: str, rows: pl.DataFrame, synonyms: pl.DataFrame | None) -> bool:
    name = normalise(written)
    named = [rows["topic"], rows["key_concept"], *([] if synonyms is None else [synonyms["name"], synonyms["same_as"]])]
    return any((names == name).any() for names in named)


def _unknown_told(unknown: pl.DataFrame) -> tuple[str, ...]:
    if unknown.is_empty():
        return ()
    named = ", ".join(f"{kind.replace('_', ' ')} {name!r}" for kind, name in unknown.head(NAMES_TOLD).iter_rows())
    more = ", ..." if unknown.height > NAMES_TOLD else ""
    return (f"Names of the accepted synonyms that do not occur here ({unknown.height}): {named}{more}.",)
