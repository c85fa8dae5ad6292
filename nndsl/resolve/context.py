"""Where an expression stands: its names, its namespace of members, what flows in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nndsl.diagnostics import Label, error
from nndsl.model.graph import Path
from nndsl.record import dataclass, field, replace
from nndsl.resolve.builder import Builder
from nndsl.resolve.errors import Fault
from nndsl.resolve.naming import Naming
from nndsl.resolve.scope import Scope
from nndsl.source import Span

if TYPE_CHECKING:
    from nndsl.resolve.resolver import Resolver


@dataclass(frozen=True)
class Context:
    """``flow`` is the tensor flowing in. ``stage``: a call here gets it put first.

    ``label`` is the path that the layer standing here must be registered under; ``identifier``
    is what it is named after where that isn't its own name (a layer parameter's).
    """

    resolver: Resolver
    builder: Builder
    scope: Scope
    naming: Naming
    flow: Any = None
    stage: bool = False
    label: Path | None = None
    identifier: tuple[Any, str] | None = None
    samples: dict[Any, Any] = field(default_factory=dict)
    loop: Any = None  # the innermost loop over a block's names
    quiet: bool = False  # computed at construction, where nothing flows
    stateless: str = ""  # inside a "function", "activation" or "rule": no state
    spliced: bool = False  # an input's sizes are the caller's own

    @property
    def general(self) -> bool:
        return self.builder.general

    def plain(self) -> Context:
        """The same place inside an expression: no label, no tensor put first."""
        if not self.stage and self.label is None:
            return self
        return replace(self, stage=False, label=None)

    def inner(self) -> Context:
        """The same place with a new level of names."""
        return replace(self, scope=self.scope.inner())


def fault(
    code: str,
    message: str,
    span: Span | None,
    text: str = "",
    help: str = "",
    causes: Iterable[Label] = (),
) -> Fault:
    """The exception that reports one mistake."""
    return Fault(error(code, message, span, text, help=help, causes=tuple(causes)))
