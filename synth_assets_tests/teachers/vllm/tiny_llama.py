"""A Llama of two layers with random weights, in the Hugging Face layout: a real model for a real vLLM on a laptop.

What lives here: the weights and the tokenizer, from a fixed seed, with numpy, safetensors and tokenizers alone. What it
writes is noise, but noise that ends. One coordinate of the residual stream is constant, so the output matrix can hold a
frequency for every token; and each token favours one that follows it, along short chains that all lead to a closing
quotation mark and from there to the end token. So strings close after about twenty characters and texts stop, sampled
or greedy alike. JSON whose syntax a server enforces is therefore complete, however random its content.
"""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from string import ascii_letters, digits

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from synth_assets.seeds import seed_of

BEGIN, END = "<s>", "</s>"
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)
LONGEST = 32_768
"""Positions: a token is a byte, so this is also the longest prompt and answer in bytes."""

FREQUENCIES = {
    **dict.fromkeys(ascii_letters, 0.02),  # syntax keeps them to the strings, which are words therefore
    **dict.fromkeys(digits, 0.01),
    **dict.fromkeys(",:[{", 0.01),
    **dict.fromkeys("]}", 0.012),  # above the comma: a greedy list ends as soon as it may
    **dict.fromkeys("-+.\\", 0.002),
    '"': 0.05,
    " ": 0.003,  # below all that may stand in its place: no endless white space between the parts of JSON
    END: 0.02,
}
RARE = 1e-6
"""Frequency of everything else, control characters and bytes beyond ASCII among them."""

CHAIN = 13
"""Letters in a row before the closing quotation mark, by preference."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """Sizes of the model."""

    hidden: int = 64
    inner: int = 128
    layers: int = 2
    heads: int = 2  # of 32: the least head that the attention of vLLM on CPU takes


def write_tiny_llama(folder: Path, shape: Shape = Shape()) -> Path:
    """Write config.json, model.safetensors and the tokenizer's files to `folder`, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = byte_tokenizer()
    save_file(_weights(tokenizer, shape), folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(folder / "config.json", _config(tokenizer, shape))
    _write_json(folder / "tokenizer_config.json", TOKENIZER_CONFIG)
    return folder


def byte_tokenizer() -> Tokenizer:
    """A token for each byte, and the markers of beginning and end."""
    names = [BEGIN, END, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE(vocab={name: place for place, name in enumerate(names)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([BEGIN, END])
    return tokenizer


def _weights(tokenizer: Tokenizer, shape: Shape) -> dict[str, Matrix]:
    random = np.random.default_rng(seed_of("tiny llama"))

    def matrix(rows: int, columns: int, scale: float) -> Matrix:
        return random.normal(0.0, scale, (rows, columns)).astype(np.float32)

    embedding = matrix(tokenizer.get_vocab_size(), shape.hidden, 0.5)
    embedding[:, 0] = np.sqrt(shape.hidden) / 2  # the constant coordinate, as long as all the others together
    weights = {
        "model.embed_tokens.weight": embedding,
        "model.norm.weight": np.ones(shape.hidden, dtype=np.float32),
        "lm_head.weight": _output(tokenizer, embedding),
    }
    for number in range(shape.layers):
        name = f"model.layers.{number}"
        for norm in ("input_layernorm", "post_attention_layernorm"):
            weights[f"{name}.{norm}.weight"] = np.ones(shape.hidden, dtype=np.float32)
        for part in ("q_proj", "k_proj", "v_proj"):
            weights[f"{name}.self_attn.{part}.weight"] = matrix(shape.hidden, shape.hidden, 0.1)
        for part in ("gate_proj", "up_proj"):
            weights[f"{name}.mlp.{part}.weight"] = matrix(shape.inner, shape.hidden, 0.1)
        for part, inputs in (("self_attn.o_proj", shape.hidden), ("mlp.down_proj", shape.inner)):
            written = matrix(shape.hidden, inputs, 0.03)
            written[0] = 0.0  # nothing is ever added to the constant coordinate
            weights[f"{name}.{part}.weight"] = written
    return weights


def _output(tokenizer: Tokenizer, embedding: Matrix) -> Matrix:
    """The output matrix: each token's log frequency in the constant coordinate, and what it likes to follow."""
    after_norm = np.sqrt(embedding.shape[1] / 2)  # length of the constant part, and of the rest, after the last norm
    output = np.zeros_like(embedding)
    output[:, 0] = np.log(RARE) / after_norm
    for character, frequency in FREQUENCIES.items():
        output[_token(tokenizer, character), 0] = np.log(frequency) / after_norm
    for token, following in _followers(tokenizer).items():
        direction = embedding[token, 1:] / np.linalg.norm(embedding[token, 1:])
        output[following, 1:] += 3.0 / after_norm * direction
    return output


def _followers(tokenizer: Tokenizer) -> dict[int, int]:
    """Which token each likes before it: chains of letters that end in a quotation mark, and that in the end token."""
    letters = np.random.default_rng(seed_of("tiny llama", "chains")).permutation(list(ascii_letters))
    chains = [[*letters[start : start + CHAIN], '"'] for start in range(0, len(letters), CHAIN)]
    pairs = [pair for chain in chains for pair in pairwise(chain)]
    pairs += [(digit, ",") for digit in digits] + [(" ", '"'), ('"', END)]
    return {_token(tokenizer, first): _token(tokenizer, second) for first, second in pairs}


def _token(tokenizer: Tokenizer, text: str) -> int:
    (token,) = tokenizer.encode(text, add_special_tokens=False).ids
    return int(token)


def _config(tokenizer: Tokenizer, shape: Shape) -> dict[str, object]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": tokenizer.get_vocab_size(),
        "hidden_size": shape.hidden,
        "intermediate_size": shape.inner,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.heads,
        "max_position_embeddings": LONGEST,
        "hidden_act": "silu",
        "rms_norm_eps": 1e-6,
        "rope_theta": 10_000.0,
        "tie_word_embeddings": False,
        "bos_token_id": tokenizer.token_to_id(BEGIN),
        "eos_token_id": tokenizer.token_to_id(END),
        "torch_dtype": "float32",
    }


TOKENIZER_CONFIG: dict[str, object] = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "bos_token": BEGIN,
    "eos_token": END,
    "model_max_length": LONGEST,
    "clean_up_tokenization_spaces": False,
    "chat_template": CHAT_TEMPLATE,
}


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
