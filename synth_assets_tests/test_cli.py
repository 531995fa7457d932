"""The command line: what it prints, in which form, and the one sentence it has for everything that is wrong."""

import gzip
import json
import signal
from pathlib import Path

import polars as pl
import pytest
import yaml
from typer.testing import CliRunner, Result

from synth_assets.cli import app
from synth_assets.lake.lineage import Trace
from synth_assets.options import SettingOptions
from synth_assets.settings import SAMPLE, Settings
from synth_assets_tests.command_line import stopped_in_stage, synth_assets, told_plainly
from synth_assets_tests.conftest import Road

COMMANDS = ("run", "ui", "status", "sql", "trace", "export", "graph")
A_DOCUMENT = json.dumps({"id": "a", "text": "Three boats carry twelve nets; each boat carries four."})


def invoked(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refusal(*arguments: str | Path) -> str:
    """The one sentence of a command that ends with status 1 before Dagster has begun anything."""
    result = invoked(*arguments)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert result.stderr.startswith("synth-assets: ")
    assert len(result.stderr.splitlines()) == 1
    return result.stderr.removeprefix("synth-assets: ").strip()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "documents.jsonl"
    path.write_text(A_DOCUMENT)
    return path


# Help


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_ends_with_an_example(command: str) -> None:
    result = invoked(command, "--help")
    assert result.exit_code == 0
    example = result.stdout.split("Example:")[1]
    assert example.strip().startswith(f"synth-assets {command}")


def test_without_arguments_the_commands_are_listed() -> None:
    shown = invoked().output
    assert all(command in shown for command in COMMANDS)


# What cannot be done, told in one sentence


@pytest.mark.parametrize(
    "command",
    [("status",), ("sql", "select 1"), ("trace", "x"), ("export", "--format", "alpaca", "--out", "never")],
    ids=lambda command: command[0],
)
def test_a_folder_that_is_no_lake_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    sentence = refusal(*command, "--lake", tmp_path)
    assert f"no lake in {tmp_path}" in sentence
    assert "synth-assets run" in sentence


def test_a_corpus_that_matches_nothing_is_named_and_makes_no_lake(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert f"{tmp_path}/none/*.jsonl" in refusal("run", "--corpus", tmp_path / "none" / "*.jsonl", "--lake", lake)
    assert list(lake.iterdir()) == []


def test_a_corpus_of_an_unknown_format_is_named(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,b")
    sentence = refusal("run", "--corpus", table, "--lake", tmp_path / "lake")
    assert str(table) in sentence
    assert ".parquet" in sentence


@pytest.mark.parametrize("option", ["--lake", "--out"])
def test_a_file_in_the_place_of_a_folder_is_named(option: str, tmp_path: Path, road: Road) -> None:
    path = tmp_path / "file"
    path.touch()
    command = ("run",) if option == "--lake" else ("export", "--format", "alpaca", "--lake", road.folder)
    assert f"{option} {path} is a file" in refusal(*command, option, path)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a folder in which even root can make nothing")
def test_a_folder_that_cannot_be_made_is_named() -> None:
    assert "/proc/x cannot be written" in refusal("run", "--lake", "/proc/x")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[corpus\n", "is not valid TOML"),
        (b"teacher = '\xff'\n", "is not valid TOML"),
        (b"[corpus]\nsorces = ['a']\n", "corpus.sorces"),
        (b"[students]\nprofile = 'huge'\n", "students.profile = 'huge'"),
        (b"[students]\ntraining_sets = ['level_9']\n", "no method 'level_9'; choose among all, level_1"),
        (b"[generation]\nmethods = ['level_9']\n", "no method 'level_9'; choose among level_1"),
        (b"[generation]\nmethods = []\n", "name at least one of level_1"),
        (b"[students]\ntraining_sets = ['persona']\n", "names persona, by which no questions are written"),
        (b"[filter]\nrounds = 'two'\n", "filter.rounds = 'two'"),
        (b"[benchmarks]\n'a|b' = 'c.jsonl'\n", "the name 'a|b'"),
    ],
    ids=[
        "torn",
        "not UTF-8",
        "misspelt",
        "profile",
        "training set",
        "method",
        "no method",
        "nothing to train on",
        "type",
        "benchmark name",
    ],
)
def test_a_setting_that_cannot_be_used_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "synth.toml").write_bytes(content)
    for command in ("run", "status"):
        sentence = refusal(command, "--lake", tmp_path)
        assert sentence.startswith(str(tmp_path / "synth.toml"))
        assert said in sentence


def test_a_catalogue_address_is_not_repeated_in_an_error(tmp_path: Path) -> None:
    (tmp_path / "synth.toml").write_text("[lake.object_store]\nurl_style = 'secret'\n")
    assert "secret" not in refusal("status", "--lake", tmp_path)


def test_an_unknown_method_is_named(tmp_path: Path) -> None:
    sentence = refusal("estimate", "--method", "level_1", "--method", "level_9", "--lake", tmp_path / "lake")
    assert "generation.methods: there is no method 'level_9'; choose among level_1" in sentence


def test_methods_are_kept_in_one_order() -> None:
    options = SettingOptions(method=["targen", "level_1", "targen"])
    assert options.onto(Settings(), new=True).generation.methods == ("level_1", "targen")


def test_an_unknown_profile_is_named(corpus: Path, tmp_path: Path) -> None:
    sentence = refusal("run", "--corpus", corpus, "--profile", "huge", "--lake", tmp_path / "lake")
    assert "students.profile = 'huge'" in sentence
    assert "'quick', 'compare' or 'smoke'" in sentence


def test_a_benchmark_without_a_name_is_shown_how(corpus: Path, tmp_path: Path) -> None:
    sentence = refusal("run", "--corpus", corpus, "--benchmark", "gsm8k.jsonl", "--lake", tmp_path / "lake")
    assert "write NAME=PATH" in sentence


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "--format", "csv", "--out", "never"),
        ("sql", "select 1", "--as-of", "yesterday"),
        ("run", "--rounds", "0"),
        ("fly",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_wrong_usage_ends_with_status_2_and_names_the_value(arguments: tuple[str, ...]) -> None:
    result = invoked(*arguments)
    assert result.exit_code == 2
    assert {"export": "'csv'", "sql": "--as-of", "run": "--rounds", "fly": "'fly'"}[arguments[0]] in result.stderr


# Files that cannot be used, met when Dagster is at work


def _corrupt_parquet(path: Path) -> None:
    path.write_bytes(b"PAR1 and then nothing of a Parquet file")


def _truncated_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(b"\n".join([A_DOCUMENT.encode()] * 500))[:-40])


@pytest.mark.parametrize(("name", "spoil"), [("a.parquet", _corrupt_parquet), ("a.jsonl.gz", _truncated_gzip)])
def test_a_file_that_cannot_be_read_is_named(name: str, spoil: object, tmp_path: Path) -> None:
    path = tmp_path / name
    assert callable(spoil)
    spoil(path)
    sentence = told_plainly(synth_assets("run", "--corpus", path, "--lake", tmp_path / "lake"))
    assert sentence.startswith(f"{path} cannot be read (")
    assert "mend the file" in sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"id": 1, "text": "no question"}\n', "has the columns id, text, but none of question, problem, prompt"),
        (b'{"id": 1, "question": " "}\n', "has no row with a question"),
        (None, "there is no file"),
    ],
    ids=["no column", "no row", "no file"],
)
def test_a_benchmark_without_questions_is_named(content: bytes | None, said: str, corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    if content is not None:
        path.write_bytes(content)
    done = synth_assets("run", "--corpus", corpus, "--benchmark", f"mine={path}", "--lake", tmp_path / "lake")
    sentence = told_plainly(done)
    assert "benchmark 'mine'" in sentence
    assert str(path) in sentence
    assert said in sentence


def test_an_interrupted_run_says_so_and_how_to_go_on(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    done = stopped_in_stage("domain_ratings", signal.SIGINT, "--profile", "smoke", "--lake", lake)
    assert done.returncode == 130
    assert done.stderr == "synth-assets: interrupted. What was finished is kept; run the same command to go on.\n"
    kept = json.loads(invoked("sql", "select count(*) as documents from documents", "--json", "--lake", lake).stdout)
    assert kept[0]["documents"] > 100


# Looking at a lake


def test_status_has_a_row_for_every_partition_and_all_are_fresh_after_a_run(road: Road) -> None:
    rows = json.loads(invoked("status", "--json", "--lake", road.folder).stdout)
    assert {"asset", "partition", "state", "rows", "age"} <= set(rows[0])
    assert {row["partition"] for row in rows if row["asset"] == "documents"} == {"documents", "rows_with_faults"}
    assert {(row["asset"], row["state"]) for row in rows if row["state"] != "fresh"} == set()
    table = invoked("status", "--all", "--lake", road.folder).stdout.splitlines()
    assert len(table) == len(rows) + 1


def test_status_tells_the_training_sets_nobody_trains_on_in_one_row(road: Road) -> None:
    rows = json.loads(invoked("status", "--json", "--lake", road.folder).stdout)
    empty = [row for row in rows if row["asset"] == "student_runs" and row["rows"] == 0]
    lines = invoked("status", "--lake", road.folder).stdout.splitlines()
    shown = [line.split() for line in lines if line.startswith("student_runs ")]
    assert len(empty) > 1
    assert ["student_runs", f"({len(empty)}", "empty)", "fresh", "0", "0"] in [line[:6] for line in shown]
    assert len(shown) == len([row for row in rows if row["asset"] == "student_runs"]) - len(empty) + 1


def test_sql_prints_a_table_or_json(road: Road) -> None:
    query = "select method, count(*) as rows from training_qa group by method order by method"
    rows = json.loads(invoked("sql", query, "--json", "--lake", road.folder).stdout)
    assert [row["method"] for row in rows] == ["level_1", "level_2", "level_3"]
    table = [line.split() for line in invoked("sql", query, "--lake", road.folder).stdout.splitlines()]
    assert table == [["method", "rows"], *([row["method"], str(row["rows"])] for row in rows)]


def test_sql_reads_the_lake_as_of_a_snapshot(road: Road) -> None:
    def count(*options: str) -> int:
        result = invoked("sql", "select count(*) as n from questions", "--json", "--lake", road.folder, *options)
        return int(json.loads(result.stdout)[0]["n"])

    when = "select min(changed_snapshot) as first from materialisations where stage = 'questions'"
    first = json.loads(invoked("sql", when, "--json", "--lake", road.folder).stdout)[0]["first"]
    assert count("--as-of", str(first - 1)) == 0
    assert count("--as-of", str(first)) == count() > 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("selec 1", 'syntax error at or near "selec"'),
        ("select * from nowhere", "Table with name nowhere does not exist"),
        ("select nothing from questions", 'column "nothing" not found'),
        ("delete from questions", "read only"),
        ("create table mine as select 1", "read only"),
        ("select 1; drop table questions", "read only"),
        ("", "read only"),
    ],
)
def test_sql_that_fails_or_writes_is_refused_with_the_reason(query: str, said: str, road: Road) -> None:
    assert said in refusal("sql", query, "--lake", road.folder)


def test_a_snapshot_the_lake_does_not_hold_is_named(road: Road) -> None:
    sentence = refusal("sql", "select 1", "--as-of", "99999", "--lake", road.folder)
    assert "99999" in sentence
    assert "snapshots()" in sentence


def _a_level_3_example(road: Road) -> str:
    query = "select qa_id from training_qa where method = 'level_3' and len(documents) = 2 order by qa_id limit 1"
    return str(road.lake.query(query).item())


def test_trace_tells_the_whole_way_of_a_training_example(road: Road) -> None:
    qa_id = _a_level_3_example(road)
    found = Trace.model_validate_json(invoked("trace", qa_id, "--json", "--lake", road.folder).stdout)
    assert found.qa_id == qa_id
    assert found.walk is not None
    assert (len(found.documents), found.verdict) == (2, "training")
    shown = invoked("trace", qa_id, "--lake", road.folder).stdout
    for document in found.documents:
        assert document.title in shown
        assert document.url == f"https://example.org/{document.document_id}"
        assert document.url in shown
    for fact in (*found.key_concepts, found.walk.walk_id, found.prompt_version, found.teacher, "training set  all"):
        assert fact in shown


def test_trace_tells_what_a_contaminated_question_is_too_near_to(road: Road) -> None:
    qa_id, item = road.lake.query("select qa_id, item_id from contamination where rule = 'exact' limit 1").row(0)
    shown = invoked("trace", qa_id, "--lake", road.folder).stdout
    assert "verdict       contaminated" in shown
    assert f"contaminated  held_out_problems {item} by exact" in shown


def test_an_unknown_id_is_named_and_how_to_list_ids_is_said(road: Road) -> None:
    sentence = refusal("trace", "0000", "--lake", road.folder)
    assert "'0000'" in sentence
    assert "synth-assets sql" in sentence


# Exports


def _card(folder: Path) -> dict[str, object]:
    _, head, _ = (folder / "README.md").read_text().split("---\n", 2)
    card = yaml.safe_load(head)
    assert isinstance(card, dict)
    return card


@pytest.mark.parametrize("layout", ["messages", "prompt-completion", "sharegpt", "alpaca"])
def test_an_export_holds_every_training_row_with_its_provenance_and_a_card(
    layout: str, road: Road, tmp_path: Path
) -> None:
    result = invoked("export", "--format", layout, "--out", tmp_path / "data", "--lake", road.folder)
    data, card = (Path(line) for line in result.stdout.splitlines())
    rows = pl.read_parquet(data).to_dicts() if data.suffix == ".parquet" else json.loads(data.read_text())
    trained = {row["qa_id"]: row for row in road.lake.read("training_qa").to_dicts()}
    assert {row["qa_id"] for row in rows} == set(trained)
    for row in rows:
        question, answer = _training_fields(layout, row)
        source = trained[row["qa_id"]]
        assert question == source["question"]
        assert source["answer"].strip() in answer
        assert source["final_answer"] in answer
        assert row["documents"] == source["documents"]
        assert row["teacher"] and row["prompt_version"]
    assert card == tmp_path / "data" / "README.md"
    assert data.name in json.dumps(_card(card.parent)["configs"])


def _training_fields(layout: str, row: dict[str, object]) -> tuple[str, str]:
    match layout, row:
        case "messages", {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": told}]}:
            return asked, told
        case "prompt-completion", {"prompt": str(asked), "completion": str(told)}:
            return asked, told
        case "sharegpt", {"conversations": [{"from": "human", "value": asked}, {"from": "gpt", "value": told}]}:
            return asked, told
        case "alpaca", {"instruction": str(asked), "input": "", "output": str(told)}:
            return asked, told
    raise AssertionError(f"{layout}: {sorted(row)}")


def test_the_sample_that_runs_without_arguments_is_in_the_package() -> None:
    assert list((SAMPLE / "corpus").glob("*.jsonl"))
    assert list((SAMPLE / "benchmarks").glob("*.jsonl"))
