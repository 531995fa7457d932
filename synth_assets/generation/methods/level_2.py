"""Level 2: questions that combine concepts of one document (paper section 2.2)."""

from synth_assets.generation.methods.on_documents import OnDocuments


class Level2(OnDocuments):
    """Documents with at least two key concepts; each question combines two or three of them."""

    name = "level_2"
    at_most = 5
    least_concepts = 2
