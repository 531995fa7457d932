"""What policies are told: for every slice of a run so far, the arm drawn from, its tokens, and its gain."""

from collections.abc import Sequence

History = Sequence[tuple[str, int, float]]
"""Arm, tokens, gain (the fall of the validation loss by the slice, nats a token; negative where it rose)."""
