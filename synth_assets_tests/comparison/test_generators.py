"""Several generators: the interval that knows of them covers the truth, where the naive one does not."""

import numpy as np
import pytest
from scipy import stats

from synth_assets.comparison.generators import Figures, ensemble_mean, ensemble_of, naive_mean, variances_of

GENERATORS, STUDENTS, QUESTIONS = 5, 3, 60


def figures(
    random: np.random.Generator,
    *,
    generators: float,
    students: float = 0.1,
    questions: float = 1.0,
    both: float = 0.3,
    rest: float = 1.0,
    shape: tuple[int, int, int] = (GENERATORS, STUDENTS, QUESTIONS),
) -> Figures:
    """Figures of mean 0 by the model, given the standard deviations of its parts."""
    k, s, n = shape
    return (
        generators * random.normal(size=(k, 1, 1))
        + students * random.normal(size=(k, s, 1))
        + questions * random.normal(size=(1, 1, n))
        + both * random.normal(size=(k, 1, n))
        + rest * random.normal(size=(k, s, n))
    )


def coverage(times: int, **deviations: float) -> tuple[float, float]:
    """How often the naive interval of the first generator, and the interval over all, hold the true mean, 0."""
    random, naive, whole = np.random.default_rng(11), 0, 0
    for _ in range(times):
        drawn = figures(random, **deviations)
        low, high = naive_mean(drawn[0]).interval
        naive += low <= 0 <= high
        low, high = ensemble_mean(drawn).interval
        whole += low <= 0 <= high
    return naive / times, whole / times


@pytest.mark.parametrize("generators", [0.5, 1.0])
def test_where_generators_differ_the_naive_interval_misses_the_truth_and_the_ensembles_holds_it(
    generators: float,
) -> None:
    naive, whole = coverage(500, generators=generators)
    assert naive < 0.70, "an interval of one generator does not know that another would have given other figures"
    assert 0.92 < whole < 0.98


def test_where_generators_do_not_differ_both_hold_it() -> None:
    naive, whole = coverage(300, generators=0.0, both=0.0)
    assert naive > 0.92
    assert whole > 0.92


def test_with_questions_that_hardly_vary_it_is_students_t_over_the_generators() -> None:
    drawn = figures(np.random.default_rng(3), generators=1.0, questions=0.0, both=0.0, rest=1e-6)
    known = stats.ttest_1samp(drawn.mean(axis=(1, 2)), 0.0).confidence_interval(0.95)
    assert ensemble_mean(drawn).interval == pytest.approx(tuple(known), rel=1e-4)


def test_the_variances_are_those_that_the_figures_were_drawn_with() -> None:
    random = np.random.default_rng(5)
    drawn = [
        variances_of(figures(random, generators=0.7, students=0.4, both=0.5, shape=(12, 6, 40))) for _ in range(40)
    ]
    means = {
        name: float(np.mean([getattr(one, name) for one in drawn]))
        for name in ("generators", "students", "questions", "generators_by_questions", "rest")
    }
    truth = {"generators": 0.49, "students": 0.16, "questions": 1.0, "generators_by_questions": 0.25, "rest": 1.0}
    assert means == pytest.approx(truth, rel=0.15)


def test_the_variance_of_the_mean_is_the_sum_of_the_parts_by_how_often_each_was_drawn() -> None:
    drawn = figures(np.random.default_rng(7), generators=2.0, students=1.0, questions=3.0)
    parts, (k, s, n) = variances_of(drawn), drawn.shape
    summed = (
        parts.generators / k
        + parts.students / (k * s)
        + parts.questions / n
        + parts.generators_by_questions / (k * n)
        + parts.rest / (k * s * n)
    )
    assert ensemble_mean(drawn).error ** 2 == pytest.approx(summed)


def test_a_naive_interval_widened_as_told_holds_the_truth() -> None:
    random, held = np.random.default_rng(13), 0
    for _ in range(150):
        drawn = figures(random, generators=0.5, shape=(20, 3, 60))
        one, widening = naive_mean(drawn[0]), ensemble_of(drawn).widening
        held += abs(one.value) <= widening * (one.interval[1] - one.value)
    assert held / 150 > 0.90


def test_one_generator_that_differs_is_missed_by_its_naive_interval_and_told_apart_from_all_others() -> None:
    drawn = figures(np.random.default_rng(9), generators=0.0, students=0.01, questions=0.1, both=0.0, rest=0.1)
    drawn[2] += 1.0
    found = ensemble_of(drawn)
    assert found.missed[2]
    assert {pair for pair in found.told_apart if 2 in pair} == {(0, 2), (1, 2), (2, 3), (2, 4)}
    assert found.others[2] == pytest.approx(np.delete(drawn, 2, axis=0).mean())
    assert found.missed_by_students[2]
    assert found.pairs == 10
