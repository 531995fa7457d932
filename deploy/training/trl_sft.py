"""Supervised fine-tuning with TRL as an external trainer: launched by the asset `external_runs`, reporting by Pipes.

It trains the model named in the settings on the set it is handed, evaluates it on the held-out questions, and reports
loss and accuracy. Needs torch, trl and dagster_pipes; see README.md beside it.
"""

import argparse

import torch
from dagster_pipes import open_dagster_pipes
from datasets import Dataset
from questions import as_chat, as_text, measured, read_rows, unique_tokens
from transformers import AutoModelForCausalLM, AutoTokenizer, set_seed
from trl import SFTConfig, SFTTrainer


def arguments() -> argparse.Namespace:
    """The options of a run; model, data, budget and seed come from the Pipes context."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--learning-rate", type=float, default=1e-5)
    parser.add_argument("--batch-size", type=int, default=8, help="rows of a step on one device")
    parser.add_argument("--accumulate", type=int, default=1, help="steps whose gradients are added up")
    parser.add_argument("--max-length", type=int, default=2048, help="tokens of the longest row")
    parser.add_argument("--questions", type=int, default=1000, help="held-out questions decoded; 0 for the loss alone")
    parser.add_argument("--longest-answer", type=int, default=512, help="tokens decoded of an answer")
    parser.add_argument("--save", action="store_true", help="keep the trained model in the output folder")
    return parser.parse_args()


def main() -> None:
    """Train, evaluate, report."""
    options = arguments()
    with open_dagster_pipes() as pipes:
        run = pipes.extras
        set_seed(run["seed"])
        rows, held_out = read_rows(run["training_file"]), read_rows(run["held_out_file"])
        on_gpu = torch.cuda.is_available()
        tokenizer = AutoTokenizer.from_pretrained(run["model"])
        model = AutoModelForCausalLM.from_pretrained(run["model"], dtype=torch.bfloat16 if on_gpu else torch.float32)
        model.to("cuda" if on_gpu else "cpu")
        if rows:
            layout = as_chat if tokenizer.chat_template else as_text
            trainer = SFTTrainer(
                model=model,
                processing_class=tokenizer,
                train_dataset=Dataset.from_list([layout(row) for row in rows]),
                args=SFTConfig(
                    output_dir=run["output_folder"],
                    num_train_epochs=options.epochs,
                    learning_rate=options.learning_rate,
                    lr_scheduler_type="cosine",
                    warmup_steps=0.03,  # a share of all steps
                    per_device_train_batch_size=options.batch_size,
                    gradient_accumulation_steps=options.accumulate,
                    max_length=options.max_length,
                    completion_only_loss=True,
                    bf16=on_gpu,
                    use_cpu=not on_gpu,
                    seed=run["seed"],
                    save_strategy="no",
                    report_to="none",
                    disable_tqdm=True,
                ),
            )
            trainer.train()
            if options.save:
                trainer.save_model(run["output_folder"])
        trained_on = unique_tokens(tokenizer, rows)
        pipes.log.info(f"trained on {len(rows)} rows, {trained_on} tokens of this model's tokenizer")
        reported = measured(
            model, tokenizer, held_out, trained_on, questions=options.questions, longest=options.longest_answer
        )
        pipes.report_custom_message({"observations": reported})


if __name__ == "__main__":
    main()
