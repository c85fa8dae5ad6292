"""The shape rule of ``einsum("b i j, b j k -> b i k", a, b)``, ellipsis included."""

from __future__ import annotations

from collections.abc import Sequence

from nndsl.functions import shapes
from nndsl.functions.entry import listed
from nndsl.functions.shapes import Shape
from nndsl.functions.text import count, show, show_shape
from nndsl.model import dims
from nndsl.model.checker import Checker
from nndsl.model.expr import Size
from nndsl.model.graph import ListType, TensorType, Var
from nndsl.model.spec import FunctionCall, Rejected
from nndsl.record import dataclass, field

_DOTS = "..."


def einsum(call: FunctionCall) -> tuple[TensorType, Size]:
    """The type of the result and the multiply-adds of the plain sum."""
    equation = call.check.number(call["equation"])
    operands = call["operands"]
    if isinstance(operands, Var) and isinstance(operands.type, ListType):
        raise Rejected("`einsum` needs to know how many tensors it gets", "operands")
    types = listed(call, "operands")
    inputs, output = _read(str(equation))
    _check_operands(inputs, types)
    sizes = _Sizes(call.check)
    for labels, type in zip(inputs, types, strict=True):
        sizes.lay(labels, shapes.whole_shape(type, "`einsum`"))
    wanted = _implied(inputs) if output is None else output
    shape = sizes.shape(wanted)
    everything = (*sizes.dots, *sizes.named.values())
    return TensorType(shape, types[0].dtype), dims.product(everything) if len(types) > 1 else 0


def _check_operands(inputs: list[list[str]], types: Sequence[TensorType]) -> None:
    if len(inputs) != len(types):
        raise Rejected(
            f"the equation has {count(len(inputs), 'operand')}, {len(types)} are given", "equation"
        )
    if len({type.dtype for type in types}) > 1 or types[0].dtype == "bool":
        raise Rejected("`einsum` needs tensors of one dtype, floats or ints", "operands")


# ------------------------------------------------------------------ reading


def _read(equation: str) -> tuple[list[list[str]], list[str] | None]:
    text = equation.replace(" ", "")
    left, arrow, right = text.partition("->")
    inputs = [_labels(term, equation) for term in left.split(",")]
    if not arrow:
        return inputs, None
    output = _labels(right, equation)
    known = {label for labels in inputs for label in labels}
    for label in output:
        if label not in known and label != _DOTS:
            raise Rejected(f'`{label}` stands only on the right of "{equation}"', "equation")
        if output.count(label) > 1:
            raise Rejected(f'`{label}` stands twice on the right of "{equation}"', "equation")
    return inputs, output


def _labels(term: str, equation: str) -> list[str]:
    if term.count(_DOTS) > 1:
        raise Rejected(f'`...` stands twice in "{term}"', "equation")
    before, dots, after = term.partition(_DOTS)
    for char in before + after:
        if not (char.isascii() and char.isalpha()):
            shown = char if char.isprintable() and char.isascii() else f"U+{ord(char):04X}"
            raise Rejected(
                f"`{shown}` can't stand in an equation",
                "equation",
                'axes are single letters: "bij,bjk->bik"',
            )
    return [*before, *([dots] if dots else ()), *after]


def _implied(inputs: list[list[str]]) -> list[str]:
    """Without ``->``: the letters that stand once, in alphabetical order."""
    letters = [label for labels in inputs for label in labels if label != _DOTS]
    once = sorted(label for label in letters if letters.count(label) == 1)
    return [_DOTS, *once] if any(_DOTS in labels for labels in inputs) else once


# ------------------------------------------------------------------ sizes


@dataclass
class _Sizes:
    check: Checker
    named: dict[str, Size] = field(default_factory=dict)
    dots: Shape = ()

    def lay(self, labels: list[str], shape: Shape) -> None:
        """One operand's letters on its axes."""
        letters = len(labels) - (_DOTS in labels)
        if len(shape) < letters or _DOTS not in labels and len(shape) > letters:
            raise Rejected(
                f'"{"".join(labels)}" names {count(letters, "axis")}, but '
                f"{show_shape(shape)} has {len(shape)}",
                "equation",
            )
        front = labels.index(_DOTS) if _DOTS in labels else len(labels)
        back = letters - front
        if _DOTS in labels:
            middle = shape[front : len(shape) - back]
            self.dots = shapes.broadcast_shapes(self.dots, middle, self.check, "multiplied")
        pairs = [*zip(labels[:front], shape, strict=False)]
        if back:
            pairs += zip(labels[-back:], shape[-back:], strict=True)
        inside: dict[str, Size] = {}
        for label, size in pairs:
            self._name(label, size, inside)

    def _name(self, label: str, size: Size, inside: dict[str, Size]) -> None:
        known = self.named.get(label, size)
        both = shapes.stretch(known, size, self.check)
        twice = label in inside and not self.check.equal(inside[label], size)
        if both is None or twice:
            raise Rejected(
                f"`{label}` is {show(known)} in one place and {show(size)} in another", "equation"
            )
        inside[label] = size
        self.named[label] = both

    def shape(self, labels: list[str]) -> Shape:
        sizes: list[Size] = []
        for label in labels:
            sizes.extend(self.dots if label == _DOTS else (self.named[label],))
        return tuple(sizes)
