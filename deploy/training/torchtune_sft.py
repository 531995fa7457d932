"""Supervised fine-tuning with torchtune as an external trainer: launched by `external_runs`, reporting by Pipes.

It runs torchtune's own recipe for one device on the set it is handed, evaluates what that wrote on the held-out
questions, and reports loss and accuracy. Needs torch, torchtune, torchao, transformers and dagster_pipes; see README.md
beside it.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch
from dagster_pipes import open_dagster_pipes
from questions import measured, read_rows, unique_tokens
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).parent


def arguments() -> tuple[argparse.Namespace, list[str]]:
    """The options of a run, and what overrides the configuration (`optimizer.lr=2e-5`)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=1000, help="held-out questions decoded; 0 for the loss alone")
    parser.add_argument("--longest-answer", type=int, default=512, help="tokens decoded of an answer")
    return parser.parse_known_args()


def of_model(folder: Path) -> dict[str, Any]:
    """What the configuration has to know of a checkpoint of Llama, 2 to 3.2. Ends the run for other layouts."""
    config = json.loads((folder / "config.json").read_text())
    rope = config.get("rope_parameters") or {
        "rope_theta": config.get("rope_theta"),
        **(config.get("rope_scaling") or {}),
    }
    if config["model_type"] != "llama" or rope.get("rope_type", "default") not in ("default", "llama3"):
        sys.exit(
            f"{folder} has not the layout of Llama: name its builder as model._component_ and its model_type in "
            "torchtune_sft.yaml, and leave out what of_model fills in."
        )
    tied = config.get("tie_word_embeddings", False)
    files = sorted(path.name for path in folder.glob("*.safetensors"))
    return {
        "model.vocab_size": config["vocab_size"],
        "model.num_layers": config["num_hidden_layers"],
        "model.num_heads": config["num_attention_heads"],
        "model.num_kv_heads": config.get("num_key_value_heads", config["num_attention_heads"]),
        "model.embed_dim": config["hidden_size"],
        "model.max_seq_len": config["max_position_embeddings"],
        "model.intermediate_dim": config["intermediate_size"],
        "model.norm_eps": config["rms_norm_eps"],
        "model.rope_base": int(rope["rope_theta"]),
        "model.scale_factor": int(rope.get("factor", 1)),  # 1 leaves every frequency as it is
        "model.tie_word_embeddings": tied,
        "checkpointer.model_type": "LLAMA3_2" if tied else "LLAMA3",
        "checkpointer.checkpoint_dir": folder,
        "checkpointer.checkpoint_files": json.dumps(files).replace(" ", ""),
        "tokenizer.path": folder,
    }


def train(run: dict[str, Any], overrides: list[str]) -> Path:
    """Run the recipe: the folder of the checkpoint of its last epoch."""
    output = Path(run["output_folder"])
    on_gpu = torch.cuda.is_available()
    filled = {
        **of_model(Path(run["model"])),
        "dataset.file": run["training_file"],
        "output_dir": output,
        "seed": run["seed"],
        "device": "cuda" if on_gpu else "cpu",
        "dtype": "bf16" if on_gpu else "fp32",
    }
    command = [sys.executable, "-m", "torchtune._cli.tune", "run", "full_finetune_single_device"]
    command += ["--config", str(HERE / "torchtune_sft.yaml"), *(f"{name}={value}" for name, value in filled.items())]
    paths = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    ended = subprocess.run([*command, *overrides], check=False, env={**os.environ, "PYTHONPATH": paths})
    if ended.returncode:
        sys.exit(f"torchtune's recipe ended with status {ended.returncode}.")
    return max(output.glob("epoch_*"), key=lambda folder: int(folder.name.rpartition("_")[2]))


def main() -> None:
    """Train, evaluate, report."""
    options, overrides = arguments()
    with open_dagster_pipes() as pipes:
        run = dict(pipes.extras)
        rows, held_out = read_rows(run["training_file"]), read_rows(run["held_out_file"])
        folder = train(run, overrides) if rows else Path(run["model"])
        tokenizer = AutoTokenizer.from_pretrained(run["model"])
        on_gpu = torch.cuda.is_available()
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16 if on_gpu else torch.float32)
        model.to("cuda" if on_gpu else "cpu")
        reported = measured(
            model,
            tokenizer,
            held_out,
            unique_tokens(tokenizer, rows),
            questions=options.questions,
            longest=options.longest_answer,
        )
        pipes.report_custom_message({"observations": reported})


if __name__ == "__main__":
    main()
