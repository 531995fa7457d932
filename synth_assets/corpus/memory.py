"""How much text a shard may hold so that making it stays within `corpus.memory`: the figures, and where they are from.

They were measured for whole processes that made the asset `documents`, its commit to the lake included.
"""

MIB = 1 << 20
GIB = 1 << 30

MEMORY = 2 * GIB
"""Bytes a process may take to make a shard of `documents`, unless `corpus.memory` says otherwise."""

FIXED = 512 * MIB
"""Bytes a process takes however little text there is: Python, Dagster, Polars, DuckDB, 50,000 rows without their text.

Measured: 410 MB for 50,000 documents of 100 characters."""

LEAST_MEMORY = 768 * MIB
"""The smallest useful `corpus.memory`."""

COPIES = 6
"""Bytes taken for each byte of a shard's text: the frame, its sorting, DuckDB's row groups and Parquet's pages.

Measured: 4.3 to 4.6 beyond what is fixed, for documents of 5 kB and of 1 MB in every format."""


def text_of_shard(memory: int) -> int:
    """Bytes of text that a shard may hold within `memory` bytes."""
    return (memory - FIXED) // COPIES


def longest_document(memory: int) -> int:
    """Bytes of the longest document that is read within `memory` bytes; a longer one goes to quarantine.

    Far less than a shard's text: a row of JSON is held as read, as decoded and as parsed, at up to four bytes a
    character each.
    """
    return memory // 64
