"""The spec's own functions, named results and factories."""

from __future__ import annotations

from collections.abc import Mapping

from nndsl.backends.source import signature, titles
from nndsl.backends.source.children import Children
from nndsl.backends.source.flow import Flow
from nndsl.backends.source.forward import Forward
from nndsl.backends.source.layout import WIDTH, Writer
from nndsl.backends.source.layout import signature as put_signature
from nndsl.backends.source.literals import literal
from nndsl.backends.source.naming import Locals, as_given
from nndsl.backends.source.operations import Operations
from nndsl.backends.source.places import Places
from nndsl.backends.source.prose import comment, remark
from nndsl.backends.source.py import Py, call, keyword
from nndsl.backends.source.readings import Readings
from nndsl.backends.source.shapes import annotation, returned
from nndsl.backends.source.statics import Statics
from nndsl.backends.source.titles import Titles, type_of
from nndsl.model.expr import Name, Static
from nndsl.model.graph import Bind, Factory, FunctionBlock, Give, InputParameter, Var


class FunctionPrinter:
    """Prints a function of tensors and numbers."""

    def __init__(self, function: FunctionBlock, names: Titles) -> None:
        self.function = function
        self.titles = names
        self.locals = Locals(names.taken)

    def write(self) -> tuple[list[str], list[str], list[str], bool]:
        """Its signature, its docstring, its lines, and whether black has to settle them."""
        if self.function.result:
            return self._numbers()
        function, inner = self.function, Writer(4)
        given = tuple(InputParameter(v) for _, v, _ in function.parameters if isinstance(v, Var))
        for name, inside, _ in function.parameters:
            if isinstance(inside, Name):
                self.locals.alias(inside, as_given(name))
                self.locals.taken.add(as_given(name))
        statics = Statics(
            lambda n: readings.lookup(n), lambda v: titles.layer(v, self.titles, statics)
        )
        children = Children((), "", self.locals, statics)
        readings = Readings(
            function.body,
            given,
            function.origins,
            lambda n: False,
            lambda n: self._name(n, statics),
            children,
            self.locals,
            assigns=True,
        )
        flow = Flow(function.body, readings.inline)
        places = Places(flow, tuple(i.var for i in given), self.locals.taken)
        self.locals.held = lambda: places.names.values()
        readings.write_unpacking(inner, places.name_of)
        operations = Operations(
            self.titles, statics, lambda v: writer.read(v), children, "training"
        )
        writer = Forward(inner, flow, places, readings, operations, children)
        writer.body(function.body)
        name, out = self.titles.functions[function], Writer()
        tail = f") -> {returned(function.output)}:"
        put_signature(out, f"def {name}(", self._parameters(writer.inputs, statics), tail)
        return out.lines, comment(function.comment), inner.lines, out.unsettled or inner.unsettled

    def _numbers(self) -> tuple[list[str], list[str], list[str], bool]:
        """A function of numbers: names, then the result."""
        function, out, inner = self.function, Writer(), Writer(4)
        statics = Statics(
            lambda n: Py(self.locals.of(n)), lambda v: titles.layer(v, self.titles, statics)
        )
        for name, inside, _ in function.parameters:
            assert isinstance(inside, Name)
            self.locals.alias(inside, as_given(name))
            self.locals.taken.add(as_given(name))
        texts = self._parameters({}, statics)
        for one in function.body:
            if isinstance(one, Bind):
                inner.put(f"{self.locals.of(one.name)} = ", statics(one.value))
            elif isinstance(one, Give):
                inner.put("return ", statics(one.value))
        tail = f") -> {type_of(function.result)}:"
        put_signature(out, f"def {self.titles.functions[function]}(", texts, tail)
        return out.lines, comment(function.comment), inner.lines, out.unsettled or inner.unsettled

    def _parameters(self, names: dict[Var, str], statics: Statics) -> list[str]:
        texts = []
        for name, inside, default in self.function.parameters:
            text = names[inside] if isinstance(inside, Var) else as_given(name)
            kind = "Tensor" if isinstance(inside, Var) else _number(inside.type, default)
            kind = annotation(inside.type) if isinstance(inside, Var) else kind
            end = "" if default is None else f" = {statics(default).text}"
            texts.append(f"{text}: {kind}{end}")
        if self.function in self.titles.asking:
            texts += ["*", "training: bool"]
        return texts

    def _name(self, name: Name, statics: Statics) -> Py:
        if name in self.titles.constants:
            return Py(self.titles.constants[name])
        if name.meaning is not None:
            return statics(name.meaning)
        return Py(self.locals.of(name))


def _number(kind: str, default: Static) -> str:
    if kind == "any" and isinstance(default, int | float) and not isinstance(default, bool):
        return "float"
    return type_of(kind)


def factory(one: Factory, names: Titles) -> tuple[list[str], list[str], list[str], bool]:
    """A function that returns a configured model.

    What it neither sets nor has another default for stands in the class alone: ``**kwargs``.
    """
    own = Locals(names.taken)

    def lookup(name: Name) -> Py:
        return Py(names.constants.get(name) or own.of(name))

    statics = Statics(lookup, lambda value: titles.layer(value, names, statics))
    parameters, _ = signature.constructor((), one.open, own, statics)
    given = {name for name, _ in one.use.args}
    arguments = titles.use_arguments(one.use, statics)
    for parameter in one.open:
        if parameter.name.id not in given:
            text = own.of(parameter.name)
            arguments.append(keyword(as_given(parameter.name.id), Py(text)))
    named = given | {parameter.name.id for parameter in one.open}
    if any(parameter.name.id not in named for parameter in one.use.block.parameters):
        rest = own.add("kwargs")
        parameters.append(f"**{rest}: Any")
        arguments.append(Py(f"**{rest}"))
    name = names.class_of(one.use.block)
    out, inner = Writer(), Writer(4)
    put_signature(out, f"def {names.factories[one]}(", parameters, f") -> {name}:")
    inner.put("return ", call(name, arguments))
    return out.lines, comment(one.comment), inner.lines, out.unsettled or inner.unsettled


def constants(found: Mapping[Name, str], names: Titles) -> tuple[list[str], bool]:
    """The names of the file with their values and comments, and whether black has to settle them.

    Where one has a comment, a blank line stands before it.
    """
    statics = Statics(
        lambda n: Py(names.constants[n]), lambda value: titles.layer(value, names, statics)
    )
    out = Writer()
    for name, above in found.items():
        if above and out.lines:
            out.line()
        for line in remark(above, WIDTH):
            out.line(line)
        value = statics(name.meaning) if name.meaning is not None else literal(None)
        out.put(f"{names.constants[name]} = ", value)
    return out.lines, out.unsettled
