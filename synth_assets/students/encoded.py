"""Rows of tokens held flat: three arrays however many rows there are, in memory or mapped from files.

What lives here: the rows, their files, and writing them as a stream. Who makes tokens of texts is `tokenizer.py`; who
lays rows out for training is `packing.py`.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

from synth_assets.errors import SynthAssetsError

_TOKENS, _STARTS, _PROMPTS, _SHAPE = "tokens.bin", "starts.bin", "prompt_lengths.bin", "rows.json"
_HASHED_AT_ONCE = 1 << 22
"""Tokens hashed at a time: a mapped file is never read whole into memory."""


@dataclass(frozen=True)
class EncodedRow:
    """A question and its answer as tokens.

    prompt: int32 [n], `<s>`, the question, `<answer>`. answer: int32 [m], the answer, `</s>`.
    """

    prompt: NDArray[np.int32]
    answer: NDArray[np.int32]

    @property
    def tokens(self) -> int:
        """Tokens of the row, markers counted."""
        return len(self.prompt) + len(self.answer)


@dataclass(frozen=True, eq=False)
class EncodedRows(Sequence[EncodedRow]):
    """Many rows as a sequence of EncodedRow; a slice of them is a view.

    tokens: uint16 or uint32, the tokens of all rows one after another (of a view, those of the whole).
    starts: int64 [rows + 1]; row i is `tokens[starts[i] : starts[i + 1]]`. prompt_lengths: int32 [rows]: how many of a
    row's tokens are its prompt.
    """

    tokens: NDArray[np.unsignedinteger[Any]]
    starts: NDArray[np.int64]
    prompt_lengths: NDArray[np.int32]

    @classmethod
    def from_rows(cls, rows: Iterable[EncodedRow]) -> "EncodedRows":
        """The rows, copied into one array; rows that are held flat already are returned as they are."""
        if isinstance(rows, EncodedRows):
            return rows
        held = list(rows)
        return cls.from_parts(
            np.concatenate([part for row in held for part in (row.prompt, row.answer)] or [np.empty(0, np.int32)]),
            np.array([row.tokens for row in held], dtype=np.int64),
            np.array([len(row.prompt) for row in held], dtype=np.int32),
        )

    @classmethod
    def from_parts(
        cls, tokens: NDArray[np.integer[Any]], lengths: NDArray[np.int64], prompt_lengths: NDArray[np.int32]
    ) -> "EncodedRows":
        """Rows of `lengths` tokens each, whose tokens (below 2^32) lie one after another."""
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])
        largest = int(tokens.max()) if len(tokens) else 0
        return cls(tokens.astype(token_type(largest + 1)), starts, prompt_lengths)

    @classmethod
    def load(cls, folder: Path) -> "EncodedRows":
        """Rows written by `save` or an EncodedWriter, mapped into memory: nothing is read before it is needed.

        Raises SynthAssetsError for a folder that holds no such rows, or not all of them.
        """
        try:
            shape = json.loads((folder / _SHAPE).read_text(encoding="utf-8"))
            rows, tokens = int(shape["rows"]), int(shape["tokens"])
            return cls(
                _mapped(folder / _TOKENS, np.dtype(shape["dtype"]), tokens),
                _mapped(folder / _STARTS, np.int64, rows + 1),
                _mapped(folder / _PROMPTS, np.int32, rows),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SynthAssetsError(f"{folder} does not hold encoded rows ({error}): make them again.") from error

    def save(self, folder: Path) -> None:
        """Write the rows to `folder`, all or nothing; rows that are there already are replaced."""
        with EncodedWriter(folder, self.tokens.dtype) as writer:
            writer.append(self)

    def __len__(self) -> int:
        return len(self.prompt_lengths)

    @overload
    def __getitem__(self, place: int) -> EncodedRow: ...
    @overload
    def __getitem__(self, place: slice) -> "EncodedRows": ...
    def __getitem__(self, place: int | slice) -> "EncodedRow | EncodedRows":
        if isinstance(place, slice):
            first, last, step = place.indices(len(self))
            if step != 1:
                raise ValueError("rows held flat are sliced without gaps: use `take`")
            last = max(first, last)
            return EncodedRows(self.tokens, self.starts[first : last + 1], self.prompt_lengths[first:last])
        number = range(len(self))[place]
        start, end = int(self.starts[number]), int(self.starts[number + 1])
        turn = start + int(self.prompt_lengths[number])
        return EncodedRow(self.tokens[start:turn].astype(np.int32), self.tokens[turn:end].astype(np.int32))

    def take(self, numbers: NDArray[np.integer[Any]]) -> "EncodedRows":
        """The rows of these numbers, in their order, copied."""
        lengths = self.lengths[numbers]
        ends = np.cumsum(lengths)
        places = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(
            self.starts[numbers] - ends + lengths, lengths
        )
        starts = np.concatenate([np.zeros(1, dtype=np.int64), ends])
        return EncodedRows(self.tokens[places], starts, self.prompt_lengths[numbers])

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each row, markers counted; [rows]."""
        return np.diff(self.starts)

    @property
    def total_tokens(self) -> int:
        """Tokens of all rows, markers counted."""
        return int(self.starts[-1] - self.starts[0])

    @property
    def answer_tokens(self) -> int:
        """Tokens of all answers, end markers counted: those the loss is of."""
        return self.total_tokens - int(self.prompt_lengths.sum(dtype=np.int64))

    def fingerprint(self) -> str:
        """Hash of the rows, whatever lies around them and whatever type their tokens have."""
        digest = blake2b(digest_size=16)
        digest.update(self.lengths.tobytes())
        digest.update(self.prompt_lengths.tobytes())
        first, last = int(self.starts[0]), int(self.starts[-1])
        for start in range(first, last, _HASHED_AT_ONCE):
            digest.update(self.tokens[start : min(start + _HASHED_AT_ONCE, last)].astype("<u4").tobytes())
        return digest.hexdigest()


class EncodedWriter:
    """Writes rows to a folder as they come, batch by batch; the folder appears, or is replaced, when all are there.

    Used in a `with` statement; where its block fails, nothing is left. `dtype` is `token_type(vocabulary)`.
    Raises SynthAssetsError where the folder cannot be written.
    """

    def __init__(self, folder: Path, dtype: DTypeLike = np.uint16) -> None:
        self._folder, self._dtype = folder, np.dtype(dtype)
        self.rows = self.tokens = 0
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            self._aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
            self._files = [(self._aside / name).open("wb") for name in (_TOKENS, _STARTS, _PROMPTS)]
        except OSError as error:
            raise SynthAssetsError(f"Cannot write the rows {folder}: {error.strerror}; name another folder.") from error
        self._files[1].write(np.zeros(1, dtype=np.int64).tobytes())

    def append(self, rows: EncodedRows) -> None:
        """Write `rows` after those that are there. Raises ValueError for a token that the type cannot hold."""
        own = rows.tokens[int(rows.starts[0]) : int(rows.starts[-1])]
        if own.dtype.itemsize > self._dtype.itemsize and len(own) and own.max() > np.iinfo(self._dtype).max:
            raise ValueError(f"token {own.max()} does not fit {self._dtype}")
        np.ascontiguousarray(own, dtype=self._dtype).tofile(self._files[0])
        self._files[1].write((rows.starts[1:] - rows.starts[0] + self.tokens).tobytes())
        self._files[2].write(rows.prompt_lengths.astype(np.int32).tobytes())
        self.rows += len(rows)
        self.tokens += len(own)

    def __enter__(self) -> "EncodedWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        for file in self._files:
            file.close()
        try:
            if kind is None:
                shape = {"dtype": self._dtype.name, "rows": self.rows, "tokens": self.tokens}
                (self._aside / _SHAPE).write_text(json.dumps(shape) + "\n", encoding="utf-8")
                self._aside.chmod(0o755)
                replace_folder(self._folder, self._aside)
        finally:
            shutil.rmtree(self._aside, ignore_errors=True)


def token_type(vocabulary: int) -> np.dtype[np.unsignedinteger[Any]]:
    """The smallest type that holds every token of a vocabulary."""
    return np.dtype(np.uint16 if vocabulary <= 1 << 16 else np.uint32)


def replace_folder(folder: Path, aside: Path) -> None:
    """Put `aside` in the place of `folder`: a full folder cannot be renamed over, so the old one is moved first."""
    if not folder.exists():
        aside.rename(folder)
        return
    old = aside.with_name(f"{aside.name}.old")
    folder.rename(old)
    try:
        aside.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old)


def _mapped(path: Path, dtype: DTypeLike, length: int) -> NDArray[Any]:
    """`length` numbers of a file of exactly so many; an empty file cannot be mapped."""
    expected = length * np.dtype(dtype).itemsize
    if path.stat().st_size != expected:
        raise ValueError(f"{path.name} has {path.stat().st_size} bytes, not {expected}")
    # A plain array over the map: the subclass costs time at every slice.
    return np.asarray(np.memmap(path, dtype, mode="r")) if length else np.empty(0, dtype)
