"""The teacher as a Dagster resource: configured in the launchpad as in synth.toml, and asked by the stages.

What does not live here: what a teacher is and how it is asked (`teachers/`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import dagster as dg
from dagster import Field as ConfigField
from pydantic import BaseModel, ValidationError

from synth_assets.assets.declaration import ASKS, version_of
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.io_manager import MADE_BY
from synth_assets.lake.lake import Lake
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.settings import Settings
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.budget import Budget, Price
from synth_assets.teachers.choosing import teacher_of
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.tasks import TASKS
from synth_assets.teachers.teacher import Teacher


@dataclass(frozen=True)
class Teaching:
    """The teacher of a run, with what it may cost."""

    teacher: Teacher
    settings: TeacherSettings

    def asker(self, lake: Lake, stage: str) -> Asker:
        """An asker for `stage`, through the lake's store and within the budget."""
        price = Price(self.settings.price_prompt, self.settings.price_completion)
        return Asker(self.teacher, LakeResponseStore(lake, stage), Budget(self.settings.limits, price))

    def told(self, context: dg.AssetExecutionContext, settings: Settings, asker: Asker) -> dict[str, Any]:
        """Metadata of a materialisation that asked: who, by which prompts, what it cost, and what was known already."""
        making = next(iter(context.assets_def.specs)).metadata
        asked = making[ASKS]
        prompts = {task.kind: self.teacher.prompt_version(task) for task in TASKS if task.kind in asked}
        spent = asker.spent
        return {
            MADE_BY: version_of(making, settings, self.teacher),
            "teacher": self.teacher.name,
            "prompt version": ", ".join(f"{kind} {version}" for kind, version in prompts.items()),
            "requests answered now": spent.requests - spent.failed,
            "requests failed": spent.failed,
            "requests known from before": asker.found,
            "prompt tokens": spent.prompt_tokens,
            "completion tokens": spent.completion_tokens,
            **({} if spent.cost is None else {"cost": round(spent.cost, 6)}),
        }


def teacher_resource(settings: TeacherSettings, folder: Path) -> dg.ResourceDefinition:
    """The resource `teacher`. Its configuration is the section `[teacher]` of the lake in `folder`, field by field."""

    @dg.resource(
        config_schema=_shape(settings), description="What answers the tasks; the defaults are those of synth.toml."
    )
    def teacher(context: dg.InitResourceContext) -> Iterator[Teaching]:
        chosen = _chosen(context.resource_config)
        yield Teaching(teacher_of(chosen, folder), chosen)

    return teacher


def _chosen(configured: Mapping[str, Any]) -> TeacherSettings:
    try:
        return TeacherSettings.model_validate(configured)
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(("resources", "teacher", "config", *map(str, problem["loc"])))
        words = problem["msg"].removeprefix("Value error, ")
        raise SynthAssetsError(f"{name}: {words}; mend it in the launchpad or in synth.toml.") from error


def _shape(section: BaseModel) -> dict[str, ConfigField]:
    """A section of the settings as Dagster's configuration schema, its present values the defaults."""
    values = section.model_dump(mode="json")
    return {
        name: ConfigField(
            _type(field.annotation, getattr(section, name)),
            default_value=values[name],
            is_required=False,
            description=field.description,
        )
        for name, field in type(section).model_fields.items()
    }


def _type(annotation: Any, value: object) -> Any:
    """Dagster's configuration type for the annotation of a setting."""
    if isinstance(value, BaseModel):
        return _shape(value)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return dg.Enum("_or_".join(arguments), [dg.EnumValue(choice) for choice in arguments])
    if origin is tuple:
        return dg.Array(_type(arguments[0], None))
    if origin is dict:
        return dict
    if origin in (Union, UnionType):
        (inner,) = (argument for argument in arguments if argument is not NoneType)
        return dg.Noneable(_type(inner, None))
    return annotation
