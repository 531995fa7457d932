"""What `synth-assets generators` does, without the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synth_assets.ensemble.data import generators_of, make_data
from synth_assets.ensemble.page import Found, sentences, write_page
from synth_assets.errors import SynthAssetsError
from synth_assets.progress import tell
from synth_assets.settings import load_settings


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Attributes:
        draws: How often the teacher makes the data set; None where models are named, or for the default.
        models: Models of an endpoint in place of draws.
        student: Name of the students' size.
        seeds: Students of each generator.
        questions: Held-out questions in all.
        tokens: Unique tokens trained on; None: as many as the smallest data set has.
    """

    draws: int | None
    models: Sequence[str]
    student: str
    seeds: int
    questions: int
    tokens: int | None


@dataclass(frozen=True)
class Told:
    """How it ended."""

    page: Path
    found: Found

    @property
    def sentences(self) -> list[str]:
        """What each measure says, in words."""
        return [
            sentence
            for measure, ensemble in self.found.ensembles().items()
            for sentence in sentences(self.found, measure, ensemble)
        ]

    @property
    def facts(self) -> dict[str, object]:
        """The same for machines."""
        measures = {}
        for measure, ensemble in self.found.ensembles().items():
            low, high = ensemble.mean.interval
            measures[measure] = {
                "value": ensemble.mean.value,
                "low": low,
                "high": high,
                "widening": ensemble.widening,
                "naive_missed": sum(ensemble.missed),
                "pairs": ensemble.pairs,
                "pairs_told_apart": len(ensemble.told_apart),
            }
        return {
            "report": str(self.page),
            "generators": self.found.names,
            "tokens": self.found.layout.budget,
            "questions": self.found.layout.held_out.height,
            "measures": measures,
        }


def run(source: Path, folder: Path, wanted: Wanted) -> Told:
    """Make the data sets with the settings of the lake in `source`, train, ask and report; what is done is kept.

    Raises SynthAssetsError for wishes that cannot be met, and as a run of the road does.
    """
    from synth_assets.ensemble.layout import lay_out
    from synth_assets.ensemble.students import size_named, train_all

    if source == folder:
        raise SynthAssetsError("--out is the lake itself; name a folder of its own for the data sets.")
    size = size_named(wanted.student)
    settings = load_settings(source)
    generators = generators_of(settings, wanted.draws, wanted.models)
    data = make_data(source, folder, settings, generators, tell)
    layout = lay_out(data, wanted.questions, wanted.tokens)
    runs = train_all(folder, layout, size, wanted.seeds)
    found = Found(wanted.student, not wanted.models, layout, data, runs)
    return Told(write_page(folder, found), found)
