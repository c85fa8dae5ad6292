"""``nndsl trace``"""

from __future__ import annotations

import sys

import click

from nndsl.cli.running import WrongFile

LARGEST = 2**20


@click.command("trace")
@click.argument("maps", nargs=-1, metavar="[MAP]...")
def command(maps: tuple[str, ...]) -> int:
    """Tell a traceback, read from standard input, in the lines of the spec.

    MAP is a file that `codegen --map` wrote; one that lies beside the printed source is found
    without. Prints what was raised, and a line for each stage on the way to it.
    """
    from nndsl.tracing import trace

    text = sys.stdin.buffer.read(LARGEST).decode("utf-8", "replace")
    try:
        click.echo(trace(text, *maps))
    except ValueError as wrong:
        raise WrongFile(str(wrong)) from None
    return 0
