"""The project's own scaling experiment: its data set, its plan of runs, running them in slices, and its report.

It stands beside the road, not on it: nothing here knows Dagster or the lake. It takes the embedded teacher's skills,
the sample corpus, the concept graph's walks, the students and the scaling laws, and needs no network. `study_cli.py` is
its command. Results are a folder of plain files: `observations.csv`, `scores.csv`, `report.md` and pictures.
"""
