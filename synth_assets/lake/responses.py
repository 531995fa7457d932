"""The store of teacher answers in the lake: an answer once given is found again by the hash of its request.

What does not live here: what a request is, and who asks (`teachers/teacher.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields

import polars as pl

from synth_assets.lake.lake import Lake
from synth_assets.lake.sql import ArrowStream, quoted_list, stored
from synth_assets.tables import TEACHER_RESPONSES, TEXT
from synth_assets.teachers.teacher import StoredResponse

COLUMNS = [field.name for field in fields(StoredResponse)]


class LakeResponseStore:
    """A :class:`teachers.teacher.ResponseStore` whose answers are kept under one stage and partition.

    Answers are found whichever stage and partition they were kept under: the hash says all that was asked.
    """

    def __init__(self, lake: Lake, stage: str, partition: str = "") -> None:
        self._lake = lake
        self._stage = stage
        self._partition = partition

    def find(self, request_hashes: Sequence[str]) -> Mapping[str, StoredResponse]:
        """The stored responses among the given hashes."""
        if not request_hashes:
            return {}
        self._lake.create()
        wanted = pl.DataFrame({"request_hash": list(request_hashes)}, schema={"request_hash": TEXT})
        with self._lake.cursor() as cursor:
            cursor.register("wanted", ArrowStream(wanted))
            found = cursor.execute(
                f"SELECT {quoted_list(COLUMNS)} FROM {stored(TEACHER_RESPONSES)} "
                "WHERE request_hash IN (SELECT request_hash FROM wanted)"
            ).fetchall()
        responses = [StoredResponse(*row) for row in found]
        return {response.request_hash: response for response in responses}

    def add(self, responses: Sequence[StoredResponse]) -> None:
        """Keep responses, durably, before returning. One already there stays as it is."""
        if not responses:
            return
        new = {response.request_hash: asdict(response) for response in responses}
        rows = pl.DataFrame(list(new.values()), schema={name: TEACHER_RESPONSES.schema[name] for name in COLUMNS})
        place = [pl.lit(self._stage).alias("stage"), pl.lit(self._partition).alias("partition")]
        self._lake.append(TEACHER_RESPONSES, rows.with_columns(place))
