"""The two components that torchtune_sft.yaml names: the model's own tokenizer, and the rows as that tokenizer has them.

So a row is the same tokens in training as in the evaluation, whatever the model's template.
"""

from collections.abc import Mapping

from questions import encoded, read_rows
from torch.utils.data import Dataset
from transformers import AutoTokenizer

IGNORED = -100
"""The label of tokens that are not learnt: those of the prompt."""


class ModelTokenizer:
    """The tokenizer of a Hugging Face checkpoint. `pad_id` is what torchtune fills batches with."""

    def __init__(self, path: str, max_seq_len: int) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(path)
        self.max_seq_len = max_seq_len
        pad = self.tokenizer.pad_token_id
        self.pad_id = self.tokenizer.eos_token_id if pad is None else pad


class PromptCompletion(Dataset[Mapping[str, list[int]]]):
    """The rows of a JSONL file as `tokens` and `labels`, cut at the tokenizer's longest row."""

    def __init__(self, tokenizer: ModelTokenizer, file: str) -> None:
        self._rows = [encoded(tokenizer.tokenizer, row) for row in read_rows(file)]
        self._longest = tokenizer.max_seq_len

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> Mapping[str, list[int]]:
        prompt, completion = self._rows[place]
        tokens = [*prompt, *completion][: self._longest]
        labels = [*[IGNORED] * len(prompt), *completion][: self._longest]
        return {"tokens": tokens, "labels": labels}
