"""Whole commands against starting Python and importing their dependencies."""

from __future__ import annotations

from measuring import process, ratio, show

LINE = "linear 784->256 | relu | block(256)x3 | linear 256->10"


def main() -> None:
    codegen = process("-m", "nndsl", "codegen", "-e", LINE)
    check = process("-m", "nndsl", "check", "-e", LINE)
    imports = process("-c", "import lark, jinja2, black")
    nothing = process("-c", "pass")
    show("codegen / importing lark, jinja2, black", ratio(codegen, imports, 21), 1.0)
    show("check / python -c pass", ratio(check, nothing, 31), 9.0)


if __name__ == "__main__":
    main()
