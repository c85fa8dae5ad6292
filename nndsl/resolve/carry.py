"""What a loop over a block's names carries from round to round."""

from __future__ import annotations

from typing import Any

from nndsl.model import dims
from nndsl.model.axes import axis_names, owned, unusual
from nndsl.model.expr import Call, Index, Listing, Name, Static, bound_names, names_in
from nndsl.model.graph import (
    Apply,
    Carried,
    CarriedSize,
    For,
    Gathered,
    ListType,
    Statement,
    TensorType,
    Var,
)
from nndsl.record import dataclass, field, replace
from nndsl.resolve.assigning import assigned_names, only_grows
from nndsl.resolve.context import Context
from nndsl.resolve.general_parameters import kind_of_value
from nndsl.resolve.joined import joined_type
from nndsl.resolve.running import (
    Loop,
    Uneven,
    asked_in,
    differing,
    emit_loop,
    item_type,
    round_count,
    running_type,
    sizes_within,
)
from nndsl.resolve.tensor_lists import (
    all_sizes,
    as_list,
    bundle_type,
    is_built,
    is_empty,
    is_listable,
    placed,
    sizes_of,
)
from nndsl.resolve.values import Bundle, flows, is_layer
from nndsl.syntax import tree

LENGTH = -1  # beside the axes: a list's length, or a static value as a whole


@dataclass(eq=False)
class Carry:
    """The names that a round assigns. What changes of each is found by trying the round again."""

    names: list[str]
    before: dict[str, Any]
    loop: Loop
    cx: Context
    node: tree.For
    changing: dict[str, set[int]] = field(default_factory=dict)
    lists: dict[str, ListType] = field(default_factory=dict)  # those that rounds may read
    head: dict[str, Any] = field(default_factory=dict)
    running: dict[str, dict[int, Name]] = field(default_factory=dict)
    asked: dict[str, frozenset[int]] = field(default_factory=dict)  # by rounds, see running_type

    # -------------------------------------------------------------- the head of a round

    def heads(self) -> dict[str, Any]:
        """What each carried name is at the head of a round."""
        self.head, self.running = {}, {}
        for name in self.names:
            found = self.before[name]
            if is_built(found):
                self.lists.setdefault(name, found.type)
            elif isinstance(found, Bundle) and name not in self.lists:
                self._begin_read(name, found)
            self.changing.setdefault(name, set())
            self.head[name] = self._one_head(name, found)
        return self.head

    def _begin_read(self, name: str, found: Bundle) -> None:
        """A list that was begun before the loop and that its rounds read."""
        type = bundle_type(found, self.cx)
        if type is not None and not only_grows(self.node.body, name):
            self.lists[name] = type

    def _one_head(self, name: str, found: Any) -> Any:
        b, changing = self.cx.builder, self.changing[name]
        if name in self.lists:
            type, self.running[name] = self._list_head(name)
            return b.var(type, name, self.node.span)
        if isinstance(found, Var) and isinstance(found.type, TensorType) and found.member is None:
            running, self.running[name] = running_type(
                found.type, changing, b, self.asked.get(name, ())
            )
            return b.var(running, name, self.node.span)
        if LENGTH in changing:
            made = b.size(name, "carried", None, kind_of_value(found))
            self.running[name] = {LENGTH: made}
            return made
        return found

    def _list_head(self, name: str) -> tuple[ListType, dict[int, Name]]:
        """A list at the head of a round: its sizes along a changing axis are a running list."""
        b, type = self.cx.builder, self.lists[name]
        assert isinstance(type.item, TensorType) and type.index is not None
        names: dict[int, Name] = {}
        shape = list(type.item.shape or ())
        for axis in sorted(self.changing[name] - {LENGTH}):
            wish = owned(name, axis, axis_names(len(shape)))
            names[axis] = b.size(wish, "carried", None, "list[int]")
            shape[axis] = Index(names[axis], type.index)
        length = type.length
        told = names.get(1 if len(shape) > 2 else len(shape) - 1)
        if LENGTH in self.changing[name] and told is not None:
            length = Call("len", (told,))
        elif LENGTH in self.changing[name]:
            names[LENGTH] = length = b.size(f"{name}_length", "carried")
        return ListType(replace(type.item, shape=tuple(shape)), length, type.index), names

    # -------------------------------------------------------------- the end of a round

    def settle(self, after: dict[str, Any], statements: list[Statement]) -> bool:
        """Note what a round changed besides what is known to change; True if nothing more."""
        own = self._own(statements)
        more = [self._changed(name, after, own) for name in self.names]
        return not any(more) and not self._asks(statements)

    def _asks(self, statements: list[Statement]) -> bool:
        """Whether axes turn out to be others than their places say: the round is tried again."""
        if self.asked:
            return False
        for name, names in self.running.items():
            type = getattr(self.head[name], "type", None)
            if names and isinstance(type, TensorType) and type.rank is not None:
                asked = asked_in(statements, names)
                if unusual(type.rank, asked):
                    self.asked[name] = asked
        return bool(self.asked)

    def _own(self, statements: list[Statement]) -> set[Name]:
        """The names that have another value in each round."""
        targets = self.loop.targets
        own = {self.loop.round, *(bound_names(targets) if targets is not None else ())}
        own |= sizes_within(statements)
        return own | {size for found in self.running.values() for size in found.values()}

    def _changed(self, name: str, after: dict[str, Any], own: set[Name]) -> bool:
        head, last = self.head[name], after[name]
        if name in self.lists:
            made = as_list(last, self.node, self.cx)
            if made is None:
                raise Uneven
            after[name] = made
            return self._changed_list(name, made)
        if isinstance(head, Var):
            if not isinstance(last, Var) or not isinstance(last.type, TensorType):
                raise Uneven
            assert isinstance(head.type, TensorType)
            axes = differing(head.type, last.type, self.cx.builder, self.changing[name])
            self.changing[name] |= axes
            return bool(axes)
        if isinstance(last, Bundle) or is_built(last):
            return self._grown(name, head, last, own)
        if flows(last) or is_layer(last):
            raise Uneven
        if last is not head and last != head and LENGTH not in self.changing[name]:
            self.changing[name].add(LENGTH)
            return True
        return False

    def _grown(self, name: str, head: Any, last: Any, own: set[Name]) -> bool:
        """A list that no round read: by one item, or it is carried as a whole."""
        old = head.items if isinstance(head, Bundle) else head
        if isinstance(old, tuple) and isinstance(last, Bundle) and len(last.items) > len(old):
            same = all(a is b for a, b in zip(old, last.items, strict=False))
            same = same and only_grows(self.node.body, name)
            one = last.items[-1]
            plain = isinstance(one, Var) and isinstance(one.type, TensorType)
            same = same and plain and (not old or is_listable(head))
            if same and len(last.items) == len(old) + 1:
                return False
        if old == ():
            made = as_list(last, self.node, self.cx)
            if made is None:
                raise Uneven
            assert isinstance(made.type, ListType)
            self.lists[name] = made.type
            sizes = enumerate(sizes_of(made.type))
            self.changing[name] |= {a for a, size in sizes if own.intersection(names_in(size))}
            self.changing[name].add(LENGTH)
            return True
        return self._begun(name)

    def _begun(self, name: str) -> bool:
        type = bundle_type(self.before[name], self.cx) if self.before[name] else None
        if type is None:
            raise Uneven
        self.lists[name] = type
        return True

    def _changed_list(self, name: str, last: Var) -> bool:
        head, b = self.head[name], self.cx.builder
        assert isinstance(last.type, ListType)
        mine = head.type
        other = placed(last.type, mine.index)
        if not isinstance(other.item, TensorType) or other.item.shape is None:
            raise Uneven
        found = differing(mine.item, other.item, b, self.changing[name])
        # as numbers: that both are 1 in the uses says nothing of others
        grows = dims.equal(mine.length, other.length, b.check.facts) is not True
        if grows and LENGTH not in self.changing[name]:
            found = found | {LENGTH}
        self.changing[name] |= found
        return bool(found)

    # -------------------------------------------------------------- the loop itself

    def write(self, end: dict[str, Any], statements: list[Statement]) -> None:
        """Emit the loop; the names go on with what they are behind it."""
        scope = self.cx.scope.body()
        carried: list[Carried] = []
        sizes: list[CarriedSize] = []
        gathered: list[Gathered] = []
        inside = sizes_within(statements)
        inside |= {size for found in self.running.values() for size in found.values()}
        for name in self.names:
            head, last = self.head[name], end[name]
            if name in self.lists:
                scope.names[name] = self._carry_list(name, last, carried, sizes)
            elif isinstance(head, Var):
                scope.names[name] = self._carry_tensor(name, last, carried, sizes)
            elif isinstance(last, Bundle) and last is not head:
                scope.names[name] = self._gather(name, last, inside, gathered)
            elif name in self.running:
                sizes.append(CarriedSize(head, self.before[name], last))
                scope.names[name] = head
        for name in assigned_names(self.node.body):
            found = end.get(name)
            if name not in self.before and isinstance(found, Var):
                self._live_on(name, found, inside)
        loop, node = self.loop, self.node
        parts = (tuple(carried), tuple(sizes), tuple(gathered), node.span)
        made = For(loop.targets, loop.iterable, tuple(statements), loop.round, *parts)
        emit_loop(made, loop, self.cx)

    def _live_on(self, name: str, found: Var, inside: set[Name]) -> None:
        """A tensor that only the rounds name: behind the loop it is that of the last round."""
        b, type = self.cx.builder, found.type
        own = self._own([]) | inside
        if not isinstance(type, TensorType) or type.shape is None or found.member is not None:
            return
        if any(own.intersection(names_in(size)) for size in type.shape):
            return
        b.use(found)
        self.cx.scope.body().names[name] = found

    def _carry_tensor(
        self, name: str, last: Any, carried: list[Carried], sizes: list[CarriedSize]
    ) -> Var:
        b, head, init = self.cx.builder, self.head[name], self.before[name]
        b.use(init)
        b.use(last)
        after = b.var(head.type, name, self.node.span)
        carried.append(Carried(head, init, last, after))
        for axis, size in self.running[name].items():
            sizes.append(CarriedSize(size, init.type.shape[axis], last.type.shape[axis]))
            b.origins[size] = (after, axis)
        return after

    def _carry_list(
        self, name: str, last: Any, carried: list[Carried], sizes: list[CarriedSize]
    ) -> Var:
        b, head, init = self.cx.builder, self.head[name], self._init_list(name)
        b.use(init)
        b.use(last)
        after = b.var(head.type, name, self.node.span)
        carried.append(Carried(head, init, last, after))
        for axis, size in self.running[name].items():
            first: Static = Listing(()) if is_empty(self.before[name]) else _told(init.type, axis)
            first = 0 if axis == LENGTH and is_empty(self.before[name]) else first
            sizes.append(CarriedSize(size, first, _told(last.type, axis)))
        return after

    def _init_list(self, name: str) -> Var:
        """The list before the first round, as a variable."""
        begun, b = self.before[name], self.cx.builder
        if is_empty(begun):
            type = replace(self.head[name].type, length=0)
            return b.apply(Apply("op.list", ()), type, self.node.span, name)
        made = as_list(begun, self.node, self.cx, name)
        if made is None:
            raise Uneven
        return made

    def _gather(self, name: str, last: Bundle, inside: set[Name], gathered: list[Gathered]) -> Var:
        b, begun = self.cx.builder, self.before[name]
        index = b.size("i", "loop")
        item = last.items[-1]
        b.use(item)
        made = item_type(item.type, self.loop, index, inside, b)
        type = ListType(made, round_count(self.loop), index)
        onto = as_list(begun, self.node, self.cx, name) if isinstance(begun, Bundle) else None
        if onto is not None and isinstance(onto.type, ListType):
            b.use(onto)
            both = joined_type(onto.type, type, b)
            if both is None:
                raise Uneven
            type = both
        grown = b.var(type, name, self.node.span)
        gathered.append(Gathered(grown, item, onto))
        return grown


def _told(type: Any, axis: int) -> Static:
    return type.length if axis == LENGTH else all_sizes(type, axis)
