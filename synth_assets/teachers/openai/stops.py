"""What a person is told where endpoints can answer nothing more, and how to go on."""

import os
from collections.abc import Mapping, Sequence

from synth_assets.errors import PassingFaultError, SynthAssetsError
from synth_assets.teachers.openai.reach import Reach

GO_ON = "What was answered is kept; run the same command again to go on."

OPTIONS: Mapping[tuple[str, str], str] = {
    ("teacher", "base_urls"): "--base-url",
    ("teacher", "model"): "--model",
    ("teacher", "api_key_env"): "--api-key-env",
    ("filter.embedder", "base_urls"): "--embedder-url",
    ("filter.embedder", "model"): "--embedder-model",
}
"""The option of the command line for a setting, by section and name, where there is one."""


def in_words(settings: Reach, name: str) -> str:
    """Where a setting is changed: by its option, or in its section."""
    option = OPTIONS.get((settings.section, name))
    return f"with {option}" if option is not None else f"in `{settings.section}.{name}`"


def key_refused(url: str, status: int, said: str, settings: Reach) -> SynthAssetsError:
    """The endpoint refuses the key."""
    variable = settings.api_key_env
    if status == 402:
        return SynthAssetsError(f"{url} asks for payment (402): {said}. Settle the account, then: {GO_ON}")
    state = "is set, but the key in it is refused" if os.environ.get(variable) else "is not set"
    return SynthAssetsError(
        f"{url} refuses access ({status}): {said}. The key is read from the environment variable {variable}, which "
        f"{state}; export a valid key there, or name another variable {in_words(settings, 'api_key_env')}. {GO_ON}"
    )


def model_missing(url: str, model: str, said: str, offered: Sequence[str], settings: Reach) -> SynthAssetsError:
    """The endpoint knows no such model, or no such path."""
    section = settings.section
    if offered:
        hint = (
            f"It serves {', '.join(offered)}; set `{section}.model` to one of them, or give "
            f"{OPTIONS[section, 'model']}."
        )
    else:
        hint = f"Check `{section}.model` and `{section}.base_urls` (a base URL usually ends in /v1)."
    return SynthAssetsError(f"{url} has no model {model!r} (404): {said}. {hint} {GO_ON}")


def every_request_refused(count: int, said: str) -> SynthAssetsError:
    """All requests so far were refused, and so the next ones would be."""
    return SynthAssetsError(
        f"The endpoint refused each of the first {count} requests ({said}). Where it does not know a field of the "
        "request, set `teacher.structured_output` to json_object or none, or change `teacher.extra_body` and "
        f"`teacher.sampling`. {GO_ON}"
    )


def silence(urls: Sequence[str], said: str, settings: Reach) -> PassingFaultError:
    """No endpoint has answered for longer than patience lasts."""
    return PassingFaultError(
        f"No answer from {', '.join(urls)} for {settings.patience:g} seconds; the last error: {said}. See that the "
        f"endpoint is up, or raise `{settings.section}.patience`. {GO_ON}"
    )
