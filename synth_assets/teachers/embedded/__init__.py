"""The embedded teacher: a written lexicon, parameterised problem skills and exact arithmetic; no model, no network."""
