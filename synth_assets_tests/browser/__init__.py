"""What a person sees, in a real Chromium: the pages of the UI and of the report."""
