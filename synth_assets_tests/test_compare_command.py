"""`synth-assets compare`: which documents it takes, what is equal for all, and a small comparison to its end."""

from pathlib import Path

import polars as pl
import pytest

from synth_assets.automation.comparing import CORPUS, Comparison, prepare
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings, load_settings, save_settings
from synth_assets.tables import DOCUMENTS, REFERENCE_DOCUMENTS
from synth_assets_tests.command_line import synth_assets
from synth_assets_tests.conftest import Road

METHODS = ("level_1", "persona")


def comparison(documents: int) -> Comparison:
    return Comparison(documents, METHODS, rounds=2, seeds=3, profile="smoke")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A lake of ten documents, of which the filter keeps those of even number."""
    folder = tmp_path / "source"
    lake = Lake(Settings().lake_in(folder))
    lake.create()
    rows = [
        {
            "shard": "a", "document_id": f"d{number}", "title": "", "text": f"Text {number}.", "url": None,
            "source": "a", "source_row": number, "content_hash": str(number), "characters": 7,
        }
        for number in range(10)
    ]  # fmt: skip
    lake.replace(DOCUMENTS, pl.DataFrame(rows, schema=DOCUMENTS.schema), [{"shard": "a"}])
    kept = [
        {"shard": "a", "document_id": f"d{number}", "score": 9.0, "classifier_version": "v"}
        for number in range(0, 10, 2)
    ]
    lake.replace(REFERENCE_DOCUMENTS, pl.DataFrame(kept, schema=REFERENCE_DOCUMENTS.schema), [{"shard": "a"}])
    lake.close()
    save_settings(Settings.model_validate({"generation": {"samples": 2}}), folder)
    return folder


def test_it_takes_documents_of_the_domain_always_the_same_and_all_where_there_are_fewer(
    source: Path, tmp_path: Path
) -> None:
    few, again, every = (tmp_path / name for name in ("few", "again", "every"))
    for folder, documents in ((few, 3), (again, 3), (every, 100)):
        prepare(source, folder, comparison(documents))
    taken = pl.read_parquet(few / CORPUS)
    assert taken.height == 3
    assert taken.equals(pl.read_parquet(again / CORPUS))
    assert pl.read_parquet(every / CORPUS).head(3).equals(taken)
    assert sorted(pl.read_parquet(every / CORPUS)["id"]) == ["d0", "d2", "d4", "d6", "d8"]


def test_all_but_the_method_is_that_of_the_lake_and_equal_for_all(source: Path, tmp_path: Path) -> None:
    settings = prepare(source, tmp_path / "compared", comparison(3))
    assert settings == load_settings(tmp_path / "compared")
    assert settings.generation.samples == 2
    assert (settings.generation.methods, settings.generation.rounds) == (METHODS, 2)
    assert (settings.students.training_sets, settings.students.seeds) == (METHODS, (0, 1, 2))
    assert settings.filter.threshold == 0, "every document taken is kept"


def test_what_was_changed_by_hand_in_the_comparison_stays(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "compared"
    before = prepare(source, folder, comparison(3))
    teacher = before.teacher.model_copy(update={"max_tokens_budget": 5_000})
    save_settings(before.model_copy(update={"teacher": teacher}), folder)
    assert prepare(source, folder, comparison(3)).teacher.max_tokens_budget == 5_000


def test_a_folder_with_other_documents_is_refused_by_name(source: Path, tmp_path: Path) -> None:
    prepare(source, tmp_path / "compared", comparison(3))
    with pytest.raises(SynthAssetsError, match=r"compared holds a comparison of other documents.*--out"):
        prepare(source, tmp_path / "compared", comparison(4))


def test_a_lake_without_documents_of_the_domain_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    Lake(Settings().lake_in(empty)).create()
    save_settings(Settings(), empty)
    with pytest.raises(SynthAssetsError, match="keeps no document of the domain yet"):
        prepare(empty, tmp_path / "compared", comparison(3))


@pytest.mark.slow
def test_the_command_compares_two_methods_on_the_documents_of_a_lake(road: Road, tmp_path: Path) -> None:
    chosen = [part for name in METHODS for part in ("--method", name)]
    folder = tmp_path / "compared"
    command = ("compare", "--lake", road.folder, "--out", folder, "--documents", "60", "--rounds", "2", *chosen)
    done = synth_assets(*command, "--seeds", "2", "--profile", "smoke")
    assert done.returncode == 0, done
    lake = Lake(load_settings(folder).lake_in(folder))
    kept = Lake(Settings().lake_in(road.folder)).row_count("reference_documents")
    assert lake.row_count("reference_documents") == min(60, kept)
    rows = lake.read("method_comparison").filter(pl.col("budget") > 0)
    assert sorted(rows["method"].unique()) == sorted(METHODS)
    assert rows["seeds"].unique().to_list() == [2]
    assert rows.group_by("student", "budget").agg(pl.col("method").n_unique())["method"].unique().to_list() == [2]
    pairs = lake.read("method_pairs")
    assert set(pairs.select("first", "second").iter_rows()) == {METHODS}
    assert all(name in done.stdout for name in METHODS)
    assert "The methods side by side" in (folder / "report" / "index.html").read_text()
