"""``nndsl check``"""

from __future__ import annotations

from typing import Any

import click

from nndsl.cli import options
from nndsl.cli.output import report
from nndsl.diagnostics import SpecError


@click.command("check")
@options.spec_source
@options.model_options
@options.plugins
@options.limits
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(
    file: str | None, text: str | None, model: str | None, params: dict[str, Any], as_json: bool
) -> int:
    """Check names, arguments, types and shapes, without building anything.

    Looks at all models of the spec unless -m or -p is given. Prints what is assumed of sizes that
    are known only when the model runs.
    """
    spec = options.read_spec(file, text)
    found = spec.check(model, params=params)
    if as_json:
        from nndsl.render import render_json

        click.echo(render_json(found.diagnostics, found.assumptions))
        return 0 if found else 1
    if not found:
        raise SpecError(found.diagnostics)
    report(found.diagnostics)
    several = len(spec.models) > 1
    for name, assumed in found.assumptions.items():
        for each in assumed:
            click.echo(f"{name}: assumes that {each}" if several else f"assumes that {each}")
    click.echo("ok")
    return 0
