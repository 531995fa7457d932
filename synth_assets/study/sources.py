"""What the study's questions are written from: the sample's documents, their concepts, and walks over these.

What lives here: where each of some chosen skills may be used. Which are chosen is the profile's affair; the road itself
is not restricted and writes with every skill.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from synth_assets.concepts.adjacency import ConceptGraph
from synth_assets.concepts.concept_sets import ConceptSets
from synth_assets.concepts.cooccurrence import count
from synth_assets.concepts.graph import reduce
from synth_assets.concepts.names import normalised
from synth_assets.concepts.references import nearest_documents
from synth_assets.concepts.walks import PAPER_WALKS, Paths, walk_paths, walk_rows
from synth_assets.teachers.embedded.extraction import extract
from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills import all_skills

_SAMPLE = Path(__file__).parent.parent / "sample"


@dataclass(frozen=True)
class Offer:
    """A key concept that a document or walk offers, its topic, and the chosen skills that have it."""

    topic: str
    concept: str
    skills: tuple[Skill, ...]


@dataclass(frozen=True)
class Source:
    """What one question is written from: an id, the concepts offered, and the documents that give the scene.

    The first text gives people, the last things and places, as in the embedded teacher; at levels 1 and 2 it is one.
    """

    source_id: str
    offers: tuple[Offer, ...]
    first_text: str
    last_text: str


@dataclass(frozen=True)
class Sources:
    """The documents with at least one of the chosen skills, in the order of their ids, and their concept graph."""

    skills: tuple[str, ...]
    documents: tuple[Source, ...]
    graph: ConceptGraph
    sets: ConceptSets

    def walks(self, epochs: range) -> Iterator[Source]:
        """The walks of these epochs from every topic, as sources, in the order of topics and epochs.

        A walk is the road's: the same function of graph, start topic and epoch, whichever epochs are asked for.
        """
        starts = np.arange(self.graph.topics.height)
        paths = walk_paths(self.graph, starts, np.array(epochs), PAPER_WALKS, "study walks", threads=1)
        alive = paths.concepts[:, 0] >= 0
        rows = walk_rows(self.graph, starts, len(epochs), paths).filter(pl.Series(alive))
        near = nearest_documents(self.graph, Paths(paths.topics[alive], paths.concepts[alive]), self.sets, threads=1)
        texts = {source.source_id: source.first_text for source in self.documents}
        columns = rows.select("start_topic", pl.col("epoch") + epochs.start, "key_concepts", "key_concept_topics")
        for (topic, epoch, concepts, topics), (first, _, second, _) in zip(
            columns.iter_rows(), near.iter_rows(), strict=True
        ):
            offers = tuple(_offers(zip(topics, concepts, strict=True), self.skills))
            yield Source(f"{topic}/{epoch}", offers, texts[first], texts[second or first])


@cache
def study_sources(skills: tuple[str, ...]) -> Sources:
    """The sources for these skills made of the bundled sample corpus, in every process the same."""
    documents: list[Source] = []
    rows: list[tuple[str, str, str]] = []
    for document_id, title, text in _sample_documents():
        found = extract(title, text)
        pairs = [(one.topic, name) for one in (found.topics if found else []) for name in one.key_concepts]
        offers = tuple(_offers(pairs, skills))
        if offers:
            documents.append(Source(document_id, offers, text, text))
            rows += [(document_id, offer.topic, offer.concept) for offer in offers]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("document_id", "topic", "key_concept"), pl.String), orient="row")
    frame = frame.with_columns(normalised(pl.col("topic")), normalised(pl.col("key_concept"))).unique(
        maintain_order=True
    )
    counts = count(frame.select(pl.lit("sample").alias("shard"), pl.all()))
    nodes, edges = reduce(counts.frequencies, counts.cooccurrence, frame.with_columns(shard=pl.lit("sample")))
    return Sources(
        skills, tuple(documents), ConceptGraph.from_frames(nodes, edges), ConceptSets.from_frames(frame, nodes)
    )


def _sample_documents() -> list[tuple[str, str, str]]:
    read = (
        json.loads(line)
        for path in sorted((_SAMPLE / "corpus").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    return sorted((document["id"], document["title"], document["text"]) for document in read)


@cache
def _skills_by_concept(names: tuple[str, ...]) -> Mapping[str, tuple[Skill, ...]]:
    chosen = [all_skills()[name] for name in names]
    concepts = {concept for skill in chosen for concept in skill.concepts}
    return {concept: tuple(skill for skill in chosen if concept in skill.concepts) for concept in concepts}


def _offers(pairs: Iterable[tuple[str, str]], names: tuple[str, ...]) -> Iterator[Offer]:
    for topic, concept in dict.fromkeys(pairs):
        skills = _skills_by_concept(names).get(concept)
        if skills:
            yield Offer(topic, concept, skills)
