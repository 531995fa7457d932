"""Vectors of texts from any OpenAI-compatible `/v1/embeddings` endpoint, asked and stored as answers are."""
