"""How checking grows with what is repeated (not at all) and with what is written (linearly)."""

from __future__ import annotations

from measuring import ratio, show

import nndsl


def repeated(times: int) -> str:
    return f"linear 784->256 | block(256) x {times} | linear 10\n"


def distinct(layers: int) -> str:
    """A pipeline whose layers all differ."""
    lines = "".join(f"| linear {100 + i % 900} | relu\n" for i in range(layers // 2))
    return f"linear 784->256\n{lines}"


def main() -> None:
    few = repeated(10)
    for power in (3, 6, 9):
        many = repeated(10**power)
        found = ratio(lambda t=many: nndsl.parse(t).check(), lambda: nndsl.parse(few).check(), 41)
        show(f"check block x 10^{power} / x 10", found, 1.1)
    thousand = distinct(1_000)
    ten = distinct(10_000)
    found = ratio(lambda: nndsl.parse(ten).check(), lambda: nndsl.parse(thousand).check(), 5)
    show("check 10,000 layers / 1,000 layers, each layer", found / 10, 1.2)


if __name__ == "__main__":
    main()
