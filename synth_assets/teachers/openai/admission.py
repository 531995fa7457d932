"""How many requests may be on their way at once: pure logic, without clock or network.

The limit grows while the endpoints keep up and shrinks when they do not (429, timeout, 5xx): doubling each round trip
until the first congestion, then by a fixed step a round trip. A round of congestion takes away half of its share of
the limit: all of it refused halves the limit, one refusal in a hundred hardly touches it (as in DCTCP, RFC 8257, whose
reason holds here: single faults are not overload). Not here: which endpoint is asked (`endpoints.py`).
"""

from dataclasses import dataclass

FIRST_LIMIT = 64
STEPS = 16
"""Round trips from nothing to the ceiling, once growth is linear."""


@dataclass(frozen=True)
class Ticket:
    """Admission of one attempt. `decreases` says how often the limit had been lowered when it was given."""

    decreases: int


class Admission:
    """Counts attempts on their way and adapts their limit between 1 and `ceiling`."""

    def __init__(self, ceiling: int) -> None:
        self._ceiling = ceiling
        self._limit = float(min(ceiling, FIRST_LIMIT))
        self._step = max(1.0, ceiling / STEPS)
        self._started = False
        self._decreases = 0
        self.outstanding = 0
        self._begin_round()

    @property
    def limit(self) -> int:
        """Attempts that may be on their way."""
        return int(self._limit)

    @property
    def has_room(self) -> bool:
        """Whether one more may be sent."""
        return self.outstanding < self.limit

    def enter(self) -> Ticket:
        """Count an attempt as sent."""
        self.outstanding += 1
        return Ticket(self._decreases)

    def leave(self, ticket: Ticket) -> None:
        """Count an attempt as ended without saying anything about the load: it was cancelled."""
        self.outstanding -= 1

    def answered(self, ticket: Ticket) -> None:
        """Count an attempt as ended well. The limit grows only where it was made use of."""
        crowded = 2 * self.outstanding > self.limit
        self.leave(ticket)
        if crowded:
            grown = self._limit + (1.0 if not self._started else min(1.0, self._step / self._limit))
            self._limit = min(float(self._ceiling), grown)
        self._count(ticket, congested=False)

    def congested(self, ticket: Ticket) -> None:
        """Count an attempt as ended because the endpoint could not keep up."""
        self.leave(ticket)
        self._count(ticket, congested=True)

    def _begin_round(self) -> None:
        self._round, self._ended, self._refused = self.limit, 0, 0

    def _count(self, ticket: Ticket, congested: bool) -> None:
        """A round is as many ends as the limit was; what was sent before the last decrease says nothing about now."""
        if ticket.decreases < self._decreases:
            return
        self._ended += 1
        self._refused += int(congested)
        if self._ended < self._round:
            return
        if self._refused:
            self._limit = max(1.0, self._limit * (1.0 - 0.5 * self._refused / self._ended))
            self._decreases += 1
            self._started = True
        self._begin_round()
