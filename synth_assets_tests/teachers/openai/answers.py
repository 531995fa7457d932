"""What the scripted endpoint's model writes: valid answers to each kind of task, always the same for the same prompt.

Documents share key concepts, so that a graph of them has edges; questions are small sums in varied words, so that they
have a right answer and are no near duplicates of each other; one answer in eight is wrong.
"""

import json
import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

TOPICS: Mapping[str, tuple[str, ...]] = {
    "calculus": ("derivative", "integral", "limit", "chain rule", "product rule", "power series", "tangent line"),
    "algebra": ("polynomial", "factorisation", "quadratic equation", "inequality", "root", "absolute value", "ratio"),
    "geometry": ("triangle", "circle", "similarity", "area", "angle bisector", "right angle", "perimeter"),
    "probability": ("expectation", "variance", "conditional probability", "binomial distribution", "event", "mean"),
    "number theory": ("prime number", "divisor", "congruence", "greatest common divisor", "remainder", "parity"),
    "linear algebra": ("matrix", "determinant", "eigenvalue", "vector space", "linear map", "rank", "basis"),
}
WORDS = (
    "amber apple autumn basket beacon bicycle bridge brook candle canvas carriage castle cedar chalk circus "
    "cliff clock cloud copper coral cottage crane dairy desert dragon engine falcon farmer feather ferry "
    "forest fountain garden glacier grain hammer harbour harvest hill honey island ivory jacket journey kettle "
    "kitchen ladder lantern library lighthouse marble market meadow mill mirror mountain museum needle oak "
    "ocean orchard orchid painter paper parade pebble pepper pigeon planet pocket pottery quarry quilt rabbit "
    "railway raven ribbon river rocket saddle sailor sandal school shadow shepherd silver sparrow station "
    "stone summer tailor temple thunder timber tower tunnel valley velvet village violin wagon walnut water "
    "weaver willow window winter wool workshop"
).split()
LEVELS = ("primary", "middle", "high school", "college")

FIRST_FIELDS = {
    '{"not_suitable": null, "contexts"': "write_contexts",
    '{"question": "...", "school_level"': "write_constrained_question",
    '{"question": "..."}': "rephrase_question",
    '{"given"': "write_instance_seed",
    '{"reason": "...", "question"': "correct_question",
    '{"relevance"': "rate_document",
    '{"title"': "write_syllabus_document",
    '{"level"': "extract_concepts",
    '{"not_suitable"': "write_questions",
    '{"solution"': "answer_question",
    '{"reason": "...", "same"': "compare_problems",
    '{"reason": "...", "correct"': "judge_answer",
}
"""How the form that a prompt asks for begins, by kind of task."""

_GIVEN = re.compile(r"^Given: (\d+ \+ \d+)$", re.MULTILINE)
_SUM = re.compile(r"What is (\d+) \+ (\d+)\?")
_CONCEPTS = re.compile(r"^<concepts[^>]*>\n(.*?)^</concepts", re.MULTILINE | re.DOTALL)
_AT_MOST = re.compile(r"1 to (\d+) questions")
_COMPARED = re.compile(r"<(question|item)[^>]*>\s*(.*?)\s*</\1", re.DOTALL)
_FINAL_ANSWER = re.compile(r"<final_answer[^>]*>\s*(.*?)\s*</final_answer", re.DOTALL)


def kind_of(body: Mapping[str, Any]) -> str:
    """The kind of task a request's body asks for, by its schema's name or by the form in its prompt."""
    schema = (body.get("response_format") or {}).get("json_schema")
    if schema is not None:
        return str(schema["name"])
    prompt = _prompt(body)
    return next((kind for beginning, kind in FIRST_FIELDS.items() if beginning in prompt), "answer_question")


def answer(body: Mapping[str, Any], seed: int) -> str:
    """The answer to a request's body, as JSON. `seed` stands for all of the request that may change the answer."""
    chance = random.Random(seed)
    prompt = _prompt(body)
    match kind_of(body):
        case "rate_document":
            form = _rating(prompt, chance)
        case "write_syllabus_document":
            form = {"title": _title(chance), "text": "\n\n".join(_paragraph(chance) for _ in range(4))}
        case "extract_concepts":
            form = _concepts(chance)
        case "write_questions":
            form = _questions(prompt, chance)
        case "judge_answer":
            final = _FINAL_ANSWER.search(prompt)
            right = final is not None and final[1] == str(_right_answer(prompt))
            form = {"reason": "The sum was worked out again.", "correct": right}
        case "rephrase_question":
            form = {"question": f"By the {chance.choice(WORDS)}: {_inside(prompt, 'question')}"}
        case "write_contexts":
            numbers = list(_combination(_offered(prompt), chance))
            contexts = [{"concepts": numbers, "context": " ".join(chance.sample(WORDS, 9))} for _ in range(3)]
            form = {"not_suitable": None, "contexts": contexts}
        case "write_instance_seed":
            first, second = chance.randint(100, 9_999), chance.randint(100, 9_999)
            form = {"given": f"{first} + {second}", "asked": "the sum", "answer": str(first + second)}
        case "write_constrained_question":
            given = _GIVEN.search(prompt)
            sum_ = f"What is {given[1] if given else '1 + 1'}?"
            form = {"question": f"Near the {_inside(prompt, 'context')} they add. {sum_}", "school_level": "primary"}
        case "correct_question":
            form = {
                "reason": "The sum was worked out again.",
                "question": _inside(prompt, "question"),
                "final_answer": str(_right_answer(prompt)),
            }
        case "compare_problems":
            sums = {tuple(_SUM.findall(text)) for _, text in _COMPARED.findall(prompt)}
            form = {"reason": "The sums were compared.", "same": len(sums) == 1}
        case _:
            form = _answer(prompt, chance)
    return json.dumps(form, ensure_ascii=False)


def _prompt(body: Mapping[str, Any]) -> str:
    """The first thing the user says: what follows is about an answer given already."""
    return next((str(message["content"]) for message in body["messages"] if message["role"] == "user"), "")


def _inside(prompt: str, tag: str) -> str:
    found = re.search(rf"^<{tag}[^>]*>\n(.*?)\n</{tag}", prompt, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def _rating(prompt: str, chance: random.Random) -> dict[str, object]:
    """A document is about the domain where it has numbers and names of concepts in it."""
    document = prompt.partition("<document")[2].lower()
    named = sum(concept in document for concepts in TOPICS.values() for concept in concepts)
    figures = sum(character.isdigit() or character in "=+$\\" for character in document)
    relevance = 2 + min(7, named + 100 * figures // (len(document) + 1)) + chance.randint(-1, 1)
    return {
        "relevance": max(1, min(10, relevance)),
        "clarity": chance.randint(5, 9),
        "language_quality": chance.randint(5, 9),
    }


def _title(chance: random.Random) -> str:
    return f"{chance.choice([*TOPICS]).capitalize()} of the {chance.choice(WORDS)}"


def _paragraph(chance: random.Random) -> str:
    topic = chance.choice([*TOPICS])
    first, second = chance.sample(TOPICS[topic], 2)
    told = " ".join(chance.sample(WORDS, 12))
    return (
        f"In {topic}, the {first} and the {second} belong together, as {told} show. For example, "
        f"{chance.randint(2, 99)} + {chance.randint(2, 99)} is worked out first, and the {second} follows."
    )


def _concepts(chance: random.Random) -> dict[str, object]:
    topics = [
        {"topic": topic, "key_concepts": chance.sample(TOPICS[topic], chance.randint(5, 6))}
        for topic in chance.sample([*TOPICS], chance.randint(2, 3))
    ]
    return {"level": chance.choice(LEVELS), "subject": "mathematics", "topics": topics}


def _questions(prompt: str, chance: random.Random) -> dict[str, object]:
    offered = _offered(prompt)
    found = _AT_MOST.search(prompt)
    combinations: dict[tuple[int, ...], None] = {}
    for _ in range(min(3, int(found[1]) if found else 1)):
        combinations[_combination(offered, chance)] = None
    return {"not_suitable": None, "questions": [_question(numbers, chance) for numbers in combinations]}


def _offered(prompt: str) -> dict[str, list[int]]:
    """The numbers of the concepts offered, by topic: a topic stands at the margin, its concepts are indented."""
    block = _CONCEPTS.search(prompt)
    offered: dict[str, list[int]] = {}
    for line in block[1].splitlines() if block else ():
        if line.startswith(" "):
            offered[[*offered][-1]].append(int(line.split(".")[0]))
        elif line.strip():
            offered[line.strip()] = []
    return offered


def _combination(offered: Mapping[str, Sequence[int]], chance: random.Random) -> tuple[int, ...]:
    """Two concepts, of different topics where there are any."""
    topics = [topic for topic, numbers in offered.items() if numbers]
    if len(topics) > 1:
        return tuple(sorted(chance.choice(offered[topic]) for topic in chance.sample(topics, 2)))
    numbers = offered[topics[0]] if topics else ()
    return tuple(sorted(chance.sample(numbers, min(2, len(numbers)))))


def _question(numbers: tuple[int, ...], chance: random.Random) -> dict[str, object]:
    story = " ".join(chance.sample(WORDS, 14))
    sum_ = f"What is {chance.randint(100, 9_999)} + {chance.randint(100, 9_999)}?"
    return {
        "concepts": list(numbers),
        "question": f"Near the {story}, two numbers are written down. {sum_}",
        "origin": "new",
        "school_level": chance.choice(LEVELS),
    }


def _right_answer(prompt: str) -> int:
    found = _SUM.search(prompt)
    return int(found[1]) + int(found[2]) if found else len(prompt)


def _answer(prompt: str, chance: random.Random) -> dict[str, object]:
    result = _right_answer(prompt) + (1 if chance.random() < 1 / 8 else 0)
    steps = f"The numbers are added digit by digit, with what is carried. The {chance.choice(WORDS)} plays no part."
    return {"solution": f"{steps} The answer is {result}.", "final_answer": str(result)}
