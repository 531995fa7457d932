"""Results of lm-evaluation-harness (EleutherAI): the `results_<date>.json` of a run, a row for each task and metric.

The layout is that of releases 0.4. The harness knows the model, and with `--model hf` its size; how much it was trained
on has to come from elsewhere (`given.py`). The seeds in the file are those of the evaluation, not of the training.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from synth_assets.scaling.result_rows import ResultRow, scaled

_MODEL_KEYS = ("peft", "delta", "pretrained", "model", "path", "engine")
"""Where the arguments of a model name it, the most particular first: an adapter rather than what it adapts."""

_RIGHT_ANSWERS = ("acc", "exact_match")
"""Metrics that are called the error of a task, not the error by that metric."""


def is_harness(document: Mapping[str, Any]) -> bool:
    """Whether a JSON document is the results of a run."""
    return isinstance(document.get("results"), dict) and ("configs" in document or "config" in document)


def harness_rows(document: Mapping[str, Any]) -> Iterator[ResultRow]:
    """A row for each metric of each task; `<task>.<filter>.error`, or without the filter where there is none.

    Metrics of which more is better become errors, 1 - metric (those in percent of 100). Standard errors are no metrics.
    """
    better = document.get("higher_is_better") or {}
    config = document.get("config") or {}
    model = document.get("model_name") or _model_of(config.get("model_args"))
    parameters = config.get("model_num_parameters")
    for task, metrics in sorted(document["results"].items()):
        higher = better.get(task) or {}
        for key, value in sorted(metrics.items()) if isinstance(metrics, dict) else ():
            metric, _, of_filter = key.partition(",")
            if metric in ("alias", "sample_len", "sample_count", "name") or metric.endswith("_stderr"):
                continue
            if isinstance(value, str) and not value.strip():
                continue  # a group whose tasks are not averaged
            more_is_better = bool(higher.get(metric, metric in _RIGHT_ANSWERS))
            called = metric
            if more_is_better:
                called = "error" if metric in _RIGHT_ANSWERS else f"{metric}_error"
            name = ".".join(part for part in (task, "" if of_filter == "none" else of_filter, called) if part)
            yield ResultRow(
                place=f"{task}, {key}",
                metric=name,
                value=1.0 - scaled(value) if more_is_better and _is_number(value) else value,
                model=str(model) if model else None,
                parameters=None if parameters in (None, 0, -1) else str(parameters),
            )


def _model_of(arguments: object) -> str | None:
    """The model's name in `model_args`: text such as `pretrained=a/b,dtype=auto`, or an object."""
    if isinstance(arguments, str):
        arguments = dict(pair.split("=", 1) for pair in arguments.split(",") if "=" in pair)
    if not isinstance(arguments, dict):
        return None
    return next((str(arguments[key]) for key in _MODEL_KEYS if arguments.get(key)), None)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
