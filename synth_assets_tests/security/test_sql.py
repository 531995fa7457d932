"""A person's SQL stays within the lake: a table of attempts to write, to read elsewhere, or to look at the process."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.lineage import trace
from synth_assets_tests.lake.rows import references, shards

WRITES = """
COPY reference_documents TO '{outside}/out.csv'
COPY (SELECT 1) TO '{data}out.parquet' (FORMAT parquet)
COPY reference_documents FROM '{outside}/secret.csv'
EXPORT DATABASE '{outside}/export'
IMPORT DATABASE '{outside}/export'
ATTACH '{outside}/new.duckdb' AS other
ATTACH '{outside}/other.sqlite' AS other (TYPE sqlite)
DETACH lake
CREATE TEMP TABLE t AS SELECT 1
CREATE MACRO m() AS TABLE FROM read_text('/etc/passwd')
CREATE SECRET s (TYPE s3)
CREATE VIEW v AS SELECT 1
INSERT INTO reference_documents VALUES ('a', 'z', 1, 'v')
WITH x AS (DELETE FROM reference_documents RETURNING *) FROM x
WITH x AS (INSERT INTO reference_documents VALUES ('a', 'z', 1, 'v') RETURNING *) FROM x
MERGE INTO reference_documents USING (SELECT 1 AS i) ON false WHEN NOT MATCHED THEN INSERT VALUES ('a', 'z', 1, 'v')
UPDATE reference_documents SET score = 0
TRUNCATE reference_documents
SELECT 1; DROP TABLE reference_documents
SELECT 1; SELECT 2
SET allowed_directories = ['/']
SET VARIABLE x = 1
RESET lock_configuration
PRAGMA enable_profiling
INSTALL httpfs
LOAD httpfs
CALL pragma_version()
PREPARE p AS SELECT 1
EXECUTE p
USE memory
BEGIN
CHECKPOINT
VACUUM
FROM ducklake_add_data_files('lake', 'reference_documents', '{outside}/x.parquet')
FROM ducklake_merge_adjacent_files('lake')
FROM ducklake_flush_inlined_data('lake')
FROM ducklake_cleanup_old_files('lake', cleanup_all => true)
FROM ducklake_expire_snapshots('lake', older_than => now())
FROM ducklake_set_option('lake', 'data_inlining_row_limit', '1')
SELECT write_log('x')
SELECT setseed(0.5)
SELECT nextval('x')
"""
READS_ELSEWHERE = """
FROM read_text('/etc/passwd')
FROM "READ_TEXT"('/etc/passwd')
FROM main.read_text('/etc/passwd')
FROM system.main.read_text('/etc/passwd')
FROM read_blob('/etc/passwd')
FROM read_csv('{outside}/secret.csv')
FROM read_csv_auto('{outside}/secret.csv')
FROM read_json('{outside}/secret.json')
FROM read_parquet('{data}**/*.parquet')
FROM parquet_metadata('{data}**/*.parquet')
FROM sniff_csv('{outside}/secret.csv')
FROM glob('/etc/*')
FROM '{outside}/secret.csv'
FROM "{outside}/secret.csv"
FROM '{data}main/**/*.parquet'
FROM '{data}../catalog.sqlite'
FROM 'secret.csv'
FROM 'http://127.0.0.1:9/x.csv'
FROM 's3://bucket/x.parquet'
SUMMARIZE "{outside}/secret.csv"
DESCRIBE "{outside}/secret.csv"
SELECT (SELECT max(content) FROM read_text('/etc/passwd'))
SELECT * FROM reference_documents, LATERAL (FROM read_text('/etc/passwd'))
SELECT * FROM reference_documents WHERE EXISTS (FROM read_text('/etc/passwd'))
WITH x AS (FROM read_csv('{outside}/secret.csv')) FROM x
WITH RECURSIVE x AS (SELECT 1 AS i UNION ALL SELECT 1 FROM x, read_text('/etc/passwd') WHERE i < 1) FROM x
FROM (FROM (FROM read_text('/etc/passwd')))
SELECT array(SELECT content FROM read_text('/etc/passwd'))
SELECT 1 ORDER BY (SELECT count(*) FROM read_text('/etc/passwd'))
SELECT 1 LIMIT (SELECT count(*) FROM read_text('/etc/passwd'))
SELECT 1 UNION ALL SELECT count(*) FROM read_text('/etc/passwd')
SELECT * FROM (VALUES (1)) t(a) ASOF JOIN read_text('/etc/passwd') r ON a >= r.size
FROM query('FROM read_text(''/etc/passwd'')')
FROM query_table('__ducklake_metadata_lake.ducklake_table')
FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))
PRAGMA json_execute_serialized_sql('x')
FROM sqlite_scan('{outside}/other.sqlite', 't')
FROM sqlite_query('lake', 'SELECT 1')
FROM postgres_scan('', 'public', 't')
FROM postgres_query('lake', 'SELECT 1')
FROM __ducklake_metadata_lake.ducklake_table
FROM "__DUCKLAKE_METADATA_LAKE".main.ducklake_table
FROM __ducklake_metadata_lake.sqlite_master
SUMMARIZE __ducklake_metadata_lake.ducklake_table
FROM ducklake_list_files('lake', 'reference_documents')
FROM arrow_scan(1, 2, 3)
FROM pandas_scan(1)
"""
LOOKS_AT_THE_PROCESS = """
SELECT getenv('HOME')
SELECT list_transform(['HOME'], lambda x: getenv(x))
FROM unnest(getenv('HOME'))
SELECT current_setting('temp_directory')
SELECT "Current_Setting"('temp_directory')
SELECT list_transform(['temp_directory'], lambda x: current_setting(x))
SELECT COLUMNS(lambda c: current_setting(c) = 'UTC') FROM (SELECT 1 AS "TimeZone")
SELECT first_value(current_setting('TimeZone')) OVER ()
SELECT sum(1) FILTER (WHERE current_setting('TimeZone') = 'UTC')
SELECT CASE WHEN true THEN current_setting('TimeZone') END
SELECT [x FOR x IN [current_setting('TimeZone')]]
SELECT 1 QUALIFY row_number() OVER (ORDER BY current_setting('TimeZone')) = 1
SELECT getvariable('x')
SELECT sleep_ms(1)
FROM duckdb_settings()
FROM duckdb_secrets()
FROM which_secret('s3://x', 's3')
FROM duckdb_databases()
FROM duckdb_databases
FROM "DUCKDB_DATABASES"
FROM system.main.duckdb_databases
FROM duckdb_logs
FROM duckdb_extensions()
FROM duckdb_variables()
FROM duckdb_temporary_files()
FROM pragma_database_list
FROM pragma_database_list()
FROM pg_settings
FROM pg_catalog.pg_settings
SUMMARIZE pg_settings
SELECT (SELECT count(*) FROM pg_settings)
SELECT * FROM reference_documents WHERE shard IN (SELECT name FROM pg_settings)
FROM (UNPIVOT (FROM pg_settings) ON name)
FROM sqlite_master
"""
ATTEMPTS = [line for block in (WRITES, READS_ELSEWHERE, LOOKS_AT_THE_PROCESS) for line in block.strip().splitlines()]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    made = Lake(LakeSettings(folder=tmp_path_factory.mktemp("lake")))
    made.replace("reference_documents", references(["a"]), shards("a"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that are none of the lake's business."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret.csv").write_text("a\n1\n")
    (folder / "secret.json").write_text('{"a": 1}')
    with sqlite3.connect(folder / "other.sqlite") as connection:
        connection.execute("CREATE TABLE t (i INTEGER)")
    return folder


def _files(*folders: Path) -> list[Path]:
    # The spill folder comes and goes by itself.
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_attempt_to_leave_the_lake_is_refused_and_changes_nothing(lake: Lake, outside: Path, attempt: str) -> None:
    before = _files(outside, Path(lake.settings.data_path))
    sql = attempt.replace("{outside}", str(outside)).replace("{data}", lake.settings.data_path)
    with pytest.raises(SynthAssetsError):
        lake.query(sql)
    assert _files(outside, Path(lake.settings.data_path)) == before
    assert lake.query("SELECT count(*) FROM reference_documents").item() == 3


@pytest.mark.parametrize(
    "harmless",
    [
        "SELECT 'COPY x TO ''/etc/passwd''; FROM read_text(''/etc/passwd'')' AS said",
        "WITH files AS (SELECT 'a/b' AS path) FROM files WHERE path LIKE '%/%'",
        "SELECT split_part('a/b', '/', 1) AS \"a/b\"",
        "SUMMARIZE reference_documents",
        "SHOW TABLES",
        "FROM information_schema.columns",
        "FROM duckdb_columns()",
        "SELECT shard, count(*) FROM reference_documents TABLESAMPLE 50% GROUP BY ALL",
    ],
)
def test_what_only_looks_dangerous_is_answered(lake: Lake, harmless: str) -> None:
    assert lake.query(harmless).width


@pytest.mark.parametrize("hostile", ["' OR true --", "x'; DROP TABLE questions; --", "\0", "x" * 100_000, "../../etc"])
def test_an_id_is_a_value_to_trace_and_never_sql(lake: Lake, hostile: str) -> None:
    with pytest.raises(SynthAssetsError, match="No question or QA pair has the id"):
        trace(lake, hostile)
    assert lake.query("SELECT count(*) FROM questions").item() == 0
