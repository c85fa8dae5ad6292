"""Whether a declaration can be: paths, names, arguments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from keyword import iskeyword

from nndsl.functions import registry as functions
from nndsl.layers import registry as layers
from nndsl.model.expr import FUNCTIONS
from nndsl.model.spec import Argument, Function, Layer, fold
from nndsl.record import replace

_OURS = ("torch", "F", "Tensor", "op", "nndsl")


def check_path(path: object) -> None:
    """``package.Name``: a module to import and a name in it."""
    if not isinstance(path, str):
        raise TypeError(f"the path of a class or function is wanted, as text, not {path!r}")
    parts = path.split(".")
    plain = all(part.isascii() and part.isidentifier() and not iskeyword(part) for part in parts)
    if len(parts) < 2 or not plain:
        raise ValueError(f"{path!r} is not of the form package.Name")
    if parts[0] in _OURS:
        raise ValueError(f"{path!r} belongs to {parts[0]}; a plug-in declares what others have")


def check_name(name: str, declared_by: str, others: Iterable[Layer | Function]) -> None:
    """The name that a spec uses: a plain one, and nobody else's."""
    plain = name.isascii() and name.isidentifier() and not name.startswith("_")
    if not plain or iskeyword(name):
        raise ValueError(f"{name!r} can't be a name in a spec; give another one with name=")
    if _built_in(name):
        raise ValueError(f"{name!r} is built in; give another name with name=")
    for one in others:
        if fold(one.name) == fold(name) and one.declared_by != declared_by:
            raise ValueError(f"{name!r} is declared already, by {one.declared_by}")


def _built_in(name: str) -> bool:
    from nndsl.resolve.files import prelude

    known = (*FUNCTIONS, "inf", "pi", *prelude(None).visible())
    return layers.built_in(name) or functions.built_in(name) or name in known


def check_arguments(arguments: Iterable[object]) -> None:
    """Each argument has a name of its own."""
    seen: set[str] = set()
    for one in arguments:
        if not isinstance(one, Argument):
            raise TypeError(f"arguments are made by `argument`, `inferred`, `tensor`, not {one!r}")
        if not one.name.isidentifier() or one.name in seen:
            raise ValueError(f"argument {one.name!r} is declared twice or is no name")
        seen.add(one.name)


def by_name(arguments: Sequence[Argument]) -> tuple[Argument, ...]:
    """The arguments, all behind the first that is taken by name only marked so too."""
    names = [one.named for one in arguments]
    first = names.index(True) if True in names else len(names)
    return (*arguments[:first], *(replace(one, named=True) for one in arguments[first:]))


def check_known(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    """``names`` are arguments."""
    for name in names:
        if name not in known:
            raise ValueError(f"{what} names {name!r}, which is none of {', '.join(known)}")
