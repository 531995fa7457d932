"""Well-known benchmarks: which columns of theirs to read, and where to get them. None of them is bundled.

Names, files and licences are those of the Hugging Face hub; what its page does not state is left open. Nothing here
downloads anything: an address is read where the user gives it as a benchmark's path.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl


@dataclass(frozen=True)
class KnownBenchmark:
    """A benchmark and how its files look.

    Attributes:
        title: Its name as its authors write it.
        split: The split that is tested on.
        question: The columns that make up the question, in the order they are read. The last of them is never empty.
        answer: The column of the answer.
        identifier: The column that names an item; None where there is none, and items are numbered.
        choices: The column with the list of choices, read after the question.
        data_set: Its name on the Hugging Face hub; None where no copy of its authors, or widely used one, is known.
        configuration: Its configuration there, where it has more than one.
        file: Path of the split's file there, where the split is one file.
        licence: As the data set's page states it.
        marks: Columns that together tell a file of this benchmark, whatever it is called; empty where its columns are
            those of many others.
        aliases: Other names it goes by. Case, spaces and punctuation of names do not count.
        note: What else there is to know.
    """

    title: str
    split: str
    question: tuple[str, ...]
    answer: str
    identifier: str | None = None
    choices: str | None = None
    data_set: str | None = None
    configuration: str | None = None
    file: str | None = None
    licence: str | None = None
    marks: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    note: str = ""

    @property
    def address(self) -> str | None:
        """The address a benchmark can be given by: `hf://datasets/...`; None where the split is not one file there."""
        return f"hf://datasets/{self.data_set}/{self.file}" if self.data_set and self.file else None


_ONE_FILE = "test-00000-of-00001.parquet"
"""What the hub calls the file of a small split."""

KNOWN: Mapping[str, KnownBenchmark] = {
    "gsm8k": KnownBenchmark(
        "GSM8K", "test", ("question",), "answer",
        data_set="openai/gsm8k", configuration="main", file=f"main/{_ONE_FILE}", licence="MIT",
        note="The answer is a worked solution that ends in `#### 18`.",
    ),
    "gsm_hard": KnownBenchmark(
        "GSM-Hard", "train", ("input",), "target",
        data_set="reasoning-machines/gsm-hard", licence="MIT", marks=("input", "code", "target"),
        note="GSM8K test with larger numbers; `train` is its only split.",
    ),
    "math": KnownBenchmark(
        "MATH", "test", ("problem",), "solution",
        data_set="EleutherAI/hendrycks_math", licence="MIT", aliases=("hendrycks_math",),
        note="A configuration for each of seven subjects: give each file a name of its own, such as math_algebra.",
    ),
    "math_500": KnownBenchmark(
        "MATH-500", "test", ("problem",), "answer", "unique_id",
        data_set="HuggingFaceH4/MATH-500", file="test.jsonl", marks=("problem", "answer", "unique_id"),
        note="500 problems of the test split of MATH.",
    ),
    "svamp": KnownBenchmark(
        "SVAMP", "test", ("Body", "Question"), "Answer", "ID",
        data_set="ChilleD/SVAMP", file=f"data/{_ONE_FILE}", licence="MIT",
        note="300 of the 1,000 problems; the authors' file holds all.",
    ),
    "asdiv": KnownBenchmark(
        "ASDiv", "validation", ("body", "question"), "answer",
        data_set="EleutherAI/asdiv", licence="CC BY-NC 4.0", note="`validation` is its only split.",
    ),
    "mawps": KnownBenchmark(
        "MAWPS", "test", ("input",), "target",
        note="In the evaluation data of github.com/QwenLM/Qwen2.5-Math.",
    ),
    "aqua": KnownBenchmark(
        "AQuA-RAT", "test", ("question",), "correct", choices="options",
        data_set="deepmind/aqua_rat", configuration="raw", file=f"raw/{_ONE_FILE}", licence="Apache 2.0",
        marks=("question", "options", "rationale", "correct"), aliases=("aqua_rat",),
    ),
    "gaokao2023en": KnownBenchmark(
        "Gaokao 2023 En", "train", ("question",), "answer",
        data_set="MARIO-Math-Reasoning/Gaokao2023-Math-En", file="Gaokao2023-Math-En.jsonl", licence="MIT",
        aliases=("gaokao2023",), note="A single file, without splits.",
    ),
    "amc23": KnownBenchmark(
        "AMC 23", "test", ("question",), "answer", "id",
        data_set="math-ai/amc23", file=_ONE_FILE, aliases=("amc2023",),
    ),
    "aime24": KnownBenchmark(
        "AIME 24", "train", ("problem",), "answer", "id",
        data_set="HuggingFaceH4/aime_2024", file="data/train-00000-of-00001.parquet", aliases=("aime2024",),
        note="`train` is its only split.",
    ),
    "aime25": KnownBenchmark(
        "AIME 25", "test", ("problem",), "answer", "id",
        data_set="math-ai/aime25", aliases=("aime2025",),
    ),
    "olympiadbench": KnownBenchmark(
        "OlympiadBench", "train", ("context", "question"), "final_answer", "id",
        data_set="Hothan/OlympiadBench", configuration="OE_TO_maths_en_COMP", licence="Apache 2.0",
        marks=("context", "question", "final_answer", "subfield"),
        note="The configuration is the open-ended mathematics in English, without pictures; `train` is its only split.",
    ),
    "omni_math": KnownBenchmark(
        "Omni-MATH", "test", ("problem",), "answer",
        data_set="KbsdJames/Omni-MATH", file="test.jsonl", licence="Apache 2.0",
    ),
    "minerva_math": KnownBenchmark(
        "Minerva Math", "test", ("question",), "answer",
        data_set="math-ai/minervamath", aliases=("minerva",), note="Other copies have `problem` and `solution`.",
    ),
    "college_math": KnownBenchmark(
        "College Math", "test", ("question",), "answer", "question_number",
        marks=("data_source", "question_number", "question", "data_topic"),
        note="Part of MWPBench; also in the evaluation data of github.com/QwenLM/Qwen2.5-Math. Its rows name licences.",
    ),
    "theoremqa": KnownBenchmark(
        "TheoremQA", "test", ("Question",), "Answer",
        data_set="TIGER-Lab/TheoremQA", file=f"data/{_ONE_FILE}", licence="MIT", note="Some questions need a picture.",
    ),
    "mmlu": KnownBenchmark(
        "MMLU", "test", ("question",), "answer", choices="choices",
        data_set="cais/mmlu", configuration="all", file=f"all/{_ONE_FILE}", licence="MIT",
        marks=("question", "subject", "choices", "answer"), note="The answer is the place of the choice, from 0.",
    ),
    "mmlu_stem": KnownBenchmark(
        "MMLU (STEM)", "test", ("question",), "answer", choices="choices",
        data_set="TIGER-Lab/MMLU-STEM", file=f"data/{_ONE_FILE}", licence="MIT",
        note="The subjects of science and mathematics among those of MMLU.",
    ),
    "mmlu_pro": KnownBenchmark(
        "MMLU-Pro", "test", ("question",), "answer", "question_id", choices="options",
        data_set="TIGER-Lab/MMLU-Pro", file=f"data/{_ONE_FILE}", licence="MIT",
        marks=("question", "options", "answer_index"),
    ),
    "gpqa": KnownBenchmark(
        "GPQA", "train", ("Question",), "Correct Answer", "Record ID",
        data_set="Idavidrein/gpqa", configuration="gpqa_main", file="gpqa_main.csv", licence="CC BY 4.0",
        marks=("question", "correct answer", "incorrect answer 1"), aliases=("gpqa_main",),
        note="Gated: accept its terms on the hub and set HF_TOKEN. `train` is its only split.",
    ),
    "gpqa_diamond": KnownBenchmark(
        "GPQA Diamond", "train", ("Question",), "Correct Answer", "Record ID",
        data_set="Idavidrein/gpqa", configuration="gpqa_diamond", file="gpqa_diamond.csv", licence="CC BY 4.0",
        note="The hardest part of GPQA; gated as the whole.",
    ),
    "arc_challenge": KnownBenchmark(
        "ARC-Challenge", "test", ("question",), "answerKey", "id",
        data_set="allenai/ai2_arc", configuration="ARC-Challenge", file=f"ARC-Challenge/{_ONE_FILE}",
        licence="CC BY-SA 4.0", marks=("question", "choices", "answerkey"), aliases=("arc",),
    ),
    "humaneval": KnownBenchmark(
        "HumanEval", "test", ("prompt",), "canonical_solution", "task_id",
        data_set="openai/openai_humaneval", file=f"openai_humaneval/{_ONE_FILE}", licence="MIT",
        marks=("prompt", "canonical_solution", "entry_point"), aliases=("openai_humaneval",),
    ),
    "mbpp": KnownBenchmark(
        "MBPP", "test", ("text",), "code", "task_id",
        data_set="google-research-datasets/mbpp", configuration="full", file=f"full/{_ONE_FILE}",
        licence="CC BY 4.0", marks=("text", "code", "test_list"),
    ),
    "mbpp_sanitized": KnownBenchmark(
        "MBPP sanitized", "test", ("prompt",), "code", "task_id",
        data_set="google-research-datasets/mbpp", configuration="sanitized", file=f"sanitized/{_ONE_FILE}",
        licence="CC BY 4.0", marks=("prompt", "code", "test_list"),
    ),
}  # fmt: skip
"""The known benchmarks by the name to give them."""


def known_benchmark(name: str, columns: Collection[str]) -> KnownBenchmark | None:
    """The known benchmark whose columns a file has, by the benchmark's name or else by the columns alone.

    Args:
        name: What the user calls the benchmark.
        columns: The file's columns, in lower case. One without the known columns of the question is not of that
            benchmark, or a copy in another form: None.
    """
    named = _by_name().get(_folded(name))
    fitting = (known for known in _candidates(named) if _lower(known.question) <= set(columns))
    return next((known for known in fitting if known is named or _lower(known.marks) <= set(columns)), None)


def named_benchmark(name: str) -> KnownBenchmark | None:
    """The known benchmark of that name, in any spelling: `MATH-500`, `math_500` and `math500` are one."""
    return _by_name().get(_folded(name))


def known_benchmarks_table() -> pl.DataFrame:
    """The known benchmarks as a table to be shown, all columns text and null where nothing is known.

    `name`, `data_set` with its configuration in brackets, `split`, `question` (columns joined by ` + `), `answer`,
    `licence`, `address` (what can be given as a benchmark's path) and `note`.
    """
    rows = [
        {
            "name": name,
            "data_set": f"{known.data_set} ({known.configuration})" if known.configuration else known.data_set,
            "split": known.split,
            "question": " + ".join([*known.question, *([known.choices] if known.choices else [])]),
            "answer": known.answer,
            "licence": known.licence,
            "address": known.address,
            "note": known.note or None,
        }
        for name, known in KNOWN.items()
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))


def _candidates(named: KnownBenchmark | None) -> Iterator[KnownBenchmark]:
    if named is not None:
        yield named
    yield from (known for known in KNOWN.values() if known.marks)


@cache
def _by_name() -> Mapping[str, KnownBenchmark]:
    return {_folded(each): known for name, known in KNOWN.items() for each in (name, known.title, *known.aliases)}


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _lower(columns: Collection[str]) -> set[str]:
    return {column.lower() for column in columns}
