"""The object store refuses, is overloaded, slow, or cuts its answers off: a sentence, and the same work goes on."""

import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from synth_assets.errors import PassingFaultError, SynthAssetsError
from synth_assets.lake import Lake, LakeSettings, ObjectStore
from synth_assets_tests.faults.store_proxy import DELAY_SECONDS, Store, Weather, store_behind_proxy
from synth_assets_tests.faults.workers import sentences_of, workers
from synth_assets_tests.lake.rows import references, shards


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    with store_behind_proxy() as made:
        yield made


@pytest.fixture
def settings(store: Store, tmp_path: Path) -> LakeSettings:
    """A lake with its data in the store, and two shards in it."""
    there = ObjectStore(endpoint=store.endpoint, url_style="path", use_ssl=False)
    made = LakeSettings(folder=tmp_path / "lake", data=f"s3://{store.bucket}/tables", object_store=there)
    lake = Lake(made)
    lake.replace("reference_documents", references(["a", "b"]), shards("a", "b"))
    lake.close()
    return made


@pytest.mark.slow
@pytest.mark.parametrize("weather", ["refusing", "slow down", "cut"])
def test_a_store_that_does_not_answer_is_told_of_and_nothing_is_written(
    settings: LakeSettings, store: Store, weather: Weather
) -> None:
    lake = Lake(settings)
    before = lake.current_snapshot()
    store.weather = weather
    for reading in (lambda: lake.read("reference_documents"), lambda: lake.scan("reference_documents").collect()):
        with pytest.raises(
            PassingFaultError, match=r"The object store of the lake's data, s3://lake-.*/tables/, does not"
        ):
            reading()
    if weather != "cut":  # what is written is not cut off
        with pytest.raises(PassingFaultError, match="check that it runs and can be reached, then run this again"):
            lake.replace("reference_documents", references(["a"], rows=5), shards("a"))
    store.weather = "fair"
    assert lake.current_snapshot() == before
    assert lake.read("reference_documents").equals(references(["a", "b"]))
    lake.replace("reference_documents", references(["a"], rows=5), shards("a"))
    assert lake.read("reference_documents").equals(pl.concat([references(["a"], rows=5), references(["b"])]))
    assert lake.read("reference_documents", snapshot=before).equals(references(["a", "b"]))
    lake.close()


@pytest.mark.slow
def test_a_slow_store_is_waited_for(settings: LakeSettings, store: Store) -> None:
    lake = Lake(settings)
    store.weather = "slow"
    begun, answered = time.monotonic(), store.answered
    lake.replace("reference_documents", references(["a"], rows=5), shards("a"))
    assert lake.read("reference_documents").height == 8
    assert store.answered > answered
    assert time.monotonic() - begun >= DELAY_SECONDS
    lake.close()


@pytest.mark.slow
def test_writers_in_changing_weather_lose_and_double_nothing(
    settings: LakeSettings, store: Store, tmp_path: Path
) -> None:
    with workers(settings) as processes:
        done = tmp_path / "done"
        reader = processes.start("read", done)
        writers = [processes.start("write", name, 4) for name in ("one", "other")]
        changes: list[Weather] = ["fair", "refusing", "fair", "slow down", "slow", "fair", "refusing"]
        for weather in changes:
            store.weather = weather
            time.sleep(2)
        store.weather = "fair"
        told = [sentence for process in writers for sentence in sentences_of(process)]
        done.touch()
        told += sentences_of(reader)
    assert all(
        sentence.startswith(f"The object store of the lake's data, s3://{store.bucket}/") for sentence in told
    ), told
    lake = Lake(settings)
    written = [f"{name}-{number}" for name in ("one", "other") for number in range(4)]
    expected = pl.concat([references(["a", "b"]), references(written, score=1.0)])
    assert lake.read("reference_documents").equals(expected)
    assert lake.read("materialisations")["partition"].to_list() == ["a", "b", *written]
    lake.close()


@pytest.mark.slow
def test_an_object_that_is_gone_is_no_matter_of_the_weather(settings: LakeSettings, store: Store) -> None:
    """The store answers that it has no such object: the file is named, and making its partition again heals."""
    lake = Lake(settings)
    (key,) = [key for key in store.objects() if "reference_documents/shard=a" in key]
    store.delete(key)
    with pytest.raises(SynthAssetsError, match=r"partition a of the table reference_documents") as told:
        lake.read("reference_documents")
    assert not isinstance(told.value, PassingFaultError)
    lake.replace("reference_documents", references(["a"]), shards("a"))
    assert lake.read("reference_documents").equals(references(["a", "b"]))
    lake.close()
