"""Questions from documents and concepts: by the three levels of the paper's section 2.2 from problem skills, for
personas, by templates, and like a problem that a student got wrong."""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, cycle, islice, permutations

from synth_assets.seeds import generator_of
from synth_assets.teachers.embedded.composing import Composed, compose
from synth_assets.teachers.embedded.exercises import StatedExercise, stated_exercises
from synth_assets.teachers.embedded.filling import facts_of, fill, filled_text
from synth_assets.teachers.embedded.lexicon import mathematics
from synth_assets.teachers.embedded.recipes import QuestionRecipe
from synth_assets.teachers.embedded.scenes import PEOPLE, scene_of
from synth_assets.teachers.embedded.skill import Setting, Skill
from synth_assets.teachers.embedded.skills import all_skills
from synth_assets.teachers.tasks import (
    Concept,
    Mistake,
    WriteQuestions,
    WrittenAnswer,
    WrittenQuestion,
    WrittenQuestions,
)

TRIES_PER_QUESTION = 6
"""Concept combinations set aside for each question asked for; some cannot be chained."""


def write_questions(task: WriteQuestions) -> WrittenQuestions:
    """Up to `task.at_most` questions by the task's method; none, with the reason, where no skill fits."""
    likened_to = (task.mistake.question,) if task.mistake is not None else ()
    documents = (document.document_id for document in task.documents)
    rng = generator_of("embedded questions", task.method, *documents, task.round, *likened_to)
    match task.method:
        case "level_1":
            questions = _from_document(task, rng)
            missing = "no problem skill fits the concepts of the document"
        case "persona":
            questions = _for_personas(task, rng)
            missing = "no problem skill fits the concepts of the document"
        case "template":
            questions = _from_templates(task, rng)
            missing = "no quantity of the document fits a template"
        case "error_extrapolation":
            questions = _like_the_mistake(task, rng)
            missing = "no problem skill fits the document, or none the problem that was answered wrongly"
        case method:
            questions = _from_combinations(task, rng, across_topics=method == "level_3")
            missing = "no combination of the concepts can be chained into a problem"
    return WrittenQuestions(questions=questions, not_suitable=None if questions else missing)


@cache
def skills_of(concept: str) -> tuple[Skill, ...]:
    """The problem skills of a concept."""
    return tuple(skill for skill in all_skills().values() if concept in skill.concepts)


def skills_among(concepts: Sequence[Concept]) -> dict[str, Skill]:
    """The problem skills of concepts, by name."""
    return {skill.name: skill for concept in concepts for skill in skills_of(concept.name)}


def _from_document(task: WriteQuestions, rng: random.Random) -> list[WrittenQuestion]:
    """Level 1: the document's own exercises (in the first round), then one skill each in the document's setting."""
    document = task.documents[0]
    questions: list[WrittenQuestion] = []
    if task.round == 0:
        questions += [_original(exercise, task) for exercise in stated_exercises(document.text)][: task.at_most]
    skills = skills_among(task.concepts)
    if not skills:
        return questions
    names = list(skills)
    rng.shuffle(names)
    for place in range(task.at_most - len(questions)):
        skill = skills[names[place % len(names)]]
        composed = compose([skill], scene_of(document.text, rng), rng.randint(1, 3), rng)
        if composed is not None:
            questions.append(_new(composed, [skill], concepts_of(skill)))
    return questions


def _for_personas(task: WriteQuestions, rng: random.Random) -> list[WrittenQuestion]:
    """A question for each persona: one skill of the document where the persona is, told of people if it can be."""
    skills = skills_among(task.concepts)
    told = {name: skill for name, skill in skills.items() if skill.told}
    names = list(told or skills)
    rng.shuffle(names)
    questions: list[WrittenQuestion] = []
    for place, persona in enumerate(task.personas[: task.at_most] if names else ()):
        skill = skills[names[place % len(names)]]
        person, other = rng.sample(PEOPLE, 2)
        scene = Setting(person, other, rng.choice(persona.items), persona.place)
        composed = compose([skill], scene, rng.randint(1, 3), rng, told=True)
        if composed is not None:
            acts = person in composed.question
            opening = f"{person} is {persona.who}. " if acts else f"{person}, {persona.who}, sets {other} a problem. "
            questions.append(_new(composed, [skill], concepts_of(skill), opening))
    return questions


def _from_templates(task: WriteQuestions, rng: random.Random) -> list[WrittenQuestion]:
    """The templates that numbers of the document fit."""
    facts = facts_of(task.documents[0])
    filled = [fill(template, facts, rng) for template in task.templates] if facts.numbers else []
    return [
        WrittenQuestion(
            question=filled_text(one),
            origin="new",
            school_level=one.template.level,
            key_concepts=[],
            recipe=QuestionRecipe(filled=one).written(),
        )
        for one in filled
        if one is not None
    ][: task.at_most]


def _like_the_mistake(task: WriteQuestions, rng: random.Random) -> list[WrittenQuestion]:
    """Problems of the same skills, other in numbers and wording, where the document is.

    An exercise of a document, or a problem from elsewhere, shows its skills by the concepts it mentions.
    """
    if task.mistake is None or not skills_among(task.concepts):
        return []
    chains = _skills_needed(task.mistake)
    questions: list[WrittenQuestion] = []
    for place in range(task.at_most if chains else 0):
        skills = chains[place % len(chains)]
        composed = compose(skills, scene_of(task.documents[0].text, rng), rng.randint(1, 3), rng)
        if composed is not None:
            concepts = {concept.name: concept for skill in skills for concept in concepts_of(skill)}
            questions.append(_new(composed, skills, list(concepts.values())))
    return questions


def _skills_needed(mistake: Mistake) -> list[list[Skill]]:
    """The chain of skills a problem was composed of; of any other, each skill of a concept that it mentions."""
    recipe = QuestionRecipe.model_validate_json(mistake.recipe) if mistake.recipe else QuestionRecipe()
    if recipe.composed is not None:
        return [[all_skills()[step.skill] for step in recipe.composed.steps]]
    mentioned = dict.fromkeys(
        mention.concept for mention in mathematics().mentions(f"{mistake.question} {mistake.solution}")
    )
    return [[skill] for skill in dict.fromkeys(skill for concept in mentioned for skill in skills_of(concept))]


def _from_combinations(task: WriteQuestions, rng: random.Random, across_topics: bool) -> list[WrittenQuestion]:
    """Levels 2 and 3: two or three concepts a question, chained; no combination twice in a round.

    Further rounds begin where the one before ended, and come back to a combination once all had their turn.
    """
    offered = {concept.name: concept for concept in task.concepts if skills_of(concept.name)}
    order = generator_of(
        "embedded combinations", task.method, *(d.document_id for d in task.documents), *sorted(offered)
    )
    every = _combinations(list(offered.values()), order, across_topics)
    tries = task.at_most * TRIES_PER_QUESTION
    chosen = islice(cycle(every), task.round * tries, task.round * tries + min(tries, len(every)))
    questions: list[WrittenQuestion] = []
    for combination in chosen:
        if len(questions) == task.at_most:
            break
        scene = _scene(task, rng)
        for skills in _chains(combination, rng):
            composed = compose(skills, scene, rng.randint(1, 3), rng)
            if composed is not None:
                questions.append(_new(composed, skills, list(combination)))
                break
    return questions


def _combinations(offered: list[Concept], order: random.Random, across_topics: bool) -> list[tuple[Concept, ...]]:
    """Every pair and as many triples, shuffled; across topics, all concepts of one have different topics."""

    def allowed(combination: tuple[Concept, ...]) -> bool:
        return not across_topics or len({concept.topic for concept in combination}) == len(combination)

    pairs = [pair for pair in combinations(offered, 2) if allowed(pair)]
    triples: list[tuple[Concept, ...]] = []
    if len(offered) >= 3:
        for _ in pairs:
            triple = tuple(order.sample(offered, 3))
            if allowed(triple):
                triples.append(triple)
    found = {frozenset(concept.name for concept in combination): combination for combination in [*pairs, *triples]}
    shuffled = list(found.values())
    order.shuffle(shuffled)
    return shuffled


def _chains(combination: Sequence[Concept], rng: random.Random) -> Iterator[list[Skill]]:
    """Orders of the concepts with a skill for each, every skill after the first able to take a result."""
    orders = list(permutations(combination))
    rng.shuffle(orders)
    for concepts in orders:
        skills: list[Skill] = []
        for place, concept in enumerate(concepts):
            fitting = [
                skill
                for skill in skills_of(concept.name)
                if skill not in skills and (place == 0 or skill.feed is not None)
            ]
            if not fitting:
                break
            skills.append(rng.choice(fitting))
        if len(skills) == len(concepts):
            yield skills


def _scene(task: WriteQuestions, rng: random.Random) -> Setting:
    """People from the first document; things and places from the last (the second reference at level 3)."""
    first, last = scene_of(task.documents[0].text, rng), scene_of(task.documents[-1].text, rng)
    return Setting(first.person, first.other, last.items, last.place)


def _original(exercise: StatedExercise, task: WriteQuestions) -> WrittenQuestion:
    mentioned = {mention.concept for mention in mathematics().mentions(exercise.question + " " + exercise.solution)}
    own = [concept for concept in task.concepts if concept.name in mentioned] or list(task.concepts[:1])
    recipe = QuestionRecipe(stated=WrittenAnswer(solution=exercise.solution, final_answer=exercise.final_answer))
    level = mathematics().topics[own[0].topic].level if own and own[0].topic in mathematics().topics else "other"
    return WrittenQuestion(
        question=exercise.question,
        origin="original",
        school_level=level,
        key_concepts=own,
        recipe=recipe.written(),
    )


def _new(composed: Composed, skills: Sequence[Skill], concepts: list[Concept], opening: str = "") -> WrittenQuestion:
    return WrittenQuestion(
        question=opening + composed.question,
        origin="new",
        school_level=skills[-1].level,
        key_concepts=concepts,
        recipe=QuestionRecipe(composed=composed.recipe, opening=opening).written(),
    )


def concepts_of(skill: Skill) -> list[Concept]:
    """The concepts of a skill, each with its topic."""
    known = mathematics().concepts
    return [Concept(topic=known[name].topic, name=name) for name in skill.concepts]
