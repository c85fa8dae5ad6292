"""The command line: thin commands over the public interface."""

from __future__ import annotations


def main() -> None:
    """Run the command of ``sys.argv`` and leave with its exit code."""
    import sys

    from nndsl.cli.running import run

    sys.exit(run(sys.argv[1:]))
