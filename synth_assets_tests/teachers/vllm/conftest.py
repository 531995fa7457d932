from synth_assets_tests.teachers.vllm.tiny_vllm import tiny_vllm, vllm_command

__all__ = ["tiny_vllm", "vllm_command"]
