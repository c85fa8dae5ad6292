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
    "E104": ("`<opened>` is never closed", "opened here", "add the closing bracket", ""),
    "E105": (
        "`<found>` closes nothing", "no bracket is open here",
        "delete it, or open a bracket before it", "",
    ),
    "E106": (
        "`<found>` does not match `<opened>`", "closes the wrong bracket",
        "close the brackets in the order they were opened", "opened here",
    ),
    "E107": (
        "the text in quotes is never closed", "begins here",
        "add <quote> where it ends; it must end on its line", "",
    ),
    "E108": (
        "`<found>` is stuck together", "",
        "put a space between, or remove what is too much", "",
    ),
    "digits": (
        "a number with more than 18 digits, or too large", "",
        "sizes and rates are far smaller than this", "",
    ),
    "size": ("<found> is larger than 1 MiB", "", "split it into files and `import` them", ""),
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
    "chain": (
        "an expression of more than 100 operations in a row", "",
        "name parts of it on lines of their own", "",
    ),
    "E130": ("`<found>` can't stand here", "unexpected", "expected <expected>", ""),
    "E134": (
        "this line is indented, but nothing above opens a block", "too far to the right",
        "move it left; a line that goes on with the pipeline begins with `|`", "",
    ),
    "E135": (
        "nothing follows this `:`", "a body must follow",
        "write the body behind it, or on the next lines, indented by 4 spaces", "",
    ),
    "E136": (
        "a line can't begin with `<found>`", "does this go on with the line before?",
        "put the whole expression in parentheses; a negative result is written `(-y)`", "",
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
        "bare arguments are separated by spaces, not by `,`",
        "one more argument?",
        "write `<found> name=value`, or use parentheses",
        "",
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
        'write only its shape: `param <found>: "c" = ...`', "",
    ),
    "E151": (
        "`<found>` is no type of an input", "",
        'the types are int, float and bool, before them `list`: `ids: int "b t"`', "",
    ),
    "E152": (
        "the input `<found>` can only have the default None", "",
        "a number that the user sets belongs into the first parentheses", "",
    ),
    "E153": (
        "an output is stated by its shape", "no shape",
        'write it in quotes: `-> "b t d"`', "",
    ),
}  # fmt: skip

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
    "{": ("braces stand only inside quotes", "", "blocks are indented, lists are written `[...]`"),
    "}": ("braces stand only inside quotes", "", "blocks are indented, lists are written `[...]`"),
    "\\": (
        "lines are not continued with a backslash", "",
        "begin the next line with `|`, or use parentheses",
    ),
    "`": ("a backquote means nothing here", "", "quotes are \" or '"),
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
