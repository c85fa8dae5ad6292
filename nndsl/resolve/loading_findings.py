"""What does not fit between a file of weights and a model, in the spec's own lines.

What is wrong alike at one place of the spec (all weights of a layer, all rounds of a loop) is said
once, with the number of keys.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from nndsl.diagnostics import Diagnostic, Label, error
from nndsl.model.checkpoints import ModelKeys, Owned
from nndsl.model.text import shape as shape_text
from nndsl.record import dataclass
from nndsl.resolve.weights import Rule
from nndsl.source import Span

MAX_NAME = 120
MAX_COMPARED = 2000
MAX_SUGGESTED = 20
MAX_WRITTEN = 100
ALIKE = 0.8

_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Finding:
    """One key that does not fit. ``name`` is the model's key, or would be."""

    name: str

    code = ""

    def span(self) -> Span | None:
        """The place of the spec that is to blame."""
        return None

    def cause(self) -> Span | None:
        """The rule that has led here."""
        return None

    def kind(self) -> str:
        """Findings of one code, place and kind are said once."""
        return ""

    @abstractmethod
    def words(self) -> tuple[str, str, str]:
        """The message, with ``{more}`` behind the key; the label; what to do."""


@dataclass(frozen=True)
class Missing(Finding):
    owned: Owned

    code = "E703"

    def span(self) -> Span | None:
        return self.owned.span

    def words(self) -> tuple[str, str, str]:
        message = f"the file has no {quoted(self.name)}{{more}}"
        return message, f"owns it: {shape_text(self.owned.shape)}", ""


@dataclass(frozen=True)
class Unexpected(Finding):
    """A key that the model has not, as it is, renamed by ``rule``, or made by its functions."""

    source: str
    rule: Rule | None
    keys: ModelKeys

    @property
    def made(self) -> bool:
        """Whether a rule computed it."""
        return self.rule is not None and not self.rule.renames

    @property
    def code(self) -> str:  # type: ignore[override]
        return "E702" if self.made else "E704"

    def span(self) -> Span | None:
        if self.made:
            return self.cause()
        path = self.name
        while path:  # the innermost module that it would belong to
            path = path.rpartition(".")[0]
            if path in self.keys.places:
                return self.keys.places[path]
        return self.cause()

    def cause(self) -> Span | None:
        targets = self.rule.node.targets if self.rule is not None else None
        return targets.span if targets is not None else None

    def kind(self) -> str:
        return "" if self.made else _NUMBER.sub("0", self.name)

    def words(self) -> tuple[str, str, str]:
        if self.made:
            message = f"the model has no {quoted(self.name)}{{more}}"
            return message, f"made of {quoted(self.source)}", ""
        renamed = f" (renamed {quoted(self.name)})" if self.rule is not None else ""
        message = f"the file has {quoted(self.source)}{renamed}{{more}}, which the model has not"
        return message, "would belong here", "rename it in `weights`, or `drop` it"


@dataclass(frozen=True)
class OtherShape(Finding):
    source: str
    shape: tuple[int, ...]
    owned: Owned

    code = "E705"

    def span(self) -> Span | None:
        return self.owned.span

    def kind(self) -> str:
        return f"{self.shape} {self.owned.shape}"

    def words(self) -> tuple[str, str, str]:
        message = (
            f"{quoted(self.name)}{{more}} is {shape_text(self.shape)} in the file, "
            f"but {shape_text(self.owned.shape)} in the model"
        )
        return message, f"owns it: {shape_text(self.owned.shape)}", _turned(self)


def _turned(one: OtherShape) -> str:
    if len(one.shape) == 2 and one.shape[::-1] == one.owned.shape:
        return f'a rule can turn it: `"{one.source[:MAX_NAME]}" | transpose(0, 1) -> ...`'
    return ""


@dataclass(frozen=True)
class OtherDtype(Finding):
    source: str
    dtype: str
    owned: Owned

    code = "E706"

    def span(self) -> Span | None:
        return self.owned.span

    def kind(self) -> str:
        return f"{self.dtype} {self.owned.dtype}"

    def words(self) -> tuple[str, str, str]:
        has = f"{quoted(self.name)}{{more}} is {self.dtype} in the file"
        return f"{has}, but {self.owned.dtype} in the model", "owns it", ""


@dataclass(frozen=True)
class Twice(Finding):
    """Two tensors of the file for one key of the model."""

    sources: tuple[str, str]
    rule: Rule | None
    owned: Owned

    code = "E709"

    def span(self) -> Span | None:
        return self.rule.node.span if self.rule is not None else self.owned.span

    def words(self) -> tuple[str, str, str]:
        first, second = map(quoted, self.sources)
        message = f"{quoted(self.name)}{{more}} would come from {first} and from {second}"
        return message, "the second", "`drop` one of them"


@dataclass(frozen=True)
class Incomplete(Finding):
    """A rule that takes several tensors, of which some are not there."""

    rule: Rule
    missing: tuple[str, ...]

    code = "E708"

    def span(self) -> Span | None:
        return self.rule.node.sources.span

    def words(self) -> tuple[str, str, str]:
        message = f"a rule takes {quoted(self.name)}{{more}} together with others that are missing"
        return message, f"no {', '.join(map(quoted, self.missing[:3]))}", ""


@dataclass(frozen=True)
class WrongCount(Finding):
    """A rule that gives another number of tensors than it has keys for."""

    rule: Rule
    count: int | None

    code = "E707"

    def span(self) -> Span | None:
        assert self.rule.node.targets is not None
        return self.rule.node.targets.span

    def words(self) -> tuple[str, str, str]:
        given = "tensors whose shapes are not known" if self.count is None else f"{self.count}"
        message = f"a rule gives {given}, and has {len(self.rule.targets)} keys for them"
        return message.replace(" 1 keys", " one key"), "", ""


def unused(rule: Rule) -> Diagnostic:
    """A rule that no key of the file matches; worth a word, since its pattern may be misspelt."""
    label = Label(rule.node.sources.span, "matches no key", primary=True)
    return Diagnostic("W701", "a rule takes nothing of this file", (label,), severity="note")


def quoted(name: str) -> str:
    """A key as messages show it."""
    short = name if len(name) <= MAX_NAME else f"{name[: MAX_NAME // 2]}...{name[-MAX_NAME // 2 :]}"
    return f"`{short}`"


# ------------------------------------------------------------------ several as one


def written(found: Iterable[Finding]) -> Iterator[Diagnostic]:
    """One diagnostic for all findings of a code, a place and a kind."""
    found = tuple(found)
    spare = {one.name: one.source for one in found if isinstance(one, Unexpected)}
    wanted = [one.name for one in found if isinstance(one, Missing)]
    groups: dict[Any, list[Finding]] = {}
    for one in found:
        span = one.span()
        place = (id(span.source), span.start, span.end) if span is not None else None
        groups.setdefault((one.code, place, one.kind()), []).append(one)
    for number, ((code, _, _), group) in enumerate(groups.items()):
        first = group[0]
        if number == MAX_WRITTEN:
            rest = sum(map(len, list(groups.values())[number:]))
            yield error(
                code, f"{rest} more keys do not fit, beginning with {quoted(first.name)}", None
            )
            return
        message, label, help = first.words()
        more = f" and {len(group) - 1} more" if len(group) > 1 else ""
        message = message.replace("{more}", more)
        if more:
            message = message.replace(f"{more} is ", f"{more} are ")
            label = "owns them" if isinstance(first, Missing) else label
        if number < MAX_SUGGESTED:
            help = _help(first, help, spare, wanted)
        span, cause = first.span(), first.cause()
        causes = (Label(cause, "by this rule"),) if cause is not None and cause != span else ()
        yield error(code, message, span, label, help=help, causes=causes)


def _help(one: Finding, help: str, spare: dict[str, str], wanted: list[str]) -> str:
    """What was most likely meant."""
    if isinstance(one, Missing) and (near := _near(one.name, list(spare))):
        return f"the file has {quoted(spare[near])}; a rule of `weights` can rename it"
    if isinstance(one, Unexpected) and (near := _near(one.name, wanted)):
        return f"did you mean {quoted(near)}?"
    return help


def _near(name: str, names: list[str]) -> str:
    close = get_close_matches(name, names[:MAX_COMPARED], 1, ALIKE)
    return close[0] if close else ""
