"""Arguments of the server: split like a shell's, and never those that the run chooses."""

import pytest
from pydantic import ValidationError

from synth_assets.teachers.vllm.settings import VllmSettings


def test_each_argument_is_split_as_a_shell_would() -> None:
    settings = VllmSettings(args=("--max-model-len 8192", "--served-model-name 'two words'", "--enforce-eager"))
    assert settings.words == ("--max-model-len", "8192", "--served-model-name", "two words", "--enforce-eager")


@pytest.mark.parametrize("argument", ["--port 80", "--host=0.0.0.0", "--api-key secret"])
def test_what_the_run_chooses_is_refused(argument: str) -> None:
    with pytest.raises(ValidationError, match="leave it out"):
        VllmSettings(args=(argument,))


def test_an_open_quotation_is_refused() -> None:
    with pytest.raises(ValidationError, match="close the quotation"):
        VllmSettings(args=("--served-model-name 'open",))


@pytest.mark.parametrize(
    ("args", "name"),
    [((), "m"), (("--served-model-name x y",), "x"), (("--served-model-name=x",), "x")],
)
def test_the_name_under_which_the_model_is_served(args: tuple[str, ...], name: str) -> None:
    assert VllmSettings(args=args).served_name("m") == name
