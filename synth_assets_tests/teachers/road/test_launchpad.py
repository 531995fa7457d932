"""A run started in Dagster with another teacher than that of synth.toml, on a lake the command line made."""

import json
from pathlib import Path

import pytest

from synth_assets.settings import load_settings
from synth_assets_tests.command_line import synth_assets
from synth_assets_tests.teachers.road.charging import charging_endpoint, kinds
from synth_assets_tests.teachers.road.lakes import MODEL, small_lake
from synth_assets_tests.teachers.road.materialising import materialised


@pytest.mark.slow
def test_a_teacher_chosen_in_the_launchpad_makes_the_rows_and_status_says_they_are_not_the_files(
    tmp_path: Path,
) -> None:
    """Rows of a run configured in the launchpad are that teacher's, and stand as stale while synth.toml has another."""
    lake = small_lake(tmp_path, every=16)
    done = lake.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert set(lake.query("select distinct teacher from questions")["teacher"]) != {MODEL}
    with charging_endpoint(tmp_path / "log") as endpoint:
        config = {"kind": "openai", "model": MODEL, "base_urls": [endpoint.url]}
        assert materialised(lake, ("questions", "qa_pairs"), config)
        asked = kinds(endpoint.settled())
    assert set(asked) == {"write_questions", "answer_question"}
    for table in ("questions", "qa_pairs"):
        assert set(lake.query(f"select distinct teacher from {table}")["teacher"]) == {MODEL}
    spent = "select task, sum(requests)::bigint from teacher_usage where teacher = 'scripted' group by task"
    assert dict(lake.query(spent).iter_rows()) == asked

    assert load_settings(lake.folder).teacher.kind == "embedded"
    rows = json.loads(synth_assets("status", "--json", "--lake", lake.folder).stdout)
    states = {(row["asset"], row["state"], row["why"]) for row in rows}
    changed = "code, settings or prompt changed"
    assert {state for state in states if state[0] in ("questions", "qa_pairs")} == {
        ("questions", "stale", changed),
        ("qa_pairs", "stale", changed),
    }
    assert {state[1] for state in states if state[0] in ("domain_ratings", "document_concepts")} == {"fresh"}

    again = lake.run()
    assert (again.returncode, again.stderr) == (0, "")
    assert MODEL not in set(lake.query("select distinct teacher from qa_pairs")["teacher"])
