"""What a run would ask and cost, told before it. Begin at `estimate.py`; the others plan a stage or know a source."""
