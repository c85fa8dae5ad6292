"""E5xx: limits that keep any file cheap to read."""

from __future__ import annotations

CODES: dict[str, tuple[str, str, str, str]] = {
    "E501": (
        "limit exceeded",
        "A file is read in bounded time and memory, whatever is in it: 1 MiB a file and 4 MiB\n"
        "with its imports, nesting to 64 levels, numbers of up to 18 digits, tensors of less\n"
        "than 2**63 elements, 250,000 modules in a model that is built.",
        "width = 9 ** 9 ** 9\n\nlinear 784->width\n",
        "width = 9 ** 3\n\nlinear 784->width\n",
    ),
    "E502": (
        "model too large to build",
        "The model is sound, but its parameters and buffers would be more than the budget allows\n"
        "or than the machine has. It is counted before anything is allocated.",
        "linear 1000000000->1000000000\n",
        "linear 1000->1000\n",
    ),
    "E503": (
        "refused by torch",
        "The installed torch does not accept a layer's arguments, or has no such layer; its own\n"
        "words are in the message. A newer torch may have it.",
        "",
        "",
    ),
    "E504": (
        "assertion fails while building",
        "An `assert` of the spec does not hold, which became clear only while building. See E409.",
        "",
        "",
    ),
    "E505": (
        "not known at construction",
        "Something that building needs depends on a size of the run, which became clear only\n"
        "while building. See E304.",
        "",
        "",
    ),
    "E506": (
        "name taken by a module",
        "The name belongs to something that the module of torch has already. See E207.",
        "",
        "",
    ),
    "E507": (
        "not to be imported",
        "A plug-in declared a layer or a function of another package, and that package is not\n"
        "installed here, has no such name, or fails when it is imported. `check` and `codegen`\n"
        "don't import it; `build` has to.",
        "",
        "",
    ),
    "E508": (
        "the rule of a plug-in fails",
        "The shape rule of a layer or function that a plug-in declares raised an exception, or\n"
        "gave something that is no shape. The spec may be right; the plug-in's author can repair\n"
        "it.",
        "",
        "",
    ),
}
