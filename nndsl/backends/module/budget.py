"""How large a model will be, counted before anything is allocated."""

from __future__ import annotations

import math
import os
from typing import Any

from nndsl.backends.module.errors import fail
from nndsl.backends.module.statics import Env, decided, settle
from nndsl.backends.module.unroll import Step, unrolled
from nndsl.limits import CODES, Limits, current
from nndsl.model.expr import Size
from nndsl.model.graph import Block, Construct, Declare, Make, TensorType, Use
from nndsl.record import dataclass, field
from nndsl.source import Span

MAX_DEPTH = 64
"""Definitions in definitions; Python's own stack ends at some 300 modules in modules."""

STEPS_A_MODULE = 4
"""How many steps of all bodies together are written out for each module that is allowed."""


@dataclass
class Budget:
    """Counts blocks, each once; ``spent`` are the steps of all bodies written out so far."""

    limits: Limits = field(default_factory=current)
    spent: int = 0
    counted: dict[int, tuple[int, int]] = field(default_factory=dict)

    def check(self, block: Block) -> int:
        """Raises where the model is too large; returns the number of its elements."""
        _, elements = self.count(block, 1)
        if elements > self.limits.elements:
            raise fail(
                CODES["elements"],
                f"the model would have {_number(elements)} parameters and buffer elements; "
                f"the limit is {_number(self.limits.elements)}",
                block.span,
            )
        return elements

    def count(self, block: Block, depth: int) -> tuple[int, int]:
        """Modules and elements of one use of a block."""
        if id(block) in self.counted:
            return self.counted[id(block)]
        if depth > MAX_DEPTH:
            message = f"definitions are nested more than {MAX_DEPTH} deep"
            raise fail(CODES["depth"], message, block.span)
        modules, elements = 1, 0
        for step in unrolled(block.body, Env(), self.spend):
            more, larger = self._step(step, depth)
            modules += more
            elements += larger
            if modules > self.limits.modules:
                raise _too_many(modules, self.limits.modules, block.span)
        self.counted[id(block)] = modules, elements
        return modules, elements

    def _step(self, step: Step, depth: int) -> tuple[int, int]:
        statement = step.statement
        if isinstance(statement, Declare):
            type = statement.value.type
            return 0, _elements(type.shape or (), step.env) if isinstance(type, TensorType) else 0
        if not isinstance(statement, Make):
            return 0, 0
        if isinstance(statement.what, Use):
            return self.count(statement.what.block, depth + 1)
        if isinstance(statement.what, Construct):
            return 1, sum(_elements(w.shape, step.env) for w in statement.what.weights)
        return 1, 0

    def spend(self, span: Span | None) -> None:
        """Called for each step that is written out."""
        self.spent += 1
        most = self.limits.modules * STEPS_A_MODULE
        if self.spent > most:
            message = f"the model is more than {_number(most)} steps long"
            raise fail(CODES["modules"], message, span)


def _too_many(modules: int, limit: int, span: Span | None) -> Exception:
    return fail(
        CODES["modules"],
        f"the model would have {_number(modules)} modules or more; the limit is {_number(limit)}",
        span,
    )


def _elements(shape: tuple[Size, ...], env: Env) -> int:
    sizes: list[Any] = [settle(size, env) for size in shape]
    return math.prod(sizes) if all(map(decided, sizes)) else 0


def _number(count: int) -> str:
    """A count with separators; one that no person reads is shortened."""
    return f"{count:,}" if count < 10**15 else f"about 10**{len(str(count)) - 1}"


def check_memory(elements: int, bytes_each: int, span: Span | None) -> None:
    """Refuse what the machine's memory can't hold: Linux would hand it out and kill the process."""
    memory = current().memory
    said = "the limit is" if memory is not None else "this machine has"
    if memory is None:
        try:
            memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        except (AttributeError, ValueError, OSError):
            return
    if elements * bytes_each > memory:
        raise fail(
            CODES["memory"],
            f"the model needs {_number(elements * bytes_each // 2**20)} MiB, "
            f"{said} {_number(memory // 2**20)} MiB",
            span,
            help="build it on the meta device, which allocates nothing",
        )
