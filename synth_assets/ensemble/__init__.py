"""The same data set made several times: what `synth-assets generators` does.

What lives here: the lakes of the draws, equal students on each, the record and the page. What follows from the figures
is `comparison/generators.py`'s subject.
"""
