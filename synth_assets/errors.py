"""The errors a person can act on. Anything else that is raised is a fault of this project."""


class SynthAssetsError(Exception):
    """A problem the user can solve: one sentence naming the file, row or setting, and the way out.

    The command line prints the sentence without a traceback; Dagster shows it as the step's failure.
    """


class PassingFaultError(SynthAssetsError):
    """A problem of something that the work needs, which may pass by itself: the same step may succeed when repeated."""
