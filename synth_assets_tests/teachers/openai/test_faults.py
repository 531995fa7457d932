"""What an attempt's failure means: how long to wait, and whether the text is fit to be shown."""

import pytest

from synth_assets.teachers.openai.completion import Completion, MalformedError, read_completion
from synth_assets.teachers.openai.faults import seconds_to_wait
from synth_assets.teachers.openai.redaction import Redaction, credentials, without_password

NOVEMBER = 1_794_787_200.0
"""Monday, 16 November 2026, 00:00 UTC."""


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"retry-after": "Mon, 16 Nov 2026 00:01:30 GMT"}, 90.0),
        ({"retry-after": "Sun, 15 Nov 2026 00:01:30 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after-ms": "many"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after-ms": "inf"}, None),
    ],
)
def test_the_wait_an_endpoint_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_to_wait(headers, NOVEMBER) == seconds


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad Gateway</html>",
        b"[]",
        b'{"choices": []}',
        b'{"choices": null}',
        b'{"choices": [{}]}',
        b'{"error": {"message": "no worker"}}',
        b'{"choices": [{"message": {"content": "cut',
        b'{"choices": [{"message": {"content": 5}}]}',
        b'{"choices": [{"message": {"content": "x"}, "finish_reason": "error"}]}',
        b'{"choices": [{"message": {"content": "\\ud800',
        b"\xff\xfe",
    ],
)
def test_a_body_that_is_no_completion_is_told_from_an_answer(body: bytes) -> None:
    with pytest.raises(MalformedError):
        read_completion(body)


def test_what_a_completion_says() -> None:
    body = (
        b'{"choices": [{"message": {"content": "4\\ud800"}, "finish_reason": "length"}], "usage": {"prompt_tokens": 3}}'
    )
    assert read_completion(body) == Completion("4?", cut_off=True, prompt_tokens=3)
    filtered = b'{"choices": [{"message": {"content": null}, "finish_reason": "content_filter"}], "usage": []}'
    assert read_completion(filtered).declined
    assert read_completion(b'{"choices": [{"message": {"refusal": "I will not."}}]}').declined == "I will not."


def test_keys_and_passwords_are_taken_out_of_texts() -> None:
    redact = Redaction(["sk-planted/key", "pass%20word", "none"])
    said = "Incorrect API key: sk-planted/key (sk-planted%2Fkey), none of pass word or pass%20word"
    assert redact(said) == "Incorrect API key: [redacted] ([redacted]), none of [redacted] or [redacted]"
    assert "planted" not in repr(redact)


def test_a_url_is_shown_without_its_password() -> None:
    url = "https://user:p%40ss@host:8000/v1"
    assert without_password(url) == "https://host:8000/v1"
    assert credentials(url) == ("user", "p@ss")
    assert credentials("https://host:8000/v1") is None
