"""A file of weights against a model: which tensor goes where, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from nndsl.diagnostics import Diagnostic, error
from nndsl.limits import CODES
from nndsl.model.checkpoints import Loading, ModelKeys, Move, Stored
from nndsl.model.graph import Block, FunctionBlock, TensorType
from nndsl.record import dataclass, field
from nndsl.resolve import loading_findings as findings
from nndsl.resolve.rule_functions import RuleFunctions, Types, results
from nndsl.resolve.weights import Rule, Rules

MAX_TRIALS = 20_000_000
"""How often a key may be held against a rule: some ten seconds."""

MAX_RENAMED = 2000
"""Characters of a name that rules may still rename."""

Group = dict[tuple[int, tuple[int, str]], str]
"""The keys that one rule takes together: by the pattern's place and the number gone over."""


def plan(
    stored: Mapping[str, Stored], keys: ModelKeys, rules: Rules | None, block: Block
) -> tuple[Loading, tuple[Diagnostic, ...]]:
    """How the tensors of a file become a model's, and what is missing, too much or different."""
    if rules is not None and len(rules.rules) * len(stored) > MAX_TRIALS:
        message = f"{len(rules.rules)} rules for a file of {len(stored)} tensors"
        return Loading(), (error(CODES["steps"], message, rules.node.model.span, "too many"),)
    draft = _Plan(stored, keys)
    taken = _groups(stored, rules.rules if rules else (), draft)
    if rules is not None:
        functions = RuleFunctions(rules, block)
        for (_, found), (rule, group) in taken.items():
            draft.apply(rule, dict(found), group, functions)
        draft.unused(rule for rule in rules.rules)
    missing = draft.missing()
    return Loading(tuple(draft.moves), missing), tuple(draft.findings())


def _groups(
    stored: Mapping[str, Stored], rules: Iterable[Rule], draft: _Plan
) -> dict[tuple[int, tuple[tuple[str, str], ...]], tuple[Rule, Group]]:
    """Each key is renamed by the rules in order, until one takes it that does more than rename."""
    table = [
        (rule, place, pattern.expression())
        for rule in rules
        for place, pattern in enumerate(rule.sources)
    ]
    taken: dict[tuple[int, tuple[tuple[str, str], ...]], tuple[Rule, Group]] = {}
    for key in stored:
        name, by = key, None
        for rule, place, expression in table:
            match = expression.fullmatch(name)
            if match is None or len(name) > MAX_RENAMED:
                continue  # a name that rules have made longer and longer is no model's
            draft.used.add(id(rule))
            found = {blank: text or "" for blank, text in match.groupdict().items()}
            if rule.renames:
                name, by = rule.targets[0].fill(found), rule
                continue
            if rule.targets:
                number = found.pop(rule.over, "0")
                mark = (id(rule), tuple(sorted(found.items())))
                _, group = taken.setdefault(mark, (rule, {}))
                group[place, (int(number[:18]), number)] = key
            break
        else:
            draft.put(name, stored[key], key, by)
            draft.moves.append(Move((key,), None, (name,)))
    return taken


@dataclass
class _Plan:
    """What has gone where so far."""

    stored: Mapping[str, Stored]
    keys: ModelKeys
    moves: list[Move] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)  # key of the model: key of the file
    used: set[int] = field(default_factory=set)  # rules that took something
    seen: list[findings.Finding] = field(default_factory=list)
    others: list[Diagnostic] = field(default_factory=list)

    # ------------------------------------------------------------ one tensor

    def put(self, target: str, tensor: Stored, source: str, rule: Rule | None) -> None:
        """A tensor becomes an entry of the model."""
        owned = self.keys.owned.get(target)
        if owned is None:
            self.seen.append(findings.Unexpected(target, source, rule, self.keys))
        elif target in self.given:
            self.seen.append(findings.Twice(target, (self.given[target], source), rule, owned))
        else:
            self.given[target] = source
            if owned.shape != tensor.shape:
                self.seen.append(findings.OtherShape(target, source, tensor.shape, owned))
            elif owned.dtype != tensor.dtype:
                self.seen.append(findings.OtherDtype(target, source, tensor.dtype, owned))

    # ------------------------------------------------------------ one use of a rule

    def apply(
        self, rule: Rule, found: dict[str, str], group: Group, functions: RuleFunctions
    ) -> None:
        places = range(len(rule.sources))
        lists = [[key for (at, _), key in sorted(group.items()) if at == p] for p in places]
        numbers = {tuple(sorted(number for at, number in group if at == p)) for p in places}
        if len(numbers) > 1:
            self.seen.append(self.incomplete(rule, found, group))
            self.given.update((name, "") for name in _names(rule, found, 1))
            return
        sources = tuple(key for keys in lists for key in keys)
        if not rule.node.stages:
            for source, target in zip(sources, rule.targets, strict=True):
                name = target.fill(found)
                self.put(name, self.stored[source], source, rule)
                self.moves.append(Move((source,), None, (name,)))
            return
        types = tuple(
            tuple(map(self.type, keys)) if rule.over else self.type(keys[0]) for keys in lists
        )
        self.computed(rule, found, sources, types, functions)

    def incomplete(self, rule: Rule, found: dict[str, str], group: Group) -> findings.Incomplete:
        """Which keys a rule would need besides those that are there."""
        numbers = {number for _, number in group}
        absent = tuple(
            pattern.fill({**found, rule.over: number[1]})
            for place, pattern in enumerate(rule.sources)
            for number in sorted(numbers)
            if (place, number) not in group
        )
        return findings.Incomplete(next(iter(group.values())), rule, absent)

    def type(self, key: str) -> TensorType:
        tensor = self.stored[key]
        return TensorType(tensor.shape, tensor.dtype)

    def computed(
        self, rule: Rule, found: dict[str, str], sources: tuple[str, ...], types: Types,
        functions: RuleFunctions,
    ) -> None:  # fmt: skip
        function, wrong = functions.function(rule, types)
        self.others += [one for one in wrong if one not in self.others]
        if function is None:
            self.given.update((name, "") for name in _names(rule, found, 1))
            return
        made = _tensors(function)
        names = _names(rule, found, len(made or ()))
        if made is None or len(made) != len(names):
            self.seen.append(findings.WrongCount("", rule, None if made is None else len(made)))
            self.given.update((name, "") for name in names)
            return
        for name, tensor in zip(names, made, strict=True):
            self.put(name, tensor, sources[0], rule)
        self.moves.append(Move(sources, function, names))

    # ------------------------------------------------------------ what is left

    def missing(self) -> dict[str, str | None]:
        """What the file leaves out and may leave out; the rest is a finding."""
        same = _parameters(self.keys)
        given = {same[name]: name for name in same if name in self.given}
        found: dict[str, str | None] = {}
        said: set[str] = set()  # a parameter is missed once, whatever its names
        for name, owned in self.keys.owned.items():
            made = same.get(name, name)
            if name in self.given:
                continue
            if made in given or owned.counter:
                found[name] = given.get(made)
            elif made not in said:
                said.add(made)
                self.seen.append(findings.Missing(name, owned))
        return found

    def unused(self, rules: Iterable[Rule]) -> None:
        self.others += [findings.unused(rule) for rule in rules if id(rule) not in self.used]

    def findings(self) -> Iterator[Diagnostic]:
        yield from self.others
        yield from findings.written(self.seen)


def _parameters(keys: ModelKeys) -> dict[str, str]:
    """For each tied name, the name that its parameter was made under."""
    made: dict[str, str] = {}
    for name, source in keys.ties:
        made[name] = made.setdefault(source, source)
    return made


def _names(rule: Rule, found: dict[str, str], count: int) -> tuple[str, ...]:
    if rule.spread:
        return tuple(rule.targets[0].fill({**found, rule.spread: str(i)}) for i in range(count))
    return tuple(target.fill(found) for target in rule.targets)


def _tensors(function: FunctionBlock) -> tuple[Stored, ...] | None:
    """What a function gives, as tensors of known shapes."""
    types = results(function.output)
    if types is None or any(type.shape is None for type in types):
        return None
    shapes = [type.shape or () for type in types]
    if not all(isinstance(size, int) for shape in shapes for size in shape):
        return None
    return tuple(
        Stored(shape, type.dtype)  # type: ignore[arg-type]
        for shape, type in zip(shapes, types, strict=True)
    )
