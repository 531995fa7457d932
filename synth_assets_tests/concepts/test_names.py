"""Names: what is folded into one, and what is not."""

from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_assets.concepts.names import (
    concept_number,
    merge_spellings,
    normalise,
    normalised,
    numbered,
    refuse_shared_numbers,
    unknown_names,
)
from synth_assets.errors import SynthAssetsError


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


def frequencies(**documents: int) -> pl.DataFrame:
    """Topics and how many documents hold each."""
    rows = [("topic", name, many) for name, many in documents.items()]
    return pl.DataFrame(rows, schema={"kind": pl.String, "name": pl.String, "documents": pl.Int64}, orient="row")


def synonyms(*pairs: tuple[str, str]) -> pl.DataFrame:
    rows = [("topic", name, same_as) for name, same_as in pairs]
    return pl.DataFrame(rows, schema=dict.fromkeys(("kind", "name", "same_as"), pl.String), orient="row")


def standing(names: pl.DataFrame, accepted: pl.DataFrame) -> dict[str, str]:
    return dict(merge_spellings(names, accepted).select("spelling", "name").iter_rows())


def test_accepted_synonyms_and_plurals_are_followed_to_their_end() -> None:
    names = frequencies(quotients=9, quotient=1, share=5, part=2, other=3)
    accepted = synonyms(("quotient", "share"), ("share", "part"))
    assert standing(names, accepted) == {
        "quotients": "part",
        "quotient": "part",
        "share": "part",
        "part": "part",
        "other": "other",
    }


def test_a_synonym_holds_for_its_kind_alone() -> None:
    names = pl.concat(
        [frequencies(rate=1, ratio=1), frequencies(rate=1, ratio=1).with_columns(kind=pl.lit("key_concept"))]
    )
    merged = merge_spellings(names, synonyms(("rate", "ratio")))
    assert merged.filter(pl.col("spelling") != pl.col("name")).rows() == [("topic", "rate", "ratio")]


@pytest.mark.parametrize(
    ("names", "canonical"),
    [({"a": 1, "b": 2, "c": 1}, "b"), ({"a": 2, "b": 1, "c": 2}, "a")],
    ids=["the most frequent", "then by name"],
)
def test_synonyms_in_a_circle_stand_under_the_most_frequent_then_by_name(names: dict[str, int], canonical: str) -> None:
    circle = synonyms(("a", "b"), ("b", "c"), ("c", "a"))
    assert set(standing(frequencies(**names), circle).values()) == {canonical}


def test_of_two_names_for_one_the_most_frequent_stands() -> None:
    accepted = synonyms(("rate", "ratio"), ("rate", "quotient"))
    assert set(standing(frequencies(rate=9, ratio=1, quotient=2), accepted).values()) == {"quotient"}


def test_a_name_that_does_not_occur_links_others_but_is_never_canonical() -> None:
    names = frequencies(rate=1, ratio=2, other=3)
    accepted = synonyms(("rate", "proportion"), ("ratio", "proportion"), ("other", "unheard of"))
    assert standing(names, accepted) == {"rate": "ratio", "ratio": "ratio", "other": "other"}
    assert unknown_names(names, accepted).rows() == [("topic", "proportion"), ("topic", "unheard of")]


SYNONYMS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8)


@given(SYNONYMS, st.dictionaries(st.sampled_from("abcde"), st.integers(1, 3)), st.randoms())
def test_the_order_of_names_and_synonyms_does_not_matter(
    pairs: list[tuple[str, str]], names: dict[str, int], random: Random
) -> None:
    first = merge_spellings(frequencies(**names), synonyms(*pairs))
    shuffled, mixed = list(names.items()), list(pairs)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    again = frequencies(**dict(shuffled))
    assert merge_spellings(again, synonyms(*mixed)).equals(first)


def test_a_concept_has_one_number_everywhere_and_another_in_each_kind() -> None:
    assert concept_number("topic", "ratio") == 2_184_498_394_618_371_632
    names = pl.DataFrame({"kind": ["topic", "key_concept", "topic"], "name": ["ratio"] * 3, "row": [1, 2, 3]})
    assert numbered(names).rows() == [
        (kind, name, row, concept_number(kind, name)) for kind, name, row in names.iter_rows()
    ]
    assert numbered(names)["concept"].n_unique() == 2


def test_names_of_one_number_are_told() -> None:
    concepts = pl.DataFrame({"concept": [1, 2, 1], "kind": ["topic", "topic", "key_concept"], "name": ["b", "c", "a"]})
    with pytest.raises(
        SynthAssetsError, match="the key_concept 'a' and the topic 'b' happen to have the same number 1"
    ):
        refuse_shared_numbers(concepts)
    refuse_shared_numbers(concepts.head(2))
