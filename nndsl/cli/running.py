"""Runs a command and turns whatever happens into one of the exit codes."""

from __future__ import annotations

import errno
import os
import sys

import click

from nndsl.diagnostics import SpecError
from nndsl.limits import CODES

FINE, WRONG_SPEC, USAGE, LIMIT, FILE, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 70, 130
LIMITS = frozenset(CODES.values())


class WrongFile(click.ClickException):
    """A file that can't be read or written for a reason that is not the system's."""

    exit_code = FILE


class WrongInput(click.ClickException):
    """Numbers that don't fit the model: wrong usage, but nothing that ``--help`` says more of."""

    exit_code = USAGE


def run(arguments: list[str]) -> int:
    """The exit code of a command line."""
    from nndsl.cli.app import app

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        with app.make_context("nndsl", arguments) as ctx:
            result = app.invoke(ctx)
        sys.stdout.flush()
        return result if isinstance(result, int) else FINE
    except BaseException as reason:
        return _ended(reason)


def _ended(reason: BaseException) -> int:
    if isinstance(reason, click.exceptions.Exit):
        return reason.exit_code
    from nndsl.api import NoSuchModel

    if isinstance(reason, SpecError):
        return _spec_error(reason)
    if isinstance(reason, click.UsageError):
        return _usage(reason)
    if isinstance(reason, click.ClickException):
        return _say(reason.format_message(), reason.exit_code)
    if isinstance(reason, NoSuchModel):
        return _say(str(reason), USAGE)
    if isinstance(reason, KeyboardInterrupt | click.Abort):
        return _say("interrupted", INTERRUPTED)
    if isinstance(reason, OSError):
        return _system(reason)
    if isinstance(reason, MemoryError):
        reason.__traceback__ = reason.__context__ = None  # frees what filled it
        return _say("out of memory", LIMIT)
    if isinstance(reason, SystemExit):
        return reason.code if isinstance(reason.code, int) else USAGE
    return _bug(reason)


def _say(message: str, code: int) -> int:
    """One line on standard error."""
    from nndsl.excerpt import clean

    try:
        print(f"nndsl: {clean(message, 1000)}", file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr.fileno())
    return code


def _usage(reason: click.UsageError) -> int:
    code = _say(reason.format_message(), USAGE)
    path = reason.ctx.command_path if reason.ctx else "nndsl"
    return _say(f"try `{path} --help`", code)


def _spec_error(reason: SpecError) -> int:
    from nndsl.cli.output import report

    report(reason.diagnostics)
    errors = [one for one in reason.diagnostics if one.severity == "error"]
    return LIMIT if any(one.code in LIMITS for one in errors) else WRONG_SPEC


def _system(reason: OSError) -> int:
    if reason.errno == errno.EPIPE:
        _silence(sys.stdout.fileno())
        return _say("the reader of the output has gone", FILE)
    if reason.errno == errno.ENOSPC:
        _silence(sys.stdout.fileno())
    where = f"{os.fsdecode(reason.filename)}: " if isinstance(reason.filename, str | bytes) else ""
    return _say(f"{where}{reason.strerror or reason}", FILE)


def _silence(descriptor: int) -> None:
    """Send what is still buffered nowhere, so that leaving raises nothing more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _bug(reason: BaseException) -> int:
    from traceback import extract_tb

    from nndsl.excerpt import clean

    frames = extract_tb(reason.__traceback__)[-8:]
    where = [f"  {os.path.basename(f.filename)}:{f.lineno} in {f.name}" for f in frames]
    kind = f"{type(reason).__name__}: {clean(str(reason), 500)}"
    asking = "this is a bug of nndsl; please report it with the spec and these lines"
    print("\n".join([f"nndsl: internal error: {kind}", *where, asking]), file=sys.stderr)
    return BUG
