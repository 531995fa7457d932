"""What `benchmarks/graph.py` measures, each in a process of its own: ours and the peers beside it, on the same data.

`case` is the data, `edges`, `walks` and `references` the contenders, `road` our stages from tables on disk to walks.
"""
