"""The closed set of what a built module may call: resolved names, never text from a spec.

A function's dotted name is looked up in what torch itself has: functions of tensors under
``torch`` and ``F``, methods of ``Tensor``, initialisers. Whatever opens files, reaches memory or
runs hooks is left out. Names outside of torch are imported only if a plug-in declared them.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations

from nndsl.backends.module.errors import NOT_CONCRETE, NOT_IMPORTED, fail
from nndsl.model import outside
from nndsl.source import Span

_FOLDERS = {
    "torch": torch,
    "F": F,
    "torch.nn.functional": F,
    "torch.nn.init": nn.init,
    "torch.special": torch.special,
    "torch.linalg": torch.linalg,
    "torch.fft": torch.fft,
}
_HOMES = ("torch", "torch.nn.functional", "torch.nn.init", "torch.functional", "torch._tensor")
_REFUSED_NAMES = """
    apply_ backward boolean_dispatch compile const_data_ptr cpu cuda data_ptr from_file from_numpy
    frombuffer get_device handle_torch_function has_torch_function has_torch_function_unary
    has_torch_function_variadic hpu ipu is_shared load map2_ map_ module_load mtia numpy
    record_stream register_hook register_post_accumulate_grad_hook reinforce save set_
    share_memory_ storage storage_type tolist untyped_storage xpu
"""
_REFUSED = frozenset(_REFUSED_NAMES.split())
_PROPERTIES = frozenset(("T", "mT", "H", "mH", "real", "imag", "shape", "dtype", "device", "ndim"))
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_FUNCTIONS = (BuiltinFunctionType, FunctionType)


def split(fn: str) -> tuple[str, str]:
    """``torch.nn.init.zeros_`` as its folder and its name."""
    folder, _, name = fn.rpartition(".")
    return folder, name


@cache
def allowed(fn: str) -> bool:
    """Whether a dotted name is a function of tensors that a built module may call."""
    folder, name = split(fn)
    if not _PLAIN.fullmatch(name) or name in _REFUSED:
        return False
    if folder == "Tensor":
        return is_property(fn) or isinstance(
            inspect.getattr_static(torch.Tensor, name, None), MethodDescriptorType | FunctionType
        )
    found = getattr(_FOLDERS.get(folder), name, None)
    if folder == "torch" and name in torch.functional.__all__:
        return True
    if folder in ("F", "torch.nn.functional"):
        # a few are made by a dispatcher and say that they live elsewhere
        return isinstance(found, _FUNCTIONS) and not name.startswith("_")
    if folder == "torch" and not hasattr(torch._C._VariableFunctions, name):
        return False
    return isinstance(found, _FUNCTIONS) and _at_home(found)


def _at_home(found: object) -> bool:
    home = getattr(found, "__module__", None) or "torch"
    return home in _HOMES or home.startswith("torch._C")


def is_property(fn: str) -> bool:
    """Whether ``Tensor.mT`` and the like are read, not called."""
    folder, name = split(fn)
    return folder == "Tensor" and name in _PROPERTIES


def require_function(fn: str, span: Span | None) -> None:
    """Raises for a function outside of the vocabulary."""
    if not allowed(fn):
        raise fail(NOT_CONCRETE, f"`{fn}` is not a function that a model may call", span)


@cache
def _layer_class(name: str) -> Callable[..., nn.Module] | None:
    folder, last = split(name)
    if folder == parametrizations.__name__ and last in parametrizations.__all__:
        changed: Callable[..., nn.Module] = getattr(parametrizations, last)
        return changed
    if folder != "torch.nn" or not _PLAIN.fullmatch(last):
        return None
    found = getattr(nn, last, None)
    return found if isinstance(found, type) and issubclass(found, nn.Module) else None


def layer_class(name: str, span: Span | None = None) -> Callable[..., nn.Module]:
    """The class that ``torch.nn.Conv2d`` names, or one that a plug-in declared; or a function that
    changes a module and gives it back, such as ``torch.nn.utils.parametrizations.weight_norm``."""
    if outside.is_outside(name):
        found = imported(name, span)
        if isinstance(found, type) and issubclass(found, nn.Module):
            return found
        raise fail(NOT_IMPORTED, f"`{name}` is no class of modules", span)
    known = _layer_class(name)
    if known is None:
        raise fail(NOT_CONCRETE, f"`{name}` is not a layer that a model may construct", span)
    return known


def imported(name: str, span: Span | None) -> Any:
    """What a plug-in declared under a dotted name."""
    if not outside.declared(name):
        message = f"`{name}` is nothing that a model may construct or call: no plug-in declares it"
        raise fail(NOT_CONCRETE, message, span)
    module, last = outside.home(name)
    try:
        return getattr(import_module(module), last)
    except Exception as why:  # whatever a package does when it is imported
        text = str(why).strip().splitlines() or [type(why).__name__]
        raise fail(NOT_IMPORTED, f"`{name}` can't be imported: {text[0][:400]}", span) from why
