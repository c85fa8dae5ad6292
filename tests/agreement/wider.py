"""Random programs with more of the language in them: declared modules and lists of them,
functions, learned activations, optional inputs, several outputs, labels with templates, ``...``."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.agreement.programs import AXIS, NORMS, PATTERNS, Generator, Made, Scope

HEADS = """fn scaled(t, by=2): t * by + 1

activation bent(alpha=0.5, const knee=0.0): where(x > knee, x, alpha * x)

def gate()(x: "{pattern}", mask: "{pattern}" = None):
    x if mask is None else x * sigmoid(mask)

def pair(width)(x: "{pattern}"):
    u = x | left: {layer}
    v = x | right: {layer}
    return u, v + 1"""


class Wider(Generator):
    """Draws programs that use what ``HEADS`` defines, and declared modules."""

    def program(self) -> str:
        rank = self.number(2, 4)
        layer = "linear width" if rank < 4 else "conv(width, 1)"
        heads = HEADS.format(pattern=PATTERNS[rank], layer=layer)
        items = [self.definition(f"d{i}", rank) for i in range(self.number(0, 3))]
        return "\n\n".join([heads, *items, self.model(rank)]) + "\n"

    def activation(self, scope: Scope) -> str:
        return self.pick(super().activation(scope), "bent", "bent(alpha=0.2)", "scaled")

    def plain(self, scope: Scope) -> str:
        more = ("(_ | scaled(by=3))", "gate()", "gate()(_ * 2)")
        return self.pick(*[super().plain(scope)] * 3, *more)

    def _use(self, scope: Scope, depth: int) -> str:
        one = self.made[self.number(0, len(self.made) - 1)]
        if self.chance(30) and set(one.params) <= self.names(scope):
            return f"{one.name}(...)"
        return super()._use(scope, depth)

    def names(self, scope: Scope) -> set[str]:
        groups = (scope.counts, scope.flags, scope.lists, scope.acts, scope.makers)
        return {"width", *(name for group in groups for name in group)} & {
            "width", "depth", "flag", "widths", "act", "fc"
        }  # fmt: skip

    # ------------------------------------------------------------------ statements

    def statement(self, scope: Scope) -> list[str]:
        kinds = ["plain"] * 2 + ["modules", "shared", "pair", "templates"]
        kinds += ["sized"] * 2 if scope.lists else []
        kind = self.pick(*kinds)
        if kind == "plain":
            return super().statement(scope)
        found: list[str] = getattr(self, f"_with_{kind}")(scope, scope.label())
        return found

    def _with_modules(self, scope: Scope, label: str) -> list[str]:
        """A list of modules, called in order, in reverse, twice or only in part."""
        count = self.pick(*(scope.counts * 2), "2", "3")
        form = self.number(1, 4)
        alike = form == 3 or self.chance(50)  # sizes can't run backwards through a list
        item = self.pick(*NORMS[scope.rank]) if alike else self.layer(scope)
        lines = [f"module {label}: [{item} for i in range({count})]"]
        over = {1: f"range({count})", 2: f"range({count})", 3: f"reversed(range({count}))"}
        if form < 4:
            lines += [f"for i in range({count}):" if form < 3 else f"for i in {over[3]}:"]
            lines += [f"    y = y | {label}[i] | {self.activation(scope)}"]
            if form == 2:
                lines.append(f'    y = y | "{label}x{{i}}": {self.layer(scope)}')
        else:
            several = f"[{label}[i](y) for i in range({count})]"
            lines.append(f"y = cat({several}, dim={AXIS[scope.rank]})")
        return lines

    def _with_sized(self, scope: Scope, label: str) -> list[str]:
        """A list of modules that goes over a list of sizes."""
        over = scope.lists[0]
        item = self.layer(scope, "w")
        lines = [f"module {label}: [{item} for w in {over}]"]
        if self.chance(60):
            return [*lines, f"for i in range(len({over})):", f"    y = y | {label}[i]"]
        return [*lines, f"for i, w in enumerate({over}):", f"    y = y | {label}[i] | scaled"]

    def _with_shared(self, scope: Scope, label: str) -> list[str]:
        """One module that several calls share, some of them under conditions or in loops."""
        norm = self.pick(*NORMS[scope.rank])
        lines = [f"module {label}: {norm}"]
        count = self.pick(*(scope.counts * 2), "2")
        calls = [
            f"y = y | {label}",
            f"if {self.condition(scope)}:\n        y = y | {label} | relu",
            f"for i in range({count}):\n        y = y + (y | {label})",
            f"y = y | ({label} if {self.condition(scope)})",
        ]
        for _ in range(self.number(1, 3)):
            lines.append(self.pick(*calls))
        return lines

    def _with_pair(self, scope: Scope, label: str) -> list[str]:
        size = self.size(scope)
        return [f"p, q = y | {label}: pair({size})", "y = p * q + p"]

    def _with_templates(self, scope: Scope, label: str) -> list[str]:
        inside = self.quiet(scope)
        inside.looping = True
        if scope.lists and self.chance(50):
            inside.sizes = [*inside.sizes, "w", "w"]
            loop = f"for i, w in enumerate({scope.lists[0]})"
        else:
            loop = f"for i in range({self.pick(*(scope.counts * 2), '2')})"
        name = self.pick(f"{label}{{i}}", f"{label}.{{i}}", f"{label}.b{{i}}.fc")
        return [f'y = y | ("{name}": {self.layer(inside)} {loop}) | {self.activation(scope)}']


@st.composite
def programs(draw: Callable[..., object]) -> str:
    """The text of a program; most are valid."""
    kind = draw(st.sampled_from([Generator, Wider, Wider]))  # type: ignore[operator]
    return kind(draw).program()  # type: ignore[no-any-return]


def drawn(count: int, strategy: st.SearchStrategy[str] | None = None) -> list[str]:
    """Up to so many different programs, the same in every run."""
    found: dict[str, None] = {}

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(programs() if strategy is None else strategy)
    def collect(text: str) -> None:
        found.setdefault(text)

    collect()
    return list(found)


__all__ = ["Made", "Wider", "drawn", "programs"]
