"""The whole road from a corpus to the report, run as a user runs it, and its lake then asked with SQL."""

import os
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from synth_assets.lake.lake import Lake
from synth_assets.reports.funnel import FUNNEL
from synth_assets.settings import load_settings
from synth_assets.tables import TABLES
from synth_assets_tests.command_line import synth_assets, told_plainly
from synth_assets_tests.conftest import BAD_ROWS, PLANTED, Road

SHARED = Path(os.environ.get("SYNTH_ASSETS_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="module")
def lake(road: Road) -> Lake:
    return road.lake


def test_the_command_ends_well_after_two_kills_and_says_nothing_on_standard_error(road: Road) -> None:
    assert [kill.returncode for kill in road.kills] == [-9, -9]
    assert (road.done.returncode, road.done.stderr) == (0, "")


CONSERVED = {
    "reference_documents": ("select document_id from documents", "select document_id from reference_documents", "%"),
    "document_concepts": (
        "select document_id from reference_documents",
        "select distinct document_id from document_concepts",
        "%",
    ),
    "questions of level 1": (
        "select document_id from reference_documents",
        "select distinct documents[1] from questions where method = 'level_1'",
        "level_1|%",
    ),
    "questions of level 3": (
        "select walk_id from concept_walks",
        "select distinct walk_id from questions where method = 'level_3'",
        "level_3|%",
    ),
    "qa_pairs": ("select question_id from questions", "select qa_id from qa_pairs", "%"),
    "training_qa": ("select qa_id from qa_pairs", "select qa_id from training_qa", "%"),
    "training_sets": (
        "select qa_id from training_qa",
        "select qa_id from training_sets where training_set = 'all'",
        "all",
    ),
}
"""By stage: the ids that came in, those of them that went on, and the partitions of its quarantine."""


@pytest.mark.parametrize("stage", CONSERVED)
def test_what_comes_in_goes_on_or_into_quarantine(lake: Lake, stage: str) -> None:
    came, went, partitions = (lake.query(sql) if " " in sql else sql for sql in CONSERVED[stage])
    table = stage.partition(" ")[0]
    left = lake.query(f"select id from quarantine where stage = '{table}' and partition like '{partitions}'")
    assert came.height > 0
    assert sorted(came.to_series()) == sorted([*went.to_series(), *left.to_series()])


def test_every_line_of_the_corpus_is_a_document_or_in_quarantine(road: Road, lake: Lake) -> None:
    corpus = Path(road.arguments[1]).parent
    lines = sum(len(path.read_bytes().splitlines()) for path in corpus.iterdir())
    documents = lake.query("select count(*) from documents").item()
    assert lines == documents + len(BAD_ROWS)


def test_bad_rows_are_quarantined_with_their_reason_and_place(lake: Lake) -> None:
    found = lake.query("select reason, detail from quarantine where stage = 'documents'")
    assert sorted(found["reason"]) == sorted(reason for _, reason in BAD_ROWS)
    assert all(re.search(r"rows_with_faults\.jsonl, row \d: ", detail) for detail in found["detail"])


def test_planted_items_that_became_questions_are_found(lake: Lake) -> None:
    asked = lake.query(
        "select qa_id, pairs.question, unnest(documents) as document_id "
        "from qa_pairs pairs join questions on question_id = qa_id"
    )
    items = lake.query("select item_id, question as item from benchmark_items")
    together = PLANTED.join(items, on="item_id").join(asked, on="document_id")
    found = {tuple(row) for row in lake.query("select qa_id, item_id from contamination").iter_rows()}
    missed, reached = [], {"verbatim": 0, "numbers_changed": 0}
    for row in together.filter(pl.col("kind") != "rephrased").iter_rows(named=True):
        fold = row["kind"] == "numbers_changed"
        if _words(row["item"], fold) in _words(row["question"], fold):
            reached[row["kind"]] += 1
            missed += [row] if (row["qa_id"], row["item_id"]) not in found else []
    assert min(reached.values()) >= 3, reached
    assert not missed


def _words(text: str, fold_numbers: bool) -> str:
    words = " ".join(re.findall(r"\w+", text.lower()))
    return re.sub(r"\d+", "0", words) if fold_numbers else words


def test_no_training_row_is_contaminated_or_repeated(lake: Lake) -> None:
    for bad in ("contamination", "duplicates"):
        assert lake.query(f"select count(*) from training_qa semi join {bad} using (qa_id)").item() == 0


def test_every_training_row_leads_back_to_documents_of_the_corpus(lake: Lake) -> None:
    lost = lake.query(
        "select * from (select qa_id, unnest(documents) as document_id from training_qa) "
        "anti join documents using (document_id)"
    )
    assert lost.is_empty()
    assert lake.query("select count(*) from training_qa where len(documents) = 0").item() == 0


def test_questions_of_a_document_are_more_alike_at_level_2_than_at_level_1_unlike_the_papers(lake: Lake) -> None:
    """With the embedded teacher, whose questions of level 2 recombine few topics; docs/comparing.md explains it."""
    (said,) = lake.query(
        """select low, value, high from method_diversity
           where measure = 'document_similarity' and method = 'level_2' and against = 'level_1'"""
    ).rows()
    assert 0 < said[0] < said[1] < said[2] < 0.4
    combined = lake.read("method_diversity").filter(measure="concept_combinations", basis="questions")
    shares = dict(combined.select("method", "value").iter_rows())
    assert shares["level_2"] > 0.9 > shares["level_1"]


def test_report_and_command_line_tell_the_same_funnel(road: Road, lake: Lake) -> None:
    page = (road.folder / "report" / "index.html").read_text()
    for _, step, count in lake.query(FUNNEL).iter_rows():
        assert re.search(rf"{step} +{count:,}$", road.done.stdout, re.MULTILINE)
        assert step in page
        assert f"{count:,}" in page
    assert not re.search(r"""(?:src|href)=["']?https?://(?!example\.org|arxiv\.org)""", page)


def test_a_second_run_after_the_corpus_was_written_again_repeats_no_training_and_asks_nothing(road: Road) -> None:
    before = _paid_for(road.lake)
    for path in Path(road.arguments[1]).parent.iterdir():
        path.touch()
    again = synth_assets("run", *road.arguments)
    assert (again.returncode, again.stderr) == (0, "")
    assert "documents\n" in again.stdout  # read anew
    assert "student_runs, student_scores (fresh)" in again.stdout
    assert _paid_for(road.lake).equals(before)


def _paid_for(lake: Lake) -> pl.DataFrame:
    """Student runs with the time each took, and how often the teacher has answered."""
    responses = "(select count(*) from teacher_responses)"
    return lake.query(f"select run_id, seconds, error, {responses} as responses from student_runs order by run_id")


def test_a_file_that_breaks_later_is_named_and_loses_nothing(road: Road, tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    shutil.copytree(road.folder, folder)
    broken = Path(road.arguments[1]).parent / "broken.parquet"
    broken.write_bytes(b"PAR1 and then nothing of a Parquet file")
    try:
        sentence = told_plainly(synth_assets("run", "--corpus", f"{broken.parent}/*", "--lake", folder))
    finally:
        broken.unlink()
    assert str(broken) in sentence
    copy = Lake(load_settings(folder).lake_in(folder))
    for table in TABLES.values():
        assert copy.row_count(table) == road.lake.row_count(table), table.name


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no public corpora in {SHARED}")
def test_the_prealgebra_corpus_runs_against_three_public_benchmarks(tmp_path: Path) -> None:
    pl.scan_parquet(SHARED / "corpora" / "prealgebra.parquet").head(25).collect().write_parquet(tmp_path / "c.parquet")
    names = ("gsm8k", "svamp", "gaokao2023en")
    benchmarks = [part for name in names for part in ("--benchmark", f"{name}={SHARED}/benchmarks/{name}.jsonl")]
    folder = tmp_path / "lake"
    done = synth_assets("run", "--corpus", tmp_path / "c.parquet", *benchmarks, "--profile", "smoke", "--lake", folder)
    assert (done.returncode, done.stderr) == (0, "")
    lake = Lake(load_settings(folder).lake_in(folder))
    items = lake.query("select benchmark, count(*) > 300 from benchmark_items group by benchmark order by benchmark")
    assert items.rows() == [("gaokao2023en", True), ("gsm8k", True), ("svamp", True)]
    kept = lake.query("select count(*) from reference_documents").item()
    asked = lake.query("select count(distinct documents[1]) from questions where method = 'level_1'").item()
    assert kept >= 20
    assert asked >= 0.85 * kept
    assert lake.query("select count(*) from training_qa semi join contamination using (qa_id)").item() == 0
