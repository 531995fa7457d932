"""The students: small Llama-style decoders trained on the synthetic data to measure how it scales (paper section 3)."""
