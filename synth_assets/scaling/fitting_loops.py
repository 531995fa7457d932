"""The compiled loops of fits; what they mean is said in `problems` and `regions`, which call them.

They stand in one file, long as it is, since the parts compiled into several of them must (see `compiled`).

Arrays everywhere: `inputs` [t, n] are log inputs, one row for each decaying term; a bent form has one term and the
shape (u, beta), a straight one an exponent for each term. A decay is relative to its value at input 0. `theta` is
floor, amplitudes [t], shape [k].
"""

from math import exp, inf, isinf, log, log1p, sqrt

import numpy as np
import numpy.typing as npt

from synth_assets.compiled import compiled, part_of_compiled

Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

GREATEST_LOG = 150.0
"""Decays are at most e to this: where D_l is next to nothing, that at D = 0 is beyond any number."""
TINY = 1e-300
GOLDEN, GOLDEN_STEPS = (sqrt(5.0) - 1.0) / 2.0, 36
"""The golden section, and how often it is taken: to a ten-millionth of the bracket."""
POLISHED = 6
"""Lowest separate valleys of the search that are polished."""
STEPS = 500
"""Most steps tried in a polish; a few dozen are usual."""
GREATEST_STEP = 30.0
"""The furthest the logarithm of an amplitude moves in a step."""


@part_of_compiled
def softplus(z: float) -> float:
    """log(1 + e^z)."""
    return z + log1p(exp(-z)) if z > 0 else log1p(exp(z))


@part_of_compiled
def logistic(z: float) -> float:
    """1 / (1 + e^-z)."""
    return 1.0 / (1.0 + exp(-z)) if z > 0 else exp(z) / (1.0 + exp(z))


@part_of_compiled
def any_positive(numbers: Real, first: int, last: int) -> bool:
    """Whether any of the numbers from first up to last is above 0."""
    found = False
    for place in range(first, last):
        found = found or numbers[place] > 0.0
    return found


@part_of_compiled
def fill_decays(bent: bool, shape: Real, inputs: Real, decays: Real) -> None:
    """Write the decays [t, n] of one shape."""
    terms, n = inputs.shape
    if bent:
        u, beta = shape[0], shape[1]
        middle = softplus(-beta * u)
        for i in range(n):
            x = inputs[0, i]
            decays[0, i] = exp(min(middle if isinf(x) else middle - softplus(beta * (x - u)), GREATEST_LOG))
        return
    for term in range(terms):
        for i in range(n):
            decays[term, i] = exp(min(-shape[term] * inputs[term, i], GREATEST_LOG))


@part_of_compiled
def fill_slopes(bent: bool, shape: Real, inputs: Real, decays: Real, slopes: Real) -> None:
    """Write the derivatives [k, n] of the decays by the shape, each of the one term that depends on it."""
    terms, n = inputs.shape
    if bent:
        u, beta = shape[0], shape[1]
        passed_middle = logistic(-beta * u)
        for i in range(n):
            distance = 0.0 if isinf(inputs[0, i]) else inputs[0, i] - u
            passed = 0.0 if isinf(inputs[0, i]) else logistic(beta * distance)
            slopes[0, i] = decays[0, i] * beta * (passed - passed_middle)
            slopes[1, i] = decays[0, i] * (-distance * passed - u * passed_middle)
        return
    for term in range(terms):
        for i in range(n):
            slopes[term, i] = -inputs[term, i] * decays[term, i]


@part_of_compiled
def nonnegative(columns: Real, target: Real, basis: Real, triangle: Real, best: Real) -> float:
    """Least squares `columns [q, n]' c = target [n]` with c >= 0: `best` [q], and the sum of squares.

    Every face of the orthant is tried, the whole one first: where its solution is inside, that is the answer. `basis`
    [q + 1, n] and `triangle` [q + 3, q] are room to work in.
    Residuals are computed explicitly, since a difference of large sums would lose what a nearly exact fit leaves.
    """
    q, n = columns.shape
    least = 0.0
    for i in range(n):
        least += target[i] * target[i]
    for j in range(q):
        best[j] = 0.0
    rest, along, norms, trial = basis[q], triangle[q], triangle[q + 1], triangle[q + 2]
    for face in range(2**q - 1, 0, -1):
        for i in range(n):
            rest[i] = target[i]
        size = 0
        for j in range(q):
            if not (face >> j) & 1:
                continue
            for i in range(n):
                basis[size, i] = columns[j, i]
            for b in range(size):
                overlap = 0.0
                for i in range(n):
                    overlap += basis[b, i] * basis[size, i]
                triangle[b, size] = overlap / norms[b]
                for i in range(n):
                    basis[size, i] -= triangle[b, size] * basis[b, i]
            norm, overlap = 0.0, 0.0
            for i in range(n):
                norm += basis[size, i] * basis[size, i]
                overlap += basis[size, i] * rest[i]
            norms[size] = max(norm, TINY)
            along[size] = overlap / norms[size]
            for i in range(n):
                rest[i] -= along[size] * basis[size, i]
            size += 1
        squares, inside = 0.0, True
        for i in range(n):
            squares += rest[i] * rest[i]
        for a in range(size - 1, -1, -1):
            trial[a] = along[a]
            for b in range(a + 1, size):
                trial[a] -= triangle[a, b] * trial[b]
            inside = inside and trial[a] >= 0.0
        if inside and squares < least:
            least = squares
            a = 0
            for j in range(q):
                best[j] = 0.0
                if (face >> j) & 1:
                    best[j] = trial[a]
                    a += 1
        if inside and size == q:
            break
    return least


@compiled
def solve_shapes(bent: bool, shapes: Real, inputs: Real, weights: Real, target: Real, squares: Real) -> None:
    """Write the sums of squares [m] of `weights (E + A decays) = target` [n] with E, A >= 0 for shapes [m, k]."""
    terms, n = inputs.shape
    q = terms + 1
    columns, basis, triangle = np.empty((q, n)), np.empty((q + 1, n)), np.empty((q + 3, q))
    decays, found = np.empty((terms, n)), np.empty(q)
    for i in range(n):
        columns[0, i] = weights[i]
    for row in range(len(shapes)):
        fill_decays(bent, shapes[row], inputs, decays)
        for term in range(terms):
            for i in range(n):
                columns[term + 1, i] = decays[term, i] * weights[i]
        squares[row] = nonnegative(columns, target, basis, triangle, found)


@compiled
def lowest_firsts(
    bent: bool, nodes: Real, lasts: Real, inputs: Real, weights: Real, target: Real, firsts: Real, squares: Real
) -> None:
    """Write the first shape parameter [b] with the least sum of squares [b] for each last one [b].

    Over ascending nodes [a], then by golden section between the neighbours of the lowest.
    """
    terms, n = inputs.shape
    q = terms + 1
    columns, basis, triangle = np.empty((q, n)), np.empty((q + 1, n)), np.empty((q + 3, q))
    decays, shape, found = np.empty((terms, n)), np.empty(2), np.empty(q)
    for i in range(n):
        columns[0, i] = weights[i]
    for row in range(len(lasts)):
        shape[1] = lasts[row]
        best, least, low, high, inner, outer = 0, inf, 0.0, 0.0, 0.0, 0.0
        at_inner, at_outer = inf, inf
        for turn in range(len(nodes) + GOLDEN_STEPS):
            if turn < len(nodes):
                shape[0] = nodes[turn]
            elif turn == len(nodes):
                low, high = nodes[max(best - 1, 0)], nodes[min(best + 1, len(nodes) - 1)]
                inner, outer = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
                shape[0] = inner
            elif turn == len(nodes) + 1:
                shape[0] = outer
            elif at_inner <= at_outer:
                high, outer, at_outer = outer, inner, at_inner
                inner = high - GOLDEN * (high - low)
                at_inner, shape[0] = inf, inner
            else:
                low, inner, at_inner = inner, outer, at_outer
                outer = low + GOLDEN * (high - low)
                at_outer, shape[0] = inf, outer
            fill_decays(bent, shape, inputs, decays)
            for term in range(terms):
                for i in range(n):
                    columns[term + 1, i] = decays[term, i] * weights[i]
            height = nonnegative(columns, target, basis, triangle, found)
            if height < least:
                least, firsts[row] = height, shape[0]
                if turn < len(nodes):
                    best = turn
            if turn >= len(nodes):
                if shape[0] == inner:
                    at_inner = height
                else:
                    at_outer = height
        squares[row] = least


@part_of_compiled
def total_loss(inputs: Real, log_values: Real, weights: Real, clip: float, theta: Real, decays: Real) -> float:
    """The weighted loss of log residuals: their squares, growing linearly beyond `clip`."""
    terms, n = inputs.shape
    total = 0.0
    for i in range(n):
        if weights[i] == 0.0:
            continue
        model = theta[0]
        for term in range(terms):
            model += theta[1 + term] * decays[term, i]
        if not model > 0.0:
            return inf
        size = abs(log(model) - log_values[i])
        total += weights[i] * (size * size if size <= clip else clip * (2.0 * size - clip))
    return total


@part_of_compiled
def solve_positive(matrix: Real, right: Real, size: int) -> bool:
    """Solve `matrix x = right` in place by Cholesky for the leading `size`; False where it is not positive."""
    for a in range(size):
        for b in range(a + 1):
            total = matrix[a, b]
            for c in range(b):
                total -= matrix[a, c] * matrix[b, c]
            if a == b:
                if not total > 0.0:
                    return False
                matrix[a, a] = sqrt(total)
            else:
                matrix[a, b] = total / matrix[b, b]
    for a in range(size):
        for c in range(a):
            right[a] -= matrix[a, c] * right[c]
        right[a] /= matrix[a, a]
    for a in range(size - 1, -1, -1):
        for c in range(a + 1, size):
            right[a] -= matrix[c, a] * right[c]
        right[a] /= matrix[a, a]
    return True


@part_of_compiled
def polish(
    bent: bool, inputs: Real, log_values: Real, weights: Real, clip: float, lower: Real, upper: Real, theta: Real
) -> float:
    """Move `theta` [p] to the nearest minimum of the loss within its bounds; that loss.

    Levenberg-Marquardt with the analytic Jacobian, parameters pressed against a bound held there, steps cut at bounds.
    It works on the logarithms of the amplitudes, which keeps long valleys straight; an amplitude of 0 stays. It ends
    where a step would gain less than a rounding of the loss.
    """
    terms, n = inputs.shape
    p = len(theta)
    first = 1 + terms
    decays, slopes = np.empty((terms, n)), np.empty((p - first, n))
    row, gradient, curvature = np.empty(p), np.empty(p), np.empty((p, p))
    matrix, step, trial, free = np.empty((p, p)), np.empty(p), np.empty(p), np.empty(p, np.int64)
    fill_decays(bent, theta[first:], inputs, decays)
    loss = total_loss(inputs, log_values, weights, clip, theta, decays)
    damping, fresh, size, every = 1e-3, True, 0, 0.0
    for i in range(n):
        every += weights[i]
    for _ in range(STEPS):
        if fresh:
            fill_decays(bent, theta[first:], inputs, decays)
            fill_slopes(bent, theta[first:], inputs, decays, slopes)
            for a in range(p):
                gradient[a] = 0.0
                for b in range(p):
                    curvature[a, b] = 0.0
            for i in range(n):
                if weights[i] == 0.0:
                    continue
                model = theta[0]
                for term in range(terms):
                    model += theta[1 + term] * decays[term, i]
                residual = log(model) - log_values[i]
                weight = weights[i] if abs(residual) <= clip else weights[i] * clip / abs(residual)
                row[0] = 1.0 / model
                for term in range(terms):
                    row[1 + term] = theta[1 + term] * decays[term, i] / model
                for k in range(p - first):
                    row[first + k] = theta[1 if bent else 1 + k] * slopes[k, i] / model
                for a in range(p):
                    gradient[a] += weight * residual * row[a]
                    for b in range(a + 1):
                        curvature[a, b] += weight * row[a] * row[b]
            size = 0
            for a in range(p):
                pressed = (theta[a] <= lower[a] and gradient[a] > 0.0) or (theta[a] >= upper[a] and gradient[a] < 0.0)
                if not pressed and curvature[a, a] > 0.0:
                    free[size] = a
                    size += 1
            fresh = False
        for a in range(size):
            step[a] = -gradient[free[a]]
            for b in range(a + 1):
                matrix[a, b] = curvature[free[a], free[b]]
            matrix[a, a] *= 1.0 + damping
        if solve_positive(matrix, step, size):
            for a in range(p):
                trial[a] = theta[a]
            gain = 0.0
            for a in range(size):
                place = free[a]
                if 1 <= place <= terms:
                    moved = min(max(step[a], -GREATEST_STEP), GREATEST_STEP)
                    trial[place] = theta[place] * exp(moved)
                else:
                    trial[place] = min(max(theta[place] + step[a], lower[place]), upper[place])
                    moved = trial[place] - theta[place]
                gain -= gradient[place] * moved
            fill_decays(bent, trial[first:], inputs, decays)
            new = total_loss(inputs, log_values, weights, clip, trial, decays)
            negligible = 1e-18 * loss + 1e-32 * every
            if new < loss:
                for a in range(p):
                    theta[a] = trial[a]
                loss, fresh = new, True
            if damping < 1e-2 and abs(gain) <= (negligible if fresh else 1e6 * negligible):
                break
        damping = max(damping * 0.1, 1e-12) if fresh else damping * 8.0
        if damping > 1e16:
            break
    fill_decays(bent, theta[first:], inputs, decays)
    for term in range(1, first):
        # A term that tends to nothing is nothing.
        amplitude, theta[term] = theta[term], 0.0
        new = total_loss(inputs, log_values, weights, clip, theta, decays)
        if new > loss:
            theta[term] = amplitude
        else:
            loss = new
    return loss


@part_of_compiled
def lowest_valleys(squares: Real, across: int, chosen: Whole) -> int:
    """Write the lowest nodes that are no higher than their neighbours on a grid of rows of `across`; how many."""
    found = 0
    for node in range(len(squares)):
        height = squares[node]
        place = node % across
        if isinf(height) or (found == len(chosen) and height >= squares[chosen[found - 1]]):
            continue
        if (place > 0 and squares[node - 1] < height) or (place < across - 1 and squares[node + 1] < height):
            continue
        if (node >= across and squares[node - across] < height) or (
            node + across < len(squares) and squares[node + across] < height
        ):
            continue
        found = min(found + 1, len(chosen))
        at = found - 1
        while at > 0 and squares[chosen[at - 1]] > height:
            chosen[at] = chosen[at - 1]
            at -= 1
        chosen[at] = node
    return found


@compiled
def fit_weighted(
    bent: bool,
    shapes: Real,
    across: int,
    inputs: Real,
    log_values: Real,
    weights: Real,
    search_weights: Real,
    clip: float,
    lower: Real,
    upper: Real,
    first: int,
    last: int,
    thetas: Real,
    losses: Real,
) -> None:
    """Write `thetas` [r, p] and `losses` [r] of the problems first up to last, which differ in their weights [r, n].

    Searched is a grid of shapes [m, k] in rows of `across`, with the search's own weights [r, n]; then the lowest
    valleys are polished. Where a constant fits as well, the amplitudes are 0 and the shape is NaN.
    """
    terms, n = inputs.shape
    q, p, nodes = terms + 1, len(lower), len(shapes)
    decays = np.empty((nodes, terms, n))
    for node in range(nodes):
        fill_decays(bent, shapes[node], inputs, decays[node])
    columns, basis, triangle = np.empty((q, n)), np.empty((q + 1, n)), np.empty((q + 3, q))
    coefficients, squares = np.empty((nodes, q)), np.empty(nodes)
    target, inverse, chosen, theta = np.empty(n), np.empty(n), np.empty(POLISHED, np.int64), np.empty(p)
    for problem in range(first, last):
        level_above, level_below, together, logs = 0.0, 0.0, 0.0, 0.0
        for i in range(n):
            # Residuals relative to the values are log residuals to first order.
            target[i] = sqrt(search_weights[problem, i])
            inverse[i] = target[i] * exp(-log_values[i])
            level_above += target[i] * inverse[i]
            level_below += inverse[i] * inverse[i]
            together += weights[problem, i]
            logs += weights[problem, i] * log_values[i]
        level, constant = level_above / level_below, 0.0
        for i in range(n):
            constant += (target[i] - level * inverse[i]) ** 2
        lowest = inf
        for i in range(n):
            columns[0, i] = inverse[i]
        for node in range(nodes):
            for term in range(terms):
                for i in range(n):
                    columns[term + 1, i] = decays[node, term, i] * inverse[i]
            squares[node] = nonnegative(columns, target, basis, triangle, coefficients[node])
            if not any_positive(coefficients[node], 1, q):
                squares[node] = inf
            lowest = min(lowest, squares[node])
        losses[problem] = inf
        if lowest < constant * (1.0 - 1e-9) - 1e-24:
            for place in range(lowest_valleys(squares, across, chosen)):
                node = chosen[place]
                for a in range(p):
                    theta[a] = coefficients[node, a] if a < q else shapes[node, a - q]
                loss = polish(bent, inputs, log_values, weights[problem], clip, lower, upper, theta)
                if loss < losses[problem]:
                    losses[problem] = loss
                    for a in range(p):
                        thetas[problem, a] = theta[a]
        if isinf(losses[problem]) or not any_positive(thetas[problem], 1, q):
            thetas[problem, 0] = exp(logs / together)
            for a in range(1, p):
                thetas[problem, a] = 0.0 if a < q else np.nan
            losses[problem] = 0.0
            for i in range(n):
                size = abs(log_values[i] - logs / together)
                losses[problem] += weights[problem, i] * (size * size if size <= clip else clip * (2 * size - clip))
