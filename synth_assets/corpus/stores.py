"""Source files in a store: `s3://bucket/...` and `hf://datasets/owner/name/...`, through fsspec.

Credentials, endpoints and retries are those of the libraries: the usual AWS variables and files with AWS_ENDPOINT_URL,
and HF_TOKEN with HF_ENDPOINT. Nothing here keeps a file.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from synth_assets.corpus.damage import DAMAGE
from synth_assets.errors import SynthAssetsError

SCHEMES = ("s3", "hf")
"""The stores that can be read, by how an address begins."""

BLOCK = 8 << 20
"""Bytes asked for at once where a file is read from front to back."""


@dataclass(frozen=True)
class StoredFile:
    """A file of a store: its address, place below the folder listed, size in bytes, mark of its version, time written.

    Where a store does not tell when a file was written, `written` is None.
    """

    path: str
    place: str
    size: int
    version: str
    written: datetime | None


def is_remote(path: str) -> bool:
    """Whether a path or glob is an address of a store."""
    return "://" in path


def list_files(root: str, pattern: str | None) -> list[StoredFile]:
    """The files below `root` that `pattern` matches; without one, the file at `root`, or all in and below that folder.

    Listed anew at each call. Raises SynthAssetsError where the store cannot be reached or refuses.
    """
    scheme, _, place = root.rstrip("/").partition("://")
    with reaching(root):
        store = _store(root)
        store.invalidate_cache()
        # A revision (`owner/name@revision`) may be listed in another spelling than it was asked for.
        below = store.resolve_path(place).unresolve() if scheme == "hf" else place
        found = store.find(place, detail=True) if pattern is None else store.glob(pattern, detail=True)
        return [_stored(scheme, item, below) for item in found.values() if item["type"] == "file"]


def open_bytes(path: str) -> BinaryIO:
    """A file, read in blocks as it is needed, from any place in it."""
    with reaching(path):
        return cast(BinaryIO, io.BufferedReader(_store(path).open(path, "rb", block_size=BLOCK), 1 << 20))


@contextmanager
def reaching(path: str) -> Iterator[None]:
    """Tell what goes wrong with a store in one sentence that names the address, as SynthAssetsError.

    What is wrong with the file itself (`damage.DAMAGE`), or with a file of this machine, is raised as it is.
    """
    if not is_remote(path):
        yield
        return
    try:
        yield
    except (SynthAssetsError, *DAMAGE):
        raise
    except Exception as error:  # each store's library raises exceptions of its own, with nothing above them
        raise SynthAssetsError(f"{path} cannot be read ({_reason(error)}); {_way_out(path)}") from error


def _store(path: str) -> Any:
    scheme = path.partition("://")[0]
    if scheme not in SCHEMES:
        raise SynthAssetsError(
            f"{path} is in no store that can be read, only s3:// and hf:// are: copy it to this machine."
        )
    import fsspec

    try:
        return fsspec.filesystem(scheme)
    except ImportError as error:
        raise SynthAssetsError(
            f"{path}: reading from S3 needs the s3 extra: pip install 'synth-assets[s3]'."
        ) from error


def _stored(scheme: str, item: dict[str, Any], below: str) -> StoredFile:
    name = str(item["name"])
    version = item.get("ETag") or item.get("blob_id") or ""
    written = item.get("LastModified")
    return StoredFile(
        f"{scheme}://{name}",
        name.removeprefix(below).lstrip("/") or name.rpartition("/")[2],
        int(item["size"] or 0),
        f"{version}".strip('"'),
        written.astimezone(UTC) if isinstance(written, datetime) else None,
    )


def _reason(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _way_out(path: str) -> str:
    if path.startswith("s3://"):
        return (
            "check the bucket's name, the credentials (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile) and, "
            "for a store other than AWS, AWS_ENDPOINT_URL."
        )
    return (
        "check the dataset's name and the network; a private or gated dataset needs HF_TOKEN of an account that may "
        "read it, a mirror HF_ENDPOINT."
    )
