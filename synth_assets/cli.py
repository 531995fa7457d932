"""The command line: run, estimate, ui, status, sql, trace, export, graph. Thin; what each does lives in the rooms."""

import json
import os
import sys
from contextlib import redirect_stdout
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth_assets.cleaning_cli import app as cleaning_app
from synth_assets.command_output import (
    AsJson,
    LakeFolder,
    example,
    existing,
    opened_lake,
    out,
    show,
    told_plainly,
    writable,
)
from synth_assets.compare_cli import app as compare_app
from synth_assets.errors import SynthAssetsError
from synth_assets.fit_cli import app as fit_app
from synth_assets.generators_cli import app as generators_app
from synth_assets.maintenance_cli import app as maintenance_app
from synth_assets.observations_cli import app as observations_app
from synth_assets.options import SettingOptions, with_setting_options
from synth_assets.settings import SETTINGS_FILE, load_settings
from synth_assets.study_cli import app as study_app

if TYPE_CHECKING:
    from collections.abc import Mapping


app = typer.Typer(
    help="SynthLLM as Dagster assets: from a corpus to a clean synthetic QA set and its scaling laws.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

synonyms_app = typer.Typer(
    help="Names that may mean the same: proposed here, accepted by a person, merged in the graph.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(synonyms_app, name="synonyms")
app.add_typer(cleaning_app)
app.add_typer(fit_app)
app.add_typer(study_app)
app.add_typer(compare_app)
app.add_typer(generators_app)
app.add_typer(maintenance_app)
app.add_typer(observations_app, name="observations")

ConceptFiles = Annotated[
    str | None,
    typer.Option("--concepts", metavar="GLOB", help="Parquet with document_id, topic, key_concept, not a lake."),
]


class ExportFormat(StrEnum):
    """Layouts trainers read."""

    messages = "messages"
    prompt_completion = "prompt-completion"
    sharegpt = "sharegpt"
    alpaca = "alpaca"


@app.command(
    epilog=example(
        "synth-assets run --corpus 'books/*.parquet' \\\n    --benchmark gsm8k=gsm8k/test.jsonl --lake my-lake"
    )
)
@with_setting_options
def run(options: SettingOptions, lake: LakeFolder = Path("lake")) -> None:
    """Materialise every asset, from the corpus to the report. Without --corpus: the lake's own, or the sample.

    What was answered or trained before under the same settings is not done again. All settings stand in
    <lake>/synth.toml afterwards and may be edited there.
    """
    with told_plainly():
        from synth_assets.automation.running import run_everything

        folder = writable(lake)
        new = not (folder / SETTINGS_FILE).exists()
        run_everything(folder, options.onto(load_settings(folder), new), out)


@app.command(
    epilog=example(
        "synth-assets estimate --corpus 'books/*.parquet' --teacher openai --base-url http://gpu1:8000/v1 \\\n"
        "    --model qwen --price 0.15,0.60 --throughput 5000 --lake my-lake"
    )
)
@with_setting_options
def estimate(
    options: SettingOptions,
    throughput: Annotated[
        float | None, typer.Option(metavar="TOKENS", help="Completion tokens a second over all endpoints, for hours.")
    ] = None,
    partitions: Annotated[bool, typer.Option("--partitions", help="A row a partition, not only a stage.")] = False,
    lake: LakeFolder = Path("lake"),
    json_: AsJson = False,
) -> None:
    """What a run with these options would ask, and cost: requests, tokens, money, hours. Nothing is asked or written.

    What the lake has answers for is not counted again. Exact where the inputs of a stage exist; otherwise built on
    assumptions, which are printed below the table.
    """
    with told_plainly():
        from synth_assets.automation.estimating.estimate import estimate_of

        folder = lake.absolute()
        new = not (folder / SETTINGS_FILE).exists()
        estimated = estimate_of(folder, options.onto(load_settings(folder), new), throughput)
        if json_:
            typer.echo(estimated.as_json())
            return
        show(estimated.shown(by_partition=partitions), as_json=False)
        for note in estimated.notes:
            out.print(f"- {note}", markup=False, highlight=False)


@app.command(epilog=example("synth-assets ui --lake my-lake --port 3000"))
def ui(
    lake: LakeFolder = Path("lake"),
    port: Annotated[int, typer.Option(help="Port of the web server.")] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on; only this machine by default.")] = "127.0.0.1",
) -> None:
    """Open the Dagster UI (web server and daemon) on a lake. Stop it with Ctrl-C."""
    from synth_assets.automation.instance import ui_command

    with told_plainly():
        folder = writable(lake)
        command, environment = ui_command(folder, host, port)
        out.print(f"Dagster UI on http://{host}:{port} for the lake {folder}; stop with Ctrl-C.")
        os.chdir(folder)
        # In place of this process, so that Ctrl-C lets Dagster stop its own processes and nothing cuts it short.
        os.execve(command[0], command, environment)


@app.command(epilog=example("synth-assets status --lake my-lake"))
def status(
    lake: LakeFolder = Path("lake"),
    all_: Annotated[
        bool, typer.Option("--all", help="A row for each fresh partition too, however many or empty; --json has all.")
    ] = False,
    json_: AsJson = False,
) -> None:
    """Each asset and partition: rows, age, and whether it is stale, missing or fresh."""
    from synth_assets.automation.status import status_of, summarised

    with told_plainly():
        folder = existing(lake)
        found = status_of(folder, load_settings(folder))
        show(found if all_ or json_ else summarised(found), json_)


@app.command(epilog=example('synth-assets sql "select method, count(*) from training_qa group by method"'))
def sql(
    query: Annotated[str, typer.Argument(help="A SELECT over the lake's tables and views (DuckDB's SQL).")],
    lake: LakeFolder = Path("lake"),
    as_of: Annotated[int | None, typer.Option(help="Read the lake as it was at this snapshot.")] = None,
    json_: AsJson = False,
) -> None:
    """Query the lake. Read only: nothing can be written, and nothing outside the lake read."""
    with told_plainly():
        show(opened_lake(lake).query(query, as_of=as_of), json_)


@app.command(epilog=example("synth-assets trace 3f2a9c0d11aa42b7 --lake my-lake"))
def trace(
    qa_id: Annotated[str, typer.Argument(help="A qa_id of training_qa or qa_pairs.")],
    lake: LakeFolder = Path("lake"),
    json_: AsJson = False,
) -> None:
    """Where a training example comes from: documents, concepts, walk, prompt, teacher, verdicts, training sets."""
    from synth_assets.lake.lineage import trace as trace_lineage

    with told_plainly():
        found = trace_lineage(opened_lake(lake), qa_id)
        if json_:
            typer.echo(found.model_dump_json(indent=2))
        else:
            from synth_assets.reports.tracing import as_text

            out.print(as_text(found), markup=False, highlight=False)


@app.command(epilog=example("synth-assets export --format messages --out data/ --lake my-lake"))
def export(
    format_: Annotated[ExportFormat, typer.Option("--format", help="Layout of the rows.")],
    directory: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    lake: LakeFolder = Path("lake"),
) -> None:
    """Write the training data with a Hugging Face dataset card; provenance stands beside the training fields."""
    from synth_assets.reports.exports import export_training_data

    with told_plainly():
        opened = opened_lake(lake)
        rows, questions = opened.read("training_qa"), opened.read("questions")
        for path in export_training_data(rows, questions, format_.value, writable(directory, "--out")):
            typer.echo(path)


@app.command(epilog=example("synth-assets graph --concepts concepts.parquet --out my-graph --walks 5 --graphml"))
def graph(
    context: typer.Context,
    directory: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    concepts: ConceptFiles = None,
    walks: Annotated[
        int | None, typer.Option(min=1, metavar="EPOCHS", help="Walks from each topic, with reference documents.")
    ] = None,
    temperature: Annotated[
        float | None, typer.Option(help="Edge weights are divided by it; 1 walks in proportion to counts.")
    ] = None,
    coverage: Annotated[float | None, typer.Option(help="Favours rare concepts in walks; 0 does nothing.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed, other walks; 0 is the road's.")] = None,
    drop_singletons: Annotated[
        bool, typer.Option("--drop-singletons", help="Leave out concepts that one document alone holds.")
    ] = False,
    synonyms: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Accepted synonyms to merge; see 'synonyms propose'.")
    ] = None,
    graphml: Annotated[bool, typer.Option("--graphml", help="Also write graph.graphml.")] = False,
    json_graph: Annotated[bool, typer.Option("--json-graph", help="Also write graph.json, node-link.")] = False,
    around: Annotated[
        str | None, typer.Option(metavar="NAME", help="Those two hold this concept's neighbourhood alone.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that holds other files.")] = False,
    lake: LakeFolder = Path("lake"),
    json_: AsJson = False,
) -> None:
    """The concept graph as files: of any Parquet of concepts, without a lake, or of a lake as it stands.

    Writes nodes, edges, walks, merged names, pictures, structure.json and overview.html. Of a lake the walks are its
    own, and options that shape the graph or the walks are settings of synth.toml.
    """
    with told_plainly(), redirect_stdout(sys.stderr if json_ else sys.stdout):
        from synth_assets.concepts.walks import WalkSettings
        from synth_assets.graph_command import tables_of_files, tables_of_lake
        from synth_assets.reports.graph_folder import Exports, graph_output, write_graph_folder

        if around is not None and not (graphml or json_graph):
            raise SynthAssetsError("--around chooses what --graphml and --json-graph write; give one of them or both.")
        exports = Exports(graphml, json_graph, around)
        graph_output(directory.absolute()).refuse_foreign(force)
        shaping = {"--temperature": temperature, "--coverage": coverage, "--seed": seed}
        if concepts is None:
            of_lake = {
                "--walks": walks,
                **shaping,
                "--drop-singletons": drop_singletons or None,
                "--synonyms": synonyms,
            }
            _refuse_given(of_lake, "goes with --concepts; the graph and the walks of a lake follow its synth.toml")
            tables = tables_of_lake(opened_lake(lake))
        else:
            _refuse_both(context)
            if walks is None:
                _refuse_given(shaping, "shapes walks; say how many with --walks EPOCHS")
            settings = WalkSettings(temperature=1.0 if temperature is None else temperature, coverage=coverage or 0.0)
            tables = tables_of_files(
                concepts,
                epochs=walks or 0,
                settings=settings,
                seed=seed or 0,
                drop_singletons=drop_singletons,
                synonyms=synonyms,
                around=around,
            )
        written = write_graph_folder(writable(directory, "--out"), tables, exports)
    if json_:
        typer.echo(json.dumps({"out": str(written.folder), **written.facts}, ensure_ascii=False))
        return
    show(written.figures, as_json=False)
    for note in (*tables.notes, written.exported):
        if note:
            out.print(f"- {note}", markup=False, highlight=False)
    out.print(f"\nLook at {written.folder / 'overview.html'}", markup=False, highlight=False)


class NameEmbedderKind(StrEnum):
    """What compares names."""

    hashed = "hashed"
    endpoint = "endpoint"
    sentence_transformers = "sentence-transformers"


@synonyms_app.command(epilog=example("synth-assets synonyms propose --lake my-lake --out my-lake/synonyms.csv"))
def propose(
    context: typer.Context,
    file: Annotated[Path, typer.Option("--out", metavar="CSV", help="File to write; decisions in it are kept.")],
    concepts: ConceptFiles = None,
    least_similarity: Annotated[
        float | None,
        typer.Option(min=0.3, max=1.0, help="Least cosine similarity; 0.7 of hashed names, else 0.85."),
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="Most pairs proposed, the most similar first.")] = 500,
    embedder: Annotated[NameEmbedderKind, typer.Option(help="What compares the names.")] = NameEmbedderKind.hashed,
    embedder_model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Model as the endpoint names it, or its folder.")
    ] = None,
    embedder_url: Annotated[
        list[str] | None, typer.Option("--embedder-url", metavar="URL", help="Endpoint of the model; repeatable.")
    ] = None,
    lake: LakeFolder = Path("lake"),
    json_: AsJson = False,
) -> None:
    """Propose near-synonyms in a file, for a person to write yes or no into its column accepted.

    What is accepted is merged by 'graph --synonyms CSV', and by the road where concepts.synonyms names the file.
    """
    with told_plainly(), redirect_stdout(sys.stderr if json_ else sys.stdout):
        from synth_assets.graph_command import (
            name_embedder,
            name_embedder_settings,
            names_of_files,
            names_of_lake,
            write_proposals,
        )

        opened = None
        if concepts is None:
            opened = opened_lake(lake)
            names, known = names_of_lake(opened), load_settings(lake.absolute()).filter.embedder
        else:
            _refuse_both(context)
            names, known = names_of_files(concepts), None
        wanted = name_embedder_settings(known, embedder.value, embedder_model, embedder_url)
        proposed = write_proposals(names, file.absolute(), name_embedder(wanted, opened), least_similarity, most)
    if json_:
        typer.echo(json.dumps(proposed.to_dicts(), ensure_ascii=False))
        return
    undecided = proposed["accepted"].null_count()
    out.print(
        f"Pairs proposed: {undecided:,}; decided on before: {proposed.height - undecided:,}. Write yes or no into the "
        f"column accepted of {file.absolute()}",
        markup=False,
        highlight=False,
    )


def _refuse_given(options: "Mapping[str, object]", why: str) -> None:
    """Raise SynthAssetsError naming the first option that was given."""
    given = next((option for option, value in options.items() if value is not None), None)
    if given is not None:
        raise SynthAssetsError(f"{given} {why}.")


def _refuse_both(context: typer.Context) -> None:
    source = context.get_parameter_source("lake")
    if source is not None and source.name == "COMMANDLINE":  # not the environment variable, nor the default
        raise SynthAssetsError("--concepts and --lake name two sources; give one of them.")


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
