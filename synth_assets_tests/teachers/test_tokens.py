"""Counting tokens with real tokenizers of a few words, in the layout of Hugging Face."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.prompting import messages
from synth_assets.teachers.tokens import most_tokens, token_counter
from synth_assets_tests.teachers.examples import every_task

CHAT = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "How many gears?"}]
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}\n"
    "    {% if message.role == 'tool' %}{{ raise_exception('no tools') }}{% endif %}\n"
    "<|{{ message.role }}|>{{ message.content }}<|end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
RENDERED = "<s>\n<|system|>Be short.<|end|>\n<|user|>How many gears?<|end|>\n<|assistant|>"


@pytest.fixture
def folder(tmp_path):
    """A byte-level tokenizer trained on a few sentences; each special token is one token."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    specials = ["<s>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=specials, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(["How many gears turn?", "Be short and be right."] * 5, trainer)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def configure(folder, template, **settings):
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"chat_template": template, "bos_token": {"content": "<s>"}, "eos_token": None, **settings})
    )
    return token_counter(str(folder))


def plain(folder) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def test_a_folder_with_a_chat_template_counts_exactly(folder):
    counter = configure(folder, TEMPLATE)
    assert counter.exact
    assert counter.prompt(CHAT) == len(plain(folder).encode(RENDERED.replace("<s>\n", "<s>"), add_special_tokens=False))
    assert counter.text("How many gears?") == len(plain(folder).encode("How many gears?").ids)


def test_the_file_inside_such_a_folder_counts_exactly_too(folder):
    exact = configure(folder, TEMPLATE)
    assert token_counter(str(folder / "tokenizer.json")).prompt(CHAT) == exact.prompt(CHAT)


def test_a_template_file_goes_before_the_one_in_the_settings(folder):
    (folder / "chat_template.jinja").write_text("{{ messages[0].content }}")
    counter = configure(folder, TEMPLATE)
    assert counter.prompt(CHAT) == counter.text("Be short.")


def test_of_several_templates_the_default_is_taken(folder):
    several = [{"name": "tool_use", "template": "tools"}, {"name": "default", "template": "{{ messages[1].content }}"}]
    counter = configure(folder, several)
    assert counter.prompt(CHAT) == counter.text("How many gears?")


def test_templates_have_what_transformers_gives_them(folder):
    template = (
        "{% for m in messages %}{% if loop.first %}{% continue %}{% endif %}"
        "{% generation %}{{ m | tojson }}{% endgeneration %}{% endfor %}{{ strftime_now('%Y') | length }}{{ tools }}"
    )
    counter = configure(folder, template)
    assert counter.prompt(CHAT) == counter.text('{"role": "user", "content": "How many gears?"}4None')


def test_a_template_cannot_leave_its_sandbox(folder):
    counter = configure(folder, "{{ messages.__class__.__mro__ }}{{ messages.append(1) }}")
    with pytest.raises(SynthAssetsError, match="chat template"):
        counter.prompt(CHAT)


def test_a_template_that_refuses_system_messages_is_named(folder):
    counter = configure(folder, "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}")
    with pytest.raises(SynthAssetsError, match="refuses a chat with a system message: no system"):
        counter.prompt(CHAT)
    with pytest.raises(SynthAssetsError, match="has an error"):
        configure(folder, "{% for %}")


def test_without_a_chat_template_messages_cost_four_tokens_more_and_it_is_no_exact_count(folder):
    counter = token_counter(str(folder / "tokenizer.json"))
    assert not counter.exact
    texts = sum(counter.text(message["content"]) for message in CHAT)
    assert counter.prompt(CHAT) == texts + 4 * 2 + 4


@pytest.mark.parametrize("settings", ["{", "[]"])
def test_broken_settings_are_named_or_left_aside(folder, settings):
    (folder / "tokenizer_config.json").write_text(settings)
    if settings == "[]":
        assert not token_counter(str(folder)).exact
    else:
        with pytest.raises(SynthAssetsError, match=r"tokenizer_config\.json is no valid JSON"):
            token_counter(str(folder))


def test_what_is_no_tokenizer_is_said_plainly(tmp_path):
    with pytest.raises(SynthAssetsError, match=r"has no tokenizer\.json"):
        token_counter(str(tmp_path))
    for name in ("org/some-model", "nowhere", "a/b/c/d", "/no/such/folder", ".."):
        with pytest.raises(SynthAssetsError, match="tokenizer"):
            token_counter(name)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(SynthAssetsError, match="cannot be read as a tokenizer"):
        token_counter(str(tmp_path))


def test_without_a_tokenizer_tokens_are_counted_by_rule_of_thumb():
    counter = token_counter("")
    assert not counter.exact
    assert counter.text("abcd" * 100) == 100
    assert counter.text("\u6c34" * 100) == 100
    assert counter.text("\u0436" * 100) == 50
    assert counter.text("") == 0
    assert counter.prompt(CHAT) == counter.text("Be short.") + counter.text("How many gears?") + 12


@given(st.text())
def test_the_bound_is_above_the_rule_of_thumb_and_grows_with_the_text(text):
    chat = [{"role": "user", "content": text}]
    assert most_tokens(chat) >= token_counter("").prompt(chat)
    assert most_tokens(chat) >= len(text.encode("utf-8", "surrogatepass"))
    assert most_tokens([{"role": "user", "content": text + "1"}]) > most_tokens(chat)


def test_single_digits_and_marks_are_within_the_bound():
    assert most_tokens([{"role": "user", "content": "3.14159" * 1_000}]) > 7_000


def test_the_bound_covers_every_prompt():
    counter = token_counter("")
    for task in every_task("A gear with 20 teeth drives one with 60 teeth. " * 50):
        chat = messages(task, 24_000)
        assert counter.prompt(chat) < most_tokens(chat) < 6 * counter.prompt(chat)
