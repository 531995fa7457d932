"""The registry of methods. A method is a class with a name that plans what a teacher is asked; see `method.py`."""

from collections.abc import Mapping

from synth_assets.errors import SynthAssetsError
from synth_assets.generation.methods.level_1 import Level1
from synth_assets.generation.methods.level_2 import Level2
from synth_assets.generation.methods.level_3 import Level3
from synth_assets.generation.methods.method import Method

METHODS: Mapping[str, Method] = {method.name: method for method in (Level1(), Level2(), Level3())}
"""Every method by name; the names are the partition keys of the `method` dimension."""


def method_named(name: str) -> Method:
    """The method of that name. Raises SynthAssetsError listing the known ones."""
    if name not in METHODS:
        raise SynthAssetsError(f"There is no method {name!r}; choose among {', '.join(METHODS)}.")
    return METHODS[name]
