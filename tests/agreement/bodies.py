"""Random programs made of statements: names of a round, lists of tensors that grow and are read,
loops in loops and over time, conditions in rounds, labels with expressions, functions.

Every tensor is ``"b {width}"``, so that any two may be added and put into one list; hidden sizes
vary. What a block assigns is read before it ends, as the language asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from tests.agreement.statements import (
    FLOWS,
    HEADS,
    LABELS,
    LIST_VALUES,
    NUMBERS,
    ROUNDS,
    STATEMENTS,
    Weighted,
)

PARAMS = {
    "width": ("3", "4"),
    "n": ("1", "2", "3"),
    "p": ("0.5", "0.1"),
    "flag": ("True", "False"),
    "ws": ("[2, 3]", "[4, 2, 3]"),
    "rows": ("[[2, 1], [3, 2]]", "[[1, 2], [3, 1], [2, 2]]"),
    "act": ("relu", "tanh", "(linear 4 | relu)"),
}
VARIABLES = ("i", "j", "m", "o")
BOUND = ("a", "c", "row", "h")
DEEPEST = 3


@dataclass
class Block:
    """What stands in scope at one place, and what its statements haven't read yet."""

    params: tuple[str, ...]
    tensors: list[str] = field(default_factory=lambda: ["y"])
    numbers: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)  # loop variables that tell rounds apart
    unread: set[str] = field(default_factory=set)
    waiting: frozenset[str] = frozenset()  # what is unread in the blocks around
    alike: bool = False  # inside rounds that no variable tells apart
    depth: int = 0
    running: bool = False  # inside a loop over time

    def inside(self, **changed: object) -> Block:
        """A block one level deeper: it may read all of this, and leaves nothing behind."""
        own = {k: list(getattr(self, k)) for k in ("tensors", "numbers", "lists", "places")}
        waiting = self.waiting | self.unread
        own |= {"unread": set(), "waiting": waiting, "depth": self.depth + 1} | changed
        return replace(self, **own)  # type: ignore[arg-type]


class Bodies:
    """Draws one program."""

    def __init__(self, draw: Callable[..., object]) -> None:
        self._draw = draw
        self._labels = 0
        self._made: dict[str, tuple[str, ...]] = {}

    def number(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))  # type: ignore[return-value]

    def chance(self, percent: int) -> bool:
        return self.number(1, 100) <= percent

    def pick(self, *options: str) -> str:
        return self._draw(st.sampled_from(options))  # type: ignore[return-value]

    def choose(self, table: Weighted, block: Block) -> str:
        """A row of a table, by weight, among those whose needs the block fulfils."""
        fit = [[text] * weight for text, weight, needs in table if self._fits(needs, block)]
        return self.pick(*(text for texts in fit for text in texts))

    def _fits(self, needs: str, block: Block) -> bool:
        return all(self._has(need, block) for need in needs.split())

    def _has(self, need: str, block: Block) -> bool:
        if need in PARAMS:
            return need in block.params
        facts = {
            "numbers": bool(block.numbers),
            "lists": bool(block.lists),
            "place": bool(block.places),
            "apart": bool(block.places) and not block.alike,
            "room": block.depth < DEEPEST,
            "still": not block.running,
            "made": bool(self._made),
            "top": block.depth == 0,
        }
        return facts[need]

    # ------------------------------------------------------------------ the file

    def program(self) -> str:
        items = [self.definition(f"d{i}") for i in range(self.number(0, 2))]
        return "\n\n".join([HEADS, *items, self.model()]) + "\n"

    def definition(self, name: str) -> str:
        params = self.params()
        lines = self.body(Block(params))
        declared = ", ".join("act: layer" if one == "act" else one for one in params)
        self._made[name] = params
        return f'def {name}({declared})(x: "b {{width}}"):\n' + _indented(lines)

    def model(self) -> str:
        params = self.params()
        defaults = {one: self.pick(*PARAMS[one]) for one in params}
        declared = ", ".join(
            f"{one}{': layer' * (one == 'act')}={value}" for one, value in defaults.items()
        )
        over_time = self.chance(35)
        lines = self.over_time(Block(params)) if over_time else self.body(Block(params))
        shape = "b t {width}" if over_time else "b {width}"
        return f'model net({declared})(x: "{shape}"):\n' + _indented(lines)

    def params(self) -> tuple[str, ...]:
        return ("width", "n", *(one for one in list(PARAMS)[2:] if self.chance(40)))

    def body(self, block: Block) -> list[str]:
        lines = ["y = x", *self.statements(block, self.number(1, 4))]
        return [*lines, self.result(block)]

    def result(self, block: Block) -> str:
        return self.pick("y", "y * 2", "y + x" if block.tensors[0] == "y" else "y")

    def statements(self, block: Block, count: int) -> list[str]:
        lines = []
        for _ in range(count):
            kind = self.choose(STATEMENTS, block)
            lines += getattr(self, f"_{kind}")(block)
        return lines + self.rest(block)

    def rest(self, block: Block) -> list[str]:
        """Reads what nothing has read."""
        lines = []
        for name in sorted(block.unread):
            if name in block.lists:
                reading = self.pick("{hs}[-1]", "sum_of({hs})")
                lines.append(f"y = y + {self.value(reading, block, name)}")
            else:
                lines.append(f"y = y {'*' if name in block.numbers else '+'} {name}")
        block.unread.clear()
        return lines

    # ------------------------------------------------------------------ values

    def value(self, text: str, block: Block, hs: str = "") -> str:
        """A row's text with names put in for its holes, which thereby are read."""
        holes = {
            "k": lambda: self.pick(*block.numbers),
            "z": lambda: self.pick(*block.tensors),
            "hs": lambda: hs or self.pick(*block.lists),
            "i": lambda: self.pick(*block.places),
            "num": lambda: self.value(self.choose(NUMBERS, block), block),
            "flow": lambda: self.value(self.choose(FLOWS, block), block),
            "label": lambda: self.label(block),
        }
        for hole, name in holes.items():
            while "{" + hole + "}" in text:
                found = name()
                block.unread.discard(found)
                text = text.replace("{" + hole + "}", found, 1)
        return text

    def label(self, block: Block) -> str:
        """A label that differs in each round; often none, which numbers the layer."""
        self._labels += 1
        text = self.choose(LABELS, block)
        if not text:
            return ""
        places = ".".join(f"<{one}>" for one in block.places[:-1])
        text = text.replace("OUTER", places + "." * bool(places))
        text = text.replace("NAME", f"l{self._labels}")
        text = text.replace("LAST", block.places[-1] if block.places else "")
        return text.replace("<", "{").replace(">", "}") + ": "

    # ------------------------------------------------------------------ statements

    def _count(self, block: Block) -> list[str]:
        """A number that later statements of the block read."""
        value = self.value(self.choose(NUMBERS, block), block)
        name = self.fresh(block, "rsk")
        block.numbers = list({**dict.fromkeys(block.numbers), name: None})
        block.unread.add(name)
        return [f"{name} = {value}"]

    def fresh(self, block: Block, names: str) -> str:
        """A name that is read already, or new; never one that waits to be read."""
        taken = block.unread | block.waiting
        free = [one for one in names if not taken & {one, one + "s"}]
        return self.pick(*free) if free else f"{names[0]}{len(taken)}"

    def _flow(self, block: Block) -> list[str]:
        value = self.value("{flow}", block)
        return [f"y = {value}" if re.search(r"\by\b", value) else f"y = y + ({value})"]

    def _another(self, block: Block) -> list[str]:
        """A second tensor, read later."""
        value = self.value("{flow}", block)
        name = self.fresh(block, "zuv")
        block.tensors = list({**dict.fromkeys(block.tensors), name: None})
        block.unread.add(name)
        return [f"{name} = {value}"]

    def _pair(self, block: Block) -> list[str]:
        return [self.value("e, f = y | {label}both(width)", block), "y = e * f + y"]

    def _if(self, block: Block) -> list[str]:
        lines = [f"if {self.condition(block)}:"]
        lines += self.nested(block.inside(), self.number(1, 2))
        if self.chance(50):
            lines += ["else:", *self.nested(block.inside(), self.number(1, 2))]
        return lines

    def nested(self, block: Block, count: int) -> list[str]:
        lines = self.statements(block, count)
        return ["    " + one for one in lines or ["y = y + 1"]]

    def condition(self, block: Block) -> str:
        options = ["n > 1", "width > 3"]
        options += ["flag", "not flag"] * ("flag" in block.params)
        for one in block.places:
            options += [f"{one} > 0", f"{one} % 2 == 0", f"{one} == n - 1"]
        options += [f"{one} > 2" for one in block.numbers]
        options += [f"len({one}) > 1" for one in block.lists]
        return self.pick(*options)

    def _rounds(self, block: Block) -> list[str]:
        """A counted loop."""
        place, end = VARIABLES[block.depth], str(block.depth or "")
        head = self.choose(ROUNDS, block).replace("{i}", place)
        bound = {one: one + end for one in BOUND if f"{{{one}}}" in head}
        for one, name in bound.items():
            head = head.replace(f"{{{one}}}", name)
        head = self.value(head, block)
        tells = place in re.findall(r"\w+", head.split(" in ")[0])
        inside = block.inside(alike=block.alike or not tells)
        if tells:
            inside.places.append(place)
            inside.numbers.append(f"({place} + 1)")
        lines = self._bind(inside, bound)
        lines += self.nested(inside, self.number(1, 3))
        if "h" in bound:
            lines.append(f"    y = y + {bound['h']}")
        elif bound:
            lines.append(f"    y = y * {bound.get('a', 'a')}")
        return [f"for {head}:", *lines]

    def _bind(self, inside: Block, bound: dict[str, str]) -> list[str]:
        """Puts a loop's variables into its scope; a row is taken apart first of all."""
        inside.tensors += [name for one, name in bound.items() if one == "h"]
        inside.numbers += [name for one, name in bound.items() if one in ("a", "c")]
        if "row" not in bound:
            return []
        inside.numbers += ["a", "c"]
        return [f"    a, c = {bound['row']}"]

    def _gather(self, block: Block) -> list[str]:
        """A list that a counted loop fills, and may read meanwhile."""
        name = self.fresh(block, "hg") + "s"
        start = self.pick(f"{name} = [y]", f"{name} = [y, y * 2]", f"{name} = []")
        place = VARIABLES[block.depth]
        inside = block.inside(places=[*block.places, place])
        filled = "[]" not in start
        if self.chance(40):
            inside.numbers.append(f"len({name})" if filled else f"(len({name}) + 1)")
        if filled:
            inside.lists.append(name)
        lines = self.nested(inside, self.number(1, 2))
        grown = self.pick(*[f"{name} + [y]"] * 3, f"[y] + {name}", f"{name} + [y, y + 1]")
        grow = [f"    {name} = {grown}"]
        if filled and self.chance(20):
            grow = [f"    if {self.condition(inside)}:", f"        {name} = {grown}"]
        if name not in block.lists:
            block.lists.append(name)
        block.unread.add(name)
        return [start, f"for {place} in range({self.pick('n', 'n', '2')}):", *lines, *grow]

    def _listed(self, block: Block) -> list[str]:
        """A list written down or made by a comprehension."""
        value = self.value(self.choose(LIST_VALUES, block), block)
        name = self.fresh(block, "hg") + "s"
        if name not in block.lists:
            block.lists.append(name)
        block.unread.add(name)
        return [f"{name} = {value}"]

    def over_time(self, block: Block) -> list[str]:
        """A body whose input has an axis of time: a loop over it, and what follows."""
        start = self.pick("zeros(b, width)", "x[:, 0]", "mean(x, dim=1)")
        lines = [f"y = {start}"]
        lines += self.statements(block, self.number(0, 1))
        inside = block.inside(running=True, places=[], lists=[])
        inside.tensors.append("xt")
        inside.numbers = []
        gathers = self.chance(50)
        lines += ["outs = []"] * gathers + ["for xt in unbind(x, dim=1):", "    y = y + xt"]
        lines += self.nested(inside, self.number(1, 3))
        if gathers:
            lines += ["    outs = outs + [y]", "y = y + (stack(outs, dim=1) | mean(dim=1))"]
        return [*lines, *self.statements(block, self.number(0, 2)), "y"]

    def _use(self, block: Block) -> list[str]:
        name = self.pick(*self._made)
        args = ", ".join(self.argument(one, block) for one in self._made[name])
        used = self.value("{z} | {label}", block) + f"{name}({args})"
        return [f"y = {used}" if used.startswith("y ") else f"y = y + ({used})"]

    def argument(self, param: str, block: Block) -> str:
        if param == "n":
            return self.value("{num}", block)
        if param == "width" or param in block.params and self.chance(60):
            return param
        return self.pick(*PARAMS[param]).replace("linear 4", "linear width")


def _indented(lines: list[str]) -> str:
    return "\n".join("    " + one for one in lines)


@st.composite
def bodies(draw: Callable[..., object]) -> str:
    """The text of a program; most are valid."""
    return Bodies(draw).program()
