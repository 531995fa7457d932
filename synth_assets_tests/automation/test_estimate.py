"""The estimate before a run: what it promises is what the run then asks, and it changes and contacts nothing.

Before there is any lake; on one: `test_estimate_on_a_lake.py`.
"""

import gzip
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from synth_assets.automation.estimating.estimate import SCHEMA, Estimate, estimate_of
from synth_assets.automation.estimating.past import PLANNED
from synth_assets.errors import SynthAssetsError
from synth_assets.settings import SAMPLE, Settings
from synth_assets.teachers.prompting import messages
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.tasks import ExtractConcepts, SourceDocument
from synth_assets.teachers.tokens import token_counter
from synth_assets_tests.automation.small_road import SmallRoad

SAMPLE_DOCUMENTS = sum(len(path.read_text().splitlines()) for path in (SAMPLE / "corpus").glob("*.jsonl"))

OPENAI = {"kind": "openai", "model": "qwen", "base_urls": ["http://127.0.0.1:9/v1"]}

ASKING = ["domain_ratings", "document_concepts", "questions", "qa_pairs"]

TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|> {{ message['content'] }} {% endfor %}"
    "{% if add_generation_prompt %}<|assistant|> {% endif %}"
)


def row(estimate: Estimate, stage: str, partition: str = "") -> dict[str, Any]:
    return estimate.rows.filter(stage=stage, partition=partition).row(0, named=True)


def test_before_any_run_every_stage_and_partition_is_there_and_nothing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    estimate = estimate_of(folder, Settings(), None)
    assert not folder.exists()
    assert estimate.rows.schema == SCHEMA
    assert estimate.rows["stage"].unique(maintain_order=True).to_list() == ASKING
    assert estimate.rows.height == 1 + 4 + 12 + 12
    assert estimate.rows.filter(stage="document_concepts")["requests"].sum() == SAMPLE_DOCUMENTS
    assert estimate.rows["known"].sum() == 0
    assert (estimate.rows["requests"] > 0).all()


def test_the_filter_asks_for_its_syllabus_and_rates_it_and_no_more_documents_than_there_are(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=5)
    for rounds, of_corpus in ((1, 6), (2, 10), (3, 10)):
        sizes = {"ratings_per_round": 6, "syllabus_documents": 4, "background_documents": 5}
        settings = road.settings(filter={"rounds": rounds, **sizes})
        assert row(estimate_of(road.folder, settings), "domain_ratings")["requests"] == 4 + 4 + 5 + of_corpus


def test_the_embedded_teacher_is_free_whatever_the_price(tmp_path: Path) -> None:
    settings = Settings(teacher=TeacherSettings(price_prompt=1.0, price_completion=1.0))
    estimate = estimate_of(tmp_path / "lake", settings)
    assert estimate.rows["cost"].null_count() == estimate.rows.height
    assert any("free" in note for note in estimate.notes)


def test_totals_are_the_sums_of_the_rows_and_cost_and_hours_follow_from_tokens(tmp_path: Path) -> None:
    settings = Settings.model_validate({"teacher": {**OPENAI, "price_prompt": 2.0, "price_completion": 8.0}})
    estimate = estimate_of(tmp_path / "lake", settings, throughput=500)
    stages = estimate.by_stage()
    total = stages.row(-1, named=True)
    assert stages["stage"].to_list() == [*ASKING, "total"]
    for column in ("requests", "known", "prompt_tokens", "completion_tokens"):
        assert total[column] == estimate.rows[column].sum() == stages[column][:-1].sum()
    cost = (2 * total["prompt_tokens"] + 8 * total["completion_tokens"]) / 1_000_000
    assert total["cost"] == pytest.approx(cost, abs=1e-4)
    assert total["hours"] == pytest.approx(total["completion_tokens"] / 500 / 3600, abs=1e-4)
    assert total["partitions"] == estimate.rows.height


def test_without_a_price_or_a_throughput_there_is_no_cost_and_no_hour_and_the_notes_say_why(tmp_path: Path) -> None:
    estimate = estimate_of(tmp_path / "lake", Settings.model_validate({"teacher": OPENAI}))
    total = estimate.by_stage().row(-1, named=True)
    assert (total["cost"], total["hours"]) == (None, None)
    assert any("--price" in note for note in estimate.notes)
    assert any("--throughput" in note for note in estimate.notes)


def test_samples_and_the_judge_multiply_the_answers(tmp_path: Path) -> None:
    def of(**generation: object) -> int:
        settings = Settings.model_validate({"generation": generation})
        rows = estimate_of(tmp_path / "lake", settings).rows.filter(stage="qa_pairs", partition="level_1|algebra")
        return int(rows["requests"].item())

    assert of(samples=4) == 4 * of()
    assert of(samples=4, judge=True) == 5 * of()


def test_a_judge_of_doubtful_pairs_is_noted_for_its_requests_are_not_known_yet(tmp_path: Path) -> None:
    def notes(**settings: object) -> list[str]:
        estimate = estimate_of(tmp_path / "lake", Settings.model_validate(settings))
        return [note for note in estimate.notes if note.startswith("Judge of doubtful pairs")]

    judge = {"decontamination": {"judge": True}}
    assert len(notes(**judge)) == 1
    assert notes() == notes(**judge, benchmarks={}) == []


def test_no_endpoint_is_contacted_and_no_key_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.0)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        estimate = estimate_of(tmp_path / "lake", Settings.model_validate({"teacher": {**OPENAI, "base_urls": [url]}}))
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert estimate.rows["requests"].sum() > 0


def test_prompt_tokens_are_exact_with_the_model_s_tokenizer(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=6)
    model = write_tokenizer(tmp_path / "model")
    settings = road.settings(teacher={**OPENAI, "tokenizer": str(model)})
    counter = token_counter(str(model))
    expected = {}
    for path in road.corpus.glob("*.jsonl"):
        documents = [json.loads(line) for line in path.read_text().splitlines()]
        tasks = [
            ExtractConcepts(document=SourceDocument(document_id=one["id"], title=one["title"], text=one["text"]))
            for one in documents
        ]
        expected[path.stem] = sum(
            counter.prompt(messages(task, settings.teacher.document_characters)) for task in tasks
        )
    estimate = estimate_of(road.folder, settings)
    assert counter.exact
    for shard, tokens in expected.items():
        assert row(estimate, "document_concepts", shard)["prompt_tokens"] == tokens
    assert any("exactly" in note and str(model) in note for note in estimate.notes)
    approximate = estimate_of(road.folder, road.settings(teacher=OPENAI))
    assert any("approximated" in note for note in approximate.notes)


def write_tokenizer(folder: Path) -> Path:
    """A tokenizer of words and signs, in the Hugging Face layout."""
    folder.mkdir()
    made = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": TEMPLATE}))
    return folder


def test_a_large_corpus_is_judged_by_a_draw_that_says_so_and_repeats(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.corpus.mkdir()
    documents = 3 * PLANNED
    lines = [
        json.dumps({"id": str(place), "text": f"{place} " + "word " * (50 + place % 100)}) for place in range(documents)
    ]
    (road.corpus / "large.jsonl").write_text("\n".join(lines))
    first = estimate_of(road.folder, road.settings(), None)
    extraction = row(first, "document_concepts", "large")
    assert extraction["requests"] == documents
    assert extraction["basis"].startswith(f"sample of {PLANNED:,}")
    words = sum(51 + place % 100 for place in range(documents))
    assert extraction["prompt_tokens"] == pytest.approx(words, rel=0.2)
    assert any(f"{PLANNED:,} were looked at" in note for note in first.notes)
    assert estimate_of(road.folder, road.settings(), None).rows.equals(first.rows)


def test_shards_out_of_reach_are_taken_to_be_like_the_others(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.corpus.mkdir()
    lines = [json.dumps({"id": str(place), "text": f"{place} " + "word " * 100}) for place in range(2 * PLANNED)]
    (road.corpus / "cut.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    settings = road.settings(corpus={"sources": [str(road.corpus / "*.gz")], "rows_per_shard": PLANNED // 2})
    extraction = estimate_of(road.folder, settings).rows.filter(stage="document_concepts")
    assert extraction["requests"].to_list() == [PLANNED // 2] * 4
    assert extraction["prompt_tokens"].to_list() == pytest.approx([extraction["prompt_tokens"][0]] * 4, abs=1)
    assert extraction["basis"][3].startswith("like other shards")


def test_a_corpus_that_is_not_there_is_told_plainly(tmp_path: Path) -> None:
    settings = Settings.model_validate({"corpus": {"sources": [str(tmp_path / "*.parquet")]}})
    with pytest.raises(SynthAssetsError, match="matches no"):
        estimate_of(tmp_path / "lake", settings)
