"""Contenders for the n-gram rule: which documents have 13 words in a row with any item in common.

Each takes the texts as it wants them, as strings of Python or as a column, and cuts them into words itself. The peers'
packages are imported where they are used, because this project's environment does not have them.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from racing import Finding, Whole

from decontamination_peers.case import Case, Hits
from decontamination_peers.reference import grams_of, words_of
from decontamination_peers.zipf_texts import LONG
from synth_assets.lake.sql import ArrowStream

BATCH = 20_000
"""Documents compared at once, where columns are compared."""
LONGEST_START = 300.0
"""Seconds until a worker must be ready."""
WORD = "[a-z]+|[0-9]+"
"""A word of these texts in lower case, as a regular expression."""


@dataclass(frozen=True)
class Strings:
    """Texts as strings."""

    items: list[str]
    documents: list[str]


@dataclass(frozen=True)
class Columns:
    """Texts as columns."""

    items: pl.Series
    documents: pl.Series

    def batches(self, documents: Whole) -> Iterator[tuple[Whole, pl.Series]]:
        """These documents in batches: their numbers and their texts."""
        for low in range(0, len(documents), BATCH):
            numbers = documents[low : low + BATCH]
            yield numbers, self.documents[numbers]


def strings(case: Case) -> Strings:
    """Those of a case."""
    return Strings(case.texts("items").to_list(), case.texts("documents").to_list())


def columns(case: Case) -> Columns:
    """Those of a case."""
    return Columns(case.texts("items"), case.texts("documents"))


@dataclass(frozen=True)
class Built:
    """What was made of the items, beside the texts."""

    texts: Any
    index: Any


def build_sets(texts: Strings) -> Built:
    """A set of the items' n-grams."""
    return Built(texts, frozenset(gram for text in texts.items for gram in grams_of(words_of(text))))


def python_sets(built: Built, documents: Whole) -> Whole:
    """Document by document, up to the first n-gram in the set."""
    grams = built.index
    texts = built.texts.documents
    return np.array([number for number in documents if not grams.isdisjoint(grams_of(words_of(texts[number])))])


def build_janitor(texts: Strings) -> Built:
    """lm-evaluation-harness's Janitor, in its Python version: that in C++ drops the last n-gram of every text.

    It says at import that it has only the one, with a traceback.
    """
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        from lm_eval.decontamination.janitor import Janitor
    janitor = Janitor(ngram_n=LONG)
    for text in texts.items:
        janitor.register_contaminant_python(text)
    return Built(texts, janitor)


def janitor_cleaning(built: Built, documents: Whole) -> Whole:
    """It cuts windows of characters around what is shared; a document that is not left whole has been hit."""
    texts = built.texts.documents
    return np.array([number for number in documents if built.index.clean_python(texts[number]) != [texts[number]]])


def build_datatrove(texts: Strings) -> Built:
    """datatrove's filter, numbers compared as they are, with an index in its format.

    The index is written by its own functions for words and hashes: the step that does it wants lighteval installed.
    """
    return Built(texts, _datatrove_filter(texts.items))


def datatrove_filter(built: Built, documents: Whole) -> Whole:
    """Document by document, as the filter's step calls it."""
    from datatrove.data import Document

    kept = (built.index.filter(Document(text=built.texts.documents[number], id=str(number))) for number in documents)
    return documents[[answer is not True for answer in kept]]


def build_datatrove_workers(texts: Strings) -> Built:
    """The same in as many processes as there are cores, each with its own filter."""
    workers, context = int(os.environ.get("POLARS_MAX_THREADS", 2)), get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _begin_worker, (texts.items, context.Barrier(workers)))
    # A task for each, so that all are started, and their filters there before the clock of the documents starts.
    list(pool.map(_work, [[]] * workers))
    return Built(texts, pool)


def datatrove_workers(built: Built, documents: Whole) -> Whole:
    """In portions of 200 documents."""
    portions = [
        [(int(number), built.texts.documents[number]) for number in documents[low : low + 200]]
        for low in range(0, len(documents), 200)
    ]
    with built.index as pool:
        return np.array([number for found in pool.map(_work, portions) for number in found])


def _begin_worker(items: list[str], all_ready: Barrier) -> None:
    global _worker
    _worker = _datatrove_filter(items)
    all_ready.wait(LONGEST_START)


def _work(portion: list[tuple[int, str]]) -> list[int]:
    from datatrove.data import Document

    return [number for number, text in portion if _worker.filter(Document(text=text, id=str(number))) is not True]


def _datatrove_filter(items: list[str]) -> Any:
    from datatrove.pipeline.decont.n_grams import NGramsDecontConfig, NGramsDecontFilter
    from datatrove.utils.text import TextNormConfig, ngrams, simplify_text
    from loguru import logger

    logger.remove()
    config = NGramsDecontConfig(n_grams=LONG, norm_config=TextNormConfig(norm_numbers=False))
    with tempfile.TemporaryDirectory(prefix="synth-assets-") as folder:
        decontaminate = NGramsDecontFilter(folder, config)
        hashes = {
            decontaminate.hash_func(" ".join(gram))
            for text in items
            for gram in ngrams(decontaminate.tokenizer.word_tokenize(simplify_text(text, config.norm_config)), LONG)
        }
        np.array(list(hashes), dtype=config.hash_config.np_descr).tofile(Path(folder) / "items.index.hashes")
        decontaminate.load_index_hashes()
    return decontaminate


GRAMS = f"""
    SELECT number, gram FROM (
        SELECT number, hash({", ".join(f"lead(word, {place}) OVER text" for place in range(LONG))}) AS gram,
            lead(word, {LONG - 1}) OVER text IS NOT NULL AS whole
        FROM (
            SELECT number, unnest(words) AS word, unnest(range(len(words))) AS place
            FROM (SELECT number, regexp_extract_all(lower(text), '{WORD}') AS words FROM {{texts}})
        ) WINDOW text AS (PARTITION BY number ORDER BY place)
    ) WHERE whole
"""
"""The hash of every n-gram of a table of numbered texts: the fastest of six ways to say it."""


def build_duckdb(texts: Columns) -> Built:
    """A table of the items' n-grams."""
    database = duckdb.connect(config={"threads": int(os.environ.get("POLARS_MAX_THREADS", 2))})
    database.register("items", ArrowStream(texts.items.to_frame("text").with_row_index("number")))
    database.execute(f"CREATE TABLE grams AS SELECT DISTINCT gram FROM ({GRAMS.format(texts='items')})")
    return Built(texts, database)


def duckdb_join(built: Built, documents: Whole) -> Whole:
    """A semi-join a batch."""
    found = []
    for numbers, texts in built.texts.batches(documents):
        built.index.register("documents", ArrowStream(pl.DataFrame({"number": numbers, "text": texts})))
        hits = f"SELECT DISTINCT number FROM ({GRAMS.format(texts='documents')}) SEMI JOIN grams USING (gram)"
        found.append(np.sort(built.index.sql(hits).fetchnumpy()["number"]))
    return np.concatenate(found)


def build_keys(texts: Columns) -> Built:
    """The keys of the items' n-grams."""
    return Built(texts, _keys(np.arange(len(texts.items)), texts.items).select("key").unique())


def polars_expression(built: Built, documents: Whole) -> Whole:
    """Words exploded and hashed, a polynomial over 13 of them by shifts, a semi-join; what shares a key is a hit."""
    found = [
        _keys(*batch).join(built.index, on="key", how="semi")["number"].unique()
        for batch in built.texts.batches(documents)
    ]
    return pl.concat(found).sort().to_numpy()


def _keys(numbers: Whole, texts: pl.Series) -> pl.DataFrame:
    key = pl.lit(0, dtype=pl.UInt64)
    for place in range(LONG):
        key = key * pl.lit(0x9E3779B97F4A7C15, dtype=pl.UInt64) + pl.col("word").shift(-place)
    return (
        pl.LazyFrame({"number": numbers, "word": texts})
        .with_columns(pl.col("word").str.to_lowercase().str.extract_all(WORD))
        .explode("word")
        .with_columns(pl.col("word").hash())
        .select("number", key=key, last=pl.col("number").shift(-LONG + 1))
        .filter(pl.col("number") == pl.col("last"))
        .select("number", "key")
        .collect()
    )


def judge_documents(case: Case, documents: Whole, found: Whole) -> Finding:
    """Whether these are the documents that the plain way finds."""
    right = np.unique(case.hits.of_texts(documents).texts)
    return Finding(np.array_equal(found, right), f"{len(found):,} documents hit, as by the plain way")


def judge_pairs(case: Case, documents: Whole, found: Hits) -> Finding:
    """Whether these are the documents and items that the plain way finds."""
    right = case.hits.of_texts(documents)
    count = len(np.unique(found.texts))
    words = f"{count:,} documents hit, with {len(found.texts):,} items, as by the plain way"
    return Finding(found.same_as(right), words)
