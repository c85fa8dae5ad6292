"""From written lines to a Python function: arguments, local names, code."""

from __future__ import annotations

import ast
import builtins
import types
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F

from nndsl.backends.module.errors import NOT_CONCRETE, fail
from nndsl.backends.module.operands import TRAINING, Scope, Unit, call, load
from nndsl.backends.module.places import SPANS, Places
from nndsl.backends.module.registers import Registers, prune
from nndsl.backends.module.statics import decided, settle
from nndsl.backends.module.vocabulary import imported
from nndsl.backends.module.writer import Writer
from nndsl.model.expr import FUNCTIONS, Name
from nndsl.model.graph import (
    CallFunction,
    Dtype,
    FunctionBlock,
    InputParameter,
    Many,
    Operand,
    SliceArg,
    Special,
    Var,
)

FORWARD = "forward"
Function = types.FunctionType
Parameter = tuple[str, str, bool]  # virtual name, real name, may be left out


def vocabulary() -> dict[str, Any]:
    """The names that compiled code can load. What else it needs has a name with a dot in it, so
    that no local of the author's can hide it. The builtins are only there for torch.compile."""
    table: dict[str, Any] = {"__builtins__": vars(builtins), "torch": torch, "F": F}
    table["expr.slice"] = slice
    table["nndsl.Exception"] = Exception
    table.update((f"expr.{name}", fn) for name, fn in FUNCTIONS.items())
    return table


_FLOWING = (Var, Many, Special, SliceArg, Dtype)


class FunctionWriter(Writer):
    """A writer that knows how to finish, and how to call other functions."""

    def __init__(self, unit: Unit, title: str) -> None:
        super().__init__(unit, Places.of(unit.span), vocabulary(), title)

    def finish(self, name: str, parameters: Iterable[Parameter]) -> Function:
        """Compile what was written."""
        parameters = list(parameters)
        if self.uses_training and not self.unit.has_self:
            parameters.insert(0, (TRAINING, "training", False))
        registers = Registers(self.hints, {"self", "torch", "F"} | set(self.globals))
        for virtual, real, _ in parameters:
            registers.keep(virtual, registers.unique(real))
        lines = prune(self.lines, self.hints) or [ast.Pass()]
        args = [registers.placed[virtual] for virtual, _, _ in parameters]
        optional = next((i for i, p in enumerate(parameters) if p[2]), len(parameters))
        body = registers.assign(lines)
        definition = ast.FunctionDef(
            name,
            _arguments((["self"] if self.unit.has_self else []) + args, len(args) - optional),
            self._noted(body) if name == FORWARD else body,
            [],
        )
        return self._compile(definition)

    def _noted(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The lines of a forward, and a note about the spec for what they raise. Python looks for
        a handler when something is raised, so that the lines themselves cost nothing more."""
        from nndsl.backends.module.failing import note

        self.globals["nndsl.note"] = note
        told = [ast.Expr(call(load("nndsl.note"))), ast.Raise()]
        return [ast.Try(body, [ast.ExceptHandler(load("nndsl.Exception"), None, told)], [], [])]

    def _compile(self, definition: ast.FunctionDef) -> Function:
        self.places.last = self.places.position(self.unit.span)
        self.places.mark(definition, self.unit.span)
        self.places.publish()
        self.globals[SPANS] = self.places.spans
        module = ast.Module([definition], [])
        code = compile(module, self.places.filename, "exec", dont_inherit=True)
        inner = next(c for c in code.co_consts if isinstance(c, types.CodeType))
        defaults = (None,) * len(definition.args.defaults)
        return types.FunctionType(inner, self.globals, definition.name, defaults)

    def call_function(self, operation: CallFunction, scope: Scope) -> ast.expr:
        made, operands = specialise(operation, self, scope)
        self.globals.setdefault(made.key, made.code)
        args = [self.training()] if made.uses_training else []
        return call(load(made.key), *args, *operands)

    def outside(self, fn: str) -> ast.expr:
        key = f"outside.{fn}"
        if key not in self.globals:
            self.globals[key] = imported(fn, self.span)
        return load(key)


def _arguments(names: list[str], optional: int) -> ast.arguments:
    defaults: list[ast.expr] = [ast.Constant(None) for _ in range(optional)]
    return ast.arguments([], [ast.arg(n) for n in names], None, [], [], None, defaults)


# ------------------------------------------------------------------ forwards


def input_names(inputs: tuple[InputParameter, ...]) -> list[str]:
    """What a forward calls its arguments; an anonymous one is ``x``."""
    names = [parameter.var.name or "x" for parameter in inputs]
    if len(set(names)) < len(names):
        raise fail(NOT_CONCRETE, f"two inputs have one name: {', '.join(names)}")
    return names


def write_inputs(
    writer: Writer, inputs: tuple[InputParameter, ...], scope: Scope
) -> list[Parameter]:
    """Bring a block's inputs into scope; gives the parameters of its forward."""
    parameters: list[Parameter] = []
    for number, (one, name) in enumerate(zip(inputs, input_names(inputs), strict=True)):
        virtual = f"%in{number}"
        scope.vars[one.var.id] = virtual
        parameters.append((virtual, name, one.optional))
    return parameters


# ------------------------------------------------------------------ the spec's functions


class Compiled:
    """One of the spec's functions for some static arguments."""

    def __init__(self, key: str, code: Function, uses_training: bool) -> None:
        self.key = key
        self.code = code
        self.uses_training = uses_training


def specialise(
    operation: CallFunction, caller: Writer, scope: Scope
) -> tuple[Compiled, list[ast.expr]]:
    """The function for the numbers that this call gives, and the operands that are left.

    A static argument that is only known at run time stays an argument.
    """
    function = operation.function
    given = _given(operation)
    inner = Scope()
    late: list[str] = []
    operands: list[ast.expr] = []
    for name, what, default in function.parameters:
        value: Operand = given.get(name, default)
        if isinstance(what, Name):
            settled = settle(value, scope.env if name in given else inner.env)
            if decided(settled) and not isinstance(settled, _FLOWING):
                inner.env.known[what] = settled
                continue
            late.append(name)
        operands.append(caller.operand(value, scope if name in given else inner))
    return _compiled(function, inner, late), operands


def _given(operation: CallFunction) -> dict[str, Operand]:
    names = [name for name, _, _ in operation.function.parameters]
    return dict(zip(names, operation.args, strict=False)) | dict(operation.kwargs)


def _compiled(function: FunctionBlock, scope: Scope, late: list[str]) -> Compiled:
    """Compile, or find what an equal call compiled; kept with the function itself."""
    known = [(name.id, value) for name, value in scope.env.known.items()]
    key = f"fn.{function.name}.{id(function)}.{known!r}.{late!r}"
    store: dict[str, Compiled] = function.__dict__.setdefault("_compiled", {})
    if key in store:
        return store[key]
    unit = Unit(function.origins, has_self=False, span=function.span)
    writer = FunctionWriter(unit, function.name)
    parameters: list[Parameter] = []
    for number, (name, what, _) in enumerate(function.parameters):
        virtual = f"%in{number}"
        if isinstance(what, Var):
            scope.vars[what.id] = virtual
        elif name in late:
            scope.names[what] = virtual
        else:
            continue
        parameters.append((virtual, name, False))
    writer.body(function.body, scope)
    made = Compiled(key, writer.finish(function.name, parameters), writer.uses_training)
    store[key] = made
    return made


def compiled(function: FunctionBlock) -> Callable[..., Any]:
    """One of the spec's functions of tensors alone, to be called from outside of a model."""
    made = _compiled(function, Scope(), [])
    if made.uses_training:
        return partial(made.code, False)
    return made.code
