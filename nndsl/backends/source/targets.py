"""Where a constructor puts the modules that it makes."""

from __future__ import annotations

from nndsl.backends.source import py
from nndsl.backends.source.assembly import Assembly
from nndsl.backends.source.children import Children
from nndsl.backends.source.layout import Writer
from nndsl.backends.source.literals import literal
from nndsl.backends.source.naming import Locals, is_identifier, singular
from nndsl.backends.source.py import Py
from nndsl.backends.source.scan import construct_names
from nndsl.model.expr import Name, Text
from nndsl.model.graph import Chain, For, Holder, Make, Parametric, Path, Statement, Use


class Target:
    """Registers modules, and says how what they tell is read."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        self.names: Locals = assembly.names
        self.following: Statement | list[Statement] | None = None

    def put(self, out: Writer, make: Make, made: Py) -> None:
        raise NotImplementedError

    def finish(self, out: Writer) -> None:
        """Write what was held back."""

    def told(self, make: Make) -> list[tuple[Name, str]]:
        return [(name, attr) for name, attr in make.told if self.assembly.read(name)]


class Attributes(Target):
    """``self.name = made``, ``self.layers.append(made)``, ``self.add_module(f"...", made)``."""

    def __init__(self, assembly: Assembly, children: Children) -> None:
        super().__init__(assembly)
        self.children = children
        self.fields: list[str] = []

    def put(self, out: Writer, make: Make, made: Py) -> None:
        path, told = make.path, self.told(make)
        tied = isinstance(make.what, Holder | Chain) and self.children.tied(path)
        kind = ": Any" if tied or self._vague(make) else ""
        narrowed = tied or isinstance(make.what, Parametric) or self.children.nests(path)
        narrowed |= path in self.children.optional  # None before
        if len(path) == 1 and is_identifier(path[0]) and narrowed:
            # an annotation in the assignment would be narrowed to nn.Module again
            if kind:
                self.fields.append(f"{path[0]}: Any")
            out.put(f"self.{path[0]} = ", made)
            owner = f"self.{path[0]}"
        elif len(path) == 1 and is_identifier(path[0]):
            out.put(f"self.{path[0]}{kind} = ", made)
            owner = f"self.{path[0]}"
        elif told:
            owner = self.names.add(_short_name(path))
            out.put(f"{owner}{kind} = ", made)
            made = Py(owner)
        if len(path) > 1 or not is_identifier(path[0]):
            self._register(out, path, made)
        for name, attribute in told:
            self.names.alias(name, f"{owner}.{attribute}")

    def _vague(self, make: Make) -> bool:
        """Whether torch's types can't say what the children of this child are."""
        if isinstance(make.what, Holder):
            return self.children.nests(make.path)
        return isinstance(make.what, Parametric) and bool(self.told(make))

    def _register(self, out: Writer, path: Path, made: Py) -> None:
        key = path[-1]
        owner = Py("self") if len(path) == 1 else self.children.latest(path[:-1])
        if len(path) > 1 and not isinstance(key, str | Text) and not self.children.keyed(path):
            out.put("", py.call(py.attribute(owner, "append"), [made]))
        elif len(path) == 1:
            name = literal(key) if isinstance(key, str) else self.assembly.statics(key)
            if not isinstance(key, str | Text):
                name = py.call("str", [name])
            out.put("", py.call(py.attribute(owner, "add_module"), [name, made]))
        else:
            out.put(f"{owner.text}[{self.assembly.key(key).text}] = ", made)


class Listed(Target):
    """A list of modules that becomes a chain; what follows each other is added at once."""

    def __init__(self, assembly: Assembly, name: str, kind: str) -> None:
        super().__init__(assembly)
        self.name = name
        self.kind = kind
        self.begun = False
        self.waiting: list[Py] = []

    def put(self, out: Writer, make: Make, made: Py) -> None:
        told = self.told(make)
        if told and isinstance(make.what, Use):
            self._put_named(out, make.what, made, told)
            return
        self.waiting.append(made)
        if told:
            self.finish(out)
        for name, attribute in told:
            text = f"{self.name}[-1].{attribute}"
            if self.assembly.counts[name] == 1 and self._soon(name):
                self.names.alias(name, text)
            else:
                out.line(f"{self.names.of(name)} = {text}")

    def _put_named(self, out: Writer, use: Use, made: Py, told: list[tuple[Name, str]]) -> None:
        """A module that says its sizes has a name for a moment: its class is known by it."""
        if not all(is_identifier(one.text) for one in self.waiting):
            self.finish(out)  # what is made before this one
        owner = self.names.add(use.block.name)
        out.put(f"{owner} = ", made)
        self.waiting.append(Py(owner))
        for name, attribute in told:
            self.names.alias(name, f"{owner}.{attribute}")

    def _soon(self, name: Name) -> bool:
        """Whether a name is read before the list grows again."""
        following = self.following
        if isinstance(following, For):
            return any(size.init == name for size in following.sizes)
        return following is None or (
            isinstance(following, Make) and name in set(construct_names(following))
        )

    def begin(self, out: Writer) -> None:
        """Write the first line even if nothing stands in it."""
        if not self.begun:
            made = py.sequence(self.waiting)
            out.put(f"{self.name}: list[{self.kind}] = ", made)
            self.begun, self.waiting = True, []

    def finish(self, out: Writer) -> None:
        if not self.begun:
            self.begin(out)
        elif len(self.waiting) == 1:
            out.put("", py.call(f"{self.name}.append", self.waiting))
        elif self.waiting:
            out.put(f"{self.name} += ", py.sequence(self.waiting))
        self.waiting = []


class Named(Target):
    """An ordered dict of modules that becomes a chain."""

    def __init__(self, assembly: Assembly, name: str) -> None:
        super().__init__(assembly)
        self.name = name

    def begin(self, out: Writer) -> None:
        out.line(f"{self.name}: OrderedDict[str, nn.Module] = OrderedDict()")

    def put(self, out: Writer, make: Make, made: Py) -> None:
        told = self.told(make)
        if told:
            owner = self.names.add(_short_name(make.path))
            kind = ": Any" if isinstance(make.what, Parametric) else ""
            out.put(f"{owner}{kind} = ", made)
            made = Py(owner)
            for name, attribute in told:
                self.names.alias(name, f"{owner}.{attribute}")
        out.put(f"{self.name}[{self.assembly.key(make.path[-1]).text}] = ", made)


def _short_name(path: Path) -> str:
    """What a single module is called for a moment: ``layer`` for ``"layer{i + 1}"``, ``block`` for
    what stands in ``blocks``."""
    for part in reversed(path):
        text = part.parts[0] if isinstance(part, Text) and part.parts else part
        text = text.strip("._-0123456789") if isinstance(text, str) else text
        if isinstance(text, str) and is_identifier(text):
            return text if part is path[-1] or not text.endswith("s") else singular(text)
    return "layer"
