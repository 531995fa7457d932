"""One `synth-assets run` a lake at a time, over all machines that share its catalogue.

What does not live here: the same on one machine, which is a lock file (`automation/killed_runs.py`), and how commits
wait for each other (`commits.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.connections import postgres_parameters
from synth_assets.lake.settings import LakeSettings
from synth_assets.seeds import seed_of

RUN_KEY = seed_of("synth_assets lake runs")
"""Key of the advisory lock. A database holds one lake, so one key serves."""


@contextmanager
def only_run_anywhere(settings: LakeSettings) -> Iterator[None]:
    """Hold the lake's lock of runs in its PostgreSQL catalogue; nothing where the catalogue is a file.

    A second run would mark the first one's as killed, since it cannot see its process. Raises SynthAssetsError where
    another machine holds it. The database frees it when its holder dies.
    """
    if settings.catalog is None:
        yield
        return
    parameters = postgres_parameters(settings)
    import psycopg2

    try:
        connection = psycopg2.connect(**parameters)
    except psycopg2.OperationalError as error:
        raise SynthAssetsError(
            f"The lake's catalogue in PostgreSQL cannot be reached ({str(error).splitlines()[0]}): "
            "check its address and that it runs."
        ) from error
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [RUN_KEY])
            row = cursor.fetchone()
        if row is None or not row[0]:
            raise SynthAssetsError(
                f"Another machine is at work on the lake {settings.title}: wait for its synth-assets run to end."
            )
        yield
    finally:
        connection.close()
