"""The Hugging Face dataset card: YAML head and the facts a reader of the data needs."""

from collections.abc import Sequence

import polars as pl

from synth_assets.markdown import text
from synth_assets.reports.pages import page

PAPER = "https://arxiv.org/abs/2503.19551"


def dataset_card(rows: pl.DataFrame, data_files: Sequence[str], layout: str) -> str:
    """The card of exported `rows` (columns of training_qa with teacher and prompt version) as Markdown."""
    lengths = rows.group_by("method").agg(
        rows=pl.len(),
        question=pl.col("question").str.split(" ").list.len().median(),
        answer=pl.col("answer").str.split(" ").list.len().median(),
        documents=pl.col("documents").explode().n_unique(),
    )
    return page("card.md.j2").render(
        rows=rows.height,
        size=_size_category(rows.height),
        data_files=data_files,
        layout=layout,
        methods=lengths.sort("method").to_dicts(),
        teachers=[text(name, None) for name in rows["teacher"].drop_nulls().unique().sort()],
        levels=[
            {"school_level": text(level, None), "count": count}
            for level, count in rows["school_level"].value_counts(sort=True).iter_rows()
        ],
        concepts=rows["key_concepts"].explode().n_unique(),
        paper=PAPER,
    )


def _size_category(rows: int) -> str:
    """The hub's size tag."""
    steps = [(1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M")]
    return next((tag for limit, tag in steps if rows < limit), "1M<n<10M" if rows < 10_000_000 else "n>10M")
