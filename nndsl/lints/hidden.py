"""W601: definitions that take the name of a built-in layer."""

from __future__ import annotations

from collections.abc import Iterator

from nndsl.diagnostics import Diagnostic, warning
from nndsl.layers.registry import find
from nndsl.resolve import SpecFile
from nndsl.resolve.values import Definition, ModelAlias, UserFunction


def hidden(file: SpecFile) -> Iterator[Diagnostic]:
    """One warning for each such definition of the file itself."""
    for name in file.scope.later:
        entry = find(name)
        if entry is None:
            continue
        made = file.scope.own(name)
        if isinstance(made, Definition | ModelAlias | UserFunction):
            span = made.tree.name.span
            message = f"`{name}` hides the built-in layer `{entry.name}`"
            yield warning(
                "W601", message, span, "used from here on", help="give the definition another name"
            )
