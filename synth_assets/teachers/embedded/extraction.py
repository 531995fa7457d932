"""Level, subject, topics and key concepts of a document by the lexicon, and by key phrases where it falls silent."""

from collections import Counter

from synth_assets.teachers.embedded.lexicon import Mention, mathematics
from synth_assets.teachers.embedded.phrases import key_phrases
from synth_assets.teachers.tasks import ExtractedConcepts, SchoolLevel, TopicConcepts

TOPICS_AT_MOST = 5
CONCEPTS_AT_MOST = 20
PHRASES_AT_MOST = 3


def extract(title: str, text: str) -> ExtractedConcepts | None:
    """The document's concepts, topics in order of their weight; None where no key concept is mentioned."""
    whole = f"{title}.\n{text}"
    mentions = mathematics().mentions(whole)
    concepts = Counter((mention.topic, mention.concept) for mention in mentions if mention.concept is not None)
    if not concepts:
        return None
    topics = _strongest_topics(mentions)
    spans = [(mention.start, mention.end) for mention in mentions]
    found = []
    for place, topic in enumerate(topics):
        ranked = sorted(
            (name for of_topic, name in concepts if of_topic == topic),
            key=lambda name: (-concepts[topic, name], name),
        )
        names = [name for name in ranked if name is not None][:CONCEPTS_AT_MOST]
        if place == 0:
            names += key_phrases(whole, min(PHRASES_AT_MOST, CONCEPTS_AT_MOST - len(names)), spans)
        found.append(TopicConcepts(topic=topic, key_concepts=names))
    return ExtractedConcepts(level=_level(topics), subject="mathematics", topics=found)


def _strongest_topics(mentions: list[Mention]) -> list[str]:
    """Topics with a concept mentioned, by distinct concepts and then mentions; the first is always kept."""
    distinct: dict[str, set[str]] = {}
    weight: Counter[str] = Counter()
    for mention in mentions:
        weight[mention.topic] += 1
        if mention.concept is not None:
            distinct.setdefault(mention.topic, set()).add(mention.concept)
    ranked = sorted(distinct, key=lambda topic: (-len(distinct[topic]), -weight[topic], topic))
    return ranked[:TOPICS_AT_MOST]


def _level(topics: list[str]) -> SchoolLevel:
    """The level of the strongest topic."""
    return mathematics().topics[topics[0]].level
