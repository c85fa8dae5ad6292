"""The names at the top level of the printed file, and how parts of it refer to each other."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from nndsl.backends.source import py
from nndsl.backends.source.known import known_sizes
from nndsl.backends.source.modes import asking
from nndsl.backends.source.naming import as_given, class_name, legal, unique
from nndsl.backends.source.py import Py
from nndsl.backends.source.scan import names, used_sizes
from nndsl.backends.source.shapes import returned
from nndsl.backends.source.statics import Statics
from nndsl.backends.source.tied import may_mean, tied_paths
from nndsl.model.expr import Applied, Built, Name, Static
from nndsl.model.graph import (
    Block,
    Chain,
    Construct,
    FlowType,
    FunctionBlock,
    LambdaRef,
    LayerRef,
    Made,
    Parametric,
    Program,
    StaticParameter,
    TupleType,
    Use,
)  # fmt: skip
from nndsl.model.nested import changed
from nndsl.model.outside import home, is_outside

_WORDS = re.compile(r"[^\W\d]\w*")


class Titles:
    """What is called how in the whole file.

    ``outside`` gives what the file imports from other packages than torch its name here. It fills
    while the file is printed; printed again with all of them, no local name hides one.
    """

    def __init__(self, program: Program, outside: Iterable[str] = ()) -> None:
        taken: set[str] = set()
        self.classes: dict[Block, str] = {}
        self.outputs: dict[Block, str] = {}
        self.functions: dict[FunctionBlock, str] = {}
        self.constants: dict[Name, str] = {}
        for block in program.blocks:
            self.classes[block] = _new(class_name(block.name, block.variant), taken)
        for block in program.blocks:
            if isinstance(block.output, TupleType) and block.output.names is not None:
                self.outputs[block] = _new(self.classes[block] + "Output", taken)
        for function in program.functions:
            self.functions[function] = _new(as_given(function.name), taken)
        self.asking = asking(program.functions)
        for name in program.constants:
            self.constants[name] = _new(legal(name.id.upper()), taken)
        self.factories = {f: _new(as_given(f.name), taken) for f in program.factories}
        self.outside = {path: _new(legal(home(path)[1]), taken) for path in outside}
        self.taken = frozenset(taken)
        self._tied = tied_paths(program.blocks)
        self.known = known_sizes(program.blocks)

    def tied(self, key: str) -> bool:
        """Whether a pattern of keys may mean a parameter that has several names."""
        return any(may_mean(key, path) for path in self._tied)

    def of(self, path: str) -> str:
        """What torch's or another package's name is called: ``torch.nn.Conv2d`` is
        ``nn.Conv2d``."""
        if is_outside(path) or path.startswith("torch.nn.utils."):
            return self.outside.setdefault(path, home(path)[1])
        return path.removeprefix("torch.") if path.startswith("torch.nn.") else path

    def class_of(self, block: Block) -> str:
        return self.classes.get(block) or class_name(block.name, block.variant)

    def returns(self, block: Block) -> str:
        """The annotation of a forward's result."""
        return self.outputs.get(block) or returned(block.output)


def _new(name: str, taken: set[str]) -> str:
    name = unique(name, taken)
    taken.add(name)
    return name


def layer(
    value: LayerRef | LambdaRef | Built | Applied,
    titles: Titles,
    statics: Statics,
    rounds: Container[Name] = (),
) -> Py:
    """What has a name of its own in the file: a layer as a value, a call of a function.

    ``rounds``: names that have another value in each round of a loop around.
    """
    if isinstance(value, Applied):
        return py.call(titles.functions[value.function], [statics(part) for _, part in value.args])
    if isinstance(value, Built):
        return _call(value, titles, statics)
    if isinstance(value, LayerRef):
        name = titles.of(value.torch) if value.block is None else titles.class_of(value.block)
        given = [py.keyword(as_given(key), statics(part)) for key, part in value.kwargs]
        return py.call("partial", [Py(name), *given]) if given else Py(name)
    return _factory(value, titles, statics, rounds)


def _factory(value: LambdaRef, titles: Titles, statics: Statics, rounds: Container[Name]) -> Py:
    """``lambda d: nn.Linear(d, width)``. Its own names are others than those that it reads, and
    what a loop around binds is kept as a default, as linters ask. Where only what has a name
    stands behind its own names, ``partial(nn.LayerNorm, eps=eps)``."""
    named = _named_only(value)
    if named is not None and not value.default:
        return layer(named, titles, statics)
    free = list(dict.fromkeys(names(value)))
    texts = {name: statics.lookup(name).text for name in free}
    taken = {word for text in texts.values() for word in _WORDS.findall(text)}
    own: dict[Name, str] = {}
    for name in value.parameters:
        own[name] = unique(legal(name.id), taken | set(own.values()))
    kept = [f"{texts[n]}={texts[n]}" for n in free if n in rounds and texts[n].isidentifier()]
    inner = Statics(
        lambda n: Py(own[n]) if n in own else statics.lookup(n), statics.layer, statics.spell
    )
    body = construct(value.made, titles, inner)  # type: ignore[arg-type]
    parameters = ", ".join((*own.values(), *kept))
    return Py(
        f"lambda {parameters}: {body.text}" if parameters else f"lambda: {body.text}", py.LAMBDA
    )


def _named_only(value: LambdaRef) -> LayerRef | None:
    """A layer that is called with just the sizes that it is made of first, and whose other
    arguments have names."""
    made = value.made
    if isinstance(made, Construct):
        first, rest = made.args, made.kwargs
        found = LayerRef(torch=made.torch, kwargs=rest)
    elif isinstance(made, Use):
        first, rest = tuple(size for _, size in used_sizes(made)), made.args
        found = LayerRef(made.block, kwargs=rest)
    else:
        return None
    own = value.parameters
    read = {name for _, part in rest for name in names(part)}
    plain = first == own and all(name.role == "size" for name in own)
    return found if plain and read.isdisjoint(own) else None


def construct(made: Construct | Use | Parametric, titles: Titles, statics: Statics) -> Py:
    """The call that makes one module."""
    if isinstance(made, Construct):
        return _call(made, titles, statics)
    if isinstance(made, Use):
        return py.call(titles.class_of(made.block), use_arguments(made, statics))
    if isinstance(made, Chain):
        parts = [construct(part.what, titles, statics) for part in made.body]  # type: ignore
        return py.call("nn.Sequential", parts)
    sizes = [statics(size) for size in made.sizes]
    rest = arguments(made.args, made.kwargs, statics)
    return py.call(statics(made.layer), sizes + rest)


def module_type(made: Made, titles: Titles) -> str:
    """The class of something made, as far as it is known."""
    if isinstance(made, Construct):
        return titles.of(made.torch) if changed(made) is None else "nn.Module"
    return titles.class_of(made.block) if isinstance(made, Use) else "nn.Module"


def _call(made: Construct | Built, titles: Titles, statics: Statics) -> Py:
    return py.call(titles.of(made.torch), arguments(made.args, made.kwargs, statics))


def use_arguments(use: Use, statics: Statics) -> list[Py]:
    """The sizes that the class needs first, then what the author gave, as the author gave it."""
    sizes = dict(use.sizes)
    known = [statics(sizes[need]) for need in use.block.needs if need in sizes]
    given = [statics(value) for _, value in use.args]
    names = [as_given(name) for name, _ in use.args]
    named = [py.keyword(n, v) for n, v in zip(names, given, strict=True)]
    return known + given[: use.positional] + named[use.positional :]


def arguments(
    args: tuple[Static, ...], kwargs: tuple[tuple[str, Static], ...], statics: Statics
) -> list[Py]:
    named = [py.keyword(name, statics(value)) for name, value in kwargs]
    return [statics(value) for value in args] + named


def parameter(one: StaticParameter, name: str, statics: Statics) -> tuple[str, bool]:
    """A parameter's text in a signature, and whether its default has to be put in afterwards."""
    kind = type_of(one.type)
    late = not one.required and (_reads_parameters(one.default) or _is_called(one.default))
    if one.optional or late or (not one.required and one.default is None):
        kind = kind if kind == "Any" else f"{kind} | None"
    if one.required:
        return f"{name}: {kind}", False
    default = Py("None") if late else statics(one.default)
    return f"{name}: {kind} = {default.text}", late


def _is_called(value: Static) -> bool:
    """Whether a default is made by a call, which linters don't want among parameters."""
    return isinstance(value, LayerRef) and bool(value.kwargs)


def _reads_parameters(value: Static) -> bool:
    return any(name.role != "constant" for name in names(value))


def type_of(kind: str) -> str:
    """The annotation of a static parameter."""
    if kind.startswith("list["):
        return f"Sequence[{type_of(kind[5:-1])}]"
    if kind == "list":
        return "Sequence[Any]"
    if kind == "layer":
        return "Callable[..., nn.Module]"
    known = kind in ("int", "float", "bool", "str") or kind.startswith("tuple[")
    return kind if known else "Any"


def result_items(kind: FlowType) -> tuple[tuple[str, str], ...]:
    """The fields of a named result."""
    assert isinstance(kind, TupleType) and kind.names is not None
    return tuple((n, returned(t)) for n, t in zip(kind.names, kind.items, strict=True))
