"""The vectors an endpoint would be asked for, to train the domain filter and to apply it, and those the lake holds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from synth_assets.automation.estimating.corpus import Corpus, Drawn
from synth_assets.automation.estimating.parts import NOTHING, Amount, Ground, Part, added, fresh
from synth_assets.automation.estimating.stored_vectors import StoredVectors
from synth_assets.corpus.background import background
from synth_assets.corpus.embedding import as_read
from synth_assets.tables import DOMAIN_RATINGS, REFERENCE_DOCUMENTS
from synth_assets.teachers.embeddings.task import EmbedText
from synth_assets.teachers.tasks import SourceDocument, WriteSyllabusDocument

TRAINING = f"{DOMAIN_RATINGS.name} (vectors)"
APPLYING = f"{REFERENCE_DOCUMENTS.name} (vectors)"
"""Rows of their own, beside what the same stages ask a teacher."""


def vector_parts(
    ground: Ground, corpus: Corpus, written: Sequence[SourceDocument], shards: Collection[str]
) -> list[Part]:
    """The requests for vectors of both stages; none where the embedder is no endpoint.

    `written` are the syllabus documents that are there already.
    """
    if ground.settings.filter.embedder.kind != "endpoint":
        return []
    return [*_Vectors(ground, corpus, tuple(written)).parts(shards)]


@dataclass(frozen=True)
class _Vectors:
    ground: Ground
    corpus: Corpus
    written: tuple[SourceDocument, ...]

    def parts(self, shards: Collection[str]) -> list[Part]:
        trained = self.ground.past.settled(DOMAIN_RATINGS.name) and self.ground.past.settled("domain_classifier")
        waiting = [shard for shard in shards if not self.ground.past.settled(REFERENCE_DOCUMENTS.name, shard)]
        if trained:
            training, covered = fresh(TRAINING, "", EmbedText.kind), 0.0
        else:
            training, covered = self._training(), self._share_of_pool
        drawn = self._drawn.within(waiting)
        amounts = self._amounts(drawn)
        bases = drawn.bases()
        return [
            training,
            *(
                Part(APPLYING, shard, EmbedText.kind, _known_by_then(amounts[shard], covered), basis=bases[shard])
                if shard in amounts
                else fresh(APPLYING, shard, EmbedText.kind)
                for shard in shards
            ),
        ]

    @property
    def _share_of_pool(self) -> float:
        documents = sum(self.corpus.documents.values())
        return min(1.0, self.ground.settings.filter.pool / documents) if documents else 1.0

    def _training(self) -> Part:
        """The pool, the syllabus and the background."""
        of = self.ground.settings.filter
        others = [*self.written, *background(of.background_documents)]
        amount = self._counted([as_read(document.title, document.text) for document in others])
        unwritten = of.syllabus_documents - len(self.written)
        if unwritten:
            length = self.ground.history.completion_tokens(WriteSyllabusDocument.kind)
            amount += Amount(unwritten, 0.0, unwritten * length)
        pool = added(self._amounts(self._drawn).values()) * self._share_of_pool
        guessed = sorted({basis for basis in self._drawn.bases().values() if basis != "exact"})
        bases = [*guessed, *(["syllabus of mean length"] if unwritten else [])]
        if self._share_of_pool < 1.0:
            bases.append("pool like the corpus")
        self.ground.notes.add(
            "A request for vectors counts as many times as it has texts; what is embedded to train the filter is known "
            "when it is applied."
        )
        return Part(TRAINING, "", EmbedText.kind, amount + pool, basis=", ".join(bases) or "exact")

    @cached_property
    def _drawn(self) -> Drawn:
        return self.corpus.drawn(self.corpus.documents)

    def _amounts(self, drawn: Drawn) -> dict[str, Amount]:
        """What the documents of each shard ask; shards without rows are like the others."""
        scale = drawn.scale()
        seen = {}
        for (shard,), rows in drawn.rows.select("shard", "title", "text").group_by("shard"):
            texts = [as_read(title, text) for title, text in rows.select("title", "text").iter_rows()]
            seen[str(shard)] = self._counted(texts) * scale[str(shard)]
        many_seen = sum(drawn.of[shard] for shard in seen)
        each = added(seen.values()) * (1 / many_seen) if many_seen else NOTHING
        return {shard: seen.get(shard, each * many) for shard, many in drawn.of.items()}

    def _counted(self, texts: Sequence[str]) -> Amount:
        held = self._stored.held(texts)
        new = [text for text, known in zip(texts, held, strict=True) if not known]
        return Amount(float(len(new)), float(sum(held)), float(sum(map(self._stored.tokens, new))))

    @cached_property
    def _stored(self) -> StoredVectors:
        return StoredVectors(self.ground.settings.filter.embedder, self.ground.past)


def _known_by_then(amount: Amount, share: float) -> Amount:
    """An amount of which a share will be known when it is asked for."""
    left = 1 - share
    return Amount(amount.requests * left, amount.known + amount.requests * share, amount.prompt_tokens * left)
