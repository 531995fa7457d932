"""What the students of all generators share: the tokenizer, the held-out questions, and how many tokens they train on.

A question is held out by the hash of its text (`students/splits.py`), whoever wrote it: where one generator's is, the
same text is in every other, so no student of any generator has trained on what it is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from tokenizers import Tokenizer

from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.splits import question_group, stable_place, with_split
from synth_assets.students.tokenizer import encode_rows, read_tokenizer, train_tokenizer
from synth_assets.students.training_sets import LONGEST_ROW


@dataclass(frozen=True)
class Layout:
    """What is trained on and asked.

    Attributes:
        tokenizer_json: Trained on what all generators may train on.
        train: By generator, rows of at most `budget` tokens, in the stable hash order.
        budget: Tokens; the same for all.
        held_out: Columns generator, question, answer, final_answer: equally many of each generator, in a hash order.
        asked: The same as tokens.
        shared: By generator, the share of its training questions whose text another generator wrote, too.
    """

    tokenizer_json: str
    train: Mapping[str, EncodedRows]
    budget: int
    held_out: pl.DataFrame
    asked: EncodedRows
    shared: Mapping[str, float]

    @property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer, ready to encode."""
        return read_tokenizer(self.tokenizer_json)


def lay_out(data: Mapping[str, pl.DataFrame], questions: int, tokens: int | None) -> Layout:
    """Lay out the data sets of several generators, rows of tables.TRAINING_QA each.

    `questions` are held out in all, or as many as there are; `tokens` are trained on, or as many as the smallest has.
    Raises SynthAssetsError where a generator has none to hold out or none to train on.
    """
    split = {name: with_split(rows).sort("qa_id") for name, rows in data.items()}
    pooled = pl.concat([rows.select("question", "answer", "final_answer") for rows in split.values()])
    tokenizer_json = str(train_tokenizer(pooled)["tokenizer"].item())
    tokenizer = read_tokenizer(tokenizer_json)
    fitting = {name: _fitting(rows, tokenizer) for name, rows in split.items()}
    training = {name: _in_order(rows.filter(split="train")) for name, rows in fitting.items()}
    held_out = _pooled({name: rows.filter(split="held_out") for name, rows in fitting.items()}, questions)
    least = min(int(rows["tokens"].sum()) for rows in training.values())
    budget = least if tokens is None else min(tokens, least)
    taken = {name: rows.filter(pl.col("tokens").cum_sum() <= budget) for name, rows in training.items()}
    empty = next((name for name, rows in taken.items() if rows.is_empty()), None)
    if empty is not None:
        raise SynthAssetsError(f"{empty} has no question to train on within {budget:,} tokens; raise --tokens.")
    return Layout(
        tokenizer_json=tokenizer_json,
        train={name: encode_rows(tokenizer, rows) for name, rows in taken.items()},
        budget=budget,
        held_out=held_out,
        asked=encode_rows(tokenizer, held_out),
        shared=_shared(taken),
    )


def _fitting(rows: pl.DataFrame, tokenizer: Tokenizer) -> pl.DataFrame:
    lengths = pl.Series("tokens", encode_rows(tokenizer, rows).lengths)
    return rows.with_columns(lengths).filter(pl.col("tokens") <= LONGEST_ROW)


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    places = pl.Series("place", [stable_place(qa_id) for qa_id in rows["qa_id"]], dtype=pl.UInt64)
    return rows.with_columns(places).sort("place", "qa_id")


def _pooled(held_out: Mapping[str, pl.DataFrame], questions: int) -> pl.DataFrame:
    """Equally many of each generator, the first by a hash of their text; a text that several wrote stands once.

    The generators take their turns, each being the first in turn: what all of them wrote goes to all alike.
    """
    waiting = {name: iter(_hashed(rows)) for name, rows in held_out.items()}
    names = list(waiting)
    taken: set[object] = set()
    chosen: list[dict[str, object]] = []
    for _ in range(questions // len(names)):
        names = [*names[1:], names[0]]
        turn: list[dict[str, object]] = []
        for name in names:
            row = next((row for row in waiting[name] if row["group"] not in taken), None)
            if row is not None:
                taken.add(row["group"])
                turn.append({"generator": name, **row})
        if len(turn) < len(names):  # one of them has no more
            break
        chosen += turn
    if not chosen:
        raise SynthAssetsError(
            f"A generator has no question to hold out, or --questions {questions} is less than one of each: "
            "add documents, or raise it."
        )
    rows = pl.DataFrame(chosen).select("generator", "question", "answer", "final_answer", "group")
    places = [seed_of("asked of all", group) for group in rows["group"]]
    return rows.with_columns(pl.Series("place", places)).sort("place").drop("group", "place")


def _hashed(rows: pl.DataFrame) -> list[dict[str, object]]:
    listed = [{**row, "group": question_group(row["question"])} for row in rows.iter_rows(named=True)]
    return sorted(listed, key=lambda row: (seed_of("held out of all", row["group"]), row["qa_id"]))


def _shared(taken: Mapping[str, pl.DataFrame]) -> dict[str, float]:
    groups = {name: {question_group(question) for question in rows["question"]} for name, rows in taken.items()}
    return {
        name: len(own & set().union(*(others for other, others in groups.items() if other != name))) / len(own)
        for name, own in groups.items()
    }
