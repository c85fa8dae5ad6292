"""The options that commands share: where the spec comes from, which model, which parameters."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from nndsl.source import Source

if TYPE_CHECKING:
    from nndsl.api import Spec

Command = Callable[..., Any]


def spec_source(function: Command) -> Command:
    """FILE, ``-`` or ``-e TEXT``; the command gets ``source``."""
    text = click.option("-e", "text", metavar="TEXT", help="The spec itself, instead of a file.")
    file = click.argument("file", required=False, metavar="FILE")
    return file(text(function))


def plugins(function: Command) -> Command:
    """``--plugin``: imports what it names before the command runs."""
    option = click.option(
        "--plugin",
        multiple=True,
        metavar="MODULE",
        expose_value=False,
        callback=_import,
        help="Import a module, or a file that ends in .py, that declares layers.",
    )
    return option(function)


def _import(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> None:
    if not values or ctx.resilient_parsing:
        return
    from nndsl.plugins import PluginError, load

    for value in values:
        try:
            load(value)
        except PluginError as no:
            raise click.UsageError(f"--plugin: {no}", ctx) from None


def limits(function: Command) -> Command:
    """``--limit``: the command runs under these limits."""
    option = click.option(
        "--limit",
        multiple=True,
        metavar="NAME=N",
        expose_value=False,
        callback=_limit,
        help="Change a limit, such as steps=5_000_000 (docs/threat-model.md has all).",
    )
    return option(function)


def _limit(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> None:
    from nndsl.limits import Limits, under
    from nndsl.record import fields

    names = [one.name for one in fields(Limits)]
    found: dict[str, int] = {}
    for value in values:
        name, equals, number = (part.strip() for part in value.partition("="))
        if not equals or not number.replace("_", "").isdecimal() or len(number) > 25:
            raise click.BadParameter(f"`{value}` is not of the form name=number", ctx, option)
        if name not in names:
            raise click.BadParameter(
                f"no limit `{name}`; there are {', '.join(names)}", ctx, option
            )
        found[name] = int(number.replace("_", ""))
    try:
        ctx.with_resource(under(Limits(**found)))
    except ValueError as no:
        raise click.BadParameter(str(no), ctx, option) from None


def model_options(function: Command) -> Command:
    """``-m`` and ``-p``; the command gets ``model`` and ``params``."""
    model = click.option("-m", "--model", metavar="NAME", help="Which model of the spec.")
    params = click.option(
        "-p",
        "params",
        multiple=True,
        metavar="KEY=VALUE",
        callback=_params,
        help="Set a static parameter; the value is an expression of the language.",
    )
    return model(params(function))


def _params(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for value in values:
        key, equals, text = value.partition("=")
        key = key.strip()
        if not equals or not key.isidentifier() or not text.strip():
            raise click.BadParameter(f"`{value}` is not of the form key=value", ctx, option)
        if key in found:
            raise click.BadParameter(f"`{key}` is set twice", ctx, option)
        found[key] = Source(text.strip(), f"-p {key}")
    return found


def check_weights(path: str) -> None:
    """Refuse a file that no weights are read from, by its name."""
    from nndsl.backends.checkpoints import READS

    if not path.endswith(READS):
        raise click.UsageError(f"weights are read from files that end in {', '.join(READS)}")


def read_source(file: str | None, text: str | None) -> Source:
    """The spec that the command line names. Raises OSError, SpecError or UsageError."""
    from nndsl.reading import most, read_file, text_of

    if (file is None) == (text is None):
        raise click.UsageError("give a FILE (`-` for standard input), or -e TEXT")
    if text is not None:
        return text_of(os.fsencode(text), "<text>")
    if file == "-":
        return text_of(sys.stdin.buffer.read(most()), "<stdin>")
    assert file is not None
    return read_file(file)


def read_spec(file: str | None, text: str | None) -> Spec:
    """The spec that the command line names, parsed."""
    from nndsl.api import Spec

    source = read_source(file, text)
    return Spec(source, os.path.dirname(source.path) if source.path else None)
