"""What the answers to one request are charged: by the endpoint's count where it can be true, by ours otherwise."""

from synth_assets.teachers.openai.completion import Completion
from synth_assets.teachers.openai.payload import Payload
from synth_assets.teachers.tokens import TokenCounter

TEMPLATE_TOKENS = 4_096
"""More than a chat template or a schema adds to a prompt on the endpoint's side."""


class Charges:
    """Tokens of the answers to one request, a rejected first one included."""

    def __init__(self, counter: TokenCounter) -> None:
        self._counter = counter
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self.answers = 0
        self.counted = True

    def add(self, payload: Payload, completion: Completion) -> None:
        """Count an answer to `payload`."""
        self.answers += 1
        said, written = completion.prompt_tokens, completion.completion_tokens
        if said is None or not 0 < said <= 2 * payload.most_prompt_tokens + TEMPLATE_TOKENS:
            said, self.counted = self._counter.prompt(payload.messages), False
        # An answer without text may still have taken tokens: a model's thoughts that are not shown.
        if written is None or not bool(completion.text) <= written <= payload.most_completion_tokens:
            written = min(self._counter.text(completion.text), payload.most_completion_tokens)
            self.counted = False
        self.prompt_tokens += said
        self.completion_tokens += written
