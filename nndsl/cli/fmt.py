"""``nndsl fmt``"""

from __future__ import annotations

import click

from nndsl.cli import options


@click.command("fmt")
@options.spec_source
@options.limits
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if it would change.")
@click.option("--diff", is_flag=True, help="Change nothing; print what would change.")
def command(file: str | None, text: str | None, check: bool, diff: bool) -> int:
    """Lay a spec out canonically. A file is changed in place; other text is printed.

    Comments and meaning stay.
    """
    from nndsl.syntax import format_text

    source = options.read_source(file, text)
    formatted = format_text(source)
    changed = formatted != source.text
    if diff:
        click.echo(_diff(source.text, formatted, source.name), nl=False)
    if check and changed:
        click.echo(f"would reformat {source.name}", err=True)
    if check or diff:
        return int(check and changed)
    if source.path is None:
        click.echo(formatted, nl=False)
    elif changed:
        from nndsl.cli.output import write_texts

        assert file is not None
        write_texts({file: formatted}, force=True)
        click.echo(f"reformatted {source.name}", err=True)
    return 0


def _diff(before: str, after: str, name: str) -> str:
    from difflib import unified_diff

    lines = unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        name,
        f"{name} (formatted)",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
