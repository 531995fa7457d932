"""What a run would ask and cost, told before it: requests, tokens, money and hours, by stage and partition.

Nothing is asked, started or written. Where the inputs of a stage exist, its own code plans its requests and the store
says which are known; beyond that the estimate stands on figures of earlier answers or on stated assumptions.
"""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import polars as pl

from synth_assets.automation.estimating.asking import PromptCounter
from synth_assets.automation.estimating.concepts import extraction_parts
from synth_assets.automation.estimating.corpus import EXACT, Corpus
from synth_assets.automation.estimating.filter import filter_parts
from synth_assets.automation.estimating.history import History, Notes
from synth_assets.automation.estimating.mistakes import mistake_parts
from synth_assets.automation.estimating.parts import FRESH, Ground, Part, partition_of
from synth_assets.automation.estimating.past import past_of
from synth_assets.automation.estimating.questions import answer_parts, question_parts
from synth_assets.automation.estimating.vectors import APPLYING, TRAINING, vector_parts
from synth_assets.settings import Settings
from synth_assets.teachers.budget import NO_PRICE, Price
from synth_assets.teachers.choosing import teacher_of
from synth_assets.teachers.embeddings.task import EmbedText

WHOLE = pl.Int64()

SCHEMA = pl.Schema(
    {
        "stage": pl.String(),
        "partition": pl.String(),
        "requests": WHOLE,
        "known": WHOLE,
        "prompt_tokens": WHOLE,
        "completion_tokens": WHOLE,
        "cost": pl.Float64(),
        "hours": pl.Float64(),
        "basis": pl.String(),
    }
)

TOTAL = "total"


@dataclass(frozen=True)
class Estimate:
    """What a run would ask.

    Attributes:
        rows: By `stage` and `partition`: `requests` still to be asked, those `known` from before, `prompt_tokens`,
            `completion_tokens`, `cost` (null without a price), `hours` (null without a throughput) and `basis`:
            `exact`, `fresh`, or what the figures rest on.
        notes: Every assumption in plain words, with its number.
    """

    rows: pl.DataFrame
    notes: tuple[str, ...]

    def by_stage(self) -> pl.DataFrame:
        """A row a stage, in the order of the road, and a last one with the total."""
        sums = [_total(name) for name in ("requests", "known", "prompt_tokens", "completion_tokens", "cost", "hours")]
        partitions = pl.len().cast(WHOLE).alias("partitions")
        basis = pl.col("basis").unique(maintain_order=True)
        told = pl.when(basis.len() > 1).then(basis.filter(basis != FRESH).str.join(", ")).otherwise(basis.first())
        stages = self.rows.group_by("stage", maintain_order=True).agg(partitions, *sums, told.alias("basis"))
        total = self.rows.select(pl.lit(TOTAL).alias("stage"), partitions, *sums, pl.lit("").alias("basis"))
        return pl.concat([stages, total]).with_columns(_rounded())

    def shown(self, by_partition: bool) -> pl.DataFrame:
        """`rows` or `by_stage` for people: cost to a hundredth of a cent, hours to half a minute."""
        return (self.rows if by_partition else self.by_stage()).with_columns(
            pl.col("cost").round(4), pl.col("hours").round(2)
        )

    def as_json(self) -> str:
        """Rows, stages with their total, and notes, as a JSON object."""
        return json.dumps(
            {"rows": self.rows.to_dicts(), "stages": self.by_stage().to_dicts(), "notes": self.notes},
            ensure_ascii=False,
        )


def estimate_of(folder: Path, settings: Settings, throughput: float | None = None) -> Estimate:
    """What a run on the lake in `folder`, which need not exist, would ask under `settings`.

    `throughput`: completion tokens a second over all endpoints; without it, as fast as the teacher was lately.

    Raises SynthAssetsError for a corpus, lake or tokenizer that cannot be read.
    """
    notes = Notes()
    past, warning = past_of(folder, settings)
    if warning is not None:
        notes.add(warning)
    with closing(past):
        teacher = teacher_of(settings.teacher, folder)
        count = PromptCounter(settings.teacher)
        notes.add(count.how)
        ground = Ground(settings, teacher, past, History(past, teacher.name, notes), count, notes)
        rows = [_row(ground, parts) for parts in _by_partition(_parts(ground, Corpus(settings, past, notes)))]
        speed = ground.history.throughput(throughput)
    frame = pl.DataFrame(rows, schema={name: SCHEMA[name] for name in SCHEMA if name not in ("cost", "hours")})
    return Estimate(_with_cost_and_hours(frame, settings, speed, notes), tuple(notes.told))


def _parts(ground: Ground, corpus: Corpus) -> list[Part]:
    """The parts of all stages, in the order of the road."""
    shards = list(corpus.shards)
    waiting = [shard for shard in shards if _waits(ground, shard)]
    parts, written_before = filter_parts(ground, corpus)
    parts += vector_parts(ground, corpus, written_before, shards)
    kept = corpus.kept(waiting)
    of_extraction, extracted = extraction_parts(ground, kept, shards)
    parts += mistake_parts(ground, kept, extracted)
    of_questions, written = question_parts(ground, kept, extracted, shards)
    return [*parts, *of_extraction, *of_questions, *answer_parts(ground, written, shards)]


def _waits(ground: Ground, shard: str) -> bool:
    """Whether the documents of a shard are needed to tell what is to be asked."""
    methods = ground.settings.generation.methods
    places = [("document_concepts", shard), *(("questions", partition_of(method, shard)) for method in methods)]
    return not all(ground.past.settled(*place) for place in places)


def _by_partition(parts: Iterable[Part]) -> Iterable[list[Part]]:
    for _, group in groupby(parts, key=lambda part: (part.stage, part.partition)):
        yield list(group)


def _row(ground: Ground, parts: list[Part]) -> dict[str, object]:
    """The row of a partition, from its parts by kind of task."""
    bases = list(dict.fromkeys(part.basis for part in parts))
    loose = [basis for basis in bases if basis not in (EXACT, FRESH)]
    completion = sum(
        part.amount.requests * ground.history.completion_tokens(part.task, part.method)
        for part in parts
        if part.amount.requests and part.task != EmbedText.kind
    )
    requests = round(sum(part.amount.requests for part in parts))
    basis = ", ".join(loose) or bases[0]
    counted = ground.count.exact and parts[0].task != EmbedText.kind  # what a tokenizer puts around a text is not known
    if basis == EXACT and requests and not counted:
        basis = "exact requests, approximate tokens"
    return {
        "stage": parts[0].stage,
        "partition": parts[0].partition,
        "requests": requests,
        "known": round(sum(part.amount.known for part in parts)),
        "prompt_tokens": round(sum(part.amount.prompt_tokens for part in parts)),
        "completion_tokens": round(completion),
        "basis": basis,
    }


def _with_cost_and_hours(rows: pl.DataFrame, settings: Settings, speed: float | None, notes: Notes) -> pl.DataFrame:
    of = settings.teacher
    price = NO_PRICE if of.kind == "embedded" else Price(of.price_prompt, of.price_completion)
    of_vectors = Price(settings.filter.embedder.price)
    asked = rows.select("stage", "prompt_tokens", "completion_tokens").iter_rows()
    told = [(of_vectors if stage in (TRAINING, APPLYING) else price).cost(*tokens) for stage, *tokens in asked]
    costs = pl.Series("cost", told, dtype=pl.Float64)
    if of_vectors == NO_PRICE and settings.filter.embedder.kind == "endpoint":
        notes.add("The cost of vectors is not told: `filter.embedder.price` is not set.")
    if of.kind != "embedded" and price == NO_PRICE:
        notes.add("Cost is not told: no price is set; give the prices of a million tokens with --price.")
    completion = pl.col("completion_tokens")
    written = pl.when(~pl.col("stage").is_in([TRAINING, APPLYING])).then(completion)
    hours = written / speed / 3600 if speed else pl.lit(None, pl.Float64)
    return rows.with_columns(costs, hours.alias("hours")).select(SCHEMA.names()).with_columns(_rounded())


def _total(column: str) -> pl.Expr:
    """The sum of a column; null where all of it is."""
    return pl.when(pl.col(column).count() > 0).then(pl.col(column).sum()).alias(column)


def _rounded() -> pl.Expr:
    return pl.col("cost", "hours").round(6)
