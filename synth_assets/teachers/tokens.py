"""Counting tokens: exactly with the model's tokenizer, by rule of thumb without it, and a bound for budgets.

A tokenizer is a folder in the Hugging Face layout. Its chat template is rendered as `transformers` does it; that is
not installed for this alone.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, Protocol

from jinja2 import TemplateError, nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import JsonValue
from tokenizers import Tokenizer

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.prompting import Message

TOKENS_A_MESSAGE = 4
"""What a chat format commonly adds to a message, where the format is not known."""

_TOKENIZER = "tokenizer.json"
_WIDE = re.compile("[\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


class TokenCounter(Protocol):
    """Counts tokens. `exact` says whether the counts of prompts are the model's own."""

    @property
    def exact(self) -> bool:
        """Whether prompts are counted as the model's server counts them."""

    def prompt(self, messages: Sequence[Message]) -> int:
        """Tokens of a chat as the model reads it, the start of its answer included."""

    def text(self, text: str) -> int:
        """Tokens of a text alone."""


def token_counter(tokenizer: str) -> TokenCounter:
    """The counter for `tokenizer`: a model's folder, or its tokenizer.json, or the approximation for an empty name.

    It is exact where the folder holds a chat template too; otherwise each message is taken to cost `TOKENS_A_MESSAGE`
    more. A model's name is looked for among those already downloaded; nothing is downloaded.

    Raises SynthAssetsError where there is no tokenizer.
    """
    if not tokenizer:
        return ApproximateCounter()
    path = _tokenizer_file(tokenizer)
    try:
        loaded = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing more precise
        raise SynthAssetsError(f"{path} cannot be read as a tokenizer ({error}); check `tokenizer`.") from None
    settings = _settings(path.with_name("tokenizer_config.json"))
    template = _chat_template(path.parent, settings)
    return ModelCounter(loaded, str(path.parent), template, _special_tokens(settings))


def most_tokens(messages: Sequence[Message]) -> int:
    """As many tokens as any tokenizer may make of `messages`: none takes less than a byte of UTF-8 for a token."""
    return 32 + sum(16 + len(message["content"].encode("utf-8", "surrogatepass")) for message in messages)


class ApproximateCounter:
    """A quarter of a token an ASCII character, half of one another, and a whole one an ideograph or syllable."""

    exact = False

    def prompt(self, messages: Sequence[Message]) -> int:
        """Tokens of a chat, about."""
        return TOKENS_A_MESSAGE + sum(TOKENS_A_MESSAGE + self.text(message["content"]) for message in messages)

    def text(self, text: str) -> int:
        """Tokens of a text, about."""
        wide = 0 if text.isascii() else len(_WIDE.findall(text))
        other = 0 if text.isascii() else len(text) - wide - len(text.encode("ascii", "ignore"))
        return round(wide + other / 2 + (len(text) - wide - other) / 4)


class ModelCounter:
    """Counts with a model's tokenizer, and its chat template where there is one."""

    def __init__(
        self, tokenizer: Tokenizer, origin: str, chat_template: str | None, special_tokens: Mapping[str, str]
    ) -> None:
        self._tokenizer = tokenizer
        self._origin = origin
        self._special_tokens = special_tokens
        try:
            self._template = _environment().from_string(chat_template) if chat_template is not None else None
        except TemplateError as error:
            raise SynthAssetsError(f"The chat template in {origin} has an error: {error}.") from None

    @property
    def exact(self) -> bool:
        """Whether there is a chat template."""
        return self._template is not None

    def prompt(self, messages: Sequence[Message]) -> int:
        """Tokens of a chat. Raises SynthAssetsError where the chat template refuses it."""
        if self._template is None:
            return TOKENS_A_MESSAGE + sum(TOKENS_A_MESSAGE + self.text(message["content"]) for message in messages)
        try:
            chat = self._template.render(
                messages=list(messages), tools=None, documents=None, add_generation_prompt=True, **self._special_tokens
            )
        except (TemplateError, TypeError, ValueError) as error:
            raise SynthAssetsError(
                f"The chat template in {self._origin} refuses a chat with a system message: {error}. Leave `tokenizer` "
                "empty to count by rule of thumb; the endpoint may refuse such chats too."
            ) from None
        return self.text(chat)

    def text(self, text: str) -> int:
        """Tokens of a text, without those that a tokenizer puts around a sentence."""
        return len(self._tokenizer.encode(text.encode("utf-8", "replace").decode(), add_special_tokens=False).ids)


def _tokenizer_file(tokenizer: str) -> Path:
    path = Path(tokenizer).expanduser()
    if path.is_dir() and (path / _TOKENIZER).is_file():
        return path / _TOKENIZER
    if path.is_file():
        return path
    if path.is_dir():
        raise SynthAssetsError(
            f"The folder {path} has no {_TOKENIZER}; set `tokenizer` to the model's folder or the file itself."
        )
    cached = _downloaded(tokenizer)
    if cached is None:
        raise SynthAssetsError(
            f"There is no tokenizer {tokenizer!r}: it is neither a folder or file nor a model already downloaded. Set "
            f"`tokenizer` to the model's folder or its {_TOKENIZER}, or leave it empty to count by rule of thumb."
        )
    return cached


def _downloaded(model: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(model, _TOKENIZER)
    except (HFValidationError, OSError, ValueError):
        return None
    return Path(found) if isinstance(found, str) else None


def _settings(path: Path) -> dict[str, JsonValue]:
    if not path.is_file():
        return {}
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SynthAssetsError(f"{path} is no valid JSON ({error}); the tokenizer's folder is incomplete.") from None
    return settings if isinstance(settings, dict) else {}


def _chat_template(folder: Path, settings: Mapping[str, JsonValue]) -> str | None:
    """The template of a file of its own, which goes first as in `transformers`, or of the settings."""
    own = folder / "chat_template.jinja"
    if own.is_file():
        return own.read_text(encoding="utf-8")
    template = settings.get("chat_template")
    if isinstance(template, list):  # several by name
        named = {entry.get("name"): entry.get("template") for entry in template if isinstance(entry, dict)}
        template = named.get("default")
    return template if isinstance(template, str) else None


def _special_tokens(settings: Mapping[str, JsonValue]) -> dict[str, str]:
    """`bos_token` and the like; each is a text, or an object with its text as `content`."""
    tokens: dict[str, str] = {}
    for name, value in settings.items():
        content = value.get("content") if isinstance(value, dict) else value
        if name.endswith("_token") and isinstance(content, str):
            tokens[name] = content
    return tokens


class _Generation(Extension):
    """The tag `generation`, which some templates put around the answers they train on; its body counts as it is."""

    tags = {"generation"}  # noqa: RUF012  # declared so by Jinja

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _environment() -> ImmutableSandboxedEnvironment:
    """Jinja as `transformers` sets it up for chat templates; a template from outside can do nothing but render."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    environment.filters["tojson"] = _to_json
    functions: dict[str, Callable[..., Any]] = {"raise_exception": _raise, "strftime_now": _now}
    environment.globals.update(functions)
    return environment


def _to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def _raise(message: str) -> NoReturn:
    raise TemplateError(message)


def _now(format_: str) -> str:
    return datetime.now().strftime(format_)
