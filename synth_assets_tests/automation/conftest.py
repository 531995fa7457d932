"""What several tests of automation look at: one road on paper, and an instance of Dagster for each test."""

from collections.abc import Iterator

import dagster as dg
import pytest

from synth_assets_tests.automation.paper_road import PaperRoad


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaperRoad]:
    made = PaperRoad(tmp_path_factory.mktemp("paper"), teacher={"max_tokens_budget": 1_000})
    yield made
    made.lake.close()


@pytest.fixture
def begun(paper: PaperRoad) -> Iterator[tuple[PaperRoad, dg.DagsterInstance]]:
    """The road with every partition made, on an instance of its own."""
    with dg.DagsterInstance.ephemeral() as instance:
        paper.begin(instance)
        yield paper, instance
