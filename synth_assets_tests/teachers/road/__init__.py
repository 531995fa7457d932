"""Proofs on the whole road: `synth-assets run` as a user runs it, against a scripted endpoint that keeps a log."""
