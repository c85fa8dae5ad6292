"""``nndsl verify``"""

from __future__ import annotations

from typing import Any

import click

from nndsl.cli import options
from nndsl.cli.output import report
from nndsl.cli.running import WRONG_SPEC
from nndsl.diagnostics import SpecError


@click.command("verify")
@click.argument("file", metavar="FILE")
@click.argument("weights", metavar="WEIGHTS")
@options.model_options
@options.plugins
@options.limits
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(
    file: str, weights: str, model: str | None, params: dict[str, Any], as_json: bool
) -> int:
    """Hold a file of weights against a model: what is missing, unexpected or different.

    WEIGHTS is a .safetensors file, or one of torch.save (.pt, .pth, .bin). Nothing is built.
    """
    options.check_weights(weights)
    found = options.read_spec(file, None).verify(weights, model, params=params)
    if as_json:
        from nndsl.render import render_json

        click.echo(render_json(found.diagnostics))
        return 0 if found else WRONG_SPEC
    if not found:
        raise SpecError(found.diagnostics)
    report(found.diagnostics)
    click.echo("ok")
    return 0
