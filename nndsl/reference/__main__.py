"""``python -m nndsl.reference docs`` writes ``layers.md`` and ``functions.md`` into a folder."""

from __future__ import annotations

import os
import sys

from nndsl.reference.markdown import functions_page, layers_page

PAGES = {"layers.md": layers_page, "functions.md": functions_page}


def main(folder: str) -> None:
    """Write both pages."""
    for name, make in PAGES.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as file:
            file.write(make())


if __name__ == "__main__":
    main(sys.argv[1])
