"""What a person is told where a teacher can answer nothing more, and how to go on."""

import os
from collections.abc import Sequence

from synth_assets.errors import SynthAssetsError

GO_ON = "What was answered is kept; run the same command again to go on."


def key_refused(url: str, status: int, said: str, variable: str) -> SynthAssetsError:
    """The endpoint refuses the key."""
    if status == 402:
        return SynthAssetsError(f"{url} asks for payment (402): {said}. Settle the account, then: {GO_ON}")
    state = "is set, but the key in it is refused" if os.environ.get(variable) else "is not set"
    return SynthAssetsError(
        f"{url} refuses access ({status}): {said}. The key is read from the environment variable {variable}, which "
        f"{state}; export a valid key there, or name another variable with --api-key-env. {GO_ON}"
    )


def model_missing(url: str, model: str, said: str, offered: Sequence[str]) -> SynthAssetsError:
    """The endpoint knows no such model, or no such path."""
    if offered:
        hint = f"It serves {', '.join(offered)}; set `model` to one of them, or give --model."
    else:
        hint = "Check `model` and `base_urls` (a base URL usually ends in /v1)."
    return SynthAssetsError(f"{url} has no model {model!r} (404): {said}. {hint} {GO_ON}")


def every_request_refused(count: int, said: str) -> SynthAssetsError:
    """All requests so far were refused, and so the next ones would be."""
    return SynthAssetsError(
        f"The endpoint refused each of the first {count} requests ({said}). Where it does not know a field of the "
        "request, set `teacher.structured_output` to json_object or none, or change `teacher.extra_body` and "
        f"`teacher.sampling`. {GO_ON}"
    )


def silence(urls: Sequence[str], seconds: float, said: str) -> SynthAssetsError:
    """No endpoint has answered for too long."""
    return SynthAssetsError(
        f"No answer from {', '.join(urls)} for {seconds:g} seconds; the last error: {said}. See that the endpoint is "
        f"up, or raise `teacher.patience`. {GO_ON}"
    )
