"""How a source is cut into stretches of rows that can be held: by rows, and by bytes of text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """A stretch of a source: `rows` rows from `first_row` (from 0) on, which take `size` bytes from `offset` on.

    For a file of lines these are its bytes once decompressed; otherwise bytes of text, and `offset` means nothing.
    """

    first_row: int
    rows: int
    offset: int
    size: int


class Cutter:
    """Makes cuts of rows as they are met. A cut ends before the row that would take it beyond its bounds.

    So the cuts of a file that has grown begin like those it had before.
    """

    def __init__(self, rows: int, size: int) -> None:
        self._most_rows, self._most_size = rows, size
        self._cuts: list[Cut] = []
        self._first_row = self._rows = self._offset = self._size = 0

    def has_room(self, rows: int, size: int) -> bool:
        """Whether rows of `size` bytes together fit into the cut that is open."""
        return self._rows + rows <= self._most_rows and self._size + size <= self._most_size

    @property
    def rows_left(self) -> int:
        """Rows that the open cut, or where it is full the next one, can still take."""
        return self._most_rows - self._rows or self._most_rows

    def add(self, rows: int, size: int) -> None:
        """Add rows that belong into one cut: a single row, or rows for which there is room."""
        if self._rows and not self.has_room(rows, size):
            self._close()
        self._rows += rows
        self._size += size

    def finish(self) -> list[Cut]:
        """All cuts; none for no rows."""
        if self._rows:
            self._close()
        return self._cuts

    def _close(self) -> None:
        self._cuts.append(Cut(self._first_row, self._rows, self._offset, self._size))
        self._first_row += self._rows
        self._offset += self._size
        self._rows = self._size = 0
