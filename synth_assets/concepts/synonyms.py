"""Near-synonyms: pairs of names proposed for a person to accept, and the file in which the person does.

Nothing is merged here. `names.merge_spellings` merges what was accepted, where the graph is reduced; how names are
compared is `name_similarity`'s business.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from synth_assets.concepts.different_names import mean_different_things, without_digits
from synth_assets.concepts.name_similarity import (
    Advance,
    NameEmbedder,
    SimilarPairs,
    embedded_vectors,
    hashed_vectors,
    similar_pairs,
)
from synth_assets.concepts.names import KEY_CONCEPT, TOPIC, merge_spellings, normalise
from synth_assets.errors import SynthAssetsError

LEAST_SIMILARITY = 0.85
"""Of vectors of an embedder."""

LEAST_HASHED_SIMILARITY = 0.7
"""Of hashed names, which know spelling alone: "centre of mass" and "center of mass" are 0.72 similar."""

MOST = 500

YES, NO = "yes", "no"

SCHEMA = pl.Schema(
    {
        "kind": pl.String,
        "name": pl.String,
        "documents": pl.Int64,
        "same_as": pl.String,
        "same_as_documents": pl.Int64,
        "similarity": pl.Float64,
        "accepted": pl.String,
    }
)
"""Columns of the file of synonyms. A person writes yes or no into `accepted`; yes merges `name` into `same_as`."""

REQUIRED = ("kind", "name", "same_as", "accepted")


def read_proposals(path: Path) -> pl.DataFrame:
    """All rows of a file of synonyms, in the columns of `SCHEMA`; names normalised, `accepted` yes, no or null.

    A column that is not required may be missing. A row may be written by hand.

    Raises:
        SynthAssetsError: The file cannot be read, or a row of it cannot be used; names the file and the row.
    """
    try:
        rows = pl.read_csv(path, infer_schema=False, encoding="utf8")
    except FileNotFoundError:
        raise SynthAssetsError(
            f"there is no file {path} of accepted synonyms; mend the path or propose some first."
        ) from None
    except (OSError, pl.exceptions.PolarsError) as error:
        raise SynthAssetsError(f"{path} cannot be read as CSV ({error}); save it as CSV with commas.") from error
    missing = [column for column in REQUIRED if column not in rows.columns]
    if missing:
        raise SynthAssetsError(
            f"{path} has no column {missing[0]!r}; a file of synonyms has the columns {', '.join(SCHEMA)}."
        )
    rows = rows.with_columns(
        pl.lit(None, SCHEMA[column]).alias(column) for column in SCHEMA if column not in rows.columns
    )
    rows = rows.select(pl.col(column).cast(dtype, strict=False) for column, dtype in SCHEMA.items())
    names = rows.select("kind", "name", "same_as", "accepted").iter_rows()
    checked = [_checked_row(path, number, *row) for number, row in enumerate(names, start=2)]
    of_rows = pl.DataFrame(checked, schema=["kind", "name", "same_as", "accepted"], orient="row")
    return rows.with_columns(of_rows[column].cast(pl.String) for column in of_rows.columns)


def read_synonyms(path: Path) -> pl.DataFrame:
    """The accepted rows of a file of synonyms: columns `kind`, `name`, `same_as`, distinct, sorted.

    Raises SynthAssetsError as :func:`read_proposals` does.
    """
    accepted = read_proposals(path).filter(pl.col("accepted") == YES)
    return accepted.select("kind", "name", "same_as").unique().sort("kind", "name", "same_as")


def propose(
    names: pl.DataFrame,
    embedder: NameEmbedder | None = None,
    *,
    least: float | None = None,
    most: int = MOST,
    earlier: pl.DataFrame | None = None,
    advance: Advance | None = None,
) -> pl.DataFrame:
    """Pairs of names of one kind that may mean the same, the most similar first, and the decisions there are.

    Not proposed are names the plural rule merges, names that surely mean different things (see `different_names`),
    names that accepted rows have merged away, and pairs that were decided on.

    Args:
        names: Columns `kind`, `name`, `documents` (how many hold it).
        embedder: What compares the names; hashed character n-grams and words where not given.
        least: Least similarity, above 0 and at most 1; by default `LEAST_SIMILARITY`, without an embedder
            `LEAST_HASHED_SIMILARITY`.
        most: Most pairs proposed.
        earlier: Rows of :func:`read_proposals`; those with a decision are kept, and stand behind the proposals.
        advance: Told how many names an embedder has compared of how many, kind by kind.

    Returns:
        Rows of `SCHEMA`. The name that fewer documents hold is to be merged into the other; of equals the longer,
        then the later in the alphabet.
    """
    if least is None:
        least = LEAST_SIMILARITY if embedder is not None else LEAST_HASHED_SIMILARITY
    earlier = pl.DataFrame(schema=SCHEMA) if earlier is None else earlier
    decided = earlier.filter(pl.col("accepted").is_not_null())
    accepted = decided.filter(pl.col("accepted") == YES)
    merged = merge_spellings(names, accepted.select("kind", "name", "same_as"))
    standing = merged.select("kind", "name").unique()
    documents = names.group_by("kind", "name").agg(pl.col("documents").sum())
    judged = {
        (kind, frozenset((name, other))) for kind, name, other in decided.select("kind", "name", "same_as").rows()
    }
    proposed = []
    for kind in (TOPIC, KEY_CONCEPT):
        of_kind = documents.join(standing, on=["kind", "name"], how="semi").filter(kind=kind).sort("name")
        pairs = _most_similar(of_kind["name"].to_list(), embedder, least, advance)
        fresh = (pair for pair in pairs if (kind, frozenset(pair[:2])) not in judged)
        counts = dict(of_kind.select("name", "documents").iter_rows())
        proposed += [_row(kind, pair, counts) for pair, _ in zip(fresh, range(most), strict=False)]
    found = pl.DataFrame(proposed, schema=SCHEMA, orient="row").sort(
        "similarity", "documents", "kind", "name", "same_as", descending=[True, True, False, False, False]
    )
    return pl.concat([found.head(most), decided])


def _most_similar(
    names: list[str], embedder: NameEmbedder | None, least: float, advance: Advance | None
) -> Iterator[tuple[str, str, float]]:
    """Pairs of names that may mean the same, the most similar first, ties by name."""
    vectors = hashed_vectors(names) if embedder is None else embedded_vectors(names, embedder, advance)
    forms = pl.Series([without_digits(name) for name in names], dtype=pl.String)
    pairs = similar_pairs(vectors, least, forms.rank("dense").cast(pl.Int64).to_numpy())
    for place in _descending(pairs):
        one, other = names[pairs.first[place]], names[pairs.second[place]]
        if not mean_different_things(one, other):
            yield one, other, min(1.0, float(pairs.similarity[place]))


def _descending(pairs: SimilarPairs) -> list[int]:
    # Rounded, so that the order does not hang on the last digits of a sum.
    order: list[int] = np.lexsort((pairs.second, pairs.first, -pairs.similarity.round(4))).tolist()
    return order


def _row(kind: str, pair: tuple[str, str, float], documents: dict[str, int]) -> tuple[str | int | float | None, ...]:
    one, other, similarity = pair
    same_as, name = sorted((one, other), key=lambda each: (-documents[each], len(each), each))
    return kind, name, documents[name], same_as, documents[same_as], round(similarity, 3), None


def _checked_row(
    path: Path, line: int, kind: str | None, name: str | None, same_as: str | None, accepted: str | None
) -> tuple[str, str, str, str | None]:
    kind, decision = (kind or "").strip(), (accepted or "").strip().lower()
    if kind not in (TOPIC, KEY_CONCEPT):
        raise SynthAssetsError(f"{path}, line {line}: kind is {kind!r}; write {TOPIC} or {KEY_CONCEPT}.")
    if decision not in ("", YES, NO):
        raise SynthAssetsError(f"{path}, line {line}: accepted is {accepted!r}; write yes, no or nothing.")
    names = normalise(name or ""), normalise(same_as or "")
    if not all(names):
        raise SynthAssetsError(f"{path}, line {line}: a name is missing; fill both, or delete the line.")
    return kind, *names, decision or None
