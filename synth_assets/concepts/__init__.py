"""From extracted concepts to the concept graph, its walks and their reference documents (paper section 2.2, level 3).

What lives here: name rules, co-occurrence counts, the reduce to one graph, walks, nearest documents and pictures of
the graph. What does not: asking a teacher for concepts (`teachers/`) and storing tables (`lake/`).
"""
