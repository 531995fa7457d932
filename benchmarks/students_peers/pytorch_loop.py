"""A plain PyTorch training loop of the same model: `python pytorch_loop.py FOLDER TURNS THREADS`.

As its users write it: modules, fused AdamW, `scaled_dot_product_attention` with the mask of the packed rows, losses of
the questions ignored. It runs where PyTorch is, which is not this project's environment, and imports nothing of it.
Prints a line of JSON: seconds of each turn over all steps, and the loss of the first step.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

IGNORED = -100


class Attention(nn.Module):
    """Self-attention with rotary positions."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.o_proj = (nn.Linear(width, width, bias=False) for _ in range(4))

    def forward(self, hidden, cosine, sine, mask):
        batch, places, width = hidden.shape
        query, key, value = (
            projection(hidden).view(batch, places, self.heads, -1).transpose(1, 2)
            for projection in (self.q_proj, self.k_proj, self.v_proj)
        )
        query, key = rotated(query, cosine, sine), rotated(key, cosine, sine)
        context = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self.o_proj(context.transpose(1, 2).reshape(batch, places, width))


class Feed(nn.Module):
    """SwiGLU."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.gate_proj, self.up_proj = nn.Linear(width, inner, bias=False), nn.Linear(width, inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, hidden):
        return self.down_proj(functional.silu(self.gate_proj(hidden)) * self.up_proj(hidden))


class Layer(nn.Module):
    """A decoder layer."""

    def __init__(self, width: int, heads: int, inner: int, epsilon: float) -> None:
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = (nn.RMSNorm(width, eps=epsilon) for _ in range(2))
        self.self_attn, self.mlp = Attention(width, heads), Feed(width, inner)

    def forward(self, hidden, cosine, sine, mask):
        hidden = hidden + self.self_attn(self.input_layernorm(hidden), cosine, sine, mask)
        return hidden + self.mlp(self.post_attention_layernorm(hidden))


class Student(nn.Module):
    """The decoder, under the names of the Llama layout."""

    def __init__(self, config: dict) -> None:
        super().__init__()
        width, epsilon = config["hidden_size"], config["rms_norm_eps"]
        self.head_width, self.base = config["head_dim"], config["rope_theta"]
        self.embed_tokens = nn.Embedding(config["vocab_size"], width)
        self.layers = nn.ModuleList(
            Layer(width, config["num_attention_heads"], config["intermediate_size"], epsilon)
            for _ in range(config["num_hidden_layers"])
        )
        self.norm = nn.RMSNorm(width, eps=epsilon)

    def forward(self, tokens, segments, positions):
        places = tokens.shape[1]
        earlier = torch.ones(places, places, dtype=torch.bool, device=tokens.device).tril()
        mask = ((segments[:, :, None] == segments[:, None, :]) & earlier)[:, None]
        halves = torch.arange(0, self.head_width, 2, device=tokens.device) / self.head_width
        angles = positions[:, None, :, None] * self.base**-halves
        hidden = self.embed_tokens(tokens)
        for layer in self.layers:
            hidden = layer(hidden, angles.cos(), angles.sin(), mask)
        return self.norm(hidden) @ self.embed_tokens.weight.T


def rotated(heads, cosine, sine):
    """Rotary positions, halves paired."""
    first, second = heads.chunk(2, dim=-1)
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)


def main(folder: Path, turns: int, threads: int) -> None:
    """Train on all steps once a turn, after one step to warm up."""
    torch.set_num_threads(threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    student = Student(json.loads((folder / "student" / "config.json").read_text())).to(device)
    weights = load_file(folder / "student" / "model.safetensors")
    student.load_state_dict({name.removeprefix("model."): weight for name, weight in weights.items()})
    optimiser = torch.optim.AdamW(student.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.01, fused=True)
    arrays = np.load(folder / "batches.npz")
    wanted = np.where(arrays["weights"] == 1, arrays["targets"], IGNORED)
    steps = [
        [torch.from_numpy(array.astype(np.int64)).to(device) for array in step]
        for step in zip(arrays["tokens"], arrays["segments"], arrays["positions"], wanted, strict=True)
    ]

    def take(step):
        tokens, segments, positions, targets = step
        logits = student(tokens, segments, positions)
        loss = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step()
        return loss.detach()

    first = float(take(steps[0]))
    seconds = []
    for _ in range(turns):
        began = time.perf_counter()
        for step in steps:
            loss = take(step)
        float(loss)
        seconds.append(time.perf_counter() - began)
    print(json.dumps({"seconds": seconds, "loss": first}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
