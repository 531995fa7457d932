"""Rows come into the order of partition and key by whatever way, and a repeated key is found wherever it stands."""

from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from synth_assets.lake import ordering
from synth_assets.lake.ordering import in_order, order_of, repeated, whole_partitions
from synth_assets.tables import CONCEPT_COOCCURRENCE, CONCEPT_EDGES, Table

PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.integers(0, 3)), max_size=30)


@pytest.fixture(autouse=True, scope="module")
def small_frames_are_large() -> Iterator[None]:
    """Looks at few rows together, and takes every stretch for a large one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "SLICE_ROWS", 4)
        patch.setattr(ordering, "LARGE_STRETCH", 1)
        yield


def pairs(rows: list[tuple[str, int, int]]) -> pl.DataFrame:
    """Rows of concept_cooccurrence, numbered by `documents` in the order given."""
    numbered = [(*row, number) for number, row in enumerate(rows)]
    return pl.DataFrame(numbered, schema=CONCEPT_COOCCURRENCE.schema, orient="row")


@given(rows=PAIRS, table=st.sampled_from([CONCEPT_COOCCURRENCE, CONCEPT_EDGES]))
def test_any_rows_come_into_order(rows: list[tuple[str, int, int]], table: Table) -> None:
    frame = pairs(rows).rename({"first": "source", "second": "target"}) if table is CONCEPT_EDGES else pairs(rows)
    ordered = in_order(table, frame)
    order = order_of(table)
    assert_frame_equal(ordered.select(order), frame.select(order).sort(order))
    assert_frame_equal(ordered.sort("documents"), frame)


def test_rows_in_order_are_not_copied() -> None:
    ordered = pairs([("a", 1, 2), ("a", 1, 3), ("b", 0, 1)])
    assert in_order(CONCEPT_COOCCURRENCE, ordered) is ordered


@given(rows=PAIRS)
def test_repeated_keys_are_those_that_stand_twice(rows: list[tuple[str, int, int]]) -> None:
    key = CONCEPT_COOCCURRENCE.key
    found = repeated(pairs(rows), key)
    assert found.rows() == [row for row in rows if rows.count(row) > 1]


@given(rows=PAIRS, at_most=st.integers(1, 8))
def test_pieces_hold_whole_partitions_and_all_rows(rows: list[tuple[str, int, int]], at_most: int) -> None:
    frame = in_order(CONCEPT_COOCCURRENCE, pairs(rows))
    pieces = list(whole_partitions(CONCEPT_COOCCURRENCE, frame, at_most))
    assert_frame_equal(pl.concat(pieces), frame)
    shards = [set(piece["shard"]) for piece in pieces]
    assert sum(map(len, shards)) == frame["shard"].n_unique()
    assert all(piece.height <= at_most or len(held) == 1 for piece, held in zip(pieces, shards, strict=True))
