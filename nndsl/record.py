"""``dataclass``, made at the first use: the subset of the standard one that this project needs.

The standard decorator compiles some six functions for every class when its module is imported,
a quarter of a millisecond each. Of the classes of this package a command uses a few; here the rest
cost next to nothing. ``__init__`` is compiled when a class is first instantiated; comparing,
hashing and printing are shared by all classes.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")
MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING"})()


class Field:
    """What is known of one field."""

    __slots__ = ("compare", "default", "default_factory", "init", "name", "repr")

    def __init__(
        self,
        default: Any,
        default_factory: Any,
        init: bool = True,
        repr: bool = True,
        compare: bool = True,
    ) -> None:
        self.name = ""
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare


def field(
    *,
    default: Any = MISSING,
    default_factory: Callable[[], Any] = MISSING,
    init: bool = True,
    repr: bool = True,
    compare: bool = True,
) -> Any:
    """A default, or what makes one for each instance; whether it is given, printed, compared."""
    return Field(default, default_factory, init, repr, compare)


@overload
def dataclass(cls: type[T], /) -> type[T]: ...
@overload
def dataclass(
    *, frozen: bool = False, eq: bool = True, repr: bool = True
) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(field_specifiers=(field,))
def dataclass(
    cls: type[T] | None = None, /, *, frozen: bool = False, eq: bool = True, repr: bool = True
) -> Any:
    """As ``dataclasses.dataclass``: fields are the annotated names, in order."""
    if cls is None:
        return lambda made: _furnish(made, frozen, eq, repr)
    return _furnish(cls, frozen, eq, repr)


def fields(record: Any) -> tuple[Field, ...]:
    """The fields of a record or of its class."""
    found: dict[str, Field] = record.__fields__
    return tuple(found.values())


def replace(record: T, **changes: Any) -> T:
    """The record with some fields changed."""
    for name, one in record.__fields__.items():  # type: ignore[attr-defined]
        if one.init and name not in changes:
            changes[name] = getattr(record, name)
    return type(record)(**changes)


def _furnish(known: Any, frozen: bool, eq: bool, printed: bool) -> Any:
    cls: Any = known
    own = cls.__dict__
    found = _fields(cls)
    known.__fields__ = found
    known.__match_args__ = tuple(found)  # type: ignore[misc]
    if "__init__" not in own:
        known.__init__ = _init_later(cls, frozen)
    if printed and "__repr__" not in own:
        known.__repr__ = _repr
    if frozen:
        known.__setattr__ = _refuse_to_set
        known.__delattr__ = _refuse_to_delete
    if eq:
        known.__values__ = staticmethod(_getter(tuple(n for n, f in found.items() if f.compare)))
        hashes = own.get("__hash__", MISSING)
        implicit = hashes is MISSING or (hashes is None and "__eq__" in own)
        if "__eq__" not in own:
            known.__eq__ = _equal
        if implicit:
            known.__hash__ = _hash if frozen else None
    return known


def _fields(cls: type) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for base in reversed(cls.__mro__[1:]):
        found.update(base.__dict__.get("__fields__", {}))
    for name, kind in vars(cls).get("__annotations__", {}).items():
        if str(kind).startswith("ClassVar"):
            continue
        default = cls.__dict__.get(name, MISSING)
        if isinstance(default, Field):
            one = default
            delattr(cls, name)
        else:
            one = Field(default, MISSING)
        one.name = name
        found[name] = one
    return found


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _init_later(cls: type, frozen: bool) -> Callable[..., None]:
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        made = _init(cls, frozen)
        cls.__init__ = made  # type: ignore[misc]
        made(self, *args, **kwargs)

    return __init__


def _init(cls: type, frozen: bool) -> Callable[..., None]:
    """Compiles ``__init__``; its text holds names of fields, which are identifiers, only."""
    scope: dict[str, Any] = {"_set": object.__setattr__, "_missing": MISSING}
    heads, lines = ["self"], []
    for name, one in cls.__fields__.items():  # type: ignore[attr-defined]
        value = name
        if not one.init:
            continue
        if one.default_factory is not MISSING:
            scope[f"_default_{name}"] = one.default_factory
            heads.append(f"{name}=_missing")
            value = f"_default_{name}() if {name} is _missing else {name}"
        elif one.default is not MISSING:
            scope[f"_default_{name}"] = one.default
            heads.append(f"{name}=_default_{name}")
        else:
            heads.append(name)
        lines.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n    ".join(lines or ["pass"])
    exec(f"def __init__({', '.join(heads)}):\n    {body}\n", scope)
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


@recursive_repr()
def _repr(self: Any) -> str:
    pairs = ", ".join(f"{n}={getattr(self, n)!r}" for n, f in self.__fields__.items() if f.repr)
    return f"{type(self).__qualname__}({pairs})"


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = self.__values__
    return values(self) == values(other)


def _hash(self: Any) -> int:
    return hash(self.__values__(self))


def _refuse_to_set(self: Any, name: str, value: Any) -> None:
    raise AttributeError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:
    raise AttributeError(f"cannot delete field {name!r}")
