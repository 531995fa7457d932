"""Everything a user can set, in one file: `synth.toml` in the lake's folder. The command line writes, Dagster reads it.

Each stage room has its own parameters with its own defaults; this module only gathers them and names what they mean.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomlkit
from pydantic import (
    BaseModel,
    ByteSize,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)

from synth_assets.corpus.background import BACKGROUND_DOCUMENTS
from synth_assets.corpus.benchmarks import BenchmarkFile
from synth_assets.corpus.memory import LEAST_MEMORY, MEMORY
from synth_assets.corpus.shards import Shard, find_shards
from synth_assets.decontamination.ladder import PRESETS, Ladder
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.settings import LakeSettings, ObjectStore
from synth_assets.scaling.observation_sources import ObservationSource
from synth_assets.teachers.embeddings.settings import EmbedderSettings
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.trainers.settings import TrainingSettings

SETTINGS_FILE = "synth.toml"
LAKE_VARIABLE = "SYNTH_ASSETS_LAKE"
"""Environment variable with the lake's folder; `./lake` where it is not set."""

SETTINGS_VARIABLE = "SYNTH_ASSETS_SETTINGS"
"""Environment variable with the text of a `synth.toml`, which takes the place of the file in the lake's folder."""

SAMPLE = Path(__file__).parent / "sample"


class Section(BaseModel):
    """Base of the sections: unknown names are errors, so a misspelt setting is never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _size_by_name(name: str) -> str:
    """The name of a student's size. Raises ValueError where there is none of that name."""
    from synth_assets.students.sizes import STUDENT_SIZES

    if name not in STUDENT_SIZES:
        raise ValueError(f"there is no such student; choose among {', '.join(STUDENT_SIZES)}")
    return name


class CorpusSettings(Section):
    """Where the documents come from."""

    sources: tuple[str, ...] = Field((str(SAMPLE / "corpus" / "*.jsonl"),), description="Globs of files.")
    rows_per_shard: int = Field(50_000, gt=0, description="A larger file is cut into shards of this many rows.")
    memory: ByteSize = Field(
        ByteSize(MEMORY), ge=LEAST_MEMORY, description="Most memory making a shard may take; cuts follow it."
    )
    domain: str = Field("mathematics", description="The domain the filter keeps.")

    def shards(self) -> list[Shard]:
        """The shards of the sources as they are now. Raises SynthAssetsError as `find_shards` does."""
        return find_shards(self.sources, self.rows_per_shard, self.memory)


class FilterSettings(Section):
    """The domain filter (paper section 2.1)."""

    threshold: float = Field(6.5, description="Documents scored above this are kept; the paper's value.")
    rounds: int = Field(2, ge=1, description="Rounds of rating after the cold start; the paper's value.")
    ratings_per_round: int = Field(200, gt=0, description="Documents the teacher rates in each round.")
    syllabus_documents: int = Field(60, gt=0, description="Documents the teacher writes for the cold start.")
    background_documents: int = Field(
        BACKGROUND_DOCUMENTS, ge=0, le=BACKGROUND_DOCUMENTS, description="Bundled everyday texts rated with them."
    )
    pool: int = Field(20_000, gt=0, description="Documents, drawn at random, that training looks at.")
    trees: int = Field(200, gt=0, description="Trees of the random forest.")
    embedder: EmbedderSettings = Field(EmbedderSettings(), description="What turns documents into vectors.")

    @property
    def shaping(self) -> dict[str, JsonValue]:
        """Those of these settings that shape which documents are kept: not how the embedder is reached."""
        return {**self.model_dump(mode="json", exclude={"embedder"}), "embedder": self.embedder.shaping}


class ConceptSettings(Section):
    """What becomes of concepts in the graph (paper section 2.2)."""

    drop_singletons: bool = Field(False, description="Leave out concepts that one document alone holds.")
    synonyms: str = Field(
        "", description="File of accepted synonyms to merge, absolute or within the lake's folder; empty for none."
    )


class WalkSettings(Section):
    """Walks over the concept graph (paper section 2.2)."""

    epochs: int = Field(5, gt=0, description="Walks started from every topic; the paper's value.")
    temperature: float = Field(1.0, gt=0, description="1 is the paper's count-proportional walk.")
    coverage: float = Field(0.0, ge=0, description="Favours rarely visited concepts; 0 is the paper's walk.")


class GenerationSettings(Section):
    """Questions and answers."""

    methods: tuple[str, ...] = Field(
        ("level_1", "level_2", "level_3"), description="Methods by which questions are written."
    )
    rounds: int = Field(1, gt=0, description="How often each document or walk is asked for other questions.")
    samples: int = Field(1, gt=0, description="Answers asked for each question.")
    least_agreement: float = Field(0.5, ge=0, le=1, description="Smallest share of answers that must agree.")
    judge: bool = Field(False, description="Ask the teacher for a second opinion on each answer.")

    @field_validator("methods")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """Each once, in the order of the registry: that they are chosen is all that counts."""
        from synth_assets.generation.methods import METHODS

        unknown = next((name for name in names if name not in METHODS), None)
        if unknown is not None:
            raise ValueError(f"there is no method {unknown!r}; choose among {', '.join(METHODS)}")
        if not names:
            raise ValueError(f"name at least one of {', '.join(METHODS)}")
        return tuple(name for name in METHODS if name in names)


class ExtrapolationSettings(Section):
    """The rounds of error extrapolation: who makes the mistakes, and on what."""

    documents: int = Field(100, gt=0, description="Documents whose first level 1 questions the students learn from.")
    problems: int = Field(100, gt=0, description="Most problems the students are asked.")
    problems_from: str = Field(
        "",
        description="File of problems with worked solutions (.jsonl, .parquet, .csv), none of a benchmark; where empty "
        "a part of what level 1 wrote.",
    )
    student: str = Field("student-58k", description="Size of the students by name.")

    @field_validator("student")
    @classmethod
    def _known(cls, name: str) -> str:
        return _size_by_name(name)


class DecontaminationSettings(Section):
    """What counts as too near to a benchmark, and as a duplicate."""

    preset: Literal["ladder", "gpt3-13gram", "qwen", "tulu3", "llama", "strict"] = Field(
        "ladder", description="The rules by name; the settings below put their own in place of the preset's."
    )
    ngram: int | None = Field(None, ge=2, description="Words of the n-gram of which one shared is enough.")
    ngram_order: float | None = Field(
        None, ge=0, le=1, description="Share of the shorter text that must besides be common in the same order."
    )
    coverage_ngram: int | None = Field(None, ge=2, description="Words of the n-grams that cover an item.")
    coverage: float | None = Field(None, ge=0, le=1, description="They must hold more than this share of its words.")
    digits_folded: bool | None = Field(None, description="Whether n-grams are also compared with every number as 0.")
    answers: bool | None = Field(None, description="Whether answers are compared as well as questions.")
    rephrased: float | None = Field(None, gt=0, le=1, description="Similarity of words, order and numbers.")
    rephrased_doubtful: float | None = Field(None, gt=0, le=1, description="From here on a judge is asked.")
    semantic: float | None = Field(None, gt=0, le=1, description="Similarity of meaning, order and numbers.")
    semantic_doubtful: float | None = Field(None, gt=0, le=1, description="From here on a judge is asked.")
    judge: bool = Field(False, description="Ask the teacher whether what is doubtful is the same problem.")
    embeddings: bool = Field(False, description="Also compare meanings, by the model of filter.embedder.")
    duplicate_similarity: float = Field(0.8, gt=0, le=1, description="Jaccard similarity of questions to drop one.")
    duplicate_cosine: float = Field(
        0.95, gt=0, le=1, description="The same as the cosine of embeddings, where there are any."
    )

    @property
    def ladder(self) -> Ladder:
        """The preset with what is set beside it."""
        names = {field.name for field in fields(Ladder)}
        own = {name: value for name, value in self if name in names and value is not None}
        return replace(PRESETS[self.preset], **own)


class StudentSettings(Section):
    """The students trained on the result."""

    profile: Literal["quick", "compare", "smoke"] = Field(
        "quick", description="Sizes, budgets and schedule of the students."
    )
    training_sets: tuple[str, ...] = Field(("all",), description="Training sets the students are trained on.")
    seeds: tuple[int, ...] = Field((0,), description="A run for each seed.")

    @field_validator("training_sets")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        from synth_assets.generation.methods import METHODS

        unknown = next((name for name in names if name not in ("all", *METHODS)), None)
        if unknown is not None:
            raise ValueError(f"there is no method {unknown!r}; choose among all, {', '.join(METHODS)}")
        return names


class MixtureSettings(Section):
    """Students trained on mixtures of methods or topics, by policies that decide what is drawn next."""

    policies: tuple[Literal["ucb", "uniform", "proportional"], ...] = Field(
        (), description="Who decides; without any, nothing is trained."
    )
    arms: Literal["method", "topic"] = Field("method", description="What is decided between.")
    target: tuple[str, ...] = Field(
        (), description="Methods or topics whose questions alone are validated and tested on; all where empty."
    )
    student: str = Field("student-23k", description="Size of the students by name.")
    tokens: int = Field(480_000, gt=0, description="Tokens each student is trained on, repeated rows counted.")
    slices: int = Field(
        48, gt=0, description="How often the policy decides; slices under ten steps do not tell what helped."
    )
    seeds: tuple[int, ...] = Field((0, 1, 2), description="A run of each policy for each seed.")

    @field_validator("student")
    @classmethod
    def _known(cls, name: str) -> str:
        return _size_by_name(name)


class ScalingSettings(Section):
    """The fits."""

    hold_out: int = Field(1, ge=0, description="Largest budgets predicted from the smaller ones.")
    replicates: int = Field(400, ge=0, description="Bootstrap replicates, for crossings and the next run.")
    targets: tuple[float, ...] = Field((), description="Values whose budget is asked for.")


class ObservationSettings(Section):
    """Evaluation results from elsewhere."""

    sources: tuple[ObservationSource, ...] = Field(
        (), description="Files, folders and globs; a path, or a table of its path and of what its files do not say."
    )

    @field_validator("sources", mode="before")
    @classmethod
    def _paths_alone(cls, written: object) -> object:
        if not isinstance(written, list | tuple):
            return written
        return [{"path": one} if isinstance(one, str) else one for one in written]


class ExecutionSettings(Section):
    """Where the steps of a run are executed."""

    kind: Literal["processes", "ray", "kubernetes"] = Field(
        "processes", description="On this machine, as jobs of a Ray cluster, or as pods of a Kubernetes cluster."
    )
    address: str = Field("", description="Ray: address of the dashboard; RAY_ADDRESS where empty.")
    cpus: float = Field(1.0, gt=0, description="Ray and Kubernetes: CPUs that a step asks for.")


class ScheduleSettings(Section):
    """When schedules begin, once they are switched on, and what they may spend."""

    timezone: str = Field("UTC", description="Time zone of the schedules, for example Europe/Berlin.")
    hour: int = Field(2, ge=0, le=23, description="Hour of the day at which they begin.")
    weekly_tokens: int = Field(
        5_000_000, gt=0, description="Most tokens that a weekly regeneration may use, within the teacher's budget."
    )

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("there is no such time zone; name it as in Europe/Berlin") from error


class LakeLocation(Section):
    """Where the tables lie; the folder itself is the one that holds this file."""

    catalog: str | None = Field(None, description="postgresql://... ; the default is a SQLite file in the folder.")
    data: str | None = Field(None, description="s3://bucket/prefix ; the default is `data/` in the folder.")
    files: str | None = Field(None, description="s3://bucket/prefix that report, card and exports are copied to.")
    object_store: ObjectStore = ObjectStore()
    lock_timeout: float = Field(900.0, gt=0, description="Longest wait for other writers, in seconds.")
    memory_limit: str | None = Field(None, description="Memory DuckDB may use, for example 4GB.")
    threads: int | None = Field(None, gt=0, description="Threads DuckDB may use.")
    keep_snapshots_days: int = Field(30, ge=1, description="Days that earlier states can be read again; see maintain.")


Benchmark = Annotated[
    Annotated[str, Tag("<path>")] | Annotated[BenchmarkFile, Tag("<table>")],
    # Problems are told of what was meant, rather than of each form that could have been.
    Discriminator(lambda written: "<table>" if isinstance(written, Mapping | BenchmarkFile) else "<path>"),
]
"""A benchmark as it is written: its path, or a table of its path and columns."""


class Settings(Section):
    """All settings of one lake."""

    corpus: CorpusSettings = CorpusSettings()
    benchmarks: dict[str, Benchmark] = Field(
        default={"held_out_problems": str(SAMPLE / "benchmarks" / "held_out_problems.jsonl")},
        description="Benchmark name to the file of its items, or to a table of its path and columns.",
    )
    teacher: TeacherSettings = TeacherSettings()
    filter: FilterSettings = FilterSettings()
    concepts: ConceptSettings = ConceptSettings()
    walks: WalkSettings = WalkSettings()
    generation: GenerationSettings = GenerationSettings()
    extrapolation: ExtrapolationSettings = ExtrapolationSettings()
    decontamination: DecontaminationSettings = DecontaminationSettings()
    students: StudentSettings = StudentSettings()
    mixtures: MixtureSettings = MixtureSettings()
    scaling: ScalingSettings = ScalingSettings()
    observations: ObservationSettings = ObservationSettings()
    training: TrainingSettings = TrainingSettings()
    execution: ExecutionSettings = ExecutionSettings()
    schedules: ScheduleSettings = ScheduleSettings()
    lake: LakeLocation = LakeLocation()

    @field_validator("teacher", mode="before")
    @classmethod
    def _kind_alone(cls, written: object) -> object:
        """The first release wrote `teacher = "embedded"`."""
        return {"kind": written} if isinstance(written, str) else written

    @model_validator(mode="after")
    def _embedder_there(self) -> "Settings":
        if self.decontamination.embeddings and self.filter.embedder.kind == "hashed":
            raise ValueError("decontamination.embeddings needs a model: set filter.embedder")
        return self

    @model_validator(mode="after")
    def _trained_on_what_is_written(self) -> "Settings":
        chosen = self.generation.methods
        unwritten = next((name for name in self.students.training_sets if name not in ("all", *chosen)), None)
        if unwritten is not None:
            raise ValueError(
                f"students.training_sets names {unwritten}, by which no questions are written: "
                "add it to generation.methods"
            )
        return self

    @model_validator(mode="after")
    def _no_problems_of_a_benchmark(self) -> "Settings":
        given = self.extrapolation.problems_from
        benchmark = next((name for name, path in self.benchmark_paths.items() if given and path == given), None)
        if benchmark is not None:
            raise ValueError(
                f"extrapolation.problems_from is the file of the benchmark {benchmark}, which training must stay clear "
                "of: name other problems, such as its training part"
            )
        return self

    @field_validator("benchmarks")
    @classmethod
    def _partition_keys(cls, files: dict[str, Benchmark]) -> dict[str, Benchmark]:
        wrong = next((name for name in files if not re.fullmatch(r"[A-Za-z0-9._-]+", name)), None)
        if wrong is not None:
            raise ValueError(f"the name {wrong!r} may only hold letters, digits, '.', '_' and '-'")
        return files

    @property
    def question_embedder(self) -> dict[str, JsonValue] | None:
        """What shapes the vectors by which questions are compared; None where they are not."""
        return self.filter.embedder.shaping if self.decontamination.embeddings else None

    @property
    def benchmark_paths(self) -> dict[str, str]:
        """Where each benchmark's file lies."""
        return {name: file if isinstance(file, str) else file.path for name, file in self.benchmarks.items()}

    def lake_in(self, folder: Path) -> LakeSettings:
        """How to open the lake in `folder`."""
        return LakeSettings(folder=folder, **dict(self.lake))


def lake_folder() -> Path:
    """The lake's folder by the environment."""
    return Path(os.environ.get(LAKE_VARIABLE, "lake")).absolute()


def load_settings(folder: Path) -> Settings:
    """The settings of the lake in `folder`; the defaults (the bundled sample) where it has no file.

    Those in the environment, where `SETTINGS_VARIABLE` is set: a machine of a cluster has no file. Raises
    SynthAssetsError naming the file or variable and the setting that cannot be used.
    """
    path = folder / SETTINGS_FILE
    given = os.environ.get(SETTINGS_VARIABLE)
    if given:
        try:
            return usable(tomllib.loads(given), f"${SETTINGS_VARIABLE}")
        except tomllib.TOMLDecodeError as error:
            raise SynthAssetsError(f"${SETTINGS_VARIABLE} is not valid TOML ({error}); mend or unset it.") from error
    if not path.exists():
        return Settings()
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SynthAssetsError(f"{path} cannot be read ({error.strerror}); mend or delete it.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SynthAssetsError(f"{path} is not valid TOML ({error}); mend that line or delete the file.") from error
    return usable(read, str(path))


def usable(values: Mapping[str, object], source: str) -> Settings:
    """Settings of these values, named as in the file. Raises SynthAssetsError naming `source` and the first problem."""
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SynthAssetsError(f"{source}: {_first_problem(error)}; mend or delete that setting.") from error


def save_settings(settings: Settings, folder: Path) -> Path:
    """Write the settings of a lake, complete, so that the file shows everything that can be set."""
    path = folder / SETTINGS_FILE
    aside = path.with_suffix(".toml.new")
    aside.write_text(as_toml(settings), encoding="utf-8")
    aside.replace(path)
    return path


def as_toml(settings: Settings) -> str:
    """The settings, complete, as the text of a `synth.toml`."""
    return tomlkit.dumps(settings.model_dump(mode="json", exclude_none=True))


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    name = ".".join(part for part in map(str, problem["loc"]) if part not in ("<path>", "<table>"))
    words = problem["msg"].removeprefix("Value error, ")
    if not name:
        return words  # of settings that do not go together
    if name.startswith("lake.") or not isinstance(problem["input"], str | int | float):
        return f"{name}: {words}"  # an address of the lake may hold a password
    return f"{name} = {problem['input']!r}: {words}"
