"""The body of a request: built once, as it is hashed and sent. Only the model's name is set in front as it is sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from synth_assets.seeds import seed_of
from synth_assets.teachers.immediate import hash_of
from synth_assets.teachers.prompting import Message
from synth_assets.teachers.reading import correction
from synth_assets.teachers.settings import Sampling
from synth_assets.teachers.tasks import AnswerQuestion, Task, WriteQuestions
from synth_assets.teachers.tokens import most_tokens

PROBLEM_CHARACTERS = 2_000
"""Of what is wrong with an answer, as the model is told."""

OURS = ("model", "messages", "stream", "n")
"""Fields of the body that `extra_body` may not set: reading and charging answers rests on them."""


@dataclass(frozen=True)
class Payload:
    """A request's body but for the model, and the most tokens one answer to it is charged for.

    `seed` tells equal prompts apart that want answers of their own, also where it is not sent.
    """

    body: bytes = field(repr=False)
    seed: int
    most_prompt_tokens: int
    most_completion_tokens: int

    @property
    def messages(self) -> list[Message]:
        """The chat in the body."""
        messages: list[Message] = json.loads(self.body)["messages"]
        return messages

    def body_for(self, model: str) -> bytes:
        """The whole body, for an endpoint that knows the model by the name `model`."""
        return b'{"model": ' + json.dumps(model).encode() + b", " + self.body[1:]

    def corrected(self, text: str, problem: str) -> "Payload":
        """The request that shows the model its answer `text` and what is wrong with it."""
        body = json.loads(self.body)
        body["messages"] += correction(text, problem[:PROBLEM_CHARACTERS])
        return Payload(_encoded(body), self.seed, most_tokens(body["messages"]), self.most_completion_tokens)


def payload_of(
    task: Task[Any],
    messages: list[Message],
    response_format: Mapping[str, JsonValue] | None,
    sampling: Sampling,
    extra_body: Mapping[str, JsonValue],
    seeded: bool,
    draw: int = 0,
) -> Payload:
    """The body that asks `task`. What stands in `extra_body` goes before the sampling parameters.

    Another `draw` asks the same with another seed.
    """
    seed = _seed(task, messages, draw)
    fields = {**sampling.model_dump(exclude_none=True), **({"seed": seed} if seeded else {}), **extra_body}
    if response_format is not None:
        fields.setdefault("response_format", response_format)
    most_completion = max(
        value for name in ("max_completion_tokens", "max_tokens") if isinstance(value := fields.get(name, 0), int)
    )
    body = _encoded({"messages": messages, **fields})
    return Payload(body, seed, most_tokens(messages), most_completion)


def _seed(task: Task[Any], messages: list[Message], draw: int) -> int:
    """The seed of the model's sampling: another one for each sample of the same question, and for each draw.

    It has 31 bits, because not every server takes more.
    """
    repetition = 0
    if isinstance(task, AnswerQuestion):
        repetition = task.sample
    elif isinstance(task, WriteQuestions):
        repetition = task.round
    prompt = hash_of(*(part for message in messages for part in (message["role"], message["content"])))
    of_draw = ("draw", draw) if draw else ()  # draw 0 has the seeds of before there were draws
    return seed_of("request", prompt, repetition, *of_draw) >> 32


def _encoded(body: Mapping[str, object]) -> bytes:
    """JSON in UTF-8, the same for equal bodies. Half a surrogate pair, which UTF-8 cannot hold, becomes a "?"."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
