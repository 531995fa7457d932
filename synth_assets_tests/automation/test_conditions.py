"""Automation carries a new file down the road and asks for nothing else: no storm, no second try, no surprise bill."""

from collections.abc import Iterator

import dagster as dg
import pytest

from synth_assets.automation.outstanding import to_make
from synth_assets.automation.partitions import SHARDS
from synth_assets_tests.automation.paper_road import PaperRoad, by_asset, of_methods

Begun = tuple[PaperRoad, dg.DagsterInstance]


class Ticks:
    """The sensor `carry_on`, tick by tick."""

    def __init__(self, begun: Begun) -> None:
        self.road, self.instance = begun
        self._cursor: object = None

    def tick(self) -> dict[str, set[str]]:
        """The partitions that are asked for, by asset."""
        result = dg.evaluate_automation_conditions(
            self.road.definitions,
            self.instance,
            cursor=self._cursor,  # type: ignore[arg-type]
        )
        self._cursor = result.cursor
        keys = self.road.graph.materializable_asset_keys
        asked = {key.path[-1]: result.get_requested_partitions(key) for key in keys}
        return {name: {str(key or "") for key in found} for name, found in asked.items() if found}

    def carried(self) -> Iterator[dict[str, set[str]]]:
        """What is asked for, tick by tick, each time made with other rows than before, until nothing is asked for."""
        while asked := self.tick():
            yield asked
            self.road.make((name, key) for name, keys in asked.items() for key in sorted(keys))


@pytest.fixture
def ticks(begun: Begun) -> Ticks:
    return Ticks(begun)


def new_shard(ticks: Ticks) -> None:
    ticks.instance.add_dynamic_partitions(str(SHARDS.name), ["c"])


@pytest.mark.slow
def test_a_new_shard_is_carried_down_the_road_step_by_step_and_nothing_else_is_redone_but_the_reduce_side(
    ticks: Ticks,
) -> None:
    assert ticks.tick() == {}
    new_shard(ticks)
    steps = list(ticks.carried())
    assert steps[:6] == [
        {"documents": {"c"}},
        {"reference_documents": {"c"}},
        {"document_concepts": {"c"}},
        {"concept_frequencies": {"c"}, "concept_cooccurrence": {"c"}},
        {"concept_nodes": {""}, "concept_edges": {""}},
        {"concept_walks": {"c"}},
    ]
    asked = by_asset([(name, key) for step in steps for name, keys in step.items() for key in keys])
    new = of_methods("c")
    for stage in ("questions", "qa_pairs", "contamination", "benchmark_comparisons", "qa_signatures"):
        assert asked[stage] == new, stage
    assert asked["duplicates"] == {""}
    assert asked["training_qa"] == of_methods("a", "b", "c")  # a new question may displace an older one
    assert not set(asked) & {"domain_ratings", "domain_classifier", "benchmark_items", "lake_maintenance"}
    once = [(name, key) for step in steps for name, keys in step.items() for key in keys]
    assert len(once) == len(set(once))


def test_a_global_table_made_again_with_other_rows_redoes_no_walks(ticks: Ticks) -> None:
    ticks.road.make([("concept_nodes", ""), ("concept_edges", "")])
    assert set(ticks.tick()) == {"method_diversity", "diversity_histograms"}, "they count the concepts of the graph"


@pytest.mark.slow
def test_duplicates_found_again_as_they_were_ask_for_nothing(ticks: Ticks) -> None:
    ticks.road.make([("duplicates", "")], changed=False)
    assert ticks.tick() == {}


@pytest.mark.slow
def test_a_changed_prompt_is_left_to_the_weekly_schedule_and_does_not_hold_up_a_new_shard(ticks: Ticks) -> None:
    ticks.road.make([("document_concepts", "a"), ("document_concepts", "b")], version="another prompt", changed=False)
    assert ticks.tick() == {}
    new_shard(ticks)
    assert list(ticks.carried())[2] == {"document_concepts": {"c"}}


def test_what_was_asked_for_and_not_made_is_not_asked_for_again(ticks: Ticks) -> None:
    new_shard(ticks)
    assert ticks.tick() == {"documents": {"c"}}
    assert ticks.tick() == {}


def test_the_sensor_is_off_until_it_is_switched_on_and_evaluated_where_the_condition_is_known(
    paper: PaperRoad,
) -> None:
    sensor = paper.definitions.get_sensor_def("carry_on")
    assert sensor.default_status == dg.DefaultSensorStatus.STOPPED
    assert sensor.sensor_type.value == "AUTOMATION"


def test_a_job_makes_what_is_stale_and_all_that_follows_from_it_within_its_purpose(begun: Begun) -> None:
    road, instance = begun
    road.make([("document_concepts", "a")], version="another prompt", changed=False)
    found = road.standings(instance)
    of_graph = to_make(road.graph, found, ("document_concepts", "concept_nodes", "concept_edges", "concept_walks"))
    assert of_graph == {
        "document_concepts": {"a"},
        "concept_nodes": {""},
        "concept_edges": {""},
        "concept_walks": {"a"},
    }
    assert to_make(road.graph, found, ("questions", "qa_pairs")) == {}
    everything = to_make(road.graph, found, ("questions", "qa_pairs"), everything=True)
    assert everything == {"questions": of_methods("a", "b"), "qa_pairs": of_methods("a", "b")}
