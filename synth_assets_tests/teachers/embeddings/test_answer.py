"""What is read of an embeddings endpoint's answer, and what is not taken for vectors."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from synth_assets.teachers.embeddings.answer import UnusableVectorsError, read_embeddings
from synth_assets.teachers.embeddings.charges import charged, most_tokens
from synth_assets.teachers.embeddings.task import decoded, encoded
from synth_assets.teachers.openai.completion import MalformedError
from synth_assets.teachers.tokens import ApproximateCounter

VECTORS = arrays(np.float32, st.tuples(st.integers(1, 5), st.integers(1, 9)), elements=st.floats(-9, 9, width=32))


def body(*data: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"object": "list", "data": data, **more}).encode()


def data_of(vectors: Any, base64: bool) -> list[dict[str, Any]]:
    return [
        {"index": place, "embedding": encoded(vector) if base64 else [float(number) for number in vector]}
        for place, vector in enumerate(vectors)
    ]


@given(vectors=VECTORS, base64=st.booleans(), order=st.randoms())
def test_vectors_come_out_in_the_order_of_the_texts_however_they_travel(vectors: Any, base64: bool, order: Any) -> None:
    data = data_of(vectors, base64)
    order.shuffle(data)
    answer = read_embeddings(body(*data, usage={"prompt_tokens": 3, "total_tokens": 3}), len(vectors))
    assert np.array_equal(answer.vectors, vectors)
    assert answer.vectors.dtype == np.float32
    assert answer.prompt_tokens == 3


def test_vectors_without_an_index_are_taken_in_their_order() -> None:
    answer = read_embeddings(body({"embedding": [1.0]}, {"embedding": [2.0]}), 2)
    assert answer.vectors.tolist() == [[1.0], [2.0]]


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": None}, {"prompt_tokens": "7"}, {"prompt_tokens": True}])
def test_no_count_of_tokens_is_no_fault(usage: Any) -> None:
    assert read_embeddings(body({"embedding": [1.0]}, usage=usage), 1).prompt_tokens is None


def test_a_total_alone_is_the_count() -> None:
    assert read_embeddings(body({"embedding": [1.0]}, usage={"total_tokens": 7}), 1).prompt_tokens == 7


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ([{"embedding": [1.0]}], "1 vectors for 2 texts"),
        ([{"embedding": [1.0]}] * 3, "3 vectors for 2 texts"),
        ([{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [1.0]}], "indexes"),
        ([{"embedding": [1.0]}, {"embedding": [1.0, 2.0]}], "1 and 2 numbers"),
        ([{"embedding": []}, {"embedding": []}], "0 numbers"),
        ([{"embedding": [1.0]}, {"embedding": [None]}], "data.1.embedding"),
        ([{"embedding": [1.0]}, {"embedding": [float("nan")]}], "not finite"),
        ([{"embedding": [1.0]}, {"embedding": [1e300]}], "not finite"),
        ([{"embedding": encoded(np.ones(2, np.float32))}, {"embedding": "?"}], "base64"),
        ([{"embedding": encoded(np.ones(2, np.float32))}, {"embedding": "YWJj"}], "base64"),
    ],
)
def test_vectors_that_are_not_those_of_the_texts_are_told(data: list[dict[str, Any]], why: str) -> None:
    with pytest.raises(UnusableVectorsError, match=why):
        read_embeddings(body(*data), 2)


@pytest.mark.parametrize(
    "content", [b"", b"<html>", body({"embedding": [1.0]})[:-9], b"{}", body(), b'{"error": {"message": "overloaded"}}']
)
def test_what_is_no_answer_is_another_fault(content: bytes) -> None:
    with pytest.raises(MalformedError):
        read_embeddings(content, 1)


@given(vectors=VECTORS)
def test_a_vector_kept_as_text_is_the_same(vectors: Any) -> None:
    assert all(np.array_equal(decoded(encoded(vector)), vector) for vector in vectors)


@given(texts=st.lists(st.text(), min_size=1, max_size=8), share=st.floats(0, 1, exclude_min=True))
def test_the_tokens_of_a_batch_are_shared_out_to_the_last(texts: list[str], share: float) -> None:
    told = max(1, int(share * sum(map(most_tokens, texts))))
    shares, counted = charged(told, texts, ApproximateCounter())
    assert counted
    assert sum(shares) == told
    assert min(shares) >= 0


@pytest.mark.parametrize("told", [None, 0, -4, 10**9])
def test_where_none_are_told_or_too_many_they_are_counted_here(told: int | None) -> None:
    shares, counted = charged(told, ["four words are here", ""], ApproximateCounter())
    assert not counted
    assert shares == [5, 1]
