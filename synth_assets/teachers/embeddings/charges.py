"""What each text of a batch is charged: the endpoint counts them together, or not at all."""

from collections.abc import Sequence

from synth_assets.teachers.tokens import TokenCounter

AROUND_A_TEXT = 64
"""More than a tokenizer puts around a text, with what a model is told before it."""


def most_tokens(text: str) -> int:
    """As many tokens as any tokenizer may make of `text`: none takes less than a byte of UTF-8 for a token."""
    return AROUND_A_TEXT + len(text.encode("utf-8", "surrogatepass"))


def charged(told: int | None, texts: Sequence[str], counter: TokenCounter) -> tuple[list[int], bool]:
    """Tokens of each text, adding up to what the endpoint has `told` of all, and whether it has.

    They are shared in proportion to our own counts, which stand where the endpoint's cannot be true.
    """
    ours = [max(1, counter.text(text)) for text in texts]
    if told is None or not 0 < told <= sum(map(most_tokens, texts)):
        return ours, False
    total, before, shares, so_far = sum(ours), 0, list[int](), 0
    for count in ours:  # the differences of rounded running sums add up to the whole
        so_far += count
        until = round(told * so_far / total)
        shares.append(until - before)
        before = until
    return shares, True
