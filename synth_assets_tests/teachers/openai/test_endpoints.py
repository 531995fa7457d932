"""Which endpoint is asked: the least busy one that is not set aside."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from synth_assets.teachers.openai.endpoints import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Endpoints, Lease, Sign

SIGNS: tuple[Sign, ...] = ("alive", "failed", "unreachable", "none")


def chosen(endpoints: Endpoints, now: float) -> Lease:
    lease = endpoints.choose(now)
    assert lease is not None
    return lease


def test_requests_are_spread_evenly() -> None:
    endpoints = Endpoints(3)
    for _ in range(30):
        endpoints.choose(0.0)
    assert endpoints.outstanding == [10, 10, 10]


def test_the_one_that_answers_faster_gets_more() -> None:
    endpoints = Endpoints(2)
    leases = [chosen(endpoints, 0.0) for _ in range(8)]
    for lease in leases:
        if lease.place == 1:
            endpoints.give_back(lease, "alive", 0.0)
    assert {chosen(endpoints, 0.0).place for _ in range(4)} == {1}


def test_an_unreachable_one_is_set_aside_at_once_and_tried_by_one_request_after_growing_pauses() -> None:
    endpoints, now, tried = Endpoints(2), 0.0, []
    while now < 400.0:
        lease = chosen(endpoints, now)
        if lease.place == 0:
            tried.append(now)
        endpoints.give_back(lease, "unreachable" if lease.place == 0 else "alive", now)
        now += 0.25
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]


def test_single_failures_do_not_set_an_endpoint_aside() -> None:
    endpoints = Endpoints(1)
    for number in range(1_000):
        endpoints.give_back(chosen(endpoints, 0.0), "alive" if number % FAILURES == 0 else "failed", 0.0)
    endpoints.give_back(chosen(endpoints, 0.0), "alive", 0.0)
    for _ in range(FAILURES):
        endpoints.give_back(chosen(endpoints, 0.0), "failed", 0.0)
    assert endpoints.choose(0.0) is None
    assert endpoints.next_trial() == FIRST_PAUSE


def test_late_failures_of_earlier_requests_do_not_lengthen_the_pause() -> None:
    endpoints = Endpoints(1)
    for lease in [chosen(endpoints, 0.0) for _ in range(100)]:
        endpoints.give_back(lease, "unreachable", 0.0)
    assert endpoints.next_trial() == FIRST_PAUSE


def test_one_success_brings_an_endpoint_back() -> None:
    endpoints = Endpoints(1)
    endpoints.give_back(chosen(endpoints, 0.0), "unreachable", 0.0)
    trial = chosen(endpoints, FIRST_PAUSE)
    assert endpoints.choose(FIRST_PAUSE) is None, "one request at a time tries it"
    endpoints.give_back(trial, "alive", FIRST_PAUSE)
    assert not chosen(endpoints, FIRST_PAUSE).trial


def test_a_trial_that_was_cancelled_is_made_again() -> None:
    endpoints = Endpoints(1)
    endpoints.give_back(chosen(endpoints, 0.0), "unreachable", 0.0)
    endpoints.give_back(chosen(endpoints, FIRST_PAUSE), "none", FIRST_PAUSE)
    assert chosen(endpoints, FIRST_PAUSE).trial


@given(
    count=st.integers(1, 4),
    steps=st.lists(st.tuples(st.floats(0.0, 5.0), st.booleans(), st.integers(0, 50), st.sampled_from(SIGNS))),
)
def test_whatever_happens_all_can_be_asked_again_and_the_counts_are_right(
    count: int, steps: list[tuple[float, bool, int, Sign]]
) -> None:
    endpoints, now, leases = Endpoints(count), 0.0, list[Lease]()
    for pause, ends, which, sign in steps:
        now += pause
        if ends and leases:
            endpoints.give_back(leases.pop(which % len(leases)), sign, now)
        elif (lease := endpoints.choose(now)) is not None:
            leases.append(lease)
        assert sum(endpoints.outstanding) == len(leases)
        assert len({lease.place for lease in leases if lease.trial}) == sum(lease.trial for lease in leases)
    for lease in leases:
        endpoints.give_back(lease, "none", now)
    assert endpoints.choose(now + LONGEST_PAUSE) is not None
