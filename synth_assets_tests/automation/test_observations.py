"""Files of observations become partitions and rows: by settings, by a sensor on folders and S3, by the command."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import dagster as dg
import pytest
from s3fs import S3FileSystem

from synth_assets.automation.partitions import OBSERVATION_FILES
from synth_assets.automation.sensors import new_observations
from synth_assets_tests.automation.observing import Observatory, write_observations
from synth_assets_tests.command_line import synth_assets
from synth_assets_tests.command_line import told_plainly as sentence_of
from synth_assets_tests.corpus.stores import s3_server


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    home = tmp_path / "home"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as made:
        yield made


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    return folder


def watching(results: Path, instance: dg.DagsterInstance, *sources: object) -> Observatory:
    return Observatory(results.parent, instance, observations={"sources": sources or [f"{results}/*.csv"]})


def aged(path: Path, seconds: float) -> None:
    then = time.time() + seconds
    os.utime(path, (then, then))


def tick(watched: Observatory, cursor: str | None = None) -> tuple[str | None, list[dg.RunRequest]]:
    """Evaluate the sensor and do what it asks for, as the daemon does: its cursor and the runs."""
    resources = {"settings": watched.settings, "lake": watched.lake}
    result = new_observations(dg.build_sensor_context(watched.instance, cursor=cursor, resources=resources))
    assert isinstance(result, dg.SensorResult)
    for request in result.dynamic_partitions_requests or ():
        assert isinstance(request, dg.AddDynamicPartitionsRequest)
        watched.instance.add_dynamic_partitions(request.partitions_def_name, list(request.partition_keys))
    requests = list(result.run_requests or ())
    for request in requests:
        watched.materialise(tags=request.tags)
    return result.cursor, requests


@pytest.mark.slow
def test_a_file_is_a_partition_whose_bad_rows_are_quarantined_and_whose_good_ones_are_observations(
    results: Path, instance: dg.DagsterInstance
) -> None:
    path = write_observations(results / "a.csv", "m,0,0.9", "m,100,0.5", "m,many,0.5")
    watched = watching(results, instance)
    watched.import_all()
    assert watched.observations() == [("m", 0.0, 0.9), ("m", 100.0, 0.5)]
    dropped = watched.quarantine().row(0, named=True)
    assert (dropped["partition"], dropped["id"], dropped["reason"]) == (str(path), "row 3", "tokens_not_a_number")
    assert [one.state for one in watched.standings("imported_observations")] == ["fresh"]


@pytest.mark.slow
def test_a_changed_file_is_stale_and_replaces_its_rows_and_those_of_one_that_is_gone_stay(
    results: Path, instance: dg.DagsterInstance
) -> None:
    path = write_observations(results / "a.csv", "m,1,0.9")
    gone = write_observations(results / "b.csv", "n,1,0.8")
    watched = watching(results, instance)
    watched.import_all()
    write_observations(path, "m,1,0.7", "m,2,0.6")
    aged(path, 60)
    gone.unlink()
    assert [one.why for one in watched.standings("imported_observations")] == ["its source file is newer", ""]
    watched.import_all()
    assert watched.observations() == [("m", 1.0, 0.7), ("m", 2.0, 0.6), ("n", 1.0, 0.8)]


def test_the_sensor_imports_files_in_one_run_and_quarantines_one_that_cannot_be_read_whole(
    results: Path, instance: dg.DagsterInstance
) -> None:
    bad = results / "a.csv"
    bad.write_text("model,value\nm,1\n")
    write_observations(results / "b.csv", "n,1,0.8")
    watched = watching(results, instance)
    _, requests = tick(watched)
    assert len(requests) == 1
    assert watched.observations() == [("n", 1.0, 0.8)]
    dropped = watched.quarantine().row(0, named=True)
    assert (dropped["id"], dropped["reason"]) == (str(bad), "unreadable_file")
    assert "has no column tokens" in dropped["detail"]


@pytest.mark.slow
def test_the_sensor_imports_new_and_changed_files_once_and_what_the_command_imported_not_at_all(
    results: Path, instance: dg.DagsterInstance
) -> None:
    first = write_observations(results / "a.csv", "m,1,0.9")
    watched = watching(results, instance)
    watched.import_all()
    cursor, requests = tick(watched)
    assert requests == []
    second = write_observations(results / "b.csv", "n,1,0.8")
    write_observations(results / "c.csv", "o,1,0.8")
    cursor, requests = tick(watched, cursor)
    assert len(requests) == 1  # both files, in one run
    assert tick(watched, cursor)[1] == []
    write_observations(second, "n,1,0.1")
    aged(second, -3600)  # whatever its clock says, it is another file
    cursor, requests = tick(watched, cursor)
    assert len(requests) == 1
    assert watched.observations() == [("m", 1.0, 0.9), ("n", 1.0, 0.1), ("o", 1.0, 0.8)]
    assert OBSERVATION_FILES.get_partition_keys(dynamic_partitions_store=instance)[0] == str(first)
    assert tick(watched, cursor)[1] == []


def test_the_sensor_is_off_until_it_is_switched_on_and_says_why_it_does_nothing(
    results: Path, instance: dg.DagsterInstance
) -> None:
    assert new_observations.default_status == dg.DefaultSensorStatus.STOPPED
    unset = Observatory(results.parent, instance)
    resources = {"settings": unset.settings, "lake": unset.lake}
    skipped = new_observations(dg.build_sensor_context(instance, resources=resources))
    assert isinstance(skipped, dg.SkipReason)


@pytest.mark.slow
def test_results_of_a_harness_take_what_they_lack_from_folder_names_and_from_a_sidecar(
    results: Path, instance: dg.DagsterInstance
) -> None:
    document = {"results": {"gsm8k": {"exact_match,none": 0.25}}, "config": {"model_args": "pretrained=x"}}
    for name in ("d20m", "d40m"):
        (results / "org__model" / name).mkdir(parents=True)
        (results / "org__model" / name / "results_1.json").write_text(json.dumps(document))
        (results / "org__model" / name / "samples_gsm8k_1.jsonl").write_text('{"doc": 1}\n')
    (results / "org__model" / "observation.json").write_text('{"parameters": "1.5B"}')
    watched = watching(results, instance, {"path": "../results", "pattern": "{model}/d{tokens}"})
    watched.import_all()
    assert watched.observations() == [("org__model", 2e7, 0.75), ("org__model", 4e7, 0.75)]
    parameters = watched.lake.query("select distinct parameters from scaling_observations").item()
    assert parameters == 1_500_000_000


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> "Iterator[boto3.Bucket]":
    with s3_server() as address:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        S3FileSystem.clear_instance_cache()
        yield boto3.resource("s3").create_bucket(Bucket="evals")
        S3FileSystem.clear_instance_cache()


@pytest.mark.slow
def test_the_sensor_watches_a_prefix_of_s3(results: Path, instance: dg.DagsterInstance, bucket: "boto3.Bucket") -> None:
    watched = watching(results, instance, "s3://evals/runs/")
    bucket.put_object(Key="runs/one/a.csv", Body=b"model,tokens,value\nm,1,0.9\n")
    bucket.put_object(Key="elsewhere/b.csv", Body=b"model,tokens,value\nm,2,0.9\n")
    cursor, requests = tick(watched)
    assert len(requests) == 1
    assert watched.observations() == [("m", 1.0, 0.9)]
    assert tick(watched, cursor)[1] == []
    bucket.put_object(Key="runs/one/a.csv", Body=b"model,tokens,value\nm,1,0.4\n")
    tick(watched, cursor)
    assert watched.observations() == [("m", 1.0, 0.4)]
    assert OBSERVATION_FILES.get_partition_keys(dynamic_partitions_store=instance) == ["s3://evals/runs/one/a.csv"]


@pytest.mark.slow
def test_the_command_adds_a_file_once_and_all_that_follows_from_it_is_fresh(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    rows = [f"m,{10**power},{0.2 + 1 / power}" for power in range(2, 9)]
    path = write_observations(tmp_path / "a.csv", *rows, "m,x,1")

    def add(*options: str) -> dict[str, object]:
        done = synth_assets("observations", "add", path, "--lake", lake, "--json", *options)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert isinstance(told, dict)
        return told

    first = add()
    assert first["files"] == [
        {"file": str(path), "rows": 7, "models": 1, "metrics": "value", "quarantined": 1, "state": "added"}
    ]
    assert "scaling_report" in str(first["made"])
    again = add()
    assert again["made"] == []
    standing = json.loads(synth_assets("status", "--lake", lake, "--json").stdout)
    followed = {one["asset"]: one["state"] for one in standing if one["asset"].startswith(("imported", "scaling"))}
    assert set(followed.values()) == {"fresh"}
    write_observations(path, *rows[:6])
    assert add()["files"] == [
        {"file": str(path), "rows": 6, "models": 1, "metrics": "value", "quarantined": 0, "state": "read again"}
    ]
    listed = json.loads(synth_assets("observations", "list", "--lake", lake, "--json").stdout)
    assert [(one["file"], one["rows"], one["there"]) for one in listed] == [(str(path), 6, True)]
    shutil.copy(lake / "synth.toml", tmp_path / "before.toml")
    bad = tmp_path / "bad.csv"
    bad.write_text("model,value\nm,1\n")
    sentence = sentence_of(synth_assets("observations", "add", bad, "--lake", lake))
    assert str(bad) in sentence and "tokens" in sentence
    assert (lake / "synth.toml").read_bytes() == (tmp_path / "before.toml").read_bytes()
