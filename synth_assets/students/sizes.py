"""The sizes of students by name. Declarations only: a code location names its partitions without importing JAX."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StudentSize:
    """A size of student by name: layers, width of the residual stream, heads, and width of the SwiGLU layer."""

    name: str
    layers: int
    width: int
    heads: int
    feed_width: int

    def parameters(self, vocabulary: int) -> int:
        """Parameters, the tied embedding included once."""
        layer = 4 * self.width**2 + 3 * self.width * self.feed_width + 2 * self.width
        return vocabulary * self.width + self.layers * layer + self.width


STUDENT_SIZES: Mapping[str, StudentSize] = {
    size.name: size
    for size in (
        StudentSize("student-23k", layers=2, width=16, heads=1, feed_width=48),
        StudentSize("student-58k", layers=2, width=32, heads=2, feed_width=88),
        StudentSize("student-166k", layers=2, width=64, heads=2, feed_width=176),
    )
}
"""The sizes known by name, smallest first."""
