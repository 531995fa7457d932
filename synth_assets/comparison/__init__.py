"""The methods compared: the errors of their students at equal tokens, and how different their questions are."""
