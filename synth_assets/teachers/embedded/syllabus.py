"""Documents written from the lexicon and the skills, one a syllabus entry, to start the domain filter cold."""

from synth_assets.seeds import generator_of
from synth_assets.teachers.embedded.composing import compose, final_answer
from synth_assets.teachers.embedded.lexicon import LexiconTopic, mathematics
from synth_assets.teachers.embedded.scenes import scene_of
from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills import all_skills
from synth_assets.teachers.tasks import SyllabusDocument

OPENINGS = {
    "lesson": "Today we study {topic}. By the end you should be able to explain {concepts}.",
    "exam paper": "This paper tests {topic}. Show your working; marks are given for the use of {concepts}.",
    "blog post": "People ask me why anyone still learns {topic}. My answer starts with {concepts}.",
}
PROBLEMS = 4


def write_document(number: int) -> SyllabusDocument:
    """The lesson, exam paper or blog post on the `number`-th entry; entries go through all topics in turn."""
    topics = list(mathematics().topics.values())
    topic = topics[number % len(topics)]
    kinds = list(OPENINGS)
    kind = kinds[(number // len(topics) + number) % len(kinds)]
    rng = generator_of("syllabus", number)
    concepts = [concept.name for concept in topic.concepts]
    rng.shuffle(concepts)
    paragraphs = [OPENINGS[kind].format(topic=topic.name, concepts=", ".join(concepts[:5]))]
    skills = _skills_for(topic)
    for place in range(PROBLEMS if skills else 0):
        composed = compose([skills[(place + number) % len(skills)]], scene_of("", rng), rng.randint(1, 3), rng)
        if composed is not None:
            worked = " ".join(composed.solution.steps)
            paragraphs.append(f"{composed.question}\n\n{worked} The answer is {final_answer(composed.solution)}.")
    return SyllabusDocument(title=f"{topic.name.capitalize()}: {kind}", text="\n\n".join(paragraphs))


def _skills_for(topic: LexiconTopic) -> list[Skill]:
    known = mathematics().concepts
    return [
        skill
        for skill in all_skills().values()
        if skill.topic == topic.name or any(known[name].topic == topic.name for name in skill.concepts)
    ]
