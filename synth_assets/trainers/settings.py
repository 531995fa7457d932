"""How an external trainer is launched, and for which runs."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
"""Variables a trainer on this machine nearly always needs. None of them holds a secret."""


class TrainingSettings(BaseModel):
    """The external trainer. A run is launched for each training set, model, budget and seed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["none", "command", "ray", "kubernetes"] = Field(
        "none", description="What launches it; none: nothing."
    )
    command: tuple[str, ...] = Field((), description="The trainer and its arguments.")
    models: tuple[str, ...] = Field((), description="Models, as the trainer knows them; a run for each.")
    training_sets: tuple[str, ...] = Field(("all",), description="Training sets; a run for each.")
    budgets: tuple[int, ...] = Field((), description="Token budgets, 0 for no training; empty: the students' own.")
    seeds: tuple[int, ...] = Field((0,), description="A run for each seed.")
    environment: tuple[str, ...] = Field(
        PASSED_ON, description="Names of the variables a command is passed; no others."
    )
    folder: str = Field("training", description="Where its files lie, absolute or within the lake's folder.")
    address: str = Field("", description="Ray: address of the dashboard.")
    runtime_env: dict[str, JsonValue] = Field({}, description="Ray: runtime environment of the job.")
    image: str = Field("", description="Kubernetes: image of the container.")
    namespace: str = Field("default", description="Kubernetes: namespace of the pod.")
    pod_spec: dict[str, JsonValue] = Field({}, description="Kubernetes: what the pod's specification is built on.")

    @model_validator(mode="after")
    def _complete(self) -> "TrainingSettings":
        if self.kind == "none":
            return self
        needed = {"command": self.command, "models": self.models, "training_sets": self.training_sets}
        if self.kind == "kubernetes":
            needed["image"] = (self.image,) if self.image else ()
        missing = next((name for name, value in needed.items() if not value), None)
        if missing is not None:
            raise ValueError(f"kind {self.kind!r} needs training.{missing}")
        if any(budget < 0 for budget in self.budgets):
            raise ValueError("budgets are 0 or more tokens")
        return self

    @property
    def shaping(self) -> dict[str, JsonValue]:
        """Those of these settings that shape what is reported: not where its files lie, nor what it may see."""
        left_out = {"folder", "environment", "address", "namespace"}
        return self.model_dump(mode="json", exclude=left_out)
