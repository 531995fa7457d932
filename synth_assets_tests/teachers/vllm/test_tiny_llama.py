"""The tiny Llama's files: the same each time, and a tokenizer that knows every text."""

from pathlib import Path

from synth_assets_tests.teachers.vllm.tiny_llama import byte_tokenizer, write_tiny_llama


def test_the_same_model_is_written_each_time(tmp_path: Path) -> None:
    first, second = (write_tiny_llama(tmp_path / name) for name in ("first", "second"))
    names = sorted(path.name for path in first.iterdir())
    assert names == ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_a_token_is_a_byte() -> None:
    tokenizer = byte_tokenizer()
    text = 'x² + "√2" = 3\n\tend 🙂'
    encoded = tokenizer.encode(text).ids
    assert len(encoded) == len(text.encode())
    assert tokenizer.decode(encoded) == text
