"""The teacher as a Dagster resource: configured in the launchpad as in synth.toml, and asked by the stages.

What does not live here: what a teacher is and how it is asked (`teachers/`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from synth_assets.assets.declaration import ASKS, version_of
from synth_assets.assets.launchpad import shape, validated
from synth_assets.automation.killed_runs import end_with_run
from synth_assets.automation.run_tags import tag_run
from synth_assets.lake.io_manager import LakeIOManager
from synth_assets.lake.lake import Lake
from synth_assets.lake.responses import LakeResponseStore
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

    def told(self, context: dg.AssetExecutionContext, asker: Asker) -> dict[str, Any]:
        """Metadata of a materialisation that asked: who, by which prompts, what it cost, and what was known already."""
        asked = next(iter(context.assets_def.specs)).metadata[ASKS]
        prompts = {task.kind: self.teacher.prompt_version(task) for task in TASKS if task.kind in asked}
        spent = asker.spent
        return {
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
        config_schema=shape(settings), description="What answers the tasks; the defaults are those of synth.toml."
    )
    def teacher(context: dg.InitResourceContext) -> Iterator[Teaching]:
        chosen = validated(TeacherSettings, context.resource_config, "resources.teacher.config")
        tag_run(context, chosen)
        end_with_run()  # here, since every step has this resource, also one that only reads the lake
        yield Teaching(teacher_of(chosen, folder), chosen)

    return teacher


def storing(lake: Lake) -> dg.IOManagerDefinition:
    """How rows are stored in `lake`: under the version of the settings and the teacher that the run really has.

    So rows made with other settings than those of synth.toml are stale by that file, and `status` says so.
    """

    @dg.io_manager(required_resource_keys={"settings", "teacher"}, description="Tables of the lake, by partition.")
    def lake_io_manager(context: dg.InitResourceContext) -> LakeIOManager:
        from synth_assets.reports.glances import glance as shown

        settings, teacher = context.resources.settings, context.resources.teacher.teacher
        return LakeIOManager(lake, lambda making: version_of(making, settings, teacher), shown)

    return lake_io_manager
