"""Contenders for the reference documents: of all documents, the two of highest Jaccard similarity with a walk's set.

Ties go to the lower document. Where fewer than two share anything, the lowest others follow with similarity 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl
from racing import Finding
from scipy import sparse

from graph_peers.case import Case, Memberships, Real, Visited, Whole
from synth_assets.lake.sql import ArrowStream

PRODUCTS_AT_ONCE = 20_000_000
"""Of the sparse product: bounds a batch, about 1 GB."""

WALKS_AT_ONCE = 10_000
"""Of the join on pairs: bounds a batch."""

WALKS_CHECKED = 100
"""Walks whose references are looked up by plain comparison with every document."""


@dataclass(frozen=True)
class References:
    """Two documents a walk and their similarities, nearest first; shape (walks, 2) each."""

    documents: Whole
    similarities: Real


@dataclass(frozen=True)
class Sets:
    """What each walk visited, each concept once and in order: walk i has `concepts[starts[i]:starts[i + 1]]`."""

    starts: Whole
    concepts: Whole

    @property
    def sizes(self) -> Whole:
        """Concepts of each walk."""
        return np.diff(self.starts)

    @property
    def numbers(self) -> Whole:
        """The walk of each entry, counted from 0."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)


@dataclass(frozen=True)
class Sought:
    """What every contender starts from: the concept sets of documents, and what walks visited."""

    held: Memberships
    visited: Visited


def sought(case: Case) -> Sought:
    """That of a case."""
    return Sought(case.memberships, case.visited)


def visited_sets(sought: Sought, walks: Whole) -> Sets:
    """Concepts are numbered as in the memberships."""
    visited = sought.visited.of(walks)
    concepts = np.where(visited.concepts < 0, -1, visited.concepts + sought.held.topics)
    nodes = np.sort(np.hstack([visited.topics, concepts]), axis=1)
    new = nodes >= 0
    new[:, 1:] &= nodes[:, 1:] != nodes[:, :-1]
    return Sets(np.concatenate([[0], np.cumsum(new.sum(axis=1))]), nodes[new])


@dataclass(frozen=True)
class Holders:
    """The documents that hold each concept, as a matrix of concepts by documents, and how many each document holds."""

    sought: Sought
    matrix: sparse.csr_array
    sizes: Whole


def build_holders(sought: Sought) -> Holders:
    """From the memberships."""
    held = sought.held
    ones = np.ones(len(held.concept), dtype=np.int32)
    shape = (held.documents, held.topics + held.concepts)
    matrix = sparse.csr_array((ones, held.concept, held.starts), shape=shape).T.tocsr()
    return Holders(sought, matrix, np.diff(held.starts))


def sparse_product(holders: Holders, walks: Whole) -> References:
    """Walks by concepts times concepts by documents, in batches; the nearest from its entries."""
    sets = visited_sets(holders.sought, walks)
    shape = (len(walks), holders.matrix.shape[0])
    visited = sparse.csr_array((np.ones(len(sets.concepts), dtype=np.int32), sets.concepts, sets.starts), shape=shape)
    work = np.cumsum(visited @ np.diff(holders.matrix.indptr))
    cuts = np.searchsorted(work, np.arange(PRODUCTS_AT_ONCE, work[-1], PRODUCTS_AT_ONCE))
    found = []
    for batch in np.split(np.arange(len(walks)), np.unique(cuts)):
        if len(batch):
            shared = (visited[batch[0] : batch[-1] + 1] @ holders.matrix).tocsr()
            found.append(_nearest_of(shared, sets.sizes[batch], holders.sizes))
    documents, similarities = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _completed(documents, similarities, len(holders.sizes))


def _nearest_of(shared: sparse.csr_array, visited: Whole, held: Whole) -> tuple[Whole, Real]:
    """The two nearest of a product's entries, -1 where there are none."""
    walks = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
    similarities = shared.data / (visited[walks] + held[shared.indices] - shared.data)
    documents, best = (np.full((shared.shape[0], 2), fill) for fill in (-1, 0.0))
    filled = np.flatnonzero(np.diff(shared.indptr))
    for place in range(2):
        highest = np.zeros(shared.shape[0])
        highest[filled] = np.maximum.reduceat(similarities, shared.indptr[filled])
        candidates = np.where((similarities == highest[walks]) & (similarities > 0), shared.indices, len(held))
        lowest = np.minimum.reduceat(candidates, shared.indptr[filled])
        there = lowest < len(held)
        documents[filled[there], place], best[filled, place] = lowest[there], highest[filled]
        similarities[shared.indices == documents[walks, place]] = 0.0
    return documents, best


NEAREST = """
    SELECT walk, min({{'distance': -shared / (visited + held - shared)::DOUBLE, 'document': document}}, 2) AS nearest
    FROM ({shared}) JOIN sizes USING (document) JOIN walks USING (walk) GROUP BY walk ORDER BY walk
"""
"""The two nearest of each walk from the numbers of concepts that it shares with documents."""


@dataclass(frozen=True)
class Joined:
    """A database with `sizes` (document, held) and `holds` (of a concept, or of the two concepts of a pair)."""

    sought: Sought
    database: duckdb.DuckDBPyConnection


def build_single_holds(sought: Sought) -> Joined:
    """One row a membership."""
    held = sought.held
    joined = _with_sizes(sought)
    joined.database.register(
        "memberships", ArrowStream(pl.DataFrame({"element": held.concept, "document": held.document}))
    )
    joined.database.execute("CREATE TABLE holds AS SELECT * FROM memberships ORDER BY element")
    return joined


def build_pair_holds(sought: Sought) -> Joined:
    """One row a document and pair of its concepts."""
    held = sought.held
    joined = _with_sizes(sought)
    joined.database.register(
        "memberships", ArrowStream(pl.DataFrame({"concept": held.concept, "document": held.document}))
    )
    joined.database.execute(
        "CREATE TABLE holds AS SELECT (a.concept::BIGINT << 32) | b.concept AS element, document "
        "FROM memberships a JOIN memberships b USING (document) WHERE a.concept < b.concept ORDER BY element"
    )
    return joined


def join_on_concepts(joined: Joined, walks: Whole) -> References:
    """Every document that shares a concept is a candidate."""
    sets = visited_sets(joined.sought, walks)
    visits = pl.DataFrame({"walk": sets.numbers, "element": sets.concepts})
    return _joined(joined, sets, visits, "count(*)")


def join_on_pairs(joined: Joined, walks: Whole) -> References:
    """Every document that shares two concepts is a candidate, so that those that share one are never found.

    c shared concepts make c (c - 1) / 2 shared pairs.
    """
    found = []
    for low in range(0, len(walks), WALKS_AT_ONCE):
        sets = visited_sets(joined.sought, walks[low : low + WALKS_AT_ONCE])
        visits = pl.concat(list(_pairs(sets)))
        found.append(_joined(joined, sets, visits, "(1 + sqrt(1 + 8 * count(*))) / 2"))
    return References(
        *(np.concatenate([getattr(part, name) for part in found]) for name in ("documents", "similarities"))
    )


def _pairs(sets: Sets) -> Iterator[pl.DataFrame]:
    for size in np.unique(sets.sizes):
        walks = np.flatnonzero(sets.sizes == size)
        first, second = np.triu_indices(size, k=1)
        concepts = sets.concepts[sets.starts[walks, None] + np.arange(size)]
        pairs = (concepts[:, first] << 32 | concepts[:, second]).reshape(-1)
        yield pl.DataFrame({"walk": np.repeat(walks, len(first)), "element": pairs})


def _with_sizes(sought: Sought) -> Joined:
    sizes = np.diff(sought.held.starts)
    database = duckdb.connect()
    database.register("document_sizes", ArrowStream(pl.DataFrame({"document": np.arange(len(sizes)), "held": sizes})))
    database.execute("CREATE TABLE sizes AS SELECT document::INTEGER AS document, held FROM document_sizes")
    return Joined(sought, database)


def _joined(joined: Joined, sets: Sets, visits: pl.DataFrame, shared: str) -> References:
    count = len(sets.sizes)
    joined.database.register("visits", ArrowStream(visits))
    joined.database.register("walks", ArrowStream(pl.DataFrame({"walk": np.arange(count), "visited": sets.sizes})))
    counted = f"SELECT walk, document, {shared} AS shared FROM visits JOIN holds USING (element) GROUP BY ALL"
    nearest = pl.DataFrame(joined.database.sql(NEAREST.format(shared=counted)))
    documents, similarities = (np.full((count, 2), fill) for fill in (-1, 0.0))
    walks = nearest["walk"].to_numpy()
    for place in range(2):
        of_place = nearest["nearest"].list.get(place, null_on_oob=True)
        documents[walks, place] = of_place.struct.field("document").fill_null(-1).to_numpy()
        similarities[walks, place] = -of_place.struct.field("distance").fill_null(0.0).to_numpy()
    return _completed(documents, similarities, len(joined.sought.held.starts) - 1)


def _completed(documents: Whole, similarities: Real, count: int) -> References:
    """The lowest documents in the place of -1, with similarity 0; there are at least two documents."""
    first = np.where(documents[:, 0] < 0, 0, documents[:, 0])
    second = np.where(documents[:, 1] < 0, np.where(first == 0, 1, 0), documents[:, 1])
    return References(np.column_stack([first, second]), similarities)


def by_comparison(case: Case, walks: Whole) -> References:
    """The references of some walks by comparing each with every document: the plain way."""
    held, sets = case.memberships, visited_sets(sought(case), walks)
    starts, sizes = held.starts, np.diff(held.starts)
    found = []
    for low, high in zip(sets.starts[:-1], sets.starts[1:], strict=True):
        visited: npt.NDArray[np.bool_] = np.zeros(held.topics + held.concepts, dtype=bool)
        visited[sets.concepts[low:high]] = True
        shared = np.add.reduceat(visited[held.concept].astype(np.int64), starts[:-1])
        similarities = shared / (sizes + (high - low) - shared)
        best = np.lexsort((np.arange(len(sizes)), -similarities))[:2]
        found.append((best, similarities[best]))
    return References(*(np.array(parts) for parts in zip(*found, strict=True)))


def judge_exact(case: Case, walks: Whole, found: References) -> Finding:
    """Whether the first of the walks have the documents and similarities that comparison finds."""
    checked = slice(0, min(WALKS_CHECKED, len(walks)))
    right = by_comparison(case, walks[checked])
    same = bool((found.documents[checked] == right.documents).all())
    same &= bool((found.similarities[checked] == right.similarities).all())
    return Finding(same, f"{len(right.documents)} walks as by comparison with every document")


def judge_approximate(case: Case, walks: Whole, found: References) -> Finding:
    """How many of the first walks have what comparison finds."""
    checked = slice(0, min(WALKS_CHECKED, len(walks)))
    right = by_comparison(case, walks[checked])
    equal = (found.documents[checked] == right.documents).all(axis=1).mean()
    return Finding(True, f"{equal:.2%} of {len(right.documents)} walks as by comparison")
