"""From the meta device to a real one: memory for every tensor, and its first value again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from nndsl.backends.module.classes import plan_of
from nndsl.backends.module.placing import Maker
from nndsl.backends.module.plan import Plan
from nndsl.record import dataclass, field

Place = tuple[nn.Module, str]


@contextmanager
def placed(device: Any, dtype: torch.dtype | None) -> Iterator[None]:
    """Construct on a device and under a default dtype; both are put back, after errors too."""
    before = torch.get_default_dtype()
    try:
        if dtype is not None:
            torch.set_default_dtype(dtype)
        if device is None:
            yield
        else:
            with torch.device(device):
                yield
    finally:
        torch.set_default_dtype(before)


def materialise(net: nn.Module, device: Any) -> nn.Module:
    """Give every meta tensor of ``net`` memory on ``device`` and its initial value, in place.

    Values are drawn in the order of construction, so under one seed they are those of a network
    that was built on the device directly. Tensors that are real already stay as they are.
    """
    shared = shared_parameters(net)
    fresh = {id(module) for module in net.modules() if _allocate(module, device)}
    _First(torch.device(device), fresh).values(net)
    _tie(net, shared)
    return net


def shared_parameters(net: nn.Module) -> list[list[Place]]:
    """Where one parameter has several names: its places, in the order of registration."""
    places: dict[int, list[Place]] = {}
    for module in net.modules():
        for name, parameter in module._parameters.items():
            if parameter is not None and parameter.is_meta:
                places.setdefault(id(parameter), []).append((module, name))
    return [one for one in places.values() if len(one) > 1]


def _allocate(module: nn.Module, device: Any) -> bool:
    """Memory for a module's own tensors; whether it had any on the meta device."""
    found = False
    for name, parameter in list(module._parameters.items()):
        if parameter is not None and parameter.is_meta:
            real = torch.empty_like(parameter, device=device)
            # by setattr: recurrent layers keep a list of their weights besides
            setattr(module, name, nn.Parameter(real, requires_grad=parameter.requires_grad))
            found = True
    for name, buffer in list(module._buffers.items()):
        if buffer is not None and buffer.is_meta:
            module._buffers[name] = torch.zeros_like(buffer, device=device)
            found = True
    return found


@dataclass
class _First:
    """Gives first values, in the order of construction: our modules own their tensors before
    their children, torch's composite ones overwrite their children's at the end.

    ``makers`` construct the children that were met, by the identity of the child.
    """

    device: torch.device
    fresh: set[int]
    done: set[int] = field(default_factory=set)
    makers: dict[int, Maker] = field(default_factory=dict)

    def values(self, module: nn.Module) -> None:
        if id(module) in self.done:
            return
        self.done.add(id(module))
        plan = plan_of(module)
        if plan is not None:
            self.makers |= plan.makers(module)
            if id(module) in self.fresh:
                _recompute(module, plan, self.device)
        elif self.again(module):
            return
        for child in module._modules.values():
            if child is not None:
                self.values(child)
        if plan is None and id(module) in self.fresh:
            _reset(module)
        if plan is not None:
            plan.tie(module)
            plan.initialise(module, self.fresh)

    def again(self, module: nn.Module) -> bool:
        """Construct a layer that is made of modules once more and take over its values: only its
        constructor knows how (copies of one layer, weights computed from others)."""
        make = self.makers.get(id(module))
        inside = list(module.modules())
        if make is None or len(inside) == 1 or isinstance(module, _CONTAINERS):
            return False
        if not any(id(part) in self.fresh for part in inside):
            return False
        like = next((p for p in module.parameters() if p.is_floating_point()), None)
        with placed(self.device, None if like is None else like.dtype):
            made = make()
        there, here = dict(made.named_modules()), dict(module.named_modules())
        if there.keys() != here.keys():
            return False  # somebody changed it
        for name, part in here.items():
            if id(part) in self.fresh:
                _take_over(part, there[name])
        self.done.update(map(id, inside))
        return True


_CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)


def _take_over(module: nn.Module, made: nn.Module) -> None:
    """The values of a module's own tensors from another one."""
    with torch.no_grad():
        for own, new in ((module._parameters, made._parameters), (module._buffers, made._buffers)):
            for name, tensor in own.items():
                other = new.get(name)
                if tensor is not None and other is not None:
                    tensor.copy_(other)


_RESETS = ("_init_flat_weights", "reset_parameters", "_reset_parameters")


def _reset(module: nn.Module) -> None:
    """What a layer's own constructor does with its tensors."""
    if not any(hasattr(module, name) for name in _RESETS):
        kind = type(module).__qualname__
        raise NotImplementedError(
            f"{kind} has tensors of its own and no reset_parameters, so their first values are not "
            f"known; build the model on the device itself"
        )
    for name in _RESETS:
        reset = getattr(module, name, None)
        if callable(reset):
            reset()


def _recompute(module: nn.Module, plan: Plan, device: torch.device) -> None:
    for own in plan.own:
        table: dict[str, Any] = module._parameters if own.declared.trainable else module._buffers
        there = table[own.name]
        if there is None:
            continue
        with placed(device, there.dtype if there.is_floating_point() else None), torch.no_grad():
            there.copy_(plan.compute(module, own))


def _tie(net: nn.Module, shared: list[list[Place]]) -> None:
    """Parameters that were one are one again; a block's own ``tie`` has chosen which."""
    for places in shared:
        now = [module._parameters[name] for module, name in places]
        chosen = next((p for p in now if sum(p is q for q in now) > 1), now[0])
        for module, name in places:
            setattr(module, name, chosen)
