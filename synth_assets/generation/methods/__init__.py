"""The registry of methods. A method is a class with a name that plans what a teacher is asked; see `method.py`."""

from collections.abc import Mapping

from synth_assets.errors import SynthAssetsError
from synth_assets.generation.methods.error_extrapolation import ROUNDS, ErrorExtrapolation
from synth_assets.generation.methods.level_1 import Level1
from synth_assets.generation.methods.level_2 import Level2
from synth_assets.generation.methods.level_3 import Level3
from synth_assets.generation.methods.method import Method
from synth_assets.generation.methods.persona import PersonaQuestions
from synth_assets.generation.methods.rephrase import Rephrase
from synth_assets.generation.methods.targen import TarGen
from synth_assets.generation.methods.template import TemplateQuestions

_LEVELS = (Level1(), Level2(), Level3())
_COMPARED_WITH_THEM = (Rephrase(), PersonaQuestions(), TemplateQuestions(), TarGen())
_ROUNDS = tuple(ErrorExtrapolation(number) for number in range(1, ROUNDS + 1))

METHODS: Mapping[str, Method] = {method.name: method for method in (*_LEVELS, *_COMPARED_WITH_THEM, *_ROUNDS)}
"""Every method by name; the names are the partition keys of the `method` dimension. The settings choose among them
(`generation.methods`)."""


def method_named(name: str) -> Method:
    """The method of that name. Raises SynthAssetsError listing the known ones."""
    if name not in METHODS:
        raise SynthAssetsError(f"There is no method {name!r}; choose among {', '.join(METHODS)}.")
    return METHODS[name]
