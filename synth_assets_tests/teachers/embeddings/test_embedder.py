"""Vectors from endpoints that limit, fail and lie, each text paid for once, and errors that say the way out."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.asking import LOOKED_UP_TOGETHER
from synth_assets.teachers.budget import BudgetReachedError, Limits
from synth_assets.teachers.embeddings.embedder import EndpointEmbedder
from synth_assets.teachers.embeddings.exchange import SHORTEST, TRIES
from synth_assets.teachers.embeddings.teacher import OURS
from synth_assets.teachers.openai.conversation import BACKLOG
from synth_assets.teachers.store import MemoryStore
from synth_assets_tests.teachers.embeddings.asking import embedder, settings, texts
from synth_assets_tests.teachers.openai.endpoint import endpoint_in_thread, read_log, scripted_endpoint
from synth_assets_tests.teachers.openai.serving import FAULTS, Fault, Script, VectorFault
from synth_assets_tests.teachers.openai.vectors import features
from synth_assets_tests.teachers.scripted import Recorder

DELIVERED = {"none", "wrong_counts", "no_counts"}
KEY = "sk-planted-4f1d8c0b"


def unit(asked: list[str], dimensions: int = 256) -> Any:
    vectors = features(asked, dimensions)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


# Vectors


@pytest.mark.parametrize("encoding_format", ["base64", "float"])
def test_vectors_are_the_models_of_length_one_in_the_order_of_the_texts(encoding_format: str) -> None:
    with endpoint_in_thread() as (url, endpoint):
        asked = embedder(url, encoding_format=encoding_format, batch_size=8)
        vectors = asked.embed(texts(100))
        assert endpoint.counts.received == 13
    assert vectors.dtype == np.float32
    assert np.abs(vectors - unit(texts(100))).max() < 1e-6
    assert asked.spent.requests == asked.spent.answers == 100
    assert asked.spent.prompt_tokens == sum(len(text.split()) for text in texts(100))


def test_no_text_is_no_request_and_no_vector() -> None:
    with endpoint_in_thread() as (url, endpoint):
        assert embedder(url).embed([]).shape == (0, 0)
        assert endpoint.counts.received == 0


def test_the_length_of_vectors_can_be_asked_for() -> None:
    with endpoint_in_thread() as (url, _):
        assert embedder(url, dimensions=32).embed(texts(3)).shape == (3, 32)


def test_blank_texts_and_odd_characters_have_vectors_too() -> None:
    with endpoint_in_thread() as (url, _):
        vectors = embedder(url).embed(["", " \n", ".", "half a \ud800 pair", "a \x00 b"])
    assert np.array_equal(vectors[0], vectors[1])
    assert np.array_equal(vectors[0], vectors[2])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


def test_what_follows_the_characters_read_does_not_count() -> None:
    with endpoint_in_thread() as (url, endpoint):
        vectors = embedder(url, characters=20).embed(["a triangle has three sides", "a triangle has three angles"])
        assert endpoint.counts.by_fault["none"] == 1
    assert np.array_equal(vectors[0], vectors[1])


# Paid for once


def test_equal_texts_are_asked_about_once(tmp_path: Path) -> None:
    asked = [*texts(40), *texts(40), *texts(40)]
    with endpoint_in_thread(log=tmp_path / "log") as (url, _):
        vectors = embedder(url, batch_size=7).embed(asked)
        sent = Counter(text for line in read_log(tmp_path / "log") for text in line.texts)
    assert len(sent) == 40 and set(sent.values()) == {1}
    assert np.array_equal(vectors[:40], vectors[80:])


def test_what_is_in_the_store_is_not_asked_again_by_another_embedder() -> None:
    store = MemoryStore()
    with endpoint_in_thread() as (url, endpoint):
        first = embedder(url, store=store).embed(texts(100))
        again = embedder(url, store=store, encoding_format="float", base_urls=[url, "http://127.0.0.1:9/v1"])
        assert np.array_equal(again.embed(texts(120))[:100], first)
        assert (again.found, again.spent.requests) == (100, 20)
        assert endpoint.counts.received == 5


@pytest.mark.parametrize(
    "changed", [{"model": "other"}, {"revision": "2"}, {"dimensions": 8}, {"extra_body": {"a": 1}}]
)
def test_what_shapes_vectors_makes_another_embedder_which_asks_for_itself(changed: dict[str, Any]) -> None:
    store = MemoryStore()
    with endpoint_in_thread() as (url, _):
        one = embedder(url, store=store)
        other = embedder(url, store=store, **changed)
        one.embed(texts(3))
        other.embed(texts(3))
    assert other.found == 0
    assert other.name != one.name
    assert settings(url, **changed).shaping != settings(url).shaping


def test_where_and_how_fast_it_is_asked_does_not() -> None:
    changed = settings("http://other/v1", concurrency=1, batch_size=2, patience=3, price=1.0, encoding_format="float")
    assert changed.shaping == settings("http://host/v1").shaping
    assert EndpointEmbedder(changed, MemoryStore()).name == embedder("http://host/v1").name
    assert "host" not in embedder("http://host/v1").name


def test_vectors_are_written_as_they_come_with_what_they_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synth_assets.teachers.journal.FLUSH_SECONDS", -1.0)
    store = Recorder()
    with endpoint_in_thread() as (url, endpoint):
        endpoint.script.latency = 0.02
        embedder(url, store=store, price=10.0, concurrency=2, batch_size=4).embed(texts(60))
    assert len([written for written in store.writes if written]) > 3
    assert sum(spent.usage.cost or 0 for spent in store.spending) == pytest.approx(60 * 9 * 10 / 1_000_000)
    assert {(spent.task, spent.teacher) for spent in store.spending} == {("embed_text", "scripted")}


# Faults


@pytest.mark.parametrize("share", [0.4])
def test_a_third_of_faulty_answers_costs_time_and_nothing_else(share: float, tmp_path: Path) -> None:
    kinds: tuple[Fault | VectorFault, ...] = ("missing_vector", "shorter_vector", "shorter_vectors", "not_finite")
    network = [fault for fault in FAULTS if fault != "hang"]
    faults = dict.fromkeys((*kinds, *network), share / (len(kinds) + len(network)))
    with scripted_endpoint(tmp_path / "log", Script(faults=faults)) as endpoint:
        asked = embedder(endpoint.url, batch_size=5)
        vectors = asked.embed(texts(600))
        logged = endpoint.logged()
    assert np.abs(vectors - unit(texts(600))).max() < 1e-6
    taken = {*DELIVERED, "truncated_json", "invalid_json", "duplicate_keys", "length"}  # of chats: no fault of vectors
    sent = Counter(text for line in logged if line.fault in taken for text in line.texts)
    assert len(sent) == 600 and set(sent.values()) == {1}
    assert asked.spent.answers == 600
    assert asked.spent.approximated > 0


def test_a_dead_and_a_hanging_endpoint_beside_a_good_one_are_no_hindrance() -> None:
    with endpoint_in_thread() as (url, _), endpoint_in_thread(Script(faults={"hang": 1.0})) as (hanging, _):
        vectors = embedder("http://127.0.0.1:9/v1", hanging, url, attempt_timeout=0.5, batch_size=4).embed(texts(100))
    assert np.abs(vectors - unit(texts(100))).max() < 1e-6


def test_an_endpoint_of_another_model_among_good_ones_gives_no_vector() -> None:
    with endpoint_in_thread() as (url, _), endpoint_in_thread() as (other, state):
        made = embedder(url, other, batch_size=4)
        state.script.latency = 0.3  # the first answer is the good endpoint's
        state.script.dimensions = 100
        vectors = made.embed(texts(60))
    assert np.abs(vectors - unit(texts(60))).max() < 1e-6


def test_a_text_that_never_has_a_usable_vector_is_told_and_the_others_are_kept() -> None:
    store = MemoryStore()
    with endpoint_in_thread(Script(faults={"not_finite": 1.0})) as (url, endpoint):
        with pytest.raises(SynthAssetsError, match=f"1 of 1 texts.*'a text'.*usable vector in {TRIES} answers"):
            embedder(url, store=store).embed(["a text"])
        assert endpoint.counts.received == TRIES
        endpoint.script.faults = {}
        assert embedder(url, store=store).embed(["a text"]).shape == (1, 256)


# Limits of an endpoint


def test_a_batch_refused_for_its_number_is_halved_and_later_ones_are_as_small() -> None:
    with endpoint_in_thread(Script(most_texts=10)) as (url, endpoint):
        vectors = embedder(url, batch_size=32, concurrency=1).embed(texts(320))
        # Three batches are on their way before the first is refused, and the halves of some; eights are taken.
        assert endpoint.counts.by_fault["refused"] <= 3 * (1 + BACKLOG)
        assert endpoint.counts.by_fault["none"] == 1 + 40, "a letter, to see whether anything is taken, and the texts"
    assert np.abs(vectors - unit(texts(320))).max() < 1e-6


def test_texts_too_long_for_the_model_are_cut_and_the_person_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    long = "word " * 1_000
    asked = [*texts(30), long, *texts(30, first=50)]
    with endpoint_in_thread(Script(most_characters=800)) as (url, endpoint):
        made = embedder(url, batch_size=16)
        vectors = made.embed(asked)
        assert endpoint.counts.by_fault["refused"] < 12
        made.embed([long])
    assert np.abs(vectors - unit([text[:625] for text in asked])).max() < 1e-6
    told = capsys.readouterr().out
    assert "1 texts were longer than scripted reads" in told
    assert "after 625 characters" in told
    assert "`filter.embedder.characters`" in told


def test_an_endpoint_that_refuses_everything_stops_the_run_at_once() -> None:
    with endpoint_in_thread(Script(refuse=422)) as (url, endpoint):
        with pytest.raises(SynthAssetsError, match=r"even the vector of a single letter.*encoding_format` to float"):
            embedder(url, concurrency=4).embed(texts(1_000))
        assert endpoint.counts.received <= (1 + BACKLOG) * 4 + 1
        with pytest.raises(SynthAssetsError, match=r"to base64, or change `filter.embedder.extra_body`"):
            embedder(url, encoding_format="float", extra_body={"truncate": True}).embed(texts(1))


def test_a_text_refused_however_short_is_told() -> None:
    expected = pytest.raises(SynthAssetsError, match=r"1 of 4 texts.*begins 'word word.*context length")
    with endpoint_in_thread(Script(most_characters=SHORTEST - 1)) as (url, _), expected:
        embedder(url).embed(["short", "shorter", "word " * 30, "text"])


# Stops


def test_a_length_the_model_does_not_have_is_told_with_the_one_it_has() -> None:
    with endpoint_in_thread() as (url, endpoint):
        endpoint.answer = _of_its_own_length(endpoint.answer)  # type: ignore[method-assign]
        with pytest.raises(SynthAssetsError, match=r"vectors of 256 numbers although.*asks for 64"):
            embedder(url, dimensions=64).embed(texts(3))


def _of_its_own_length(answer: Any) -> Any:
    def answered(request: Any, fault: Any) -> Any:
        request.body.pop("dimensions", None)
        return answer(request, fault)

    return answered


def test_a_model_that_has_become_another_one_is_told() -> None:
    store = MemoryStore()
    with endpoint_in_thread() as (url, endpoint):
        embedder(url, store=store).embed(texts(3))
        endpoint.script.dimensions = 100
        with pytest.raises(SynthAssetsError, match=r"of 256 and of 100 numbers.*filter.embedder.revision"):
            embedder(url, store=store).embed(texts(5))


def test_a_refused_key_is_told_by_its_variable_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED_KEY", KEY)
    with endpoint_in_thread(Script(key="another")) as (url, _), pytest.raises(SynthAssetsError) as caught:
        embedder(url, api_key_env="PLANTED_KEY").embed(texts(3))
    assert "PLANTED_KEY, which is set, but the key in it is refused" in str(caught.value)
    assert "in `filter.embedder.api_key_env`" in str(caught.value)
    assert KEY not in str(caught.value)


def test_a_missing_model_is_told_with_those_there_are() -> None:
    with endpoint_in_thread(Script(model="e5")) as (url, _), pytest.raises(SynthAssetsError) as caught:
        embedder(url).embed(texts(3))
    assert "It serves e5; set `filter.embedder.model` to one of them, or give --embedder-model." in str(caught.value)


def test_silence_names_the_embedders_patience() -> None:
    expected = pytest.raises(SynthAssetsError, match=r"overloaded.*`filter.embedder.patience`")
    with endpoint_in_thread(Script(faults={"error": 1.0})) as (url, _), expected:
        embedder(url, patience=1.0).embed(texts(3))


def test_a_url_that_is_none_names_the_setting() -> None:
    with pytest.raises(SynthAssetsError, match=r"`filter.embedder.base_urls` is no URL.*--embedder-url"):
        embedder("host:8000/v1").embed(texts(1))


@pytest.mark.parametrize("field", OURS)
def test_extra_body_may_not_set_what_every_request_sets(field: str) -> None:
    with pytest.raises(SynthAssetsError, match=f"must not set '{field}'"):
        embedder("http://host/v1", extra_body={field: 1})


# Budget


def test_no_text_is_asked_about_that_could_pass_the_budget_and_a_larger_one_goes_on() -> None:
    store = Recorder()
    with endpoint_in_thread() as (url, endpoint):
        with pytest.raises(BudgetReachedError, match="--max-tokens-budget"):
            embedder(url, store=store, limits=Limits(tokens=3_000)).embed(texts(400))
        spent = store.spent()
        assert 0.9 * 3_000 < spent.tokens <= 3_000
        assert len(store.kept) == spent.requests
        made = embedder(url, store=store, limits=Limits(tokens=100_000))
        made.embed(texts(400))
        assert made.found == spent.requests
        assert endpoint.counts.by_fault.total() == endpoint.counts.received
    assert store.spent().tokens == 400 * 9


def test_a_limit_on_money_needs_the_price_of_vectors() -> None:
    limits = Limits(cost=0.01)
    with pytest.raises(SynthAssetsError, match=r"`filter.embedder.price`, 0 where vectors cost nothing"):
        embedder("http://host/v1", limits=limits)
    with endpoint_in_thread() as (url, _):
        with pytest.raises(BudgetReachedError, match="--max-cost"):
            embedder(url, limits=limits, price=10.0).embed(texts(400))
        assert embedder(url, limits=limits, price=0.0).embed(texts(400)).shape == (400, 256)


# Size


def test_more_texts_than_are_looked_up_together_are_embedded_and_counted() -> None:
    count = 2 * LOOKED_UP_TOGETHER + 5
    done: list[int] = []
    with endpoint_in_thread() as (url, _):
        made = EndpointEmbedder(settings(url, batch_size=256), MemoryStore(), advance=done.append)
        assert made.embed(texts(count)).shape == (count, 256)
    assert sum(done) == count
