"""A person's SQL can read the lake and nothing else, and can change nothing."""

import sqlite3
from pathlib import Path

import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake
from synth_assets_tests.lake.rows import references, shards

WRITES = [
    "DELETE FROM reference_documents",
    "INSERT INTO reference_documents VALUES ('a', 'z', 1, 'v')",
    "CREATE TABLE memory.main.t (i INT)",
    "DROP TABLE reference_documents",
    "ATTACH '{outside}/other.sqlite' AS other (TYPE sqlite)",
    "COPY reference_documents TO '{outside}/out.csv'",
    "COPY (SELECT 1) TO '{data}/out.csv'",
    "EXPORT DATABASE '{outside}/export'",
    "SET enable_external_access = true",
    "INSTALL httpfs",
    "SELECT 1; DELETE FROM reference_documents",
    "SELECT * FROM ducklake_cleanup_old_files('lake', cleanup_all => true)",
    "CALL ducklake_expire_snapshots('lake', older_than => now())",
]
READS_OUTSIDE = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '{outside}/secret.csv'",
    "SELECT (SELECT max(content) FROM read_text('/etc/passwd'))",
    "WITH x AS (FROM read_csv('{outside}/secret.csv')) FROM x",
    "SELECT * FROM sqlite_scan('{outside}/other.sqlite', 't')",
    "SELECT * FROM query('FROM read_text(''/etc/passwd'')')",
    "SELECT * FROM __ducklake_metadata_lake.ducklake_table",
    "DESCRIBE __ducklake_metadata_lake.main.ducklake_table",
    "FROM duckdb_secrets()",
]


@pytest.fixture(scope="module")
def lake(shared_lake: Lake) -> Lake:
    """A lake of three rows, which no test here can change."""
    shared_lake.replace("reference_documents", references(["a"]), shards("a"))
    return shared_lake


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder beside the lake with files that are none of its business."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret.csv").write_text("a\n1\n")
    with sqlite3.connect(folder / "other.sqlite") as connection:
        connection.execute("CREATE TABLE t (i INTEGER)")
    return folder


@pytest.mark.parametrize("sql", WRITES + READS_OUTSIDE)
def test_what_writes_or_reaches_outside_is_refused(lake: Lake, outside: Path, sql: str) -> None:
    before = sorted(outside.iterdir())
    with pytest.raises(SynthAssetsError):
        lake.query(sql.format(outside=outside, data=lake.settings.data_path))
    assert lake.read("reference_documents").height == 3
    assert sorted(outside.iterdir()) == before
    assert not list(lake.settings.folder.rglob("out.csv"))


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT shard, count(*) FROM reference_documents GROUP BY shard", 1),
        ("FROM lake.snapshots() WHERE commit_message IS NOT NULL", 1),
        ("FROM table_changes('reference_documents', 2, 2)", 3),
        ("WITH x AS (SELECT unnest([1, 2]) AS i) SELECT * FROM x, range(2)", 4),
        ("DESCRIBE reference_documents", 4),
        ("SELECT 'drop table; read_text(''/etc/passwd'')' AS harmless", 1),
        ("SELECT * FROM reference_documents AT (VERSION => 1)", 0),
    ],
)
def test_what_reads_the_lake_is_answered(lake: Lake, sql: str, rows: int) -> None:
    assert lake.query(sql).height == rows


def test_parameters_are_values_not_sql(lake: Lake) -> None:
    sql = "SELECT * FROM reference_documents WHERE shard = $shard"
    assert lake.query(sql, parameters={"shard": "a"}).height == 3
    assert lake.query(sql, parameters={"shard": "a' OR true --"}).is_empty()


def test_names_in_sql_are_never_python_variables(lake: Lake) -> None:
    secret = references(["a"])
    assert secret.height
    with pytest.raises(SynthAssetsError, match="secret does not exist"):
        lake.query("SELECT * FROM secret")


def test_a_faulty_query_says_what_is_wrong(lake: Lake) -> None:
    with pytest.raises(SynthAssetsError, match="scor"):
        lake.query("SELECT scor FROM reference_documents")
    with pytest.raises(SynthAssetsError, match="selec"):
        lake.query("selec 1")
