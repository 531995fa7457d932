"""Opening DuckDB with the lake attached: for the project's own reading and writing, and locked down for anyone's SQL.

What does not live here: what is read or written (`lake.py`), and how writers wait for each other (`commits.py`).
"""

import os
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.extensions import INSTANCE_CONFIG, load_extension
from synth_assets.lake.faults import told_of
from synth_assets.lake.settings import LakeSettings
from synth_assets.lake.sql import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BUSY_TIMEOUT_MS = 60_000
"""How long SQLite waits for another connection's lock before it gives up."""

FLUSHED_ROWS = 4 * 122_880
"""Rows of a table with partitions that are written together: whole row groups. Of DuckDB's own 524,288 some are left
over and written behind what comes after them, and a large partition would be sorted anew whenever it is read."""

SECRET_PARAMETERS = {"host": "host", "port": "port", "user": "user", "password": "password", "dbname": "database"}
"""libpq's names of what goes into DuckDB's PostgreSQL secret, and the secret's own. Anything else is plain text."""

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
"""Environment variables that reach the store, in the order of key, secret and token."""


def open_lake(settings: LakeSettings, *, create: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection that can read and write the lake, attached as `lake`.

    Opening takes about 0.2 s, nearly all of it loading extensions. Raises SynthAssetsError where there is no lake
    (unless `create`), or where it cannot be opened.
    """
    return _open(settings, ["CREATE_IF_NOT_EXISTS true" if create else "CREATE_IF_NOT_EXISTS false"])


def open_sandbox(settings: LakeSettings, as_of: int | datetime | None = None) -> duckdb.DuckDBPyConnection:
    """A connection that cannot write, cannot reach a file outside the lake's data, and cannot be unlocked again.

    `as_of` shows the whole lake as it was at that snapshot or time. See also `sandbox.check_select`.
    """
    options = ["READ_ONLY"]
    if isinstance(as_of, datetime):
        options.append(f"SNAPSHOT_TIME {literal(as_of.isoformat())}")
    elif as_of is not None:
        options.append(f"SNAPSHOT_VERSION {int(as_of)}")
    connection = _open(settings, options)
    connection.execute(f"SET allowed_directories = [{literal(settings.data_path)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def transaction(cursor: duckdb.DuckDBPyConnection) -> "Iterator[None]":
    """A transaction that is rolled back unless it was committed within the block.

    Closing a cursor would roll back too. But where PostgreSQL has gone away meanwhile, DuckDB cannot, and when it
    fails to while closing, it ends the whole process.
    """
    cursor.execute("BEGIN")
    try:
        yield
    finally:
        with suppress(duckdb.Error):
            cursor.execute("ROLLBACK")  # an error where it was committed: there is none to roll back


def postgres_parameters(settings: LakeSettings) -> dict[str, str]:
    """The catalogue's address in libpq's terms."""
    try:
        from psycopg2 import ProgrammingError
        from psycopg2.extensions import parse_dsn
    except ImportError as error:
        raise SynthAssetsError(
            "A catalogue in PostgreSQL needs the postgres extra: pip install 'synth-assets[postgres]'."
        ) from error
    try:
        return {name: str(value) for name, value in parse_dsn(settings.catalog or "").items()}
    except ProgrammingError:
        # The parser's own message would repeat the address, and with it the password.
        raise SynthAssetsError(
            "The lake's catalogue is not a valid address: write postgresql://user:password@host:port/database."
        ) from None


def _open(settings: LakeSettings, options: "Iterable[str]") -> duckdb.DuckDBPyConnection:
    if settings.catalog is None and not settings.catalog_file.exists() and "CREATE_IF_NOT_EXISTS true" not in options:
        raise SynthAssetsError(f"There is no lake in {settings.folder}: make one with `synth-assets run`.")
    limits = {"memory_limit": settings.memory_limit, "threads": settings.threads}
    connection = duckdb.connect(":memory:", config=INSTANCE_CONFIG | {k: v for k, v in limits.items() if v is not None})
    try:
        # Times come back in UTC wherever the machine stands.
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        connection.execute(f"SET GLOBAL partitioned_write_flush_threshold = {FLUSHED_ROWS}")
        connection.execute(f"SET temp_directory = {literal(str(settings.folder / 'spill'))}")
        load_extension(connection, "ducklake")
        if settings.on_object_store:
            _open_object_store(connection, settings)
        else:
            # The system caches local files itself. DuckDB's copy would let a week's asking grow: every few seconds
            # a new file of answers is read once, and never changes again.
            connection.execute("SET enable_external_file_cache = false")
        _attach(connection, settings, list(options))
    except duckdb.Error as error:
        connection.close()
        reason = str(error).splitlines()[0]
        if "No snapshot found" in reason:
            raise SynthAssetsError(f"{reason}: `synth-assets sql 'FROM snapshots()'` lists those kept.") from error
        raise told_of(error, settings) or SynthAssetsError(
            f"The lake {settings.title} cannot be opened ({reason}): check its folder, catalogue and data path."
        ) from error
    except SynthAssetsError:
        connection.close()
        raise
    return connection


def _attach(connection: duckdb.DuckDBPyConnection, settings: LakeSettings, options: list[str]) -> None:
    options += [f"DATA_PATH {literal(settings.data_path)}", "DATA_INLINING_ROW_LIMIT 0"]
    if settings.data is None:
        # Data paths are stored relative to the data folder, so a lake whose folder was moved still opens.
        options.append("OVERRIDE_DATA_PATH true")
    if settings.catalog is None:
        load_extension(connection, "sqlite_scanner")
        options += ["META_JOURNAL_MODE 'WAL'", f"META_BUSY_TIMEOUT {BUSY_TIMEOUT_MS}"]
        address = f"ducklake:sqlite:{settings.catalog_file}"
    else:
        load_extension(connection, "postgres_scanner")
        options.append("META_SECRET 'catalogue'")
        address = f"ducklake:postgres:{_postgres_secret(connection, postgres_parameters(settings))}"
    connection.execute(f"ATTACH {literal(address)} AS lake ({', '.join(options)})")


def _postgres_secret(connection: duckdb.DuckDBPyConnection, parameters: dict[str, str]) -> str:
    """Put the address into a DuckDB secret, which no query can read; returns what a secret cannot hold, e.g. sslmode.

    An address in the ATTACH itself would be shown, password included, by `duckdb_databases()`.
    """
    if "password" not in parameters and os.environ.get("PGPASSWORD"):
        parameters = parameters | {"password": os.environ["PGPASSWORD"]}
    secret = {SECRET_PARAMETERS[name]: value for name, value in parameters.items() if name in SECRET_PARAMETERS}
    fields = "".join(f", {name} {literal(value)}" for name, value in secret.items())
    connection.execute(f"CREATE SECRET catalogue (TYPE postgres{fields})")
    return " ".join(f"{name}={value}" for name, value in parameters.items() if name not in SECRET_PARAMETERS)


def _open_object_store(connection: duckdb.DuckDBPyConnection, settings: LakeSettings) -> None:
    load_extension(connection, "httpfs")
    key, secret, token = map(os.environ.get, KEYS)
    if not key and not secret:
        key, secret, token = _keys_of_role()
    if not key or not secret:
        raise SynthAssetsError(
            f"The lake's data is in {settings.data_path}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to reach it, "
            "or give this machine a role."
        )
    store = settings.object_store
    fields = {"KEY_ID": key, "SECRET": secret, "REGION": store.region, "URL_STYLE": store.url_style}
    if token:
        fields["SESSION_TOKEN"] = token
    if store.endpoint is not None:
        fields["ENDPOINT"] = store.endpoint
    pairs = "".join(f", {name} {literal(value)}" for name, value in fields.items())
    connection.execute(f"CREATE SECRET object_store (TYPE s3, USE_SSL {str(store.use_ssl).lower()}{pairs})")


def _keys_of_role() -> tuple[str | None, str | None, str | None]:
    """Key, secret and token that the machine has by its role, or by a profile, as AWS's own library finds them.

    A role's token ends after hours; a process opens its connection once, and so should not live longer.
    """
    try:
        from botocore.session import get_session
    except ImportError:
        return None, None, None
    found = get_session().get_credentials()
    frozen = None if found is None else found.get_frozen_credentials()
    return (None, None, None) if frozen is None else (frozen.access_key, frozen.secret_key, frozen.token)
