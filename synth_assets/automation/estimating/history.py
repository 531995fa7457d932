"""What earlier answers tell about those to come: tokens, questions a request, topics a document, speed.

Each figure is the lake's own where it has enough of it, and otherwise a stated assumption. Every figure that is used
leaves a note in plain words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from synth_assets.automation.estimating.past import Past
from synth_assets.generation.methods.error_extrapolation import ERROR_EXTRAPOLATION, ROUNDS
from synth_assets.teachers.tasks import TASKS

ENOUGH = 20
"""Answers that make a mean worth more than an assumption."""

PARSED = 5_000
"""Stored answers about, drawn at random, that the questions of a request are counted in."""

QUESTION_TOKENS: Mapping[str, int] = {"level_1": 32, "level_2": 66, "level_3": 80}
ANSWER_TOKENS: Mapping[str, int] = {"level_1": 358, "level_2": 497, "level_3": 545}
"""Median lengths of a question and an answer in the paper, by level."""

_ROUNDS = tuple(f"{ERROR_EXTRAPOLATION}_{number}" for number in range(1, ROUNDS + 1))

ASSUMED_QUESTION_TOKENS: Mapping[str, int] = {
    **{"rephrase": 40, "persona": 60, "template": 45, "targen": 60},
    **dict.fromkeys(_ROUNDS, 60),
}
ASSUMED_ANSWER_TOKENS: Mapping[str, int] = {
    **{"rephrase": 358, "persona": 400, "template": 300, "targen": 400},
    **dict.fromkeys(_ROUNDS, 400),
}
"""The same of methods of which the paper says nothing."""

AROUND_A_QUESTION = 50
"""Tokens written around each question: its level, origin and key concepts, in JSON."""

QUESTIONS_A_REQUEST: Mapping[str, float] = {
    **{"level_1": 3.0, "level_2": 3.0, "level_3": 2.0},
    **{"rephrase": 5.0, "persona": 5.0, "template": 4.0, "targen": 4.5},
    **dict.fromkeys(_ROUNDS, 5.0),
}
"""Assumed. The levels may ask for up to 5 and find fewer; the others ask for 5 by number."""

PAPER_TOPICS, PAPER_DOCUMENTS = 32_000, 520_000
"""The paper's graph: topics, and the reference documents they come from."""

TOPIC_GROWTH = 0.6
"""Distinct topics grow with this power of the documents (Heaps' law): most topics of a new document are known."""

MOST_TOPICS = 2.0
"""Distinct topics a document, at most: where there are few documents the power of their number says nothing."""

COMPLETION_TOKENS: Mapping[str, int] = {
    "rate_document": 30,
    "write_syllabus_document": 800,
    "extract_concepts": 300,
    "judge_answer": 80,
    "compare_problems": 60,
    "rephrase_question": 80,
    "write_contexts": 300,
    "write_instance_seed": 120,
    "write_constrained_question": 110,
    "correct_question": 200,
}
"""Assumed tokens written in an answer, where neither the lake nor the paper knows. An extraction is 3 topics of about
12 key concepts."""

METHODS_OF_TASKS = ("write_questions", "answer_question", "judge_answer")

USAGE = """
select task,
    case when stage in ('student_mistakes', 'questions', 'qa_pairs') then split_part("partition", '|', 1) else '' end
        as method,
    teacher, sum(requests)::bigint as requests, sum(completion_tokens)::bigint as completion_tokens
from teacher_usage group by all"""

SPEED = """
select sum(completion_tokens)::bigint as tokens, sum(seconds) as seconds from teacher_usage
where teacher = $teacher and written_at > (select max(written_at) from teacher_usage where teacher = $teacher)
    - interval 1 day"""

TOPICS = """
select (select count(distinct start_topic) from concept_walks) as topics,
    (select count(*) from reference_documents where shard in (select shard from concept_walks)) as documents"""

QUESTIONS = """
select split_part("partition", '|', 1) as method, teacher, count(*) as requests,
    sum(json_array_length(response, '$.questions'))::bigint as questions
from teacher_responses where task = 'write_questions' and request_hash < $below and json_valid(response)
group by all"""


def question_tokens(method: str) -> int:
    """Tokens of a question that is not written yet."""
    return {**ASSUMED_QUESTION_TOKENS, **QUESTION_TOKENS}.get(method, 66)


def answer_tokens(method: str) -> int:
    """Tokens of an answer that is not written yet."""
    return {**ASSUMED_ANSWER_TOKENS, **ANSWER_TOKENS}.get(method, 497)


@dataclass
class Notes:
    """What an estimate rests on, each sentence once, in the order it came up."""

    told: dict[str, None] = field(default_factory=dict)

    def add(self, sentence: str) -> None:
        """Note a sentence."""
        self.told.setdefault(sentence)


class History:
    """Figures for what a teacher will do, from what it (or else another model) did before."""

    def __init__(self, past: Past, teacher: str, notes: Notes) -> None:
        self._past = past
        self._teacher = teacher
        self._notes = notes
        usage = past.query(USAGE, "teacher_usage")
        self._usage = usage if usage is not None else pl.DataFrame()
        self._questions: pl.DataFrame | None = None

    def completion_tokens(self, task: str, method: str = "") -> float:
        """Tokens written in answer to a request."""
        what = f"{task} of {method}" if method else task
        found = self._of_teacher(self._usage, "completion_tokens", (pl.col("task") == task) & self._by(task, method))
        if found is not None:
            mean, rows, who = found
            self._notes.add(f"Completion of {what}: {mean:,.0f} tokens, the mean of {rows:,} requests to {who}.")
            return mean
        assumed, why = _assumed_completion(task, method)
        self._notes.add(f"Completion of {what}: {assumed:,.0f} tokens, assumed ({why}).")
        return assumed

    def questions_a_request(self, method: str, in_steps: bool = False) -> float:
        """Questions that a request of `method` leaves.

        `in_steps`: not in answer to its first task alone, so that earlier answers to that do not tell.
        """
        if self._questions is None:
            self._questions = self._counted_questions()
        counted = self._questions.clear() if in_steps else self._questions
        found = self._of_teacher(counted, "questions", pl.col("method") == method)
        if found is not None:
            mean, rows, who = found
            self._notes.add(f"Questions a request of {method}: {mean:.2f}, the mean of {rows:,} answers of {who}.")
            return mean
        assumed = QUESTIONS_A_REQUEST.get(method, 2.0)
        self._notes.add(f"Questions a request of {method}: {assumed:g}, assumed.")
        return assumed

    def topics(self, documents: float) -> float:
        """Topics that so many further documents add to the graph."""
        found = self._past.query(TOPICS, "concept_walks")
        topics, before = found.row(0) if found is not None else (0, 0)
        if topics and before:
            more = float(topics * ((1 + documents / before) ** TOPIC_GROWTH - 1))
            source = f"the present graph's {topics:,} of {before:,} documents"
        else:
            more = min(MOST_TOPICS * documents, PAPER_TOPICS * (documents / PAPER_DOCUMENTS) ** TOPIC_GROWTH)
            source = f"the paper's {PAPER_TOPICS:,} of {PAPER_DOCUMENTS:,} documents"
        self._notes.add(
            f"Topics: {more:,.0f} more, assumed to grow from {source} by the power {TOPIC_GROWTH} of the documents; "
            "each starts a walk an epoch."
        )
        return more

    def throughput(self, given: float | None) -> float | None:
        """Completion tokens a second over all endpoints: as given, or as they were lately; None where unknown."""
        if given is not None:
            self._notes.add(f"Hours are at {given:,.0f} completion tokens a second over all endpoints, as given.")
            return given
        found = self._past.query(SPEED, "teacher_usage", teacher=self._teacher)
        tokens, seconds = found.row(0) if found is not None else (None, None)
        if not tokens or not seconds:
            self._notes.add("Hours are not told: this teacher has no history here; give --throughput.")
            return None
        speed = float(tokens / seconds)
        self._notes.add(
            f"Hours are at {speed:,.0f} completion tokens a second: the last day of this teacher here "
            f"({tokens:,} tokens in {seconds:,.0f} s of asking)."
        )
        return speed

    def _by(self, task: str, method: str) -> pl.Expr:
        return pl.col("method") == method if method and task in METHODS_OF_TASKS else pl.lit(value=True)

    def _of_teacher(self, rows: pl.DataFrame, column: str, condition: pl.Expr) -> tuple[float, int, str] | None:
        """The mean of `column` a request, over how many, and whose: the teacher's, or those of other models.

        The embedded teacher's words say nothing about a language model.
        """
        if not rows.height:
            return None
        of_task = rows.filter(condition)
        own = of_task.filter(pl.col("teacher") == self._teacher)
        others = of_task.filter(~pl.col("teacher").str.starts_with("embedded@"))
        for chosen, who in ((own, "this teacher"), (others, "other models")):
            requests = int(chosen["requests"].sum())
            if requests >= ENOUGH:
                return float(chosen[column].sum() / requests), requests, who
        return None

    def _counted_questions(self) -> pl.DataFrame:
        answers = self._past.query(
            "select count(*) from teacher_responses where task = 'write_questions'", "teacher_responses"
        )
        if answers is None:
            return pl.DataFrame()
        share = min(1.0, PARSED / max(1, answers.item()))
        below = "g" if share == 1.0 else f"{int(share * 16**8):08x}"  # hashes are evenly spread hexadecimal numbers
        found = self._past.query(QUESTIONS, "teacher_responses", below=below)
        return found if found is not None else pl.DataFrame()


def _assumed_completion(task: str, method: str) -> tuple[float, str]:
    """Tokens of an answer, and where the figure comes from."""
    if task == "write_questions":
        questions, length = QUESTIONS_A_REQUEST.get(method, 2.0), question_tokens(method)
        whose = ", the paper's median," if method in QUESTION_TOKENS else ""
        return (
            questions * (length + AROUND_A_QUESTION),
            f"{questions:g} questions of {length} tokens{whose} and {AROUND_A_QUESTION} around each",
        )
    if task == "answer_question":
        return answer_tokens(method), "the paper's median" if method in ANSWER_TOKENS else "no history yet"
    return COMPLETION_TOKENS[task], "no history yet"


assert set(COMPLETION_TOKENS) | set(METHODS_OF_TASKS) == {task.kind for task in TASKS}
