import pytest

from synth_assets_tests.decontamination.cutting import cut


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("What  is\n“Half” of IT?", "what is half of it"),
        ("\uff46\uff55\uff4c\uff4c\u3000width \uff11\uff12", "full width 12"),
        ("\\left( \\dfrac{1}{2} \\right)", "frac 1 2"),
        ("\\leftarrow stays", "leftarrow stays"),
        ("\\text{cm}\\quad\\mathrm{d}x", "cm d x"),
        ("$1,000,000,000 and 3.75%", "1000000000 and 3.75"),
        ("1{,}000 or 1{,}000.5", "1000 or 1000.5"),
        ("(1,2,345) and 12,3456", "1 2345 and 12 3456"),
        ("0.125,5 3. 4.", "0.125 5 3 4"),
        ("solve 3x+5", "solve 3 x 5"),
        ("solve $3x + 5$", "solve 3 x 5"),
        ("Fläche ÜBER 5 m² und ½", "fläche über 5 m 2 und 1 2"),
        ("naïve cafe\u0301", "naïve café"),
        ("...", ""),
        ("", ""),
    ],
)
def test_the_normal_form_keeps_words_and_numbers_only(written: str, normal: str) -> None:
    assert " ".join(cut(written)) == normal


def test_signs_tell_problems_apart() -> None:
    texts = ["What is 3 + 5?", "What is 3 * 5?", "What is 3 - 5?", "What is 3/5?"]
    assert len({" ".join(cut(text, signs=True)) for text in texts}) == 4
    assert len({" ".join(cut(text)) for text in texts}) == 1
