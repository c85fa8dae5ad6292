"""E7xx: files of weights, and how their keys are spelled."""

from __future__ import annotations

_MODEL = 'model net()(x: "b 8"):\n    x | fc: linear 10\n\n'

# The first line of a sample says which tensors the file of weights has.
_FC = 'model net()(x: "b 8"):\n    x | fc: linear(4, bias=False)\n'
_TIED = (
    'model net()(ids: int "b t"):\n    ids | wte: embedding 16->8 | head: linear(16, bias=False)\n'
)

CODES: dict[str, tuple[str, str, str, str]] = {
    "E701": (
        "rule of `weights` can't be read",
        "A rule leads from keys of a file to keys of the model. In their patterns `{name}` is\n"
        "something in one part of a key and `{name...}` any number of whole parts. What is open\n"
        "on the left is filled in on the right; several keys on the left leave the same names\n"
        "open. A list needs a function that makes one tensor of it, such as `cat` or `stack`.",
        _MODEL + 'weights net: "old.{rest...}" -> "{other...}"\n',
        _MODEL + 'weights net: "old.{rest...}" -> "{rest...}"\n',
    ),
    "E702": (
        "a rule leads to a key that the model has not",
        "A rule of `weights` was used for a key of the file, and what it gives is no entry of the\n"
        "model's state dict.",
        "# a file with fc.weight (4, 8), old.weight (4, 8)\n"
        f'{_FC}\nweights net: "old.weight" | relu -> "fd.weight"\n',
        "# a file with old.weight (4, 8)\n"
        f'{_FC}\nweights net: "old.weight" | relu -> "fc.weight"\n',
    ),
    "E703": (
        "missing in the file of weights",
        "The model has a parameter or buffer that the file does not give. Another name of a tied\n"
        "parameter may be missing, and so may the counters of batch norms.",
        '# a file with fc.weight (4, 8)\nmodel net()(x: "b 8"):\n    x | fc: linear 4\n',
        f"# a file with fc.weight (4, 8)\n{_FC}",
    ),
    "E704": (
        "unexpected in the file of weights",
        "The file has a tensor that the model has no place for. `weights` can rename it, or\n"
        "`drop` it.",
        f"# a file with fc.weight (4, 8), fc.mask (4)\n{_FC}",
        f'# a file with fc.weight (4, 8), fc.mask (4)\n{_FC}\nweights net: drop "fc.mask"\n',
    ),
    "E705": (
        "another shape in the file of weights",
        "A tensor of the file has another shape than the model's. The label shows what owns it. A\n"
        "rule of `weights` can turn, split or join tensors.",
        f"# a file with fc.weight (8, 4)\n{_FC}",
        "# a file with fc.weight (8, 4)\n"
        f'{_FC}\nweights net: "fc.weight" | transpose(0, 1) -> "fc.weight"\n',
    ),
    "E706": (
        "another type in the file of weights",
        "The file has integers or bools where the model has floats, or the other way round.\n"
        "Floats of another width are taken as they are.",
        f"# a file with fc.weight (4, 8) of int\n{_FC}",
        "# a file with fc.weight (4, 8) of int\n"
        f'{_FC}\nweights net: "fc.weight" | float(_) -> "fc.weight"\n',
    ),
    "E707": (
        "a rule gives too many tensors, or too few",
        "The functions of a rule give a tensor for each of the keys on its right.",
        "# a file with fc.weight (8, 8)\n"
        f'{_FC}\nweights net: "fc.weight" | chunk(2, dim=0) -> "fc.weight"\n',
        "# a file with fc.weight (8, 8)\n"
        f'{_FC}\nweights net: "fc.weight" | chunk(2, dim=0) | _[0] -> "fc.weight"\n',
    ),
    "E708": (
        "a rule lacks some of its tensors",
        "A rule takes several tensors together, and the file has not all of them.",
        "# a file with a.weight (2, 8)\n"
        f'{_FC}\nweights net: "a.weight", "b.weight" | cat(dim=0) -> "fc.weight"\n',
        "# a file with a.weight (2, 8), b.weight (2, 8)\n"
        f'{_FC}\nweights net: "a.weight", "b.weight" | cat(dim=0) -> "fc.weight"\n',
    ),
    "E709": (
        "two tensors for one key",
        "Two tensors of the file would become one entry of the model.",
        "# a file with fc.weight (4, 8), old.weight (4, 8)\n"
        f'{_FC}\nweights net: "old.weight" -> "fc.weight"\n',
        "# a file with fc.weight (4, 8), old.weight (4, 8)\n"
        f'{_FC}\nweights net: drop "old.weight"\n',
    ),
    "E710": (
        "two values for a tied parameter",
        "The model has one parameter under several names, and the file gives them different\n"
        "values: it is of a model that does not tie them. Found when the file is loaded.",
        "# a file with wte.weight (16, 8), head.weight (16, 8) of ones\n"
        f"{_TIED}    tie head.weight = wte.weight\n",
        f"# a file with wte.weight (16, 8), head.weight (16, 8) of ones\n{_TIED}",
    ),
    "W701": (
        "a rule takes nothing",
        "No key of the file matches the patterns of a rule: its pattern may be misspelt, or this\n"
        "file needs no such rule. The first rule that matches a key takes it.",
        "# a file with fc.weight (4, 8)\n"
        f'{_FC}\nweights net: "module.{{rest...}}" -> "{{rest...}}"\n',
        "# a file with module.fc.weight (4, 8)\n"
        f'{_FC}\nweights net: "module.{{rest...}}" -> "{{rest...}}"\n',
    ),
}
