"""Reading sources and benchmarks, normalising documents, and the domain filter (paper section 2.1)."""
