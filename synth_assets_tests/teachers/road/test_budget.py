"""A budget given on the command line is hard, keeps what was answered, and can be raised to go on."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from synth_assets_tests.command_line import synth_assets, told_plainly
from synth_assets_tests.teachers.road.charging import ChargingProcess, charging_endpoint, kinds
from synth_assets_tests.teachers.road.lakes import SmallLake, asked_of, differing, small_lake

ASKERS = ("write_syllabus_document", "extract_concepts", "write_questions", "answer_question")
SHORT = {kind: {"max_completion_tokens": 400} for kind in ASKERS}
"""What a request may take at the most is a small part of the budget: the run stops well within a stage."""
PROMPT_PRICE, COMPLETION_PRICE = 2.0, 8.0
"""Of a million tokens."""


@pytest.fixture(scope="module")
def unlimited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SmallLake, dict[str, int]]]:
    """A lake that was walked without a budget, and what the endpoint charged for it."""
    place = tmp_path_factory.mktemp("unlimited")
    with charging_endpoint(place / "log") as endpoint:
        lake = _lake(place)
        done = lake.run(*asked_of(endpoint.url))
        assert (done.returncode, done.stderr) == (0, "")
        yield lake, dict(endpoint.charged())


def _lake(place: Path) -> SmallLake:
    """Seven documents; two thirds of what is asked are answers."""
    return small_lake(place, every=24, samples=4, sampling=SHORT)


def _cost(charged: dict[str, int]) -> float:
    return (PROMPT_PRICE * charged["prompt_tokens"] + COMPLETION_PRICE * charged["completion_tokens"]) / 1_000_000


def _tokens(charged: dict[str, int]) -> float:
    return charged["prompt_tokens"] + charged["completion_tokens"]


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["tokens", "money"])
def test_a_budget_stops_the_run_and_a_larger_one_goes_on(
    limit: str, unlimited: tuple[SmallLake, dict[str, int]], tmp_path: Path
) -> None:
    """Nothing is sent beyond the budget; what was answered is kept, and a larger budget asks the rest alone."""
    whole, charged = unlimited
    price = ("--price", f"{PROMPT_PRICE},{COMPLETION_PRICE}")
    counted = _tokens if limit == "tokens" else _cost
    within = round(0.7 * counted(charged), 6)

    def options(budget: float) -> tuple[str, ...]:
        return ("--max-tokens-budget", str(int(budget))) if limit == "tokens" else (*price, "--max-cost", str(budget))

    with charging_endpoint(tmp_path / "log") as endpoint:
        lake = _lake(tmp_path)
        sentence = told_plainly(lake.run(*asked_of(endpoint.url), *options(within)))
        assert "What was answered is kept" in sentence
        assert f"for example {'--max-tokens-budget' if limit == 'tokens' else '--max-cost'}" in sentence
        spent = dict(endpoint.charged())
        assert 0 < counted(spent) <= within
        _check_what_is_kept(lake, endpoint)

        before = endpoint.received
        assert told_plainly(lake.run(*options(within))) == sentence
        assert endpoint.received == before

        done = lake.run(*options(20 * counted(charged) + 1_000_000))
        assert (done.returncode, done.stderr) == (0, "")
        assert set(Counter(line.request for line in endpoint.settled()).values()) == {1}
        assert dict(endpoint.charged()) == charged
    assert differing(lake, whole) == []
    booked = "sum(prompt_tokens)::bigint, sum(completion_tokens)::bigint, sum(cost)"
    prompt, completion, cost = lake.query(f"select {booked} from teacher_usage").row(0)
    assert (prompt, completion) == (charged["prompt_tokens"], charged["completion_tokens"])
    assert cost == (None if limit == "tokens" else pytest.approx(_cost(charged)))


def _check_what_is_kept(lake: SmallLake, endpoint: ChargingProcess) -> None:
    """Every answer is stored; the stage that stopped is missing with what follows it, and those before are fresh."""
    logged = kinds(endpoint.settled())
    stored = lake.query("select task, count(*) from teacher_responses group by task")
    assert dict(stored.iter_rows()) == logged
    assert logged["answer_question"] > 0
    rows = json.loads(synth_assets("status", "--json", "--lake", lake.folder).stdout)
    states: dict[str, set[str]] = {}
    for row in rows:
        states.setdefault(row["asset"], set()).add(row["state"])
    assert states["qa_pairs"] == states["training_qa"] == {"missing"}
    assert states["document_concepts"] == states["concept_walks"] == states["questions"] == {"fresh"}
