"""The table `documents`: rows of the shards, normalised, each text and each id once, and the rest in quarantine."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, cast

import polars as pl

from synth_assets.corpus.memory import MEMORY, longest_document
from synth_assets.corpus.shards import Shard
from synth_assets.corpus.sources import batches_of
from synth_assets.tables import DOCUMENTS, StageResult, gathered, quarantine_rows

TITLE_WORDS = 10
"""Words of the text that stand in for a missing title."""

AT_ONCE = 16 << 20
"""Bytes of text that are turned into Python objects at the same time."""

Known = Callable[[pl.DataFrame], pl.DataFrame]
"""Told `document_id` and `content_hash` of rows met, says which documents of other shards, already in the lake, have
one of these ids or hashes: `shard`, `document_id`, `content_hash`."""


def read_shards(shards: Sequence[Shard], known: Known | pl.DataFrame, memory: int = MEMORY) -> StageResult:
    """Rows of `documents` from `shards`, taken in the order of their names, whatever the order they are given in.

    Args:
        shards: Shards to read. The texts of all of them are held, their own rows only in batches.
        known: The documents of other shards already in the lake, or a function that finds those that matter.
        memory: Bytes a shard may take, as the shards were cut for; a sixty-fourth is left to a single document.

    Returns:
        `received` is rows met. Of rows with the same id or the same text the first is kept, those in `known` before
        all. Reasons: `no_text`, `not_text`, `bad_json`, `invalid_utf8`, `too_large`, `duplicate_id`, `duplicate_text`.

    Raises:
        SynthAssetsError: A file cannot be read to its end.
    """
    ask = _among(known) if isinstance(known, pl.DataFrame) else known
    seen = _Seen()
    parts = [_read(shard, ask, seen, memory) for shard in sorted(shards, key=lambda shard: shard.name)]
    if not parts:
        return StageResult(DOCUMENTS.empty(), quarantine_rows([], "shard"), 0, 0)
    result = gathered(parts)
    result.check(DOCUMENTS.name)
    return result


def normalised(text: str) -> str:
    """Unicode NFC, line ends as `\\n`, without NUL characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@dataclass
class _Seen:
    """Where each id and each text stands that this run has kept."""

    ids: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def _read(shard: Shard, known: Known, seen: _Seen, memory: int) -> StageResult:
    met = pl.concat([_prepared(batch, shard) for batch in batches_of(shard, longest_document(memory))])
    usable = met.filter(pl.col("fault").is_null())
    elsewhere = known(usable.select("document_id", "content_hash"))
    judged = met.with_columns(*_faults(met, elsewhere, seen))
    kept = judged.filter(pl.col("fault").is_null()).rename({"row": "source_row"})
    rejected = judged.filter(pl.col("fault").is_not_null())
    return StageResult(
        DOCUMENTS.conform(kept.with_columns(shard=pl.lit(shard.name)).select(DOCUMENTS.schema.names())),
        quarantine_rows(list(_quarantine(shard, rejected)), "shard"),
        received=met.height,
        passed=kept.height,
    )


def _prepared(batch: pl.DataFrame, shard: Shard) -> pl.DataFrame:
    """A batch of source rows with its texts normalised, ids and titles made up where missing, and hashes."""
    text = _normalised(batch["text"].fill_null(""))
    return batch.with_columns(
        text,
        pl.Series("title", _titles(batch["title"], text.str.slice(0, 1000)), pl.String()),
        pl.Series("content_hash", map(_hash, _values(text.cast(pl.Binary()))), pl.String()),
        pl.col("document_id").fill_null(pl.format(f"{shard.name}#{{}}", "row")),
        text.str.len_chars().cast(pl.Int64()).alias("characters"),
    )


def _normalised(texts: pl.Series) -> pl.Series:
    """:func:`normalised` of each. Plain ASCII is not looked at, and what stays as it is is not copied."""
    untidy = texts.str.contains_any(["\r", "\0"]) | (texts.str.len_bytes() != texts.str.len_chars())
    places = untidy.arg_true()
    new = {
        place: after
        for place, before in zip(places, _values(texts.gather(places)), strict=True)
        if (after := normalised(before)) != before
    }
    if not new:
        return texts
    changed = pl.Series(list(new.values()), dtype=pl.String())
    taken = (
        pl.int_range(len(texts), eager=True)
        .to_frame("place")
        .join(
            pl.DataFrame({"place": list(new), "changed": range(len(texts), len(texts) + len(new))}),
            on="place",
            how="left",
        )
    )
    return pl.concat([texts, changed]).gather(taken.select(pl.coalesce("changed", "place")).to_series())


def _titles(titles: pl.Series, beginnings: pl.Series) -> Iterator[str]:
    """The titles, where there is none the first words of the text."""
    for title, beginning in zip(titles, beginnings, strict=True):
        yield (title and normalised(title).strip()) or " ".join(beginning.split(None, TITLE_WORDS)[:TITLE_WORDS])


def _hash(text: bytes) -> str:
    return blake2b(text, digest_size=16).hexdigest()


def _values(texts: pl.Series) -> Iterator[Any]:
    """The values of a column one after the other, few of them in memory as Python objects at a time."""
    length = texts.str.len_bytes() if texts.dtype == pl.String() else texts.bin.size()
    together = max(1, AT_ONCE // max(1, cast(int, length.max() or 0)))
    for piece in texts.to_frame().iter_slices(together):
        yield from piece.to_series().to_list()


def _faults(met: pl.DataFrame, elsewhere: pl.DataFrame, seen: _Seen) -> tuple[pl.Series, pl.Series]:
    """`fault` and `explanation` of each row, in order, once it is compared with those kept before it."""
    ids, texts = _places(elsewhere, "document_id"), _places(elsewhere, "content_hash")
    faults, explanations = met["fault"].to_list(), met["explanation"].to_list()
    columns = met.select("source", "row", "document_id", "content_hash").iter_rows()
    for number, (source, row, name, content_hash) in enumerate(columns):
        if faults[number] is not None:
            continue
        if (first := ids.get(name) or seen.ids.get(name)) is not None:
            faults[number], explanations[number] = "duplicate_id", f"the id is that of {first}"
        elif (first := texts.get(content_hash) or seen.texts.get(content_hash)) is not None:
            faults[number], explanations[number] = "duplicate_text", f"the text is that of {first}"
        else:
            seen.ids[name] = seen.texts[content_hash] = f"{source}, row {row}"
    return pl.Series("fault", faults, pl.String()), pl.Series("explanation", explanations, pl.String())


def _places(documents: pl.DataFrame, column: str) -> dict[str, str]:
    """Where each value of `column` stands in the lake already."""
    rows = documents.select(column, pl.col("document_id").alias("name"), "shard")
    return {value: f"{name!r} of shard {shard}" for value, name, shard in rows.iter_rows()}


def _among(known: pl.DataFrame) -> Known:
    """Those of the known documents that matter, where all are given."""

    def found(met: pl.DataFrame) -> pl.DataFrame:
        same_id, same_text = (pl.col(name).is_in(met[name].implode()) for name in ("document_id", "content_hash"))
        return known.filter(same_id | same_text)

    return found


def _quarantine(shard: Shard, rejected: pl.DataFrame) -> Iterator[dict[str, str]]:
    """Quarantine rows, ids unique for a shard and reason: a repeated id gets its row."""
    rows = list(rejected.select("source", "row", "document_id", "fault", "explanation").iter_rows())
    repeated = Counter((reason, name) for _, _, name, reason, _ in rows)
    given = {key for key, times in repeated.items() if times == 1}
    for source, row, document_id, reason, explanation in rows:
        name = document_id
        if repeated[reason, document_id] > 1:
            while (reason, name) in given or name == document_id:
                name = f"{name}#{row}"
            given.add((reason, name))
        detail = f"{source}, row {row}: {explanation}"
        yield {"shard": shard.name, "id": name, "reason": reason, "detail": detail}
