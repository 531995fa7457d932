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

    def operations(self, vocabulary: int, context: float) -> float:
        """Floating-point operations to train on one token that sees `context` places on average.

        6 a parameter (Kaplan et al. 2020, section 2.1; the embedding counts, for it is the output matrix too), and
        for attention 12 x layers x width x places.
        """
        return 6.0 * self.parameters(vocabulary) + 12.0 * self.layers * self.width * context


STUDENT_SIZES: Mapping[str, StudentSize] = {
    size.name: size
    for size in (
        StudentSize("student-23k", layers=2, width=16, heads=1, feed_width=48),
        StudentSize("student-58k", layers=2, width=32, heads=2, feed_width=88),
        StudentSize("student-166k", layers=2, width=64, heads=2, feed_width=176),
        StudentSize("student-541k", layers=4, width=96, heads=3, feed_width=256),
        StudentSize("student-1m", layers=4, width=128, heads=4, feed_width=384),
        StudentSize("student-3m", layers=4, width=256, heads=4, feed_width=704),
        StudentSize("student-10m", layers=8, width=320, heads=5, feed_width=896),
        StudentSize("student-33m", layers=10, width=512, heads=8, feed_width=1408),
        StudentSize("student-100m", layers=14, width=768, heads=12, feed_width=2048),
    )
}
"""The sizes known by name, smallest first; names count the parameters with a vocabulary of 1,024.

Each is about three times the one before. From a million parameters on, widths are multiples of 64, as a GPU's matrix
units like them, and from three million on a head is 64 wide (we choose).
"""
