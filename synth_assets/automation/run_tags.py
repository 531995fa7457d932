"""What the tags of a run say of its teacher: who is asked, and the most that all runs of the lake may use.

Runs come from the command line, the UI, jobs, schedules, sensors and backfills, each with its own configuration. The
resource `teacher` knows what a run really has, so it adds the tags, and no launcher can forget them.
"""

import dagster as dg

from synth_assets.teachers.redrawn import draw_named
from synth_assets.teachers.settings import TeacherSettings

TEACHER, TOKENS, COST = "synth-assets/teacher", "synth-assets/tokens_budget", "synth-assets/cost_budget"
UNLIMITED = "none"
"""Value of a budget's tag where there is no limit."""


def teacher_tags(teacher: TeacherSettings) -> dict[str, str]:
    """The tags of runs with this teacher."""
    budgets = {TOKENS: teacher.max_tokens_budget, COST: teacher.max_cost}
    return {
        TEACHER: draw_named(f"{teacher.kind}: {teacher.model}" if teacher.model else teacher.kind, teacher.draw),
        **{tag: UNLIMITED if most is None else str(most) for tag, most in budgets.items()},
    }


def tag_run(context: dg.InitResourceContext, teacher: TeacherSettings) -> None:
    """Give the run whose resource is made the tags of its teacher, unless it has them. Outside a run, do nothing."""
    run, instance = context.run, context.instance
    if run is None or instance is None:
        return
    missing = {tag: value for tag, value in teacher_tags(teacher).items() if run.tags.get(tag) != value}
    if missing:
        instance.add_run_tags(run.run_id, missing)
