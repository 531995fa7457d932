"""What the example trainers share: reading what they are handed, measuring a model on held-out questions, reporting.

Needs torch and transformers, and dagster_pipes; nothing of synth_assets, so that it can be copied into an image.
"""

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

Row = dict[str, Any]

_STATED = re.compile(r"\\boxed\{([^{}]*)\}|answer\s+is:?\s*([^\n]*)|^####\s*([^\n]*)", re.IGNORECASE | re.MULTILINE)


def read_rows(path: str) -> list[Row]:
    """The rows of a JSONL file: qa_id, prompt, completion, final_answer, tokens."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def as_chat(row: Row) -> dict[str, list[dict[str, str]]]:
    """A row in the conversational layout of prompt and completion."""
    return {
        "prompt": [{"role": "user", "content": row["prompt"]}],
        "completion": [{"role": "assistant", "content": row["completion"]}],
    }


def as_text(row: Row) -> dict[str, str]:
    """A row for a model without a chat template."""
    return {"prompt": f"{row['prompt']}\n\n", "completion": row["completion"]}


def encoded(tokenizer: PreTrainedTokenizerBase, row: Row) -> tuple[list[int], list[int]]:
    """The token ids of a row's prompt, as the model sees it before it answers, and of its completion with the end."""
    if tokenizer.chat_template:
        prompt = tokenizer.apply_chat_template(
            as_chat(row)["prompt"], add_generation_prompt=True, tokenize=True, return_dict=False
        )
    else:
        prompt = tokenizer(as_text(row)["prompt"])["input_ids"]
    completion = tokenizer(row["completion"], add_special_tokens=False)["input_ids"]
    return list(prompt), [*completion, tokenizer.eos_token_id]


def unique_tokens(tokenizer: PreTrainedTokenizerBase, rows: list[Row]) -> int:
    """D: tokens of the rows in the model's own tokenizer, each row once."""
    return sum(len(prompt) + len(completion) for prompt, completion in (encoded(tokenizer, row) for row in rows))


@torch.inference_mode()
def completion_loss(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, rows: list[Row]) -> float:
    """Mean cross-entropy of the completions' tokens, nats a token. One row at a time: exact whatever the lengths."""
    model.eval()
    total, count = 0.0, 0
    for row in rows:
        prompt, completion = encoded(tokenizer, row)
        tokens = torch.tensor([prompt + completion], device=model.device)
        logits = model(tokens).logits[0, len(prompt) - 1 : -1].float()
        targets = tokens[0, len(prompt) :]
        total += torch.nn.functional.cross_entropy(logits, targets, reduction="sum").item()
        count += len(completion)
    return total / count


@torch.inference_mode()
def exact_match(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, rows: list[Row], longest: int, batch: int = 16
) -> float:
    """The share of rows whose greedily decoded final answer is right."""
    model.eval()
    right = 0
    for start in range(0, len(rows), batch):
        part = rows[start : start + batch]
        prompts = [encoded(tokenizer, row)[0] for row in part]
        width = max(map(len, prompts))
        pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
        tokens = torch.tensor([[pad] * (width - len(prompt)) + prompt for prompt in prompts], device=model.device)
        mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts], device=model.device)
        written = model.generate(tokens, attention_mask=mask, max_new_tokens=longest, do_sample=False, pad_token_id=pad)
        texts = tokenizer.batch_decode(written[:, width:], skip_special_tokens=True)
        right += sum(same(final_answer(text), row["final_answer"]) for text, row in zip(texts, part, strict=True))
    return right / len(rows)


def final_answer(text: str) -> str:
    """The answer a solution states last: boxed, after "the answer is", or after ####."""
    stated = ["".join(groups) for groups in _STATED.findall(text)]
    return (stated[-1] if stated else "").strip().rstrip(".").strip("$ ")


def same(written: str, right: str) -> bool:
    """Whether two final answers are the same text or the same rational number."""
    if "".join(written.split()) == "".join(right.split()):
        return True
    try:
        return Fraction(written.replace(",", "")) == Fraction(right.replace(",", ""))
    except (ValueError, ZeroDivisionError):
        return False


def measured(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    held_out: list[Row],
    trained_on: int,
    *,
    questions: int,
    longest: int,
) -> list[Row]:
    """The rows to report of a model: its loss on all held-out rows, its accuracy on the first `questions`."""
    about = {"parameters": model.num_parameters(), "tokens": trained_on}
    rows = [{**about, "metric": "answer_loss", "value": completion_loss(model, tokenizer, held_out)}]
    if questions:
        share = exact_match(model, tokenizer, held_out[:questions], longest)
        rows.append({**about, "metric": "accuracy", "value": share})
    return rows
