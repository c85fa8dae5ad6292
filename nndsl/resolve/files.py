"""A spec's file: its items by name, what it imports, the prelude behind it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nndsl.diagnostics import Diagnostic, Label, error
from nndsl.limits import CODES, current
from nndsl.model.nearest import suggest
from nndsl.record import dataclass, field
from nndsl.resolve.builder import Builder
from nndsl.resolve.context import Context, fault
from nndsl.resolve.errors import Cascade, Fault
from nndsl.resolve.naming import Naming
from nndsl.resolve.scope import MISSING, Scope
from nndsl.resolve.values import FAILED, Definition, ModelAlias, UserFunction
from nndsl.source import Source, Span
from nndsl.syntax import parse, tree
from nndsl.syntax.mistakes import size_text


@dataclass(eq=False)
class SpecFile:
    """One parsed file. ``models`` are buildable from outside, in the order of the text."""

    source: Source
    scope: Scope
    root: str | None
    models: dict[str, Definition | ModelAlias] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    resolver: Any = None
    places: dict[str, Span] = field(default_factory=dict)  # where its names are defined
    own_weights: dict[int, Any] = field(default_factory=dict)  # by the tree of the model
    weights: dict[int, Any] = field(default_factory=dict)  # those of imported files too
    about: str = ""  # the comment at its top


@dataclass
class Imports:
    """Files read so far, by their real path, and those being read (to find cycles)."""

    root: str | None
    files: dict[str, SpecFile] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)
    size: int = 0
    count: int = 0
    plugins: bool = False


def read_spec(
    source: Source, root: str | None, resolver: Any, imports: Imports | None = None
) -> SpecFile:
    """Parse a file and lay out its items; nothing is resolved yet."""
    imports = imports or Imports(root)
    parsed, problems = parse(source)
    scope = Scope(prelude(resolver))
    file = SpecFile(source, scope, root, resolver=resolver)
    file.diagnostics.extend(problems)
    if parsed is None:
        return file
    file.about = parsed.comment
    imported = scope.inner()
    imported.parent, scope.parent = scope.parent, imported
    loose: list[tree.Statement] = []
    unread, more = _unread(source, problems)
    for item in parsed.items:
        if problems and _inside(item):
            continue
        if len(file.diagnostics) > current().findings:
            more = True  # enough is wrong
            break
        name = _own_name(item)
        try:
            if name not in unread:
                _add(item, file, imported, loose, imports, resolver)
        except Fault as problem:
            if isinstance(item, tree.Import | _NAMED) or not problems:
                file.diagnostics.append(problem.diagnostic)
            unread |= {name} if name else set()
            if isinstance(item, tree.Import):
                unread |= {one.id for one in item.names or ()}
                more = more or item.names is None
    if imports.plugins:
        from nndsl.resolve.names import let_in

        let_in(parsed.items, scope)
    for name in unread:
        scope.later.setdefault(name, lambda: FAILED)  # wrong, but not missing
    if any(one.code == "E135" for one in problems):
        loose = []  # surely the body that is missing above
    if more:
        file.models.clear()
    elif any(isinstance(s, tree.Result) for s in loose):
        _add_pipeline(loose, file)
    elif loose and not problems:
        file.diagnostics.append(
            error("E407", "this belongs into a model", loose[0].span, "not at the top of a file")
        )
    if not problems and not more:
        _declare_weights(parsed.items, file)
        from nndsl.resolve.names import check_names

        file.diagnostics.extend(check_names(parsed.items, scope))
        for item in parsed.items:
            if isinstance(item, tree.Assign | tree.LayerAlias):
                scope.own(_own_name(item) or "")  # a value that nothing uses is looked at too
    return file


def empty_file(
    source: Source, root: str | None, resolver: Any, found: Iterable[Diagnostic]
) -> SpecFile:
    """A file that nothing is known of but why."""
    every = [*resolver.diagnostics, *found]
    return SpecFile(source, Scope(None), root, diagnostics=every, resolver=resolver)


def _declare_weights(items: Iterable[tree.Item], file: SpecFile) -> None:
    found = [item for item in items if isinstance(item, tree.Weights)]
    if found:
        from nndsl.resolve.weights import declare

        declare(found, file)


_NAMED = (
    tree.Definition
    | tree.Activation
    | tree.ModelAlias
    | tree.Function
    | tree.Assign
    | tree.LayerAlias
)

# an unindented line: what it defines, or that it defines nothing
_HEAD = re.compile(
    r"^(?:(?:def|model|activation|fn|layer)[ \t]+([A-Za-z_]\w*)|([A-Za-z_]\w*)[ \t]*=(?!=)"
    r"|(weights)[ \t]+[A-Za-z_]|[^\s#|)\]}])",
    re.MULTILINE,
)
_FAR = frozenset(("E100", "E104", "E105", "E106", "E107"))  # what they spoil has no clear end


def _unread(source: Source, problems: Iterable[Diagnostic]) -> tuple[set[str], bool]:
    """The names of items that can't be read, and whether other things can't be read either."""
    names: set[str] = set()
    heads = list(_HEAD.finditer(source.text))
    for one in problems:
        start = one.span.start if one.span is not None else -1
        head = next((h for h in reversed(heads) if h.start() <= start), None)
        if head and head.group(3) and one.code not in _FAR:
            continue  # nothing else depends on it
        name = head and (head.group(1) or head.group(2))
        if not name or one.code in _FAR:
            return names, True
        names.add(name)
    return names, False


def _inside(item: tree.Item) -> bool:
    """Whether an item stands in a block whose head can't be read."""
    text, start = item.span.source.text, item.span.start
    return text[start - 1 : start] not in ("", "\n", "\r", "\ufeff")


def _own_name(item: tree.Item) -> str | None:
    name = item.target if isinstance(item, tree.Assign) else getattr(item, "name", None)
    return name.id if isinstance(name, tree.Name) else None


def _add(
    item: tree.Item,
    file: SpecFile,
    imported: Scope,
    loose: list[tree.Statement],
    imports: Imports,
    resolver: Any,
) -> None:
    scope = file.scope
    if isinstance(item, tree.Import):
        _import(item, file, imported, imports, resolver)
        return
    if isinstance(item, tree.Result | tree.Loss | tree.Assert):
        loose.append(item)
        return
    if isinstance(item, tree.Weights):
        return  # once all names of the file are known
    if not isinstance(item, _NAMED):
        raise fault("E407", "this belongs into a model", item.span, "not at the top of a file")
    name = item.name if not isinstance(item, tree.Assign) else item.target
    if not isinstance(name, tree.Name):
        raise fault("E407", "a name of the file has one value", item.span, "several names")
    _check_new(name, item, file)
    if isinstance(item, tree.Definition):
        _add_made(name, Definition(item, scope), file, buildable=item.kind == "model")
    elif isinstance(item, tree.Activation):
        _add_made(name, Definition(item, scope), file)
    elif isinstance(item, tree.ModelAlias):
        _add_made(name, ModelAlias(item, scope), file, buildable=True)
    elif isinstance(item, tree.Function):
        _add_made(name, UserFunction(item, scope), file)
    else:
        scope.later[name.id] = _lazily(item, file, resolver)


def _check_new(name: tree.Name, item: tree.Item, file: SpecFile) -> None:
    from nndsl.resolve.reserved import check_value_name

    check_value_name(name.id, name.span)
    if name.id in file.scope.later:
        first = file.places.get(name.id)
        causes = (Label(first, "first here"),) if first else ()
        help = "give one of them another name"
        raise fault("E208", f"`{name.id}` is defined twice", name.span, "again here", help, causes)
    file.places[name.id] = name.span


def _add_made(name: tree.Name, made: Any, file: SpecFile, buildable: bool = False) -> None:
    file.scope.later[name.id] = lambda: made
    if buildable:
        file.models[name.id] = made


def _lazily(
    item: tree.Assign | tree.LayerAlias, file: SpecFile, resolver: Any
) -> Callable[[], Any]:
    """The value of a name of the file, computed when it is first needed."""
    name = item.name if isinstance(item, tree.LayerAlias) else item.target
    assert isinstance(name, tree.Name)

    def make() -> Any:
        running = resolver.naming
        if name in running:
            names = [one.id for one in running[running.index(name) :]]
            way = " -> ".join([*names, names[0]])
            text = f"`{name.id}` is defined by itself" + (f": {way}" if len(names) > 1 else "")
            raise fault("E210", text, name.span, "a cycle")
        if len(running) >= (most := current().depth):
            what = f"values that need each other are more than {most} deep"
            resolver.report(error(CODES["depth"], what, name.span, "too deep"))
            return FAILED
        running.append(name)
        try:
            value = file_value(item, file, resolver)
            if isinstance(item, tree.Assign):
                resolver.lists.note(name.id, value, item.comment)
            return value
        except Fault as problem:
            resolver.report(problem.diagnostic)
            return FAILED
        except Cascade:
            return FAILED
        finally:
            running.pop()

    return make


def file_value(item: tree.Assign | tree.LayerAlias, file: SpecFile, resolver: Any) -> Any:
    from nndsl.resolve.evaluate import lookup, snippet
    from nndsl.resolve.static_arguments import is_layerish, static_or_layer, template

    cx = Context(resolver, Builder(False, "file"), file.scope, Naming())
    if isinstance(item, tree.LayerAlias):
        if not is_layerish(item.value, cx):
            head = item.value.func if isinstance(item.value, tree.Call) else item.value
            if isinstance(head, tree.Name):
                lookup(head.id, head.span, cx)  # an unknown name says so itself
            raise fault(
                "E205",
                f"`{snippet(item.value)}` is not a layer",
                item.value.span,
                "a layer is wanted",
            )
        return template(item.value, cx)
    if is_layerish(item.value, cx):
        raise fault(
            "E407",
            "a layer's name is given by `layer`",
            item.span,
            "no tensor flows here",
            help=f"write `layer {item.span.text.strip()}`",
        )
    return static_or_layer(item.value, cx)


def _add_pipeline(loose: list[tree.Statement], file: SpecFile) -> None:
    """The file's anonymous model, named after the file."""
    stem = os.path.splitext(os.path.basename(file.source.path or file.source.name))[0]
    name = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in stem).strip("_")
    if not name or name[0].isdigit() or file.source.name.startswith("<"):
        name = "model" if not name or file.source.name.startswith("<") else f"model_{name}"
    if name in file.models:
        name = f"{name}_model"
    span = loose[0].span
    node = tree.Definition(span, "model", tree.Name(span, name), (), None, None, tuple(loose), span)
    file.models[name] = Definition(node, file.scope)


# ------------------------------------------------------------------ imports


def _import(
    item: tree.Import, file: SpecFile, into: Scope, imports: Imports, resolver: Any
) -> None:
    other = _open(item, file, imports, resolver)
    if other is None:
        return
    file.weights.update(other.weights)
    wanted = item.names
    if wanted is None:
        for name, make in other.scope.later.items():
            _take(name, make, item.path, into)
        return
    for place, one in enumerate(wanted):
        make_ = other.scope.later.get(one.id)
        first = next((earlier for earlier in wanted[:place] if earlier.id == one.id), None)
        if first is not None:
            causes = (Label(first.span, "first here"),)
            problem = fault(
                "E208", f"`{one.id}` is imported twice", one.span, "again here", causes=causes
            )
            file.diagnostics.append(problem.diagnostic)
        elif make_ is None:
            help = suggest(one.id, other.scope.later)
            text = f'"{item.path.value}" defines no `{one.id}`'
            problem = fault("E209", text, one.span, "unknown name", help=help)
            file.diagnostics.append(problem.diagnostic)
            into.later[one.id] = lambda: FAILED
        else:
            _take(one.id, make_, one, into)


def _take(name: str, make: Any, node: tree.Node, into: Scope) -> None:
    if name in into.later and into.later[name] is not make:
        raise fault(
            "E208",
            f"`{name}` is imported twice",
            node.span,
            "from two files",
            help='choose: `from "file.nn" import name`',
        )
    into.later[name] = make


def _open(item: tree.Import, file: SpecFile, imports: Imports, resolver: Any) -> SpecFile | None:
    """The imported file, read inside the root folder without following links."""
    from nndsl.resolve.opening import open_inside

    path, text = open_inside(item, file.source.path, imports.root)
    if path in imports.running:
        names = [os.path.basename(p) for p in imports.running[imports.running.index(path) :]]
        raise fault(
            "E210", f"files import each other: {' -> '.join([*names, names[0]])}", item.path.span
        )
    if path in imports.files:
        return imports.files[path]
    _count(text, item, imports)
    name = os.path.join(os.path.dirname(file.source.name), item.path.value)
    own = os.path.realpath(file.source.path) if file.source.path else ""
    imports.running.extend(p for p in (own, path) if p not in imports.running)
    try:
        made = read_spec(Source(text, name, path), imports.root, resolver, imports)
    finally:
        imports.running.remove(path)
    imports.files[path] = made
    file.diagnostics.extend(d for d in made.diagnostics if d not in file.diagnostics)
    return made


def _count(text: str, item: tree.Import, imports: Imports) -> None:
    """One more file, of this text."""
    limits = current()
    imports.size += len(text.encode())
    if imports.size > limits.total_bytes:
        what = f"imported files are larger than {size_text(limits.total_bytes)} together"
        raise fault(CODES["total_bytes"], what, item.path.span, "too much")
    imports.count += 1
    if imports.count > limits.imports:
        what = f"more than {limits.imports:,} imported files"
        raise fault(CODES["imports"], what, item.path.span, "one too many")


# ------------------------------------------------------------------ the prelude


class Prelude(Scope):
    """The names of ``grammars/prelude.nn``; the text is only parsed when one of them is used."""

    def __init__(self, resolver: Any) -> None:
        super().__init__(None)
        self.resolver = resolver
        self.source: Source | None = None
        self.parsed: dict[str, Any] | None = None

    def own(self, name: str) -> Any:
        return self.items()[name] if name in self.listed() else MISSING

    def lists(self, name: str) -> bool:
        return name in self.listed()

    def visible(self) -> Iterator[str]:
        yield from self.listed()

    def listed(self) -> Iterable[str]:
        """The names that the prelude's lines begin to define."""
        if self.source is None:
            from nndsl.resources import read_text

            self.source = Source(read_text("grammars", "prelude.nn"), "prelude.nn")
            lines = self.source.text.splitlines()
            heads = [line.split("(")[0].split() for line in lines if line[:1].isalpha()]
            self._names = frozenset(words[1] for words in heads if len(words) == 2)
        return self._names

    def items(self) -> dict[str, Any]:
        if self.parsed is None:
            assert self.source is not None
            parsed, problems = parse(self.source)
            assert parsed is not None and not problems, problems
            self.parsed = {}
            for item in parsed.items:
                if isinstance(item, tree.Definition | tree.Activation):
                    self.parsed[item.name.id] = Definition(item, self)
                elif isinstance(item, tree.Function):
                    self.parsed[item.name.id] = UserFunction(item, self)
        return self.parsed


def prelude(resolver: Any) -> Scope:
    return Prelude(resolver)
