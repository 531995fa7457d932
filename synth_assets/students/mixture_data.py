"""What a comparison of mixtures trains and measures on: arms, a validation set and the held-out test, all by hash.

A question is in the test, in the validation set or in an arm by its text alone, and never in two of them. The
tokenizer was trained on all but the test. Rows longer than students can read are left out; the quarantine lists them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl
from tokenizers import Tokenizer

from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.splits import question_group, stable_place, with_split
from synth_assets.students.tokenizer import encode_rows, read_tokenizer, tokenizer_version
from synth_assets.students.training_sets import LONGEST_ROW

ArmKind = Literal["method", "topic"]

VALIDATION_SHARE = 0.1
"""Share of the distinct questions that are not held out (we choose)."""
VALIDATED = 100
"""Most questions of the validation set: it is measured after every slice."""
TOPIC_ARMS = 7
"""Topics that are arms of their own, those with the most tokens; the others are one arm together."""
OTHER = "other"


@dataclass(frozen=True)
class MixtureData:
    """The rows of all runs, each part in the stable hash order.

    arms: by name, what may be trained on. questions: of the test, with their final answers.
    """

    arms: Mapping[str, EncodedRows]
    validation: EncodedRows
    test: EncodedRows
    questions: pl.DataFrame
    tokenizer: Tokenizer
    tokenizer_version: str

    @property
    def tokens(self) -> dict[str, int]:
        """Tokens that each arm holds."""
        return {arm: rows.total_tokens for arm, rows in self.arms.items()}

    @property
    def longest_row(self) -> int:
        """Tokens of the longest row of any arm."""
        return max(int(rows.lengths.max()) for rows in self.arms.values())


def mixture_data(
    training_qa: pl.DataFrame,
    tokenizer_json: str,
    evaluated_questions: int,
    arms: ArmKind = "method",
    target: Sequence[str] = (),
) -> MixtureData:
    """Lay out `training_qa` (tables.TRAINING_QA) as arms of that kind.

    A row's topic is its first. `target`: names of arms whose questions alone are validated and tested on; all where
    none is named. Raises SynthAssetsError for fewer than two arms, an unknown target, or a set without a question.
    """
    tokenizer = read_tokenizer(tokenizer_json)
    lengths = encode_rows(tokenizer, training_qa).lengths
    rows = _split(training_qa.with_columns(pl.Series("tokens", lengths, dtype=pl.Int64)))
    rows = _with_arms(rows.filter(pl.col("tokens") <= LONGEST_ROW), arms)
    parts = {str(split): part for (split,), part in rows.group_by("split", maintain_order=True)}
    train = parts.get("train", rows.clear())
    names = train["arm"].unique().sort().to_list()
    if len(names) < 2:
        found = ", ".join(names) or "none"
        raise SynthAssetsError(
            f"A mixture needs two arms or more and mixtures.arms = {arms!r} gives {found}: write questions by more "
            "methods, or set mixtures.arms otherwise."
        )
    unknown = next((name for name in target if name not in names), None)
    if unknown is not None:
        raise SynthAssetsError(f"mixtures.target names {unknown!r}, which is no arm: choose among {', '.join(names)}.")
    aimed = pl.col("arm").is_in(list(target or names))
    validation, test = (
        parts.get(split, rows.clear()).filter(aimed).head(most)
        for split, most in (("validation", VALIDATED), ("held_out", evaluated_questions))
    )
    for part, name in ((validation, "validation"), (test, "held-out")):
        if part.is_empty():
            raise SynthAssetsError(f"There is no {name} question to compare mixtures on: add documents to the corpus.")
    return MixtureData(
        arms={name: encode_rows(tokenizer, train.filter(arm=name)) for name in names},
        validation=encode_rows(tokenizer, validation),
        test=encode_rows(tokenizer, test),
        questions=test.select("qa_id", "final_answer"),
        tokenizer=tokenizer,
        tokenizer_version=tokenizer_version(tokenizer_json),
    )


def _split(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows in the stable hash order, `split` being `held_out`, `validation` or `train`."""
    validates = [
        seed_of("validation", question_group(question)) < VALIDATION_SHARE * 2**63 for question in rows["question"]
    ]
    places = [stable_place(qa_id) for qa_id in rows["qa_id"]]
    validated = (pl.col("split") == "train") & pl.Series(validates, dtype=pl.Boolean)
    return (
        with_split(rows)
        .with_columns(
            split=pl.when(validated).then(pl.lit("validation")).otherwise("split"),
            stable_place=pl.Series(places, dtype=pl.UInt64),
        )
        .sort("stable_place", "qa_id")
    )


def _with_arms(rows: pl.DataFrame, kind: ArmKind) -> pl.DataFrame:
    if kind == "method":
        return rows.with_columns(arm="method")
    named = rows.with_columns(arm=pl.col("topics").list.first().fill_null(OTHER))
    held = named.filter(split="train").group_by("arm").agg(pl.col("tokens").sum())
    largest = held.sort("tokens", "arm", descending=[True, False]).head(TOPIC_ARMS)["arm"]
    return named.with_columns(arm=pl.when(pl.col("arm").is_in(largest.implode())).then("arm").otherwise(pl.lit(OTHER)))
