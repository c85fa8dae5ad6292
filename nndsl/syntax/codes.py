"""E1xx: what is wrong with the characters and the grammar of a file.

Code -> title, explanation, a wrong sample, the repaired one.
"""

from __future__ import annotations

_RIGHT = "linear 784->256 | relu | linear 10\n"

SYNTAX_CODES: dict[str, tuple[str, str, str, str]] = {
    "E100": (
        "not UTF-8",
        "The file's bytes are no UTF-8 text. The message names the first byte that does not fit,\n"
        "counted from 0. Save the file as UTF-8 in your editor.",
        "",
        "",
    ),
    "E101": (
        "invisible character",
        "Control characters, lone carriage returns, zero-width characters and those that turn the\n"
        "direction of text can't be seen, so a file could mean something else than it shows. They\n"
        "are refused everywhere, also in comments and quotes.",
        "linear 784->256 | re\u200blu | linear 10\n",
        _RIGHT,
    ),
    "E102": (
        "character without a meaning",
        "The sign is not part of the language. Names are written in ASCII; other letters may\n"
        "stand in comments and quotes. Signs of other languages have their own spelling here:\n"
        "`and` for `&&`, `not` for `!`, `->` for an arrow, straight quotes for curly ones, `#`\n"
        "before comments.",
        "linear 784\u2192256 | relu | linear 10\n",
        _RIGHT,
    ),
    "E103": (
        "tab in the indentation",
        "How wide a tab is depends on the editor, so blocks are indented with spaces, 4 a level.",
        'model f()(x: "b 784"):\n\tlinear 10\n',
        'model f()(x: "b 784"):\n    linear 10\n',
    ),
    "E104": (
        "bracket not closed",
        "A bracket was opened and the file, or the block it stands in, ended before it was closed.",
        "linear(784->256 | relu | linear 10\n",
        "linear(784->256) | relu | linear 10\n",
    ),
    "E105": (
        "bracket that closes nothing",
        "A closing bracket stands where none is open.",
        "linear 784->256) | relu | linear 10\n",
        _RIGHT,
    ),
    "E106": (
        "brackets don't match",
        "What was opened with `(` is closed with `]`, or the other way round.",
        "linear(784->256] | relu | linear 10\n",
        "linear(784->256) | relu | linear 10\n",
    ),
    "E107": (
        "quote not closed",
        "A text in quotes ends on the line on which it begins.",
        'linear 784->256 | "b c | linear 10\n',
        'linear 784->256 | "b c" | linear 10\n',
    ),
    "E108": (
        "stuck together",
        'A number runs into a name, or a name into a quote: `64x3`, `0x10`, `f"..."`. Put a space\n'
        "between. Texts have no prefixes and no triple quotes.",
        "linear 784->256 | linear 64x3 | linear 10\n",
        "linear 784->64 | linear 64 x3 | linear 10\n",
    ),
    "E111": (
        "indentation fits no block",
        "A line goes back to the left, but not to where a block above began.",
        'model f()(x: "b 784"):\n        y = x | linear 10\n    y\n',
        'model f()(x: "b 784"):\n    y = x | linear 10\n    y\n',
    ),
    "E112": (
        "backslash in a text",
        "Texts have no escapes. Write the character itself; a text that holds one kind of quote\n"
        "is written in the other.",
        'linear 784->256 | "b\\tc" | linear 10\n',
        'linear 784->256 | "b c" | linear 10\n',
    ),
    "E130": (
        "unexpected word or sign",
        "The line made sense up to here. The help says what could stand instead.",
        "linear 784->256 | () | linear 10\n",
        _RIGHT,
    ),
    "E131": (
        "`:` is missing",
        "The first line of a definition, an `if` or a `for` ends with `:`; its body follows on\n"
        "the same line or on the next ones, indented.",
        'model f()(x: "b 784") linear 10\n',
        'model f()(x: "b 784"): linear 10\n',
    ),
    "E132": (
        "something is missing",
        "The line, or the bracket, ends before the statement is complete.",
        "linear 784->256 | relu |\n",
        _RIGHT,
    ),
    "E133": (
        "something is missing between two values",
        "Stages are joined by `|`, other values by an operator or a comma.",
        "linear(784->256) relu | linear 10\n",
        "linear(784->256) | relu | linear 10\n",
    ),
    "E134": (
        "unexpected indentation",
        "A line stands further to the right than the one before, which opens no block. Only a\n"
        "line that begins with `|` goes on with the line before.",
        "linear 784->256\n    relu\n",
        "linear 784->256\n    | relu\n",
    ),
    "E135": (
        "body is missing",
        "After `:` comes a body: on the same line, or on the next lines, indented.",
        'model f()(x: "b 784"):\nlinear 10\n',
        'model f()(x: "b 784"):\n    linear 10\n',
    ),
    "E136": (
        "line begins with an operator",
        "Only `|` continues the line before. Another expression over several lines stands in\n"
        "parentheses. A result that begins with a minus sign is written `(-y)`.",
        'model f()(x: "b 784"):\n    y = x | linear 784\n    y\n    + x\n',
        'model f()(x: "b 784"):\n    y = x | linear 784\n    (y\n     + x)\n',
    ),
    "E137": (
        "keyword as a name",
        "Words that Python or this language keeps for itself can't be names: printed source would\n"
        "not run.",
        "linear 784->256 | linear(class)\n",
        _RIGHT,
    ),
    "E138": (
        "Python habit",
        "The language is a small part of Python: no classes, lambdas, `while`, modules or\n"
        "assignments with operators, and layers are named without `nn.`. A label makes a member,\n"
        "not `self`.",
        "import torch\n\nlinear 784->256 | relu | linear 10\n",
        _RIGHT,
    ),
    "E139": (
        "spelled differently",
        "`True`, `False` and `None` are capitalised; `or`, `and` and `not` are words. Stages are\n"
        "joined by one `|`, and `->` is the one arrow.",
        "linear(784->256, bias=false) | relu | linear 10\n",
        "linear(784->256, bias=False) | relu | linear 10\n",
    ),
    "E140": (
        "`->` out of place",
        "`->` stands between the input and the output size of a layer, and before the stated\n"
        "outputs of a definition.",
        "linear 784-> | relu | linear 10\n",
        _RIGHT,
    ),
    "E141": (
        "statement outside of a definition",
        "`param`, `buffer`, `module`, `order`, `tie`, `init`, `if` and `for` say something about\n"
        "the module that they stand in.",
        'param g: "1" = ones\n\nlinear 784->256 | relu | linear 10\n',
        'model f()(x: "b 784"):\n    param g: "1" = ones\n    x * g | linear 10\n',
    ),
    "E142": (
        "`x` as an argument without parentheses",
        "After a stage `x` is the repeat sign, so a name `x` is given in parentheses.",
        "linear x\n",
        "linear 784->10\n",
    ),
    "E143": (
        "repeat that can't be read",
        "The repeat sign is a small `x` behind one layer, call or group; a number, a name or\n"
        "parentheses follow. An expression with operators is put in parentheses, so that it is\n"
        "clear what is repeated.",
        "linear 784->256 | _ + relu x3 | linear 10\n",
        "linear 784->256 | (_ + relu) x3 | linear 10\n",
    ),
    "E144": (
        "argument without a name after one with a name",
        "As in Python, arguments by position come first.",
        "linear 784->256 | linear(bias=False, 10)\n",
        "linear 784->256 | linear(10, bias=False)\n",
    ),
    "E145": (
        "given twice",
        "Two arguments of a call, or two parameters of a definition, have the same name.",
        "linear 784->256 | linear(10, bias=False, bias=True)\n",
        "linear 784->256 | linear(10, bias=False)\n",
    ),
    "E146": (
        "can't be assigned to",
        "The left side of `=` is a name, or names separated by commas.",
        'model f()(x: "b 784"):\n    x[0] = 1\n    linear 10\n',
        'model f()(x: "b 784"):\n    y = x\n    y | linear 10\n',
    ),
    "E147": (
        "attribute of a constant",
        "Numbers, texts and True, False, None have no attributes.",
        "width = 4 .real\n\nlinear 784->width\n",
        "width = 4\n\nlinear 784->width\n",
    ),
    "E148": (
        "too much for a bare argument",
        "Without parentheses an argument is one number, name or text, `a->b` or `key=value`.\n"
        "Anything more is written with parentheses and commas.",
        "width = 4\n\nlinear 784->width * 2\n",
        "width = 4\n\nlinear(784->width * 2)\n",
    ),
    "E149": (
        "`:` and `=` mixed up",
        "`:` follows labels, heads of definitions and what has a type; `=` gives a value.",
        'model f()(x: "b 784") = linear 10\n',
        'model f()(x: "b 784"): linear 10\n',
    ),
    "E150": (
        "type of a parameter",
        "A learned parameter is always float; only its shape is stated.",
        'model f()(x: "b 784"):\n    param g: int "1" = ones\n    x * g | linear 10\n',
        'model f()(x: "b 784"):\n    param g: "1" = ones\n    x * g | linear 10\n',
    ),
    "E151": (
        "unknown type of an input",
        "Inputs are int, float (if nothing is said) or bool tensors, `list` before it for a list.",
        'model f()(x: Tensor "b 784"):\n    linear 10\n',
        'model f()(x: "b 784"):\n    linear 10\n',
    ),
    "E152": (
        "default of an input",
        "An input may be left out if its default is None. Numbers that are chosen when the model\n"
        "is constructed belong into the first parentheses.",
        'model f()(x: "b 784", scale: "1" = 2):\n    x * scale | linear 10\n',
        'model f(scale=2)(x: "b 784"):\n    x * scale | linear 10\n',
    ),
    "E153": (
        "stated output without a shape",
        "After `->` stands the shape of the output in quotes; several have names.",
        'model f()(x: "b 784") -> float:\n    linear 10\n',
        'model f()(x: "b 784") -> "b 10":\n    linear 10\n',
    ),
}
