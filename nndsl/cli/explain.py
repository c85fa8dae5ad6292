"""``nndsl explain``"""

from __future__ import annotations

from textwrap import indent

import click


@click.command("explain")
@click.argument("code", metavar="CODE")
def command(code: str) -> int:
    """Explain a code such as E301, with a wrong and a right spec."""
    from nndsl.codes import CODES

    entry = CODES.get(code.strip().upper())
    if entry is None:
        raise click.UsageError(f"no code `{code}`; there are {', '.join(CODES)}")
    click.echo(f"{entry.code}: {entry.title}\n\n{entry.explanation}")
    for title, sample in (("Wrong:", entry.wrong), ("Right:", entry.right)):
        if sample:
            click.echo(f"\n{title}\n\n{indent(sample.rstrip(), '    ')}")
    return 0
