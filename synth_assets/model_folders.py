"""What tells one model in a folder of this machine from another: its files, wherever the folder lies."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

KINDS = (".json", ".txt", ".model", ".safetensors", ".bin", ".py", ".jinja")
"""Endings of the files that make a model: configuration, tokenizer, weights, code."""

READ_WHOLE = 8 << 20
"""Bytes up to which a file is read as a whole."""

PIECES = 64
PIECE = 64 << 10
"""Of a larger file, so many pieces of so many bytes are read, evenly spaced: other weights differ everywhere."""


def digest_of(folder: Path) -> str:
    """A hash of the model's files below `folder`, 12 hexadecimal digits. Weights of any size take milliseconds.

    Raises OSError where a file cannot be read.
    """
    digest = blake2b(digest_size=6)
    for path in sorted(path for path in folder.rglob("*") if path.suffix in KINDS and path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        for piece in _pieces(path):
            digest.update(piece)
    return digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= READ_WHOLE:
            yield file.read()
            return
        for number in range(PIECES):
            file.seek(number * (size - PIECE) // (PIECES - 1))
            yield file.read(PIECE)
