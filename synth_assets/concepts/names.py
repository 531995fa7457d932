"""The rules by which names of topics and key concepts are made one.

The paper does not state them; METHOD.md section 2 does. `normalise` acts on one name alone and is applied where rows
enter; `merge_spellings` needs all names of the corpus and is applied where the graph is reduced.
"""

import unicodedata

import polars as pl

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


def merge_spellings(names: pl.DataFrame) -> pl.DataFrame:
    """Which canonical name each normalised name stands under.

    A plural "s" of the last word is folded only where the singular occurs too, among names of the same kind. A final
    "ss" is no plural ("mass" stays although "mas" occurs), so that no name is folded twice.

    Args:
        names: Columns `kind`, `name`; repeated rows count once.

    Returns:
        Columns `kind`, `spelling`, `name` (canonical; equal to the spelling for most), one row a distinct input name,
        sorted by kind and spelling.
    """
    spellings = names.select("kind", spelling="name").unique().sort("kind", "spelling")
    spelling = pl.col("spelling")
    singular = pl.when(spelling.str.contains(r"[^s\s]s$")).then(spelling.str.strip_suffix("s"))
    return (
        spellings.with_columns(singular.alias("singular"))
        .join(
            spellings.select("kind", singular="spelling", name="spelling"),
            on=["kind", "singular"],
            how="left",
            maintain_order="left",
        )
        .select("kind", "spelling", pl.coalesce("name", "spelling").alias("name"))
    )


def canonical(concepts: pl.DataFrame, spellings: pl.DataFrame) -> pl.DataFrame:
    """`concepts` (columns `kind`, `name` and others) under their canonical names, repeated rows removed.

    `spellings` is as :func:`merge_spellings` returns it; a name it lacks stays as it is.
    """
    renamed = concepts.join(
        spellings.select("kind", name="spelling", canonical_name="name"), on=["kind", "name"], how="left"
    )
    return renamed.select(
        pl.coalesce("canonical_name", "name").alias("name") if column == "name" else column
        for column in concepts.columns
    ).unique()
