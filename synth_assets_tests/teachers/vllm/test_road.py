"""The road with a real vLLM, from the command line: the run starts it, asks everything of it, and stops it."""

import json
from pathlib import Path

import psutil
import pytest
import tomlkit

from synth_assets.lake.lake import Lake
from synth_assets.settings import SAMPLE, load_settings
from synth_assets_tests.command_line import synth_assets
from synth_assets_tests.teachers.vllm.tiny_llama import write_tiny_llama

SMALL = {
    "filter": {"threshold": 0.0, "rounds": 1, "ratings_per_round": 4, "syllabus_documents": 2},
    "walks": {"epochs": 1},
    "teacher": {
        # A model of random weights repeats itself at temperature 0, and then never ends a list.
        "sampling": {task: {"temperature": 1.0} for task in ("rate_document", "extract_concepts")},
        "vllm": {"environment": {"VLLM_CPU_KVCACHE_SPACE": "1"}},
    },
}
ARGUMENTS = (
    *("--vllm-arg", "--max-model-len 32768", "--vllm-arg", "--enforce-eager --dtype float32"),
    *("--vllm-arg", "--no-enable-chunked-prefill"),  # vLLM 0.32 on a CPU cannot seed a request it reads in parts
)


def short_documents(folder: Path) -> Path:
    """A few documents of the sample, cut: the tiny model's tokens are bytes."""
    lines = [json.loads(line) for path in sorted((SAMPLE / "corpus").glob("*.jsonl")) for line in path.open("rb")]
    path = folder / "documents.jsonl"
    path.write_text("\n".join(json.dumps({**line, "text": line["text"][:600]}) for line in lines[::20]))
    return path


@pytest.mark.slow
def test_a_run_starts_vllm_asks_everything_of_it_and_stops_it(vllm_command: Path, tmp_path: Path) -> None:
    """Extraction, all three levels and answers by a real model, with structured output; nothing is left running."""
    model, folder = write_tiny_llama(tmp_path / "tiny-llama"), tmp_path / "lake"
    folder.mkdir()
    (folder / "synth.toml").write_text(tomlkit.dumps(SMALL))
    done = synth_assets(
        *("run", "--corpus", str(short_documents(tmp_path)), "--profile", "smoke", "--lake", str(folder)),
        *("--teacher", "vllm", "--model", str(model), "--vllm-command", str(vllm_command), *ARGUMENTS),
    )
    assert done.returncode == 0, done.stderr
    assert "vLLM answers after" in done.stdout

    lake = Lake(load_settings(folder).lake_in(folder))
    documents = lake.row_count("documents")
    asked = lake.query(
        "select task, sum(requests), sum(failed), sum(approximated) as approximated from teacher_usage group by task"
    )
    requests = {task: (total, failed) for task, total, failed, _ in asked.iter_rows()}
    assert set(requests) == {
        *("write_syllabus_document", "rate_document", "extract_concepts", "write_questions", "answer_question")
    }
    assert requests["extract_concepts"][0] == documents == lake.row_count("reference_documents")
    assert asked["approximated"].sum() == 0
    assert set(lake.query("select distinct method from questions")["method"]) == {"level_1", "level_2", "level_3"}
    pairs = lake.read("qa_pairs")
    assert pairs.height and set(pairs["teacher"]) == {str(model)}
    lost = lake.query("select count(*) from quarantine where stage = 'qa_pairs'").item()
    assert lake.row_count("questions") == pairs.height + lost
    raw = lake.query("select detail from quarantine where reason = 'invalid_answer'")["detail"]
    assert all("The answer:" in detail for detail in raw)

    left = [process for process in psutil.process_iter(["cmdline"]) if str(model) in (process.info["cmdline"] or ())]
    assert left == []
