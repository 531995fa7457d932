"""What every table asset has in common: key, description, column schema, owner, kinds, retries and code version."""

import inspect
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import BaseModel

from synth_assets.automation.partitions import SHARDS
from synth_assets.automation.transience import retried
from synth_assets.settings import Settings
from synth_assets.tables import Table
from synth_assets.teachers.tasks import TASKS, CompareProblems, Task
from synth_assets.teachers.teacher import Teacher

FOLLOWS = "follows settings"
"""Metadata key: the sections of the settings that shape an asset's rows."""

KEPT_THROUGH = "kept when these change"
"""Metadata key: inputs whose later change does not make the rows stale: a new shard must not redo the older ones."""

AT_ONCE = "all partitions at once"
"""Metadata key: whether all partitions cost hardly more than one, so that a run need not be cut into smaller ones."""

SHARDS_PER_RUN = 4
"""Most shards of one run of a backfill from the UI. The command line cuts its runs by the text the shards hold."""

CODE = "code"
"""Metadata key: hash of the code alone that makes an asset's rows."""

TEACHER_POOL = "teacher"
"""Dagster pool of the steps that ask a teacher."""

ASKS = "asks a teacher to"
"""Metadata key: the kinds of task an asset puts to the teacher."""

OWNERS = ["team:synthetic-data"]


def column_schema(table: Table) -> dg.TableSchema:
    """The table's columns as the UI shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name,
                type=str(column.dtype),
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=table.key == (name,)),
            )
            for name, column in table.columns.items()
        ]
    )


def table_metadata(table: Table) -> dict[str, Any]:
    """Metadata every asset of a table carries."""
    return {"dagster/column_schema": column_schema(table), "dagster/table_name": table.name, "key": list(table.key)}


def code_version(rooms: tuple[str, ...]) -> str:
    """Hash of the source of the given modules or packages.

    A changed prompt or rule therefore shows as a stale asset; a changed comment does too, and costs one re-run in
    which no teacher is asked again. The settings an asset follows are added in `definitions`.
    """
    digest = blake2b(digest_size=6)
    for room in rooms:
        digest.update(_source_hash(room))
    return digest.hexdigest()


def making(
    rooms: tuple[str, ...],
    follows: tuple[str, ...] = (),
    kept_through: tuple[str, ...] = (),
    asks: tuple[type[Task[Any]], ...] = (),
    at_once: bool = False,
) -> dict[str, Any]:
    """Metadata that says what shapes an asset's rows; :func:`version_of` reads it."""
    return {
        CODE: code_version(rooms),
        FOLLOWS: list(follows),
        KEPT_THROUGH: list(kept_through),
        ASKS: [task.kind for task in asks],
        AT_ONCE: at_once,
    }


def version_of(metadata: Mapping[str, Any], settings: Settings, teacher: Teacher) -> str:
    """The code version of an asset with the metadata of :func:`making`.

    It covers the code, the sections of the settings it follows, and, for the tasks it asks, the teacher's model,
    prompts and parameters.
    """
    digest = blake2b(metadata[CODE].encode(), digest_size=6)
    for section in metadata[FOLLOWS]:
        value = attrgetter(section)(settings)
        digest.update(
            repr((section, value.model_dump(mode="json") if isinstance(value, BaseModel) else value)).encode()
        )
    for task in TASKS:
        if task.kind in metadata[ASKS]:
            digest.update(repr((task.kind, teacher.version(task))).encode())
    return digest.hexdigest()


@cache
def _source_hash(room: str) -> bytes:
    spec = find_spec(room)  # finds the source without running it: some rooms take a second to import
    if spec is None or spec.origin is None:
        raise ValueError(f"no module {room} to take a code version from")
    path = Path(spec.origin)
    package = path.name == "__init__.py"
    sources = sorted(file for kind in ("*.py", "*.toml") for file in path.parent.rglob(kind)) if package else [path]
    return blake2b(b"\0".join(source.read_bytes() for source in sources), digest_size=16).digest()


def backfill_policy(partitions_def: dg.PartitionsDefinition[Any] | None, at_once: bool = False) -> Any:
    """How a backfill from the UI is cut into runs: shards, which hold texts, a few at a time, all else in one run.

    Of two dimensions Dagster makes a run for each unbroken range of one of them, so that a run never makes a cell that
    was not asked for.
    """
    if partitions_def is None:
        return None
    if at_once or partitions_def != SHARDS:
        return dg.BackfillPolicy.single_run()
    return dg.BackfillPolicy.multi_run(SHARDS_PER_RUN)


def cut_by_cost(asset: dg.AssetsDefinition, settings: Settings) -> dg.AssetsDefinition:
    """The asset, its backfills cut into a run a partition where a failure costs more than starting a run.

    That is where an endpoint is asked for every row: a partition takes minutes or hours, and what stops it (a refused
    request, a spent budget) should not take others along. Starting a run takes about six seconds, more than a
    partition with the embedded teacher, or than a comparison without a judge. What costs hardly more for all partitions
    than for one stays whole.
    """
    if any(spec.metadata.get(AT_ONCE) for spec in asset.specs):
        return asset
    asked = {kind for spec in asset.specs for kind in spec.metadata.get(ASKS, ())}
    if settings.teacher.kind == "embedded" or asset.partitions_def is None or not asked:
        return asset
    if asked == {CompareProblems.kind} and not settings.decontamination.judge:
        return asset
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)
        return asset.with_attributes(backfill_policy=dg.BackfillPolicy.multi_run(1))


def table_out(
    table: Table,
    *,
    group: str,
    rooms: tuple[str, ...],
    follows: tuple[str, ...] = (),
    kept_through: tuple[str, ...] = (),
    asks: tuple[type[Task[Any]], ...] = (),
    kinds: tuple[str, ...] = ("polars",),
) -> dg.AssetOut:
    """A table among those that one step makes together; the rest is as of :func:`table_asset`."""
    return dg.AssetOut(
        key=table.name,
        description=table.description,
        group_name=group,
        owners=OWNERS,
        kinds={*kinds, "ducklake"},
        metadata={**table_metadata(table), **making(rooms, follows, kept_through, asks)},
        io_manager_key="lake_io_manager",
    )


def table_asset(
    table: Table,
    *,
    group: str,
    rooms: tuple[str, ...],
    follows: tuple[str, ...] = (),
    kept_through: tuple[str, ...] = (),
    asks: tuple[type[Task[Any]], ...] = (),
    kinds: tuple[str, ...] = ("polars",),
    partitions_def: dg.PartitionsDefinition[Any] | None = None,
    ins: Mapping[str, dg.AssetIn] | None = None,
    pool: str | None = None,
    at_once: bool = False,
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """Declare the asset of a table of the lake.

    Every partition of a run goes through the function at once: a range of shards costs one process, one read and one
    transaction. `rooms` are the modules whose source is the code version, `follows` the sections of the settings that
    shape the rows, `kept_through` the inputs whose change does not make them stale, `asks` the tasks put to the
    teacher: an asset that asks one waits for its place in the teacher's pool. `at_once` says that all partitions cost
    hardly more than one, so that no run of them is cut.
    """

    def declare(function: Callable[..., Any]) -> dg.AssetsDefinition:
        words = inspect.getdoc(function) or table.description
        with warnings.catch_warnings():
            # Backfill policies are marked beta; the pinned release is tested with them.
            warnings.simplefilter("ignore", dg.BetaWarning)
            return dg.asset(
                name=table.name,
                description=f"{table.description}\n\n{words}",
                group_name=group,
                owners=OWNERS,
                kinds={*kinds, "ducklake"},
                metadata={**table_metadata(table), **making(rooms, follows, kept_through, asks, at_once)},
                partitions_def=partitions_def,
                backfill_policy=backfill_policy(partitions_def, at_once),
                ins=ins,
                pool=TEACHER_POOL if asks else pool,
                io_manager_key="lake_io_manager",
            )(retried(function))

    return declare
