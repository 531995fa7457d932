"""Keeping secrets out of everything that is shown or stored: keys, and passwords in URLs."""

from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit, urlunsplit

SHORTEST_SECRET = 6
"""What is shorter (`none`, `EMPTY`) protects nothing, and taking it out would spoil ordinary words."""


class Redaction:
    """Takes the given secrets out of texts that come from outside."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in (secret, quote(secret, safe=""), unquote(secret))}
        self._secrets = sorted((form for form in forms if len(form) >= SHORTEST_SECRET), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text with `[redacted]` in the place of each secret."""
        for secret in self._secrets:
            text = text.replace(secret, "[redacted]")
        return text

    def __repr__(self) -> str:
        return f"Redaction({len(self._secrets)} secrets)"


def without_password(url: str) -> str:
    """A URL as it may be shown and sent: without user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def credentials(url: str) -> tuple[str, str] | None:
    """User and password of a URL, decoded; None where it has neither."""
    parts = urlsplit(url)
    if parts.username is None and parts.password is None:
        return None
    return unquote(parts.username or ""), unquote(parts.password or "")
