"""Short arithmetic word problems with worked solutions, for the tests of the students."""

import polars as pl

from synth_assets.seeds import generator_of
from synth_assets.tables import TRAINING_QA

NAMES = ("Anna", "Ben", "Carla", "Dev", "Elena", "Farid")
THINGS = ("apples", "pens", "stones", "cards")
METHODS = ("level_1", "level_2", "level_3")


def training_questions(count: int, largest: int = 30) -> pl.DataFrame:
    """`count` rows of tables.TRAINING_QA; the first n rows do not depend on how many follow."""
    return TRAINING_QA.conform(pl.DataFrame([_row(number, largest) for number in range(count)]))


def _row(number: int, largest: int) -> dict[str, object]:
    rng = generator_of("student test", number)
    name, things = rng.choice(NAMES), rng.choice(THINGS)
    first, second = rng.randint(2, largest), rng.randint(2, largest)
    if rng.random() < 0.5:
        question = f"{name} has {first} {things} and gets {second} more. How many {things} does {name} have?"
        step, result = f"{first} + {second} = {first + second}", first + second
    else:
        question = f"{name} has {first + second} {things} and loses {second}. How many {things} are left?"
        step, result = f"{first + second} - {second} = {first}", first
    return {
        "method": METHODS[number % 3],
        "shard": "problems",
        "qa_id": f"q{number:05}",
        "question": question,
        "answer": f"{step}.\nThe answer is {result}.",
        "final_answer": str(result),
        "school_level": "primary",
        "topics": ["arithmetic"],
        "key_concepts": ["addition"],
        "documents": ["d1"],
        "agreement": 1.0,
    }
