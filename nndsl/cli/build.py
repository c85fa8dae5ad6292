"""``nndsl build``"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from nndsl.cli import options
from nndsl.cli.running import WrongFile, WrongInput

if TYPE_CHECKING:
    from torch import nn

    from nndsl.model.graph import Block

DTYPES = ("float32", "float64", "float16", "bfloat16")
SAVES = (".safetensors", ".pt")


def _sizes(ctx: click.Context, option: click.Parameter, value: str | None) -> dict[str, int] | None:
    if value is None:
        return None
    sizes: dict[str, int] = {}
    for part in filter(None, map(str.strip, value.split(","))):
        name, equals, number = (piece.strip() for piece in part.partition("="))
        if not (equals and name.isidentifier() and number.isdecimal() and 0 < len(number) < 19):
            raise click.BadParameter(f"`{part}` is not of the form b=2", ctx, option)
        sizes[name] = int(number)
    return sizes


@click.command("build")
@options.spec_source
@options.model_options
@options.plugins
@options.limits
@click.option("--device", metavar="NAME", help="cpu, cuda, meta (allocates nothing), ...")
@click.option("--dtype", type=click.Choice(DTYPES), help="Of weights and floats.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seeds the initialisation.")
@click.option(
    "--weights", metavar="FILE", help="Load weights: .safetensors, .pt, .pth, .bin or .index.json."
)
@click.option("--save", metavar="FILE", help="Save the weights: .safetensors or .pt.")
@click.option("--force", is_flag=True, help="Let --save overwrite a file.")
@click.option(
    "--input",
    "sizes",
    metavar='"b=2, h=64"',
    callback=_sizes,
    help="Run it on an input of these sizes.",
)
def command(
    file: str | None,
    text: str | None,
    model: str | None,
    params: dict[str, Any],
    device: str | None,
    dtype: str | None,
    seed: int | None,
    weights: str | None,
    save: str | None,
    force: bool,
    sizes: dict[str, int] | None,
) -> int:
    """Build a model and show its layers, shapes and sizes.

    Takes the only model of the spec, or the one named after the file, unless -m is given.
    """
    if save is not None:
        _allow(save, force, file)
        if device == "meta":
            raise click.UsageError("--save: a model on the meta device has no weights to save")
    if weights is not None:
        _readable(weights, device)
    spec = options.read_spec(file, text)
    block = spec.resolved(model, params)
    if device is not None:
        _usable(device)
    net = spec.build(model, device=device, dtype=dtype, seed=seed, weights=weights, params=params)
    ran = None if sizes is None else _ran(net, block, sizes)
    from nndsl.backends.summary import summary

    click.echo(summary(block, sizes).rstrip("\n"))
    if ran is not None:
        click.echo(ran)
    if save is not None:
        _save(net, save, force)
        click.echo(f"saved {save}", err=True)
    return 0


def _allow(save: str, force: bool, file: str | None) -> None:
    """Refuse what can't be saved before the model is built."""
    from nndsl.cli.output import refuse

    if not save.endswith(SAVES):
        raise click.UsageError(f"--save takes a file that ends in {' or '.join(SAVES)}")
    if save.endswith(".safetensors"):
        _needs_safetensors("saving")
    refuse(save, force, file)


def _readable(weights: str, device: str | None) -> None:
    """Refuse what can't be loaded before the model is built."""
    options.check_weights(weights)
    if weights.endswith((".safetensors", ".safetensors.index.json")):
        _needs_safetensors("loading")
    if device == "meta":
        raise click.UsageError("a model on the meta device holds no weights")


def _needs_safetensors(what: str) -> None:
    from importlib.util import find_spec

    if find_spec("safetensors") is None:
        raise click.UsageError(f"{what} .safetensors needs: pip install safetensors")


def _usable(device: str) -> None:
    from nndsl.backends.trial import usable_device

    if wrong := usable_device(device):
        raise click.UsageError(wrong)


def _ran(net: nn.Module, block: Block, sizes: Mapping[str, int]) -> str:
    from nndsl.backends.trial import WrongSizes, trial

    try:
        return f"output: {trial(net, block, sizes)}"
    except WrongSizes as wrong:
        raise WrongInput(f"--input: {wrong}") from None


def _save(net: nn.Module, path: str, force: bool) -> None:
    from nndsl.backends.weights import save_weights
    from nndsl.cli.output import replacing

    if any(tensor.is_meta for tensor in net.state_dict().values()):
        raise WrongFile("a model on the meta device has no weights to save")
    with replacing(path, force) as temporary:
        save_weights(net, temporary, safe=path.endswith(".safetensors"))
