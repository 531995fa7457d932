"""The section `[filter.embedder]`: what it refuses, and what the command line makes of it."""

from pathlib import Path
from typing import Any

import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake
from synth_assets.lake.settings import LakeSettings
from synth_assets.options import SettingOptions
from synth_assets.settings import Settings, load_settings, save_settings, usable


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ({"kind": "endpoint", "base_urls": ["http://host/v1"]}, "--embedder-model"),
        ({"kind": "endpoint", "model": "e5"}, "--embedder-url"),
        ({"kind": "sentence-transformers"}, "--embedder-model"),
        ({"kind": "elsewhere"}, "'hashed', 'endpoint' or 'sentence-transformers'"),
        ({"batch_size": 0}, "greater than 0"),
        ({"price": -1}, "greater than or equal to 0"),
        ({"moddel": "e5"}, "moddel"),
    ],
)
def test_what_cannot_be_is_refused_with_the_setting_and_the_way_out(section: dict[str, Any], why: str) -> None:
    with pytest.raises(SynthAssetsError, match=why) as caught:
        usable({"filter": {"embedder": section}}, "synth.toml")
    assert "filter.embedder" in str(caught.value)


def test_options_name_an_endpoint_and_stay_in_the_file(tmp_path: Path) -> None:
    options = SettingOptions(embedder_url=["http://a/v1", "http://b/v1"], embedder_model="e5")
    save_settings(options.onto(Settings(), new=True), tmp_path)
    kept = load_settings(tmp_path).filter.embedder
    assert (kept.kind, kept.model, kept.base_urls) == ("endpoint", "e5", ("http://a/v1", "http://b/v1"))
    back = SettingOptions(embedder="hashed").onto(load_settings(tmp_path), new=False)
    assert back.filter.embedder.kind == "hashed"


def test_the_folder_of_a_model_is_kept_with_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models" / "small").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    options = SettingOptions(embedder="sentence-transformers", embedder_model="models/small")
    assert options.onto(Settings(), new=True).filter.embedder.model == str(tmp_path / "models" / "small")


def test_a_local_model_is_known_by_its_files_and_not_by_where_they_lie(tmp_path: Path) -> None:
    def shaping(folder: str, config: str) -> object:
        (tmp_path / folder / "small").mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "small" / "config.json").write_text(config)
        embedder = {"kind": "sentence-transformers", "model": str(tmp_path / folder / "small")}
        return Settings.model_validate({"filter": {"embedder": embedder}}).filter.shaping

    assert shaping("here", "{}") == shaping("there", "{}")
    assert shaping("here", "{}") != shaping("there", "[]")


def test_what_only_an_endpoint_reads_does_not_shape_the_hashed_filter() -> None:
    changed = Settings.model_validate({"filter": {"embedder": {"model": "e5", "revision": "2", "batch_size": 7}}})
    assert changed.filter.shaping == Settings().filter.shaping
    assert Settings.model_validate({"filter": {"trees": 7}}).filter.shaping != Settings().filter.shaping


def test_nothing_is_contacted_or_loaded_to_choose_an_embedder(tmp_path: Path) -> None:
    from synth_assets.assets.embedders import embedder_of

    lake = Lake(LakeSettings(folder=tmp_path / "lake"))
    (tmp_path / "config.json").write_text("{}")
    of = {"base_urls": ["http://127.0.0.1:9/v1"], "model": str(tmp_path)}
    for kind in ("endpoint", "sentence-transformers"):
        settings = Settings.model_validate({"filter": {"embedder": {**of, "kind": kind}}}).filter.embedder
        embedder = embedder_of(settings, lake, "concept_names")
        assert embedder is not None and embedder.name.startswith(kind)
    assert embedder_of(Settings().filter.embedder, lake, "concept_names") is None
    assert not (tmp_path / "lake").exists()
