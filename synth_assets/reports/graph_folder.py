"""The folder `synth-assets graph` writes: tables for people, pictures, a page, and the graph for other programs."""

from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from synth_assets import __version__
from synth_assets.concepts.exports import part_of, write_graphml, write_json
from synth_assets.concepts.graph import EPSILON
from synth_assets.errors import SynthAssetsError
from synth_assets.output_folder import OutputFolder
from synth_assets.reports.graph_section import GraphSection, graph_section
from synth_assets.reports.pages import page, shown

FACTS = "structure.json"

MADE_BY = "synth-assets graph"
"""Stands in `structure.json`: the mark of a folder whose files may be replaced."""

WALKS_SHOWN = 5


@dataclass(frozen=True)
class RowCounts:
    """Rows of files: those read are those used and those left out, by reason."""

    read: int
    used: int
    left_out: dict[str, int]

    @property
    def in_words(self) -> dict[str, int]:
        """The same, as a table shows it."""
        left_out = {f"rows left out, {reason}": count for reason, count in self.left_out.items()}
        return {"rows read": self.read, "rows used": self.used, **left_out}


@dataclass(frozen=True)
class GraphTables:
    """A graph and what belongs to it.

    Attributes:
        source: Where it comes from, in words.
        nodes: Rows of `concept_nodes`.
        edges: Rows of `concept_edges`.
        frequencies: Columns `kind, name, documents` of every spelling.
        documents: Documents.
        walks: Rows of `concept_walks`; None where none were asked for.
        walks_left_out: Their quarantine: columns `id, reason, detail`.
        rows: What became of the rows of files; None for a graph of a lake.
        rows_left_out: The rows that could not be used, with a reason.
        notes: What else a person should know.
    """

    source: str
    nodes: pl.DataFrame
    edges: pl.DataFrame
    frequencies: pl.DataFrame
    documents: int
    walks: pl.DataFrame | None
    walks_left_out: pl.DataFrame
    rows: RowCounts | None
    rows_left_out: pl.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exports:
    """What of the graph other programs are to get."""

    graphml: bool = False
    json_graph: bool = False
    around: str | None = None


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        folder: Where.
        facts: What `structure.json` holds.
        figures: The same as a short table: columns `what`, `number`.
        exported: What graph.graphml and graph.json hold, in words; None where there are none.
    """

    folder: Path
    facts: dict[str, object]
    figures: pl.DataFrame
    exported: str | None


def graph_output(folder: Path) -> OutputFolder:
    """The folder that the command writes."""
    return OutputFolder(folder, MADE_BY, FACTS)


def write_graph_folder(folder: Path, tables: GraphTables, exports: Exports) -> Written:
    """Write everything. What an earlier call wrote into `folder` is replaced, other files are left alone.

    The files are made aside and moved at the end, so that a folder never holds halves of two graphs.
    """
    section = graph_section(tables.nodes, tables.edges, tables.frequencies)
    if section is None:
        raise SynthAssetsError(f"{tables.source}: the graph has no node; without --drop-singletons it may have some.")
    output = graph_output(folder)
    with output.made_aside() as aside:
        _write_tables(aside, tables, section)
        said = _write_exports(aside, tables, exports)
        figures = _figures(tables, section)
        (aside / "overview.html").touch()  # so that the facts, which it shows, name it
        facts = output.write_facts(aside, _facts(tables, section, said))
        overview = page("graph.html.j2").render(
            version=__version__, tables=tables, graph=section, facts=facts, walks=_walks_shown(tables), shown=shown
        )
        (aside / "overview.html").write_text(overview, encoding="utf-8")
    return Written(folder, facts, figures, said)


def _write_tables(folder: Path, tables: GraphTables, section: GraphSection) -> None:
    spellings = tables.nodes.select("concept", "spellings")
    section.members.join(spellings, on="concept", how="left", maintain_order="left").drop("concept").write_parquet(
        folder / "nodes.parquet"
    )
    write_named_edges(section.members, tables.edges, folder / "edges.parquet")
    section.merged.write_csv(folder / "merges.csv")
    if tables.walks is not None:
        tables.walks.drop("shard").write_parquet(folder / "walks.parquet")
    for name, left_out in (("quarantine", tables.rows_left_out), ("walks_quarantine", tables.walks_left_out)):
        if not left_out.is_empty():
            left_out.write_parquet(folder / f"{name}.parquet")
    for name, picture in section.pictures.items():
        (folder / f"{name}.png").write_bytes(picture.png)
        (folder / f"{name}.svg").write_text(picture.svg, encoding="utf-8")


def write_named_edges(nodes: pl.DataFrame, edges: pl.DataFrame, path: Path) -> None:
    """The edges by the names of their ends, those of most documents first, ties by name.

    Names stand as numbers in memory and become text a batch of rows at a time, as they are written: 15 million edges
    with their names would take gigabytes.

    Args:
        nodes: Columns `concept, kind, name`.
        edges: Rows of `concept_edges`.
        path: The Parquet file.
    """
    names = pl.Enum(nodes["name"].unique().sort())
    kinds = pl.Enum(nodes["kind"].unique().sort())
    ends = nodes.select("concept", pl.col("kind").cast(kinds), pl.col("name").cast(names))
    named = edges.select("subgraph", "source", "target", "documents").with_columns(
        pl.col("subgraph").cast(pl.Categorical)
    )
    for end in ("source", "target"):
        # The order is made below, so it need not be kept here.
        of_end = ends.select(pl.col("concept").alias(end), pl.all().exclude("concept").name.prefix(f"{end}_"))
        named = named.join(of_end, on=end).drop(end)
    named = named.sort(
        "documents", "source_kind", "source_name", "target_kind", "target_name", descending=[True, *[False] * 4]
    )
    weight = (pl.col("documents") + EPSILON).log().alias("weight")
    text = {
        "source_kind": "source_kind",
        "source_name": "source",
        "target_kind": "target_kind",
        "target_name": "target",
    }
    named.lazy().select(
        pl.col("subgraph").cast(pl.String),
        *(pl.col(column).cast(pl.String).alias(name) for column, name in text.items()),
        "documents",
        weight,
    ).sink_parquet(path)


def _write_exports(folder: Path, tables: GraphTables, exports: Exports) -> str | None:
    """Write the graph for other programs; which part of it, in words."""
    if not exports.graphml and not exports.json_graph:
        return None
    part = part_of(tables.nodes, tables.edges, exports.around)
    if exports.graphml:
        write_graphml(part.graph, folder / "graph.graphml")
    if exports.json_graph:
        write_json(part.graph, folder / "graph.json")
    return part.said


def _facts(tables: GraphTables, section: GraphSection, exported: str | None) -> dict[str, object]:
    return {
        "source": tables.source,
        "rows": None if tables.rows is None else asdict(tables.rows),
        "documents": tables.documents,
        **asdict(section.structure),
        "spellings_merged": section.merged.height,
        "walks": None if tables.walks is None else tables.walks.height,
        "walks_left_out": tables.walks_left_out.height,
        "exported": exported,
        "notes": list(tables.notes),
    }


def _figures(tables: GraphTables, section: GraphSection) -> pl.DataFrame:
    structure = section.structure
    figures = {
        **(tables.rows.in_words if tables.rows is not None else {}),
        "documents": tables.documents,
        "topics": structure.topics,
        "key concepts": structure.key_concepts,
        **{f"edges {name.replace('_', ' to ')}": count for name, count in structure.edges.items()},
        "components": structure.components,
        "communities of topics": structure.communities,
        "spellings merged": section.merged.height,
    }
    if tables.walks is not None:
        figures |= {"walks": tables.walks.height}
    if not tables.walks_left_out.is_empty():
        figures |= {"walks without a key concept": tables.walks_left_out.height}
    return pl.DataFrame({"what": list(figures), "number": list(figures.values())})


def _walks_shown(tables: GraphTables) -> list[dict[str, object]]:
    if tables.walks is None:
        return []
    # By the hash that names a walk: repeatable, not picked.
    return tables.walks.sort("walk_id").head(WALKS_SHOWN).to_dicts()
