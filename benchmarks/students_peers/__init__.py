"""Our training loop and a plain PyTorch one, each run in a process of its own by `students.py`."""
