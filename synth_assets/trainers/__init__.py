"""Training by whatever the user has: its settings, the runs there are, what it is handed, what it reports."""
