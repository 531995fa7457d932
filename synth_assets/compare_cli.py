"""The command that puts methods side by side: `compare`. Thin, as `cli.py`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth_assets.command_output import LakeFolder, example, existing, out, told_plainly, writable

if TYPE_CHECKING:
    from synth_assets.lake.lake import Lake

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog=example("synth-assets compare --lake my-lake --documents 500 --rounds 6 --out compared"))
def compare(
    folder: Annotated[Path, typer.Option("--out", help="Folder of the comparison, a lake of its own.")],
    lake: LakeFolder = Path("lake"),
    documents: Annotated[int, typer.Option(min=2, help="Documents, of those the lake keeps; all where fewer.")] = 2_000,
    method: Annotated[
        list[str] | None, typer.Option("--method", metavar="NAME", help="Compare these alone; repeatable.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often each document and walk is asked.")] = 6,
    seeds: Annotated[int, typer.Option(min=1, help="Students of each method, size and budget.")] = 3,
    profile: Annotated[
        str, typer.Option(help="Sizes and budgets: compare (two cores, minutes), quick or smoke.")
    ] = "compare",
    prepare_only: Annotated[
        bool, typer.Option("--prepare", help="Only write the documents and settings, for `estimate` and `run`.")
    ] = False,
) -> None:
    """Compare methods on the same documents: every method writes, one teacher answers, equal students are trained.

    Takes documents of the domain from a lake and makes everything else in --out, by the normal road: run it again to go
    on where it stopped. Ends with the errors at the largest budget of each method; the report in --out has the rest.
    """
    with told_plainly():
        from synth_assets.automation.comparing import Comparison, prepare
        from synth_assets.automation.running import run_everything
        from synth_assets.generation.methods import METHODS
        from synth_assets.lake.lake import Lake

        chosen = Comparison(documents, tuple(method or METHODS), rounds, seeds, profile)
        place = writable(folder, "--out")
        settings = prepare(existing(lake), place, chosen)
        if prepare_only:
            out.print(
                f"Prepared: synth-assets estimate --lake {place}, then synth-assets run --lake {place}",
                markup=False,
                highlight=False,
            )
            return
        run_everything(place, settings, out)
        show_errors(Lake(settings.lake_in(place)))


def show_errors(lake: "Lake") -> None:
    """Print the errors at the largest budget of each method, the least first among equal budgets."""
    from synth_assets.command_output import show

    found = lake.query(
        """select student, method, budget, seeds, questions, round(error, 4) as error, round(error_low, 4) as low,
                  round(error_high, 4) as high, round(answer_loss, 4) as answer_loss
           from method_comparison qualify budget = max(budget) over (partition by student, method)
           order by parameters, budget desc, error, method"""
    )
    out.print()
    show(found, as_json=False)
