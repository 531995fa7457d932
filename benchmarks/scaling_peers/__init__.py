"""The parts of `benchmarks/scaling.py`: curves, our fits, other ways to fit them, and how often intervals hold."""
