"""The table `documents`: rows of the shards, normalised, each text and each id once, and the rest in quarantine."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import polars as pl

from synth_assets.corpus.shards import Shard
from synth_assets.corpus.sources import SourceRow, rows_of
from synth_assets.tables import DOCUMENTS, StageResult, quarantine_rows

TITLE_WORDS = 10
"""Words of the text that stand in for a missing title."""


def read_shards(shards: Sequence[Shard], known: pl.DataFrame) -> StageResult:
    """Rows of `documents` from `shards`, taken in the order of their names, whatever the order they are given in.

    Args:
        shards: Shards to read.
        known: `shard`, `document_id`, `content_hash` of the documents of other shards already in the lake.

    Returns:
        `received` is rows met. Of rows with the same id or the same text the first is kept, those in `known` before
        all. Reasons: `no_text`, `not_text`, `bad_json`, `invalid_utf8`, `duplicate_id`, `duplicate_text`.

    Raises:
        SynthAssetsError: A file cannot be read to its end.
    """
    met = [_Met(shard.name, row) for shard in sorted(shards, key=lambda shard: shard.name) for row in rows_of(shard)]
    kept, rejected = _told_apart(met, known)
    result = StageResult(
        DOCUMENTS.conform(pl.DataFrame([item.fields() for item in kept], schema=DOCUMENTS.schema, orient="row")),
        quarantine_rows(list(_quarantine(rejected)), "shard"),
        received=len(met),
        passed=len(kept),
    )
    result.check(DOCUMENTS.name)
    return result


def normalised(text: str) -> str:
    """Unicode NFC, line ends as `\\n`, without NUL characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@dataclass(frozen=True)
class _Met:
    """A row met in a shard, with its text normalised."""

    shard: str
    row: SourceRow
    text: str = field(init=False)
    content_hash: str = field(init=False)

    def __post_init__(self) -> None:
        text = normalised(self.row.text)
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "content_hash", blake2b(text.encode(), digest_size=16).hexdigest())

    @property
    def document_id(self) -> str:
        return self.row.document_id or f"{self.shard}#{self.row.row}"

    @property
    def place(self) -> str:
        return f"{self.row.source}, row {self.row.row}"

    def fields(self) -> tuple[str | int | None, ...]:
        """A row of `documents`, in column order."""
        title = normalised(self.row.title or "").strip() or " ".join(self.text[:1000].split()[:TITLE_WORDS])
        return (
            self.shard,
            self.document_id,
            title,
            self.text,
            self.row.url,
            self.row.source,
            self.row.row,
            self.content_hash,
            len(self.text),
        )


@dataclass(frozen=True)
class _Rejected:
    met: _Met
    reason: str
    explanation: str


def _told_apart(met: Sequence[_Met], known: pl.DataFrame) -> tuple[list[_Met], list[_Rejected]]:
    """The rows to keep and those to reject, in order."""
    by_id = _places(known, "document_id", [item.document_id for item in met])
    by_text = _places(known, "content_hash", [item.content_hash for item in met])
    kept, rejected = [], []
    for item in met:
        if item.row.fault is not None:
            rejected.append(_Rejected(item, item.row.fault, item.row.explanation))
        elif (first := by_id.get(item.document_id)) is not None:
            rejected.append(_Rejected(item, "duplicate_id", f"the id is that of {first}"))
        elif (first := by_text.get(item.content_hash)) is not None:
            rejected.append(_Rejected(item, "duplicate_text", f"the text is that of {first}"))
        else:
            by_id[item.document_id] = by_text[item.content_hash] = item.place
            kept.append(item)
    return kept, rejected


def _places(known: pl.DataFrame, column: str, wanted: list[str]) -> dict[str, str]:
    """Where each of the `wanted` values of `column` stands in the lake already."""
    rows = known.join(pl.DataFrame({column: wanted}, schema={column: pl.String}).unique(), on=column, how="semi")
    return {
        value: f"{name!r} of shard {shard}"
        for value, name, shard in rows.select(column, pl.col("document_id").alias("name"), "shard").iter_rows()
    }


def _quarantine(rejected: Sequence[_Rejected]) -> Iterator[dict[str, str]]:
    """Quarantine rows, ids unique for a shard and reason: a repeated id gets its row."""
    repeated = Counter((item.met.shard, item.reason, item.met.document_id) for item in rejected)
    given: set[tuple[str, str, str]] = {key for key, times in repeated.items() if times == 1}
    for item in rejected:
        shard, name = item.met.shard, item.met.document_id
        if repeated[shard, item.reason, name] > 1:
            while (shard, item.reason, name) in given or name == item.met.document_id:
                name = f"{name}#{item.met.row.row}"
            given.add((shard, item.reason, name))
        yield {"shard": shard, "id": name, "reason": item.reason, "detail": f"{item.met.place}: {item.explanation}"}
