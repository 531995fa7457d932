"""The registry of methods. A method is a class with a name that plans what a teacher is asked; see `method.py`."""

from collections.abc import Mapping

from synth_assets.errors import SynthAssetsError
from synth_assets.generation.methods.level_1 import Level1
from synth_assets.generation.methods.level_2 import Level2
from synth_assets.generation.methods.level_3 import Level3
from synth_assets.generation.methods.method import Method
from synth_assets.generation.methods.persona import PersonaQuestions
from synth_assets.generation.methods.rephrase import Rephrase
from synth_assets.generation.methods.targen import TarGen
from synth_assets.generation.methods.template import TemplateQuestions

METHODS: Mapping[str, Method] = {method.name: method for method in (Level1(), Level2(), Level3())}
"""Every method by name; the names are the partition keys of the `method` dimension."""

FURTHER_METHODS: Mapping[str, Method] = {
    method.name: method for method in (Rephrase(), PersonaQuestions(), TemplateQuestions(), TarGen())
}
"""The methods the levels are compared with. They are no partitions yet."""


def method_named(name: str) -> Method:
    """The method of that name. Raises SynthAssetsError listing the known ones."""
    known = {**METHODS, **FURTHER_METHODS}
    if name not in known:
        raise SynthAssetsError(f"There is no method {name!r}; choose among {', '.join(known)}.")
    return known[name]
