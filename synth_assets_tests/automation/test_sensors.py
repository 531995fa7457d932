"""The sensor turns new files and benchmarks into partitions, opens no file twice, and does nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from synth_assets.automation.partitions import BENCHMARKS, SHARDS
from synth_assets.automation.sensors import new_sources
from synth_assets.corpus.cuts import _found_once
from synth_assets.settings import Settings


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_source(folder, "first")
    return folder


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    home = tmp_path / "home"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as made:
        yield made


def write_source(folder: Path, name: str) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text(f'{{"id": "{name}", "text": "A text."}}\n')
    return path


def settings_for(corpus: Path, *benchmarks: str) -> Settings:
    return Settings.model_validate(
        {
            "corpus": {"sources": [str(corpus / "*.jsonl")]},
            "benchmarks": {name: str(corpus.parent / f"{name}.jsonl") for name in benchmarks},
        }
    )


@dataclass
class Watched:
    """The sensor, tick by tick: its cursor and what it said at the last."""

    instance: dg.DagsterInstance
    cursor: str | None = None
    said: str = ""

    def tick(self, settings: Settings) -> dict[str, list[str]]:
        """Evaluate the sensor and do what it asks for, as the daemon does: the partitions it added, by definition."""
        context = dg.build_sensor_context(self.instance, self.cursor, resources={"settings": settings})
        result = new_sources(context)
        assert isinstance(result, dg.SensorResult)
        assert not result.run_requests
        self.cursor = result.cursor
        self.said = result.skip_reason.skip_message if result.skip_reason else ""
        added = {}
        for request in result.dynamic_partitions_requests or ():
            assert isinstance(request, dg.AddDynamicPartitionsRequest)
            self.instance.add_dynamic_partitions(request.partitions_def_name, list(request.partition_keys))
            added[request.partitions_def_name] = list(request.partition_keys)
        return added


@pytest.fixture
def watched(instance: dg.DagsterInstance) -> Watched:
    return Watched(instance)


def known(instance: dg.DagsterInstance) -> dict[str, list[str]]:
    return {str(d.name): list(instance.get_dynamic_partitions(str(d.name))) for d in (SHARDS, BENCHMARKS)}


def test_the_first_tick_finds_what_is_there_and_the_second_nothing(corpus: Path, watched: Watched) -> None:
    settings = settings_for(corpus, "gsm8k")
    assert watched.tick(settings) == {"shards": ["first"], "benchmarks": ["gsm8k"]}
    assert watched.tick(settings) == {}
    assert watched.said == "nothing new among 1 sources"


def test_a_new_file_is_a_new_shard_and_nothing_else(corpus: Path, watched: Watched) -> None:
    settings = settings_for(corpus, "gsm8k")
    watched.tick(settings)
    write_source(corpus, "a_file_before_it")
    (corpus / "notes.pdf").write_text("no source")
    assert watched.tick(settings) == {"shards": ["a_file_before_it"]}
    assert known(watched.instance)["benchmarks"] == ["gsm8k"]
    assert sorted(known(watched.instance)["shards"]) == ["a_file_before_it", "first"]


def test_a_large_new_file_is_as_many_shards_as_it_is_cut_into(corpus: Path, watched: Watched) -> None:
    settings = cut_every_two_rows(corpus)
    watched.tick(settings)
    (corpus / "large.jsonl").write_text("".join(f'{{"id": "{n}", "text": "Text {n}."}}\n' for n in range(5)))
    assert watched.tick(settings) == {"shards": ["large-00000", "large-00001", "large-00002"]}


def cut_every_two_rows(corpus: Path) -> Settings:
    settings = settings_for(corpus)
    small_shards = settings.corpus.model_copy(update={"rows_per_shard": 2})
    return settings.model_copy(update={"corpus": small_shards})


def test_a_benchmark_added_to_the_settings_appears(corpus: Path, watched: Watched) -> None:
    watched.tick(settings_for(corpus, "gsm8k"))
    assert watched.tick(settings_for(corpus, "gsm8k", "svamp")) == {"benchmarks": ["svamp"]}


def test_a_file_seen_before_is_not_opened_again_also_by_a_process_that_did_not_see_it(
    corpus: Path, watched: Watched
) -> None:
    settings = settings_for(corpus)
    watched.tick(settings)
    new = write_source(corpus, "second")
    _found_once.cache_clear()  # as in another process
    watched.tick(settings)
    assert _found_once.cache_info().misses == 1  # the new one alone was looked into
    new.chmod(0)
    _found_once.cache_clear()
    assert watched.tick(settings) == {}
    assert _found_once.cache_info().misses == 0


def test_a_file_that_is_gone_is_told_and_takes_no_partition_away(corpus: Path, watched: Watched) -> None:
    settings = settings_for(corpus)
    gone = write_source(corpus, "second")
    watched.tick(settings)
    gone.unlink()
    assert watched.tick(settings) == {}
    assert watched.said.endswith("; second: gone from the sources, but what was made of them stays")
    assert known(watched.instance)["shards"] == ["first", "second"]


def test_a_file_that_has_changed_is_told_once_and_what_it_has_grown_by_is_added(corpus: Path, watched: Watched) -> None:
    settings = cut_every_two_rows(corpus)
    grown = corpus / "first.jsonl"
    grown.write_text("".join(f'{{"id": "{n}", "text": "Text {n}."}}\n' for n in range(3)))
    assert watched.tick(settings) == {"shards": ["first-00000", "first-00001"]}
    with grown.open("a") as out:
        out.write('{"id": "3", "text": "Text 3."}\n{"id": "4", "text": "Text 4."}\n')
    assert watched.tick(settings) == {"shards": ["first-00002"]}
    with grown.open("a") as out:
        out.write('{"id": "5", "text": "Text 5."}\n')
    assert watched.tick(settings) == {}
    assert "first: changed, so their shards are stale" in watched.said
    watched.tick(settings)
    assert "changed" not in watched.said


def test_files_cut_by_another_rule_are_cut_again(corpus: Path, watched: Watched) -> None:
    (corpus / "first.jsonl").write_text("".join(f'{{"id": "{n}", "text": "Text {n}."}}\n' for n in range(3)))
    assert watched.tick(settings_for(corpus)) == {"shards": ["first"]}
    assert watched.tick(cut_every_two_rows(corpus)) == {"shards": ["first-00000", "first-00001"]}


def test_a_cursor_holds_twelve_bytes_a_source_as_each_tick_is_kept(corpus: Path, watched: Watched) -> None:
    for number in range(100):
        write_source(corpus, f"source_{number}")
    watched.tick(settings_for(corpus))
    assert len(watched.cursor or "") < 100 + 12 * 101
