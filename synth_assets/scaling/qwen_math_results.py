"""Results of Qwen2.5-Math's evaluation: `<model>/[math_eval/]<data set>/..._metrics.json`, one accuracy a file.

Model and data set are told by the folders. The seed in the file's name is that of the sampling of answers; it tells
repeated evaluations apart where no other seed is given.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from synth_assets.scaling.result_rows import ResultRow

SUFFIX = "_metrics.json"
"""How the names of these files end."""

_BETWEEN = ("math_eval", "outputs", "output")
"""Folders that the evaluation's scripts put between the model's and the data set's."""


def is_qwen_math(document: Mapping[str, Any]) -> bool:
    """Whether a JSON document is the metrics of a data set."""
    return "acc" in document and "num_samples" in document


def qwen_math_rows(path: str, document: Mapping[str, Any]) -> Iterator[ResultRow]:
    """The one row of a file; `acc` is in percent there, of all questions."""
    folders = PurePosixPath(path.partition("://")[2] or path).parts[:-1]
    data_set = folders[-1] if folders else "math"
    above = [folder for folder in folders[:-1] if folder not in (*_BETWEEN, "/")]
    accuracy = document["acc"]
    seed = re.search(r"_seed(\d+)_", PurePosixPath(path).name)
    is_number = isinstance(accuracy, int | float) and not isinstance(accuracy, bool) and 0 <= accuracy <= 100
    yield ResultRow(
        place=f"{data_set}, acc",
        metric=f"{data_set}.error",
        value=(100.0 - accuracy) / 100.0 if is_number else str(accuracy),
        model=above[-1] if above else None,
        seed=seed[1] if seed else None,
    )
