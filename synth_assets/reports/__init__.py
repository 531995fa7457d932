"""What people look at: the funnel, the report, the dataset card, the exports, a traced example in words."""
