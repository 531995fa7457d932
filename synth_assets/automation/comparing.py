"""A lake of its own in which methods are compared: the same documents of the domain, and all but the method equal.

What lives here: which documents, and the settings of that lake. Making it is `running.py`'s business, what is found
`comparison/`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.seeds import seed_of
from synth_assets.settings import SETTINGS_FILE, Settings, load_settings, save_settings

CORPUS = Path("corpus", "documents.parquet")
"""File of the comparison's folder with its documents."""

_KEPT = """select d.document_id as id, d.title, d.text, d.url
    from documents d semi join reference_documents using (document_id)"""


@dataclass(frozen=True)
class Comparison:
    """What is compared.

    Attributes:
        documents: At most so many documents of the domain are taken.
        methods: The methods.
        rounds: How often each document and walk is asked: more rounds, more questions a document.
        seeds: Students of each method and budget.
        profile: Their sizes, budgets and schedule.
    """

    documents: int
    methods: Sequence[str]
    rounds: int
    seeds: int
    profile: str


def prepare(source: Path, folder: Path, chosen: Comparison) -> Settings:
    """Write the corpus and the settings of a comparison into `folder`: its settings.

    The documents are those that the lake in `source` keeps, the first in the order of a hash of their ids, so that the
    same lake always gives the same. Teacher, benchmarks and all else are as in that lake when the folder is prepared
    first, and as in the folder's own settings afterwards. Raises SynthAssetsError where the lake keeps no document, and
    where the folder holds a comparison of others.
    """
    earlier, file = load_settings(source), folder / CORPUS
    rows = _documents(Lake(earlier.lake_in(source)), source, chosen.documents)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_suffix(".writing")
        rows.write_parquet(aside)
        aside.replace(file)
    elif not pl.read_parquet(file, columns=["id"])["id"].equals(rows["id"]):
        raise SynthAssetsError(
            f"{folder} holds a comparison of other documents: go on with it by `synth-assets run --lake {folder}`, "
            "or choose another folder with --out."
        )
    settings = _settings(load_settings(folder) if (folder / SETTINGS_FILE).exists() else earlier, file, chosen)
    save_settings(settings, folder)
    return settings


def _documents(lake: Lake, source: Path, most: int) -> pl.DataFrame:
    try:
        kept = lake.query(_KEPT)
    finally:
        lake.close()
    if kept.is_empty():
        raise SynthAssetsError(
            f"The lake {source} keeps no document of the domain yet: run `synth-assets run --lake {source}` first, "
            "or materialise reference_documents."
        )
    places = [seed_of("compared", name) for name in kept["id"]]
    return kept.with_columns(pl.Series("place", places)).sort("place", "id").head(most).drop("place")


def _settings(earlier: Settings, file: Path, chosen: Comparison) -> Settings:
    written = earlier.model_dump(mode="json")
    written["corpus"] |= {"sources": [str(file)]}
    # They were chosen by the filter of the other lake: here every one is kept, by the lowest threshold there is.
    written["filter"] |= {"threshold": 0.0}
    written["generation"] |= {"methods": list(chosen.methods), "rounds": chosen.rounds}
    written["students"] |= {
        "profile": chosen.profile,
        "training_sets": list(chosen.methods),
        "seeds": list(range(chosen.seeds)),
    }
    written["observations"] = {}
    written["training"] = {}
    written["lake"] = {}
    return Settings.model_validate(written)
