"""The scripted endpoint's server: HTTP/1.1 on an asyncio protocol, with faults as its script says.

Quick enough to be no part of what is measured with it: it takes one core for some thousand requests a second.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from io import TextIOBase
from typing import Any, Literal, get_args

from synth_assets_tests.teachers.openai.answers import answer, kind_of
from synth_assets_tests.teachers.openai.vectors import EMBED_TEXT, encoded, features

Fault = Literal[
    "rate_limit",
    "error",
    "hang",
    "cut",
    "truncated_body",
    "empty_choices",
    "truncated_json",
    "invalid_json",
    "duplicate_keys",
    "length",
    "wrong_counts",
    "no_counts",
]
"""What may go wrong with an attempt; `wrong_counts` and `no_counts` come with a valid answer."""

FAULTS: tuple[Fault, ...] = get_args(Fault)

VectorFault = Literal["missing_vector", "shorter_vector", "shorter_vectors", "not_finite"]
"""What else may go wrong with vectors."""

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


@dataclass
class Script:
    """How the endpoint behaves. Shares are of attempts, drawn by `seed`, the request and how often it has come.

    Requests for vectors are refused where they have more than `most_texts`, or a text of more than `most_characters`
    (0: any); `dimensions` is the length of the vectors where a request does not say.
    """

    faults: dict[Fault | VectorFault, float] = field(default_factory=dict)
    latency: float = 0.0
    retry_after: float = 0.0
    seed: int = 0
    key: str = ""
    model: str = ""
    refuse: int = 0
    most_texts: int = 0
    most_characters: int = 0
    dimensions: int = 256

    @staticmethod
    def evenly(share: float) -> dict[Fault | VectorFault, float]:
        """All kinds of faults, `share` of the attempts together."""
        return dict.fromkeys(FAULTS, share / len(FAULTS))


@dataclass
class Counts:
    """What the endpoint has seen."""

    received: int = 0
    now: int = 0
    most_at_once: int = 0
    by_fault: Counter[str] = field(default_factory=Counter)


class Endpoint:
    """The endpoint's state, shared by its connections. Each request gives a line in `log` when it has been dealt with.

    A line has the hash of the body (`request`), the hash of the prompt without a correction (`asked`), the kind of
    task, the time, and the fault: `none`, one of FAULTS, `refused`, or `gone` where the client had left before.
    """

    def __init__(self, script: Script, log: TextIOBase | None = None) -> None:
        self.script = script
        self.counts = Counts()
        self._log = log
        self._attempts: Counter[bytes] = Counter()

    def fault(self, request: "Received") -> Fault | VectorFault | None:
        """What goes wrong with this attempt at `request`."""
        if not self.script.faults:
            return None
        self._attempts[request.hash] += 1
        chance = random.Random(f"{self.script.seed} {request.hash.hex()} {self._attempts[request.hash]}").random()
        for fault, share in self.script.faults.items():
            chance -= share
            if chance < 0:
                return fault
        return None

    def answer(self, request: "Received", fault: Fault | VectorFault | None) -> dict[str, Any]:
        """The body that answers a request, spoilt by `fault`."""
        return embeddings(request, fault, self.script) if request.texts else completion(request, fault)

    def note(self, request: "Received", fault: str) -> None:
        """Count and log a request that has been dealt with."""
        self.counts.now -= 1
        self.counts.by_fault[fault] += 1
        if self._log is not None:
            hashes = {"request": request.hash.hex(), "asked": request.asked.hex()}
            kind = EMBED_TEXT if request.texts else kind_of(request.body)
            line = {**hashes, "kind": kind, "time": time.time(), "fault": fault, "texts": request.texts}
            self._log.write(json.dumps(line) + "\n")


@dataclass(frozen=True)
class Received:
    """A request: the hash of its body, that of its prompt and seed without a correction, and the body.

    Answers depend on the prompt, not on whether it took a correction to get them: however often a run is disturbed,
    it ends with the same tables. `texts` are hashes of the texts whose vectors are asked for.
    """

    hash: bytes
    asked: bytes
    body: Mapping[str, Any]
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, content: bytes) -> "Received":
        """The request in `content`."""
        body = json.loads(content)
        if "input" in body:
            texts = tuple(_hash(text.encode()).hex() for text in body["input"])
            return cls(_hash(content), _hash(json.dumps(body["input"]).encode()), body, texts)
        asked = json.dumps([body["messages"][:2], body.get("seed")]).encode()
        return cls(_hash(content), _hash(asked), body)


def _hash(content: bytes) -> bytes:
    return blake2b(content, digest_size=8).digest()


class Connection(asyncio.Protocol):
    """One connection of a client: one request after the other."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            whole = end + 4 + int(headers.get("content-length", "0"))
            if len(self._buffer) < whole:
                return
            content = bytes(self._buffer[end + 4 : whole])
            del self._buffer[:whole]
            self._handle(first.split(" ")[1], headers, content)

    def _handle(self, path: str, headers: Mapping[str, str], content: bytes) -> None:
        script = self._endpoint.script
        sent = headers.get("authorization", "").removeprefix("Bearer ")
        if path == "/counts":
            counts = self._endpoint.counts
            self._send(200, {"received": counts.received, "most_at_once": counts.most_at_once, **counts.by_fault})
        elif path == "/script":
            for name, value in json.loads(content).items():
                setattr(script, name, value)
            self._send(200, {})
        elif script.key and sent != script.key:
            self._send(401, {"error": {"message": f"Incorrect API key provided: {sent}. Check it."}})
        elif path == "/v1/models":
            self._send(200, {"object": "list", "data": [{"id": script.model or "scripted", "object": "model"}]})
        elif path in ("/v1/chat/completions", "/v1/embeddings"):
            self._take(content)
        else:
            self._send(404, {"detail": "Not Found"})

    def _take(self, content: bytes) -> None:
        counts = self._endpoint.counts
        counts.received += 1
        counts.now += 1
        counts.most_at_once = max(counts.most_at_once, counts.now)
        request = Received.of(content)
        latency = self._endpoint.script.latency
        if latency > 0:
            asyncio.get_running_loop().call_later(latency, self._respond, request)
        else:
            self._respond(request)

    def _respond(self, request: Received) -> None:
        script, model = self._endpoint.script, request.body["model"]
        if self._transport is None:
            self._endpoint.note(request, "gone")
        elif script.model and model != script.model:
            self._endpoint.note(request, "refused")
            self._send(404, {"error": {"message": f"The model `{model}` does not exist."}})
        elif script.refuse:
            self._endpoint.note(request, "refused")
            self._send(script.refuse, {"error": {"message": "response_format is not supported by this server"}})
        elif refusal := _too_much(request, script):
            self._endpoint.note(request, "refused")
            self._send(400, {"error": {"message": refusal}})
        else:
            fault = self._endpoint.fault(request)
            self._endpoint.note(request, fault or "none")
            self._answer(self._transport, request, fault)

    def _answer(self, transport: asyncio.Transport, request: Received, fault: Fault | VectorFault | None) -> None:
        match fault:
            case "hang":
                return
            case "rate_limit":
                wait = {"Retry-After": f"{self._endpoint.script.retry_after:g}"}
                self._send(429, {"error": {"message": "Rate limit reached; please slow down."}}, wait)
            case "error":
                self._send(500, {"error": {"message": "The engine is overloaded."}})
            case "cut":
                whole = _response(200, _encoded(self._endpoint.answer(request, None)))
                transport.write(whole[: len(whole) // 2])
                transport.close()
            case "truncated_body":
                body = _encoded(self._endpoint.answer(request, None))
                transport.write(_response(200, body[: len(body) // 2]))
            case _:
                self._send(200, self._endpoint.answer(request, fault))

    def _send(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        if self._transport is not None:
            self._transport.write(_response(status, _encoded(body), headers))


def _too_much(request: Received, script: Script) -> str:
    """Why a request for vectors is refused; empty where it is not."""
    if script.most_texts and len(request.texts) > script.most_texts:
        return f"batch size {len(request.texts)} > maximum allowed batch size {script.most_texts}"
    longest = max(map(len, request.body["input"])) if request.texts else 0
    if script.most_characters and longest > script.most_characters:
        return f"This model's maximum context length is {script.most_characters} tokens, you requested {longest}."
    return ""


def embeddings(request: Received, fault: Fault | VectorFault | None, script: Script) -> dict[str, Any]:
    """The vectors a request asks for, spoilt by `fault`."""
    vectors = list(features(request.body["input"], request.body.get("dimensions", script.dimensions)))
    match fault:
        case "missing_vector":
            vectors.pop()
        case "shorter_vector":
            vectors[-1] = vectors[-1][:-1]
        case "shorter_vectors":
            vectors = [vector[:-1] for vector in vectors]
        case "not_finite":
            vectors[-1][0] = float("nan")
    base64 = request.body.get("encoding_format") == "base64"
    data = [
        {"object": "embedding", "index": place, "embedding": encoded(vector) if base64 else vector.tolist()}
        for place, vector in enumerate(vectors)
    ]
    tokens = sum(len(text.split()) for text in request.body["input"])
    usage: dict[str, int] | None = {"prompt_tokens": tokens, "total_tokens": tokens}
    if fault in ("wrong_counts", "no_counts"):
        usage = {"prompt_tokens": 10**9, "total_tokens": 10**9} if fault == "wrong_counts" else None
    data = [] if fault == "empty_choices" else data[::-1]  # an answer may come in any order
    return {"object": "list", "data": data, "model": request.body["model"], "usage": usage}


def completion(request: Received, fault: Fault | VectorFault | None) -> dict[str, Any]:
    """The chat completion that answers a request, spoilt by `fault`."""
    text = answer(request.body, int.from_bytes(request.asked, "big"))
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage: dict[str, int] | None = {
        "prompt_tokens": sum(len(str(message["content"]).split()) for message in request.body["messages"]),
        "completion_tokens": len(text.split()),
    }
    match fault:
        case "truncated_json":
            choice["message"] = {"role": "assistant", "content": text[: len(text) // 2]}
        case "invalid_json":
            choice["message"] = {"role": "assistant", "content": "I cannot put this into the form asked for."}
        case "duplicate_keys":
            doubled = f"{text[:-1]}, {text[1:].replace(': ', ': null, ', 1)}" if len(text) > 2 else text
            choice["message"] = {"role": "assistant", "content": doubled}
        case "length":
            choice |= {"message": {"role": "assistant", "content": text[:-10]}, "finish_reason": "length"}
        case "wrong_counts":
            usage = {"prompt_tokens": -5, "completion_tokens": 10**9}
        case "no_counts":
            usage = None
    choices = [] if fault == "empty_choices" else [choice]
    return {
        "id": f"chatcmpl-{request.hash.hex()}",
        "object": "chat.completion",
        "created": 0,
        "model": request.body["model"],
        "choices": choices,
        "usage": usage,
    }


def _encoded(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _response(status: int, content: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = f"HTTP/1.1 {status} {REASONS.get(status, 'Error')}\r\nContent-Type: application/json\r\n{more}"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content
