"""Where endpoints come from: those a user names, or those of a server that is started for the run."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.openai.reach import Reach
from synth_assets.teachers.openai.redaction import without_password
from synth_assets.teachers.openai.stops import OPTIONS, in_words

NO_KEY = "none"
"""Sent where no key is set: endpoints that need none accept any."""


@dataclass(frozen=True)
class Endpoint:
    """A base URL (usually ending in /v1) and the key for it.

    Attributes:
        model: The name under which it knows the model; empty where that is the settings' `model`. It is not part of
            what is asked: the same model in another folder, or under another name, has the same answers.
        check: Called about once a second, raises SynthAssetsError where the endpoint's server has died for good.
    """

    base_url: str = field(repr=False)
    api_key: str = field(default=NO_KEY, repr=False)
    model: str = ""
    check: Callable[[], None] | None = None

    @property
    def shown(self) -> str:
        """The URL without a password."""
        return without_password(self.base_url)


Source = Callable[[], AbstractContextManager[Sequence[Endpoint]]]
"""Gives the endpoints for one conversation; what was started for them is stopped at its end."""


def configured(settings: Reach) -> Source:
    """The endpoints named in the settings, with the key from the environment. Nothing is started or stopped."""

    @contextmanager
    def source() -> Iterator[Sequence[Endpoint]]:
        key = _key(settings)
        yield [Endpoint(_checked(url, settings), key) for url in settings.base_urls]

    return source


def _key(settings: Reach) -> str:
    variable = settings.api_key_env
    key = os.environ.get(variable, "").strip()
    if not all("!" <= character <= "~" for character in key):
        raise SynthAssetsError(
            f"The environment variable {variable} holds characters that no key has (spaces, line breaks or letters "
            f"beyond ASCII); export the key alone there, or name another variable {in_words(settings, 'api_key_env')}."
        )
    return key or NO_KEY


def _checked(url: str, settings: Reach) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, a bracket that is not closed
        usable = False
    if not usable:
        raise SynthAssetsError(
            f"The endpoint {without_password(url)!r} in `{settings.section}.base_urls` is no URL of the form "
            "http://host:port/v1; correct it there, or give another with "
            f"{OPTIONS[settings.section, 'base_urls']}."
        )
    return url
