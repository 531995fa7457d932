"""The commands that look after a lake: `maintain`, `diff` and `verify`. Thin, as `cli.py`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from synth_assets.command_output import AsJson, LakeFolder, example, opened_lake, out, show, told_plainly
from synth_assets.errors import SynthAssetsError

app = typer.Typer()


@app.command(epilog=example("synth-assets maintain --lake my-lake --dry-run"))
def maintain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    lake: LakeFolder = Path("lake"),
    json_: AsJson = False,
) -> None:
    """Merge small files, expire snapshots past lake.keep_snapshots_days, remove files that nothing needs.

    Others may read and write the lake meanwhile. The asset lake_maintenance does the same in Dagster.
    """
    with told_plainly():
        from synth_assets.lake.maintenance import maintain as maintained
        from synth_assets.lake.maintenance import planned, with_earlier_runs

        opened = opened_lake(lake)
        if dry_run:
            plan = planned(opened).facts
            if json_:
                typer.echo(json.dumps(plan))
            else:
                for what, which in plan.items():
                    named = ", ".join(map(str, which[:10])) + (", ..." if len(which) > 10 else "")
                    out.print(f"{what.replace('_', ' ')}: {len(which)} {named}".rstrip(), markup=False, highlight=False)
            return
        done = maintained(opened)
        opened.replace("lake_maintenance", with_earlier_runs(opened, done.rows), message="synth-assets maintain")
    show(done.rows.drop("maintained_at"), json_)
    if done.foreign:
        typer.echo(f"synth-assets: {done.warning}", err=True)


@app.command(epilog=example("synth-assets diff training_qa 41 57 --rows 5 --lake my-lake"))
def diff(
    table: Annotated[str, typer.Argument(help="A table of the lake.")],
    earlier: Annotated[str, typer.Argument(metavar="SNAPSHOT", help="The earlier state: a snapshot, or a time.")],
    later: Annotated[str, typer.Argument(metavar="SNAPSHOT", help="The later state: the same.")],
    by: Annotated[
        str | None, typer.Option(metavar="COLUMNS", help="Partition columns to count by, e.g. method,shard; all.")
    ] = None,
    rows: Annotated[int, typer.Option(min=0, metavar="N", help="Also show so many of the rows of each kind.")] = 0,
    lake: LakeFolder = Path("lake"),
    json_: AsJson = False,
) -> None:
    """Rows added, removed and changed (the same key, other content) between two snapshots, by method and shard.

    A time is written as 2026-11-28T08:00, in UTC unless it says otherwise, and means the state at that time.
    """
    with told_plainly():
        from synth_assets.lake.differences import difference, snapshot_named

        opened = opened_lake(lake)
        first, last = snapshot_named(opened, earlier), snapshot_named(opened, later)
        if first > last:
            raise SynthAssetsError(f"Snapshot {first} is the later one of the two: write {last} {first}.")
        found = difference(opened, table, first, last)
        counted = found.counts_by([column.strip() for column in by.split(",")] if by is not None else None)
        examples = found.examples(rows) if rows else None
    if json_:
        facts = {"table": table, "earlier": first, "later": last, **found.totals, "by": counted.to_dicts()}
        if examples is not None:
            facts["rows"] = examples.to_dicts()
        typer.echo(json.dumps(facts, default=str, ensure_ascii=False))
        return
    show(counted, as_json=False)
    out.print(f"\n{found.said}", markup=False, highlight=False)
    if examples is not None and examples.height:
        out.print()
        show(examples, as_json=False)


@app.command(epilog=example("synth-assets verify --lake my-lake"))
def verify(lake: LakeFolder = Path("lake"), json_: AsJson = False) -> None:
    """Read every partition and compare it with what was committed; exit status 1 where one is damaged."""
    with told_plainly():
        from synth_assets.lake.verifying import damaged_partitions

        found = damaged_partitions(opened_lake(lake))
        if found.is_empty() and not json_:
            out.print("Every partition holds what was committed.")
            return
        show(found, json_)
        if not found.is_empty():
            raise typer.Exit(1)
