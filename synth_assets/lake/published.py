"""Files for people and trainers, copied to the object store: what one machine of a cluster writes, all can read.

What does not live here: writing them (`reports/`). They do not lie below the data path, where a file that the
catalogue does not know is an orphan and is removed.
"""

from collections.abc import Iterable
from pathlib import Path

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.settings import LakeSettings


def publish(settings: LakeSettings, paths: Iterable[Path]) -> list[str]:
    """Copy files of the lake's folder to `lake.files`, each to its place below it: their addresses there.

    Nothing is copied, and nothing returned, where that is unset. A file is replaced whole. Raises SynthAssetsError
    where the store cannot be reached.
    """
    if settings.files is None:
        return []
    try:
        import fsspec

        store = settings.object_store
        scheme = "https" if store.use_ssl else "http"
        style = {"config_kwargs": {"s3": {"addressing_style": "path"}}} if store.url_style == "path" else {}
        client = {"region_name": store.region}
        if store.endpoint is not None:
            client["endpoint_url"] = f"{scheme}://{store.endpoint}"
        files = fsspec.filesystem("s3", client_kwargs=client, **style)
    except ImportError as error:
        raise SynthAssetsError("lake.files needs the s3 extra: pip install 'synth-assets[s3]'.") from error
    below = settings.files.rstrip("/")
    addresses = []
    for path in paths:
        address = f"{below}/{path.relative_to(settings.folder).as_posix()}"
        try:
            files.put_file(str(path), address)
        except Exception as error:  # the store's library raises exceptions of its own, with nothing above them
            raise SynthAssetsError(
                f"{path} cannot be copied to {address} ({type(error).__name__}: {error}): check lake.files, "
                "that the bucket exists, and that AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or this machine's role, "
                "may write there."
            ) from error
        addresses.append(address)
    return addresses
