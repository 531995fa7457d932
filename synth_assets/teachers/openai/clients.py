"""The HTTP clients of a conversation: one `openai` client an endpoint, all on one pool of connections."""

from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import httpx2
from openai import AsyncOpenAI, DefaultAioHttpClient, OpenAIError

from synth_assets.teachers.openai.redaction import Redaction, credentials
from synth_assets.teachers.openai.sources import Endpoint

CONNECT_SECONDS = 10.0
MODELS_SECONDS = 10.0
MODELS_SHOWN = 10


class Client:
    """One endpoint, as requests are sent to it."""

    def __init__(self, endpoint: Endpoint, model: str, http: httpx2.AsyncClient) -> None:
        self.shown = endpoint.shown
        self.model = endpoint.model or model
        self._openai = AsyncOpenAI(
            api_key=endpoint.api_key,
            base_url=endpoint.shown,
            max_retries=0,
            http_client=http,
            default_headers=_headers(endpoint),
        )

    async def post(self, path: str, body: bytes) -> bytes:
        """Send a request to `path` below the base URL, and return the body of the response.

        Raises what the client raises. The body goes out as it was hashed, and comes back unparsed: the client's typed
        methods would build and check both once more, at half of the CPU time of a request.
        """
        response = await self._openai.post(path, cast_to=httpx2.Response, content=body)
        return response.content

    async def models(self) -> list[str]:
        """Models the endpoint says it serves; empty where it does not say."""
        names: list[str] = []
        with suppress(OpenAIError, OSError, ValueError):
            async for model in self._openai.with_options(timeout=MODELS_SECONDS).models.list():
                names.append(model.id)
                if len(names) == MODELS_SHOWN:
                    break
        return names


@asynccontextmanager
async def clients(endpoints: Sequence[Endpoint], model: str, connections: int) -> AsyncIterator[list[Client]]:
    """Clients for the endpoints of `model`, with so many connections together. The time limits are the caller's."""
    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=30.0)
    timeout = httpx2.Timeout(None, connect=CONNECT_SECONDS)
    # No proxy of the environment knows the way to a server on this machine.
    http = DefaultAioHttpClient(limits=limits, timeout=timeout, trust_env=not all(map(_on_this_machine, endpoints)))
    async with http:
        yield [Client(endpoint, model, http) for endpoint in endpoints]


def redaction(endpoints: Sequence[Endpoint]) -> Redaction:
    """What takes the endpoints' keys and passwords out of a text."""
    passwords = [pair[1] for endpoint in endpoints if (pair := credentials(endpoint.base_url)) is not None]
    return Redaction([*(endpoint.api_key for endpoint in endpoints), *passwords])


def _on_this_machine(endpoint: Endpoint) -> bool:
    return urlsplit(endpoint.base_url).hostname in ("127.0.0.1", "::1", "localhost")


def _headers(endpoint: Endpoint) -> dict[str, str]:
    """A user and password in the URL go before the key, which could not be sent beside them."""
    pair = credentials(endpoint.base_url)
    if pair is None:
        return {}
    return {"Authorization": f"Basic {b64encode(':'.join(pair).encode()).decode()}"}
