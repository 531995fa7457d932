"""Sparse matrices from entries in any order, in linear time."""

import numpy as np
import numpy.typing as npt
from scipy import sparse


def compressed(
    rows: npt.NDArray[np.int32], columns: npt.NDArray[np.int32], values: npt.NDArray[np.integer], shape: tuple[int, int]
) -> sparse.csr_array:
    """Compressed sparse rows, columns ascending within a row, values of repeated entries added up.

    Two counting sorts, by column and then by row, where SciPy by itself would compare the columns of each row.
    """
    entries = sparse.coo_array((values, (rows, columns)), shape=shape)
    entries.has_canonical_format = True  # said, not true yet: it keeps SciPy from sorting in between
    matrix = entries.tocsc().tocsr()
    matrix.has_canonical_format = False
    matrix.has_sorted_indices = True
    matrix.sum_duplicates()
    return matrix
