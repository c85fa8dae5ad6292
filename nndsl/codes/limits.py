"""E5xx: limits that keep any file cheap to read."""

from __future__ import annotations

CODES: dict[str, tuple[str, str, str, str]] = {
    "E501": (
        "text too large",
        "A file may have 1 MiB, and 4 MiB with all that it imports. `--limit file_bytes=N` and\n"
        "`--limit total_bytes=N` change that.",
        "",
        "",
    ),
    "E502": (
        "model too large to build",
        "The model is sound, but its parameters and buffers would be more than the budget allows\n"
        "or than the machine has. It is counted before anything is allocated. `--limit\n"
        "elements=N` and, where it is really allocated, `--limit memory=N` (bytes) change that.",
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
    "E509": (
        "nested too deeply",
        "Brackets and blocks may stand 64 deep in each other, definitions may use each other 200\n"
        "deep, and a model that is built may be 64 definitions deep. An expression may have 100\n"
        "operations in a row. Deeper ones would overflow a stack. `--limit nesting=N` and\n"
        "`--limit depth=N` lower that.",
        f"a = {'(' * 70}1{')' * 70}\n\nlinear 8->8\n",
        "a = 1\n\nlinear 8->a\n",
    ),
    "E510": (
        "number too large",
        "Whole numbers are below 2**63, as those of torch are, written with 18 digits at most,\n"
        "and no tensor has more numbers in it. `--limit integer=N` lowers that.",
        "width = 9 ** 9 ** 9\n\nlinear 784->width\n",
        "width = 9 ** 3\n\nlinear 784->width\n",
    ),
    "E511": (
        "list or text too long",
        "A list has 100,000 items at most, those of the lists in it counted too, and a text\n"
        "100,000 characters; a loop that is written out has as many rounds. `--limit items=N` and\n"
        "`--limit text=N` change that. A repeat whose rounds keep the shape may have any number.",
        "rows = [0] * 10 ** 9\n\nlinear 8->8 | linear(len(rows))\n",
        "rows = [0] * 10\n\nlinear 8->8 | linear(len(rows))\n",
    ),
    "E512": (
        "too much to work out",
        "What is known at construction is worked out in a million steps at most, some ten\n"
        "microseconds each, so that no file keeps its reader waiting. A published network takes\n"
        "some ten thousand. `--limit steps=N` changes that.",
        "a = [1 for i in range(9999) for j in range(9999) if False]\n\nlinear 8->8\n",
        "a = [1 for i in range(9) for j in range(9) if False]\n\nlinear 8->8\n",
    ),
    "E513": (
        "too many imports",
        "A file may import 1,000 others, each counted once. `--limit imports=N` changes that.",
        "",
        "",
    ),
    "E514": (
        "too many modules",
        "The model is sound, but would have more than 250,000 modules, or as many steps as they\n"
        "would need. It is counted before anything is constructed. `--limit modules=N` changes\n"
        "that.",
        "linear 8->8 | (linear 8 | relu) x 1000000\n",
        "linear 8->8 | (linear 8 | relu) x 10\n",
    ),
}
