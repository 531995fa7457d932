"""Any OpenAI-compatible endpoint as a teacher: requests, their transport, and what is done when it fails."""
