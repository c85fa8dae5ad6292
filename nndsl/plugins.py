"""Finds and imports plug-ins: modules that declare layers and functions of other packages.

Only somebody who is trusted causes an import: the command line by ``--plugin``, a program by an
argument. A name in a spec that nobody knows leads to the list of what installed packages declare,
which is read, not imported.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import NamedTuple

GROUP = "nndsl.layers"
"""The entry-point group: the name of a layer or function, and the module that declares it."""


class Offer(NamedTuple):
    """A layer or function that an installed package declares."""

    name: str
    module: str
    package: str


class PluginError(Exception):
    """A plug-in can't be imported."""


def offers() -> tuple[Offer, ...]:
    """What the installed packages say that they declare; imports none of them."""
    return _offers(tuple(sys.path))


@cache
def _offers(path: tuple[str, ...]) -> tuple[Offer, ...]:
    from importlib.metadata import entry_points

    found = [
        Offer(one.name, one.module, one.dist.name if one.dist is not None else one.module)
        for one in entry_points(group=GROUP)
    ]
    return tuple(sorted(set(found)))


def offered(name: str) -> Offer | None:
    """The package that declares a layer or function of this name, in any spelling."""
    key = _fold(name)
    return next((one for one in offers() if _fold(one.name) == key), None)


def hint(name: str) -> str:
    """What to do about a name that isn't known but that an installed package declares."""
    offer = offered(name)
    if offer is None:
        return ""
    return (
        f"the installed package {offer.package} declares it: add `--plugin {offer.module}`, "
        f"or in Python `import {offer.module}`"
    )


def load(plugin: str) -> ModuleType:
    """Import a plug-in: a module by its dotted name, or a file by its path (ends in ``.py``).

    A file is imported as a module of its own name, which must be free; its folder is not searched
    for other modules.

    Raises:
        PluginError: there is no such module or file, or importing it fails.
    """
    try:
        if plugin.endswith(".py"):
            return _from_file(plugin)
        return import_module(plugin)
    except PluginError:
        raise
    except Exception as why:  # whatever a module does when it is imported
        raise PluginError(f"{plugin} can't be imported: {_said(why)}") from why


def _from_file(path: str) -> ModuleType:
    name = os.path.basename(path).removesuffix(".py")
    known = sys.modules.get(name)
    if known is not None:
        if getattr(known, "__file__", None) == os.path.abspath(path):
            return known
        raise PluginError(f"{path} can't be imported: a module {name} is loaded already")
    if not name.isidentifier():
        raise PluginError(f"{path} can't be imported: {name!r} is no name of a module")
    spec = spec_from_file_location(name, os.path.abspath(path))
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _said(why: Exception) -> str:
    """An exception in a line: what it says, and where it came from."""
    from traceback import extract_tb

    text = (str(why).strip().splitlines() or [""])[0]
    frames = [f for f in extract_tb(why.__traceback__) if "importlib" not in f.filename]
    inner = frames[-1] if frames else None
    own = inner is None or inner.filename == __file__
    place = "" if own or inner is None else f" ({os.path.basename(inner.filename)}:{inner.lineno})"
    return f"{type(why).__name__}: {text}{place}"


def _fold(name: str) -> str:
    return name.replace("_", "").lower()
