"""Names: what is folded into one, and what is not."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_assets.concepts.names import canonical, merge_spellings, normalise, normalised


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Least\u00a0Common \n Multiple ", "least common multiple"),
        ("Prime Factorisation.", "prime factorisation"),
        ("What is a ratio?!", "what is a ratio"),
        ("\uff26ractions\uff1a", "fractions"),
        ("STRASSE", "strasse"),
        ("Stra\u00dfe", "strasse"),
        ("x\u00b2", "x2"),
        ("function f(x)", "function f(x)"),
        ("derivative f\u2032", "derivative f\u2032"),
        ("slope \u2013 ", "slope"),
        ("3.14", "3.14"),
        (" ... ", ""),
    ],
)
def test_a_name_is_folded_as_stated(written: str, name: str) -> None:
    assert normalise(written) == name


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing(written: str) -> None:
    assert normalise(normalise(written)) == normalise(written)


@given(st.lists(st.none() | st.text(max_size=6), max_size=6))
def test_the_expression_is_the_scalar_rule(written: list[str | None]) -> None:
    frame = pl.DataFrame({"written": written}, schema={"written": pl.String})
    names = frame.lazy().select(normalised(pl.col("written"))).collect()["written"].to_list()
    assert names == [None if name is None else normalise(name) for name in written]


def test_a_plural_is_folded_only_where_its_singular_occurs_in_the_same_kind() -> None:
    names = pl.DataFrame(
        [
            ("topic", "fraction"),
            ("topic", "fractions"),
            ("topic", "fractions"),
            ("key_concept", "fractions"),
            ("topic", "mas"),
            ("topic", "mass"),
            ("topic", "fractions of units"),
            ("topic", "s"),
            ("topic", ""),
        ],
        schema=["kind", "name"],
        orient="row",
    )
    assert merge_spellings(names).rows() == [
        ("key_concept", "fractions", "fractions"),
        ("topic", "", ""),
        ("topic", "fraction", "fraction"),
        ("topic", "fractions", "fraction"),
        ("topic", "fractions of units", "fractions of units"),
        ("topic", "mas", "mas"),
        ("topic", "mass", "mass"),
        ("topic", "s", "s"),
    ]


@given(st.lists(st.text(alphabet="as ", max_size=4), max_size=12))
def test_a_canonical_name_stands_for_itself(names: list[str]) -> None:
    spellings = merge_spellings(
        pl.DataFrame({"kind": "topic", "name": names}, schema={"kind": pl.String, "name": pl.String})
    )
    standing = dict(spellings.select("spelling", "name").iter_rows())
    assert set(standing) == set(names)
    assert all(standing[name] == name for name in standing.values())


def test_elements_that_become_one_name_are_listed_once() -> None:
    concepts = pl.DataFrame({"document_id": ["d", "d", "d"], "kind": ["topic"] * 3, "name": ["ratio", "ratios", "x"]})
    spellings = merge_spellings(pl.DataFrame({"kind": ["topic", "topic"], "name": ["ratio", "ratios"]}))
    assert sorted(canonical(concepts, spellings).rows()) == [("d", "topic", "ratio"), ("d", "topic", "x")]
