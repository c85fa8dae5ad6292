"""``nndsl layers``"""

from __future__ import annotations

import shutil
import sys

import click

from nndsl.cli import options
from nndsl.cli.output import colored


@click.command("layers")
@click.argument("name", required=False, metavar="NAME")
@options.plugins
def command(name: str | None) -> int:
    """List layers and functions, or show one: arguments, shapes, an example.

    NAME may be a family of the list. Definitions of the prelude are shown as they are written.
    """
    width = min(max(shutil.get_terminal_size().columns, 60), 100)
    click.echo(_everything(width) if name is None else _one(name, width))
    return 0


def _paint(text: str) -> str:
    return click.style(text, bold=True) if colored(sys.stdout) else text


def _everything(width: int) -> str:
    from nndsl.layers import registry
    from nndsl.plugins import offers
    from nndsl.reference.terminal import listing

    return listing(width, _paint, [o for o in offers() if registry.find(o.name) is None])


def _one(name: str, width: int) -> str:
    from nndsl.model.expr import FUNCTIONS
    from nndsl.reference import prelude, terminal
    from nndsl.reference.pages import pages

    item = prelude.items().get(name)
    if item is not None:
        return terminal.item(item, _paint)
    found = [terminal.page(one, width, _paint) for one in pages(name)]
    if name in FUNCTIONS:
        found.append(terminal.number(name))
    if not found:
        family = terminal.family(name, width, _paint)
        if not family:
            raise _unknown(name)
        return family
    return f"\n\n{'-' * min(width, 72)}\n\n".join(found)


def _unknown(name: str) -> click.UsageError:
    from nndsl.excerpt import clean
    from nndsl.reference.index import everything
    from nndsl.resolve.scope import unknown

    advice = unknown(name, everything())
    said = f"no layer or function `{clean(name, 80)}`"
    return click.UsageError(f"{said}; {advice}" if advice else said)
