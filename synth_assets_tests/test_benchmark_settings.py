"""Benchmarks in synth.toml and on the command line: a path, or a table that also names the columns."""

from pathlib import Path

import pytest

from synth_assets.corpus.benchmarks import BenchmarkFile, read_benchmarks
from synth_assets.errors import SynthAssetsError
from synth_assets.options import SettingOptions
from synth_assets.settings import SETTINGS_FILE, Settings, load_settings, save_settings

WRITTEN = """
[benchmarks]
plain = "/data/plain.jsonl"
short = { path = "s3://bucket/short.csv", question = "Ask" }

[benchmarks.whole]
path = "/data/whole.parquet"
question = ["Story", "Ask"]
answer = "Reply"
id = "Key"
"""
WHOLE = BenchmarkFile(path="/data/whole.parquet", question=("Story", "Ask"), answer="Reply", id="Key")


def loaded(folder: Path, written: str) -> Settings:
    (folder / SETTINGS_FILE).write_text(written, encoding="utf-8")
    return load_settings(folder)


def test_a_benchmark_is_a_path_or_a_table_and_is_saved_as_it_was_written(tmp_path: Path) -> None:
    settings = loaded(tmp_path, WRITTEN)
    assert settings.benchmarks == {
        "plain": "/data/plain.jsonl",
        "short": BenchmarkFile(path="s3://bucket/short.csv", question="Ask"),
        "whole": WHOLE,
    }
    assert settings.benchmark_paths == {
        "plain": "/data/plain.jsonl",
        "short": "s3://bucket/short.csv",
        "whole": "/data/whole.parquet",
    }
    save_settings(settings, tmp_path)
    assert load_settings(tmp_path) == settings
    assert 'plain = "/data/plain.jsonl"' in (tmp_path / SETTINGS_FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[benchmarks]\nb = 5", "benchmarks.b"),
        ("[benchmarks.b]\nquestion = 'Ask'", "benchmarks.b.*path"),
        ("[benchmarks.b]\npath = 'b.csv'\nquestions = 'Ask'", "benchmarks.b.*questions"),
        ("[benchmarks.b]\npath = 'b.csv'\nquestion = []", "benchmarks.b.*question"),
    ],
)
def test_what_cannot_be_a_benchmark_is_told_by_its_name(tmp_path: Path, written: str, said: str) -> None:
    with pytest.raises(SynthAssetsError, match=rf"synth\.toml: {said}"):
        loaded(tmp_path, written)


def test_other_options_leave_named_columns_alone_and_a_path_given_anew_keeps_them(tmp_path: Path) -> None:
    settings = loaded(tmp_path, WRITTEN)
    assert SettingOptions(rounds=2).onto(settings, new=False).benchmarks == settings.benchmarks
    moved = SettingOptions(benchmark=["whole=/elsewhere/whole.parquet", "new=/data/new.csv"]).onto(settings, new=False)
    assert moved.benchmarks == {
        "whole": WHOLE.model_copy(update={"path": "/elsewhere/whole.parquet"}),
        "new": "/data/new.csv",
    }


def test_a_known_benchmark_without_its_path_is_shown_where_it_lies() -> None:
    with pytest.raises(
        SynthAssetsError, match=r"for example svamp=hf://datasets/ChilleD/SVAMP/data/test-\S+\.parquet\."
    ):
        SettingOptions(benchmark=["svamp"]).onto(Settings(), new=False)
    with pytest.raises(SynthAssetsError, match=r"for example gsm8k=gsm8k/test\.jsonl"):
        SettingOptions(benchmark=["mine"]).onto(Settings(), new=False)


def test_columns_named_in_synth_toml_are_read(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("Ask,Reply\n1 + 1?,2\n", encoding="utf-8")
    path = (tmp_path / "mine.csv").as_posix()
    settings = loaded(tmp_path, f"[benchmarks.mine]\npath = '{path}'\nquestion = 'Ask'\nanswer = 'Reply'\n")
    assert read_benchmarks(settings.benchmarks).rows.rows() == [("mine", "mine/0", "1 + 1?", "2")]
