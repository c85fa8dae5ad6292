"""Random valid programs: a weighted generator of small networks, written down as text.

A program has a few definitions and one model, static parameters of every kind, loops, repeats,
conditions, residual sums, concatenations, layers as parameters, and inputs of 2, 3 or 4 axes.
Sizes are written as expressions over the parameters, so that every one of them can be changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

PATTERNS = {2: "b c", 3: "b t c", 4: "b c h w"}
AXIS = {2: 1, 3: 2, 4: 1}
ACTIVATIONS = ("relu", "gelu", "tanh", "leaky_relu(0.2)", "prelu", "identity")
NORMS = {2: ("layernorm", "rmsnorm"), 3: ("layernorm", "rmsnorm"), 4: ("batchnorm", "groupnorm(1)")}


@dataclass
class Scope:
    """What a body may name: counts and sizes, flags, lists of sizes, layers, the input's size."""

    rank: int
    sizes: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    makers: list[str] = field(default_factory=list)  # layers that take a size
    labels: int = 0
    looping: bool = False

    def label(self) -> str:
        self.labels += 1
        return f"part{self.labels}"


@dataclass(frozen=True)
class Made:
    """A definition that was written: its parameters by kind, in order."""

    name: str
    rank: int
    params: tuple[str, ...]
    exact: bool = False  # whether its output has ``width`` channels


class Generator:
    """Draws one program."""

    def __init__(self, draw: Callable[..., object]) -> None:
        self._draw = draw
        self.made: list[Made] = []
        self.exact = False  # whether the last result has ``width`` channels

    def pick(self, *options: str) -> str:
        return self._draw(st.sampled_from(options))  # type: ignore[return-value]

    def number(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))  # type: ignore[return-value]

    def chance(self, percent: int) -> bool:
        return self.number(1, 100) <= percent

    # ------------------------------------------------------------------ the file

    def program(self) -> str:
        rank = self.number(2, 4)
        items = [self.definition(f"d{i}", rank) for i in range(self.number(0, 3))]
        return "\n\n".join([*items, self.model(rank)]) + "\n"

    def definition(self, name: str, rank: int) -> str:
        params = ["width"]
        for one, percent in (("depth", 40), ("flag", 40), ("widths", 25), ("act", 40), ("fc", 20)):
            if self.chance(percent):
                params.append(one)
        scope = self.scope(rank, params)
        exact = False
        text = ", ".join(self.declared(p) for p in params)
        if self.chance(40):
            body = self.pipeline(scope, self.number(1, 4))
            found = f"def {name}({text}):\n    {body}"
        else:
            scope.sizes.append("c")
            lines = self.statements(scope)
            exact = self.exact
            found = f'def {name}({text})(x: "{PATTERNS[rank]}"):\n' + "\n".join(lines)
        self.made.append(Made(name, rank, tuple(params), exact))
        return found

    def declared(self, param: str) -> str:
        kinds = {"act": "act: layer", "fc": "fc: layer", "flag": "flag: bool"}
        return kinds.get(param, param)

    def model(self, rank: int) -> str:
        params = ["width", "depth", "flag"]
        if self.chance(50):
            params.append("widths")
        if self.chance(40):
            params.append("act")
        scope = self.scope(rank, params)
        defaults = {
            "width": f"width={self.number(2, 5)}",
            "depth": f"depth={self.number(0, 3)}",
            "flag": f"flag={self.pick('True', 'False')}",
            "widths": f"widths=[{', '.join(str(self.number(2, 5)) for _ in '123')}]",
            "act": f"act: layer = {self.pick(*ACTIVATIONS)}",
        }
        text = ", ".join(defaults[p] for p in params)
        first = self.number(1, 4)
        shape = {2: f"b {first}", 3: f"b t {first}", 4: f"b {first} h w"}[rank]
        head = f'model net({text})(x: "{shape}"):\n'
        if self.chance(50):
            return head + "    " + self.pipeline(scope, self.number(2, 5))
        return head + "\n".join(self.statements(scope))

    def scope(self, rank: int, params: list[str]) -> Scope:
        have = {kind: [kind] if kind in params else [] for kind in ("act", "fc", "flag", "widths")}
        counts = ["depth"] if "depth" in params else []
        return Scope(rank, ["width"], counts, have["flag"], have["widths"], have["act"], have["fc"])

    # ------------------------------------------------------------------ values

    def size(self, scope: Scope) -> str:
        name = self.pick(*scope.sizes)
        return self.pick(
            name, name, f"2 * {name}", f"{name} + 1", f"max({name}, 3)", str(self.number(1, 5))
        )

    def condition(self, scope: Scope) -> str:
        options = [f"{self.pick(*scope.sizes)} > {self.number(1, 6)}"]
        options += [flag for flag in scope.flags for _ in "12"]
        options += [f"not {flag}" for flag in scope.flags]
        options += [f"{count} > 1" for count in scope.counts]
        options += ["c != width"] * 2 if "c" in scope.sizes else []
        options += ["i > 0", "i % 2 == 0"] if scope.looping else []
        return self.pick(*options)

    def activation(self, scope: Scope) -> str:
        return self.pick(*(scope.acts * 3), *ACTIVATIONS[:4])

    # ------------------------------------------------------------------ stages

    def layer(self, scope: Scope, size: str | None = None) -> str:
        """A layer that gives ``size`` channels."""
        size = size or self.size(scope)
        if scope.makers and self.chance(30):
            return f"{scope.makers[0]}({size})"
        if scope.rank < 4:
            return f"linear({size})"
        return self.pick(f"conv({size}, 1)", f"conv({size}, 3, padding=1)", f"conv({size}, 1)")

    def plain(self, scope: Scope) -> str:
        """A stage that keeps every size."""
        return self.pick(
            self.activation(scope),
            self.activation(scope),
            self.pick(*NORMS[scope.rank]),
            "dropout(0.1)",
            "_ * 2",
            "_ + 1",
        )

    def stage(self, scope: Scope, depth: int = 2) -> str:
        kinds = ["layer"] * 4 + ["plain"] * 3
        if depth:
            kinds += ["repeat"] * 2 + ["conditional"] * 2 + ["choice", "cat", "group", "residual"]
            kinds += ["chain"] * 2 if scope.lists else []
            kinds += ["use"] * 4 if self.usable(scope) else []
        return getattr(self, f"_{self.pick(*kinds)}")(scope, depth - 1)  # type: ignore[no-any-return]

    def pipeline(self, scope: Scope, length: int, depth: int = 2) -> str:
        stages = [self.stage(scope, depth) for _ in range(length)]
        if all(stage in ("_ * 2", "_ + 1") for stage in stages):
            stages.append(self.layer(scope))
        return " | ".join(stages)

    def _layer(self, scope: Scope, depth: int) -> str:
        text = self.layer(scope)
        if not scope.looping and depth == 1 and self.chance(25):
            return f"{scope.label()}: {text}"
        return text

    def _plain(self, scope: Scope, depth: int) -> str:
        return self.plain(scope)

    def _repeat(self, scope: Scope, depth: int) -> str:
        count = self.pick(*(scope.counts * 2), str(self.number(0, 3)))
        inside = self.inside(scope)
        body = self.pipeline(inside, self.number(1, 2), depth)
        return f"({body}) x {count}"

    def _chain(self, scope: Scope, depth: int) -> str:
        inside = self.inside(scope)
        inside.sizes = [*scope.sizes, "w", "w"]
        form = self.number(1, 3)
        if form == 1:
            inside.looping = False
            body = self.pipeline(inside, self.number(1, 2), depth)
            return f"({self.layer(inside, 'w')} | {body} for w in {scope.lists[0]})"
        body = self.pipeline(inside, self.number(1, 2), depth)
        test = " if w > 2" if form == 2 else ""
        return f"({self.layer(inside, 'w')} | {body} for i, w in enumerate({scope.lists[0]}){test})"

    def _conditional(self, scope: Scope, depth: int) -> str:
        return f"({self.stage(scope, depth)} if {self.condition(scope)})"

    def _choice(self, scope: Scope, depth: int) -> str:
        then, orelse = self.layer(scope), self.layer(scope)
        return f"({then} if {self.condition(scope)} else {orelse})"

    def _cat(self, scope: Scope, depth: int) -> str:
        parts = [self.layer(scope) for _ in range(self.number(1, 2))] + ["_"]
        return f"cat({', '.join(parts)}, dim={AXIS[scope.rank]})"

    def _group(self, scope: Scope, depth: int) -> str:
        return f"({self.pipeline(self.quiet(scope), 2, depth)})"

    def _residual(self, scope: Scope, depth: int) -> str:
        return f"_ + (_ | {self.pick(*NORMS[scope.rank])} | {self.activation(scope)})"

    def _use(self, scope: Scope, depth: int) -> str:
        one = self.made[self.number(0, len(self.made) - 1)]
        args = ", ".join(self.argument(p, scope) for p in one.params)
        return f"{one.name}({args})"

    def usable(self, scope: Scope) -> bool:
        return any(one.rank == scope.rank for one in self.made)

    def argument(self, param: str, scope: Scope) -> str:
        if param == "width":
            return self.size(scope)
        if param == "depth":
            return self.pick(*(scope.counts * 2), str(self.number(0, 2)))
        if param == "flag":
            return self.pick(*(scope.flags * 2), "True", self.condition(scope))
        if param == "widths":
            return self.pick(*(scope.lists * 2), f"[{self.size(scope)}, {self.size(scope)}]")
        if param == "act":
            return self.pick(*(scope.acts * 2), *ACTIVATIONS)
        takes = "linear" if scope.rank < 4 else "conv(kernel_size=1)"
        one_size = [m for m in self.made if m.params == ("width",) and m.exact]
        small = [m.name for m in one_size if m.rank == scope.rank]
        return self.pick(*scope.makers, takes, *small)

    def inside(self, scope: Scope) -> Scope:
        """A scope inside a loop: no labels there, they would come twice."""
        return Scope(
            scope.rank, list(scope.sizes), scope.counts, scope.flags, scope.lists, scope.acts,
            scope.makers, looping=False,
        )  # fmt: skip

    def quiet(self, scope: Scope) -> Scope:
        found = self.inside(scope)
        found.looping = scope.looping
        return found

    # ------------------------------------------------------------------ statements

    def statements(self, scope: Scope) -> list[str]:
        lines = [f"y = x | {self.pipeline(scope, self.number(1, 2), 1)}"]
        for _ in range(self.number(0, 2)):
            lines += self.statement(scope)
        lines.append(self.result(scope))
        return ["    " + line for line in lines]

    def statement(self, scope: Scope) -> list[str]:
        kind = self.pick("if", "else", "for", "more", *(["list"] if scope.lists else []))
        label = scope.label()
        if kind == "if":
            return [f"if {self.condition(scope)}:", f"    y = y | {label}: {self.layer(scope)}"]
        if kind == "else":
            return [
                f"if {self.condition(scope)}:",
                f"    y = y | {label}: {self.layer(scope)}",
                "else:",
                f"    y = y | {scope.label()}: {self.layer(scope)} | {self.activation(scope)}",
            ]
        if kind == "more":
            return [f"y = y | {self.pipeline(scope, self.number(1, 2), 1)}"]
        return self.loop(scope, kind, label)

    def loop(self, scope: Scope, kind: str, label: str) -> list[str]:
        inside = self.quiet(scope)
        inside.looping = True
        if kind == "list":
            inside.sizes = [*inside.sizes, "w", "w"]
            head = f"for i, w in enumerate({scope.lists[0]}):"
        else:
            head = f"for i in range({self.pick(*(scope.counts * 2), '2')}):"
        body = [f'y = y | "{label}{{i}}": {self.layer(inside)} | {self.activation(inside)}']
        gathers = kind == "list" and self.chance(40)
        if not gathers and self.chance(40):
            body.append(f"if {self.condition(inside)}:")
            body.append(f'    y = y | "{label}x{{i}}": {self.layer(inside)}')
        lines = [head, *("    " + line for line in body)]
        if gathers:
            lines = [f"ys{label} = []", *lines, f"    ys{label} = ys{label} + [y]"]
            lines.append(f"y = cat(ys{label}, dim={AXIS[scope.rank]})")
        return lines

    def result(self, scope: Scope) -> str:
        self.exact = True
        if "c" in scope.sizes and self.chance(50):
            last = self.layer(scope, "width")
            skip = f"(x | skip: {self.layer(scope, 'width')} if c != width)"
            return f"(y | last: {last}) + {skip}"
        size = self.size(scope)
        self.exact = size == "width"
        return f"y | last: {self.layer(scope, size)}"
