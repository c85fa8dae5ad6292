"""E2xx: names and arguments."""

from __future__ import annotations

CODES: dict[str, tuple[str, str, str, str]] = {
    "E201": (
        "unknown name",
        "A name is looked up in the body, the parameters, the file, its imports, the prelude and\n"
        "then among the built-in layers and functions. It was found in none of them. Layer names\n"
        "are compared without case and underscores; all other names must match exactly.",
        "linear 784->256 | relluu | linear 10\n",
        "linear 784->256 | relu | linear 10\n",
    ),
    "E202": (
        "unknown argument",
        "A layer, function or definition is given an argument that it does not have. Arguments\n"
        "of built-in layers have the names that torch.nn gives them.",
        "linear 784->256 | dropout(rate=0.5) | linear 10\n",
        "linear 784->256 | dropout(p=0.5) | linear 10\n",
    ),
    "E203": (
        "missing argument",
        "An argument without a default was not given. Sizes that follow from the input need not\n"
        "be given; all others must.",
        "linear 784->256 | relu | linear\n",
        "linear 784->256 | relu | linear 10\n",
    ),
    "E204": (
        "too many arguments",
        "More arguments were given by position than there are places, or one was given twice.\n"
        "Sizes that follow from the input have no place: write `conv(64, 3)`, not\n"
        "`conv(3, 64, 3)` as in torch.",
        "linear 784->256 | relu(True, 3) | linear 10\n",
        "linear 784->256 | relu | linear 10\n",
    ),
    "E205": (
        "wrong type of argument",
        "A value has another type than its parameter: text where a number is wanted, a float\n"
        "where a size is wanted (`/` gives a float, `//` an integer), a tensor where a value\n"
        "must be known at construction.",
        'model net(width=64)(x: "b 784"):\n    linear(width / 2)\n',
        'model net(width=64)(x: "b 784"):\n    linear(width // 2)\n',
    ),
    "E206": (
        "value out of range",
        "The number has the right type, but the layer does not accept it: a probability above 1,\n"
        "a size below 1, a count below 0, a value that is not a number.",
        "linear 784->256 | dropout 1.5 | linear 10\n",
        "linear 784->256 | dropout 0.5 | linear 10\n",
    ),
    "E207": (
        "name not allowed",
        "The name can't be an attribute of a module (a Python keyword, or something that every\n"
        "nn.Module has, such as `forward` or `train`), or printed source needs it for something\n"
        "else (`torch`, `nn`, `F`, `self`, ...). Names are never changed in silence, so\n"
        "another one must be chosen.",
        "train: linear 784->10\n",
        "training_head: linear 784->10\n",
    ),
    "E208": (
        "defined twice",
        "Two items of a file, two parameters or two inputs have the same name.",
        "def head(n): linear n | relu\ndef head(n): linear n\n\nlinear 784->64 | head(10)\n",
        "def head(n): linear n | relu\ndef tail(n): linear n\n\nlinear 784->64 | head(10)\n",
    ),
    "E209": (
        "import problem",
        "An imported file can't be found or read, lies outside the root folder, is a link or no\n"
        "plain file, or does not define the imported name. Paths are relative to the importing\n"
        "file. A text without a file (standard input, `-e`) can't import.",
        'import "missing.nn"\n\nlinear 784->10\n',
        "linear 784->10\n",
    ),
    "E210": (
        "cycle",
        "Definitions that use each other in a circle would never end, and files that import each\n"
        "other in a circle have no order. The message shows the way round. For repetition use\n"
        "`x n`, a comprehension or `for`.",
        "def again(n): linear n | again(n)\n\nlinear 784->64 | again(64)\n",
        "def once(n): linear n | relu\n\nlinear 784->64 | once(64) x2\n",
    ),
    "E211": (
        "wrong kind of thing",
        "Something is used as what it is not: a number is called, a layer is added to a number, a\n"
        "tensor is used as a layer, a declared module is passed as a template.",
        "width = 64\n\nlinear 784->64 | width(10)\n",
        "width = 64\n\nlinear 784->64 | linear width\n",
    ),
}
