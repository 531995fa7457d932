"""DuckDB's extensions, loaded from the wheels they are installed with. Nothing is downloaded."""

from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import duckdb

from synth_assets.errors import SynthAssetsError

Extension = Literal["ducklake", "sqlite_scanner", "postgres_scanner", "httpfs"]

EXTRA_OF: dict[Extension, str] = {"postgres_scanner": "postgres", "httpfs": "s3"}
"""The optional parts of this package that bring an extension; the others are always installed."""

INSTANCE_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # A name in SQL must never be looked up among the caller's Python variables.
    "python_enable_replacements": "false",
}
"""Configuration of every DuckDB instance this package opens."""


def load_extension(connection: duckdb.DuckDBPyConnection, name: Extension) -> None:
    """Load an extension (signature checked) into the instance of `connection`.

    Raises SynthAssetsError where its wheel is not installed or is made for another DuckDB release.
    """
    path = extension_file(name)
    escaped = str(path).replace("'", "''")
    connection.execute(f"LOAD '{escaped}'")


def extension_file(name: Extension) -> Path:
    """The extension's file for the running DuckDB release."""
    spec = find_spec(f"duckdb_extension_{name}")
    if spec is None or not spec.submodule_search_locations:
        extra = EXTRA_OF.get(name)
        package = f"synth-assets[{extra}]" if extra else "synth-assets"
        raise SynthAssetsError(f"DuckDB's extension {name} is not installed: pip install '{package}'.")
    folder = Path(spec.submodule_search_locations[0]) / "extensions" / f"v{duckdb.__version__}"
    path = folder / f"{name}.duckdb_extension"
    if not path.is_file():
        raise SynthAssetsError(
            f"DuckDB's extension {name} is not made for DuckDB {duckdb.__version__}: "
            f"install duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}."
        )
    return path
