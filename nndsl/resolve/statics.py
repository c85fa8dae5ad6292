"""Static values: arithmetic, comparisons, lists and texts at construction.

For one use everything plain is computed at once. Over a block's names nothing is: the author's
expression is kept as it was written.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from nndsl.limits import CODES, current, exceeded, spend
from nndsl.model import dims
from nndsl.model import expr as ex
from nndsl.model.expr import (
    Call,
    Expr,
    Index,
    Listing,
    Name,
    Op,
    SliceOf,
    Spread,
    Static,
    Text,
    known,
)
from nndsl.resolve.context import Context, fault
from nndsl.source import Span
from nndsl.syntax import tree

BOUNDED = frozenset((int, str, tuple, Listing))


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def plain(value: Any) -> Any:
    """The value of an expression that needs no names; others stay."""
    if isinstance(value, Expr) and known(value):
        return ex.evaluate(value)
    return value


def binary(node: tree.Binary, left: Any, right: Any, cx: Context) -> Static:
    """Arithmetic on static values."""
    _check_power(node, left, right)
    _check_length(node, left, right)
    if node.op == "*" and ex.is_list(right):
        left, right = right, left  # a list that is repeated stands in front
    try:
        if cx.general and not (isinstance(left, str | tuple) or isinstance(right, str | tuple)):
            return Op(node.op, (left, right))
        if isinstance(left, Expr) or isinstance(right, Expr):
            return _symbolic(node, left, right)
        result = ex.BINARY[node.op](left, right)
    except (ArithmeticError, TypeError, ValueError, KeyError) as problem:
        raise _arithmetic_fault(node, left, right, problem) from None
    return result


def _symbolic(node: tree.Binary, left: Any, right: Any) -> Static:
    if isinstance(left, tuple | Listing) or isinstance(right, tuple | Listing):
        if node.op not in ("+", "*") or node.op == "+" and any(map(_is_no_list, (left, right))):
            raise TypeError
        return listing((Spread(left), Spread(right))) if node.op == "+" else Op("*", (left, right))
    if node.op == "/" or isinstance(left, float) or isinstance(right, float):
        return Op(node.op, (left, right))
    return ex.binary(node.op, left, right)


def _is_no_list(value: Any) -> bool:
    """Whether an expression is surely a number or a text."""
    if isinstance(value, Name):
        return value.type in ("int", "float", "bool", "str")
    return isinstance(value, Op) and not ex.is_list(value)


def _check_power(node: tree.Binary, left: Any, right: Any) -> None:
    """Refuse a power whose digits alone would fill the memory."""
    if node.op != "**" or not isinstance(plain(right), int) or not isinstance(plain(left), int):
        return
    base, times = plain(left), plain(right)
    if times > 0 and abs(base) > 1 and times * abs(base).bit_length() > 128:
        raise _too_large(node)


def _too_large(node: tree.Node) -> Exception:
    most = current().integer
    said = "2**63 or more" if most == 2**63 - 1 else f"more than {most:,}"
    return fault(CODES["integer"], "this number is too large", node.span, said)


def _too_long(found: Any, node: tree.Node) -> Exception:
    if isinstance(found, str):
        said = f"more than {current().text:,} letters"
        return fault(CODES["text"], "this text is too long", node.span, said)
    said = f"more than {current().items:,} items"
    return fault(CODES["items"], "this list is too long", node.span, said)


def bounded(found: Any, node: tree.Node) -> Any:
    """A static value that is no larger than the limits allow."""
    limits = current()
    if isinstance(found, int):
        if abs(found) > limits.integer:
            raise _too_large(node)
    elif isinstance(found, str):
        if len(found) > limits.text:
            raise _too_long(found, node)
        if type(node) not in _PARTS:
            spend(len(found) // 256)  # it is made anew, and kept
    elif type(node) not in _PARTS and _counted(found, limits.items) > limits.items:
        raise _too_long(found, node)
    return found


def check_count(items: Sized, node: tree.Node) -> None:
    """Refuse more items than a list may have, while they are put together from spread lists."""
    if len(items) > current().items:
        raise _too_long(items, node)


_PARTS = frozenset((tree.Name, tree.Group, tree.Pipeline, tree.Subscript))


def _counted(found: Any, most: int) -> int:
    """How many items a list has with those of the lists in it; counts a little beyond ``most``."""
    total, level, deep = 0, [found], 0
    while level and total <= most:
        if deep > current().nesting:
            raise exceeded("nesting", f"lists are more than {current().nesting} deep in each other")
        inner: list[Any] = []
        for part in level:
            items = part.items if isinstance(part, Listing) else part
            total += len(items)
            if total > most:
                break
            inner.extend(i for i in items if isinstance(i, tuple | Listing))
        level, deep = inner, deep + 1
    spend(total // 8)
    return total


def _check_length(node: tree.Binary, left: Any, right: Any) -> None:
    """Refuse a list or a text that would be too long, before it is made."""
    for many, other in ((left, right), (right, left)):
        if not isinstance(many, tuple | str):
            continue
        length = len(many)
        if node.op == "*" and type(other) is int:
            length *= max(other, 0)
        elif node.op == "+" and isinstance(other, tuple | str):
            length += len(other)
        if length > (current().text if isinstance(many, str) else current().items):
            raise _too_long(many, node)


def _arithmetic_fault(node: tree.Node, left: Any, right: Any, problem: Exception) -> Exception:
    if isinstance(problem, ZeroDivisionError):
        return fault("E206", "division by zero", node.span, "the divisor is 0")
    if isinstance(problem, OverflowError):
        return _too_large(node)
    kinds = f"{kind_of(left)} and {kind_of(right)}"
    op = f"`{node.op}`" if isinstance(node, tree.Binary) else "this"
    help = ""
    if left is None or right is None:
        help = "give it a value, or decide with `... is None`"
    elif isinstance(left, tuple) and not isinstance(right, tuple):
        help = "put what is added in brackets: `[...]`"
    elif isinstance(left, str) or isinstance(right, str):
        help = 'numbers go into a text with braces, where it is a label: `"layer{n}"`'
    return fault("E205", f"{op} does not work on {kinds}", node.span, str(kinds), help)


def kind_of(value: Any) -> str:
    """A static value's kind, in words."""
    if value is None:
        return "None"
    names = {bool: "a bool", int: "an int", float: "a float", str: "a text", tuple: "a list"}
    names |= {Listing: "a list", Text: "a text"}
    return names.get(type(value), "a number")


def compare(node: tree.Compare, values: list[Any], cx: Context) -> Static:
    """A comparison of static values, chained ones joined by ``and``."""
    total: Static = True
    for op, left, right in zip(node.ops, values[:-1], values[1:], strict=True):
        one = _compare(op, left, right, node, cx)
        total = one if total is True else Op("and", (total, one))
        if total is False:
            return False
    return total


def _compare(op: str, left: Any, right: Any, node: tree.Node, cx: Context) -> Static:
    if not (isinstance(left, Expr) or isinstance(right, Expr)):
        try:
            return bool(ex.BINARY[op](left, right))
        except TypeError:
            raise fault(
                "E205", f"{kind_of(left)} and {kind_of(right)} can't be compared", node.span
            ) from None
    test = Op(op, (left, right))
    truth = cx.builder.decide(test)
    return test if truth is None or cx.general else truth


def none_test(value: Any, positive: bool, cx: Context) -> Static:
    """``value is None`` on something static."""
    if isinstance(value, Expr):
        if isinstance(value, Name) and value.type.endswith("?"):
            test = Op("is" if positive else "is not", (value, None))
            truth = cx.builder.decide(test)
            return test if truth is None else truth
        return not positive
    return (value is None) == positive


# ------------------------------------------------------------------ lists


def listing(items: tuple[Any, ...]) -> Static:
    """A list; lists that are spliced into it are laid out where they are known."""
    flat: list[Any] = []
    for item in items:
        inner = item.value if isinstance(item, Spread) else None
        if isinstance(inner, tuple):
            flat.extend(inner)
        elif isinstance(inner, Listing):
            flat.extend(inner.items)
        else:
            flat.append(item)
    if any(isinstance(i, Expr | Listing) for i in flat):
        return Listing(tuple(flat))
    return tuple(flat)


def subscript(node: tree.Subscript, found: Any, cx: Context) -> Static:
    """An item or a stretch of a static list or text."""
    from nndsl.resolve.evaluate import static

    if len(node.items) != 1:
        raise fault("E205", "a list has one index", node.span, f"{len(node.items)} given")
    part = node.items[0]
    if isinstance(part, tree.Slice):
        return _stretch(node, found, part, cx)
    index = static(part, cx)
    items, place = _laid_out(found), plain(index)
    if isinstance(items, tuple | str) and isinstance(place, int):
        if not -len(items) <= place < len(items):
            raise fault(
                "E206",
                f"the list has {len(items)} items",
                node.span,
                f"no item {place}",
                help=f"the first is item 0, the last item {len(items) - 1}" if items else "",
            )
        return items[place]
    _check_items(found, node)
    if not isinstance(place, int | Expr):
        text = f"a place in a list is an int, not {kind_of(place)}"
        raise fault("E205", text, part.span, f"this is {kind_of(place)}")
    return Index(found, index)


def _stretch(node: tree.Subscript, found: Any, part: tree.Slice, cx: Context) -> Static:
    """``ns[1:]``: a stretch of a list or a text."""
    _check_items(found, node)
    items, bounds = _laid_out(found), slice_bounds(part, cx)
    places = [plain(one) for one in bounds]
    if not isinstance(items, tuple | str) or any(isinstance(one, Expr) for one in places):
        return SliceOf(found, *bounds)
    stretch = items[slice(*places)]
    return listing(stretch) if isinstance(stretch, tuple) else stretch


def slice_bounds(part: tree.Slice, cx: Context) -> list[Any]:
    """Start, stop and step of a stretch; None for what is left out."""
    from nndsl.resolve.evaluate import static

    found: list[Any] = []
    for one in (part.start, part.stop, part.step):
        found.append(static(one, cx) if one is not None else None)
        bound = plain(found[-1])
        if one is not None and not isinstance(bound, int | Expr | None.__class__):
            text = f"a stretch begins and ends at an int, not at {kind_of(bound)}"
            raise fault("E205", text, one.span, f"this is {kind_of(bound)}")
    if part.step is not None and type(plain(found[2])) is int and plain(found[2]) == 0:
        raise fault("E206", "the step of a stretch can't be 0", part.step.span, "this is 0")
    return found


def _check_items(found: Any, node: tree.Subscript) -> None:
    if not isinstance(found, Expr | tuple | str):
        kind = kind_of(found)
        raise fault("E205", f"{kind} has no items", node.span, f"this is {kind}")


def _laid_out(found: Any) -> Any:
    """The items of a list if it is known how many each part of it has; else the list itself."""
    return found.items if isinstance(found, Listing) and not _spreads(found) else found


def call_static(name: str, args: list[Any], node: tree.Node, cx: Context) -> Static:
    """A function of numbers and lists."""
    if name == "range" and not cx.general and all(type(a) is int for a in args):
        _check_range(args, node)
    if cx.general or any(isinstance(a, Expr) for a in args):
        if name == "len" and isinstance(args[0], Listing) and not _spreads(args[0]):
            return len(args[0].items)
        return Call(name, tuple(args))
    try:
        result = ex.FUNCTIONS[name](*args)
    except (ArithmeticError, TypeError, ValueError) as problem:
        raise fault("E205", f"`{name}` can't be called so: {problem}", node.span, "here") from None
    spend(sum(len(a) for a in args if isinstance(a, tuple)) // 16)
    return result


def _check_range(args: list[int], node: tree.Node) -> None:
    if (
        len(args) in (1, 2, 3)
        and not (len(args) == 3 and args[2] == 0)
        and len(range(*args)) > (most := current().items)
    ):
        raise fault(
            CODES["items"],
            f"this loop has more than {most:,} rounds",
            node.span,
            "too many",
            help="`block(8) x 1_000_000` costs nothing to check: it is not written out",
        )


def _spreads(value: Listing) -> bool:
    return any(isinstance(i, Spread) for i in value.items)


def items_of(value: Any, node: tree.Node) -> tuple[Any, ...]:
    """The items of a list that is known; raises ``Undecided`` for one that is not."""
    value = _laid_out(value)
    if isinstance(value, Expr):
        value = ex.evaluate(value)
    if isinstance(value, tuple):
        return value
    spread = isinstance(node, tree.Argument)
    help = f"count with `range({node.span.text})`" if type(value) is int and not spread else ""
    raise fault("E205", "a list is wanted here", node.span, f"this is {kind_of(value)}", help)


# ------------------------------------------------------------------ texts


def text(node: tree.String, cx: Context, label: bool = False) -> Static:
    """A quoted text; what stands in braces is computed."""
    bounded(node.value, node)
    if "{" not in node.value and "}" not in node.value:
        return node.value
    parts: list[Any] = []
    for piece, offset in split_braces(node):
        if offset is None:
            parts.append(piece)
            continue
        found = plain(braced(node, piece, offset, cx))
        if label:
            _check_label_part(found, Span(node.span.source, *_extent(node, piece, offset)))
        parts.append(found if isinstance(found, Expr) else str(found))
    if any(isinstance(p, Expr) for p in parts):
        return Text(tuple(parts))
    return bounded("".join(parts), node)


def _extent(node: tree.String, piece: str, offset: int) -> tuple[int, int]:
    start = node.span.start + 1 + offset
    return start, start + len(piece)


def _check_label_part(found: Static, span: Span) -> None:
    """What braces add to a label is a part of one name: a dot in it would make a path."""
    if isinstance(found, str) and "." in found:
        raise fault(
            "E207",
            f"{found!r} has a dot, which would make two names of one",
            span,
            "part of a label",
            help="write the dots of a path outside of the braces",
        )
    if not isinstance(found, int | str | Expr):
        raise fault(
            "E205",
            f"a label is made of whole numbers and texts, not of {kind_of(found)}",
            span,
            f"this is {found!r}",
        )


def label_text(node: tree.Name | tree.String, cx: Context) -> Static:
    """A label; what stands in the braces of a quoted one must be known at construction."""
    found = text(node, cx, label=True) if isinstance(node, tree.String) else node.id
    unknown = [p for p in found.parts if isinstance(p, Expr)] if isinstance(found, Text) else []
    if unknown and not cx.general:
        raise undecided(unknown[0], node, "a label")
    pieces = found.parts if isinstance(found, Text) else (found,)
    dots = sum(piece.count(".") for piece in pieces if isinstance(piece, str))
    if dots > (most := current().nesting):
        what = f"a label of more than {most} containers in each other"
        raise fault(CODES["nesting"], what, node.span, "too deep")
    return found


def split_braces(node: tree.String) -> list[tuple[str, int | None]]:
    """The plain pieces of a text, and the braced ones with their offset in it."""
    pieces: list[tuple[str, int | None]] = []
    text, at = node.value, 0
    while (start := text.find("{", at)) >= 0:
        end = text.find("}", start)
        if end < 0:
            raise fault("E104", "`{` is not closed", node.span, "a `}` is missing")
        if text.startswith("{{", start):
            raise fault(
                "E104",
                "what stands in braces is computed: a text can't hold a brace itself",
                node.span,
                "two braces",
                help="write `{value}`, or leave the braces out",
            )
        if start > at:
            pieces.append((text[at:start], None))
        pieces.append((text[start + 1 : end], start + 1))
        at = end + 1
    if at < len(text):
        pieces.append((text[at:], None))
    return pieces


def braced(node: tree.String, piece: str, offset: int, cx: Context) -> Any:
    """The value of an expression in braces inside a text."""
    from nndsl.resolve.evaluate import static
    from nndsl.resolve.parts import parse_part

    return static(parse_part(node.span.source, *_extent(node, piece, offset)), cx)


def whole_number(value: Any, node: tree.Node, what: str, cx: Context) -> Any:
    """A count: an int of at least 0, or an expression over a general block's names."""
    value = value if cx.general and not known(value) else plain(value)
    if isinstance(value, Expr):
        if cx.general:
            return value
        raise undecided(value, node, what)
    if type(value) is not int:
        help = "`//` divides to an integer, `int(...)` cuts one off" if is_number(value) else ""
        message = f"{what} is an int, not {kind_of(value)}"
        raise fault("E205", message, node.span, f"this is {value!r}", help)
    if value < 0:
        help = "0 leaves it out; `max(0, ...)` never goes below"
        raise fault("E206", f"{what} can't be negative", node.span, f"this is {value}", help)
    return value


def undecided(value: Static, place: tree.Node | Span, what: str) -> Exception:
    """The error for a size that is only known when the model runs, where a number is needed."""
    from nndsl.model.text import expression

    names = list(dict.fromkeys(n.id for n in ex.names_in(dims.tidy(value))))
    listed = ", ".join(f"`{n}`" for n in names)
    return fault(
        "E304",
        f"{what} must be known when the model is constructed, "
        f"but `{expression(dims.tidy(value))}` is not",
        place.span if isinstance(place, tree.Node) else place,
        f"depends on {listed}, {'a size' if len(names) == 1 else 'sizes'} of the input",
        help=f'declare the model\'s input with a number for {listed}, as in `"b 3 224 224"`, or '
        'with the value of a parameter, as in `"b t {dim}"`',
    )
