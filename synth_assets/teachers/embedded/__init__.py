"""The embedded teacher: answers every task with a written lexicon, parameterised problem skills and exact arithmetic."""
