"""What other languages, and tools beside them, write, and how it is said here, as data.

The same form as ``habits.HABITS``, tried before them. The group ``at`` of a pattern is what is
underlined, instead of the word where the line stopped making sense.
"""

from __future__ import annotations

_ANY: frozenset[str] = frozenset()
_COMMA = frozenset({"COMMA"})
_STAGE_END = frozenset({"VBAR"})
# an expression up to where its brackets, or the stage, end
_BODY = (
    r"(?P<body>(?:[^|#,()\[\]\s]|\s+(?=[^|#,)\]\s])|[(\[][^()\[\]]*[)\]])+)"
    r"(?=\s*(?:$|[|#,)\]]))"
)
# where a stage begins
_START = r"(?:^|[|=(:]\s*|\breturn )"
_HEAD = r"^(?P<word>def|model|fn|activation)\b"

Habit = tuple[frozenset[str], str, str, str, str, str]

# statements of Python that have no place here, and what to do instead
_STATEMENTS = {
    "pass": "every body gives a value: `_` is the tensor flowing in",
    "break": "a loop makes all its rounds: choose what it goes over, `for i in range(n):`",
    "continue": "a loop makes all its rounds: choose what it goes over, `for i in range(n):`",
    "raise": 'say what must hold: `assert cond, "message"`',
    "with": "gradients, devices and precision are for the program that uses the model",
    "global": "names of the file can be read as they are",
    "nonlocal": "names of the file can be read as they are",
    "try": "what can't be built is said when the spec is checked",
    "except": "what can't be built is said when the spec is checked",
    "finally": "what can't be built is said when the spec is checked",
    "del": "what nobody reads costs nothing",
    "yield": "several values are given with commas: `y, z`",
    "async": "the body of a definition says only what flows where",
}

IDIOMS: tuple[Habit, ...] = (
    # ------------------------------------------------------------ signs
    (
        _ANY, r"^(if|elif|assert)\b.*(?P<at>¦\|\||\|¦\|)", "E139",
        "`||` is written `or`", "", "write `or`",
    ),
    (
        _ANY, r"(?P<at>¦\|\||\|¦\|)", "E139",
        "one `|` stands between two stages", "", "write `|`; between conditions write `or`",
    ),
    (_ANY, r"(?P<at>\|¦>)", "E139", "`|>` is written `|`", "", "write `|`"),
    (_ANY, r"(?P<at>¦>\s?>)", "E139", "stages are joined by `|`", "not by `>>`", "write `|`"),
    (_ANY, r"(?P<at>=¦>)", "E139", "`=>` is written `->`", "", "write `->`"),
    (
        _ANY, r"(?P<at>¦-(\s+|-)>)", "E139",
        "an arrow is written `->`", "", "write `->`, nothing between",
    ),
    (
        _ANY, r"\b\w+ (?P<a>\w+)\s*(?P<at>¦<-)\s*(?P<b>\w+)", "E139",
        "there is no `<-`", "", "the input size stands in front: `784->256`",
    ),
    (
        _ANY, r"(?P<name>\w+)(?P<at>(?P<op>[+-])(?P=op)¦)$", "E138",
        "there is no `<op><op>`", "", "write `<name> = <name> <op> 1`",
    ),
    (
        _ANY, r"^(?P<name>\w+)\s*(?P<at>(?P<op>\*\*|//|[-+*/%@])¦=)(?!=)\s*(?P<rest>[^#]+)", "E138",
        "there is no assignment with an operator", "",
        "write it out: `<name> = <name> <op> <rest>`",
    ),
    (
        _ANY, r"(?P<at>\d+\s*(¦%|%\s*¦))\s*([|),]|$)", "E130",
        "there is no percent sign", "", "write a fraction: 50 % is `0.5`",
    ),
    (
        _ANY, r"^(if|elif|assert)\b[^=]*[\w\"')\]]\s*¦=(?!=)", "E149",
        "`=` gives a value, and a condition compares", "", "write `==`",
    ),
    (
        _ANY, r"^(if|elif|else|for)\b.*\b(?P<at>¦(?P<said>then|do)\b)", "E138",
        "there is no `<said>`", "", "write `:`",
    ),
    (_ANY, r"^¦@\s*\w", "E138", "there are no decorators", "", "delete the line"),
    (_ANY, r":\s*¦:", "E149", "one `:` is enough", "a second one", "delete it"),
    (_ANY, r",\s*¦,", "E130", "nothing stands between two commas", "", "delete one of them"),
    (
        _ANY,
        r"\s(?P<at>(¦//\s*[A-Za-z]\w*\s+[A-Za-z]|//¦?\s*[A-Za-z]\w*\s¦[A-Za-z]).*)$",
        "E138",
        "comments begin with `#`",
        "",
        "write `#` for `//`",
    ),
    (
        _ANY,
        r"^(?!from\b).*\w\s*(?P<at>¦(?P<op>\*\*|//|[-+*/%@]))\s*$",
        "E132",
        "the line ends too early",
        "something is missing after this",
        "write a value behind `<op>`; what goes on below stands in parentheses",
    ),
    # ------------------------------------------------------------ words
    (
        _ANY, r"^¦class\b(?!\s*[=|:])", "E138",
        "there are no classes", "",
        "a module is a definition, with its layers where they are used: "
        "`def name(size): linear size | relu`",
    ),
    (
        _ANY,
        r"^¦(?P<word>and|or|in|is|if|else|elif|as|for|not|return|class|while)\s*(=(?!=)|\|)",
        "E137",
        "`<word>` is a keyword and can't be a name", "", "choose another name: `<word>_`",
    ),
    (
        _ANY, r"¦lambda\s*([=,)|\]]|$)", "E137",
        "`lambda` is a keyword of Python and can't be a name", "",
        "choose another name: `lambda_`",
    ),
    (
        _ANY, r"¦lambda\s+(?P<args>[\w, ]+):\s*" + _BODY, "E138",
        "there is no `lambda`", "", "define it: `fn name(<args>): <body>`",
    ),
    *(
        (_ANY, rf"^¦{word}\b(?!\s*[=|])", "E138", f"there is no `{word}`", "", instead)
        for word, instead in _STATEMENTS.items()
    ),
    (
        _ANY, r"\w\((?:[^()]*,)?\s*¦\*\*", "E138",
        "there is no `**` among arguments", "",
        "give each by its name; `f(...)` passes all that have the same name here",
    ),
    (
        _ANY, r"^import\s+[\"'][^\"']*[\"']\s*(?P<at>¦as\b.*)", "E138",
        "what is imported keeps its names", "", "delete it: the file's names are there as they are",
    ),
    (
        _ANY, r"^from\s+(?P<file>[\"'][^\"']*[\"'])\s+import\s*¦\*", "E138",
        "`*` is not needed to import all", "", "write `import <file>`",
    ),
    (
        _ANY, r"^loss\s+(?P<at>\w+¦(?:\.\w+)*\.(?P<name>\w+))", "E138",
        "`<at>` is Python's way to name it", "", "write the name alone: `<name>`",
    ),
    # ------------------------------------------------------------ heads of definitions
    (
        _ANY, _HEAD + r"\s*¦\(", "E130", "`<word>` is not complete", "no name stands here",
        "write `<word> name(...)`",
    ),
    (
        _ANY, r"^(def|model|fn|activation|weights)\s+(?P<at>(?P<a>\w+)¦-(?P<b>\w+))", "E130",
        "a name has no `-`", "", "write `<a>_<b>`",
    ),
    (
        _ANY, _HEAD + r"\s+(?P<name>\w+)\s+(?P<at>¦(?P<params>\w+(\s*,\s*\w+)*))\s*:", "E130",
        "parameters stand in parentheses", "", "write `<word> <name>(<params>):`",
    ),
    (
        _ANY,
        r"^(?P<at>(?P<word>Def|DEF|Model|MODEL|Fn|FN|Activation|ACTIVATION))\s+\w+\s*¦", "E130",
        "`<word>` is written in lower case", "",
        "a definition begins with `def`, `model`, `fn` or `activation`",
    ),
    (
        _ANY, r"^(?P<at>(?P<word>[A-Za-z]\w*)) [A-Za-z]\w*¦\([^|]*:\s*($|[A-Za-z_\"#])", "E130",
        "`<word>` begins no definition", "",
        "a definition begins with `def`, `model`, `fn` or `activation`",
    ),
    (
        _ANY, r"->\s*(?P<at>\w+¦(\.\w+)+)\s*:", "E153",
        "an output is stated by its shape", "no shape", 'write it in quotes: `-> "b t d"`',
    ),
    (
        _ANY, r"^(def|model)\s.*[(,]\s*(?P<name>\w+)\s*:\s*(?P<at>\w+¦(\.\w+)+)", "E138",
        "a type has no dots", "no type here",
        'a tensor says its shape, `<name>: "b c h w"`; a layer that is passed in is a `layer`',
    ),
    (
        _ANY, r"^(def|model)\s.*[(,]\s*(?P<name>\w+)\s*:\s*\w+\s*(?P<at>¦\|\s*\w+)", "E138",
        "a type has no alternatives", "", "leave the type out: `<name>=None` takes anything",
    ),
    (
        _ANY, r"^(def|model)\s.*[(,]\s*(?P<at>¦\*+\w*)", "E138",
        "parameters are named one by one", "",
        "one parameter can take many values: `widths: list[int]`",
    ),
    (
        _ANY,
        r"^(def|model)\s.*[(,]\s*(?P<name>\w+)\s*:\s*(?P<at>(?P<shape>[\w ]*¦[\w ]+?))\s*[,)=]",
        "E130", "a shape stands in quotes", "", 'write `<name>: "<shape>"`',
    ),
    (
        _ANY, r"^(def|model)\s.*[(,]\s*(?P<name>\w+)\s*:\s*(?P<at>¦[\[({](?P<shape>[^\])]*)[\])])",
        "E130", "a shape stands in quotes", "", 'write `<name>: "<shape>"`',
    ),
    (
        _ANY, r"^(param|buffer)\s+(?P<name>\w+)\s*:\s*(?P<at>¦[\[({](?P<shape>[^\])]*)[\])])",
        "E130", "a shape stands in quotes", "", 'write `<name>: "<shape>"`',
    ),
    (
        _ANY, r"(?P<at>\b(?P<word>repeat|loop|times) (?P<n>\w+)\s*)¦:", "E143",
        "there is no `<word>`", "", "`x` repeats what stands before it: `linear 64 x <n>`",
    ),
    (
        _ANY, r"^(def|model)\s.*[(,]\s*(?P<name>\w+)\s+¦(?P<shape>\"[^\"]*\"|'[^']*')", "E131",
        "`:` is missing between an input and its shape", "", "write `<name>: <shape>`",
    ),
    (
        _ANY, r"^fn\s+\w+\s*\(.*?(?P<at>(?P<name>\w+)\s*:\s*¦(\"[^\"]*\"|'[^']*'))", "E130",
        "what a function takes has no shape", "any shape",
        "write the name alone: `<name>`",
    ),
    (
        _ANY, _HEAD + r".*[(,]\s*(?P<name>\w+)\s+¦(?P<value>\d[\d.]*)", "E149",
        "a default is given with `=`", "", "write `<name>=<value>`",
    ),
    (
        _COMMA, _HEAD + r".*\S\s*(?P<at>¦(?P<name>[A-Za-z_]\w*))\s*[=:,)]", "E133",
        "`,` is missing before `<name>`", "", "write `, <name>`",
    ),
    # ------------------------------------------------------------ pipes, labels, sizes
    (
        _ANY, r"(^|:\s*)¦\|", "E130",
        "the first stage has no `|` before it", "nothing flows in yet",
        "begin with the stage itself, or with `_ |`",
    ),
    (
        _ANY,
        r"\|\s*(?P<at>(?P<shape>[A-Za-z]\w?(?: \w+){1,5} ->[^|¦]*¦[^|\n]*?))\s*(\||$)", "E130",
        "an axis pattern stands in quotes", "", 'write `"<shape>"`',
    ),
    (
        _ANY, r"(?P<head>[A-Za-z_]\w*) (?P<a>\w+)->(?P<b>\w+)\s*¦->\s*(?P<c>\d\w*)", "E140",
        "one `->` only: input and output size", "",
        "write `<head> <a>-><b> | <head> <b>-><c>`",
    ),
    (
        _ANY, r"^(?!def\b|model\b|[\"']).*(->.*|^\w+ |\|\s*\w+ )¦->\s*[A-Za-z]", "E140",
        "stages are joined by `|`", "not by `->`", "write `|`",
    ),
    (
        _ANY, r"(?P<head>[A-Za-z_]\w*) ¦->\s*(?P<size>\w+)", "E140",
        "no input size stands before `->`", "",
        "put it in front, or leave `->` out where it is inferred: `<head> <size>`",
    ),
    (
        _ANY, r"(?P<head>[A-Za-z_]\w*) (?P<size>\w+)\s*(?P<at>->)\s*¦([|),]|$)", "E140",
        "no output size stands behind `->`", "",
        "write the output size, as in `<head> <size>->10`",
    ),
    (
        _ANY, r"(?P<at>(?P<head>[A-Za-z_]\w*):) (?P<a>\w+)\s*¦->\s*(?P<b>\w+)", "E149",
        "`:` ends a label, and no layer follows", "", "write `<head> <a>-><b>`",
    ),
    (
        _STAGE_END, r"(?P<at>(?P<name>[A-Za-z_]\w*)\[(?P<i>\w+)\])\s*¦:", "E149",
        "a label that is no plain name stands in quotes", "", 'write `"<name>.{<i>}":`',
    ),
    (
        _STAGE_END, r"(?P<at>(?P<label>[A-Za-z_]\w*(?:[.-]\w+)+))\s*¦:", "E149",
        "a label that is no plain name stands in quotes", "", 'write `"<label>":`',
    ),
    (
        _ANY, r"^(?P<at>weights\s*:)\s*¦$", "E132",
        "`weights` is not complete", "", "say for which model: `weights name:`",
    ),
    (
        _ANY, r"^(?P<at>(?P<word>[A-Za-z_]\w*)\s*:)\s*¦$", "E132",
        "nothing follows the label `<word>`", "",
        "a label names the stage behind it; a model begins with `model name(...)(...):`",
    ),
    (
        _ANY, r"\S\s+x (?P<count>\w+\s*¦(?:\*\*|//|[-+*/%])\s*[^|\n#]*?)\s*(?:[|#]|$)", "E143",
        "the count of a repeat is a number or a name", "one more operation",
        "put it in parentheses: `x(<count>)`",
    ),
    (
        _ANY, r"(?P<at>\b(?P<n>\d+) x) (?P<what>\w+)¦(?P<args>\([^()]*\))", "E143",
        "`x` stands behind what is repeated", "", "write `<what><args> x<n>`",
    ),
    (
        _ANY, r"(?P<at>¦X ?(?P<n>\d+))\b", "E143",
        "the repeat sign is a small `x`", "", "write `x<n>`",
    ),
    # ------------------------------------------------------------ arguments
    (
        _ANY,
        r"^(?P<word>def|model)\s+(?P<name>\w+)\s*\([^()]*?(?P<input>\w+)\s*:\s*"
        r"(?P<shape>(?:(?:list|float|int|bool)\s+)*¦(?:(?:float|int|bool)\s+)?"
        r"(?:\"[^\"]*\"|'[^']*'))", "E130",
        "a shape can't stand in the first parentheses", "a tensor input?",
        "tensors come in the second: `<word> <name>(...)(<input>: <shape>)`",
    ),
    (
        _COMMA,
        r"(?:\w\((?:[^()\[\]¦]|\([^()]*\)|\[[^\]]*\])*|\[(?:[^\[\]()¦]|\([^()]*\))*)"
        r"¦(?!(?:for|if|else|in|is|and|or|not|as)\b)[\w\"'(\[]",
        "E133", "`,` is missing between two values", "begins the next one",
        "write `,` before it, or `|` where it is a stage",
    ),
    (
        _STAGE_END,
        r"\b(?P<head>[A-Za-z_]\w*) (?P<size>\d[\w.]*)(?P<call>¦\([^()|]*\))", "E148",
        "bare arguments are single numbers, names or texts", "a call behind them",
        "write `<head>(<size>)<call>`",
    ),
    (
        _STAGE_END,
        _START + r"(?P<label>(?!return\b)[A-Za-z_]\w*) (?P<layer>[A-Za-z_]\w*)\s*(?P<at>¦\()",
        "E148",
        "bare arguments are single numbers, names or texts", "more than one value",
        "write `<label>: <layer>(...)` if `<label>` is a label, else `<label>(<layer>(...))`",
    ),
    (
        _STAGE_END,
        r"(?P<layer>[A-Za-z_]\w* \w+->\w+)(?P<rest>\s*¦(?:\*\*|//|-(?!>)|[+*/%@])\s*[^|\n#]*?)"
        r"\s*(?:[|#]|$)", "E148",
        "bare arguments are single numbers, names or texts", "more than one value",
        "for its output write `(<layer>) <rest>`; stages are joined by `|`",
    ),
    (
        _STAGE_END,
        _START + r"(?P<head>(?!def\b|model\b|fn\b|x\b)[A-Za-z_]\w*) (?P<inner>(?P<first>\w+)"
        r"(?P<rest>\s*¦(?:\*\*|//|-(?!>)|[+*/%@])\s*[^|\n#]*?))\s*(?:[|#]|$)", "E148",
        "bare arguments are single numbers, names or texts", "more than one value",
        "write `<head>(<inner>)`; for the layer's output, `(<head> <first>) <rest>`",
    ),
    (
        _STAGE_END,
        _START + r"(?P<head>[A-Za-z_]\w*) (?P<inner>\w+\s*¦\[[^\]|]*\])", "E148",
        "bare arguments are single numbers, names or texts", "more than one value",
        "write `<head>(<inner>)`",
    ),
)  # fmt: skip
