"""A value that can't be built is refused by the printed class too; all others give the network."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import nndsl
from tests.agreement.harness import compare, entry_point, execute


@dataclass(frozen=True)
class Values:
    """Values of ``n``: those that make a network, one that doesn't, and what is said of it."""

    name: str
    text: str
    right: tuple[int, ...]
    wrong: int
    message: str


TABLE = [
    Values(
        "an assertion that fails wherever it is reached",
        'model net(n=4)(x: "b 4"):\n    x | linear n\n    if n < 3:\n'
        '        assert False, "{n} are too few"\n',
        (4, 3),
        2,
        "2 are too few",
    ),
    Values(
        "an assertion that the condition around it contradicts",
        'model net(n=4)(x: "b 4"):\n    if n < 3:\n        assert n > 5, "{n} are too few"\n'
        "    x | linear n\n",
        (4, 5),
        2,
        "2 are too few",
    ),
    Values(
        "a mistake behind the condition",
        'model net(n=4)(x: "b 4"):\n    if n > 3:\n        y = x | linear n\n    else:\n'
        '        z = x | linear 5\n        y = z + "a"\n    y\n',
        (4, 6),
        2,
        '`"a"` is no tensor and no number',
    ),
    Values(
        "a mistake in the first branch",
        'model net(n=4)(x: "b 4"):\n    if n < 3:\n        z = x | linear 5\n        y = z + "a"\n'
        "    else:\n        y = x | linear n\n    y\n",
        (4, 6),
        2,
        '`"a"` is no tensor and no number',
    ),
    Values(
        "a mistake in a branch that would give the result",
        'model net(n=4)(x: "b 4"):\n    if n > 3:\n        x | linear n\n    else:\n'
        '        x + "a"\n',
        (4, 6),
        2,
        '`"a"` is no tensor and no number',
    ),
    Values(
        "a mistake in the first branch, which would give the result",
        'model net(n=4)(x: "b 4"):\n    if n < 3:\n        x + "a"\n    else:\n'
        "        x | linear n\n",
        (4, 6),
        2,
        '`"a"` is no tensor and no number',
    ),
    Values(
        "a mistake in a branch behind the result",
        'model net(n=4)(x: "b 4"):\n    x | linear n\n    if n < 3:\n        assert x, "no"\n',
        (4, 6),
        2,
        "`assert` is checked at construction",
    ),
    Values(
        "a mistake in a stage of a chain, and the numbers of what follows",
        'model net(n=4)(x: "b 4"):\n    x | linear n | (linear 3 | relu) if n > 3 else (_ + "a")\n'
        "    | linear 2\n",
        (4, 6),
        2,
        '`"a"` is no tensor and no number',
    ),
    Values(
        "a mistake in the first stage of a choice, and the numbers of what follows",
        'model net(n=4)(x: "b 4"):\n    x | linear n | (_ + "a") if n < 3 else (linear 3 | relu)\n'
        "    | linear 2\n",
        (4, 6),
        2,
        '`"a"` is no tensor and no number',
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_the_printed_class_refuses_what_is_refused(row: Values) -> None:
    spec = nndsl.parse(row.text, "net.nn")
    namespace = execute(spec.codegen())
    printed = namespace[entry_point(namespace, "net")]
    for n in row.right:
        compare(spec, "net", printed, {"n": n}, {"n": n}, {})
    with pytest.raises(nndsl.SpecError) as refused:
        spec.build(params={"n": row.wrong})
    assert [one.message for one in refused.value.diagnostics if one.severity == "error"] == [
        row.message
    ]
    with pytest.raises(ValueError) as raised:
        printed(row.wrong)
    assert str(raised.value) == row.message
