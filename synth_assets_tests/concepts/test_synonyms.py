"""Near-synonyms: what is proposed, in which order, what a person decided, and what of it counts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from synth_assets.concepts.synonyms import SCHEMA, propose, read_proposals, read_synonyms
from synth_assets.errors import SynthAssetsError

T, K = "topic", "key_concept"

NAMES = pl.DataFrame(
    [
        (K, "pythagorean theorem", 40),
        (K, "pythagoras' theorem", 3),
        (K, "centre of mass", 5),
        (K, "center of mass", 5),
        (K, "sine rule", 7),
        (K, "cosine rule", 6),
        (K, "x intercept", 9),
        (K, "y intercept", 9),
        (K, "equation 1", 2),
        (K, "equation 2", 2),
        (K, "fraction", 50),
        (K, "fractions", 20),
        (K, "unit fraction", 4),
        (K, "prime factorisation", 2),
        (T, "prime factorization", 9),
    ],
    schema=["kind", "name", "documents"],
    orient="row",
)


def test_the_rarer_name_is_proposed_for_the_more_frequent_the_most_similar_first() -> None:
    assert propose(NAMES).drop("similarity").rows() == [
        (K, "pythagoras' theorem", 3, "pythagorean theorem", 40, None),
        (K, "centre of mass", 5, "center of mass", 5, None),
        (K, "cosine rule", 6, "sine rule", 7, None),
    ]
    assert propose(NAMES)["similarity"].is_between(0.7, 1).all()
    assert propose(NAMES).equals(propose(NAMES.sample(fraction=1, shuffle=True, seed=4)))


def test_most_and_least_bound_what_is_proposed() -> None:
    assert propose(NAMES, most=1)["name"].to_list() == ["pythagoras' theorem"]
    assert propose(NAMES, least=0.95).is_empty()


def test_decisions_are_kept_and_not_asked_about_again(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.csv"
    decided = [
        "yes" if name.startswith("pyth") else "No" if name.startswith("cos") else None
        for name in propose(NAMES)["name"]
    ]
    propose(NAMES).with_columns(pl.Series("accepted", decided)).write_csv(path)
    again = propose(NAMES, earlier=read_proposals(path))
    assert again.select("name", "accepted").rows() == [
        ("centre of mass", None),
        ("pythagoras' theorem", "yes"),
        ("cosine rule", "no"),
    ]
    again.write_csv(path)
    assert propose(NAMES, earlier=read_proposals(path)).equals(again)
    assert read_synonyms(path).rows() == [(K, "pythagoras' theorem", "pythagorean theorem")]


def test_a_name_that_was_merged_away_is_not_proposed_for() -> None:
    names = pl.concat([NAMES, pl.DataFrame([(K, "centres of mass", 4)], schema=NAMES.schema, orient="row")])
    assert [K, "centres of mass", "centre of mass"] in propose(names).select(
        "kind", "name", "same_as"
    ).to_numpy().tolist()
    earlier = pl.DataFrame([(K, "centre of mass", 5, "center of mass", 5, 0.7, "yes")], schema=SCHEMA, orient="row")
    assert "centre of mass" not in propose(names, earlier=earlier).head(-1)["same_as"].to_list()


class FirstLetters:
    """Names with the same first letter are the same; all others have nothing in common."""

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([[text[0] == letter for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts], np.float32)


def test_an_embedder_may_compare_the_names() -> None:
    told: list[tuple[int, int]] = []
    names = NAMES.filter(pl.col("name").str.contains("^(centre|cosine|sine|prime)"))
    proposed = propose(names, FirstLetters(), advance=lambda done, of: told.append((done, of)))
    assert proposed.select("name", "same_as", "similarity").rows() == [("centre of mass", "cosine rule", 1.0)]
    assert told == [(1, 1), (4, 4)]


def test_only_accepted_rows_count_and_rows_written_by_hand_are_normalised(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.csv"
    path.write_text(
        "\ufeffkind,name,same_as,accepted\n"
        "topic, Stats. ,Statistics,YES\n"
        'key_concept,"mean, median",averages,no\n'
        "key_concept,mode,averages,\n",
        encoding="utf-8",
    )
    assert read_synonyms(path).rows() == [("topic", "stats", "statistics")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("kind,name,same_as\ntopic,a,b\n", "has no column 'accepted'"),
        ("kind,name,same_as,accepted\ntopic,a,b,perhaps\n", "line 2: accepted is 'perhaps'"),
        ("kind,name,same_as,accepted\ntopic,a,b,yes\nconcept,a,b,yes\n", "line 3: kind is 'concept'"),
        ("kind,name,same_as,accepted\ntopic,a,...,yes\n", "line 2: a name is missing"),
        ("", "cannot be read as CSV"),
        (None, "there is no file"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(content: str | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "synonyms.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SynthAssetsError, match=said) as caught:
        read_synonyms(path)
    assert str(path) in str(caught.value)


def test_without_names_nothing_is_proposed() -> None:
    assert propose(NAMES.clear()).schema == SCHEMA
