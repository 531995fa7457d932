"""The documents an estimate looks at: all of them where they are few, otherwise a draw that repeats.

They come from the lake where a run would leave them alone, and from the source files otherwise, read as the asset
`documents` reads them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from synth_assets.automation.estimating.history import Notes
from synth_assets.automation.estimating.past import PLANNED, Past
from synth_assets.automation.estimating.stored_vectors import StoredVectors
from synth_assets.corpus.domain_filter import apply_filter
from synth_assets.corpus.embedding import as_read
from synth_assets.corpus.files import extension_of
from synth_assets.corpus.reading import read_shards
from synth_assets.corpus.shards import Shard
from synth_assets.seeds import generator_of
from synth_assets.settings import Settings
from synth_assets.tables import DOCUMENTS, REFERENCE_DOCUMENTS

LEAST_DRAWN = 10
"""Rows drawn from a partition, however many partitions there are."""

SHARDS_LOOKED_AT = 10
"""Source files a draw is taken from; the others are taken to be like them."""

DROPPED = """
select document_id from documents anti join reference_documents using (document_id)
where document_id in (select unnest($ids))"""

PIECES = 3
"""Places of a large file from which documents are drawn."""

EXACT = "exact"
"""The basis of what is planned in full on rows there are."""

COLUMNS = ("shard", "document_id", "title", "text")


@dataclass(frozen=True)
class Drawn:
    """Rows that stand for all of their shards'; `of` says how many each shard has.

    A shard with rows in `of` but none in `rows` is taken to be like the others. `guess` says, by shard, what else than
    a draw the rows rest on.
    """

    rows: pl.DataFrame
    of: Mapping[str, float]
    guess: Mapping[str, str] = field(default_factory=dict)

    def scale(self) -> Mapping[str, float]:
        """How many rows each row of a shard stands for."""
        drawn = dict(self.rows.group_by("shard").len().iter_rows())
        return {shard: many / drawn[shard] for shard, many in self.of.items() if drawn.get(shard)}

    def bases(self) -> Mapping[str, str]:
        """What the rows of each shard rest on: `EXACT` where they are all there."""
        scale = self.scale()
        return {shard: self._basis(shard, scale.get(shard)) for shard in self.of}

    def within(self, shards: Collection[str]) -> "Drawn":
        """Only these shards."""
        rows = self.rows.filter(pl.col("shard").is_in(list(shards)))
        return replace(self, rows=rows, of={shard: self.of[shard] for shard in self.of if shard in shards})

    def joined(self, other: "Drawn") -> "Drawn":
        """With the rows of other shards."""
        return Drawn(pl.concat([self.rows, other.rows]), {**self.of, **other.of}, {**self.guess, **other.guess})

    @property
    def total(self) -> float:
        """Rows of all shards together."""
        return sum(self.of.values())

    def _basis(self, shard: str, scale: float | None) -> str:
        if scale is None:
            drawn = "like other shards" if self.of[shard] else ""
        else:
            drawn = "" if scale == 1.0 else f"sample of {self.of[shard] / scale:,.0f}"
        return ", ".join(words for words in (drawn, self.guess.get(shard, "")) if words) or EXACT


def quota(rows: float, partitions: int) -> int | None:
    """Rows to draw from each partition; None where all are taken."""
    return None if rows <= PLANNED else max(LEAST_DRAWN, PLANNED // max(1, partitions))


class Corpus:
    """The documents of the settings' sources, and which of them are kept. Raises what finding their shards raises."""

    def __init__(self, settings: Settings, past: Past, notes: Notes) -> None:
        found = settings.corpus.shards()
        self.shards: Mapping[str, Shard] = {shard.name: shard for shard in found}
        self._past = past
        self._notes = notes
        self._embedder = settings.filter.embedder
        self.documents: dict[str, float] = {
            name: float(past.made("documents", name) or 0) if past.settled("documents", name) else float(_rows(shard))
            for name, shard in self.shards.items()
        }
        """How many each shard has; of a shard still to be read, the rows of its file."""

    def drawn(self, shards: Collection[str]) -> Drawn:
        """Documents of these shards."""
        wanted = {name: self.documents[name] for name in sorted(shards)}
        each = quota(sum(wanted.values()), len(wanted))
        here = [name for name in wanted if self._past.settled("documents", name)]
        away = [name for name in wanted if name not in here]
        stored = self._past.drawn(DOCUMENTS, here, each or PLANNED, COLUMNS)
        if each is None:
            read = self._new(read_shards([self.shards[name] for name in away], DOCUMENTS.empty()).rows)
            wanted.update({name: float((read["shard"] == name).sum()) for name in away})
            return Drawn(pl.concat([stored, read.select(COLUMNS)]), wanted)
        pieces = [piece for name in self._looked_at(away) for piece in _pieces(self.shards[name], wanted[name], each)]
        read = read_shards(pieces, DOCUMENTS.empty()).rows
        drawn = Drawn(pl.concat([stored, read.select(COLUMNS)]), wanted)
        self._notes.add(
            f"Of {drawn.total:,.0f} documents {drawn.rows.height:,} were looked at; the rest are taken to be like "
            "them, also in what is known of them. Rows of files not read yet count as documents; faults and duplicates "
            "among them are not looked for."
        )
        return drawn

    def kept(self, shards: Collection[str]) -> Drawn:
        """The documents of these shards that the domain filter keeps, as far as it can be told."""
        sure = [name for name in shards if self._past.settled("reference_documents", name)]
        counts = {name: float(self._past.made("reference_documents", name) or 0) for name in sure}
        each = quota(sum(counts.values()), len(counts))
        kept = Drawn(self._past.drawn(REFERENCE_DOCUMENTS, sure, each or PLANNED, COLUMNS), counts)
        rest = [name for name in shards if name not in counts]
        return kept.joined(self._filtered(self.drawn(rest))) if rest else kept

    def _filtered(self, documents: Drawn) -> Drawn:
        """Those of some documents that will be kept, with their number in proportion."""
        ids, why, guess = self._chosen(documents.rows)
        rows = documents.rows.filter(pl.col("document_id").is_in(ids.implode()))
        share = rows.height / max(1, documents.rows.height)
        self._notes.add(f"Kept documents: {share:.0%} of those still to be filtered, {why}.")
        kept = dict(rows.group_by("shard").len().iter_rows())
        scale = documents.scale()
        of = {
            name: kept.get(name, 0) * scale[name] if name in scale else share * many
            for name, many in documents.of.items()
        }
        return Drawn(rows, of, dict.fromkeys(of, guess))

    def _chosen(self, documents: pl.DataFrame) -> tuple[pl.Series, str, str]:
        """The ids of those that will be kept, how that is known, and the basis where it is a guess.

        They are chosen by the classifier if it stays, else as they were before, else all are.
        """
        classifier = self._past.query("select * from domain_classifier", "domain_classifier")
        if classifier is not None and classifier.height and self._past.settled("domain_classifier"):
            return self._by_classifier(documents, classifier)
        dropped = self._past.query(DROPPED, "reference_documents", ids=documents["document_id"].to_list())
        if dropped is not None and any(self._past.made("reference_documents", shard) for shard in self.shards):
            ids = documents.join(dropped, on="document_id", how="anti")["document_id"]
            return ids, "as the domain filter kept them before it is trained again", "filter as before"
        assumed = "because the domain filter is not trained yet: all of them, assumed"
        return documents["document_id"], assumed, "all documents kept"

    def _by_classifier(self, documents: pl.DataFrame, classifier: pl.DataFrame) -> tuple[pl.Series, str, str]:
        """As :meth:`_chosen`, by a classifier that stays.

        Where its vectors come from an outside embedder, documents whose vectors the lake does not hold are kept in the
        same proportion as the others, or else as all documents so far.
        """
        if self._embedder.kind == "hashed":
            return apply_filter(documents, classifier).rows["document_id"], "by the trained domain filter", ""
        known, kept = documents.clear(), documents["document_id"].clear()
        if self._embedder.kind == "endpoint":
            stored = StoredVectors(self._embedder, self._past)
            texts = [as_read(title, text) for title, text in documents.select("title", "text").iter_rows()]
            known = documents.filter(pl.Series(stored.held(texts), dtype=pl.Boolean))
            kept = apply_filter(known, classifier, stored).rows["document_id"]
        if known.height == documents.height:
            return kept, "by the trained domain filter", ""
        share = kept.len() / known.height if known.height else self._share_kept_so_far()
        unknown = documents.join(known, on="document_id", how="anti")["document_id"].sort()
        drawn = unknown.gather(np.linspace(0, unknown.len(), round(share * unknown.len()), endpoint=False, dtype=int))
        words = f"{unknown.len():,} of them in proportion, because their vectors are not known"
        return pl.concat([kept, drawn]), f"by the trained domain filter, {words}", "kept in proportion"

    def _share_kept_so_far(self) -> float:
        counted = self._past.query(
            "select (select count(*) from reference_documents) / count(*) from documents", "reference_documents"
        )
        share = counted.item() if counted is not None else None
        return 1.0 if share is None or share != share else float(share)

    def _new(self, read: pl.DataFrame) -> pl.DataFrame:
        """Rows without those that other shards of the lake hold already, which a run would quarantine as duplicates."""
        known = self._past.query(
            "select document_id, content_hash from documents where not list_contains($shards, shard) "
            "and (document_id in (select unnest($ids)) or content_hash in (select unnest($hashes)))",
            "documents",
            shards=read["shard"].unique().to_list(),
            ids=read["document_id"].to_list(),
            hashes=read["content_hash"].to_list(),
        )
        if known is None:
            return read
        return read.join(known, on="document_id", how="anti").join(known, on="content_hash", how="anti")

    def _looked_at(self, shards: Collection[str]) -> list[str]:
        """The shards to draw from. To reach a later cut of a compressed file, all before it would have to be read."""
        within_reach = [name for name in shards if _within_reach(self.shards[name])]
        if len(within_reach) > SHARDS_LOOKED_AT:
            within_reach = sorted(generator_of("estimate", "shards").sample(sorted(within_reach), SHARDS_LOOKED_AT))
        if len(within_reach) < len(shards):
            self._notes.add(
                f"Of {len(shards):,} shards not read yet {len(within_reach):,} were looked at; the others are taken to "
                "be like them, but for their number of documents."
            )
        return within_reach


def _rows(shard: Shard) -> int:
    """Rows of a shard, without reading them. A file that cannot be counted has none here; reading it tells why."""
    return shard.rows or 0


def _pieces(shard: Shard, rows: float, wanted: int) -> list[Shard]:
    """Some stretches of a shard, of about `wanted` rows together."""
    if rows <= wanted:
        return [shard]
    long = max(1, wanted // PIECES)
    starts = [int(rows) * piece // PIECES for piece in range(PIECES)]
    return [
        replace(
            shard,
            first_row=shard.first_row + start,
            rows=long,
            documents=shard.documents[start : start + long] if shard.documents else (),
        )
        for start in starts
    ]


def _within_reach(shard: Shard) -> bool:
    """Whether a shard can be read without reading what its file holds before it: all but cuts of compressed files."""
    return shard.first_row == 0 or extension_of(shard.path) != ".jsonl.gz"
