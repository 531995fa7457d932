"""The teacher as a resource: the launchpad shows every setting with synth.toml's values, and a run may change them."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from synth_assets.assets.declaration import version_of
from synth_assets.assets.teaching import Teaching, teacher_resource
from synth_assets.definitions import build_definitions
from synth_assets.errors import SynthAssetsError
from synth_assets.settings import Settings
from synth_assets.teachers.choosing import teacher_of
from synth_assets.teachers.settings import Sampling, TeacherSettings
from synth_assets.teachers.vllm.settings import VllmSettings

OPENAI = TeacherSettings(
    kind="openai",
    model="qwen",
    base_urls=("http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1"),
    sampling={"answer_question": Sampling(temperature=0.3)},
    extra_body={"chat_template_kwargs": {"enable_thinking": False}},
    price_prompt=0.15,
    vllm=VllmSettings(args=("--max-model-len", "8192")),
)


def resource_of(settings: TeacherSettings, folder: Path, configured: dict[str, Any] | None = None) -> Teaching:
    resources = {"teacher": teacher_resource(settings, folder)}
    config = {"teacher": {"config": configured}} if configured is not None else {}
    with dg.build_resources(resources, resource_config=config) as built:
        taught: Teaching = built.teacher
        return taught


@pytest.mark.parametrize("settings", [TeacherSettings(), OPENAI], ids=["embedded", "openai"])
def test_without_configuration_the_run_has_the_teacher_of_the_file(settings: TeacherSettings, tmp_path: Path) -> None:
    assert resource_of(settings, tmp_path).settings == settings


def test_a_run_may_be_configured_otherwise_field_by_field(tmp_path: Path) -> None:
    taught = resource_of(OPENAI, tmp_path, {"model": "llama", "concurrency": 7, "vllm": {"args": ["--enforce-eager"]}})
    assert (taught.teacher.name, taught.settings.concurrency) == ("llama", 7)
    assert taught.settings.vllm.args == ("--enforce-eager",)
    assert taught.settings.base_urls == OPENAI.base_urls


def test_every_setting_of_the_teacher_stands_in_the_launchpad_with_its_description(tmp_path: Path) -> None:
    shape = teacher_resource(OPENAI, tmp_path).config_schema.config_type.fields  # type: ignore[union-attr]
    assert set(shape) == set(TeacherSettings.model_fields)
    assert all(field.description for field in shape.values())


@pytest.mark.parametrize(
    ("configured", "said"),
    [
        ({"model": ""}, "needs a model"),
        ({"base_urls": []}, "--base-url"),
        ({"max_cost": 2.0, "price_prompt": None}, "price"),
    ],
    ids=["model", "urls", "price"],
)
def test_a_configuration_that_cannot_be_is_told_in_one_sentence(
    configured: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(dg.DagsterResourceFunctionError) as error:
        resource_of(OPENAI, tmp_path, configured)
    assert isinstance(error.value.__cause__, SynthAssetsError)
    assert said in str(error.value.__cause__)


def version(settings: Settings, folder: Path, asset: str) -> str:
    specs = build_definitions(folder, settings).resolve_all_asset_specs()
    return next(spec.code_version for spec in specs if spec.key == dg.AssetKey(asset)) or ""


@pytest.mark.parametrize(
    ("changed", "stale"),
    [
        ({"model": "other"}, {"document_concepts", "questions", "qa_pairs"}),
        ({"draw": 1}, {"document_concepts", "questions", "qa_pairs"}),
        ({"sampling": {"answer_question": {"temperature": 0.9}}}, {"questions", "qa_pairs"}),
        ({"base_urls": ("http://127.0.0.1:3/v1",), "concurrency": 8, "price_prompt": 9.0, "deadline": 5.0}, set()),
    ],
    ids=["the model", "another draw", "one task's parameters", "how it is reached and what it costs"],
)
def test_only_what_shapes_answers_makes_assets_stale(changed: dict[str, Any], stale: set[str], tmp_path: Path) -> None:
    before = Settings(teacher=OPENAI)
    after = Settings(teacher=TeacherSettings.model_validate({**OPENAI.model_dump(), **changed}))
    assets = ("documents", "document_concepts", "concept_walks", "questions", "qa_pairs", "training_qa")
    differs = {name for name in assets if version(before, tmp_path, name) != version(after, tmp_path, name)}
    assert differs == stale


def test_a_teacher_chosen_in_the_launchpad_is_the_one_the_ledger_names(tmp_path: Path) -> None:
    definitions = build_definitions(tmp_path, Settings(teacher=OPENAI))
    spec = next(spec for spec in definitions.resolve_all_asset_specs() if spec.key == dg.AssetKey("qa_pairs"))
    other = TeacherSettings.model_validate({**OPENAI.model_dump(), "model": "other"})
    with_other = version_of(spec.metadata, Settings(teacher=OPENAI), teacher_of(other, tmp_path))
    assert with_other == version(Settings(teacher=other), tmp_path, "qa_pairs") != spec.code_version
