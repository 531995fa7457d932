"""Second computations of the chance skills' answers: enumeration, step-by-step counting, the statistics module."""

import statistics
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from itertools import permutations, product

import sympy

from synth_assets.teachers.embedded.parameters import number, numbers, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters

Second = Callable[[Parameters], Number]


def _wholes(p: Parameters, names: str) -> list[int]:
    return [whole(p, name) for name in names.split()]


def _pick(p: Parameters) -> Number:
    counters = ["first"] * whole(p, "first") + ["second"] * whole(p, "second") + ["third"] * whole(p, "third")
    return Fraction(counters.count("first"), len(counters))


def _dice(p: Parameters) -> Number:
    m, n, total = _wholes(p, "m n total")
    pairs = list(product(range(1, m + 1), range(1, n + 1)))
    return Fraction(sum(x + y == total for x, y in pairs), len(pairs))


def _chances(p: Fraction, trials: int) -> list[tuple[tuple[bool, ...], Fraction]]:
    """Every sequence of successes and failures with its probability."""
    found = []
    for results in product((True, False), repeat=trials):
        chance = Fraction(1)
        for result in results:
            chance *= p if result else 1 - p
        found.append((results, chance))
    return found


def _at_least_one(p: Parameters) -> Number:
    return sum((chance for results, chance in _chances(number(p, "p"), whole(p, "n")) if any(results)), Fraction(0))


def _binomial(p: Parameters) -> Number:
    n, k = _wholes(p, "n k")
    return sum((chance for results, chance in _chances(number(p, "p"), n) if sum(results) == k), Fraction(0))


def _geometric(p: Parameters) -> Number:
    k = whole(p, "k")
    only_last = (*[False] * (k - 1), True)
    return sum((chance for results, chance in _chances(number(p, "p"), k) if results == only_last), Fraction(0))


def _area(p: Parameters, wanted: Callable[[bool, bool], bool]) -> Number:
    """Share of a grid of unit squares: columns for the first event, rows for the second."""
    first, second = number(p, "p"), number(p, "q")
    cells = product(range(first.denominator), range(second.denominator))
    hits = sum(wanted(x < first.numerator, y < second.numerator) for x, y in cells)
    return Fraction(hits, first.denominator * second.denominator)


def _regions(p: Parameters) -> tuple[set[int], set[int]]:
    """Two sets of the sizes a and b that share `both` numbers."""
    a, b, both = _wholes(p, "a b both")
    return set(range(a)), set(range(a - both, a - both + b))


def _addition(p: Parameters) -> Number:
    a, b = _regions(p)
    return len(a | b)


def _neither(p: Parameters) -> Number:
    a, b = _regions(p)
    return len(set(range(whole(p, "total"))) - a - b)


def _one_only(p: Parameters) -> Number:
    a, b = _regions(p)
    return len(a ^ b)


def _three_sets(p: Parameters) -> Number:
    a, b, c, ab, ac, bc, every = _wholes(p, "a b c ab ac bc every")
    exactly_two = [ab - every, ac - every, bc - every]
    alone = [a - ab - ac + every, b - ab - bc + every, c - ac - bc + every]
    return sum(alone) + sum(exactly_two) + every if min(alone + exactly_two) >= 0 else -1


def _without_replacement(p: Parameters) -> Number:
    good, bad = _wholes(p, "good bad")
    draws = list(permutations([True] * good + [False] * bad, 2))
    return Fraction(sum(one and two for one, two in draws), len(draws))


def _two_way(p: Parameters) -> Number:
    people = [(group, passed) for group, passed in product("ab", (True, False))]
    counts = dict(zip(people, _wholes(p, "a b c d"), strict=True))
    return Fraction(counts["a", True], counts["a", True] + counts["b", True])


def _bayes(p: Parameters) -> Number:
    share, a, b = _wholes(p, "share a b")
    pieces = {"A": 100 * share, "B": 10000 - 100 * share}
    defective = {"A": pieces["A"] // 100 * a, "B": pieces["B"] // 100 * b}
    return Fraction(defective["B"], sum(defective.values()))


def _wheel(p: Parameters) -> Number:
    fields, big, small, often, price = _wholes(p, "fields big small often price")
    gains = [big] + [small] * often + [0] * (fields - 1 - often)
    return statistics.mean(Fraction(gain - price) for gain in gains)


def _linear_image_mean(p: Parameters) -> Number:
    a, mean, b = _wholes(p, "a mean b")
    return statistics.mean([Fraction(a * (mean + deviation) + b) for deviation in (-1, 0, 1)])


def _distribution_mean(p: Parameters) -> Number:
    chances = numbers(p, "chances")
    parts = 20
    drawn = [v for v, chance in zip(numbers(p, "values"), chances, strict=True) for _ in range(int(chance * parts))]
    return statistics.mean(drawn) if len(drawn) == parts else -1


def _waiting_is_right(p: Parameters, answer: Number | str) -> bool:
    """The expected time T satisfies T = cost + (1 - chance) * T."""
    fields, winning, cost = _wholes(p, "fields winning cost")
    time = Fraction(answer)
    return time == cost + (1 - Fraction(winning, fields)) * time


def _binomial_variance(p: Parameters) -> Number:
    success = number(p, "p")
    values = [1] * success.numerator + [0] * (success.denominator - success.numerator)
    return whole(p, "n") * statistics.pvariance([Fraction(value) for value in values])


@cache
def _drawn_women(women: int, men: int, picks: int, wanted: int) -> Fraction:
    """Probability of `wanted` women in `picks` draws, one person after the other."""
    if picks == 0:
        return Fraction(wanted == 0)
    chance = Fraction(0)
    if women:
        chance += Fraction(women, women + men) * _drawn_women(women - 1, men, picks - 1, wanted - 1)
    if men:
        chance += Fraction(men, women + men) * _drawn_women(women, men - 1, picks - 1, wanted)
    return chance


def _normal(p: Parameters) -> Number:
    people, mean, sd, low, high = _wholes(p, "people mean sd low high")
    below = {-2: "2.5", -1: "16", 0: "50", 1: "84", 2: "97.5"}
    share = Fraction(below[(high - mean) // sd]) - Fraction(below[(low - mean) // sd])
    return people * share / 100


def _with_extra(p: Parameters) -> list[Fraction]:
    return [*numbers(p, "data"), number(p, "extra")]


def _spread(p: Parameters) -> list[Fraction]:
    return [number(p, "first"), *numbers(p, "rest")]


def _interquartile(p: Parameters) -> Number:
    lower, _, upper = statistics.quantiles(_with_extra(p), n=4, method="exclusive")
    return Fraction(upper - lower)


def _deviation_is_right(p: Parameters, answer: Number | str) -> bool:
    root = sympy.sympify(str(answer))
    return bool(root > 0) and root**2 == sympy.Rational(str(statistics.pvariance(_spread(p))))


def _table_mean(p: Parameters) -> Number:
    counts = [*numbers(p, "counts"), number(p, "last")]
    return statistics.mean(
        value for value, count in zip(numbers(p, "values"), counts, strict=True) for _ in range(int(count))
    )


def _mean_is_right(p: Parameters, answer: Number | str) -> bool:
    return statistics.mean([*numbers(p, "data"), Fraction(answer)]) == number(p, "mean")


def _group_mean(p: Parameters) -> Number:
    m, first, n, second = _wholes(p, "m first n second")
    return statistics.mean([Fraction(first)] * m + [Fraction(second)] * n)


def _scaled(p: Parameters) -> Number:
    """By two values at the distance of the standard deviation from their mean."""
    sd, k, b = _wholes(p, "sd k b")
    low, high = (k * value + b for value in (100 - sd, 100 + sd))
    return Fraction(high - low, 2)


def _rank_correlation(p: Parameters) -> Number:
    ranks, order = numbers(p, "ranks"), numbers(p, "order")
    mean = statistics.mean(order)
    covariance = sum(((x - mean) * (y - mean) for x, y in zip(order, ranks, strict=True)), Fraction(0)) / len(ranks)
    return covariance / statistics.pvariance(order)


def _slope_is_right(p: Parameters, answer: Number | str) -> bool:
    """The normal equation: residuals of the best line through the means have no component along x."""
    xs, ys = numbers(p, "xs"), _spread(p)
    intercept = statistics.mean(ys) - Fraction(answer) * statistics.mean(xs)
    return sum(x * (y - intercept - Fraction(answer) * x) for x, y in zip(xs, ys, strict=True)) == 0


def _stratum_is_right(p: Parameters, answer: Number | str) -> bool:
    first, second, third, size = _wholes(p, "first second third size")
    chosen, rest = Fraction(answer), size - Fraction(answer)
    return chosen * (second + third) == rest * first


@cache
def _pascal(n: int) -> tuple[int, ...]:
    if n == 0:
        return (1,)
    above = (0, *_pascal(n - 1), 0)
    return tuple(above[i] + above[i + 1] for i in range(n + 1))


def _falling(p: Parameters) -> Number:
    n, k = _wholes(p, "n k")
    return int(sympy.ff(n, k))


@cache
def _words(*left: int) -> int:
    """Words that use up the letters left, first letter by first letter."""
    if not any(left):
        return 1
    return sum(_words(*(n - (i == j) for j, n in enumerate(left))) for i, count in enumerate(left) if count)


@cache
def _blocks(open_kind: int | None, *left: int) -> int:
    """Rows in which a kind once begun is used up before another begins."""
    if open_kind is not None and left[open_kind]:
        rest = tuple(n - (i == open_kind) for i, n in enumerate(left))
        return left[open_kind] * _blocks(open_kind, *rest)
    if not any(left):
        return 1
    return sum(
        count * _blocks(kind, *(n - (i == kind) for i, n in enumerate(left)))
        for kind, count in enumerate(left)
        if count
    )


@cache
def _rings(n: int) -> int:
    return sum(1 for _ in permutations(range(1, n)))


def _expanded(p: Parameters) -> Number:
    a, b, n, k = _wholes(p, "a b n k")
    coefficients = [1]
    for _ in range(n):
        shifted = [0, *(a * c for c in coefficients)]
        coefficients = [s + b * c for s, c in zip(shifted, [*coefficients, 0], strict=True)]
    return coefficients[k]


def _pigeonhole_is_right(p: Parameters, answer: Number | str) -> bool:
    """As even a distribution as possible: `answer` objects force a full box, one fewer does not."""
    kinds, same = _wholes(p, "kinds same")
    fullest = [-(-objects // kinds) for objects in (int(answer), int(answer) - 1)]
    return fullest[0] >= same > fullest[1]


def _shares(p: Parameters) -> Number:
    n, k = _wholes(p, "n k")
    ways = [1] + [0] * n
    for _ in range(k):
        ways = [sum(ways[: i + 1]) for i in range(n + 1)]
    return ways[n]


def _grid(width: int, height: int) -> int:
    row = [1] * (width + 1)
    for _ in range(height):
        row = [sum(row[: i + 1]) for i in range(width + 1)]
    return row[-1]


def _paths(p: Parameters) -> Number:
    a, b, i, j = _wholes(p, "a b i j")
    return _grid(i, j) * _grid(a - i, b - j)


def _counted(wanted: Callable[[int, int, int], bool]) -> Second:
    """Count by trying every number from 1 to n; `wanted` gets the number, a and b (0 where there is none)."""

    def count(p: Parameters) -> Number:
        a, b = whole(p, "a"), whole(p, "b") if "b" in p else 0
        return sum(wanted(x, a, b) for x in range(1, whole(p, "n") + 1))

    return count


@cache
def _doubled(times: int) -> int:
    return 1 if times == 0 else 2 * _doubled(times - 1)


def _pairs(p: Parameters) -> Number:
    a, b = _wholes(p, "a b")
    return sum(len(range(x + 1, b + 1)) for x in range(1, a + 1))


def _rows(text: Sequence[str], size: int) -> set[tuple[bool, ...]]:
    """The rows of the truth table in which a list of words such as `not p or q` is true."""
    everything = set(product((True, False), repeat=size))
    for connective in ("and", "or", "implies"):
        if connective in text:
            place = text.index(connective)
            left, right = _rows(text[:place], size), _rows(text[place + 1 :], size)
            return {"and": left & right, "or": left | right, "implies": (everything - left) | right}[connective]
    true = {row for row in everything if row["pqrs".index(text[-1])]}
    return everything - true if text[0] == "not" else true


def _truth_table(p: Parameters) -> Number:
    size = whole(p, "letters")
    left, right = _rows(word(p, "left").split(), size), _rows(word(p, "right").strip("()").split(), size)
    false = set(product((True, False), repeat=size)) - left
    return len({"and": left & right, "or": left | right, "implies": false | right}[word(p, "middle")])


def _equals(second: Second) -> Callable[[Parameters, Number | str], bool]:
    return lambda p, answer: not isinstance(answer, str) and Fraction(answer) == Fraction(second(p))


SECOND: dict[str, Second] = {
    "single_pick_probability": _pick,
    "two_dice_sum": _dice,
    "at_least_one_success": _at_least_one,
    "both_independent_events": lambda p: _area(p, lambda one, two: one and two),
    "exactly_one_of_two_events": lambda p: _area(p, lambda one, two: one != two),
    "addition_rule_percent": _addition,
    "two_draws_without_replacement": _without_replacement,
    "two_way_table_condition": _two_way,
    "bayes_two_machines": _bayes,
    "relative_frequency_forecast": lambda p: (
        sum(Fraction(whole(p, "part"), whole(p, "seen")) for _ in range(10)) * Fraction(whole(p, "future"), 10)
    ),
    "expected_gain_of_wheel": _wheel,
    "fair_price_of_game": lambda p: whole(p, "prize") // number(p, "p").denominator * number(p, "p").numerator,
    "linear_expectation": _linear_image_mean,
    "mean_of_distribution": _distribution_mean,
    "binomial_exactly": _binomial,
    "binomial_variance": _binomial_variance,
    "geometric_first_success": _geometric,
    "hypergeometric_committee": lambda p: _drawn_women(*_wholes(p, "a b n k")),
    "normal_empirical_rule": _normal,
    "median_of_data": lambda p: Fraction(statistics.median(_with_extra(p))),
    "mode_after_shift": lambda p: statistics.mode(value + whole(p, "shift") for value in numbers(p, "data")),
    "weighted_mean_of_groups": _group_mean,
    "mean_from_frequency_table": _table_mean,
    "histogram_frequency_density": lambda p: Fraction(whole(p, "count"), len(range(whole(p, "low"), whole(p, "high")))),
    "range_of_values": lambda p: max(abs(x - y) for x, y in product(_with_extra(p), repeat=2)),
    "population_variance": lambda p: statistics.pvariance(_spread(p)),
    "standard_deviation_after_change": _scaled,
    "interquartile_range_of_data": _interquartile,
    "spearman_rank_correlation": _rank_correlation,
    "counting_principle_product": lambda p: sum(whole(p, "b") * whole(p, "c") for _ in range(whole(p, "a"))),
    "ordered_selection": _falling,
    "unordered_selection": lambda p: _pascal(whole(p, "n"))[whole(p, "k")],
    "committee_from_two_groups": lambda p: (
        _pascal(whole(p, "a"))[whole(p, "i")] * _pascal(whole(p, "b"))[whole(p, "j")]
    ),
    "arrangements_of_multiset": lambda p: _words(*_wholes(p, "a b c")),
    "blocks_stay_together": lambda p: _blocks(None, *_wholes(p, "a b c")),
    "round_table_seating": lambda p: _rings(whole(p, "n")) * whole(p, "dishes"),
    "binomial_theorem_coefficient": _expanded,
    "pascal_diagonal_sum": lambda p: sum(_pascal(m)[whole(p, "k")] for m in range(whole(p, "k"), whole(p, "n") + 1)),
    "stars_and_bars_distribution": _shares,
    "lattice_paths_through_point": _paths,
    "divisible_by_either": _counted(lambda x, a, b: x % a == 0 or x % b == 0),
    "neither_of_two_sets": _neither,
    "exactly_one_of_two_sets": _one_only,
    "union_of_three_sets": _three_sets,
    "sum_over_union": lambda p: int(sum({*numbers(p, "a"), *numbers(p, "b")})),
    "intersection_of_multiples": _counted(lambda x, a, b: x % a == 0 and x % b == 0),
    "subsets_with_conditions": lambda p: _doubled(whole(p, "n") - whole(p, "inside") - whole(p, "outside")),
    "complement_of_multiples": _counted(lambda x, a, b: x % a != 0),
    "ordered_pairs_increasing": _pairs,
    "counterexamples_to_implication": _counted(lambda x, a, b: x % a == 0 and x % b != 0),
    "truth_table_rows": _truth_table,
}

CHECKS: dict[str, Callable[[Parameters, Number | str], bool]] = {
    **{name: _equals(second) for name, second in SECOND.items()},
    "odds_to_probability": lambda p, answer: (
        Fraction(answer) * whole(p, "against") == (1 - Fraction(answer)) * whole(p, "favour")
    ),
    "expected_waiting_time": _waiting_is_right,
    "missing_value_for_mean": _mean_is_right,
    "population_standard_deviation": _deviation_is_right,
    "z_score_of_value": lambda p, answer: whole(p, "mean") + Fraction(answer) * whole(p, "sd") == whole(p, "value"),
    "value_from_z_score": lambda p, answer: (
        (Fraction(answer) - whole(p, "mean")) / whole(p, "sd") == Fraction(word(p, "z"))
    ),
    "standard_error_of_mean": lambda p, answer: Fraction(answer) ** 2 * whole(p, "n") == whole(p, "sd") ** 2,
    "capture_recapture_estimate": lambda p, answer: (
        Fraction(whole(p, "marked"), int(answer)) == Fraction(whole(p, "again"), whole(p, "caught"))
    ),
    "estimate_from_sample_proportion": lambda p, answer: (
        Fraction(answer) / whole(p, "total") == Fraction(whole(p, "hits"), whole(p, "size"))
    ),
    "stratified_sample_size": _stratum_is_right,
    "least_squares_slope": _slope_is_right,
    "regression_prediction": lambda p, answer: (
        Fraction(answer) - whole(p, "y_mean") == whole(p, "slope") * (whole(p, "x") - whole(p, "x_mean"))
    ),
    "pigeonhole_guarantee": _pigeonhole_is_right,
}
