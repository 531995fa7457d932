"""The road as Dagster assets, one file a stage: read, call one function of a stage room, return its rows.

Read in this order they are the paper's method: corpus, domain, concepts, mistakes, generation, decontamination,
students, external_training, observations, scaling, methods, diversity, mixtures, reports; beside it stand maintenance,
and overview, the page to read first.
`declaration` says what every table asset has in common, `launchpad` and `teaching` how a run is configured, `checks`
what must hold of the rows.
"""
