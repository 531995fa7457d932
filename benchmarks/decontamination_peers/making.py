"""Writes the case of a measurement and prints its size: `python -m decontamination_peers.making FOLDER SIZES.json`.

The sizes are `documents`, `items`, `near`, `questions` and `seed`.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from decontamination_peers.case import SIMILAR, Case
from decontamination_peers.reference import jaccard, shared_grams
from decontamination_peers.zipf_texts import (
    DOCUMENTS,
    ITEMS,
    NEAR,
    QUESTION_ITEMS,
    QUESTIONS,
    Planted,
    Style,
    Words,
    draw,
    plant,
)

BATCH = 20_000
"""Texts drawn at once: texts of a batch depend on its number alone, not on how many there are."""
SHARE = 0.02
"""Of documents and of questions in which something is planted."""
NGRAM_KINDS = (Planted.VERBATIM, Planted.CHANGED, Planted.LONG, Planted.SHORT)
QUESTION_KINDS = (*NGRAM_KINDS, Planted.REWORDED)
NEAR_SHARE = 0.05
"""Of the documents that have a near duplicate beside them."""
MOST_CHANGED = 12
"""Words that are other ones in a near duplicate: from none to so many."""


@dataclass(frozen=True)
class Sizes:
    """How much there is of everything; `questions` are compared with as many items as `documents` are."""

    documents: int
    items: int
    near: int
    questions: int
    seed: int


def batch(style: Style, items: Words, number: int, count: int, *names: object) -> tuple[pl.Series, pl.DataFrame]:
    """A batch of texts, by number and names, with items planted, and what was planted."""
    texts = draw(style, count, *names, number)
    kinds = QUESTION_KINDS if style is QUESTIONS else NGRAM_KINDS
    planted = plant(texts, items, SHARE, kinds, *names, number)
    return texts.written(*names, number), planted


def make(folder: Path, sizes: Sizes) -> Case:
    """Write the case."""
    folder.mkdir(parents=True, exist_ok=True)
    case = Case(folder)
    _write_texts(case, "documents", DOCUMENTS, "items", ITEMS, sizes.documents, sizes)
    _write_texts(case, "questions", QUESTIONS, "question_items", QUESTION_ITEMS, sizes.questions, sizes)
    hits = shared_grams(case.texts("documents"), case.texts("items"))
    case.save("hits", pl.DataFrame({"text": hits.texts, "item": hits.items}))
    _write_near(case, sizes)
    return case


def _write_texts(
    case: Case, name: str, style: Style, items_name: str, items_style: Style, count: int, sizes: Sizes
) -> None:
    items = draw(items_style, sizes.items, items_name, sizes.seed)
    case.save(items_name, items.written(items_name, sizes.seed).to_frame())
    texts, planted = [], []
    for number, low in enumerate(range(0, count, BATCH)):
        written, of_batch = batch(style, items, number, min(BATCH, count - low), name, sizes.seed)
        texts.append(written)
        planted.append(of_batch.with_columns(pl.col("text") + low))
    case.save(name, pl.concat(texts).to_frame())
    case.save(f"{name}_planted", pl.concat(planted))


def _write_near(case: Case, sizes: Sizes) -> None:
    """Documents of which some stand twice, the second time with some words changed, and how similar those are."""
    rng = np.random.default_rng(sizes.seed)
    texts = draw(NEAR, sizes.near, "near", sizes.seed)
    originals = rng.choice(sizes.near, round(NEAR_SHARE * sizes.near), replace=False)
    sources = np.arange(sizes.near)
    copies = rng.choice(np.setdiff1d(sources, originals), len(originals), replace=False)
    sources[copies] = originals
    pieces = [texts.text(source).copy() for source in sources]
    for number, copy in enumerate(copies):
        words = pieces[copy]
        places = rng.choice(len(words), number % (MOST_CHANGED + 1), replace=False)
        words[places] = rng.integers(1_000, NEAR.vocabulary - 1, len(places))
    starts = np.concatenate([[0], np.cumsum([len(words) for words in pieces])])
    written = Words(NEAR, np.concatenate(pieces), starts).written("near", sizes.seed)
    case.save("near", written.to_frame())
    pairs = [
        (min(pair), max(pair), jaccard(written[pair[0]], written[pair[1]]))
        for pair in zip(originals.tolist(), copies.tolist(), strict=True)
    ]
    schema = {"first": pl.Int64, "second": pl.Int64, "similarity": pl.Float64}
    case.save("near_pairs", pl.DataFrame(pairs, schema=schema, orient="row"))


if __name__ == "__main__":
    asked = Sizes(**json.loads(sys.argv[2]))
    made = make(Path(sys.argv[1]), asked)
    near, hit = (made.near_pairs["similarity"] >= SIMILAR).sum(), len(np.unique(made.hits.texts))
    print(
        f"{asked.documents:,} documents and {asked.items:,} items, {hit:,} documents with an n-gram of an item; "
        f"{asked.near:,} documents with {near:,} pairs of near duplicates; {asked.questions:,} questions."
    )
