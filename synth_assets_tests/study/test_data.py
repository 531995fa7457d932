"""The study's data: repeatable, distinct, nested, and apart from what is held out."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.students.tokenizer import train_tokenizer
from synth_assets.study.data_set import DataSet, data_set_in
from synth_assets.study.distinct import Distinct
from synth_assets.study.problems import LEVELS, questions_of
from synth_assets.study.profiles import ALL, EASY, PROFILES, WIDE, DataPlan
from synth_assets.study.separation import check_apart
from synth_assets.study.sources import study_sources
from synth_assets.study.stream import frame_of, stream, text_hash

PLAN = DataPlan(EASY, all_tokens=20_000, level_tokens=8_000, held_out_each=6, tokenizer_questions=600)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    return data_set_in(tmp_path_factory.mktemp("study") / "data", PLAN, 1)


@pytest.mark.parametrize("level", LEVELS)
def test_a_batch_is_a_function_of_level_and_number(level: str) -> None:
    again = questions_of(level, 1, EASY)
    assert again == questions_of(level, 1, EASY)
    assert {one.question for one in again}.isdisjoint({one.question for one in questions_of(level, 2, EASY)}) or (
        level == "level_1"
    )
    assert {one.level for one in again} == {level}


def test_the_levels_chain_as_in_the_paper() -> None:
    assert {len(one.parts) for one in questions_of("level_1", 0, EASY)} == {1}
    assert {len(one.parts) for one in questions_of("level_2", 0, EASY)} == {2, 3}
    assert min(len(one.parts) for one in questions_of("level_3", 0, EASY)) == 2


def test_walks_of_some_epochs_are_those_of_all() -> None:
    sources = study_sources(EASY.skills)
    late = [walk for walk in sources.walks(range(0, 6)) if int(walk.source_id.rsplit("/", 1)[1]) >= 4]
    assert late == list(sources.walks(range(4, 6)))


def test_the_same_problem_in_other_words_has_one_hash() -> None:
    made = questions_of("level_1", 0, EASY)
    frame = frame_of(made).group_by("problem").agg(pl.col("final_answer").n_unique(), pl.col("question").n_unique())
    assert frame["question"].max() > 1
    # Signs are left out of the hash, and with them at most the sign patterns of a skill's numbers remain.
    assert frame["final_answer"].max() <= 8


def test_what_was_met_is_told_however_much_there_is() -> None:
    distinct = Distinct()
    hashes = np.random.default_rng(0).integers(1, 2**63, 100_000, dtype=np.uint64)
    assert distinct.new(hashes).all()
    assert not distinct.new(hashes[::-1]).any()
    assert distinct.new(np.array([7, 7, 8], dtype=np.uint64)).tolist() == [True, False, True]
    assert distinct.count == 100_002


def test_a_set_holds_no_question_twice_and_smaller_budgets_begin_larger_ones(data: DataSet) -> None:
    for name in (ALL, *LEVELS):
        rows = data.training_rows(name, 8_000)
        texts = data.tokenizer.decode_batch([row.prompt[1:-1].tolist() for row in rows])
        assert len({text_hash(text) for text in texts}) == len(rows)
        smaller = data.training_rows(name, 3_000)
        assert len(smaller) < len(rows)
        assert rows[: len(smaller)].fingerprint() == smaller.fingerprint()
        assert 8_000 - PLAN.longest_row < rows.total_tokens <= 8_000


def test_the_mixture_has_equal_shares_of_tokens(data: DataSet) -> None:
    mixture = data.training_rows(ALL, PLAN.all_tokens)
    texts = data.tokenizer.decode_batch([row.prompt[1:-1].tolist() for row in mixture])
    made = {one.question: level for level in LEVELS for one in questions_of(level, 0, EASY)}
    tokens = dict.fromkeys(LEVELS, 0)
    for text, row in zip(texts, mixture, strict=True):
        tokens[made[text]] += row.tokens
    assert max(tokens.values()) - min(tokens.values()) <= 2 * PLAN.longest_row


def test_nothing_held_out_is_trained_on_in_any_words_nor_as_a_step(data: DataSet) -> None:
    held_out = set(data.held_out["problem"])
    trained = [one for level in LEVELS for one in questions_of(level, 0, EASY) if one.may_train]
    assert held_out.isdisjoint({one.problem for one in trained})
    assert held_out.isdisjoint({part for one in trained for part in one.parts})
    assert dict(data.held_out.group_by("level").len().iter_rows()) == dict.fromkeys(LEVELS, 6)


def test_a_problem_on_both_sides_is_an_error(data: DataSet) -> None:
    with pytest.raises(SynthAssetsError, match="is trained on"):
        check_apart(data.held_out, data.held_out["problem"].to_numpy()[-1:])


def test_another_plan_does_not_overwrite_a_data_set(data: DataSet) -> None:
    with pytest.raises(SynthAssetsError, match="another plan"):
        data_set_in(data.folder, replace(PLAN, held_out_each=7), 1)
    assert data_set_in(data.folder, PLAN, 1).snapshot == data.snapshot


@pytest.mark.slow
def test_the_stream_does_not_depend_on_the_processes() -> None:
    tokenizer = train_tokenizer(frame_of(questions_of("level_1", 0, EASY)), 1024, held_out_share=0.0)["tokenizer"][0]
    streams = [stream("level_3", EASY, tokenizer, 256, processes) for processes in (1, 2)]
    for _, alone, together in zip(range(4), *streams, strict=False):
        assert alone.rows.fingerprint() == together.rows.fingerprint()
        assert alone.held_out == together.held_out


def test_every_skill_takes_the_result_of_another() -> None:
    from synth_assets.teachers.embedded.skills import all_skills

    assert all(all_skills()[name].feed for name in (*EASY.skills, *WIDE.skills))


def test_profiles_have_budgets_their_data_can_fill() -> None:
    for profile in PROFILES.values():
        for series in profile.series:
            most = profile.data.all_tokens if series.training_set == ALL else profile.data.level_tokens
            assert max(series.budgets) <= most
