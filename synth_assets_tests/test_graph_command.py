"""The commands `graph` and `synonyms`, as a user runs them on files of concepts, without a lake."""

import json
from pathlib import Path

import networkx
import polars as pl
import pytest

from synth_assets.concepts.stage import concept_walks
from synth_assets_tests.concepts.five_documents import PAIRS, document_concepts, graph_tables
from synth_assets_tests.test_cli import invoked, refusal

COLUMNS = ["document_id", "topic", "key_concept"]


@pytest.fixture
def concepts(tmp_path: Path) -> Path:
    """The five documents, and a row that cannot be used."""
    path = tmp_path / "concepts.parquet"
    rows = [(document, topic, concept) for _, document, topic, concept in PAIRS]
    pl.DataFrame([*rows, ("b2", None, "x")], schema=COLUMNS, orient="row").write_parquet(path)
    return path


def made(concepts: Path, folder: Path, *options: str | Path) -> dict[str, object]:
    """What `graph --json` tells of the graph it wrote into `folder`."""
    result = invoked("graph", "--concepts", concepts, "--out", folder, "--json", *options)
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert isinstance(facts, dict)
    return facts


def test_the_folder_holds_the_graph_by_names_and_accounts_for_every_row(concepts: Path, tmp_path: Path) -> None:
    facts = made(concepts, tmp_path / "out")
    assert facts["rows"] == {"read": 10, "used": 9, "left_out": {"no_topic": 1}}
    assert (facts["documents"], facts["topics"], facts["key_concepts"]) == (5, 3, 5)
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(facts["files"])  # type: ignore[call-overload]
    nodes, edges = graph_tables()
    written = pl.read_parquet(tmp_path / "out" / "nodes.parquet")
    keys = ["kind", "name", "documents", "degree", "spellings"]
    assert written.select(keys).sort("kind", "name").equals(nodes.select(keys))
    assert written["documents"].is_sorted(descending=True)
    names = nodes.select("concept", "kind", "name")
    named = edges.join(names, left_on="source", right_on="concept").join(names, left_on="target", right_on="concept")
    expected = named.select("subgraph", "kind", "name", "kind_right", "name_right", "documents", "weight").rows()
    found = pl.read_parquet(tmp_path / "out" / "edges.parquet")
    assert sorted(found.rows()) == sorted(expected)
    assert found["documents"].is_sorted(descending=True)
    assert pl.read_parquet(tmp_path / "out" / "quarantine.parquet").select("row", "reason").rows() == [(9, "no_topic")]


def test_walks_are_those_of_the_road(concepts: Path, tmp_path: Path) -> None:
    facts = made(concepts, tmp_path / "out", "--walks", "3")
    walks = pl.read_parquet(tmp_path / "out" / "walks.parquet")
    road = concept_walks(*graph_tables(), document_concepts(), ["north", "south"], 3).rows.drop("shard")
    assert walks.sort("walk_id").equals(road.sort("walk_id"))
    assert facts["walks"] == 9
    made(concepts, tmp_path / "other", "--walks", "3", "--seed", "1", "--temperature", "2", "--coverage", "0.5")
    assert not pl.read_parquet(tmp_path / "other" / "walks.parquet").equals(walks)


def test_the_table_for_people_and_the_page_tell_the_same(concepts: Path, tmp_path: Path) -> None:
    result = invoked("graph", "--concepts", concepts, "--out", tmp_path / "out", "--walks", "2", "--graphml")
    told = dict(line.rsplit(maxsplit=1) for line in result.stdout.splitlines() if line.startswith(("rows", "walks")))
    assert told == {"rows read": "10", "rows used": "9", "rows left out, no_topic": "1", "walks": "6"}
    assert "the whole graph: 8 nodes, 15 edges" in result.stdout
    page = (tmp_path / "out" / "overview.html").read_text()
    assert page.count("<svg") == 3
    assert "<script" not in page and "http://www.w3.org" in page


def test_exports_hold_the_whole_graph_or_a_neighbourhood(concepts: Path, tmp_path: Path) -> None:
    made(concepts, tmp_path / "out", "--graphml", "--json-graph")
    assert networkx.read_graphml(tmp_path / "out" / "graph.graphml").number_of_edges() == 15
    facts = made(concepts, tmp_path / "out", "--json-graph", "--around", "Ratios.")
    assert str(facts["exported"]).startswith("'ratios' and its neighbours: 4 nodes")
    linked = json.loads((tmp_path / "out" / "graph.json").read_text())
    assert len(networkx.node_link_graph(linked, edges="edges")) == 4
    assert not (tmp_path / "out" / "graph.graphml").exists()  # of the first time: it would tell of another graph


def test_a_folder_it_did_not_make_is_left_alone_but_with_force(concepts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    sentence = refusal("graph", "--concepts", concepts, "--out", folder)
    assert f"{folder} is not empty" in sentence and "--force" in sentence
    made(concepts, folder, "--force")
    made(concepts, folder)  # now it is the command's own
    assert (folder / "thesis.txt").read_text() == "years of work"
    assert (folder / "nodes.parquet").exists() and not (folder / ".unfinished").exists()


def test_names_of_documents_are_shown_as_text(tmp_path: Path) -> None:
    path = tmp_path / "concepts.parquet"
    rows = [("d", "<script>alert(1)</script>", "rate & <b>share</b>"), ("d", "=cmd()", "rate")]
    pl.DataFrame(rows, schema=COLUMNS, orient="row").write_parquet(path)
    made(path, tmp_path / "out", "--walks", "1")
    page = (tmp_path / "out" / "overview.html").read_text()
    assert "<script" not in page and "<b>share" not in page and "&lt;script&gt;" in page


def test_accepted_synonyms_are_merged_and_the_merges_listed(concepts: Path, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.csv"
    file.write_text("kind,name,same_as,accepted\ntopic,Ratios,fractions,yes\ntopic,never seen,fractions,yes\n")
    facts = made(concepts, tmp_path / "out", "--synonyms", file)
    merged = pl.read_csv(tmp_path / "out" / "merges.csv")
    assert merged.rows() == [("topic", "ratios", 2, "fractions", 4, "person")]
    assert "topic 'never seen'" in str(facts["notes"])


def test_proposed_synonyms_are_written_and_decisions_kept(tmp_path: Path) -> None:
    path, file = tmp_path / "concepts.parquet", tmp_path / "synonyms.csv"
    rows = [(1, "centre of mass", "lever"), (2, "center of mass", "lever"), (2, "center of mass", "cosine rule")]
    pl.DataFrame([*rows, (3, "waves", "sine rule")], schema=COLUMNS, orient="row").write_parquet(path)
    proposing = ("synonyms", "propose", "--concepts", path, "--out", file, "--least-similarity", "0.5")
    shown = invoked(*proposing).stdout
    assert "Pairs proposed: 2; decided on before: 0" in shown
    proposed = pl.read_csv(file)
    assert sorted(proposed.select("name", "same_as").rows()) == [
        ("centre of mass", "center of mass"),
        ("cosine rule", "sine rule"),
    ]
    accepted = pl.when(pl.col("name") == "cosine rule").then(pl.lit("no")).otherwise(pl.lit("yes"))
    proposed.with_columns(accepted.alias("accepted")).write_csv(file)
    again = json.loads(invoked(*proposing, "--json").stdout)
    assert {row["name"]: row["accepted"] for row in again} == {"cosine rule": "no", "centre of mass": "yes"}
    facts = made(path, tmp_path / "out", "--synonyms", file)
    assert (facts["topics"], facts["spellings_merged"]) == (2, 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--temperature", "2"), "--temperature shapes walks"),
        (("--walks", "1", "--temperature", "0"), "temperature = 0.0"),
        (("--around", "ratios"), "--around chooses what --graphml and --json-graph write"),
        (("--around", "nothing", "--graphml"), "no topic or key concept 'nothing'"),
        (("--lake", "somewhere"), "--concepts and --lake name two sources"),
        (("--synonyms", "none.csv"), "there is no file none.csv"),
    ],
)
def test_options_that_do_not_go_together_are_named(
    options: tuple[str, ...], said: str, concepts: Path, tmp_path: Path
) -> None:
    result = invoked("graph", "--concepts", concepts, "--out", tmp_path / "out", *options)
    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out" / "nodes.parquet").exists()


@pytest.mark.parametrize(
    "options", [("--walks", "2"), ("--seed", "1"), ("--drop-singletons",), ("--synonyms", "x.csv")], ids=lambda o: o[0]
)
def test_of_a_lake_what_shapes_the_graph_is_in_its_settings(options: tuple[str, ...], tmp_path: Path) -> None:
    sentence = refusal("graph", "--lake", tmp_path, "--out", tmp_path / "out", *options)
    assert sentence.startswith(f"{options[0]} goes with --concepts")
    assert "synth.toml" in sentence


def test_an_embedder_that_lacks_its_model_is_told(concepts: Path, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.csv"
    sentence = refusal("synonyms", "propose", "--concepts", concepts, "--out", file, "--embedder", "endpoint")
    assert sentence.startswith("--embedder endpoint:") and "--embedder-model" in sentence
