"""The rules by which names of topics and key concepts are made one, and the numbers the graph knows them by.

The paper does not state the rules; docs/method.md does, section 2. `normalise` acts on one name alone and is applied
where rows enter; `merge_spellings` needs all names of the corpus and is applied where the graph is reduced.
"""

import unicodedata

import numpy as np
import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of

TOPIC = "topic"
KEY_CONCEPT = "key_concept"

END_PUNCTUATION = ".,;:!?\u3001\u3002-\u2010\u2013\u2014"
"""Stripped from the end of a name: sentence marks (ASCII and CJK) and dashes. Brackets, quotes and primes stay."""


def normalise(name: str) -> str:
    """`name` in Unicode NFKC, case-folded, with single inner spaces and without punctuation at its end.

    The result may be empty. Normalising twice changes nothing: folding can undo NFKC and the reverse, so both are
    done twice, as the Unicode standard does for compatibility caseless matching (section 3.13, D146).
    """
    for _ in range(2):
        name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(name.split()).rstrip(END_PUNCTUATION + " ")


def normalised(names: pl.Expr) -> pl.Expr:
    """The expression of :func:`normalise` over a text column; each distinct name is worked on once, null stays null."""
    return names.map_batches(_normalise_all, return_dtype=pl.String())


def _normalise_all(names: pl.Series) -> pl.Series:
    distinct = names.unique().drop_nulls()
    rule = pl.DataFrame(
        {"written": distinct, "name": [normalise(name) for name in distinct]},
        schema={"written": pl.String, "name": pl.String},
    )
    written = names.rename("written").cast(pl.String).to_frame()
    return written.join(rule, on="written", how="left", maintain_order="left")["name"].rename(names.name)


def concept_number(kind: str, name: str) -> int:
    """The number under which a concept stands in the tables of the graph: 63 bits of a hash, the same in every lake.

    Two names share a number with a chance of about 3 in a thousand million among 235,000, the size of the paper's
    graph; :func:`refuse_shared_numbers` finds them.
    """
    return seed_of("concept", kind, name)


def numbered(names: pl.DataFrame) -> pl.DataFrame:
    """`names` (columns `kind`, `name` and others) with the column `concept`, each distinct name worked on once."""
    distinct = names.select("kind", "name").unique()
    numbers = [concept_number(kind, name) for kind, name in distinct.iter_rows()]
    rule = distinct.with_columns(pl.Series("concept", numbers, dtype=pl.Int64))
    return names.join(rule, on=["kind", "name"], how="left", maintain_order="left")


def refuse_shared_numbers(concepts: pl.DataFrame) -> None:
    """Raise SynthAssetsError naming two concepts with one number; columns `concept, kind, name`, distinct rows."""
    shared = concepts.filter(pl.col("concept").is_duplicated()).sort("concept", "kind", "name")
    if shared.height:
        (number, *first), (_, *second) = shared.select("concept", "kind", "name").rows()[:2]
        raise SynthAssetsError(
            f"the {first[0]} {first[1]!r} and the {second[0]} {second[1]!r} happen to have the same number {number}: "
            "take the documents of one of them out of the corpus, or have its name written otherwise"
        )


def merge_spellings(names: pl.DataFrame, synonyms: pl.DataFrame | None = None) -> pl.DataFrame:
    """Which canonical name each normalised name stands under.

    A plural "s" of the last word is folded only where the singular occurs too, among names of the same kind. A final
    "ss" is no plural ("mass" stays although "mas" occurs). Synonyms that a person accepted are folded as well, and
    both rules act together: names that are linked through any number of others form one group. Its canonical name is
    the one that neither rule folds into another; where there are several such names, or none because synonyms go
    round in a circle, it is the most frequent of them (of the group), ties by name.

    Args:
        names: Columns `kind`, `name`, and `documents`, how many hold it, summed over repeated rows. It may be missing
            where there are no synonyms: only with them can a group lack a single name to stand under.
        synonyms: Columns `kind`, `name`, `same_as`. Names that do not occur are never canonical; what they link is
            linked all the same.

    Returns:
        Columns `kind`, `spelling`, `name` (canonical; equal to the spelling for most), one row a distinct input name,
        sorted by kind and spelling.
    """
    frequency = pl.col("documents").sum() if "documents" in names.columns else pl.lit(0).alias("documents")
    spellings = names.group_by("kind", spelling="name").agg(frequency).sort("kind", "spelling")
    links = _plurals(spellings)
    if synonyms is not None:
        links = pl.concat(
            [links, synonyms.select("kind", "name", "same_as").filter(pl.col("name") != pl.col("same_as"))]
        )
    return spellings.join(
        _canonical_of_linked(spellings, links), on=["kind", "spelling"], how="left", maintain_order="left"
    ).select("kind", "spelling", pl.coalesce("name", "spelling").alias("name"))


def unknown_names(names: pl.DataFrame, synonyms: pl.DataFrame) -> pl.DataFrame:
    """The names that `synonyms` speaks of and that do not occur among `names`: columns `kind`, `name`, sorted."""
    spoken = pl.concat([synonyms.select("kind", "name"), synonyms.select("kind", name="same_as")])
    return spoken.unique().join(names, on=["kind", "name"], how="anti").sort("kind", "name")


def _plurals(spellings: pl.DataFrame) -> pl.DataFrame:
    """Links from plurals to their singulars: columns `kind`, `name`, `same_as`."""
    spelling = pl.col("spelling")
    plurals = spellings.filter(spelling.str.contains(r"[^s\s]s$")).select(
        "kind", spelling.alias("name"), spelling.str.strip_suffix("s").alias("same_as")
    )
    return plurals.join(spellings, left_on=["kind", "same_as"], right_on=["kind", "spelling"], how="semi")


def _canonical_of_linked(spellings: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """The canonical name of each linked spelling: columns `kind`, `spelling`, `name`."""
    from scipy import sparse  # here, because every step of the road imports this module

    ends = pl.concat([links.select("kind", "name"), links.select("kind", name="same_as")]).unique()
    ends = ends.sort("kind", "name").with_row_index("end")
    pairs = links.join(ends, on=["kind", "name"]).join(ends, left_on=["kind", "same_as"], right_on=["kind", "name"])
    shape = (ends.height, ends.height)
    linked = sparse.coo_array((np.ones(pairs.height), (pairs["end"], pairs["end_right"])), shape=shape)
    _, group = sparse.csgraph.connected_components(linked, directed=False)
    members = (
        ends.with_columns(pl.Series("group", group), pl.col("end").is_in(pairs["end"].implode()).alias("folded"))
        .join(spellings, left_on=["kind", "name"], right_on=["kind", "spelling"])
        .sort("group", "folded", "documents", "name", descending=[False, False, True, False])
    )
    return members.select("kind", pl.col("name").alias("spelling"), pl.col("name").first().over("group").alias("name"))
