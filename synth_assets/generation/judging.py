"""A second opinion on the answers that won: our addition to the paper."""

from collections.abc import Callable, Iterator, Sequence

from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.tasks import JudgeAnswer, Judgement

JUDGED_WRONG = "judged_wrong"

Row = dict[str, object]
"""A row of `qa_pairs` by column."""


def judge_answers(
    rows: Sequence[Row], asker: Asker, advance: Callable[[int, int], None] | None = None
) -> tuple[list[Row], list[dict[str, str]]]:
    """The rows that stand, and the quarantine rows of those judged wrong, with the judge's reason.

    `judged` is true where the judge upheld the answer, and null where it gave no judgement: the row then stands.
    """
    judgements: dict[int, Judgement] = {}
    for answered in asker.ask(_requests(rows), len(rows), advance):
        if answered.response.result is not None:
            judgements[answered.place] = answered.response.result
    standing: list[Row] = []
    wrong: list[dict[str, str]] = []
    for place, row in enumerate(rows):
        judgement = judgements.get(place)
        if judgement is None or judgement.correct:
            standing.append(row | {"judged": None if judgement is None else True})
        else:
            left = {"method": row["method"], "shard": row["shard"], "id": row["qa_id"]}
            told = {"reason": JUDGED_WRONG, "detail": judgement.reason}
            wrong.append({name: str(value) for name, value in (left | told).items()})
    return standing, wrong


def _requests(rows: Sequence[Row]) -> Iterator[Request[Judgement]]:
    for row in rows:
        task = JudgeAnswer(
            question=str(row["question"]), solution=str(row["answer"]), final_answer=str(row["final_answer"])
        )
        yield Request(f"{row['method']}|{row['shard']}", task)
