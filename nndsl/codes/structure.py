"""E4xx: statements, names in the state dict, what flows where."""

from __future__ import annotations

CODES: dict[str, tuple[str, str, str, str]] = {
    "E401": (
        "two things under one name",
        "Two layers, parameters or buffers of one module have the same name, so that one would\n"
        "replace the other in the state dict. Branches that exclude each other may share one.",
        "fc: linear 784->64 | relu | fc: linear 10\n",
        "fc1: linear 784->64 | relu | fc2: linear 10\n",
    ),
    "E402": (
        "value never used",
        "A value is computed and nothing reads it. Most often a line was meant to go on: begin\n"
        "the next line with `|`.",
        'model net()(x: "b 784"):\n    y = x | linear 64\n    x | linear 10\n',
        'model net()(x: "b 784"):\n    y = x | linear 64\n    y | linear 10\n',
    ),
    "E403": (
        "stage ignores what flows in",
        "A stage does not read the tensor that flows into it, so all before it is lost. `_` is\n"
        "the tensor flowing in.",
        'model net()(x: "b 784", y: "b 784"):\n    x | linear 64 | y + 1 | linear 10\n',
        'model net()(x: "b 784", y: "b 64"):\n    x | linear 64 | y + _ | linear 10\n',
    ),
    "E404": (
        "names nothing",
        "A path in `order` or `tie` does not lead to a layer or parameter of this definition, or\n"
        "an `init` rule finds no parameter in it.",
        'model net()(x: "b 784"):\n    x | fc: linear 10\n    order fd\n',
        'model net()(x: "b 784"):\n    x | fc: linear 10\n    order fc\n',
    ),
    "E405": (
        "condition can't be decided",
        "`if` is decided when the model is built. This condition depends on a size that is only\n"
        "known when it runs, or on a tensor. `if training:` is the one condition of the run;\n"
        "`where(test, a, b)` chooses between tensors.",
        'model net()(x: "b t 32"):\n    if t > 8:\n        x = x[:, :8]\n    x | linear 10\n',
        'model net(t=16)(x: "b {t} 32"):\n    if t > 8:\n        x = x[:, :8]\n    x | linear 10\n',
    ),
    "E406": (
        "carried value changes",
        "A name that a run-time loop, or either branch of an `if`, assigns must keep its kind\n"
        "and shape.",
        'model net()(x: "b t 32"):\n    h = x[:, 0]\n    for xt in unbind(x, dim=1):\n'
        "        h = cat(h, xt, dim=1)\n    h\n",
        'model net()(x: "b t 32"):\n    h = x[:, 0]\n    for xt in unbind(x, dim=1):\n'
        "        h = h + xt\n    h\n",
    ),
    "E407": (
        "statement not allowed here",
        "Some statements have their place: `loss` in a model, nothing but `order`, `tie`,\n"
        "`init`, `loss` and `assert` after the result, nothing that holds state in a `fn`.",
        "fn twice(a):\n    param g = ones\n    a * g\n\nlinear 784->10 | twice\n",
        "fn twice(a):\n    a * 2\n\nlinear 784->10 | twice\n",
    ),
    "E408": (
        "no result",
        "The body of a definition ends without a value. Its last value statement is its result.",
        'model net()(x: "b 784"):\n    y = x | linear 10\n',
        'model net()(x: "b 784"):\n    y = x | linear 10\n    y\n',
    ),
    "E409": (
        "assertion does not hold",
        "An `assert` of the spec is false for these parameters. The message is the spec's own.",
        'model net(width=65)(x: "b 784"):\n    assert width % 2 == 0, "width is even"\n'
        "    linear width\n",
        'model net(width=64)(x: "b 784"):\n    assert width % 2 == 0, "width is even"\n'
        "    linear width\n",
    ),
}
