"""What a user can set about the teacher: the section `[teacher]` of synth.toml, and the same in Dagster's launchpad."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from synth_assets.teachers.budget import Limits
from synth_assets.teachers.vllm.settings import VllmSettings

StructuredOutput = Literal["json_schema", "json_object", "none"]


class Sampling(BaseModel):
    """How a model samples its answer to one kind of task; what is not set keeps the task's default."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    temperature: float | None = Field(None, ge=0, description="0 takes the likeliest token each time.")
    top_p: float | None = Field(None, gt=0, le=1, description="Share of the probability that is sampled from.")
    max_completion_tokens: int | None = Field(None, gt=0, description="Longest answer, in tokens.")


class TeacherSettings(BaseModel):
    """What answers the tasks, how it is reached, and what it may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["embedded", "openai", "vllm"] = Field(
        "embedded",
        description="`embedded`: rules for school mathematics, no network; `openai`: any OpenAI-compatible endpoint; "
        "`vllm`: a `vllm serve` that the run starts and stops.",
    )
    model: str = Field("", description="Name under which the endpoints serve the model; for vllm a path or a name.")
    revision: str = Field(
        "", description="A mark of your own for the model's version; another one asks everything again."
    )
    draw: int = Field(0, ge=0, description="Another draw of the same teacher: it answers everything anew.")
    base_urls: tuple[str, ...] = Field(
        (), description="Endpoints that serve the model, for example http://gpu1:8000/v1; work is spread over them."
    )
    api_key_env: str = Field(
        "OPENAI_API_KEY", description="Environment variable with the key; the key itself is never written anywhere."
    )
    structured_output: StructuredOutput = Field(
        "json_schema", description="How answers are kept in shape; weaker endpoints know only `json_object` or `none`."
    )
    sampling: dict[str, Sampling] = Field(
        {}, description="Temperature, top_p and max_completion_tokens by kind of task, where the defaults do not fit."
    )
    seeded: bool = Field(
        True, description="Whether requests carry a seed, so that a repetition may be answered alike; some refuse it."
    )
    extra_body: dict[str, JsonValue] = Field(
        {}, description="Further fields of every request, for example chat_template_kwargs; part of what is asked."
    )
    document_characters: int = Field(
        24_000, gt=0, description="A longer document is cut here before it is shown to the model."
    )
    concurrency: int = Field(256, gt=0, description="Most requests on their way at once, over all endpoints.")
    attempt_timeout: float = Field(300.0, gt=0, description="Seconds after which one attempt is given up.")
    deadline: float = Field(1_800.0, gt=0, description="Seconds for a request, all attempts and pauses included.")
    patience: float = Field(
        600.0, gt=0, description="Seconds without any answer from any endpoint after which the run stops."
    )
    price_prompt: float | None = Field(None, ge=0, description="Price of a million prompt tokens.")
    price_completion: float | None = Field(None, ge=0, description="Price of a million completion tokens.")
    max_tokens_budget: int | None = Field(
        None, gt=0, description="Most tokens that all runs of this lake together may use."
    )
    max_cost: float | None = Field(None, gt=0, description="Most money that all runs of this lake together may cost.")
    tokenizer: str = Field(
        "", description="The model's folder or tokenizer.json, for exact prompt tokens in estimates and budgets."
    )
    vllm: VllmSettings = Field(VllmSettings(), description="How `vllm serve` is started.")

    @property
    def section(self) -> str:
        """Where these settings stand in synth.toml."""
        return "teacher"

    @property
    def limits(self) -> Limits:
        """The budget of the lake, for everything that is asked and charged by tokens."""
        return Limits(self.max_tokens_budget, self.max_cost)

    @model_validator(mode="after")
    def _complete(self) -> "TeacherSettings":
        if self.kind != "embedded" and not self.model:
            raise ValueError(f"kind {self.kind!r} needs a model: set `model`, or give --model")
        if self.kind == "openai" and not self.base_urls:
            raise ValueError("kind 'openai' needs at least one endpoint: set `base_urls`, or give --base-url")
        if self.max_cost is not None and self.price_prompt is None and self.price_completion is None:
            raise ValueError("max_cost needs a price: set `price_prompt` and `price_completion`")
        return self
