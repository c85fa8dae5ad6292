"""What is said of mistakes: a proposal for every unknown name, each mistake once, all of them."""

from __future__ import annotations

import pytest

import nndsl
from tests.language.table import Refused, findings, refuse, rows

NOT_MEANT = [
    Refused(
        "a parameter of an activation that hides its input",
        "activation f(alpha=1.0, x=2): x * alpha\n\nlinear 4->5 | f",
        "E207",
        "`x` is the input",
    ),
    Refused(
        "an activation without its input",
        "activation f(k=1.0): k * 2\n\nlinear 4->5 | f",
        "E403",
        "never reads",
    ),
    Refused(
        "a layer in an activation",
        "activation f(k=1.0): x | linear 4 | k * _\n\nlinear 4->5 | f",
        "E407",
        "an activation",
        "`def` instead of `activation`",
    ),
    Refused(
        "a result of another dtype than stated",
        'model net()(x: "b 4") -> int "b 5": linear 5',
        "E306",
        "float, not int",
    ),
    Refused(
        "an integer result without its dtype",
        'model net()(x: "b 4") -> "b": linear 5 | argmax(dim=1)',
        "E306",
        "int, not float",
        "`int` before the pattern",
    ),
    Refused(
        "a label that all rounds share",
        'model net(n=2)(x: "b 4"): x | a: linear 4 | (c: linear 4) x n',
        "E401",
        "`c`",
        '"c{i}"',
    ),
    Refused(
        "a return before the end",
        'model net(w=2)(x: "b 4"):\n    if w > 3:\n        return x | linear w\n    x | relu',
        "E407",
        "the last statement",
        "`else:`",
    ),
    Refused(
        "a value at the end of a round",
        'model net(w=2)(x: "b 4"):\n    for i in range(w):\n        x | linear w\n    x | relu',
        "E402",
        "in every round",
    ),
    Refused(
        "a list for a model",
        'model net()(xs: list "b 4"): xs[0] | linear 3',
        "E305",
        "how many tensors",
        "one by one",
    ),
    Refused(
        "a number for a tensor",
        'def f(w)(x: "b d", y: "b e"): x + (y | linear w)\nmodel net()(x: "b 4"): x | f(4)(3)',
        "E205",
        "`y`, not an int",
    ),
    Refused(
        "one label on both sides of a condition of the run, for two layers",
        'model net()(x: "b 4"): ((a: linear 4) if training else (a: linear(4, bias=False)))',
        "E401",
        "`a`",
        "module name",
    ),
    Refused(
        "one label on both sides of a condition of the run, for a container and what is in it",
        'model net()(x: "b 4"):\n    if training:\n        x = x | l: linear 4 x 2\n'
        '    else:\n        x = x | "l.0": linear 4\n    x',
        "E401",
        "`l.0`",
        "module name",
    ),
    Refused(
        "branches of the run with two tensors and with one",
        'model net()(x: "b 4"):\n    if training:\n        return x, x | a: linear 2\n'
        "    else:\n        return x",
        "E406",
        "different numbers of tensors",
        "from both",
    ),
    Refused(
        "a minus in front of a bare argument",
        'model net()(x: "b 4"): x | linear -3',
        "E203",
        "out_features",
        "`linear(-3)`",
    ),
    Refused(
        "a lambda in parentheses",
        'model net()(x: "b 4"): x | (lambda y: y * (y + 2)) | linear 3',
        "E138",
        "`lambda`",
        "`fn name(y): y * (y + 2)`",
    ),
    Refused(
        "the weight of a declared module",
        'model net()(x: "b 6"):\n    module enc: linear 6->4\n    h = x | enc\n    h @ enc.weight',
        "E211",
        "`enc.weight` can't be read",
        "`param w: ...`",
    ),
    Refused(
        "a loss that nobody knows",
        'model net()(x: "b 6"):\n    linear 2\n    loss nosuch',
        "E201",
        "`nosuch`",
        "`cross_entropy`",
    ),
    Refused(
        "heads over no features",
        'model net(d=0)(x: "t b {d}"):\n'
        "    x | transformer_encoder(transformer_encoder_layer(1), 2)",
        "E301",
        "no features",
    ),
    Refused(
        "the mode as a value",
        'model net()(x: "b 4"): x * training',
        "E405",
        "`training`",
        "in an `if`",
    ),
    Refused(
        "a test of an optional input as a value",
        'model net()(x: "b 4", y: "b 4" = None): x * (y is None)',
        "E405",
        "only known when the model runs",
    ),
]


def test_every_argument_of_the_wrong_type_is_told_at_its_place() -> None:
    text = (
        'def d(width=3, flag=True, mode="a")(x: "n d"): x | linear(width) if flag and mode == "a"\n'
        'model m()(x: "b 4"): x | d("a", 1, relu) | d(None)'
    )
    found = findings(text)
    assert [one.code for one in found] == ["E205"] * 4
    assert [one.span.text for one in found if one.span] == ['"a"', "1", "relu", "None"]


def test_every_default_of_the_wrong_type_is_told() -> None:
    found = findings('model m(w: int = 2.5, rate: float = "x")(x: "b 4"): x * w * rate')
    assert [one.span.text for one in found if one.span] == ["2.5", '"x"']


@rows(NOT_MEANT)
def test_not_meant(row: Refused) -> None:
    refuse(row)


UNKNOWN = [
    Refused("an unknown layer", "linear 4->3 | relluu", "E201", "`relluu`", "did you mean `relu`?"),
    Refused(
        "an unknown definition",
        "def squeeze_excite(n): linear n\n\nlinear 4->4 | squeeze_exite(3)",
        "E201",
        "`squeeze_exite`",
        "did you mean `squeeze_excite`?",
    ),
    Refused(
        "an unknown value", 'model net(width=3)(x: "b 4"): linear widht', "E201", "", "`width`"
    ),
    Refused(
        "an unknown argument of a layer",
        "linear 4->3 | dropout(prob=0.5)",
        "E202",
        "`prob`",
        "did you mean `p`?",
    ),
    Refused(
        "an unknown argument of a definition",
        "def f(width): linear width\n\nlinear 4->3 | f(widht=3)",
        "E202",
        "`widht`",
        "did you mean `width`?",
    ),
    Refused(
        "an unknown argument of a function",
        "linear 4->3 | mean(dims=1)",
        "E202",
        "`dims`",
        "`dim`",
    ),
    Refused(
        "an unknown parameter of a function of the file",
        "fn f(x, scale=2): x * scale\n\nlinear 4->3 | f(scael=3)",
        "E202",
        "`scael`",
        "`scale`",
    ),
    Refused(
        "an unknown input",
        'def f()(x, mask): x * mask\n\nmodel net()(x: "b 4"): f()(x, msk=x)',
        "E202",
        "`msk`",
        "did you mean `mask`?",
    ),
    Refused(
        "an unknown path",
        'model net()(x: "b 4"):\n    first: linear 3\n    order frist',
        "E404",
        "`frist`",
        "`first`",
    ),
    Refused(
        "an unknown loss",
        "linear 4->3\nloss cross_entrpy\n",
        "E201",
        "`cross_entrpy`",
        "`cross_entropy`",
    ),
    Refused(
        "an unknown output",
        'def f()(x: "b d") -> (hidden: "b d", rest: "b d"):\n    x, x * 2\n'
        'model net()(x: "b 4"):\n    y = x | f()\n    y.hiden + y.rest',
        "E201",
        "`hiden`",
        "`hidden`",
    ),
]


@rows(UNKNOWN)
def test_unknown_names_get_a_proposal(row: Refused) -> None:
    refuse(row)


def test_independent_mistakes_are_all_reported() -> None:
    text = (
        "def f(n): linear n | relluu\n"
        'model a()(x: "b 4"): f(3) | dropout(prob=0.1)\n'
        'model b()(x: "b 4"): linear 5->3\n'
    )
    assert sorted(d.code for d in findings(text)) == ["E201", "E202", "E301"]


def test_a_file_that_can_not_be_read_in_one_place_is_checked_in_the_others() -> None:
    text = (
        "def f(n): linear n |\n\n"
        'model a()(x: "b 4"): linear 5->3\nmodel b()(x: "b 4"): f(3) | dropout 1.5\n'
    )
    codes = [d.code for d in findings(text)]
    assert codes[0].startswith("E1")
    assert codes[1:] == ["E301", "E206"]


def test_what_can_not_be_read_has_no_further_findings() -> None:
    for text in (
        "linear 4->\n",
        'model net()(x: "b 4"):\n    y = x |\n    y\n',
        "def f(: relu\n\nf | g\n",
    ):
        assert all(d.code.startswith("E1") for d in findings(text)), text


def test_a_refused_item_is_not_also_unknown() -> None:
    assert [d.code for d in findings("def torch(n): linear n\n\nlinear 4->4 | torch(3)")] == [
        "E207"
    ]


def test_independent_models_are_all_checked() -> None:
    text = "\n".join(f'model m{i}()(x: "b 4"): linear {i}->3' for i in range(1, 5)) + "\n"
    assert [d.code for d in findings(text)] == ["E301"] * 3


def test_a_mistake_of_a_shared_definition_is_told_once_over_all_models() -> None:
    text = "def f(n): linear n | dropout 2.0\n" + "\n".join(
        f'model m{i}()(x: "b 4"): f({i + 1})' for i in range(3)
    )
    assert [d.code for d in findings(text)] == ["E206"]


def test_building_raises_all_of_them() -> None:
    spec = nndsl.parse(
        'model net()(x: "b 4"):\n    y = x | linear 5->3\n    y + (x | dropout 1.5)\n'
    )
    with pytest.raises(nndsl.SpecError) as caught:
        spec.build()
    assert [d.code for d in caught.value.diagnostics] == ["E301", "E206"]


ODD = [
    Refused("a call without a tensor", "linear 4->4 | _ + linear(3)()", "E203", "needs a tensor"),
    Refused(
        "a module without a tensor",
        'model net()(x: "b 4"):\n    module m: linear 4\n    m() + x',
        "E203",
        "needs a tensor",
    ),
    Refused("a text with a sign", 'model net()(x: "b 4"):\n    x | -"b d"', "E205", "a text"),
    Refused(
        "a number among results",
        'model net()(x: "b 4"):\n    +1, x + 2',
        "E408",
        "`+1` is no tensor",
    ),
    Refused("a parameter outside of a model", 'param g: "4" = ones\n\nlinear 4->4', "E141"),
]


@rows(ODD)
def test_odd_texts_are_findings_too(row: Refused) -> None:
    refuse(row)


def test_a_wrong_size_is_told_with_where_it_came_from() -> None:
    text = (
        'model digits(classes=10)(image: "b 1 28 28"):\n'
        "    conv(32, 3)\n    | relu | conv(64, 3)\n    | maxpool 2\n    | flatten\n"
        "    | linear 9200->10\n"
    )
    with pytest.raises(nndsl.SpecError) as caught:
        nndsl.parse(text, "digits.nn").build()
    assert str(caught.value) == (
        "error[E301]: `linear` is told to expect 9200 features, but receives 9216\n"
        " --> digits.nn:6:14\n"
        "  |\n"
        "4 |     | maxpool 2\n"
        "  |       --------- makes (b, 64, 12, 12)\n"
        "5 |     | flatten\n"
        "  |       ------- makes (b, 9216): 64 * 12 * 12\n"
        "6 |     | linear 9200->10\n"
        "  |              ^^^^ must be 9216\n"
        "  |\n"
        "  = help: write `linear 10` and the input size is inferred"
    )
