"""The commands that clean any file without a lake: `decontaminate`, `dedup`, `benchmarks`. Thin, as `cli.py`."""

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth_assets.command_output import AsJson, example, out, show, told_plainly, writable

if TYPE_CHECKING:
    from synth_assets.cleaning_command import Cleaned

app = typer.Typer(rich_markup_mode=None)

File = Annotated[Path, typer.Argument(help="Parquet or JSONL (also .gz) with a column of questions.")]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder to write to.")]
QuestionColumn = Annotated[
    str | None, typer.Option(metavar="C", help="Column of the questions; question, problem, prompt, ... otherwise.")
]
AnswerColumn = Annotated[
    str | None, typer.Option(metavar="C", help="Column of the answers, if any; answer, solution, ... otherwise.")
]
SentenceModel = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="A sentence-transformers model, to compare meanings as well.")
]
Force = Annotated[bool, typer.Option("--force", help="Write into a folder that holds other files.")]


@app.command(
    epilog=example(
        "synth-assets decontaminate train.jsonl --against gsm8k=gsm8k/test.jsonl \\\n"
        "    --against math=math/test.parquet --out clean/"
    )
)
def decontaminate(
    file: File,
    against: Annotated[list[str], typer.Option(metavar="NAME=PATH", help="A benchmark to stay clear of; repeatable.")],
    directory: OutFolder,
    preset: Annotated[str, typer.Option(help="Rules: ladder, gpt3-13gram, qwen, tulu3, llama or strict.")] = "ladder",
    question_column: QuestionColumn = None,
    answer_column: AnswerColumn = None,
    sentence_model: SentenceModel = None,
    force: Force = False,
    json_: AsJson = False,
) -> None:
    """Clean any file of what is too near to benchmarks, without a lake.

    Writes the clean rows, the removed rows with rule, score and span, all matches, summary.json and report.html.
    """
    with told_plainly(), redirect_stdout(sys.stderr if json_ else sys.stdout):
        from synth_assets import cleaning_command as cleaning

        ladder, benchmarks = cleaning.ladder_named(preset), cleaning.named_files(against)
        cleaning.output_of(directory, cleaning.DECONTAMINATE).refuse_foreign(force)
        cleaned = cleaning.decontaminate(
            file,
            benchmarks,
            writable(directory, "--out"),
            ladder=ladder,
            preset=preset,
            question_column=question_column,
            answer_column=answer_column,
            sentence_model=sentence_model,
        )
    _show_cleaned(cleaned, json_)


@app.command(epilog=example("synth-assets dedup train.jsonl --out distinct/"))
def dedup(
    file: File,
    directory: OutFolder,
    similarity: Annotated[
        float, typer.Option(min=0.1, max=1.0, help="Jaccard similarity of two questions to drop the later one.")
    ] = 0.8,
    question_column: QuestionColumn = None,
    answer_column: AnswerColumn = None,
    sentence_model: SentenceModel = None,
    cosine: Annotated[float, typer.Option(min=0.1, max=1.0, help="The same of its vectors.")] = 0.95,
    force: Force = False,
    json_: AsJson = False,
) -> None:
    """Drop the questions of any file that repeat an earlier one, exactly or nearly, without a lake.

    Questions whose numbers and final answers differ are two problems, however alike their words. Writes the kept rows,
    the dropped rows with the row kept in their place, summary.json and report.html.
    """
    with told_plainly(), redirect_stdout(sys.stderr if json_ else sys.stdout):
        from synth_assets import cleaning_command as cleaning

        cleaning.output_of(directory, cleaning.DEDUP).refuse_foreign(force)
        cleaned = cleaning.dedup(
            file,
            writable(directory, "--out"),
            similarity=similarity,
            cosine=cosine,
            question_column=question_column,
            answer_column=answer_column,
            sentence_model=sentence_model,
        )
    _show_cleaned(cleaned, json_)


@app.command(epilog=example("synth-assets benchmarks"))
def benchmarks(json_: AsJson = False) -> None:
    """Well-known benchmarks: where they come from, and the columns that are read of them. None is bundled."""
    from synth_assets.corpus.known_benchmarks import known_benchmarks_table

    show(known_benchmarks_table(), json_)


def _show_cleaned(cleaned: "Cleaned", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"out": str(cleaned.folder), **cleaned.facts}, ensure_ascii=False))
        return
    show(cleaned.figures, as_json=False)
    out.print(f"\nLook at {cleaned.folder / 'report.html'}", markup=False, highlight=False)
