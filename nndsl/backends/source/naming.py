"""Names in the printed source: legal, unique, and what a person would have chosen."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Iterable

from nndsl.model import names
from nndsl.model.expr import FUNCTIONS, Name

TAKEN = frozenset(
    [
        "torch",
        "nn",
        "F",
        "Tensor",
        "self",
        "math",
        "fnmatchcase",
        "partial",
        "Callable",
        "Sequence",
        "Any",
        "NamedTuple",
        "OrderedDict",
        "getattr",
        "isinstance",
        "super",
        "list",
        "tuple",
        "ValueError",
        "list",
        "dict",
    ]
) | frozenset(FUNCTIONS)
"""Names that printed code uses itself."""

MODULE = frozenset(
    [
        "T_destination",
        "add_module",
        "apply",
        "bfloat16",
        "buffers",
        "call_super_init",
        "children",
        "compile",
        "cpu",
        "cuda",
        "double",
        "dump_patches",
        "eval",
        "extra_repr",
        "float",
        "forward",
        "get_buffer",
        "get_extra_state",
        "get_parameter",
        "get_submodule",
        "half",
        "ipu",
        "load_state_dict",
        "modules",
        "mtia",
        "named_buffers",
        "named_children",
        "named_modules",
        "named_parameters",
        "parameters",
        "register_backward_hook",
        "register_buffer",
        "register_forward_hook",
        "register_forward_pre_hook",
        "register_full_backward_hook",
        "register_full_backward_pre_hook",
        "register_load_state_dict_post_hook",
        "register_load_state_dict_pre_hook",
        "register_module",
        "register_parameter",
        "register_state_dict_post_hook",
        "register_state_dict_pre_hook",
        "requires_grad_",
        "set_extra_state",
        "set_submodule",
        "share_memory",
        "state_dict",
        "to",
        "to_empty",
        "train",
        "training",
        "type",
        "xpu",
        "zero_grad",
        "append",
        "extend",
        "insert",
        "pop",
    ]
)
"""Attributes that every module has already."""

_BUILT_IN = frozenset(dir(builtins))
_SINGLE = {"l": "length", "O": "O_", "I": "I_"}  # letters that linters refuse
_NUMBERED = re.compile(r"_\d+$")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_identifier(text: object) -> bool:
    """Whether a text can stand behind a dot."""
    return isinstance(text, str) and bool(_WORD.fullmatch(text)) and not keyword.iskeyword(text)


def legal(name: str, fallback: str = "x") -> str:
    """A name that may be assigned: itself, unless Python, linters or printed code need it."""
    name = name if _WORD.fullmatch(name) else fallback
    return _SINGLE[name] if name in _SINGLE else as_given(name)


def without_number(name: str) -> str:
    """``width_2`` as ``width``: the number tells names of a block apart."""
    return _NUMBERED.sub("", name)


def plain(name: object) -> str:
    """A name that a local variable may have as it is, or nothing."""
    fits = isinstance(name, str) and is_identifier(name) and legal(name) == name == name.lower()
    return str(name) if fits and name not in _BUILT_IN else ""


def as_given(name: str) -> str:
    """The name of a parameter or an input: callers write it, so it stays what it is."""
    if keyword.iskeyword(name) or name in TAKEN:
        return name + "_"
    return name


def unique(name: str, taken: Iterable[str]) -> str:
    """The name, with the lowest number that makes it new."""
    taken = taken if isinstance(taken, set | frozenset | dict) else set(taken)
    if name not in taken:
        return name
    joint = "_" if name[-1:].isdigit() else ""
    number = 2
    while f"{name}{joint}{number}" in taken:
        number += 1
    return f"{name}{joint}{number}"


def class_name(name: str, variant: str = "") -> str:
    """The name of a class, told apart from what Python and printed code call so."""
    text = names.class_name(name, variant)
    known = text in TAKEN or text in _BUILT_IN or not is_identifier(text)
    return text + "Module" if known else text


def singular(plural: str) -> str:
    """What one of them is called: ``layers`` -> ``layer``."""
    if plural.endswith("ies") and len(plural) > 4:
        return plural[:-3] + "y"
    if plural.endswith(("ches", "shes", "xes", "sses")):
        return plural[:-2]
    if plural.endswith("s") and not plural.endswith(("ss", "us", "is")) and len(plural) > 2:
        return plural[:-1]
    return "layer"


class Locals:
    """The names of one function: each static name gets one text, and keeps it.

    ``held`` are those that tensors have meanwhile.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken: set[str] = set(taken)
        self.held: Callable[[], Iterable[str]] = tuple
        self._texts: dict[Name, str] = {}

    def add(self, name: str) -> str:
        """A new name, like the one asked for."""
        return self._new(legal(name))

    def _new(self, wish: str) -> str:
        text = unique(wish, self.taken.union(self.held()))
        self.taken.add(text)
        return text

    def of(self, name: Name) -> str:
        """The text of a static name."""
        if name not in self._texts:
            # a loop's own names are free again behind it, so numbers that told loops apart go
            plain = without_number(name.id)
            own = name.role == "loop" or name.role in ("carried", "local") and self._free(plain)
            wish = plain if own else name.id
            text = as_given(wish) if name.role == "param" and is_identifier(wish) else legal(wish)
            self._texts[name] = self._new(text)
        return self._texts[name]

    def _free(self, wish: str) -> bool:
        return legal(wish) == wish and wish not in self.taken.union(self.held())

    def release(self, names: Iterable[Name]) -> None:
        """Names that have ended; what they were called may be used again."""
        for name in names:
            self.taken.discard(self._texts.pop(name, ""))

    def kept(self) -> Callable[[], None]:
        """Gives what forgets the names that are chosen from now on."""
        taken, texts = set(self.taken), dict(self._texts)

        def forget() -> None:
            self.taken, self._texts = taken, texts

        return forget

    def alias(self, name: Name, text: str) -> None:
        """Let a static name be read as a text that already stands for it."""
        self._texts[name] = text

    def known(self, name: Name) -> str | None:
        return self._texts.get(name)

    def counter(self) -> str:
        """A name for the number of a round."""
        for letter in "ijk":
            if self._free(letter):
                self.taken.add(letter)
                return letter
        return self.add("i")
