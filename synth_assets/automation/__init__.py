"""Partitions, jobs, schedules and sensors; and the plan by which a whole road is run in one process."""
