"""A small language for neural networks.

    import nndsl

    net = nndsl.build("linear 784->256 | relu | block(256)x3 | linear 256->10")
    print(nndsl.codegen("linear 784->256 | relu | block(256)x3 | linear 256->10"))

Importing this package imports next to nothing: torch comes with the first ``build``, the parser
with the first spec.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nndsl.api import (
        NoSuchModel,
        Spec,
        build,
        codegen,
        load,
        materialize,
        parse,
        verify,
    )
    from nndsl.diagnostics import Diagnostic, Label, SpecError
    from nndsl.extending import function, layer
    from nndsl.limits import Limits
    from nndsl.plugins import PluginError
    from nndsl.report import Report
    from nndsl.tracing import trace

__version__ = "0.1.0"

__all__ = [
    "Diagnostic",
    "Label",
    "Limits",
    "NoSuchModel",
    "PluginError",
    "Report",
    "Spec",
    "SpecError",
    "__version__",
    "build",
    "codegen",
    "function",
    "layer",
    "load",
    "materialize",
    "parse",
    "trace",
    "verify",
]


_HOMES = {
    "Diagnostic": "diagnostics",
    "Label": "diagnostics",
    "Limits": "limits",
    "PluginError": "plugins",
    "SpecError": "diagnostics",
    "function": "extending",
    "layer": "extending",
    "trace": "tracing",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'nndsl' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"nndsl.{_HOMES.get(name, 'api')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
