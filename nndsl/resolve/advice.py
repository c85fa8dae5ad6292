"""What to say of a name that stands for nothing where it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from nndsl.diagnostics import Diagnostic, error
from nndsl.model.nearest import suggest
from nndsl.resolve.assigning import assigned_names
from nndsl.resolve.scope import Scope, builtin_names, unknown
from nndsl.resolve.values import free_names
from nndsl.syntax import tree

MAX_ADVICE = 50  # names of a file that are compared with all others

_LEAVES = frozenset((tree.Name, tree.Number, tree.String, tree.Constant))


def nodes(node: object) -> Iterator[tree.Node]:
    """Every node of a tree, an explicit stack instead of recursion."""
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, tree.Node):
            yield part
            if type(part) not in _LEAVES:
                todo.extend([v for k, v in vars(part).items() if k not in ("span", "header")])
        elif isinstance(part, tuple):
            todo.extend(part)


class Advice:
    """Names of a file's items, as far as they explain why another one is not known."""

    def __init__(self, items: Iterable[tree.Item]) -> None:
        self.items = tuple(items)
        self.given = 0
        self.labels: dict[int, frozenset[str]] = {}
        self.axes: dict[int, frozenset[str]] = {}
        self.compared: dict[int, dict[int, str]] = {}
        self.rules: dict[int, frozenset[int]] = {}
        self.bound: dict[int, frozenset[str]] = {}

    def finding(
        self, name: tree.Name, item: tree.Item, known: Collection[str], scope: Scope
    ) -> Diagnostic:
        """The finding about a name that an item reads and nobody defines."""
        self.given += 1
        help = ""
        if self.given <= MAX_ADVICE:
            help = self.compared_of(item).get(id(name), "") or self.initializer(name, item)
            help = help or self.help(name.id, item, known, scope)
        return error("E201", f"`{name.id}` is not defined", name.span, "unknown name", help=help)

    def help(self, name: str, item: tree.Item, known: Collection[str], scope: Scope) -> str:
        if name[0] == "x" and name[1:] in known:
            return f"a count that is a name stands apart: `x {name[1:]}`"
        if name in self.labels_of(item):
            return (
                f"`{name}` is a label, no value: name what flows there with `... as {name}`; to "
                f"use the layer again declare it: `module {name}: ...`"
            )
        if name in self.axes_of(item):
            return (
                f"the names of a stage's pattern are its own: name the axis `{name}` in the "
                "input's pattern, or write `size(..., dim)`"
            )
        close = unknown(name, [*known, *scope.visible(), *builtin_names()])
        if close:
            return close
        if isinstance(item, tree.Activation):
            return "an activation reads its input as `x`"
        others = (one for one in self.items if one is not item)
        other = next((one for one in others if name in self.bound_by(one)), None)
        if isinstance(other, tree.Definition | tree.Function):
            return (
                f"the `{name}` of `{other.name.id}` is known there only: pass it on, or return it"
            )
        return ""

    def labels_of(self, item: tree.Item) -> frozenset[str]:
        if id(item) not in self.labels:
            stages = (one for one in nodes(item) if isinstance(one, tree.Stage))
            names = (one.label.id for one in stages if isinstance(one.label, tree.Name))
            self.labels[id(item)] = frozenset(names)
        return self.labels[id(item)]

    def axes_of(self, item: tree.Item) -> frozenset[str]:
        """Names of the patterns that stand as stages."""
        if id(item) not in self.axes:
            stages = (one.value for one in nodes(item) if isinstance(one, tree.Stage))
            texts = (one for one in stages if isinstance(one, tree.String))
            self.axes[id(item)] = frozenset(name for text in texts for name in free_names(text))
        return self.axes[id(item)]

    def compared_of(self, item: tree.Item) -> dict[int, str]:
        """``conv(64, kernel_size==3)``: one sign too many. What to say of such names."""
        if id(item) not in self.compared:
            calls = (one for one in nodes(item) if isinstance(one, tree.Call))
            tests = (one.value for call in calls for one in call.args)
            self.compared[id(item)] = {
                id(test.first): "an argument is given with one `=`: "
                f"write `{test.first.id}={test.rest[0].span.text}`"
                for test in tests
                if isinstance(test, tree.Compare) and isinstance(test.first, tree.Name)
                if test.ops == ("==",)
            }
        return self.compared[id(item)]

    def initializer(self, name: tree.Name, item: tree.Item) -> str:
        """``init linear.weight: xavier``: only initializers stand there."""
        from nndsl.layers.inits import INITS

        if id(item) not in self.rules:
            values = (one.value for one in nodes(item) if isinstance(one, tree.Init))
            heads = (one.func if isinstance(one, tree.Call) else one for one in values)
            self.rules[id(item)] = frozenset(map(id, heads))
        if id(name) not in self.rules[id(item)]:
            return ""
        return suggest(name.id, INITS) or f"there are {', '.join(sorted(INITS))}"

    def bound_by(self, item: tree.Item) -> frozenset[str]:
        """Names that an item has for itself."""
        if id(item) not in self.bound:
            self.bound[id(item)] = frozenset(_bound(item))
        return self.bound[id(item)]


def _bound(item: tree.Item) -> set[str]:
    if isinstance(item, tree.Definition):
        inputs = {one.name.id for one in item.inputs or ()}
        return {*assigned_names(item.body), *(p.name.id for p in item.statics), *inputs}
    return set(assigned_names(item.body)) if isinstance(item, tree.Function) else set()
