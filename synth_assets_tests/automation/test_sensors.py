"""The sensor turns new files and benchmarks into partitions, and does nothing else."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from synth_assets.automation.partitions import BENCHMARKS, SHARDS
from synth_assets.automation.sensors import new_sources
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


def tick(instance: dg.DagsterInstance, settings: Settings) -> dict[str, list[str]]:
    """Evaluate the sensor and do what it asks for, as the daemon does: the partitions it added, by definition."""
    context = dg.build_sensor_context(instance=instance, resources={"settings": settings})
    result = new_sources(context)
    assert isinstance(result, dg.SensorResult)
    assert not result.run_requests
    added = {}
    for request in result.dynamic_partitions_requests or ():
        assert isinstance(request, dg.AddDynamicPartitionsRequest)
        instance.add_dynamic_partitions(request.partitions_def_name, list(request.partition_keys))
        added[request.partitions_def_name] = list(request.partition_keys)
    return added


def known(instance: dg.DagsterInstance) -> dict[str, list[str]]:
    return {str(d.name): list(instance.get_dynamic_partitions(str(d.name))) for d in (SHARDS, BENCHMARKS)}


def test_the_first_tick_finds_what_is_there_and_the_second_nothing(corpus: Path, instance: dg.DagsterInstance) -> None:
    settings = settings_for(corpus, "gsm8k")
    assert tick(instance, settings) == {"shards": ["first"], "benchmarks": ["gsm8k"]}
    assert tick(instance, settings) == {}


def test_a_new_file_is_a_new_shard_and_nothing_else(corpus: Path, instance: dg.DagsterInstance) -> None:
    settings = settings_for(corpus, "gsm8k")
    tick(instance, settings)
    write_source(corpus, "a_file_before_it")
    (corpus / "notes.pdf").write_text("no source")
    assert tick(instance, settings) == {"shards": ["a_file_before_it"]}
    assert known(instance)["benchmarks"] == ["gsm8k"]
    assert sorted(known(instance)["shards"]) == ["a_file_before_it", "first"]


def test_a_large_new_file_is_as_many_shards_as_it_is_cut_into(corpus: Path, instance: dg.DagsterInstance) -> None:
    settings = settings_for(corpus)
    small_shards = settings.corpus.model_copy(update={"rows_per_shard": 2})
    settings = settings.model_copy(update={"corpus": small_shards})
    tick(instance, settings)
    (corpus / "large.jsonl").write_text("".join(f'{{"id": "{n}", "text": "Text {n}."}}\n' for n in range(5)))
    added = tick(instance, settings)["shards"]
    assert len(added) == 3
    assert all(name.startswith("large") for name in added)


def test_a_benchmark_added_to_the_settings_appears(corpus: Path, instance: dg.DagsterInstance) -> None:
    tick(instance, settings_for(corpus, "gsm8k"))
    assert tick(instance, settings_for(corpus, "gsm8k", "svamp")) == {"benchmarks": ["svamp"]}


def test_a_file_that_is_gone_takes_no_partition_away(corpus: Path, instance: dg.DagsterInstance) -> None:
    settings = settings_for(corpus)
    gone = write_source(corpus, "second")
    tick(instance, settings)
    gone.unlink()
    assert tick(instance, settings) == {}
    assert known(instance)["shards"] == ["first", "second"]
