"""Parameters of constructors, functions and factories."""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.backends.source.layout import Writer
from nndsl.backends.source.naming import Locals
from nndsl.backends.source.shapes import annotation
from nndsl.backends.source.statics import Statics
from nndsl.backends.source.titles import parameter, type_of
from nndsl.model.expr import Name
from nndsl.model.graph import InputParameter, StaticParameter, Var


def constructor(
    needs: Sequence[Name], parameters: Sequence[StaticParameter], names: Locals, statics: Statics
) -> tuple[list[str], list[tuple[str, str]]]:
    """The parameters' texts, and the defaults that the body has to put in."""
    texts = [f"{names.of(name)}: {type_of(name.type)}" for name in needs]
    for one in parameters:
        names.of(one.name)
    late = []
    optional = False
    for one in parameters:
        text, is_late = parameter(one, names.of(one.name), statics)
        if one.required and optional and "*" not in texts:
            texts.append("*")
        optional |= not one.required
        texts.append(text)
        if is_late:
            late.append((names.of(one.name), statics(one.default).text))
    return texts, late


def put_defaults(out: Writer, late: Sequence[tuple[str, str]]) -> None:
    """``if mid is None: mid = c`` for defaults that name an earlier parameter."""
    for name, default in late:
        out.line(f"if {name} is None:")
        with out.indented():
            out.line(f"{name} = {default}")


def forward(inputs: Sequence[InputParameter], names: dict[Var, str]) -> list[str]:
    """``x: Tensor, mask: Tensor | None = None``; a default only where all that follow have one."""
    texts: list[str] = []
    trailing = True
    for one in reversed(inputs):
        kind = annotation(one.var.type)
        trailing = trailing and one.optional
        if one.optional and not kind.endswith("None"):
            kind += " | None"
        text = f"{names[one.var]}: {kind}" + (" = None" if trailing else "")
        texts.append(text)
    return texts[::-1]
