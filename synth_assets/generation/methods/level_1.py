"""Level 1: questions from one document (paper section 2.2)."""

from synth_assets.generation.methods.on_documents import OnDocuments


class Level1(OnDocuments):
    """Every document, also one without concepts: they are offered as a help only."""

    name = "level_1"
    at_most = 5
