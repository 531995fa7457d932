"""Checkpoints in the Hugging Face Llama layout, which transformers and vLLM load: written aside, then renamed.

What lives here: names, shapes and files. Matrices of this project are applied as `x @ matrix`, those of the layout as
`matrix @ x`, hence the transposes; the rotary halves are paired alike in both.
"""

import json
import shutil
import tempfile
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from synth_assets.errors import SynthAssetsError
from synth_assets.students.encoded import replace_folder
from synth_assets.students.model import NORM_EPSILON, ROTARY_BASE, Decoder, Layers
from synth_assets.students.tokenizer import ANSWER, BEGIN, BEGIN_ID, END, END_ID, PAD, PAD_ID

Weights = dict[str, NDArray[np.float32]]

_CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{{ message['content'] }}"
    "{% if message['role'] == 'user' %}" + ANSWER + "{% else %}{{ eos_token }}{% endif %}{% endfor %}"
)


def write_checkpoint(folder: Path, student: Decoder, tokenizer_json: str, longest_row: int) -> None:
    """Write config.json, model.safetensors, tokenizer.json and tokenizer_config.json to `folder`, all or nothing.

    A checkpoint already there is replaced. `longest_row` is the number of positions the student was trained on.
    Raises SynthAssetsError where the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        message = f"Cannot write the checkpoint {folder}: {error.strerror}; name another folder."
        raise SynthAssetsError(message) from error
    try:
        save_file(_weights_of(student), aside / "model.safetensors", metadata={"format": "pt"})
        _write_json(aside / "config.json", _config_of(student, longest_row))
        (aside / "tokenizer.json").write_text(tokenizer_json, encoding="utf-8")
        _write_json(aside / "tokenizer_config.json", _tokenizer_config(longest_row))
        aside.chmod(0o755)
        replace_folder(folder, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def read_checkpoint(folder: Path) -> tuple[Decoder, str]:
    """The student and its tokenizer's JSON. Raises SynthAssetsError for a folder that holds no whole checkpoint."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        tokenizer_json = (folder / "tokenizer.json").read_text(encoding="utf-8")
        weights = load_file(folder / "model.safetensors")
        student = _student_of(weights, config["num_hidden_layers"], config["num_attention_heads"])
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise SynthAssetsError(f"{folder} is not a student's checkpoint ({error}): write it again.") from error
    return student, tokenizer_json


def _weights_of(student: Decoder) -> Weights:
    layers = student.layers
    weights = {"model.embed_tokens.weight": student.embedding, "model.norm.weight": student.final_norm}
    for number in range(student.depth):
        name = f"model.layers.{number}"
        query, key, value = jnp.split(layers.query_key_value[number], 3, axis=1)
        gate, up = jnp.split(layers.gate_up[number], 2, axis=1)
        weights |= {
            f"{name}.input_layernorm.weight": layers.attention_norm[number],
            f"{name}.self_attn.q_proj.weight": query.T,
            f"{name}.self_attn.k_proj.weight": key.T,
            f"{name}.self_attn.v_proj.weight": value.T,
            f"{name}.self_attn.o_proj.weight": layers.attention_output[number].T,
            f"{name}.post_attention_layernorm.weight": layers.feed_norm[number],
            f"{name}.mlp.gate_proj.weight": gate.T,
            f"{name}.mlp.up_proj.weight": up.T,
            f"{name}.mlp.down_proj.weight": layers.down[number].T,
        }
    # safetensors writes the memory as it lies: a transposed view would be written untransposed.
    return {name: np.ascontiguousarray(weight, dtype=np.float32) for name, weight in weights.items()}


def _student_of(weights: Weights, depth: int, heads: int) -> Decoder:
    def stacked(*names: str) -> jnp.ndarray:
        """The matrices of those names, side by side, over all layers."""
        per_layer = [
            np.concatenate([weights[f"model.layers.{number}.{name}.weight"].T for name in names], axis=-1)
            for number in range(depth)
        ]
        return jnp.asarray(np.stack(per_layer))

    layers = Layers(
        attention_norm=stacked("input_layernorm"),
        query_key_value=stacked("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
        attention_output=stacked("self_attn.o_proj"),
        feed_norm=stacked("post_attention_layernorm"),
        gate_up=stacked("mlp.gate_proj", "mlp.up_proj"),
        down=stacked("mlp.down_proj"),
    )
    embedding = jnp.asarray(weights["model.embed_tokens.weight"])
    return Decoder(embedding, layers, jnp.asarray(weights["model.norm.weight"]), heads)


def _config_of(student: Decoder, longest_row: int) -> dict[str, object]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": student.embedding.shape[0],
        "hidden_size": student.width,
        "intermediate_size": student.layers.down.shape[1],
        "num_hidden_layers": student.depth,
        "num_attention_heads": student.heads,
        "num_key_value_heads": student.heads,
        "head_dim": student.width // student.heads,
        "max_position_embeddings": longest_row,
        "hidden_act": "silu",
        "rms_norm_eps": NORM_EPSILON,
        "rope_theta": ROTARY_BASE,
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "bos_token_id": BEGIN_ID,
        "eos_token_id": END_ID,
        "pad_token_id": PAD_ID,
        "torch_dtype": "float32",
    }


def _tokenizer_config(longest_row: int) -> dict[str, object]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": BEGIN,
        "eos_token": END,
        "pad_token": PAD,
        "additional_special_tokens": [ANSWER],
        "model_max_length": longest_row,
        "clean_up_tokenization_spaces": False,
        "chat_template": _CHAT_TEMPLATE,
    }


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
