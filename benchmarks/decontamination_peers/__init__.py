"""What `benchmarks/decontamination.py` measures, each in a process of its own: ours and the peers, on the same texts.

`zipf_texts` draws the texts and plants items in them, `case` is the data in a folder with what is to be found,
`reference` the plain way; `shared_ngrams` and `near_duplicates` hold the peers, `ours` this project, `memory` its
resident set over millions of documents, `environment` the folder of the peers' packages.
"""
