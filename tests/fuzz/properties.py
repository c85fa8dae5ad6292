"""What must hold for any text; each raises AssertionError, or lets a bug's exception out."""

from __future__ import annotations

import warnings

import nndsl
from nndsl.diagnostics import Diagnostic
from nndsl.limits import Limits
from nndsl.render import MAX_BYTES, render_json, render_text
from nndsl.source import Source
from nndsl.syntax import format_text, parse
from nndsl.syntax.tree import dump

LIMITS = Limits(steps=30_000, items=2_000, modules=500, elements=1_000_000)
"""Small ones, so that thousands of texts are tried in a minute."""


def check_text(text: str, build: bool = True) -> str:
    """Every command's work on one text. Gives ``right``, ``wrong`` or ``unread``."""
    check_format(text)
    spec = nndsl.parse(text, "fuzz.nn", limits=LIMITS)
    report = spec.check()
    check_findings(report.diagnostics)
    _check_alike(spec, bool(report))
    if not report or not spec.models:
        _check_refused(spec)
        return "wrong" if spec.models else "unread"
    _check_printed(spec, text)
    if build:
        _check_built(spec)
    return "right"


def check_format(text: str) -> None:
    """The layout is a fixed point and keeps the tree."""
    before, findings = parse(Source(text))
    if findings or before is None:
        check_findings(findings)
        return
    formatted = format_text(Source(text))
    after, wrong = parse(Source(formatted))
    assert after is not None and not wrong, f"the formatted text can't be read: {formatted!r}"
    assert dump(after) == dump(before), f"the formatted text means something else: {formatted!r}"
    assert format_text(Source(formatted)) == formatted, f"not stable: {formatted!r}"


def check_findings(found: tuple[Diagnostic, ...]) -> None:
    """Messages are short, printable, and have a code; their places are in the text."""
    for one in found:
        said = render_text(one)
        assert len(said.encode()) <= MAX_BYTES, f"{one.code} is {len(said)} long"
        unseen = [c for c in said if not c.isprintable() and c != "\n"]
        assert not unseen, f"{one.code} holds {unseen}"
        for label in one.labels:
            assert 0 <= label.span.start <= label.span.end <= len(label.span.source.text), one
    render_json(found)


def _check_alike(spec: nndsl.Spec, right: bool) -> None:
    """What `check` lets pass, `codegen` and `build` do not find wrong before they begin."""
    for model in spec.models if right else ():
        spec.resolved(model)


def _check_refused(spec: nndsl.Spec) -> None:
    """What `check` finds wrong is neither printed nor resolved."""
    for made in (spec.codegen, spec.resolved):
        try:
            made()
        except nndsl.SpecError as wrong:
            check_findings(wrong.diagnostics)
        except nndsl.NoSuchModel:
            continue
        else:
            raise AssertionError(f"{made.__name__} lets pass what check refuses")


def _check_printed(spec: nndsl.Spec, text: str) -> None:
    """Printed source is Python, the same each time, and holds only what is listed."""
    from tests.agreement.allowed import complaints

    try:
        source = spec.codegen()
    except nndsl.SpecError:
        return  # a branch that no use takes, or a limit
    assert not complaints(source), complaints(source)
    assert source == nndsl.parse(text, "fuzz.nn", limits=LIMITS).codegen()


def _check_built(spec: nndsl.Spec) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for model in spec.models:
            try:
                spec.build(model, device="meta")
            except nndsl.SpecError as refused:
                check_findings(refused.diagnostics)
