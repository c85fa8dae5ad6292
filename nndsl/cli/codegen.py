"""``nndsl codegen``"""

from __future__ import annotations

import os
from typing import Any

import click

from nndsl.cli import options
from nndsl.cli.running import WrongInput


@click.command("codegen")
@options.spec_source
@options.model_options
@options.plugins
@click.option(
    "--specialize", is_flag=True, help="Fill every number in: one configuration, for reading."
)
@options.limits
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of printing.")
@click.option(
    "--map", "with_map", is_flag=True, help="Also write FILE.map: which line comes from where."
)
@click.option("--tests", is_flag=True, help="Also write test_FILE, for pytest.")
@click.option("--train", is_flag=True, help="Also write train_FILE, a training script.")
@click.option("--force", is_flag=True, help="Let --output overwrite a file.")
def command(
    file: str | None,
    text: str | None,
    model: str | None,
    params: dict[str, Any],
    specialize: bool,
    output: str | None,
    with_map: bool,
    tests: bool,
    train: bool,
    force: bool,
) -> int:
    """Print a spec as PyTorch source that needs nothing of nndsl.

    Prints all models of the spec unless -m or -p is given. With -o net.py, --tests writes
    test_net.py beside it, --train writes train_net.py, --map writes net.py.map.
    """
    if output == "-":
        output = None
    if output is None:
        _stands_alone(with_map, tests, train)
        spec = options.read_spec(file, text)
        click.echo(spec.codegen(model, specialize=specialize, params=params), nl=False)
        return 0
    from nndsl.backends.source.sample import Unmade
    from nndsl.cli.output import refuse, write_texts

    folder, name = os.path.split(output)
    beside = {f"{name}.map": with_map, f"test_{name}": tests, f"train_{name}": train}
    for one in (name, *(other for other, wanted in beside.items() if wanted)):
        refuse(os.path.join(folder, one), force, file)
    spec = options.read_spec(file, text)
    try:
        files = spec.codegen_files(
            name,
            model,
            specialize=specialize,
            map=with_map,
            tests=tests,
            train=train,
            params=params,
        )
    except Unmade as no:
        raise WrongInput(str(no)) from None
    write_texts({os.path.join(folder, one): source for one, source in files.items()}, force)
    return 0


def _stands_alone(with_map: bool, tests: bool, train: bool) -> None:
    """Refuse files beside a source that is no file."""
    for option, wanted in (("--map", with_map), ("--tests", tests), ("--train", train)):
        if wanted:
            raise click.UsageError(f"{option} writes beside the source: name it with -o FILE")
