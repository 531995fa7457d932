"""The settings of a run: what synth.toml says, and what was set otherwise in Dagster's launchpad, section by section.

What does not live here: the teacher that a section describes (`teaching.py`), and which sections the launchpad of a job
shows (`automation/jobs.py`).
"""

from collections.abc import Collection, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import dagster as dg
from dagster import Field as ConfigField
from pydantic import BaseModel, ValidationError

from synth_assets.errors import SynthAssetsError
from synth_assets.settings import Settings

OF_A_RUN = (
    *("filter", "concepts", "walks", "generation", "extrapolation", "decontamination"),
    *("students", "training", "mixtures", "scaling"),
)
"""The sections that a run may be given its own values of. The others say where things lie, which is the lake's affair;
the teacher is a resource of its own."""

Section = TypeVar("Section", bound=BaseModel)


def settings_resource(settings: Settings) -> dg.ResourceDefinition:
    """The resource `settings`: those of the lake, with what the run's configuration puts in their place."""

    @dg.resource(
        config_schema=shape(settings, OF_A_RUN),
        description="What shapes the rows; the defaults are those of synth.toml.",
    )
    def of_the_run(context: dg.InitResourceContext) -> Settings:
        return chosen(settings, context.resource_config, "resources.settings.config")

    return of_the_run


def chosen(settings: Settings, configured: Mapping[str, Any], place: str) -> Settings:
    """The settings with whole sections replaced. `place` is where in the launchpad they were configured.

    Raises SynthAssetsError naming the field that cannot be so.
    """
    return validated(Settings, {**dict(settings), **configured}, place)


def validated(model: type[Section], values: Mapping[str, Any], place: str) -> Section:
    """A section of these values. Raises SynthAssetsError naming the first field that cannot be so."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join((place, *map(str, problem["loc"])))
        words = problem["msg"].removeprefix("Value error, ")
        raise SynthAssetsError(f"{name}: {words}; mend it in the launchpad or in synth.toml.") from error


def shape(section: BaseModel, names: Collection[str] | None = None) -> dict[str, ConfigField]:
    """A section of the settings as Dagster's configuration schema, its present values the defaults.

    `names` are the wanted fields; all by default.
    """
    wanted = type(section).model_fields if names is None else names
    values = section.model_dump(mode="json", include=set(wanted))
    return {name: _field(section, name, values[name]) for name in wanted}


def _field(section: BaseModel, name: str, value: object) -> ConfigField:
    field = type(section).model_fields[name]
    inner = getattr(section, name)
    words = field.description or (type(inner).__doc__ if isinstance(inner, BaseModel) else None)
    return ConfigField(
        _type(field.annotation, inner),
        default_value=value,
        is_required=False,
        description=words,
    )


def _type(annotation: Any, value: object) -> Any:
    """Dagster's configuration type for the annotation of a setting."""
    if isinstance(value, BaseModel):
        return shape(value)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return _choice(arguments)
    if origin is tuple:
        return dg.Array(_type(arguments[0], None))
    if origin is dict:
        return dict
    if origin in (Union, UnionType):
        (inner,) = (argument for argument in arguments if argument is not NoneType)
        return dg.Noneable(_type(inner, None))
    return annotation


@cache
def _choice(among: tuple[str, ...]) -> dg.Enum:
    """Dagster wants the same choice to be the same object wherever it is made."""
    return dg.Enum("_or_".join(among), [dg.EnumValue(choice) for choice in among])
