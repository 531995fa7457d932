"""Contenders for the edges: from the concept sets of documents to each unordered pair and its count of documents."""

from itertools import combinations

import duckdb
import networkx
import numpy as np
import polars as pl
from racing import Finding
from scipy import sparse

from graph_peers.case import Case, Edges, Memberships, Whole, edges_of
from synth_assets.lake.sql import ArrowStream


def duckdb_self_join(held: Memberships, _: Whole) -> Edges:
    """Grouped by one number a pair, which DuckDB does in a quarter of the time of two."""
    with duckdb.connect() as connection:
        connection.register("held", ArrowStream(pl.DataFrame({"document": held.document, "concept": held.concept})))
        pairs = connection.sql(
            "SELECT (a.concept::BIGINT << 32) | b.concept AS pair, count(*) AS documents "
            "FROM held a JOIN held b ON a.document = b.document AND a.concept < b.concept GROUP BY pair"
        ).fetchnumpy()
    return Edges(pairs["pair"] >> 32, pairs["pair"] & 0xFFFFFFFF, pairs["documents"])


def polars_self_join(held: Memberships, _: Whole) -> Edges:
    """The same in the streaming engine."""
    memberships = pl.LazyFrame({"document": held.document, "concept": held.concept})
    pairs = (
        memberships.join(memberships, on="document", suffix="_second")
        .filter(pl.col("concept") < pl.col("concept_second"))
        .select(pair=pl.col("concept").cast(pl.Int64) * 2**32 + pl.col("concept_second"))
        .group_by("pair")
        .agg(documents=pl.len())
        .collect(engine="streaming")
    )
    pair = pairs["pair"].to_numpy()
    return Edges(pair >> 32, pair & 0xFFFFFFFF, pairs["documents"].to_numpy())


def scipy_product(held: Memberships, _: Whole) -> Edges:
    """The matrix of documents by concepts, transposed, times itself; the half above its diagonal."""
    ones = np.ones(len(held.concept), dtype=np.int32)
    shape = (held.documents, held.topics + held.concepts)
    matrix = sparse.csr_array((ones, held.concept, held.starts), shape=shape)
    counts = sparse.triu(matrix.T.tocsr() @ matrix, k=1, format="coo")
    return Edges(counts.row, counts.col, counts.data)


def networkx_graph(held: Memberships, documents: Whole) -> Edges:
    """A graph whose edges are counted up pair by pair."""
    graph = networkx.Graph()
    starts = held.starts
    for document in documents.tolist():
        concepts = held.concept[starts[document] : starts[document + 1]]
        for first, second in combinations(concepts.tolist(), 2):
            if graph.has_edge(first, second):
                graph[first][second]["documents"] += 1
            else:
                graph.add_edge(first, second, documents=1)
    edges = np.array([(min(a, b), max(a, b), count) for a, b, count in graph.edges(data="documents")])
    return Edges(*edges.T)


def judge(case: Case, documents: Whole, found: Edges) -> Finding:
    """Whether these are the edges of the documents, in number and in count."""
    right = found.same_as(edges_of(case.memberships.of(documents)))
    return Finding(right, f"{len(found.documents):,} edges")
