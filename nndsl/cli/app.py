"""The group of commands. A command's module is imported when it is called, not before."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "build": "Build a model and show its layers, shapes and sizes.",
    "codegen": "Print a model as PyTorch source.",
    "verify": "Hold a file of weights against a model.",
    "check": "Check names, arguments, types and shapes.",
    "fmt": "Lay the text out canonically.",
    "layers": "List layers and functions, or show one.",
    "trace": "Tell a traceback in the lines of the spec.",
    "explain": "Explain a code such as E301.",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and help only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"nndsl.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            ctx.fail(f"no command `{args[0]}`{hint}")
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from nndsl import __version__

        click.echo(f"nndsl {__version__}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 the spec has errors, 2 wrong usage, 3 a limit was exceeded, "
    "4 a file could not be read or written, 70 a bug of nndsl.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version)
def app() -> None:
    """A small language for neural networks: a spec becomes a PyTorch model, or its source."""
