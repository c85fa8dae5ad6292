"""``nndsl codegen``"""

from __future__ import annotations

from typing import Any

import click

from nndsl.cli import options


@click.command("codegen")
@options.spec_source
@options.model_options
@options.plugins
@click.option(
    "--specialize", is_flag=True, help="Fill every number in: one configuration, for reading."
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of printing.")
@click.option("--force", is_flag=True, help="Let --output overwrite a file.")
def command(
    file: str | None,
    text: str | None,
    model: str | None,
    params: dict[str, Any],
    specialize: bool,
    output: str | None,
    force: bool,
) -> int:
    """Print a spec as PyTorch source that needs nothing of nndsl.

    Prints all models of the spec unless -m or -p is given.
    """
    if output == "-":
        output = None
    if output is not None:
        from nndsl.cli.output import refuse

        refuse(output, force, file)
    spec = options.read_spec(file, text)
    source = spec.codegen(model, specialize=specialize, params=params)
    if output is None:
        click.echo(source, nl=False)
    else:
        from nndsl.cli.output import write_text

        write_text(output, source, force)
    return 0
