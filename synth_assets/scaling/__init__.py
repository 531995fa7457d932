"""Scaling laws of the students' learning curves: laws, fits, intervals, predictions, plots (paper section 4).

Input are observations (model, tokens, value) as Polars frames; nothing here knows Dagster, the lake or the students.
"""
