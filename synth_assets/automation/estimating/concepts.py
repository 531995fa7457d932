"""What extraction would ask, the concepts to plan questions with, and the walks they start from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from synth_assets.automation.estimating.corpus import Drawn, quota
from synth_assets.automation.estimating.parts import Ground, Part, fresh, tallied
from synth_assets.automation.estimating.past import PLANNED
from synth_assets.concepts.extraction import extract_concepts
from synth_assets.concepts.walks import walk_id
from synth_assets.tables import CONCEPT_WALKS, DOCUMENT_CONCEPTS
from synth_assets.teachers.tasks import ExtractConcepts

STAGE = DOCUMENT_CONCEPTS.name

CONCEPTS = tuple((f"topic of a document {topic}", f"a key concept of it {name}") for topic in "ab" for name in "123456")
"""Topic and key concept of those shown in the place of concepts that have not been extracted."""

OF_A_WALK = 5
"""Key concepts of a walk: one step to them and 3 or 4 among them (paper section 2.2)."""

PLACEHOLDER_WALKS = 60

BEFORE = """
select document_id, topic, key_concept from document_concepts where document_id in (select unnest($ids))"""

WITHOUT = """select id as document_id from quarantine where stage = 'document_concepts'"""

HOMES = """
select shard, count(*) as topics from (
    select topic, arg_max(shard, documents) as shard
    from (select topic, shard, count(distinct document_id) as documents from document_concepts group by all)
    group by topic)
group by shard"""

WALKS = """
select shard, count(distinct start_topic) as topics, max(epoch) + 1 as epochs,
    count(*) filter (where epoch < $epochs) as walks
from concept_walks where list_contains($shards, shard) group by shard"""


@dataclass(frozen=True)
class Extracted:
    """Concepts to plan questions with: columns document_id, topic, key_concept.

    `assumed` says, for the shards in which some documents are still to be asked about, what stands for their concepts.
    """

    concepts: pl.DataFrame
    assumed: Mapping[str, str]


def extraction_parts(ground: Ground, kept: Drawn, shards: Collection[str]) -> tuple[list[Part], Extracted]:
    """The requests of `document_concepts` for `shards`, and the concepts of the documents in `kept`.

    The concepts of a document still to be extracted are those it had before, or else placeholders; one in which none
    was found before gets none.
    """
    waiting = [shard for shard in shards if not ground.past.settled(STAGE, shard)]
    drawn = kept.within(waiting)
    planner = ground.planner()
    extracted = extract_concepts(drawn.rows, planner).rows.select("document_id", "topic", "key_concept")
    amounts = tallied(planner, ExtractConcepts.kind, drawn)
    unasked = {
        request.task.document.document_id for request in planner.unasked if isinstance(request.task, ExtractConcepts)
    }
    concepts, made_up = _concepts(ground, kept, drawn, extracted, unasked)
    if made_up:
        ground.notes.add(
            f"Concepts not extracted yet are stood in for by {len(CONCEPTS)} a document in the prompts that show them."
        )
    assumed = {
        shard: words
        for ids, words in ((unasked, "concepts as before"), (made_up, "concepts to come"))
        for shard in drawn.rows.filter(pl.col("document_id").is_in(list(ids)))["shard"].unique()
    }
    bases = drawn.bases()
    parts = [
        Part(STAGE, shard, ExtractConcepts.kind, amounts[shard], basis=bases[shard])
        if shard in amounts
        else fresh(STAGE, shard, ExtractConcepts.kind)
        for shard in shards
    ]
    return parts, Extracted(concepts, assumed)


def _concepts(
    ground: Ground, kept: Drawn, drawn: Drawn, extracted: pl.DataFrame, unasked: set[str]
) -> tuple[pl.DataFrame, set[str]]:
    """The concepts of all documents in `kept`, and the ids of those that got placeholders."""
    asked_now = set(drawn.rows["document_id"]) - unasked
    before = ground.past.query(BEFORE, STAGE, ids=kept.rows["document_id"].to_list())
    without = ground.past.query(WITHOUT, "quarantine")
    known = before if before is not None else extracted.clear()
    known = known.filter(~pl.col("document_id").is_in(list(asked_now)))
    barren = set(without["document_id"]) if without is not None else set[str]()
    made_up = unasked - set(known["document_id"]) - barren
    rows = [(document_id, *concept) for document_id in sorted(made_up) for concept in CONCEPTS]
    placeholders = pl.DataFrame(rows, schema=extracted.schema, orient="row")
    # In the order of the lake: prompts list the concepts in it, and are known by their hash.
    return pl.concat([extracted, known, placeholders]).sort("document_id", "topic", "key_concept"), made_up


@dataclass(frozen=True)
class Walks:
    """Walks to plan level 3 with: those there are, and how many more each shard is taken to get."""

    drawn: Drawn
    more: dict[str, float]


def walks_of(ground: Ground, kept: Drawn, shards: Collection[str]) -> Walks:
    """The walks of `shards`; where none were made yet, as many as their kept documents make likely."""
    epochs = ground.settings.walks.epochs
    found = ground.past.query(WALKS, CONCEPT_WALKS, shards=list(shards), epochs=epochs)
    made = {shard: rest for shard, *rest in found.iter_rows()} if found is not None else {}
    here = [shard for shard in shards if ground.past.made(CONCEPT_WALKS.name, shard) is not None]
    of = {shard: float(made[shard][2]) if shard in made else 0.0 for shard in here}
    drawn = quota(sum(of.values()), len(of))
    rows = ground.past.drawn(CONCEPT_WALKS, here, drawn or PLANNED).filter(pl.col("epoch") < epochs)
    more = {shard: float(topics * max(0, epochs - done)) for shard, (topics, done, _) in made.items()}
    guess = {shard: "walks as they stand" for shard in here if not ground.past.settled(CONCEPT_WALKS.name, shard)}
    if guess:
        ground.notes.add(
            "Walks that are to be made again are taken as they stand; changed concepts or settings of the walks make "
            "others."
        )
    away = [shard for shard in shards if shard not in of]
    if away:
        more |= {shard: epochs * topics for shard, topics in _topics(ground, kept, away).items()}
    return Walks(Drawn(rows, of, guess), more)


def _topics(ground: Ground, kept: Drawn, shards: Collection[str]) -> dict[str, float]:
    """Topics at home in each of `shards`, which have no walks yet: of their concepts, or in proportion to documents."""
    found = ground.past.query(HOMES, STAGE)
    if found is not None and all(ground.past.settled(STAGE, shard) for shard in shards):
        ground.notes.add("Walks to come start from the topics that were extracted, before spellings are merged.")
        homes = dict(found.iter_rows())
        return {shard: float(homes.get(shard, 0)) for shard in shards}
    documents = kept.within(shards)
    each = ground.history.topics(documents.total) / max(1.0, documents.total)
    return {shard: many * each for shard, many in documents.of.items()}


def placeholder_walks(documents: pl.DataFrame) -> pl.DataFrame:
    """Rows of `concept_walks` over pairs of these documents, with placeholders for concepts, in the shard ``""``."""
    ids = documents["document_id"].head(PLACEHOLDER_WALKS).to_list()
    topics, names = zip(*CONCEPTS[:OF_A_WALK], strict=True)
    rows = [
        {
            "shard": "",
            "walk_id": walk_id("", place),
            "start_topic": topics[0],
            "epoch": place,
            "topics": list(dict.fromkeys(topics)),
            "key_concepts": list(names),
            "key_concept_topics": list(topics),
            "reference_1": first,
            "similarity_1": 0.0,
            "reference_2": second if second != first else None,
            "similarity_2": 0.0,
        }
        for place, (first, second) in enumerate(zip(ids, [*ids[1:], *ids[:1]], strict=True))
    ]
    return CONCEPT_WALKS.conform(pl.DataFrame(rows, schema=CONCEPT_WALKS.schema))
