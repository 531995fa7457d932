"""SynthLLM (arXiv 2503.19551) as a Dagster code location: from a corpus to a scaling-law report."""

__version__ = "0.1.0"
