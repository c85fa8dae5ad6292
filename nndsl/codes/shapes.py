"""E3xx: shapes and types of what flows."""

from __future__ import annotations

CODES: dict[str, tuple[str, str, str, str]] = {
    "E301": (
        "shapes don't fit",
        "A layer or function receives a tensor of another shape than it was told to expect, or\n"
        "two tensors that are combined have sizes that can't be combined. The labels show where\n"
        "each size comes from. Leaving the input size out is usually the repair: it is inferred.",
        "linear 784->256 | relu | linear 128->10\n",
        "linear 784->256 | relu | linear 10\n",
    ),
    "E302": (
        "wrong number of axes",
        "A layer receives a tensor with more or fewer axes than it can take. Axes are added,\n"
        'joined and split with patterns: `"b c h w -> b (c h w)"` or `flatten`.',
        'model net()(image: "b 3 32 32"):\n    image | lstm 64 | _[0]\n',
        'model net()(image: "b 3 32 32"):\n'
        '    image | "b c h w -> b (h w) c" | lstm(64, batch_first=True) | _[0]\n',
    ),
    "E303": (
        "wrong dtype",
        "A tensor holds integers where floats are wanted, or the other way round. An input is\n"
        "float if its declaration does not say `int` or `bool`; `float(x)` and `int(x)` convert.",
        'model net()(ids: "b t"):\n    ids | embedding 100->16\n',
        'model net()(ids: int "b t"):\n    ids | embedding 100->16\n',
    ),
    "E304": (
        "size must be known at construction",
        "Layers, parameters, counts, labels and conditions are fixed when the model is built.\n"
        'A size that an input leaves open (`h` in `"b 3 h w"`) is only known when it runs.\n'
        "Give that axis of the input a number or a static parameter.",
        'model net()(x: "b t d"):\n    x | linear 64\n',
        'model net(width=32)(x: "b t {width}"):\n    x | linear 64\n',
    ),
    "E305": (
        "input size unknown",
        "The first layer needs to know the size of its input, and nothing says it. State both\n"
        "sizes with `->`, or declare the input with a pattern.",
        "linear 256 | relu | linear 10\n",
        "linear 784->256 | relu | linear 10\n",
    ),
    "E306": (
        "stated output differs",
        "The definition says after `->` what it gives, and its body gives something else.",
        'model net()(x: "b 784") -> "b 12":\n    linear 10\n',
        'model net()(x: "b 784") -> "b 10":\n    linear 10\n',
    ),
    "E307": (
        "several outputs flow into one tensor",
        "The stage before gives a tuple or a list, and the stage after takes one tensor. Choose\n"
        "one with `_[0]`, or take them apart: `y, (h, c) = x | lstm 128`.",
        'model net()(x: "t b 32"):\n    x | lstm 128 | linear 10\n',
        'model net()(x: "t b 32"):\n    x | lstm 128 | _[0] | linear 10\n',
    ),
    "E308": (
        "axis pattern can't be read",
        "The pattern is not of a form that can stand here: an input's pattern names its axes and\n"
        "has neither `->` nor groups, a parameter's pattern holds sizes, and both sides of a\n"
        "rearrangement hold the same names, each once.",
        'model net()(x: "b (h w) c"):\n    x | linear 10\n',
        'model net()(x: "b 16 32"):\n    x | linear 10\n',
    ),
}
