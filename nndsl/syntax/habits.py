"""What people write from habit, and what to say to it, as data.

Tried in order on the line, with ``¦`` where it stopped making sense; the first pattern that fits
counts, if one of its terminals (where it names some) could really stand there.
"""

from __future__ import annotations

from nndsl.syntax.idioms import IDIOMS, Habit

HERE = "\u00a6"

_NEW = frozenset({"DEF"})
_COLON = frozenset({"COLON"})
_STAGE_END = frozenset({"VBAR"})
_NAME = frozenset({"NAME"})
_RULES = frozenset({"DROP"})
_ARROWS = frozenset({"_ARROW"})
_ANY: frozenset[str] = frozenset()

# terminals, pattern, code; message, label, help; named groups of the pattern fill in `<word>`
HABITS: tuple[Habit, ...] = (
    *IDIOMS,
    (
        _RULES, r"^¦(?P<word>(?!drop\b)[A-Za-z_]\w*)", "E130",
        "a rule of `weights` begins with a key in quotes", "`<word>` is none",
        'write `"old.{rest...}" -> "new.{rest...}"`, or `drop "old.{rest...}"`',
    ),
    (
        _ANY, r"^[\"'].*->\s*[\"'][^\"']*[\"'][^\"']*¦[|]|^drop\b.*¦(->|[|])", "E130",
        "nothing follows the keys that a rule leads to", "",
        'functions stand before the arrow: `"a" | transpose(0, 1) -> "b"`',
    ),
    (
        _RULES, r"^¦drop\b", "E130",
        "`drop` is followed by keys in quotes", "", 'write `drop "old.{rest...}"`',
    ),
    (
        _ARROWS, r"^(?P<key>[\"'].*[\"'])\s*¦[=:]", "E149",
        "a key leads to another by `->`", "", 'write `<key> -> ...`',
    ),
    (
        _ARROWS, r"\|\s*(?P<name>[A-Za-z]\w*)\s¦(?!if\b)", "E148",
        "in a rule the arguments of a function stand in parentheses", "",
        "write `<name>(...)`",
    ),
    (
        _ARROWS, r"[\"']\s*¦[\"']", "E133",
        "`,` is missing between two keys", "", "write `,` before it",
    ),
    (
        frozenset({"STRING"}), r"^[\"'].*->\s*¦", "E140",
        "after `->` come keys of the model", "not in quotes", 'write `"old" -> "new"`',
    ),
    (
        _ARROWS, r"^(?P<key>[\"'].*)¦$", "E132",
        "a rule leads to the keys of the model", "`->` is missing",
        'write `<key> -> ...`, or `drop <key>`',
    ),
    (
        _ARROWS, r"\bfor\s+\w+\s+¦in\b", "E130",
        "a rule goes over all that a part of the key can be", "no list is given",
        'write `"a.{i}" for i | stack -> "b"`',
    ),
    (
        _ANY, r"^weights\s+\w+\s*¦:", "E130",
        "`weights` can't stand inside a body", "", "it stands at the left margin",
    ),
    (
        _NEW, r"^weights\s*¦:", "E130",
        "`weights` is not complete", "", "say for which model: `weights name:`",
    ),
    (
        _ANY, r"^¦while\b", "E138",
        "there is no `while`", "", "loops are written `for i in range(n):`",
    ),
    (
        _ANY, r"^import ¦(?P<name>\w+)|^from ¦(?P<module>\w+)", "E138",
        "Python modules can't be imported", "not a file",
        'layers are there without it; files are imported by `import "blocks.nn"`',
    ),
    (
        _ANY, r"¦lambda\b", "E138",
        "there is no `lambda`", "", "define it: `fn name(a): expression`",
    ),
    (
        _ANY, r"(?P<op>[-+*/%@])¦=|(?P<op2>\*\*|//)¦=", "E138",
        "there is no assignment with an operator", "", "write it out: `y = y + ...`",
    ),
    (
        _ANY, r":¦=", "E138",
        "there is no `:=`", "", "name the value on a line of its own: `y = ...`",
    ),
    (
        _ANY, r"\belse ¦if\b", "E138",
        "`else if` is written `elif`", "", "write `elif`",
    ),
    (
        _ANY, r"^¦(?P<word>else|elif)\b", "E130",
        "`<word>` without an `if` above", "no `if` at this indentation", "line it up with its `if`",
    ),
    (
        _ANY, r"^- ¦?\w+|^-¦", "E130",
        "lists of layers are not written with `-`", "", "join stages with `|`",
    ),
    (
        _ANY, r"\|\s+¦\|", "E132",
        "a stage is missing between two `|`", "", "write a stage, or delete one of the two",
    ),
    (
        _ANY, r"^¦(?P<op>\*\*|//|[*/%@]|[<>=!]=|[<>])", "E136",
        "a line can't begin with `<op>`", "goes on with the line before?",
        "end the line before inside parentheses: `(a` ... `<op> b)`",
    ),
    (
        _ANY, r"^¦(?P<op>and|or|in|is|if|else|as)\b", "E136",
        "a line can't begin with `<op>`", "goes on with the line before?",
        "put the whole expression in parentheses",
    ),
    (
        _ANY, r"^¦(?P<op>->|=|,|\.)", "E136",
        "a line can't begin with `<op>`", "",
        "only `|` continues the line before; else use parentheses",
    ),
    (
        _NEW, r"^¦(?P<word>def|model|fn|activation|import|from)\b", "E130",
        "`<word>` is not complete", "", "give it a name",
    ),
    (
        _ANY, r"^¦(?P<word>def|from|import)\b", "E130",
        "`<word>` can't stand inside a body", "",
        "definitions and imports stand at the left margin",
    ),
    (
        _ANY, r"^(def|model|fn)\s+\w+\s*(\([^()]*\))+\s*¦=", "E149",
        "a definition's body follows `:`", "not `=`", "write `:`",
    ),
    (
        _ANY, r"^activation\s+\w+\s*\((?:[^()]*,)?\s*(?P<name>\w+)\s*¦[,)]", "E132",
        "a learned parameter needs a start", "where does it begin?",
        "write `<name>=1.0`, or `<name>: \"c\" = 1.0` for one of each channel",
    ),
    (
        _COLON,
        r"^(?P<word>def|model|fn|activation|weights|if|elif|else|for)\b(?:[^:()\[\]]|"
        r"[(\[](?:[^()\[\]]|[(\[][^()\[\]]*[)\]])*[)\]])*¦", "E131",
        "`:` is missing", "expected `:` here",
        "the line that begins with `<word>` ends with `:`, its body follows",
    ),
    (
        _ANY, r"^¦(?P<word>fn|activation|model|weights)\b", "E130",
        "`<word>` can't stand inside a body", "", "definitions stand at the left margin",
    ),
    (
        _ANY, r"^(?P<word>param|buffer)\s+\w+(:\s*(\w+\s*)?(\"[^\"]*\")?)?\s*¦$", "E132",
        "`<word>` has no value", "a value must follow",
        "write `= zeros`, `= ones` or what it starts from",
    ),
    (
        _ANY, r"^module\s+(?P<name>\w+|\"[^\"]*\")\s*¦=", "E149",
        "a module's name is followed by `:`", "not `=`", "write `module <name>: ...`",
    ),
    (
        _ANY, r"^(?P<word>layer|tie)\s+[\w.]+\s*¦:", "E149",
        "`<word>` is followed by a name and `=`", "not `:`", "write `=`",
    ),
    (
        _ANY, r"^init\s+([\w.]+|\"[^\"]*\"|'[^']*')\s*¦=", "E149",
        "what an `init` rule is for is followed by `:`", "not `=`",
        "write `init linear.weight: zeros`",
    ),
    (
        _ANY, r"^init\s+[\w.]*(\*¦\.|¦\*)", "E149",
        "a key with `*` stands in quotes", "", 'write `init "*.weight": zeros`',
    ),
    (
        _ANY, r"^init\s+([\w.]+|\"[^\"]*\"|'[^']*')\s*:\s*¦$", "E132",
        "this `init` rule has no value", "a value must follow",
        "write `zeros`, `normal(0, 0.02)` or a number",
    ),
    (
        _ANY, r"^return\s*¦$", "E132",
        "`return` without a value", "", "write what the definition gives",
    ),
    (
        _ANY, r"\|\s*¦$", "E132",
        "a stage is missing after `|`", "the line ends here",
        "put the `|` at the beginning of the next line instead",
    ),
    (
        _ANY, r"\|\s*¦[)\],]", "E132",
        "a stage is missing after `|`", "", "delete the `|`, or write a stage",
    ),
    (
        _ANY, r"\(\s*¦\)", "E130",
        "nothing stands between the parentheses", "", "write what they hold, or delete them",
    ),
    (
        _ANY, r"(?P<op>\+|-|\*|/|=)\s*¦(?P<next>[)\]|,:])", "E132",
        "something is missing between `<op>` and `<next>`", "", "write a value",
    ),
    (
        _ANY, r"\w\((?:[^()]|\([^()]*\))*¦for\b", "E130",
        "a comprehension as an argument needs brackets", "", "write `f([... for ... in ...])`",
    ),
    (
        _ANY, r"^(tie|order)\b.*(?<![\w.])(\d+¦\.|¦\d)", "E130",
        "a name that begins with a number stands in quotes", "", 'write `"0".weight`',
    ),
    (
        _ANY, r"(?<!\w)(\.¦|¦\.)(?P<digits>\d+)", "E130",
        "a number needs a digit before its point", "", "write `0.<digits>`",
    ),
    (
        _ANY, r"(?<![\w.])(?P<digits>\d+)(¦\.|\.¦(?!\w))", "E130",
        "a number needs a digit after its point", "", "write `<digits>.0`",
    ),
    (
        _ANY, r"\bx\s*¦-\s*\d", "E130",
        "a stage is repeated zero times or more", "a negative count", "`x 0` leaves it out",
    ),
    (
        _ANY, r"\bas\s+(?P<name>\w+)\s+¦if\b", "E130",
        "`as` comes last", "goes in front of `as`", "write `a if cond else b as <name>`",
    ),
    (
        _ANY, r"^for\s+[\w, ()]+\s¦", "E132",
        "`in` is missing", "expected `in` here", "write `for name in list:`",
    ),
    (
        _ANY, r"¦else\b", "E130",
        "`else` can't stand here", "",
        "as a statement it begins a line of its own; as a choice it is `a if cond else b`",
    ),
    (
        _ANY,
        r"¦(?P<word>async|await|break|class|continue|del|except|finally|global|"
        r"nonlocal|pass|raise|try|while|with|yield|def|return|assert|import|from)\b", "E137",
        "`<word>` is a keyword of Python and can't be a name", "",
        "choose another name, for example `<word>_`",
    ),
    (
        _NAME, r"¦(?P<word>and|or|not|if|elif|else|for|in|is|as|True|False|None)\b", "E137",
        "`<word>` is a keyword and can't be a name here", "",
        "a name or a value is expected before it",
    ),
    (
        _ANY, r"\bfor\b.*\bif\b.*¦else\b", "E130",
        "`else` can't stand in the filter of a comprehension", "",
        "put the choice in front: `(a if cond else b for ...)`",
    ),
    (
        _STAGE_END, r"(?P<left>\)|\"|'|\])\s*¦(?P<right>[A-Za-z_\"'(\[])", "E133",
        "`|` is missing between two stages", "a new stage begins here", "write `|` before it",
    ),
    (
        _STAGE_END,
        r"(?:^|[|=(,:]\s*|\breturn )(?P<head>(?!(?:return|def|model|fn|if|for|x)\b)[A-Za-z_]\w*)"
        r"( [^\s|:]+)+ ?¦(?P<op>\*\*|//|-(?!>)|[+*/%@]|[<>=!]=|[<>]|"
        r"\[|\(|\.)", "E148",
        "bare arguments are single numbers, names or texts", "more than one value",
        "write it with parentheses and commas: `<head>(...)`",
    ),
    (
        _STAGE_END, r"\w+=¦[\[(]|=\s*¦[\[(]", "E148",
        "bare arguments are single numbers, names or texts", "",
        "write it with parentheses and commas: `conv(64, kernel_size=[3, 1])`",
    ),
    (
        _ANY, r"=\s*¦(?P<found>[\[(])", "E148",
        "bare arguments are single numbers, names or texts", "",
        "write it with parentheses and commas: `conv(64, kernel_size=[3, 1])`",
    ),
    (
        _ANY, r"\b(?P<head>[A-Za-z_]\w*)( [^\s|:(),]+)+,\s*(?P<key>\w+)\s*¦=(?!=)", "E148",
        "bare arguments are separated by spaces, not by `,`", "one more argument?",
        "write `<head> ... <key>=value`, or use parentheses",
    ),
    (
        _STAGE_END, r"->.*¦->", "E140",
        "one `->` only: input and output size", "", "write `linear 784->256 | linear 256->10`",
    ),
    (
        _ANY, r"->\s*¦", "E140",
        "`->` stands between two sizes", "no size", "write `linear 784->256`",
    ),
    (
        _ANY, r"¦->", "E140",
        "`->` can't stand here", "",
        "it gives a layer its input and output size: `linear 784->256`",
    ),
    (
        _STAGE_END, r"¦:", "E149",
        "`:` can't stand here", "",
        "a label stands before its stage, `fc: linear 10`; stages are joined by `|`",
    ),
    (
        _ANY, r"\(.*\w+\s*¦:", "E149",
        "an argument is given with `=`", "not `:`", "write `name=value`",
    ),
    (
        _STAGE_END, r"¦=", "E149",
        "`=` can't stand here", "", "compare with `==`; a label is followed by `:`",
    ),
    (
        _ANY, r"¦=(?!=)", "E149",
        "`=` can't stand here", "", "compare with `==`",
    ),
    (
        _STAGE_END, r"[\w\"')\]]\s*¦[\w\"'(\[]", "E133",
        "something is missing between two values", "begins a new value",
        "stages are joined by `|`, values by an operator or `,`",
    ),
)  # fmt: skip
