"""Which concepts a method's questions join, and how much of the concept graph they reach.

Questions that name no key concept are left out: a method that knows none (`template`) has no figure here. Names are
those of the graph, whose nodes join different spellings.
"""

from collections.abc import Mapping

import polars as pl

from synth_assets.comparison.diversity_figures import (
    ALL,
    CONCEPT_COMBINATIONS,
    CONCEPT_COVERAGE,
    QUESTIONS,
    Figure,
    Findings,
)


def concepts_compared(
    questions: Mapping[str, pl.DataFrame],
    nodes: pl.DataFrame,
    smallest: int,
    part: Mapping[str, str],
    to: Findings,
) -> None:
    """Add distinct combinations and coverage to the findings.

    Args:
        questions: By method, its questions in the order of the hash: columns `question_id` and `key_concepts`.
        nodes: Rows of `tables.CONCEPT_NODES`.
        smallest: How many questions of each are compared.
        part: By method, what to say where these are not all of its questions.
        to: Findings that are added to.
    """
    known = nodes.filter(kind="key_concept")
    names = known.select("name", spelling=pl.concat_list("spellings", pl.concat_list("name"))).explode("spelling")
    names = names.unique("spelling", keep="first", maintain_order=True)
    named = {method: _named(rows, names) for method, rows in questions.items()}
    named = {method: rows for method, rows in named.items() if rows.height}
    least = min([smallest, *(rows["place"].n_unique() for rows in named.values())])
    for method, rows in named.items():
        for basis, sample in ((ALL, rows), (QUESTIONS, rows.filter(pl.col("place").rank("dense") <= least))):
            _combinations(method, basis, sample, part[method], to)
            _coverage(method, basis, sample, known, part[method], to)


def _named(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Columns `place`, `concept`, `known`: the different concepts of each question, by place in the order of the hash.

    `concept` is the name in the graph where there is one.
    """
    written = rows.select(place=pl.int_range(pl.len()), spelling="key_concepts").explode("spelling").drop_nulls()
    written = written.with_columns(pl.col("spelling").str.strip_chars().str.to_lowercase())
    joined = written.join(names, on="spelling", how="left", maintain_order="left")
    concept = pl.coalesce("name", "spelling")
    found = joined.select("place", concept=concept, known=pl.col("name").is_not_null())
    return found.unique(["place", "concept"], maintain_order=True)


def _combinations(method: str, basis: str, rows: pl.DataFrame, part: str, to: Findings) -> None:
    combined = rows.group_by("place").agg(pl.col("concept").sort()).select(pl.col("concept").list.join("\x1f"))
    used = combined.group_by("concept").len()
    how = f"different sets of key concepts / questions that name any{part}"
    share = used.height / combined.height
    to.figures.append(Figure(method, CONCEPT_COMBINATIONS, basis, share, combined.height, how))
    if basis == QUESTIONS:
        together = combined.join(used, on="concept", maintain_order="left")["len"]
        to.counts[method, CONCEPT_COMBINATIONS] = together.cast(pl.Int64).to_numpy()


def _coverage(method: str, basis: str, rows: pl.DataFrame, known: pl.DataFrame, part: str, to: Findings) -> None:
    if known.is_empty():
        return
    reached = rows.filter("known").group_by("concept").len()
    how = f"key concepts of the graph that any of {rows['place'].n_unique():,} questions names / all{part}"
    share = reached.height / known.height
    to.figures.append(Figure(method, CONCEPT_COVERAGE, basis, share, known.height, how))
    if basis == QUESTIONS:
        by_node = known.join(reached, left_on="name", right_on="concept", how="left", maintain_order="left")
        to.counts[method, CONCEPT_COVERAGE] = by_node["len"].fill_null(0).cast(pl.Int64).to_numpy()
