import polars as pl
import pytest

from synth_assets.decontamination.normalising import fold_digits, normal_form, problem_words, words


def form(text: str) -> str:
    return str(pl.DataFrame({"text": [text]}).select(normal_form(pl.col("text"))).item())


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("What  is\n“Half” of IT?", "what is half of it"),
        ("\uff46\uff55\uff4c\uff4c\u3000width \uff11\uff12", "full width 12"),
        ("\\left( \\dfrac{1}{2} \\right)", "frac 1 2"),
        ("\\leftarrow stays", "leftarrow stays"),
        ("\\text{cm}\\quad\\mathrm{d}x", "cm d x"),
        ("$1,000,000,000 and 3.75%", "1000000000 and 3.75"),
        ("solve 3x+5", "solve 3 x 5"),
        ("solve $3x + 5$", "solve 3 x 5"),
        ("...", ""),
    ],
)
def test_the_normal_form_keeps_words_and_numbers_only(written: str, normal: str) -> None:
    assert form(written) == normal


def test_folding_makes_every_number_a_zero_and_keeps_the_places() -> None:
    row = pl.DataFrame({"text": ["12 pears at 3.50 each"]}).select(word=words(pl.col("text"))).explode("word")
    assert row.select(fold_digits(pl.col("word"))).to_series().to_list() == ["0", "pears", "at", "0", "each"]


def test_signs_tell_problems_apart() -> None:
    texts = pl.DataFrame({"text": ["What is 3 + 5?", "What is 3 * 5?", "What is 3 - 5?", "What is 3/5?"]})
    assert texts.select(problem_words(pl.col("text")).list.join(" ")).to_series().n_unique() == 4
