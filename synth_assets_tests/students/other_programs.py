"""Greedy tokens of a checkpoint by transformers, or by vLLM: run in the environment of vLLM, not in this project's.

`python other_programs.py transformers|vllm FOLDER PROMPTS STEPS ANSWERS`: from lists of token ids in the JSON file
PROMPTS to ANSWERS, the tokens written after each.
"""

import json
import sys
from pathlib import Path


def by_transformers(folder: str, prompts: list[list[int]], steps: int) -> list[list[int]]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    written = []
    for prompt in prompts:
        ids = torch.tensor([prompt])
        whole = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=steps, do_sample=False)
        written.append(whole[0, len(prompt) :].tolist())
    assert tokenizer.eos_token_id == model.config.eos_token_id
    return written


def by_vllm(folder: str, prompts: list[list[int]], steps: int) -> list[list[int]]:
    from vllm import LLM, SamplingParams

    model = LLM(folder, dtype="float32", enforce_eager=True)
    how = SamplingParams(temperature=0, max_tokens=steps)
    answers = model.generate([{"prompt_token_ids": prompt} for prompt in prompts], how)
    return [list(answer.outputs[0].token_ids) for answer in answers]


if __name__ == "__main__":
    program, folder, prompts, steps, answers = sys.argv[1:]
    decode = {"transformers": by_transformers, "vllm": by_vllm}[program]
    written = decode(folder, json.loads(Path(prompts).read_text()), int(steps))
    Path(answers).write_text(json.dumps(written))
