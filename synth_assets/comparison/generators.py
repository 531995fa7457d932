"""How sure a figure is that rests on made data: the generator as a further random factor.

A data set is one draw of what its generator (teacher, prompts, the whole road) could have written. Students trained on
one set and asked many questions tell how good that set is, not how good sets of that generator are: an interval over
questions and seeds leaves out how much sets differ. Van Breugel, Qian and van der Schaar (2305.09235) therefore make
the set several times and report over all of them (their deep generative ensemble). What lives here: the interval that
follows, beside the naive one.

The model: figure = mean + generator + student (nested in its generator) + question + generator x question + rest, all
but the mean random. Every student answers the same questions, so questions are crossed with everything; the seeds of a
generator's students are its own, so students are nested. With K generators, S students of each and n questions, and MS
the mean squares of that analysis of variance,

    variance of the mean = (MS(generators) + MS(questions) - MS(generators x questions)) / (K S n),

for its expectation is the sum of the five variances, each divided by how often it was drawn. Students need no term of
their own: what they vary is within MS(generators). The degrees of freedom are Satterthwaite's (1946),

    freedom = (the bracket)^2 / (MS(g)^2 / (K - 1) + MS(q)^2 / (n - 1) + MS(gq)^2 / ((K - 1)(n - 1))).

That is the variance of two crossed factors on the figures averaged over students, which `crossed.py` computes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from synth_assets.comparison.crossed import CrossedMean, crossed_mean

SHOWN = 0.05
"""A difference is taken as shown where its p-value is below."""

Figures = NDArray[np.float64]
"""Of students: [generators, students of each, questions]."""


@dataclass(frozen=True)
class Variances:
    """Estimated variance of a single figure by where it comes from; what comes out below 0 is 0.

    Attributes:
        generators: Between data sets of the same generator.
        students: Between students trained on the same set (first weights, order of the rows).
        questions: Between questions.
        generators_by_questions: Which questions a set prepares for, beyond the two.
        rest: What is left for one student and one question.
    """

    generators: float
    students: float
    questions: float
    generators_by_questions: float
    rest: float


@dataclass(frozen=True)
class Ensemble:
    """The figures of all generators, and what follows from them.

    Attributes:
        mean: Over all, with the variance between generators in its error.
        naive: Of each generator alone, over its questions and students, as it is usually reported.
        of_students: The same over its students alone, the questions taken as they are: as it is reported most often.
        others: For each generator, the mean of all the others.
        variances: Where a figure's variance comes from.
        told_apart: The pairs of generators, by their places, that the paired test over questions and students finds
            different at 5%.
        shape: Generators, students of each, questions.
    """

    mean: CrossedMean
    naive: tuple[CrossedMean, ...]
    of_students: tuple[CrossedMean, ...]
    others: tuple[float, ...]
    variances: Variances
    told_apart: tuple[tuple[int, int], ...]
    shape: tuple[int, int, int]

    @property
    def missed(self) -> tuple[bool, ...]:
        """Whether the naive interval of a generator misses the mean of the others."""
        return _missed(self.naive, self.others)

    @property
    def missed_by_students(self) -> tuple[bool, ...]:
        """The same of the intervals over students alone: as the questions are the same for all, nothing excuses it."""
        return _missed(self.of_students, self.others)

    @property
    def widening(self) -> float:
        """How many times as wide a naive interval would have to be to know how generators vary; 1 where they do not."""
        _, students, questions = self.shape
        parts = self.variances
        known = (
            parts.students / students
            + (parts.questions + parts.generators_by_questions) / questions
            + parts.rest / (students * questions)
        )
        return float(np.sqrt(1 + parts.generators / known)) if known else np.inf if parts.generators else 1.0

    @property
    def pairs(self) -> int:
        """How many pairs of generators there are."""
        return len(self.naive) * (len(self.naive) - 1) // 2


def _missed(intervals: Sequence[CrossedMean], others: Sequence[float]) -> tuple[bool, ...]:
    return tuple(not one.interval[0] <= other <= one.interval[1] for one, other in zip(intervals, others, strict=True))


def naive_mean(figures: NDArray[np.float64]) -> CrossedMean:
    """The mean of one generator's figures, [students, questions], as if there were no other data set."""
    return crossed_mean(figures.T)


def ensemble_mean(figures: Figures) -> CrossedMean:
    """The mean over generators, students and questions, by the formula above. There must be two generators or more."""
    return crossed_mean(figures.mean(axis=1).T)


def ensemble_of(figures: Figures) -> Ensemble:
    """What the figures of at least two generators say.

    Each must have as many students, at least two, asked the same questions.
    """
    means = figures.mean(axis=(1, 2))
    generators, students, questions = figures.shape
    return Ensemble(
        mean=ensemble_mean(figures),
        naive=tuple(naive_mean(own) for own in figures),
        of_students=tuple(crossed_mean(own.mean(axis=1)[:, None]) for own in figures),
        others=tuple(float((means.sum() - mean) / (generators - 1)) for mean in means),
        variances=variances_of(figures),
        told_apart=tuple(
            (one, other)
            for one, other in combinations(range(generators), 2)
            # As `methods.py` compares two methods with one data set each.
            if naive_mean(figures[one] - figures[other]).p_value < SHOWN
        ),
        shape=(generators, students, questions),
    )


def variances_of(figures: Figures) -> Variances:
    """The components of the analysis of variance above, from its mean squares.

    With one student of each generator, what students vary is in the rest and in the generators.
    """
    generators, students, questions = figures.shape
    mean = figures.mean()
    of_generators, of_questions = figures.mean(axis=(1, 2)), figures.mean(axis=(0, 1))
    of_students, of_both = figures.mean(axis=2), figures.mean(axis=1)
    square_g = students * questions * float(of_generators.var(ddof=1))
    square_q = generators * students * float(of_questions.var(ddof=1))
    crossed = of_both - of_generators[:, None] - of_questions[None, :] + mean
    square_gq = students * float((crossed**2).sum()) / ((generators - 1) * (questions - 1))
    if students > 1:
        left = figures - of_students[:, :, None] - of_both[:, None, :] + of_generators[:, None, None]
        rest = float((left**2).sum()) / (generators * (students - 1) * (questions - 1))
        square_s = questions * float(of_students.var(axis=1, ddof=1).mean())
    else:
        rest, square_s = square_gq, square_gq
    return Variances(
        generators=max(0.0, (square_g - square_s - square_gq + rest) / (students * questions)),
        students=max(0.0, (square_s - rest) / questions),
        questions=max(0.0, (square_q - square_gq) / (generators * students)),
        generators_by_questions=max(0.0, (square_gq - rest) / students),
        rest=rest,
    )
