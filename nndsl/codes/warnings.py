"""W6xx: what is allowed and worth a look."""

from __future__ import annotations

CODES: dict[str, tuple[str, str, str, str]] = {
    "W601": (
        "definition hides a built-in",
        "A definition has the name of a built-in layer or function, in some spelling. It is used\n"
        "from here on wherever the name stands.",
        "def Linear(n): linear n | relu\n\nlinear 784->64 | Linear(10)\n",
        "def linear_relu(n): linear n | relu\n\nlinear 784->64 | linear_relu(10)\n",
    ),
    "W602": (
        "unlabelled layers made names in the state dict",
        "In a body that is no plain pipeline, a layer without a label is named after itself\n"
        "(`linear`, `linear_1`) by its place in the text. Another layer put before it changes\n"
        "these names, and saved weights no longer load. Labels make the names lasting.",
        'model net()(x: "b 784"):\n    y = x | linear 64\n    y | linear 10\n',
        'model net()(x: "b 784"):\n    y = x | fc1: linear 64\n    y | fc2: linear 10\n',
    ),
    "W603": (
        "input never read",
        "A definition declares a tensor input that its body does not read.",
        'model net()(x: "b 784", y: "b 784"):\n    x | linear 10\n',
        'model net()(x: "b 784", y: "b 784"):\n    x + y | linear 10\n',
    ),
    "W605": (
        "more findings than are told",
        "A run tells so many findings, 100 unless `--limit findings=N` says otherwise, errors\n"
        "before warnings. What is wrong behind them shows once they are repaired.",
        "",
        "",
    ),
    "W604": (
        "sequence layer runs along the batch",
        "Recurrent layers, attention and transformers take (sequence, batch, features) unless\n"
        "`batch_first=True` says otherwise, as in torch. Here the first axis is named `b` or\n"
        "`batch`, so that the examples of a batch would be read as the steps of a sequence.",
        'model net()(x: "b t 8"):\n    y, h = x | enc: lstm 16\n    y\n',
        'model net()(x: "b t 8"):\n    y, h = x | enc: lstm(16, batch_first=True)\n    y\n',
    ),
}
