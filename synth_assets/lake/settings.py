"""Where a lake is: its folder, its catalogue, its data files and, for those, the object store.

What does not live here: opening any of it (`connections.py`). Keys and passwords are never fields of these settings
unless a person writes them into a PostgreSQL address, and that address is never shown.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class ObjectStore(BaseModel):
    """How to reach an S3-compatible object store.

    The key, secret and session token are read from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and
    `AWS_SESSION_TOKEN` when a connection is opened.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    region: str = "us-east-1"
    endpoint: str | None = Field(default=None, description="`host:port` of the store; AWS where unset.")
    url_style: Literal["vhost", "path"] = Field(default="vhost", description="Most stores but AWS want `path`.")
    use_ssl: bool = True


class LakeSettings(BaseModel):
    """A lake.

    `folder` holds the locks, the spill files and, unless stated otherwise, catalogue and data. A lake shared between
    machines has its `catalog` in PostgreSQL (``postgresql://user@host/database``; the password may come from
    `PGPASSWORD`; the database holds one lake) and its `data` under ``s3://bucket/prefix``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    folder: Path
    catalog: str | None = Field(default=None, repr=False)
    data: str | None = None
    files: str | None = Field(
        default=None, description="Where report, card and exports are copied: s3://bucket/prefix."
    )
    object_store: ObjectStore = ObjectStore()
    lock_timeout: float = Field(default=900.0, gt=0, description="Longest wait for other writers, in seconds.")
    memory_limit: str | None = Field(default=None, description="Memory DuckDB may use, e.g. `4GB`.")
    threads: int | None = Field(default=None, gt=0, description="Threads DuckDB may use.")
    keep_snapshots_days: int = Field(default=30, ge=1, description="Days that earlier states can be read again.")

    @field_validator("folder")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator("catalog")
    @classmethod
    def _known_catalog(cls, catalog: str | None) -> str | None:
        if catalog is not None and not catalog.startswith(("postgresql://", "postgres://")):
            raise ValueError("catalog must be a postgresql:// address, or unset for SQLite in the lake's folder")
        return catalog

    @field_validator("files")
    @classmethod
    def _in_a_store(cls, files: str | None) -> str | None:
        if files is not None and not files.startswith("s3://"):
            raise ValueError("files must be an s3:// address, or unset where the lake's folder is enough")
        return files

    @property
    def catalog_file(self) -> Path:
        """The SQLite catalogue; used where `catalog` is unset."""
        return self.folder / "catalog.sqlite"

    @property
    def data_path(self) -> str:
        """Where data files go, with a trailing slash."""
        return (self.data or str(self.folder / "data")).rstrip("/") + "/"

    @property
    def on_object_store(self) -> bool:
        """Whether data files are in an object store."""
        return self.data_path.startswith("s3://")

    @property
    def title(self) -> str:
        """The lake in words for messages, without any secret."""
        return f"{self.folder} (catalogue in PostgreSQL)" if self.catalog else str(self.folder)
