"""What the methods would ask for questions, and what answering these would ask."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import polars as pl

from synth_assets.automation.estimating.asking import Planner
from synth_assets.automation.estimating.concepts import Extracted, placeholder_walks, walks_of
from synth_assets.automation.estimating.corpus import EXACT, Drawn, quota
from synth_assets.automation.estimating.history import QUESTION_TOKENS, answer_tokens, question_tokens
from synth_assets.automation.estimating.mistakes import mistakes_known
from synth_assets.automation.estimating.parts import (
    NOTHING,
    Amount,
    Ground,
    Part,
    added,
    fresh,
    merged,
    partition_of,
    tallied,
)
from synth_assets.automation.estimating.past import PLANNED
from synth_assets.automation.estimating.steps import Following, answered_already, following
from synth_assets.generation.answers import AnswerParameters, answer_questions
from synth_assets.generation.material import gather_material
from synth_assets.generation.methods import METHODS, method_named
from synth_assets.generation.methods.method import Method
from synth_assets.generation.questions import write_questions
from synth_assets.tables import CONCEPT_WALKS, DOCUMENT_CONCEPTS, DOCUMENTS, QA_PAIRS, QUESTIONS
from synth_assets.teachers.tasks import AnswerQuestion, JudgeAnswer, WriteQuestions

STAGE = QUESTIONS.name
ANSWERS = QA_PAIRS.name

TEXTS = """select document_id, title, text from documents where document_id in (select unnest($ids))"""


@dataclass(frozen=True)
class Written:
    """The questions of a method: rows known already, how many they stand for, and how many more there will be."""

    drawn: Drawn
    more: Mapping[str, float]


@dataclass(frozen=True)
class _Planned:
    """Requests for questions by shard, `loose` those that rest on assumptions, and the rows known already.

    `amounts` are the first requests, `further` what follows them, `asked_as` the method in whose words the first are.
    """

    drawn: Drawn
    amounts: Mapping[str, Amount]
    further: Following
    loose: Mapping[str, str]
    rows: pl.DataFrame
    asked_as: str


def question_parts(
    ground: Ground, kept: Drawn, extracted: Extracted, shards: Collection[str]
) -> tuple[list[Part], dict[str, Written]]:
    """The requests of `questions`, and for each method the questions that will be there to be answered."""
    parts, written = [], {}
    for method in map(method_named, ground.settings.generation.methods):
        waiting = [shard for shard in shards if not ground.past.settled(STAGE, partition_of(method.name, shard))]
        if waiting and method.source_table == CONCEPT_WALKS.name:
            planned = _on_walks(ground, method, kept, extracted, waiting)
        else:
            planned = _on_documents(ground, method, kept.within(waiting), extracted)
        bases = planned.drawn.bases()
        for shard in shards:
            partition = partition_of(method.name, shard)
            if shard not in waiting:
                parts.append(fresh(STAGE, partition, method.first.kind))
                continue
            basis = planned.loose.get(shard) or bases.get(shard, EXACT)
            amount = planned.amounts.get(shard, NOTHING)
            parts.append(Part(STAGE, partition, method.first.kind, amount, planned.asked_as, basis))
            basis = "steps to come" if shard in planned.further.assumed else basis
            parts += [
                Part(STAGE, partition, kind, amounts.get(shard, NOTHING), method.name, basis)
                for kind, amounts in planned.further.amounts.items()
            ]
        written[method.name] = _questions(ground, method, planned)
    return parts, written


def _on_documents(ground: Ground, method: Method, drawn: Drawn, extracted: Extracted) -> _Planned:
    elsewhere = DOCUMENTS.empty().lazy()
    material = gather_material(drawn.rows, extracted.concepts, CONCEPT_WALKS.empty(), elsewhere, mistakes_known(ground))
    planner = ground.planner()
    rows = write_questions(method, material, planner, ground.settings.generation.rounds).rows
    amounts = tallied(planner, method.first.kind, drawn, method.name)
    further = following(ground, method, planner, drawn, amounts)
    return _Planned(drawn, amounts, further, extracted.assumed, rows, _asked_as(method, planner))


def _on_walks(ground: Ground, method: Method, kept: Drawn, extracted: Extracted, shards: Collection[str]) -> _Planned:
    walks = walks_of(ground, kept, shards)
    rounds = ground.settings.generation.rounds
    wanted = pl.concat([walks.drawn.rows["reference_1"], walks.drawn.rows["reference_2"]]).drop_nulls().unique()
    away = wanted.filter(~wanted.is_in(kept.rows["document_id"].implode()))
    found = ground.past.query(TEXTS, DOCUMENTS, ids=away.to_list())
    texts = found if found is not None else DOCUMENTS.empty().select("document_id", "title", "text")
    # A reference that is gone cannot be planned with: its walk is one of those that stand for all.
    here = pl.concat([kept.rows["document_id"], texts["document_id"]]).implode()
    there = walks.drawn.rows.filter(
        pl.col("reference_1").is_in(here), pl.col("reference_2").is_in(here) | pl.col("reference_2").is_null()
    )
    drawn = replace(walks.drawn, rows=there)
    material = gather_material(kept.rows, extracted.concepts, there, texts.lazy())
    planner = ground.planner()
    rows = write_questions(method, material, planner, rounds).rows
    each = _of_a_walk(ground, method, kept) if any(walks.more.values()) else NOTHING
    more = {shard: each * many for shard, many in walks.more.items() if many}
    amounts = merged(tallied(planner, method.first.kind, drawn, method.name), more)
    further = following(ground, method, planner, drawn, amounts)
    return _Planned(drawn, amounts, further, dict.fromkeys(more, "walks to come"), rows, _asked_as(method, planner))


def _asked_as(method: Method, planner: Planner) -> str:
    """The method in whose words the first requests are: rephrasing asks for its seeds as level 1 does."""
    tasks = (request.task for request in planner.unasked)
    asked = (task.method for task in tasks if isinstance(task, WriteQuestions) and task.method in METHODS)
    return next(asked, method.name)


def _of_a_walk(ground: Ground, method: Method, kept: Drawn) -> Amount:
    """What a walk that is not made yet would ask, by walks over pairs of documents at hand."""
    documents = kept.rows.head(100)
    walks = placeholder_walks(documents)
    if not walks.height:
        return NOTHING
    material = gather_material(documents, DOCUMENT_CONCEPTS.empty(), walks, DOCUMENTS.empty().lazy())
    planner = ground.planner()
    write_questions(method, material, planner, ground.settings.generation.rounds)
    (each,) = tallied(planner, method.first.kind, Drawn(walks, {"": 1.0}), method.name).values()
    return each


def _questions(ground: Ground, method: Method, planned: _Planned) -> Written:
    """The questions known already, for all they stand for, and those of requests that are still to be asked."""
    scale = planned.drawn.scale()
    known = dict(planned.rows.group_by("shard").len().iter_rows())
    of = {shard: known[shard] * scale[shard] for shard in scale if shard in known}
    asked = {
        shard: max(many, 0.0 if shard in scale else planned.amounts[shard].requests + planned.amounts[shard].known)
        for shard, many in planned.further.stopped.items()
    }
    in_steps = bool(method.further)
    each = ground.history.questions_a_request(method.name, in_steps) if any(asked.values()) else 0.0
    guess = {shard: basis for shard, basis in planned.drawn.bases().items() if basis != EXACT}
    return Written(Drawn(planned.rows, of, guess), {shard: many * each for shard, many in asked.items() if many})


def answer_parts(ground: Ground, written: Mapping[str, Written], shards: Collection[str]) -> list[Part]:
    """The requests of `qa_pairs`: questions times samples, and a judge for each where the settings want one."""
    parts = []
    if ground.settings.decontamination.judge and ground.settings.benchmarks:
        ground.notes.add(
            "Judge of doubtful pairs: which questions are near a benchmark is not known before they are written; "
            "these requests are not counted."
        )
    stored = _stored(ground, shards)
    for method, expected in written.items():
        waiting = [shard for shard in shards if not ground.past.settled(ANSWERS, partition_of(method, shard))]
        on_lake = Drawn(stored.filter(pl.col("method") == method), _counted(ground, method, waiting))
        here = on_lake.joined(expected.drawn).within(waiting)
        more = {shard: many for shard, many in expected.more.items() if shard in waiting}
        answers, judges = _answers(ground, method, here, more)
        bases = here.bases()
        for shard in shards:
            partition = partition_of(method, shard)
            if shard not in waiting:
                parts.append(fresh(ANSWERS, partition, AnswerQuestion.kind))
                continue
            basis = "questions to come" if more.get(shard) else bases.get(shard, EXACT)
            parts.append(Part(ANSWERS, partition, AnswerQuestion.kind, answers.get(shard, NOTHING), method, basis))
            if ground.settings.generation.judge:
                judging = "answers to come" if judges.get(shard, NOTHING).requests else basis
                parts.append(Part(ANSWERS, partition, JudgeAnswer.kind, judges.get(shard, NOTHING), method, judging))
    return parts


def _answers(
    ground: Ground, method: str, questions: Drawn, more: Mapping[str, float]
) -> tuple[dict[str, Amount], dict[str, Amount]]:
    """Requests for answers and for judgements, by shard."""
    settings = ground.settings.generation
    # Only a judge needs to know which answers win; otherwise nothing is put to the vote, which may take long.
    planner = ground.planner(tells=settings.judge)
    parameters = AnswerParameters(settings.samples, settings.least_agreement, settings.judge)
    answer_questions(questions.rows, planner, parameters)
    length = question_tokens(method)
    if more:
        whose = "the paper's" if method in QUESTION_TOKENS else "assumed"
        ground.notes.add(f"Questions still to be written by {method} are taken to have {length} tokens ({whose}).")
    before = answered_already(method_named(method), more)
    unwritten = {
        shard: before[shard]
        + ground.unknown(AnswerQuestion(question=""), settings.samples * many - before[shard].known, length)
        for shard, many in more.items()
    }
    answers = merged(tallied(planner, AnswerQuestion.kind, questions, method), unwritten)
    return answers, _judgements(ground, method, questions, more, planner) if settings.judge else {}


def _judgements(
    ground: Ground, method: str, questions: Drawn, more: Mapping[str, float], planner: Planner
) -> dict[str, Amount]:
    """Requests for judgements: those of the answers that are known, and one for each question without."""
    scale = questions.scale()
    unanswered: dict[str, set[str]] = {}
    for request in planner.unasked:
        if isinstance(request.task, AnswerQuestion):
            unanswered.setdefault(request.partition.partition("|")[2], set()).add(request.task.question)
    to_come = {
        shard: len(unanswered.get(shard, ())) * scale.get(shard, 0.0) + more.get(shard, 0.0)
        for shard in dict.fromkeys([*questions.of, *more])
    }
    blank = JudgeAnswer(question="", solution="", final_answer="")
    tokens = question_tokens(method) + answer_tokens(method)
    unknown = {shard: ground.unknown(blank, many, tokens) for shard, many in to_come.items()}
    ground.notes.add("Judge: one request for each question; one without an agreed answer needs none.")
    return merged(tallied(planner, JudgeAnswer.kind, questions, method), unknown)


def _stored(ground: Ground, shards: Collection[str]) -> pl.DataFrame:
    """Questions a run would leave as they are, for the partitions whose answers it would not."""
    open_ = [
        (method, shard)
        for method in ground.settings.generation.methods
        for shard in shards
        if ground.past.settled(STAGE, partition_of(method, shard))
        and not ground.past.settled(ANSWERS, partition_of(method, shard))
    ]
    total = added(Amount(ground.past.made(STAGE, partition_of(*place)) or 0) for place in open_).requests
    each = quota(total, len(open_))
    rows = ground.past.drawn(QUESTIONS, {shard for _, shard in open_}, each or PLANNED)
    wanted = pl.DataFrame(open_, schema={"method": pl.String, "shard": pl.String}, orient="row")
    return rows.join(wanted, on=["method", "shard"], how="semi")


def _counted(ground: Ground, method: str, shards: Collection[str]) -> dict[str, float]:
    """How many stored questions the shards hold whose questions stand."""
    return {
        shard: float(ground.past.made(STAGE, partition_of(method, shard)) or 0)
        for shard in shards
        if ground.past.settled(STAGE, partition_of(method, shard))
    }
