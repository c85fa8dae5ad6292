"""The sentences of syntax errors, as data.

``PROSE``: code -> message, label, help, label of the cause; ``<word>`` is filled in.
What is said to a line that breaks the grammar stands in ``habits.py``.
"""

from __future__ import annotations

PROSE: dict[str, tuple[str, str, str, str]] = {
    "E100": (
        "the file is not UTF-8: byte <offset> is <byte>", "not valid here",
        "save the file as UTF-8", "",
    ),
    "E101": (
        "the file holds <name> (<point>) at offset <offset>", "can't be seen, so it can't stay",
        "delete it and type the text again", "",
    ),
    "E102": ("`<found>` means nothing here", "", "", ""),
    "E103": ("a tab in the indentation", "a tab", "indent with 4 spaces a level", ""),
    "tabs": (
        "tabs in the indentation of <count> lines", "the first",
        "indent with 4 spaces a level", "",
    ),
    "comment": ("comments begin with `#`", "", "write `#` for `<found>`", ""),
    "path": ("a backslash in a path", "", "folders are separated by `/`", ""),
    "member": (
        "`<found>` is Python's way to name a member", "",
        "a label makes one: `<name>: linear 10`", "",
    ),
    "python": ("`<found>.` is Python's way to name it", "", "<instead>", ""),
    "label": ("a label is followed by `:`, not by `=`", "a label?", "write `<found>: ...`", ""),
    "let": (
        "there is no `<found>`", "", "a value is named by `=` alone: `<name> = ...`", "",
    ),
    "tuple": (
        "bare arguments are separated by spaces, not by `,`", "one more argument?",
        "write `<found>(...)` with all arguments in it", "",
    ),
    "E149": ("an argument is given with `=`", "not `:`", "write `<found>=<value>`", ""),
    "E104": ("`<opened>` is never closed", "opened here", "add `<closing>` where it ends", ""),
    "E105": (
        "`<found>` closes nothing", "no bracket is open here",
        "delete it, or open a bracket before it", "",
    ),
    "E106": (
        "`<found>` does not match `<opened>`", "closes the wrong bracket",
        "`<opened>` is closed by `<closing>`, and what is inside is closed first", "opened here",
    ),
    "E107": (
        "the text in quotes is never closed", "begins here",
        "add <quote> where it ends; it must end on its line", "",
    ),
    "E108": (
        "`<found>` is stuck together", "",
        "put a space between, or remove what is too much", "",
    ),
    "integer": (
        "a number with more than 18 digits, or too large", "",
        "sizes and rates are far smaller than this", "",
    ),
    "file_bytes": (
        "<found> is larger than <limit>", "", "split it into files and `import` them", "",
    ),
    "E111": (
        "this line's indentation fits no block above", "ends between two blocks",
        "line it up with the block that it belongs to", "",
    ),
    "E112": (
        "a backslash in a text", "texts have no escapes",
        "write the character itself; use '...' for a text that holds \"", "",
    ),
    "nesting": (
        "nested more than <limit> levels deep", "one level too many",
        "name the inner parts", "",
    ),
    "depth": (
        "an expression of more than 100 operations in a row", "",
        "name parts of it on lines of their own", "",
    ),
    "E130": ("`<found>` can't stand here", "unexpected", "expected <expected>", ""),
    "E134": (
        "this line is indented, but nothing above opens a block", "too far to the right",
        "write `|` before it if it goes on with the line above, else move it left", "",
    ),
    "E135": (
        "nothing follows this `:`", "a body must follow",
        "write the body behind it, or on the next lines, indented by 4 spaces", "",
    ),
    "E136": (
        "a line can't begin with `<found>`", "does this go on with the line before?",
        "put the whole expression in parentheses; a negative result is written `(-y)`", "",
    ),
    "minus": (
        "a line can't begin with `-`", "does this go on with the line before?",
        "put the whole expression in parentheses, a negative result too: `(-y)`; stages are joined "
        "by `|`, not listed with `-`", "",
    ),
    "E138": ("`<found>.` is Python's way to name it", "", "write the name alone: `<name>`", ""),
    "E139": ("`<found>` is written `<right>`", "", "write `<right>`", ""),
    "E141": (
        "`<found>` belongs into a definition", "stands at the left margin",
        "move it into a `def` or `model`", "",
    ),
    "E142": (
        "`x` can't be an argument without parentheses", "could be the repeat sign",
        "write `<found>(x)`", "",
    ),
    "E143": (
        "it is not clear what is repeated", "all of this, or its last part?",
        "put what is repeated in parentheses: `(...) x3`", "",
    ),
    "E144": (
        "an argument without a name after one with a name", "has no name",
        "put it first, or give it its name", "the first with a name",
    ),
    "E145": ("`<found>` is given twice", "again here", "remove one of the two", "first here"),
    "E148": (
        "bare arguments are separated by spaces, not by `,`", "one more argument?",
        "write `<found> <key>=...`, or `<head>(...)` with commas", "",
    ),
    "E146": (
        "this can't be assigned to", "not a name",
        "the left of `=` holds names: `y = ...` or `a, (b, c) = ...`", "",
    ),
    "E147": (
        "a constant has no attributes", "",
        "put a space, an operator or a comma where the dot is", "",
    ),
    "E150": (
        "a parameter is always float", "",
        'write only its shape: `param <found>: <shape> = ...`', "",
    ),
    "E151": ("`<found>` is no type of an input", "", "<instead>", ""),
    "E152": (
        "the input `<found>` can only have the default None", "",
        "a number that the user sets belongs into the first parentheses", "",
    ),
    "E153": (
        "an output is stated by its shape", "no shape",
        'write it in quotes: `-> "b t d"`', "",
    ),
}  # fmt: skip

# sentences of a code that has others too
VARIANTS = {
    "tabs": "E103", "comment": "E102", "path": "E112", "member": "E138", "python": "E138",
    "minus": "E136", "label": "E149", "let": "E138", "tuple": "E148",
}  # fmt: skip

# types of other languages: what is said to them as the type of an input
TYPES = {
    "Tensor tensor Array array ndarray": 'a tensor says its shape: `x: "b c h w"`',
    "long int32 int64 integer Int LongTensor": 'write `int`: `ids: int "b t"`',
    "float16 float32 float64 bfloat16 half double Float FloatTensor number":
        "leave it out: inputs are float unless they say otherwise",
    "boolean Bool BoolTensor mask": "write `bool`",
    "str layer string Layer Module": "such a parameter stands in the first parentheses",
}  # fmt: skip
TYPE_OF_INPUT = {word: said for words, said in TYPES.items() for word in words.split()}
ANY_TYPE = 'the types are int, float and bool, before them `list`: `ids: int "b t"`'

# names of Python's modules that say something else here
PYTHON = {
    "Parameter": 'a learned parameter is declared: `param name: "c" = ones`',
    "Buffer": "a buffer is declared: `buffer name = ones(8)`",
    "Sequential": "stages are joined by `|`: `linear 64 | relu`",
    "ModuleList": "write `module layers: [linear 64 for i in range(n)]`",
    "Module": "a module is a definition: `def name(size): linear size | relu`",
    "init": "first values are given by rules: `init linear.weight: normal(0, 0.02)`",
    "no_grad": "gradients are for the program that uses the model",
}

CONTROL_NAMES = {
    "\x00": "a NUL byte",
    "\r": "a lone carriage return",
    "\x0c": "a form feed",
    "\x0b": "a vertical tab",
    "\x1b": "an escape character",
    "\x7f": "a delete character",
    "\x08": "a backspace",
}

# signs of other languages: message, label, help
SIGNS: dict[str, tuple[str, str, str]] = {
    ";": ("`;` does not end a line", "", "write each statement on a line of its own"),
    "&&": ("`&&` is written `and`", "", "write `and`"),
    "&": ("`&` is written `and`", "", "write `and`; it works elementwise on bool tensors"),
    "!": ("`!` is written `not`", "", "write `not`"),
    "~": ("`~` is written `not`", "", "write `not`; it works elementwise on bool tensors"),
    "^": ("`^` is no operator here", "", "powers are written `**`"),
    "}": ("braces stand only inside quotes", "", "blocks are indented, lists are written `[...]`"),
    "\\": (
        "lines are not continued with a backslash", "",
        "begin the next line with `|`, or use parentheses",
    ),
    "```": ("a fence of Markdown is no part of the spec", "", "delete the line"),
    "`": ("a backquote means nothing here", "", "quotes are \" or '"),
    "$": ("names have no `$`", "", "delete it"),
    "?": ("there is no `?`", "", "a choice is written `a if cond else b`"),
    "\u201c": ("a curly quote", "", 'use straight quotes: "'),
    "\u201d": ("a curly quote", "", 'use straight quotes: "'),
    "\u2018": ("a curly quote", "", "use straight quotes: '"),
    "\u2019": ("a curly quote", "", "use straight quotes: '"),
    "\u2192": ("an arrow outside ASCII (U+2192)", "", "write `->`"),
    "\xd7": (
        "a multiplication sign outside ASCII (U+00D7)", "",
        "write `x` to repeat, `*` to multiply",
    ),
    "\u2212": ("a minus sign outside ASCII (U+2212)", "", "write `-`"),
    "\u2026": ("an ellipsis outside ASCII (U+2026)", "", "write `...`"),
    "\u2264": ("a sign outside ASCII (U+2264)", "", "write `<=`"),
    "\u2265": ("a sign outside ASCII (U+2265)", "", "write `>=`"),
    "\u2260": ("a sign outside ASCII (U+2260)", "", "write `!=`"),
    "\xa0": ("a non-breaking space (U+00A0)", "", "replace it by an ordinary space"),
}  # fmt: skip
SIGNS_INSIDE = {";": ("`;` separates nothing", "", "write `,`")}
WHOLE_LINES = frozenset({"```"})
BRACED_LABEL = (
    "a label with braces stands in quotes", "", 'write `"<found>":`',
)  # fmt: skip
# what follows an opening brace, up to where reading goes on; ``to`` ends what is underlined
BRACES: tuple[tuple[str, tuple[str, str, str]], ...] = (
    (r"\{[^{}]*\}(?:\w|\{[^{}]*\})*(?P<to>)(?=\s*:)", BRACED_LABEL),
    (
        r"(?P<to>\{)\s*[\"'][^{}]*\}?",
        (
            "there are no dictionaries",
            "",
            "values stand in parameters and lists: `depths=[3, 4, 6]`",
        ),
    ),
    (
        r"(?P<to>\{)(?:[^{}]*\})?",
        (
            "braces stand only inside quotes",
            "",
            "blocks are indented behind `:`, lists are written `[...]`",
        ),
    ),
)
TERMINAL = r"\x1b\[[0-9;]*[A-Za-z]"  # what steers a terminal
# comments of other languages on a line of their own, and what ends them
FOREIGN_COMMENTS = {"/*": "*/", "//": "\n", "-- ": "\n"}
NOT_ASCII = (
    "`<found>` holds a letter or sign outside ASCII",
    "<point>, <name>",
    "names are written with a-z, A-Z, 0-9 and _; other letters may stand in comments and quotes",
)
STUCK = {
    "prefix": (
        "`<found>` directly before a quote",
        "",
        "texts have no prefixes: remove it, `{...}` is filled in where templates are allowed",
    ),
    "triple": ("a text in three quotes", "", "comments begin with `#`, one line each"),
}
_STUCK = "`<found>` is stuck together"
STUCK_NUMBERS: tuple[tuple[str, tuple[str, str, str]], ...] = (
    (r"0[xXbBoO]\w*", ("`<found>` is no number here", "", "numbers are written in decimal")),
    (r"(?P<value>\d+)x(?P<n>\d+)", (_STUCK, "", "write `<value> x<n>`")),
    (r"(?P<value>\d+)[kKmMgG]", ("a number has no unit", "", "write it out: `12_000` for 12k")),
    (
        r"(?P<value>\d+)(?P<name>_?[A-Za-z]\w*)",
        (_STUCK, "", "a name begins with a letter; else put a space between"),
    ),
)
KEYWORD_BEFORE_QUOTE = frozenset(
    {"import", "from", "and", "or", "not", "in", "is", "if", "else", "return"}
)

STATEMENTS = {
    "If": "if",
    "For": "for",
    "ParamDecl": "param",
    "BufferDecl": "buffer",
    "ModuleDecl": "module",
    "Order": "order",
    "Tie": "tie",
    "Init": "init",
}

# what a terminal is called, most telling first
TERMINALS = {
    "COLON": "`:`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "EQUAL": "`=`",
    "_IN": "`in`",
    "_IMPORT": "`import`",
    "_ELSE": "`else`",
    "COMMA": "`,`",
    "VBAR": "`|`",
    "_NL": "the end of the line",
    "NAME": "a name",
    "INT": "a number",
    "STRING": "a text in quotes",
    "LPAR": "`(`",
    "DEF": "`def`",
    "_ARROW": "`->`",
    "DROP": "`drop`",
    "_INDENT": "an indented block",
}
UNFINISHED = ("the line ends too early", "something is missing after this", "expected <expected>")
