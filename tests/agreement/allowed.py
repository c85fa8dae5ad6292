"""What printed source and built forwards may consist of: a closed list of nodes, roots and calls.

Whatever a spec holds, its text can reach neither the file system nor the interpreter, because none
of what is listed here does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from nndsl.backends.module.compile import FunctionWriter
from nndsl.functions import registry
from nndsl.model import outside


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NODES = words(
    """
    Module ClassDef FunctionDef arguments arg Lambda Return Raise Expr Pass Assign AnnAssign
    AugAssign If For IfExp Call keyword Starred Attribute Subscript Slice Name Constant
    Tuple List Dict ListComp DictComp GeneratorExp comprehension JoinedStr FormattedValue BinOp
    UnaryOp BoolOp Compare Add Sub Mult Div FloorDiv Mod Pow MatMult BitAnd BitOr And Or Not
    USub UAdd Invert Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn Load Store Import ImportFrom
    alias Delete Del
    """
)
IMPORTS = {
    "math": None,
    "torch": ("Tensor", "nn"),
    "torch.nn.functional": None,
    "torch.nn.utils.parametrizations": ("orthogonal", "spectral_norm", "weight_norm"),
    "typing": ("Any", "NamedTuple"),
    "collections": ("OrderedDict",),
    "collections.abc": ("Callable", "Sequence"),
    "fnmatch": ("fnmatchcase",),
    "functools": ("partial",),
}
BUILTINS = words(
    """
    ValueError abs all any bool enumerate float getattr int isinstance len list max min
    property range reversed round slice sorted str sum super tuple zip
    """
)
TORCH = (
    frozenset(registry.names())
    | {name for name in dir(torch) if isinstance(getattr(torch, name), torch.dtype)}
    | words("nn linalg special fft empty device no_grad get_default_dtype")
)
CONSTANTS = (int, float, str, type(None), type(Ellipsis))
REFUSED = words("utils functional load save compile parallel backends register_module_hook")
METHODS = words(
    """
    numpy tolist data_ptr share_memory_ storage untyped_storage register_hook backward
    apply_ map_ map2_ register_forward_hook register_forward_pre_hook set_ dump dumps
    """
)  # of tensors and modules


@contextmanager
def checked_functions() -> Iterator[list[ast.FunctionDef]]:
    """Every function that building compiles inside is looked at; gives those seen so far."""
    compile_, seen = FunctionWriter._compile, []

    def checked(self: FunctionWriter, definition: ast.FunctionDef) -> Any:
        found = tree_complaints(definition, frozenset(self.globals) - {"__builtins__"})
        assert not found, f"{definition.name}: {found}"
        seen.append(definition)
        return compile_(self, definition)

    FunctionWriter._compile = checked  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        FunctionWriter._compile = compile_  # type: ignore[method-assign]


def complaints(source: str) -> list[str]:
    """What a printed file holds that it must not; empty if nothing."""
    return _complaints(ast.parse(source), frozenset())


def tree_complaints(definition: ast.FunctionDef, loads: frozenset[str]) -> list[str]:
    """The same of a function that is compiled from a tree and can load ``loads``."""
    return _complaints(definition, loads, NODES | {"Try", "ExceptHandler"})


def _complaints(tree: ast.AST, known: frozenset[str], nodes: frozenset[str] = NODES) -> list[str]:
    known = known | BUILTINS | frozenset(_bound(tree))
    found = []
    for node in ast.walk(tree):
        if type(node).__name__ not in nodes:
            found.append(f"a node {type(node).__name__}")
        check = _CHECKS.get(type(node))
        reason = check(node, known) if check is not None else ""
        if reason:
            found.append(f"line {getattr(node, 'lineno', 0)}: {reason}")
    return found


def _bound(tree: ast.AST) -> Iterator[str]:
    """Every name that a tree binds: imports, classes, functions, arguments, assigned names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _import(node: ast.Import, known: frozenset[str]) -> str:
    wrong = [
        a.name for a in node.names if IMPORTS.get(a.name, ()) is not None and a.name != "torch"
    ]
    return f"imports {wrong}" if wrong else ""


def _import_from(node: ast.ImportFrom, known: frozenset[str]) -> str:
    allowed = IMPORTS.get(node.module or "") or ()
    wrong = [
        a.name
        for a in node.names
        if a.name not in allowed and not outside.declared(f"{node.module}.{a.name}")
    ]
    return f"imports {wrong} from {node.module}" if wrong or node.level else ""


def _name(node: ast.Name, known: frozenset[str]) -> str:
    if isinstance(node.ctx, ast.Load):
        return "" if node.id in known else f"reads {node.id}"
    return f"binds {node.id}" if "__" in node.id else ""


def _attribute(node: ast.Attribute, known: frozenset[str]) -> str:
    if node.attr == "__init__":
        plain = ast.unparse(node.value) == "super()"
        return "" if plain else "an __init__ that is not the parent's"
    if "__" in node.attr:
        return f"an attribute {node.attr}"
    root = ast.unparse(node.value)
    if root == "torch":
        return "" if node.attr in TORCH else f"reads torch.{node.attr}"
    if root in ("nn", "F", "math"):
        private = node.attr.startswith("_") or node.attr in REFUSED
        return f"reads {root}.{node.attr}" if private else ""
    if root == "self" and not hasattr(nn.Module, node.attr):
        return ""  # a child that has the name of a tensor's method
    return f"calls {node.attr}" if node.attr in METHODS else ""


def _call(node: ast.Call, known: frozenset[str]) -> str:
    root = node.func
    while isinstance(root, ast.Attribute | ast.Subscript | ast.Call):
        root = root.func if isinstance(root, ast.Call) else root.value
    if not isinstance(root, ast.Name | ast.BinOp | ast.UnaryOp | ast.IfExp | ast.Compare):
        return f"calls {ast.unparse(node.func)}"
    if isinstance(node.func, ast.Name) and node.func.id == "getattr":
        return _getattr(node)
    return ""


def _getattr(node: ast.Call) -> str:
    """A child by its number, or whose name is no identifier: ``getattr(self, f"layer{i + 1}")``,
    or a child of one: ``getattr(self.layers, "1")``."""
    texts = (ast.JoinedStr, ast.Name, ast.Constant)
    by_text = len(node.args) == 2 and isinstance(node.args[1], texts)
    owner = node.args[0] if node.args else node
    while isinstance(owner, ast.Attribute):
        owner = owner.value
    plain = by_text and ast.unparse(owner) == "self" and "__" not in ast.unparse(node)
    return "" if plain else f"calls {ast.unparse(node)}"


def _constant(node: ast.Constant, known: frozenset[str]) -> str:
    if not isinstance(node.value, CONSTANTS):
        return f"a constant of type {type(node.value).__name__}"
    if isinstance(node.value, str) and not node.value.replace("\n", "").isprintable():
        return "a text with what can't be seen"
    return ""


def _defined(node: ast.ClassDef | ast.FunctionDef, known: frozenset[str]) -> str:
    if node.decorator_list and [ast.unparse(d) for d in node.decorator_list] != ["property"]:
        return f"decorates {node.name}"
    special = "__" in node.name and node.name != "__init__"
    return f"defines {node.name}" if special or not node.name.isascii() else ""


_CHECKS = {
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Constant: _constant,
    ast.ClassDef: _defined,
    ast.FunctionDef: _defined,
}
