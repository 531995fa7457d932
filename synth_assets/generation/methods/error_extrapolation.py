"""Error extrapolation: S3 (2310.13671), problems like those that a student of the round before got wrong."""

from collections.abc import Iterator

from synth_assets.generation.methods.method import Material, Request
from synth_assets.generation.methods.on_documents import OnDocuments
from synth_assets.seeds import generator_of
from synth_assets.teachers.tasks import WriteQuestions

ROUNDS = 3
"""Rounds there are. Each is a method of its own, with partitions of its own."""

ERROR_EXTRAPOLATION = "error_extrapolation"


class ErrorExtrapolation(OnDocuments):
    """A round: for each document one mistake, and up to `at_most` problems like it, set in what the document tells.

    The mistakes are rows of `student_mistakes`, which is made from documents and concepts alone: a round never reads
    what another has left in `questions`. S3 shows its model the mistake alone; here every method writes from the same
    documents, so the new problems are set in them.
    """

    at_most = 5
    nothing_to_ask = "student_mistakes holds no mistake of this round"

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = f"{ERROR_EXTRAPOLATION}_{number}"

    def requests(self, material: Material, rounds: int) -> Iterator[Request]:
        """A request for each document, about the next mistakes in the document's own order of them."""
        mistakes = material.mistakes.get(self.name, ())
        for document_id, shard in material.shard_of.items() if mistakes else ():
            order = list(mistakes)
            generator_of(ERROR_EXTRAPOLATION, self.number, document_id).shuffle(order)
            for number in range(rounds):
                task = WriteQuestions(
                    method=ERROR_EXTRAPOLATION,
                    documents=(material.documents[document_id],),
                    concepts=material.concepts.get(document_id, ()),
                    at_most=self.at_most,
                    round=number,
                    mistake=order[number % len(order)],
                )
                yield Request(shard, document_id, task, (document_id,), number)
