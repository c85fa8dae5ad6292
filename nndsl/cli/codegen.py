"""``nndsl codegen``"""

from __future__ import annotations

import os
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
@click.option(
    "--map", "with_map", is_flag=True, help="Also write FILE.map: which line comes from where."
)
@click.option("--force", is_flag=True, help="Let --output overwrite a file.")
def command(
    file: str | None,
    text: str | None,
    model: str | None,
    params: dict[str, Any],
    specialize: bool,
    output: str | None,
    with_map: bool,
    force: bool,
) -> int:
    """Print a spec as PyTorch source that needs nothing of nndsl.

    Prints all models of the spec unless -m or -p is given.
    """
    if output == "-":
        output = None
    if output is None:
        if with_map:
            raise click.UsageError("--map writes beside the source: name it with -o FILE")
        spec = options.read_spec(file, text)
        click.echo(spec.codegen(model, specialize=specialize, params=params), nl=False)
        return 0
    from nndsl.cli.output import refuse, write_texts

    folder, name = os.path.split(output)
    for one in [name, *([f"{name}.map"] if with_map else [])]:
        refuse(os.path.join(folder, one), force, file)
    spec = options.read_spec(file, text)
    files = spec.codegen_files(name, model, specialize=specialize, map=with_map, params=params)
    write_texts({os.path.join(folder, one): source for one, source in files.items()}, force)
    return 0
