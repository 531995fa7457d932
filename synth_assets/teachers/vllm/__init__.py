"""A `vllm serve` that the run starts, watches and stops. vLLM itself is never imported here: it is another program."""
