"""Duplicates among the questions: exact ones by hash, near ones by MinHash, bands and true Jaccard similarity.

The paper deduplicates and gives no method; ours is this. Signatures are made per partition and stored; duplicates are
looked for over all. What equals another question word by word is an exact duplicate; which of the rest are kept is
decided in `keeping`. Two questions that differ in their numbers, or in the order of these, and whose final answers are
both plain numbers and differ, are two problems however alike their words: then one is no duplicate of the other.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets import tables
from synth_assets.decontamination.keeping import Semantic, TextsOf, keep_the_best
from synth_assets.decontamination.keeping_loops import NEAR, NOTHING, SEMANTIC
from synth_assets.decontamination.signatures import PERMUTATIONS, Sketches, signatures_of
from synth_assets.errors import SynthAssetsError

QuestionsOf = Callable[[pl.Series], pl.DataFrame]
"""Given ids of pairs, their rows with the columns `qa_id`, `question` and `final_answer`, in any order."""

_ORDER = (pl.col("agreement").neg(), pl.col("method"), pl.col("qa_id"))
_RULES = {NOTHING: "exact", NEAR: "near", SEMANTIC: "semantic"}
_IDENTITY = ("method", "qa_id", "text_hash", "agreement")


def sign(qa_pairs: pl.DataFrame) -> pl.DataFrame:
    """A signature for each question, in the order of `tables.QA_SIGNATURES`' key.

    Args:
        qa_pairs: Rows of `tables.QA_PAIRS`.

    Returns:
        Rows of `tables.QA_SIGNATURES`.
    """
    if qa_pairs.is_empty():
        return tables.QA_SIGNATURES.empty()
    rows = qa_pairs.sort("qa_id")
    signed = signatures_of(rows["question"])
    return tables.QA_SIGNATURES.conform(
        rows.select("method", "shard", "qa_id", "agreement")
        .with_columns(text_hash=signed.text_hashes(), signature=pl.Series(signed.values).arr.to_list())
        .select(tables.QA_SIGNATURES.schema.names())
    )


def find_duplicates(
    signatures: pl.DataFrame | Iterable[pl.DataFrame],
    qa_pairs: pl.DataFrame | QuestionsOf,
    similarity: float = 0.8,
    semantic: Semantic | None = None,
) -> pl.DataFrame:
    """The questions to drop, each with the one kept in its place.

    Of two duplicates the one with the higher agreement is kept, then the one of the lower method (level 1 before
    level 2), then the lower id. Contamination plays no part here: it is judged pair by pair, so where the kept one
    turns out contaminated, what repeats it leaves too, being as near to the benchmark item as a duplicate is.

    Args:
        signatures: Rows of `tables.QA_SIGNATURES`, of all partitions; or frames of them, each of which is let go
            before the next is taken: signatures take 512 bytes a question, and what is held of them 212.
        qa_pairs: The rows of `tables.QA_PAIRS` they were made from; or what reads some of them by id, called for the
            candidates alone, or for all where `semantic` is given.
        similarity: Jaccard similarity of the shingle sets from which two questions are near duplicates, above 0 to 1.
        semantic: Where given, duplicates by meaning among those that are neither exact nor near.

    Returns:
        Rows of `tables.DUPLICATES`, ordered by id. A cluster is a kept question with all that is dropped for it. No
        two questions kept are exact duplicates, nor near ones among the pairs the bands propose.

    Raises:
        SynthAssetsError: If a pair that was signed is not there, or there is not one vector for each.
    """
    frames = [signatures] if isinstance(signatures, pl.DataFrame) else signatures
    rows, sketches = _sketched(frames, similarity)
    read = _reader(qa_pairs)

    def texts_of(places: npt.NDArray[np.int64]) -> pl.DataFrame:
        ids = rows["qa_id"].gather(places)
        found = ids.to_frame().join(read(ids), on="qa_id", how="left", maintain_order="left")
        missing = found.filter(pl.col("question").is_null())
        if missing.height or found.height != len(ids):
            raise SynthAssetsError(
                f"qa_signatures names the pair '{(missing if missing.height else found)['qa_id'][0]}', which qa_pairs "
                "does not hold once; materialise qa_signatures anew."
            )
        return found.select("question", "final_answer")

    found = _verdicts(rows, _ORDER, sketches, texts_of, similarity, semantic)
    return tables.DUPLICATES.conform(found.rename({"id": "qa_id"})).sort("qa_id")


def duplicates_among(
    ids: pl.Series,
    questions: pl.Series,
    similarity: float = 0.8,
    *,
    preference: pl.Series | None = None,
    final_answers: pl.Series | None = None,
    semantic: Semantic | None = None,
) -> pl.DataFrame:
    """As `find_duplicates`, for questions of any origin.

    Args:
        ids: Their ids, each once.
        questions: As many questions; null counts as empty.
        similarity: See `find_duplicates`.
        preference: Of two duplicates the one of the lower value is kept, then the one of the lower id.
        final_answers: Where given, as many final answers, null where not known.
        semantic: See `find_duplicates`.

    Returns:
        Columns `id`, `kept_id`, `cluster` of the type of the ids, `rule`, `similarity`; ordered by id.
    """
    signed = signatures_of(questions)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(ids))
    texts = pl.DataFrame({"question": questions, "final_answer": nothing if final_answers is None else final_answers})
    rows = pl.DataFrame({"qa_id": ids, "text_hash": signed.text_hashes()}).with_columns(
        preference=pl.lit(0) if preference is None else preference
    )
    sketches = [Sketches.of(signed.values, similarity)]
    order = (pl.col("preference"), pl.col("qa_id"))
    return _verdicts(rows, order, sketches, lambda places: texts[places], similarity, semantic).sort("id")


def _sketched(frames: Iterable[pl.DataFrame], similarity: float) -> tuple[pl.DataFrame, list[Sketches]]:
    """What is kept of signatures of all partitions: who they are of, and their sketches."""
    rows, parts = [tables.QA_SIGNATURES.empty().select(_IDENTITY)], []
    for frame in frames:
        if frame.height:
            rows.append(frame.select(_IDENTITY))
            parts.append(Sketches.of(frame["signature"].list.to_array(PERMUTATIONS).to_numpy(), similarity))
    return pl.concat(rows), parts


def _reader(qa_pairs: pl.DataFrame | QuestionsOf) -> QuestionsOf:
    if not isinstance(qa_pairs, pl.DataFrame):
        return qa_pairs
    unknown = pl.lit(None, dtype=pl.String).alias("final_answer")
    known = pl.col("final_answer") if "final_answer" in qa_pairs.columns else unknown
    texts = qa_pairs.select("qa_id", "question", known)
    return lambda ids: texts.join(ids.to_frame(), on="qa_id", how="semi")


def _verdicts(
    rows: pl.DataFrame,
    order: Sequence[pl.Expr],
    sketches: list[Sketches],
    texts_of: TextsOf,
    similarity: float,
    semantic: Semantic | None,
) -> pl.DataFrame:
    """The rows that leave, by `id`.

    What equals a question that is itself a near duplicate is a near duplicate of the same kept one.

    Args:
        rows: Columns `qa_id`, `text_hash` and those of the order.
        order: The best first.
        sketches: Of these rows, part by part, as are the vectors; used up.
        texts_of: Reads the texts of some of these rows, by number.
        similarity: See `find_duplicates`, as for the last.
        semantic: See there.
    """
    ranked = rows.with_row_index("row").sort(order).with_row_index("rank")
    ranked = ranked.with_columns(first=pl.col("rank").min().over("text_hash")).select("row", "rank", "first", "qa_id")
    distinct = ranked.filter(pl.col("rank") == pl.col("first"))
    origin = distinct["row"].cast(pl.Int64).to_numpy()
    meaning = None
    if semantic is not None:
        if len(semantic.vectors) != rows.height:
            raise SynthAssetsError(
                f"There are {len(semantic.vectors)} vectors for {rows.height} questions; embed each of them once."
            )
        meaning = Semantic(np.asarray(semantic.vectors)[origin], semantic.cosine)
    judged = keep_the_best(
        Sketches.gathered(sketches, origin), lambda some: texts_of(origin[some]), similarity, meaning
    )
    kept = np.where(judged.rules == NOTHING, np.arange(len(origin)), judged.kept)
    firsts = pl.DataFrame(
        {
            "first": distinct["rank"],
            "kept_id": distinct["qa_id"].gather(kept),
            "rule": pl.Series(judged.rules).replace_strict(_RULES, return_dtype=pl.String),
            "similarity": np.where(judged.rules == NOTHING, 1.0, judged.similarities),
        }
    )
    return (
        ranked.join(firsts, on="first", maintain_order="left")
        .with_columns(cluster=pl.col("qa_id").min().over("kept_id"))
        .filter(pl.col("qa_id") != pl.col("kept_id"))
        .select(pl.col("qa_id").alias("id"), "kept_id", "rule", "similarity", "cluster")
    )
