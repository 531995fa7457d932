"""How a loop over arrays is compiled: by numba, kept between runs where there is a place for it.

What lives here: the decorators alone. The loops are in the modules named `*_loops`, each beside the module that calls
it. Importing numba takes half a second, so those are imported where they are used.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def compiled(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """`function` compiled at its first call, to run without the interpreter's lock.

    The machine code is kept beside the source, else in the user's cache folder, under a hash of the source, the types
    and the processor. Where neither can be written to, numba refuses to decorate; it is then compiled in every process.

    Callers give arrays through :func:`numpy.require`, so that there is one compiled version of each: numba's cache may
    mix up versions that two processes write at the same moment.
    """
    try:
        return cast(Callable[Parameters, Result], numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(Callable[Parameters, Result], numba.njit(nogil=True)(function))


def part_of_compiled(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """`function` compiled into the compiled ones that call it and kept with them.

    They must stand in the same file: a change of this one is noticed by the hash of theirs.
    """
    return cast(Callable[Parameters, Result], numba.njit(function))
