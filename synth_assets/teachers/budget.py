"""What a teacher may cost: prices, and a hard budget over everything a lake has ever spent.

Hard means that no request is sent that could, at the most it may be charged for, pass the budget.
"""

from dataclasses import dataclass
from typing import Any

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.store import Usage
from synth_assets.teachers.teacher import Prepared


class BudgetReachedError(SynthAssetsError):
    """The budget allows no further request. What was answered is kept."""


@dataclass(frozen=True)
class Price:
    """Price of a million tokens, in whatever currency; None where there is none."""

    prompt: float | None = None
    completion: float | None = None

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """What so many tokens cost; None without any price."""
        if self.prompt is None and self.completion is None:
            return None
        return ((self.prompt or 0.0) * prompt_tokens + (self.completion or 0.0) * completion_tokens) / 1_000_000


@dataclass(frozen=True)
class Limits:
    """The most tokens (read and written) and the most money that all runs of a lake may take; None: no limit."""

    tokens: int | None = None
    cost: float | None = None

    def __bool__(self) -> bool:
        return self.tokens is not None or self.cost is not None


NO_PRICE = Price()
NO_LIMITS = Limits()


class Budget:
    """Admits requests while what was spent, and the most that those on their way may take, stay within the limits."""

    def __init__(self, limits: Limits = NO_LIMITS, price: Price = NO_PRICE) -> None:
        self.limits = limits
        self.price = price
        self._spent = Usage()
        self._unwritten = Usage()
        self._held: dict[str, tuple[int, float]] = {}
        self._held_tokens = 0
        self._held_cost = 0.0
        self._short_of_money = False

    @property
    def spent(self) -> Usage:
        """Everything spent, that of this process not yet written to the store included."""
        return self._spent + self._unwritten

    def admit(self, request: Prepared[Any]) -> bool:
        """Whether `request` may be sent now; the most it may take is then held until it is settled."""
        if not self.limits:
            return True
        tokens = request.most_prompt_tokens + request.most_completion_tokens
        cost = self.price.cost(request.most_prompt_tokens, request.most_completion_tokens) or 0.0
        spent = self.spent
        if self.limits.tokens is not None and spent.tokens + self._held_tokens + tokens > self.limits.tokens:
            self._short_of_money = False
            return False
        if self.limits.cost is not None and (spent.cost or 0.0) + self._held_cost + cost > self.limits.cost:
            self._short_of_money = True
            return False
        self._held[request.request_hash] = (tokens, cost)
        self._held_tokens += tokens
        self._held_cost += cost
        return True

    def settle(self, request_hash: str, usage: Usage) -> None:
        """Count what a request took in the place of what was held for it."""
        tokens, cost = self._held.pop(request_hash, (0, 0.0))
        self._held_tokens -= tokens
        self._held_cost -= cost
        self._unwritten += usage

    def written(self, spent: Usage) -> None:
        """What this process spent has been written to the store, which now says `spent` for all processes."""
        self._spent, self._unwritten = spent, Usage()

    def reached(self) -> BudgetReachedError:
        """The error to raise where nothing is on its way and the next request is not admitted."""
        spent = self.spent
        if self._short_of_money:
            said, option = f"{self.limits.cost or 0.0:,.2f}", f"--max-cost {2 * (self.limits.cost or 0.0):g}"
        else:
            said, option = f"{self.limits.tokens or 0:,} tokens", f"--max-tokens-budget {2 * (self.limits.tokens or 0)}"
        cost = "" if spent.cost is None else f", {spent.cost:,.2f} in money"
        return BudgetReachedError(
            f"The budget of {said} allows no further request: {spent.tokens:,} tokens{cost} have been spent on this "
            "lake, and the next request might pass the budget. What was answered is kept and will not be asked again. "
            f"To go on, run the same command with a larger budget, for example {option}."
        )
