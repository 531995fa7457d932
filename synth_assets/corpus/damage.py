"""How a file that is not what its name says makes itself known, whatever library reads it."""

import gzip
import zlib

from polars.exceptions import PolarsError


class DamagedFileError(OSError):
    """A file is not of its format, or not whole."""


DAMAGE = (DamagedFileError, EOFError, zlib.error, gzip.BadGzipFile, PolarsError)
"""What is raised for a damaged file, as against a disk or a store that cannot be read."""
