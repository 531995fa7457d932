"""A trainer that needs dagster_pipes alone: it counts what it was given and "measures" by a formula.

Where the file named as its argument is there, it crashes on the larger budgets. Run by `external_runs` in the tests, as
a user's own program would be.
"""

import json
import os
import sys
from pathlib import Path

from dagster_pipes import open_dagster_pipes


def main(crash: Path) -> None:
    with open_dagster_pipes() as pipes:
        told = pipes.extras
        rows = [json.loads(line) for line in Path(told["training_file"]).read_text().splitlines()]
        held_out = [json.loads(line) for line in Path(told["held_out_file"]).read_text().splitlines()]
        assert {"qa_id", "prompt", "completion", "final_answer", "tokens"} <= set(held_out[0])
        assert sum(row["tokens"] for row in rows) == told["tokens"] <= told["budget"]
        Path(told["output_folder"], "variables.json").write_text(json.dumps(sorted(os.environ)))
        print(f"training {told['model']} on {len(rows)} rows")
        loss = 1 + 5 / (1 + told["tokens"]) ** 0.1
        pipes.report_custom_message({"metric": "loss", "value": loss, "parameters": 1000})
        if crash.exists() and told["budget"] > 3000:
            print("CUDA error: out of memory", file=sys.stderr)
            sys.exit(3)
        questions = len(held_out)
        pipes.report_custom_message(
            {"observations": [{"metric": "accuracy", "value": len(rows) / (len(rows) + questions)}, {"value": "n/a"}]}
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
