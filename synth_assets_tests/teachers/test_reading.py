"""From a model's text to a result: what is found, what is repaired, and what is refused."""

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from synth_assets.teachers.escapes import storable, with_doubled_backslashes
from synth_assets.teachers.reading import InvalidAnswerError, correction, read_answer
from synth_assets.teachers.tasks import AnswerQuestion, ExtractConcepts, JudgeAnswer, RateDocument
from synth_assets_tests.teachers.examples import VALID, document, every_task

RATE = RateDocument(domain="mathematics", document=document())
ANSWER = AnswerQuestion(question="What is $1/2$?")
JUDGE = JudgeAnswer(question="?", solution="!", final_answer="!")
RATING = VALID["rate_document"]
HALF = VALID["answer_question"]


def solution(written: str) -> str:
    """The solution read from a JSON string written as `written`."""
    return read_answer(ANSWER, f'{{"solution": "{written}", "final_answer": "1"}}').solution


def refused(task, text: str) -> str:
    with pytest.raises(InvalidAnswerError) as problem:
        read_answer(task, text)
    return str(problem.value)


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "\n\n  {}  \n",
        "```json\n{}\n```",
        "```\n{}\n```\nI hope this helps!",
        "Here are the marks for the set {{x : x > 0}}:\n{}\nDone.",
        "<think>The form is {{...}}. Perhaps 5?</think>\n{}",
        'It begins without a tag: {{"relevance": 1}} no.</think>{}',
        "{}{}",
        "\ufeff{}",
    ],
)
def test_the_one_object_is_found_among_what_is_around_it(around):
    text = around.replace("{{", "\x01").replace("}}", "\x02").replace("{}", RATING)
    assert read_answer(RATE, text.replace("\x01", "{").replace("\x02", "}")).clarity == 7


def test_an_object_of_something_else_does_not_count():
    assert read_answer(RATE, f'Given {{"a": 1}}, the marks are {RATING}.').clarity == 7
    assert "no JSON object with the fields relevance, clarity" in refused(RATE, 'Given {"a": 1}, no marks.')


def test_thoughts_inside_the_answer_stay():
    text = '{"reason": "It says </think> in between.", "correct": false}'
    assert read_answer(JUDGE, text).reason == "It says </think> in between."


@pytest.mark.parametrize(
    "written",
    [
        "{'relevance': 8, 'clarity': 7, 'language_quality': 10}",
        '{"relevance": 8, "clarity": 7, "language_quality": 10,}',
        "{relevance: 8, clarity: 7, language_quality: 10}",
        '{"relevance": 8, // much\n "clarity": 7, /* "so" so */ "language_quality": 10}',
        '{ // marks\n"relevance": 8, "clarity": 7, "language_quality": 10}',
        '{"relevance": 8 "clarity": 7 "language_quality": 10}',
        '{"relevance": 8\n"clarity": 7\n"language_quality": 10}',
    ],
)
def test_syntax_alone_is_repaired(written):
    assert read_answer(RATE, f"```json\n{written}\n```") == read_answer(RATE, RATING)


def test_repairs_reach_into_lists():
    written = "{level: 'college', subject: 'maths', topics: [{topic: 'rings', key_concepts: ['ideal' 'unit',]},],}"
    assert read_answer(ExtractConcepts(document=document()), written).topics[0].key_concepts == ["ideal", "unit"]


def test_python_words_and_apostrophes_are_understood():
    assert read_answer(JUDGE, "{'reason': \"It's right\", 'correct': True}").correct
    assert solution(r"It\'s one.") == "It's one."


def test_raw_line_ends_in_strings_are_kept():
    assert solution("One.\nTwo.\tThree.") == "One.\nTwo.\tThree."


@pytest.mark.parametrize("task", every_task(), ids=lambda task: task.kind)
def test_no_beginning_of_an_answer_is_taken_for_the_whole(task):
    whole = VALID[task.kind]
    for variant in (whole, whole.replace('", "', '" "'), whole.replace(", ", " , // so\n")):
        for length in range(len(variant) - 1):
            if variant[length:].strip():
                refused(task, variant[:length])


@pytest.mark.parametrize(
    "text", ["<think>Let me see. 1, 2", '<think> {"relevance": 8, "clarity": 7, "language_quality": 1}']
)
def test_thoughts_that_do_not_end_are_cut_off(text):
    assert "cut off" in refused(RATE, text)


def test_what_is_cut_off_says_so():
    assert "cut off" in refused(ANSWER, '{"solution": "We add one and')
    assert "cut off" in refused(ANSWER, '{"solution": "The answer is 2.", "final_answer": "2"')
    assert "cut off" in refused(ANSWER, "{'solution': 'The answer is 2.', 'final_answer': '2")


def test_a_name_with_two_values_is_refused_and_with_the_same_twice_taken():
    twice = RATING[:-1] + ', "clarity": 7}'
    assert read_answer(RATE, twice).clarity == 7
    assert "clarity: it stands there twice" in refused(RATE, RATING[:-1] + ', "clarity": 6}')
    refused(RATE, RATING[:-1] + ', "clarity": 6,}')


def test_two_different_objects_are_refused():
    assert "several JSON objects" in refused(RATE, f"{RATING} or rather {RATING.replace('7', '6')}")


def test_a_repair_that_would_lose_a_word_is_refused():
    refused(JUDGE, '{"reason": "a", "b", "correct": true}')
    refused(JUDGE, '{"reason": "good", wrong, "correct": true,}')


def test_brackets_that_do_not_match_are_refused():
    assert "closed by }" in refused(
        ExtractConcepts(document=document()),
        '{"level": "college", "subject": "s", "topics": [{"topic": "t", "key_concepts": ["a"}]}',
    )


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1" * 5_000])
def test_numbers_that_are_none_are_refused(number):
    refused(RATE, RATING.replace("7", number))


def test_depth_is_refused_and_not_fatal():
    refused(ANSWER, '{"solution": ' * 20_000)
    refused(ANSWER, '{"solution": ' + "[" * 20_000 + "]" * 20_000 + "}")
    refused(ANSWER, '{"solution": ' + "[" * 20_000 + "]" * 20_000 + ",}")


def test_problems_name_the_field_and_stay_short():
    assert refused(RATE, '{"relevance": 8}') == "clarity: Field required; language_quality: Field required"
    assert "level: Input should be 'primary'" in refused(
        ExtractConcepts(document=document()), '{"level": "low", "subject": "", "topics": []}'
    )
    assert len(refused(RATE, '{"relevance": "' + "x" * 10_000 + '"}')) < 600
    assert refused(RATE, " \n") == "the answer is empty"


LATEX = [
    (r"\frac{1}{2}", r"\frac{1}{2}"),
    (r"\\frac{1}{2} \\times 2", r"\frac{1}{2} \times 2"),
    (r"a \times b \neq c", r"a \times b \neq c"),
    (r"\beta \to \theta \tau", r"\beta \to \theta \tau"),
    (r"\left( x \right) \rho \rangle", r"\left( x \right) \rho \rangle"),
    (r"\sqrt{2} \pi \alpha \(x\) \{1\} \, \%", r"\sqrt{2} \pi \alpha \(x\) \{1\} \, \%"),
    (r"\underline{x} \uparrow \u00e9", "\\underline{x} \\uparrow \u00e9"),
    (r"\boxed{1} \binom{2}{1} \forall \text{if}", r"\boxed{1} \binom{2}{1} \forall \text{if}"),
    (r"\nabla\times F \notin \not= \nleq", r"\nabla\times F \notin \not= \nleq"),
    (r"$\nu = 3$ and $x \ne \nu$", r"$\nu = 3$ and $x \ne \nu$"),
    (r"\(\neg p\) and \\(a \ni b\\)", r"\(\neg p\) and \(a \ni b\)"),
    (r"x \ne 0 and $\\frac{\nu}{2}$", r"x \ne 0 and $\frac{\nu}{2}$"),
    (r"\tan x + \tan(y) + \tan\theta + $\tan$", r"\tan x + \tan(y) + \tan\theta + $\tan$"),
    (r"\begin{cases} 1 \\\\ 2 \end{cases}", r"\begin{cases} 1 \\ 2 \end{cases}"),
]


@pytest.mark.parametrize(("written", "meant"), LATEX)
def test_latex_with_one_backslash_is_restored(written, meant):
    assert solution(written) == meant


ORDINARY = [
    "One.\nno\nnot\nNow\nnew\nneither\nnumber\nnow that",
    "Let\nu = x^2 and\ne = 2.7\ni = 1\neg. this\nmid point\nless\nsim\nexists\nsubset",
    "As said in\neq. (3) and\n\nThen\n\nnabla",
    "costs $5.\nu = 3 costs $6.\nu = 4",
    "$x$\nu = $y$ and $5.\nu=3\nand $v=4$",
    "$$\nu = 3\n$$",
    "a\tan apple\ta\tthe\tTab\tTimes\tto",
    "line\r\nnext\rRight\rThen",
    "C:\\new\\table and \\\\ two",
    "\n- item\n* item\n1. item\n\\item",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_line_ends_and_tabs_stay(text):
    assert solution(json.dumps(text)[1:-1]) == text.strip()


@given(
    st.lists(
        st.sampled_from("the no not u e i now then a an tan x $ $5 = 3 . \\frac \\nu \\times".split()), max_size=12
    )
)
def test_properly_written_latex_and_line_ends_are_read_back_as_they_are(words):
    text = " ".join(words) + "\n\n" + "\n".join(word.strip("$") for word in words if len(word) > 3) + "."
    assert json.loads(with_doubled_backslashes(json.dumps(text))) == text


def test_a_form_feed_or_backspace_is_what_is_left_of_a_command():
    assert solution(r"\u000crac{1}{2} \u0008eta") == r"\frac{1}{2} \beta"


def test_what_cannot_be_stored_is_taken_out():
    told = read_answer(ANSWER, r'{"solution": "a\u0000b\ud800c\u0001", "final_answer": "1"}')
    assert told.solution == "abc"
    assert storable("a\x00b\ud800c\x0cd\n\t") == "abc\nd\n\t"
    assert read_answer(ANSWER, '{"solution": "\\ud83d\\ude00", "final_answer": "1"}').solution == "\U0001f600"


@pytest.mark.parametrize(
    ("text", "final"),
    [
        (r"We divide. Thus $\boxed{\frac{1}{2}}$.", r"\frac{1}{2}"),
        ("We divide.\n\nThe answer is 0.5.", "0.5"),
        ("<think>So {1, 2}.</think>We divide. The final answer is: $\\frac{1}{2}$", r"\frac{1}{2}"),
        (r"For the set {1, 2} we get \boxed{\{1, 2\}}.", r"\{1, 2\}"),
    ],
)
def test_prose_that_states_its_answer_is_an_answer(text, final):
    told = read_answer(ANSWER, text)
    assert told.final_answer == final
    assert told.solution == re.sub(r"(?s)^<think>.*</think>", "", text)


@pytest.mark.parametrize("text", ["We divide one by two.", "We get $\\boxed{\\frac{1", "<think>The answer is 2."])
def test_prose_that_states_no_answer_is_refused(text):
    refused(ANSWER, text)


def test_prose_is_no_answer_to_another_task():
    refused(JUDGE, "The answer is correct.")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(), st.text(alphabet="{}[]\"':,\\ntu/*ab10 <>think$"), st.from_regex(r'\{"relevance": .{0,30}'))
)
@example('{"relevance": \ud800}')
@example("{'relevance': \\x")
@example('{"solution":"\\u')
def test_any_text_is_an_answer_or_refused_as_one(text):
    for task in every_task():
        for variant in (text, VALID[task.kind][:-1] + text, VALID[task.kind][: len(text) * 3] + text):
            try:
                result = read_answer(task, variant)
            except InvalidAnswerError as problem:
                str(problem).encode("utf-8")
            else:
                assert "\x00" not in result.model_dump_json()


def test_a_correction_shows_the_answer_and_asks_for_all_of_it_again():
    assistant, user = correction("{\x00", "clarity: Field required.")
    assert assistant == {"role": "assistant", "content": "{"}
    assert user["role"] == "user"
    assert "clarity: Field required." in user["content"]
    assert "whole answer again" in user["content"]
    assert correction("", "the answer is empty")[0]["content"]
