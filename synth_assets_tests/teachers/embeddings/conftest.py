from synth_assets_tests.teachers.vllm.tiny_vllm import vllm_command

__all__ = ["vllm_command"]
