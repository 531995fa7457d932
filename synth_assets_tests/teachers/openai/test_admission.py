"""How many requests may be on their way: grows while endpoints keep up, shrinks when they do not."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from synth_assets.teachers.openai.admission import FIRST_LIMIT, STEPS, Admission, Ticket


class Busy:
    """An admission whose limit is always made use of."""

    def __init__(self, ceiling: int) -> None:
        self.admission = Admission(ceiling)
        self.tickets = deque[Ticket]()

    @property
    def limit(self) -> int:
        return self.admission.limit

    def round_trip(self, congested: int = 0) -> None:
        """What is on its way at present comes back, the first `congested` of it refused."""
        self._fill()
        for place in range(len(self.tickets)):
            ended = self.admission.congested if place < congested else self.admission.answered
            ended(self.tickets.popleft())
            self._fill()

    def _fill(self) -> None:
        while self.admission.has_room:
            self.tickets.append(self.admission.enter())


def test_the_limit_doubles_until_the_first_congestion_and_grows_by_steps_afterwards() -> None:
    busy = Busy(ceiling=1_024)
    busy.round_trip()
    assert busy.limit == 2 * FIRST_LIMIT
    for _ in range(3):
        busy.round_trip()
    high = busy.limit
    busy.round_trip(congested=high)
    busy.round_trip(congested=high)
    low = busy.limit
    assert low < high
    busy.round_trip()
    busy.round_trip()
    assert low < busy.limit <= low + 3 * 1_024 / STEPS


def test_a_round_that_is_refused_whole_halves_the_limit_once() -> None:
    busy = Busy(ceiling=FIRST_LIMIT)
    busy.round_trip(congested=FIRST_LIMIT)
    assert busy.limit == FIRST_LIMIT // 2


def test_what_was_sent_before_a_decrease_does_not_decrease_again() -> None:
    admission = Admission(ceiling=64)
    early = [admission.enter() for _ in range(FIRST_LIMIT)]
    late = [Ticket(decreases=0) for _ in range(FIRST_LIMIT)]
    admission.outstanding += len(late)
    for ticket in early + late:
        admission.congested(ticket)
    assert admission.limit == FIRST_LIMIT // 2


def test_one_refusal_in_a_hundred_hardly_matters() -> None:
    busy = Busy(ceiling=100)
    for _ in range(20):
        busy.round_trip()
    for _ in range(50):
        busy.round_trip(congested=1)
    assert busy.limit > 90


def test_the_limit_returns_to_its_ceiling_after_everything_was_refused() -> None:
    busy = Busy(ceiling=256)
    while busy.limit > 1:
        busy.round_trip(congested=busy.limit)
    rounds = 0
    while busy.limit < 256:
        busy.round_trip()
        rounds += 1
    assert rounds <= 2 * STEPS


def test_a_limit_that_is_not_made_use_of_does_not_grow() -> None:
    admission = Admission(ceiling=256)
    for _ in range(1_000):
        admission.answered(admission.enter())
    assert admission.limit == FIRST_LIMIT


@given(ceiling=st.integers(1, 300), ends=st.lists(st.sampled_from(["answered", "congested", "leave"]), max_size=400))
def test_the_limit_stays_between_one_and_the_ceiling_and_the_count_is_right(ceiling: int, ends: list[str]) -> None:
    admission = Admission(ceiling)
    tickets: list[Ticket] = []
    for end in ends:
        while admission.has_room:
            tickets.append(admission.enter())
        getattr(admission, end)(tickets.pop(0))
        assert 1 <= admission.limit <= ceiling
        assert admission.outstanding == len(tickets)
