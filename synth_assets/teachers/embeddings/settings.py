"""What a user can set about the embedder: the section `[filter.embedder]` of synth.toml."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from synth_assets.model_folders import digest_of

SECTION = "filter.embedder"


class EmbedderSettings(BaseModel):
    """What turns texts into vectors, how it is reached, and what it costs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["hashed", "endpoint", "sentence-transformers"] = Field(
        "hashed",
        description="`hashed`: word and character n-grams, no model and no network; `endpoint`: any OpenAI-compatible "
        "/v1/embeddings; `sentence-transformers`: a model in a folder of this machine.",
    )
    model: str = Field(
        "", description="Name under which the endpoints serve the model; for sentence-transformers its folder."
    )
    revision: str = Field(
        "", description="A mark of your own for the model's version; another one asks everything again."
    )
    base_urls: tuple[str, ...] = Field(
        (), description="Endpoints that serve the model, for example http://gpu1:8000/v1; work is spread over them."
    )
    api_key_env: str = Field(
        "OPENAI_API_KEY", description="Environment variable with the key; the key itself is never written anywhere."
    )
    dimensions: int | None = Field(
        None, gt=0, description="Length of the vectors asked for, where the model offers several."
    )
    characters: int = Field(20_000, gt=0, description="What follows in a longer text is not read.")
    encoding_format: Literal["base64", "float"] = Field(
        "base64", description="How vectors travel; `float` for endpoints that refuse base64. The vectors are the same."
    )
    extra_body: dict[str, JsonValue] = Field(
        {}, description="Further fields of every request, for example truncate_prompt_tokens; part of what is asked."
    )
    batch_size: int = Field(32, gt=0, description="Most texts in a request.")
    concurrency: int = Field(16, gt=0, description="Most requests on their way at once, over all endpoints.")
    attempt_timeout: float = Field(120.0, gt=0, description="Seconds after which one attempt is given up.")
    deadline: float = Field(1_800.0, gt=0, description="Seconds for a request, all attempts and pauses included.")
    patience: float = Field(
        600.0, gt=0, description="Seconds without any answer from any endpoint after which the run stops."
    )
    price: float | None = Field(None, ge=0, description="Price of a million tokens.")
    tokenizer: str = Field(
        "", description="The model's folder or tokenizer.json, for exact tokens in estimates and where none are told."
    )

    @property
    def section(self) -> str:
        """Where these settings stand in synth.toml."""
        return SECTION

    @property
    def shaping(self) -> dict[str, JsonValue]:
        """Those of them that shape the vectors; of a local model, its files in the place of where they lie."""
        if self.kind == "hashed":
            return {"kind": self.kind}
        names = {"kind", "dimensions", "characters"}
        if self.kind == "endpoint":
            return self.model_dump(mode="json", include={*names, "model", "revision", "extra_body"})
        folder = Path(self.model).expanduser()
        files = digest_of(folder) if folder.is_dir() else ""
        return {**self.model_dump(mode="json", include=names), "model": folder.name, "files": files}

    @model_validator(mode="after")
    def _complete(self) -> "EmbedderSettings":
        if self.kind == "endpoint" and not self.model:
            raise ValueError("kind 'endpoint' needs a model: set `model`, or give --embedder-model")
        if self.kind == "endpoint" and not self.base_urls:
            raise ValueError("kind 'endpoint' needs at least one endpoint: set `base_urls`, or give --embedder-url")
        if self.kind == "sentence-transformers" and not self.model:
            raise ValueError(
                "kind 'sentence-transformers' needs the folder of a model: set `model`, or give --embedder-model"
            )
        return self
