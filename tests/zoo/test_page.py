"""``docs/zoo.md`` says what is so, and its numbers are counted as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.zoo import page
from tests.zoo.lines import lines_of_file, lines_of_network, python_lines, references
from tests.zoo.proof import GRADIENTS, OUTPUTS, golden
from tests.zoo.rows import ROWS

PAGE = Path(__file__).parents[2] / "docs" / "zoo.md"


def test_the_page_is_of_now() -> None:
    text = PAGE.read_text(encoding="utf-8")
    reached = page.read(text)
    assert sorted(reached) == sorted(ROWS)
    assert text == page.render(reached), "run `make docs`"


def test_the_agreement_on_the_page_is_what_tests_ask_for() -> None:
    for name, (outputs, gradients) in page.read(PAGE.read_text(encoding="utf-8")).items():
        assert 0 <= float(outputs) <= OUTPUTS, name
        assert 0 <= float(gradients) <= GRADIENTS, name


def test_every_reference_is_counted() -> None:
    assert sorted(references()) == sorted(ROWS)
    for name, row in references().items():
        assert row["lines"] > 0 and row["package"] == golden(name)["source"]["package"]


@pytest.mark.parametrize(
    ("difference", "said"), [(0.0, "0"), (1e-12, "1e-12"), (1.1e-12, "1e-11"), (9e-16, "1e-15")]
)
def test_bounds_are_powers_of_ten(difference: float, said: str) -> None:
    assert page.bound(difference) == said


MODULE = '''
"""Not counted."""
LEFT = 1

@decorated
class A(B):
    """Says

    something."""

    # a comment
    def run(self, x):  # a comment behind code
        """More."""
        text = """
        kept
        """
        return x

def other(): return 1
'''


def test_lines_of_python_are_without_docstrings_comments_and_blank_lines() -> None:
    assert python_lines(MODULE, ["A"]) == 7
    assert python_lines(MODULE, ["other"]) == 1
    assert python_lines(MODULE, ["other", "A"]) == 8


def test_lines_of_a_network_are_those_of_what_it_names() -> None:
    assert lines_of_file("moe.nn") == lines_of_network("moe.nn", "moe") == 10
    # a model of its own and one that configures it
    alone = lines_of_network("gpt2.nn", "gpt2")
    assert lines_of_network("gpt2.nn", "gpt2_xl") == alone + 1
    # another network of the same file isn't counted
    three = ["gru_lm", "lstm_classifier", "lstm_state_classifier"]
    counted = sum(lines_of_network("recurrent.nn", model) for model in three)
    assert counted == lines_of_file("recurrent.nn")


def test_lines_of_a_network_have_the_shared_definitions_and_their_import() -> None:
    mlp = lines_of_network("blocks_vision.nn", "mlp")
    assert lines_of_network("vit.nn", "vit_b_16") == lines_of_file("vit.nn") - 4 + mlp
