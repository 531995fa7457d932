"""Fitting one law to one learning curve (paper section 4; arXiv 2402.02314), and what every fit can tell.

What lives here: a fitted law with its observations. How the minimum is found is `problems`'s subject; the joint law in
parameters and tokens is `surfaces`'.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synth_assets.scaling.laws import Array, Form, Law
from synth_assets.scaling.losses import SQUARES, Loss, log_likelihood_term, pseudo_residuals
from synth_assets.scaling.problems import Problem, TooFewPointsError

__all__ = ["Fit", "Fitted", "TooFewPointsError", "fit"]


class Fitted(ABC):
    """What a fit of any form can tell: parameters, residuals, the criterion to compare laws by."""

    shape: Array
    """Shape parameters [k] of the form."""

    @property
    @abstractmethod
    def form(self) -> Form:
        """The form fitted."""

    @property
    @abstractmethod
    def observed(self) -> tuple[Array, Array]:
        """Inputs [t, n] and values [n] fitted to."""

    @property
    @abstractmethod
    def fitted(self) -> Array:
        """Fitted values [n] at the observations."""

    @property
    @abstractmethod
    def parameters(self) -> Mapping[str, float]:
        """Reported parameters by name, in the user's units."""

    @property
    @abstractmethod
    def minimised(self) -> tuple[Loss, float]:
        """The loss and where it turns linear, in log residuals (infinite for least squares)."""

    @property
    @abstractmethod
    def is_flat(self) -> bool:
        """Whether the values do not fall, so that nothing but a constant could be fitted."""

    @property
    def log_residuals(self) -> Array:
        """Log residuals [n], observed less fitted."""
        residuals: Array = np.log(self.observed[1]) - np.log(self.fitted)
        return residuals

    @cached_property
    def problem(self) -> Problem:
        """The problem whose minimum this is."""
        return Problem.of(self.form, *self.observed)

    @cached_property
    def pseudo_log_residuals(self) -> Array:
        """Log residuals [n] that least squares treats as the loss does these, see `losses.pseudo_residuals`."""
        return pseudo_residuals(self.log_residuals, self.minimised[1])

    @property
    def log_rmsd(self) -> float:
        """Root mean square of the log residuals, D = 0 left out (as arXiv 2402.02314 reports it)."""
        return float(np.sqrt(np.mean(self._seen_residuals() ** 2)))

    @property
    def aicc(self) -> float | None:
        """Corrected Akaike criterion over the observations with D > 0; None with too few of them.

        D = 0 is left out because the plain law has no value there: so the two laws are compared on the same points.
        The noise scale counts as a parameter. With Huber's loss the likelihood is the one that loss belongs to, see
        `losses.log_likelihood_term`: fits compare with those by the same loss alone.
        """
        residuals = self._seen_residuals()
        n, parameters = len(residuals), self.form.degrees + 1
        if n - parameters - 1 <= 0:
            return None
        badness = log_likelihood_term(residuals, self.minimised[0])
        return badness + 2 * parameters + 2 * parameters * (parameters + 1) / (n - parameters - 1)

    def _seen_residuals(self) -> Array:
        seen: Array = self.log_residuals[np.isfinite(self.observed[0]).all(axis=0)]
        return seen


@dataclass(frozen=True)
class Fit(Fitted):
    """A fitted law with the observations it was fitted to.

    `floor` is E and `log_amplitude` log S of :mod:`synth_assets.scaling.laws` (-inf for a flat fit), in the values'
    unit; `shape` [k]; `tokens` and `values` [n] are the observations used, in the order of tokens. `squares` is the
    sum of squared log residuals over all of them. `clip` is where `loss` turns linear, in log residuals.
    """

    law: Law
    floor: float
    log_amplitude: float
    shape: Array
    tokens: Array
    values: Array
    squares: float
    loss: Loss = SQUARES
    clip: float = float("inf")

    @property
    def form(self) -> Form:
        """See :class:`Fitted`."""
        return self.law

    @property
    def observed(self) -> tuple[Array, Array]:
        """See :class:`Fitted`; inputs are log tokens [1, n], -inf for D = 0."""
        with np.errstate(divide="ignore"):
            return np.log(self.tokens)[None], self.values

    @property
    def fitted(self) -> Array:
        """See :class:`Fitted`."""
        return self.at(self.tokens)

    @property
    def minimised(self) -> tuple[Loss, float]:
        """See :class:`Fitted`."""
        return self.loss, self.clip

    @property
    def is_flat(self) -> bool:
        """Whether the values do not fall with data, so that nothing but a constant could be fitted."""
        return self.log_amplitude == -np.inf

    @property
    def parameters(self) -> Mapping[str, float]:
        """Reported parameters by name; B and D_l in the unit of the tokens."""
        return self.law.parameters(self.floor, self.log_amplitude, self.shape)

    def at(self, tokens: Array) -> Array:
        """Fitted values at tokens [n]."""
        if self.is_flat:
            return np.full(len(tokens), self.floor)
        return self.law.values(self.floor, self.log_amplitude, self.shape, tokens)


def fit(tokens: Array, values: Array, law: Law, loss: Loss = SQUARES) -> Fit:
    """Fit `law` to values [n] > 0 observed at tokens [n] >= 0; repeated budgets are separate observations.

    Observations at D = 0 count with the value E + S where the law has one there and are left out where it has not.
    Raises TooFewPointsError with fewer distinct budgets than parameters, ValueError for values that are not positive
    and finite or tokens that are negative or not finite.
    """
    tokens, values = np.asarray(tokens, dtype=float), np.asarray(values, dtype=float)
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError("values to fit must be positive and finite")
    if not (np.isfinite(tokens).all() and (tokens >= 0).all()):
        raise ValueError("tokens to fit must be finite and not negative")
    order = np.lexsort((values, tokens))
    if not law.holds_at_zero:
        order = order[tokens[order] > 0]
    tokens, values = tokens[order], values[order]
    budgets = len(np.unique(tokens))
    if budgets < law.degrees:
        raise TooFewPointsError(
            f"the {law.name} law has {law.degrees} parameters, but there are only {budgets} distinct budgets"
        )
    with np.errstate(divide="ignore"):
        problem = Problem.of(law, np.log(tokens)[None], values)
    found = problem.minimum(loss)
    floors, log_amplitudes, shapes = problem.in_users_units(found.thetas)
    shape = shapes[0]
    if np.isneginf(log_amplitudes[0, 0]):  # a constant says nothing of the shape: the middle of the domain stands there
        shape = np.array([*(problem.middles for _ in law.shape_names[:-1]), [1.0]]).ravel()
    squares = float(np.sum(problem.residuals(found.thetas[0]) ** 2))
    return Fit(law, float(floors[0]), float(log_amplitudes[0, 0]), shape, tokens, values, squares, loss, found.clip)
