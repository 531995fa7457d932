"""Who is measured in each part, the peers first and ours last.

Run with a part, prints a line of JSON: the name of each and whether it needs the peers' packages.
"""

import json
import sys
from functools import partial
from typing import Any, TypeVar

from racing import Contender

from decontamination_peers import near_duplicates, ours, shared_ngrams
from decontamination_peers.case import Case, Part

Given = TypeVar("Given")


def _nothing(given: Given) -> Given:
    """Built is what is given."""
    return given


strings, columns, by_document = shared_ngrams.strings, shared_ngrams.columns, shared_ngrams.judge_documents
plain_rule, two_rungs, ladder = (
    partial(ours.build_index, ladder=rules) for rules in (ours.PLAIN_RULE, ours.TWO_RUNGS, ours.LADDER)
)

CONTENDERS: dict[Part, tuple[Contender[Case, Any, Any, Any], ...]] = {
    Part.NGRAMS: (
        Contender("Python sets", strings, shared_ngrams.build_sets, shared_ngrams.python_sets, by_document),
        Contender(
            "lm-eval's janitor",
            strings,
            shared_ngrams.build_janitor,
            shared_ngrams.janitor_cleaning,
            by_document,
            sample=10_000,
            needs_peers=True,
        ),
        Contender(
            "datatrove's filter",
            strings,
            shared_ngrams.build_datatrove,
            shared_ngrams.datatrove_filter,
            by_document,
            sample=4_000,
            needs_peers=True,
        ),
        Contender(
            "datatrove's filter, a process a core",
            strings,
            shared_ngrams.build_datatrove_workers,
            shared_ngrams.datatrove_workers,
            by_document,
            sample=8_000,
            needs_peers=True,
        ),
        Contender("DuckDB SQL", columns, shared_ngrams.build_duckdb, shared_ngrams.duckdb_join, by_document),
        Contender("Polars expression", columns, shared_ngrams.build_keys, shared_ngrams.polars_expression, by_document),
        Contender("synth-assets, rungs 1 and 2 whole", columns, two_rungs, ours.scan, ours.judge_two_rungs),
        Contender("synth-assets", columns, plain_rule, ours.scan, ours.judge_plain_rule),
    ),
    Part.DUPLICATES: (
        Contender(
            "datasketch",
            near_duplicates.strings,
            _nothing,
            near_duplicates.datasketch_pairs,
            near_duplicates.judge_pairs,
            needs_peers=True,
        ),
        Contender(
            "rensa, Polars shingles",
            near_duplicates.column,
            _nothing,
            near_duplicates.rensa_flags,
            near_duplicates.judge_flags,
            needs_peers=True,
        ),
        Contender("synth-assets", ours.qa_pairs, _nothing, ours.our_pairs, near_duplicates.judge_pairs),
    ),
    Part.QUESTIONS: (Contender("synth-assets", ours.question_columns, ladder, ours.scan, ours.judge_ladder),),
}

if __name__ == "__main__":
    print(json.dumps([[contender.name, contender.needs_peers] for contender in CONTENDERS[Part(sys.argv[1])]]))
