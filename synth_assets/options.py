"""Options of the command line that change settings: what they are called, and how they are put onto the settings.

`run` saves the result in synth.toml, `estimate` only looks at it.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from synth_assets.corpus.benchmarks import BenchmarkFile
from synth_assets.corpus.known_benchmarks import named_benchmark
from synth_assets.errors import SynthAssetsError
from synth_assets.settings import Settings, usable


@dataclass(frozen=True)
class SettingOptions:
    """What the command line says about the settings; None leaves a setting as it is."""

    corpus: Annotated[
        list[str] | None,
        typer.Option("--corpus", metavar="GLOB", help="Files: .parquet, .jsonl, .jsonl.gz or .txt; repeatable."),
    ] = None
    benchmark: Annotated[
        list[str] | None,
        typer.Option(
            "--benchmark",
            metavar="NAME=PATH",
            help="Test items to stay clear of: .jsonl, .jsonl.gz, .parquet or .csv; repeatable.",
        ),
    ] = None
    method: Annotated[
        list[str] | None,
        typer.Option(
            "--method",
            metavar="NAME",
            help="Write questions by these methods only, for example --method level_3 --method persona; repeatable.",
        ),
    ] = None
    rounds: Annotated[
        int | None, typer.Option(min=1, help="How often each document and walk is asked for other questions.")
    ] = None
    samples: Annotated[int | None, typer.Option(min=1, help="Answers to each question, put to the vote.")] = None
    judge: Annotated[
        bool | None, typer.Option("--judge/--no-judge", help="A second opinion of the teacher on each answer.")
    ] = None
    profile: Annotated[
        str | None, typer.Option(metavar="NAME", help="Students' profile: quick, compare, or smoke for a trial.")
    ] = None
    teacher: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="embedded (rules, no network), openai (any such endpoint) or vllm."),
    ] = None
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Model as the endpoints name it; for vllm a path or a name.")
    ] = None
    revision: Annotated[
        str | None, typer.Option(metavar="MARK", help="Your mark for the model's version; a new one asks all again.")
    ] = None
    base_url: Annotated[
        list[str] | None, typer.Option("--base-url", metavar="URL", help="Endpoint of the model; repeatable.")
    ] = None
    api_key_env: Annotated[str | None, typer.Option(metavar="VAR", help="Environment variable that holds the key.")] = (
        None
    )
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Most requests on their way at once, over all endpoints.")
    ] = None
    price: Annotated[
        str | None, typer.Option(metavar="PROMPT,COMPLETION", help="Prices of a million tokens, for example 0.15,0.60.")
    ] = None
    max_tokens_budget: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Most tokens all runs of this lake may use.")
    ] = None
    max_cost: Annotated[
        float | None, typer.Option(metavar="X", help="Most money all runs of this lake may cost; needs --price.")
    ] = None
    tokenizer: Annotated[
        str | None, typer.Option(metavar="PATH", help="The model's tokenizer, for exact prompt tokens.")
    ] = None
    embedder: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="Vectors for the filter: hashed, endpoint or sentence-transformers."),
    ] = None
    embedder_model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its model: as the endpoints name it, or a folder.")
    ] = None
    embedder_url: Annotated[
        list[str] | None, typer.Option("--embedder-url", metavar="URL", help="Its endpoint; repeatable.")
    ] = None
    vllm_arg: Annotated[
        list[str] | None,
        typer.Option("--vllm-arg", metavar="ARG", help="Passed to vllm serve, for example --tensor-parallel-size=4."),
    ] = None
    vllm_command: Annotated[
        str | None, typer.Option(metavar="PATH", help="The vllm program, where it is not on the PATH.")
    ] = None

    def onto(self, settings: Settings, new: bool) -> Settings:
        """The settings of a lake, `new` or not, with these options. Raises SynthAssetsError for unusable ones."""
        changes = settings.model_dump()
        if self.corpus:
            changes["corpus"]["sources"] = tuple(_absolute(glob) for glob in self.corpus)
            if new:
                changes["benchmarks"] = {}  # the sample's benchmark goes with the sample
        if self.benchmark:
            changes["benchmarks"] = dict(_with_columns(*_named_path(pair), settings) for pair in self.benchmark)
        methods = tuple(self.method) if self.method else None
        _set(changes["generation"], methods=methods, rounds=self.rounds, samples=self.samples, judge=self.judge)
        _set(changes["students"], profile=self.profile)
        _set(
            changes["teacher"],
            kind=self.teacher,
            model=self.model,
            revision=self.revision,
            base_urls=tuple(self.base_url) if self.base_url else None,
            api_key_env=self.api_key_env,
            concurrency=self.concurrency,
            max_tokens_budget=self.max_tokens_budget,
            max_cost=self.max_cost,
            tokenizer=self.tokenizer,
        )
        if self.teacher is None and (self.base_url or self.vllm_arg):
            changes["teacher"]["kind"] = "openai" if self.base_url else "vllm"
        _set(
            changes["filter"]["embedder"],
            kind="endpoint" if self.embedder is None and self.embedder_url else self.embedder,
            model=self._embedding_model(),
            base_urls=tuple(self.embedder_url) if self.embedder_url else None,
        )
        if self.price is not None:
            prompt, completion = _prices(self.price)
            _set(changes["teacher"], price_prompt=prompt, price_completion=completion)
        _set(
            changes["teacher"]["vllm"], args=tuple(self.vllm_arg) if self.vllm_arg else None, command=self.vllm_command
        )
        return usable(changes, "These settings cannot be used")

    def _embedding_model(self) -> str | None:
        """The embedder's model: a folder by its whole path, since settings are read in other folders too."""
        if self.embedder_model is None or not Path(self.embedder_model).is_dir():
            return self.embedder_model
        return str(Path(self.embedder_model).absolute())


def with_setting_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command with every field of :class:`SettingOptions` as an option; it gets them as its argument `options`."""

    @wraps(command)
    def called(**arguments: Any) -> None:
        options = SettingOptions(**{field.name: arguments.pop(field.name) for field in fields(SettingOptions)})
        command(options=options, **arguments)

    hints = get_type_hints(SettingOptions, include_extras=True)
    of_settings = [
        inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hints[field.name])
        for field in fields(SettingOptions)
    ]
    own_hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=own_hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name != "options"
    ]
    called.__signature__ = inspect.Signature([*of_settings, *own])  # type: ignore[attr-defined]  # typer reads it
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in (*of_settings, *own)}
    return called


def _set(section: dict[str, object], **values: object) -> None:
    section.update({name: value for name, value in values.items() if value is not None})


def _absolute(path: str) -> str:
    return path if "://" in path else str(Path(path).absolute())


def _named_path(pair: str) -> tuple[str, str]:
    name, equals, path = pair.partition("=")
    if not equals or not name or not path:
        known = named_benchmark(name)
        example = f"{name}={known.address}" if known and known.address else "gsm8k=gsm8k/test.jsonl"
        raise SynthAssetsError(f"--benchmark {pair}: write NAME=PATH, for example {example}.")
    return name, _absolute(path)


def _with_columns(name: str, path: str, settings: Settings) -> tuple[str, str | BenchmarkFile]:
    """A benchmark by its path, with the columns that synth.toml names for one of that name."""
    written = settings.benchmarks.get(name)
    return name, path if written is None or isinstance(written, str) else written.model_copy(update={"path": path})


def _prices(written: str) -> tuple[float, float]:
    try:
        prompt, completion = (float(price) for price in written.split(","))
    except ValueError as error:
        raise SynthAssetsError(
            f"--price {written}: write the price of a million prompt tokens and of a million completion tokens, "
            "for example 0.15,0.60."
        ) from error
    return prompt, completion
