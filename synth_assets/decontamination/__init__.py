"""Staying clear of benchmarks and of repetition: the stated rules behind the paper's "deduplicated and decontaminated".

What lives here: the normal form, the n-gram rules, the rule for rephrased items, near duplicates, and what survives
them (section 2.3 of the paper names the step and gives no method; ours is stated in each module). What does not: where
benchmarks are read from and how tables are stored (`corpus/`, `lake/`).
"""
