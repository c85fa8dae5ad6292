"""``python -m benchmarks.generated docs/generated.md`` writes the page about printed source.

With ``--sources`` the page's table stays as it is, and the page is made at once.

``generated.md`` beside this file has its words. What is said of the references was written by
reading them, and holds none of their text. Sources are printed, and the table measured, when the
page is made: ``@source NETWORK`` and ``@table`` stand for them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from benchmarks.sources import whole_table
from tests.zoo.networks import spec
from tests.zoo.rows import ROWS

WORDS = Path(__file__).with_name("generated.md")
_SOURCE = re.compile(r"(?m)^@source (\w+)$")


def source_of(name: str) -> str:
    """A network of the zoo as it is printed, as a block of the page."""
    row = ROWS[name]
    return f"```python\n{spec(row.file).codegen(row.model).rstrip()}\n```"


def page(table: str) -> str:
    """The whole page."""
    text = _SOURCE.sub(lambda match: source_of(match[1]), WORDS.read_text(encoding="utf-8"))
    return text.replace("@table", table)


def table_of(path: Path) -> str:
    """The table that a page has."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(lines[next(n for n, one in enumerate(lines) if one.startswith("| network")) :])


def main(path: Path, measure: bool) -> None:
    table = whole_table(check=True) if measure else table_of(path)
    path.write_text(page(table), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--sources" not in sys.argv[2:])
