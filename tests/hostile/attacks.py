"""Specs that want to cost more than they weigh: each entry makes a text of up to ``MIB`` bytes."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

MIB = int(os.environ.get("NNDSL_ATTACK", 1 << 15))
"""How large they are; a file may have 1 MiB."""
FULL = MIB >= 1 << 20
MANY = MIB // 40
FEW = MIB // 64


def _fill(part: str, end: str = "", begin: str = "", size: int = MIB - 64) -> str:
    """As many copies of a part as fit."""
    return begin + part * ((size - len(begin) - len(end)) // len(part)) + end


def _numbered(form: str, begin: str = "", end: str = "", size: int = MIB - 1024) -> str:
    """Copies of a form with ``N`` and ``M`` (the number and the one before) put in."""
    parts, length, n = [begin], len(begin) + len(end), 0
    while length < size:
        n += 1
        parts.append(form.replace("N", str(n)).replace("M", str(n - 1)))
        length += len(parts[-1])
    return "".join([*parts, end])


def _doubling(depth: int, form: str = "dM | dM") -> str:
    head = 'def d0()(x: "b 8"):\n    linear 8\n'
    body = "".join(
        f'def d{n}()(x: "b 8"):\n    {form.replace("M", str(n - 1))}\n' for n in range(1, depth + 1)
    )
    return f'{head}{body}model net()(x: "b 8"):\n    d{depth}\n'


def _nested(open: str, close: str, middle: str = "a") -> str:
    half = (MIB - 64) // (len(open) + len(close))
    return open * half + middle + close * half


HEAD = 'model net()(x: "b 8"):\n'



def _members(more: str) -> str:
    """Layers with labels, and what a body says of them."""
    return HEAD + "    x\n" + "".join(f"    | l{n}: linear 8\n" for n in range(FEW)) + more


def _mixed(seed: int) -> str:
    """Forty letters, the same ones in an order of their own."""
    return "".join(random.Random(seed).sample("abcdefghijklmnopqrst" * 2, 40))


TEXTS: dict[str, Callable[[], str]] = {
    "pipes": lambda: "|" * (MIB - 1),
    "pipes-spaced": lambda: _fill("a | ", "a"),
    "pipes-lines": lambda: _fill("\n| relu", "", "linear 8->8"),
    "stages": lambda: _fill("relu | ", "relu\n", "linear 8->8 | "),
    "stages-linear": lambda: _fill("linear 8 | ", "relu\n", "linear 8->8 | "),
    "stages-definition": lambda: _fill(
        "d | ", "d\n", 'def d()(x: "b c"):\n    _ + linear c\n' + HEAD + "    x | "
    ),
    "open": lambda: "(" * (MIB - 1),
    "pairs": lambda: _nested("(", ")"),
    "close": lambda: ")" * (MIB - 1),
    "brackets": lambda: _nested("[", "]"),
    "braces": lambda: "{" * (MIB - 1),
    "calls": lambda: _fill("()", "", "f"),
    "commas": lambda: _fill(",", ")", "f("),
    "colons": lambda: _fill("a:"),
    "quotes": lambda: '"' * (MIB - 1),
    "quotes-pairs": lambda: _fill('"a" '),
    "quotes-open": lambda: _fill('"a\n'),
    "string": lambda: '"' + "a" * (MIB - 16) + '" | relu',
    "string-pattern": lambda: 'model net()(x: "' + _fill("a ", "")[: MIB - 64] + '"): relu\n',
    "pattern-parens": lambda: (
        HEAD + '    x | "b 8 -> ' + _nested("(", ")", "b 8")[: MIB - 128] + '"\n'
    ),
    "pattern-names": lambda: HEAD + '    x | "b 8 -> b 8 ' + "1 " * (MIB // 2 - 64) + '"\n',
    "pattern-dots": lambda: HEAD + '    x | "' + "... " * (MIB // 4 - 64) + '"\n',
    "pattern-braces": lambda: HEAD + '    x | "' + "{8} " * (MIB // 4 - 64) + '"\n',
    "label-braces": lambda: HEAD + '    x | "' + "{1}" * (MIB // 3 - 64) + '": linear 8\n',
    "label-dots": lambda: HEAD + '    x | "a' + ".a" * (MIB // 2 - 64) + '": linear 8\n',
    "label-long": lambda: HEAD + "    x | " + "a" * (MIB - 128) + ": linear 8\n",
    "name": lambda: "a" * (MIB - 1),
    "name-x": lambda: "x" * (MIB - 1),
    "names": lambda: _fill("abc "),
    "names-lines": lambda: _fill("a\n"),
    "unknown-layers": lambda: _fill("relx | ", "relx\n", "linear 8->8 | "),
    "unknown-names": lambda: _numbered("lN | ", "linear 8->8 | ", "relu\n"),
    "digits": lambda: "9" * (MIB - 1),
    "digits-many": lambda: _fill("9 "),
    "fraction": lambda: "0." + "1" * (MIB - 8),
    "exponent": lambda: "1e" + "9" * (MIB - 8),
    "underscores": lambda: _fill("1_"),
    "minus": lambda: _fill("-", "1", "a = "),
    "not": lambda: _fill("not ", "a"),
    "plus": lambda: _fill("1+", "1\nlinear 8->8\n", "a = "),
    "plus-flow": lambda: _fill("x+", "x\n", HEAD + "    "),
    "plus-layers": lambda: _fill("linear(8)+", "x\n", HEAD + "    "),
    "times-names": lambda: _fill("w*", "1\n", 'model net(w=1)(x: "b w"):\n    linear '),
    "power": lambda: _fill("9**", "9\nlinear 8->8\n", "a = "),
    "power-line": lambda: "a = 9**9**9\nlinear 8->8\n",
    "power-text": lambda: "a = 'a' * 10**12\nlinear 8->8\n",
    "power-list": lambda: "a = [1] * 10**12\nlinear 8->8\n",
    "shift-float": lambda: "a = 10.0**400\nlinear 8->8\n",
    "compare": lambda: _fill("a < ", "a"),
    "and": lambda: _fill("True and ", "True\nlinear 8->8\n", "a = "),
    "ifelse": lambda: _fill("1 if True else ", "1\nlinear 8->8\n", "a = "),
    "index": lambda: _fill("[0]", "\nlinear 8->8\n", "a = [1]"),
    "dots": lambda: _fill(".a", "", "a"),
    "list": lambda: _fill("1,", "]\nlinear 8->8\n", "a = ["),
    "lists": lambda: _fill("[1],", "]\nlinear 8->8\n", "a = ["),
    "list-sum": lambda: _fill("+[1]", "\nlinear 8->8\n", "a = [1]"),
    "list-doubling": lambda: (
        "a0 = [1, 2]\n"
        + "".join(f"a{n} = a{n - 1} + a{n - 1}\n" for n in range(1, 100))
        + "linear 8->8 | linear(len(a99))\n"
    ),
    "list-nested-doubling": lambda: (
        "a0 = [1, 2]\n"
        + "".join(f"a{n} = [a{n - 1}, a{n - 1}]\n" for n in range(1, 60))
        + "b = a59 == a58\nc = str(a59)\nlinear 8->8 | linear(len(a59))\n"
    ),
    "text-doubling": lambda: (
        "a0 = 'ab'\n"
        + "".join(f"a{n} = a{n - 1} + a{n - 1}\n" for n in range(1, 100))
        + "linear 8->8 | linear(len(a99))\n"
    ),
    "number-doubling": lambda: (
        "a0 = 2\n"
        + "".join(f"a{n} = a{n - 1} * a{n - 1}\n" for n in range(1, 100))
        + "linear 8->a99\n"
    ),
    "range-nested": lambda: (
        "a = [i*j*k for i in range(1000) for j in range(1000) for k in range(1000)]\n"
        "linear 8->8 | linear(len(a))\n"
    ),
    "range-tests": lambda: (
        "a = [i for i in range(99999) for j in range(99999) if False]\nlinear 8->8 | relu\n"
    ),
    "range-lists": lambda: (
        "a = [list for list in [range(99999) for i in range(99999)]]\n"
        "linear 8->8 | linear(len(a))\n"
    ),
    "range-sums": lambda: "a = sum([sum(range(99999)) for i in range(99999)])\nlinear 8->a\n",
    "range-strings": lambda: "a = [str(range(99999)) for i in range(99999)]\nlinear 8->8\n",
    "range-huge": lambda: "a = range(10**17)\nlinear 8->8\n",
    "chain-nested": lambda: (
        HEAD + "    x | (linear(8) for i in range(99999) for j in range(99999))\n"
    ),
    "chain-many": lambda: HEAD + "    x | (linear(8) for i in range(99999))\n",
    "chain-growing": lambda: HEAD + "    x | (linear(8 + i) for i in range(99999))\n",
    "chain-cat": lambda: HEAD + "    (cat(_, linear(8), dim=1) for i in range(99999))\n",
    "loop-nested": lambda: (
        HEAD
        + "    y = x\n    for i in range(99999):\n"
        + "        for j in range(99999):\n            y = y + 1\n    y\n"
    ),
    "loop-static": lambda: (
        HEAD
        + "    n = 0\n    for i in range(99999):\n"
        + "        for j in range(99999):\n            n = n + 1\n    x | linear n\n"
    ),
    "loop-deep": lambda: (
        HEAD
        + "    n = 0\n"
        + "".join("    " * (d + 1) + f"for i{d} in range(10):\n" for d in range(40))
        + "    " * 41
        + "n = n + 1\n    x | linear n\n"
    ),
    "loop-modules": lambda: (
        HEAD + "    y = x\n    for i in range(99999):\n        y = y | linear(8 + i)\n    y\n"
    ),
    "repeat-huge": lambda: HEAD + "    x | linear 8 x 999999999999999999\n",
    "repeat-nested": lambda: HEAD + "    x | " + "(" * 60 + "linear 8" + " x 9)" * 60 + " x 9\n",
    "repeat-growing": lambda: HEAD + "    x | (cat(_, _, dim=1)) x 999999\n",
    "repeat-growing-slow": lambda: HEAD + "    x | (cat(_, linear(8), dim=1)) x 999999\n",
    "modules-many": lambda: (
        HEAD + "    module m: [linear 8->8 for i in range(99999)]\n    x | m[0]\n"
    ),
    "modules-nested": lambda: (
        HEAD
        + "    module m: [linear 8->8 for i in range(9999) for j in range(9999)]\n    x | m[0]\n"
    ),
    "doubling": lambda: _doubling(60),
    "doubling-residual": lambda: _doubling(60, "(_ | dM) + (_ | dM)"),
    "doubling-cat": lambda: _doubling(60, "cat(dM, dM, dim=1)"),
    "doubling-splice": lambda: _doubling(60, "*dM | *dM"),
    "doubling-splice-small": lambda: _doubling(18, "*dM | *dM"),
    "doubling-widths": lambda: (
        'def d0(w)(x: "b c"):\n    linear w\n'
        + "".join(
            f'def d{n}(w)(x: "b c"):\n    d{n - 1}(2 * w) | d{n - 1}(2 * w + 1)\n'
            for n in range(1, 50)
        )
        + 'model net()(x: "b 8"): d49(1)\n'
    ),
    "doubling-fn": lambda: (
        "fn f0(a): a + 1\n"
        + "".join(f"fn f{n}(a): f{n - 1}(f{n - 1}(a))\n" for n in range(1, 60))
        + HEAD
        + "    f59(x)\n"
    ),
    "doubling-fn-static": lambda: (
        "fn f0(a): a + 1\n"
        + "".join(f"fn f{n}(a): f{n - 1}(a) + f{n - 1}(a + 1)\n" for n in range(1, 60))
        + "n = f59(1)\n"
        + HEAD
        + "    x | linear n\n"
    ),
    "doubling-if": lambda: (
        'model net(a=True, b=True)(x: "b 8"):\n    y = x\n'
        + "".join(f"    if a:\n        y = y | l{n}: linear 8\n" for n in range(MANY // 10))
        + "    y\n"
    ),
    "chain-of-definitions": lambda: (
        'def d0()(x: "b 8"): linear 8\n'
        + "".join(f'def d{n}()(x: "b 8"): d{n - 1}\n' for n in range(1, MANY))
        + f'model net()(x: "b 8"): d{MANY - 1}\n'
    ),
    "chain-of-names": lambda: (
        "a0 = 1\n"
        + "".join(f"a{n} = a{n - 1} + 1\n" for n in range(1, MANY))
        + f"linear 8->a{MANY - 1}\n"
    ),
    "chain-of-names-backwards": lambda: (
        "".join(f"a{n} = a{n + 1} + 1\n" for n in range(MANY)) + f"a{MANY} = 1\nlinear 8->a0\n"
    ),
    "chain-of-layers": lambda: (
        "layer l0 = linear(8)\n"
        + "".join(f"layer l{n} = l{n - 1}\n" for n in range(1, MANY))
        + HEAD
        + f"    x | l{MANY - 1}\n"
    ),
    "chain-of-models": lambda: (
        'model m0(w=8)(x: "b 8"): linear w\n'
        + "".join(f"model m{n} = m{n - 1}(w={n})\n" for n in range(1, MANY))
    ),
    "chain-of-fn": lambda: (
        "fn f0(a): a\n"
        + "".join(f"fn f{n}(a): f{n - 1}(a)\n" for n in range(1, MANY))
        + HEAD
        + f"    f{MANY - 1}(x)\n"
    ),
    "definitions": lambda: _numbered("def dN(w): linear w | relu\n", "", "linear 8->8 | d1(8)\n"),
    "definitions-same": lambda: _fill("def d(w): linear w\n", "linear 8->8\n"),
    "definitions-empty": lambda: _fill("def d\n"),
    "models": lambda: _numbered('model mN()(x: "b 8"): linear 8\n'),
    "models-wrong": lambda: _numbered('model mN()(x: "b 8"): linear 9->8\n'),
    "models-calling": lambda: (
        'def d()(x: "b 8"): linear 9->8\n' + _numbered('model mN()(x: "b 8"): d\n')
    ),
    "parameters": lambda: _numbered("aN=1, ", "def d(", "b=2): linear b\nlinear 8->8 | d\n"),
    "parameters-same": lambda: _fill("a=1, ", "b=2): linear b\nlinear 8->8 | d\n", "def d("),
    "inputs": lambda: _numbered('xN: "b 8", ', "model net()(", 'y: "b 8"): x1\n'),
    "arguments": lambda: _fill("8, ", "8)\n", "linear 8->8 | linear("),
    "arguments-named": lambda: _numbered("aN=1, ", "linear 8->8 | linear(", "8)\n"),
    "arguments-same": lambda: _fill("bias=True, ", "8)\n", "linear 8->8 | linear("),
    "bare-arguments": lambda: _fill("8 ", "\n", "linear 8->8 | linear "),
    "labels": lambda: _numbered("lN: relu | ", "linear 8->8 | ", "relu\n"),
    "labels-same": lambda: _fill("l: relu | ", "relu\n", "linear 8->8 | "),
    "labels-linear": lambda: _numbered("lN: linear 8 | ", "linear 8->8 | ", "relu\n"),
    "assigns": lambda: _numbered("    yN = x | relu\n", HEAD, "    x\n"),
    "assigns-chain": lambda: _numbered("    yN = yM | relu\n", HEAD + "    y0 = x\n", "    x\n"),
    "assigns-same": lambda: _fill("    y = x | relu\n", "    y\n", HEAD),
    "assigns-static": lambda: _numbered("    nN = 1 + N\n", HEAD, "    x\n"),
    "file-values": lambda: _numbered("aN = N\n", "", "linear 8->8\n"),
    "params": lambda: _numbered('    param pN: "8" = zeros\n', HEAD, "    x + p1\n"),
    "buffers": lambda: _numbered("    buffer bN = ones(8)\n", HEAD, "    x + b1\n"),
    "modules": lambda: _numbered("    module mN: linear 8->8\n", HEAD, "    x | m1\n"),
    "asserts": lambda: _fill("    assert 1 == 1\n", "    x\n", HEAD)[:-6] + "    x\n",
    "asserts-open": lambda: (
        'model net()(x: "b n"):\n    y = x | relu\n'
        + _numbered("    assert n % N == 0\n", "", "")[: MIB // 8].rsplit("\n", 1)[0]
        + "\n    y\n"
    ),
    "assumptions": lambda: (
        'model net()(x: "b n"):\n    y = x\n'
        + _numbered('    y = y | "b (h N) -> b (h N)"\n', size=MIB // 16)
        + "    y\n"
    ),
    "sizes-open": lambda: (
        'model net()(x: "b c n m"):\n    y = x\n'
        + _fill("    y = cat(y, y[:, :, 1:], dim=2)\n", size=MIB // 32)
        + "    y\n"
    ),
    "sizes-halved": lambda: (
        'model net()(x: "b 3 n m"):\n    y = x\n'
        + _fill("    y = y | conv(3, 3, 2)\n", size=MIB // 8)
        + "    y\n"
    ),
    "orders": lambda: _numbered("lN, ", HEAD + "    x | l1: linear 8\n    order ", "l1\n"),
    "ties": lambda: (
        HEAD
        + "    x | l1: linear 8 | l2: linear 8\n"
        + _fill("    tie l2.weight = l1.weight\n", size=MIB - 256)
    ),
    "inits": lambda: (
        HEAD + "    x | l1: linear 8\n" + _fill("    init linear.weight: zeros\n", size=MIB - 256)
    ),
    "init-stars": lambda: HEAD + '    x | l1: linear 8\n    init "' + "*a" * 200000 + '": zeros\n',
    "ifs": lambda: (
        HEAD
        + "    y = x\n"
        + _fill("    if True:\n        y = y | relu\n", size=MIB - 256)
        + "    y\n"
    ),
    "elifs": lambda: (
        HEAD
        + "    y = x\n    if False: y = x\n"
        + _fill("    elif False: y = x\n", size=MIB - 256)
        + "    y\n"
    ),
    "indents": lambda: "".join(" " * n + "if a:\n" for n in range(1400)),
    "indents-wide": lambda: _fill(" " * 1000 + "a\n"),
    "dedents": lambda: "".join(" " * n + "a\n" for n in range(1400, 0, -1)),
    "blank": lambda: "\n" * (MIB - 1),
    "spaces": lambda: " " * (MIB - 1),
    "tabs": lambda: "\t" * (MIB - 1),
    "comments": lambda: _fill("# a\n", "linear 8->8\n"),
    "comment": lambda: "#" * (MIB - 64) + "\nlinear 8->8\n",
    "comments-in-stages": lambda: _fill("\n# a\n| relu", "\n", "linear 8->8"),
    "carriage": lambda: "\r" * (MIB - 1),
    "crlf": lambda: _fill("a\r\n"),
    "nul": lambda: "\0" * (MIB - 1),
    "control": lambda: _fill("\x1b"),
    "look-alike": lambda: _fill("\u0430", size=MIB // 2 - 1),
    "bidi": lambda: _fill("\u202e", size=MIB // 3 - 1),
    "emoji": lambda: _fill("\U0001f600 ", size=MIB // 5 - 1),
    "mistakes": lambda: _fill("linear 8 -> | \n"),
    "mistakes-characters": lambda: _fill("$ "),
    "mistakes-dedent": lambda: _fill("  a\n b\n"),
    "mistakes-def": lambda: _fill("def (:\n"),
    "mistakes-equal": lambda: _fill("a == = b\n"),
    "mistakes-names": lambda: _numbered("    yN = x | relx\n", HEAD, "    x\n"),
    "mistakes-shapes": lambda: _numbered("    yN = x | linear 9->8\n", HEAD, "    x\n"),
    "mistakes-keywords": lambda: _fill("class lambda import from\n"),
    "mistakes-types": lambda: _fill("a = 1 + 'a'\n", "linear 8->8\n"),
    "weights": lambda: (
        HEAD + "    x | l1: linear 8\nweights net:\n" + _numbered('    "aN" -> "bN"\n')
    ),
    "weights-dots": lambda: (
        HEAD + "    x | l1: linear 8\nweights net:\n    " + '"' + "{p...}." * 100000 + 'a" -> "b"\n'
    ),
    "weights-drop": lambda: (
        HEAD + "    x | l1: linear 8\nweights net:\n    drop " + _numbered('"aN", ')[:-2] + "\n"
    ),
    "imports-missing": lambda: _numbered('import "aN.nn"\n', "", "linear 8->8\n"),
    "import-long": lambda: 'import "' + "a/" * (MIB // 2 - 64) + 'b.nn"\nlinear 8->8\n',
    "import-names": lambda: _numbered("aN, ", 'from "a.nn" import ', "b\nlinear 8->8\n"),
    "activation": lambda: _fill("x+", "x\nlinear 8->8 | act\n", "activation act: "),
    "activation-params": lambda: _numbered(
        "aN=1.0, ", "activation act(", "b=1.0): x * b\nlinear 8->8 | act\n"
    ),
    "fn-lines": lambda: _numbered("    aN = aM + 1\n", "fn f(a0):\n", "    a1\nlinear 8->8 | f\n"),
    "einsum": lambda: HEAD + '    einsum("' + "ab," * 300000 + 'ab->ab", x, x)\n',
    "topk": lambda: HEAD + "    x | reshape(" + "1, " * 200000 + "8)\n",
    "flatten-sizes": lambda: (
        "linear 8->8 | " + " | ".join(['"b c -> b c 1"', '"b c 1 -> b c"'] * 15000) + "\n"
    ),
    "unbind-many": lambda: (
        'model net()(x: "b 99999 8"):\n    ys = [y | relu for y in unbind(x, dim=1)]\n'
        "    stack(ys, dim=1)\n"
    ),
    "split-many": lambda: (
        'model net()(x: "b 99999 8"):\n    ys = chunk(x, 99999, dim=1)\n    ys[0]\n'
    ),
    "meshgrid": lambda: HEAD + "    x | expand(" + "8, " * 60 + "8, 8)\n",
    "big-tensor": lambda: HEAD + "    buffer b = ones(10**9, 10**9)\n    x\n",
    "big-tensor-run": lambda: HEAD + "    x + sum(ones(10**9, 10**9, 10**9))\n",
    "doubling-tie": lambda: (
        _doubling(60)[:-1] + "\n".join(["", "    tie a.weight = b.weight", ""])
    ),
    "doubling-init": lambda: (
        _doubling(60) + '    init "*.weight": zeros\n    init linear.bias: zeros\n'
    ),
    "splice-cycle": lambda: 'def a()(x: "b 8"): relu | *a\n' + HEAD + "    x | *a\n",
    "splice-two": lambda: (
        'def a()(x: "b 8"): *b\ndef b()(x: "b 8"): *a | relu\n' + HEAD + "    x | *a\n"
    ),
    "default-cycle": lambda: "def a(w=a): linear w\nlinear 8->8 | a\n",
    "symbols-squared": lambda: (
        'model net()(x: "b n m"):\n    a0 = n + m\n'
        + "".join(f"    a{n} = a{n - 1} * a{n - 1}\n" for n in range(1, 60))
        + "    y = zeros(a59)\n    x + y[0]\n"
    ),
    "symbols-doubled": lambda: (
        'model net()(x: "b n m"):\n    a0 = n // 2\n'
        + "".join(f"    a{n} = a{n - 1} // 2 + a{n - 1} // 3\n" for n in range(1, 60))
        + "    y = zeros(a59)\n    x + y[0]\n"
    ),
    "symbols-products": lambda: (
        'model net()(x: "b n m"):\n    a = '
        + " * ".join(f"(n + {k} * m)" for k in range(60))
        + "\n    y = zeros(a)\n    x + y[0]\n"
    ),
    "symbols-chain": lambda: (
        'model net()(x: "b n"):\n    a0 = n\n'
        + "".join(f"    a{n} = a{n - 1} + 1\n" for n in range(1, MANY))
        + f"    y = zeros(a{MANY - 1})\n    x + y[0]\n"
    ),
    "parameters-chain": lambda: (
        'model net(n=8)(x: "b 8"):\n    a0 = n\n'
        + "".join(f"    a{n} = a{n - 1} + 1\n" for n in range(1, MANY))
        + f"    x | linear a{MANY - 1}\n"
    ),
    "lists-in-lists": lambda: (
        "a0 = [1]\n" + "".join(f"a{n} = [a{n - 1}]\n" for n in range(1, MANY))
        + f"b = a{MANY - 1} == a0\nlinear 8->8\n"
    ),
    "choices-chain": lambda: (
        'model net(n=8, flag=True)(x: "b 8"):\n    a0 = n\n'
        + "".join(f"    a{n} = a{n - 1} + 1 if flag else a{n - 1}\n" for n in range(1, FEW))
        + f"    x | linear a{FEW - 1}\n"
    ),
    "symbols-many": lambda: (
        "model net()("
        + ", ".join(f'x{k}: "b n{k}"' for k in range(MANY // 10))
        + "):\n    cat("
        + ", ".join(f"x{k}" for k in range(MANY // 10))
        + ", dim=1)\n"
    ),
    "conditions-many": lambda: (
        "model net("
        + ", ".join(f"a{k}=True" for k in range(MANY // 10))
        + ')(x: "b 8"):\n    y = x\n'
        + "".join(f"    if a{k}:\n        y = y | l{k}: linear 8\n" for k in range(MANY // 10))
        + "    y\n"
    ),
    "widths-many": lambda: (
        "model net("
        + ", ".join(f"a{k}=8" for k in range(MANY // 10))
        + ')(x: "b 8"):\n    x'
        + "".join(f" | l{k}: linear a{k}" for k in range(MANY // 10))
        + "\n"
    ),
    "uses-of-many-widths": lambda: (
        'def d(w)(x: "b c"): linear w | relu\n'
        + HEAD
        + "    x"
        + "".join(f" | d({k})" for k in range(1, MANY))
        + "\n"
    ),
    "layer-parameters": lambda: (
        'def d(f: layer)(x: "b c"): f | f\n'
        + "".join(
            f'def e{n}(f: layer)(x: "b c"): d(e{n - 1}(f))\n'
            if n
            else 'def e0(f: layer)(x: "b c"): f\n'
            for n in range(30)
        )
        + HEAD
        + "    x | e29(linear 8)\n"
    ),
    "big-layer": lambda: "linear 999999999999999999->999999999999999999\n",
    "clauses": lambda: _fill("for a in [1] ", "]\nlinear 8->8\n", "z = [1 "),
    "clauses-tests": lambda: _fill("if True ", "]\nlinear 8->8\n", "z = [1 for a in [1] "),
    "clauses-nested": lambda: (
        "z = " + "[" * 60 + "1" + "".join(f" for a{n} in range(3)]" for n in range(60)) + "\nrelu\n"
    ),
    "scans": lambda: _fill(
        "    for xt in unbind(x, dim=1):\n        h = h + xt\n",
        "    h\n",
        'model net()(x: "b t 8"):\n    h = x[:, 0]\n',
    ),
    "scans-carrying": lambda: (
        'model net()(x: "b t 8"):\n'
        + "".join(f"    h{n} = x[:, 0]\n" for n in range(FEW))
        + "    for xt in unbind(x, dim=1):\n"
        + "".join(f"        h{n} = h{n} + xt\n" for n in range(FEW))
        + "    h1\n"
    ),
    "axes-growing": lambda: _fill("    y = y[None]\n", "    y\n", HEAD + "    y = x\n"),
    "axes-growing-layers": lambda: _fill(
        "    y = y | unflatten(1, [1, 8])\n", "    y\n", HEAD + "    y = x\n"
    ),
    "lists-of-tensors": lambda: _numbered(
        "    ysN = ysM + [x]\n", HEAD + "    ys0 = []\n", "    x\n"
    ),
    "texts-growing": lambda: _numbered("aN = aM + 'abc'\n", "a0 = ''\n", "linear 8->8\n"),
    "lists-passed": lambda: (
        'a = [i for i in range(99999)]\ndef d(a)(x: "b 8"): linear 8\n'
        + HEAD
        + "    x"
        + " | d(a)" * (MIB // 10)
        + "\n"
    ),
    "inits-many": lambda: _members("".join(f'    init "l{n}.*": zeros\n' for n in range(FEW))),
    "inits-many-stars": lambda: _members(
        "".join(f'    init "*{n}*weight": zeros\n' for n in range(FEW))
    ),
    "ties-many": lambda: _members(
        "".join(f"    tie l{n + 1}.weight = l{n}.weight\n" for n in range(FEW - 1))
    ),
    "ties-wrong": lambda: _members(
        "".join(f"    tie l{n + 1}.weight = l{n}.wieght\n" for n in range(FEW - 1))
    ),
    "ties-first": lambda: (
        HEAD
        + "".join(f"    tie l{n + 1}.weight = l{n}.weight\n" for n in range(FEW // 2, FEW - 1))
        + _members("")[len(HEAD) :]
    ),
    "orders-many": lambda: _members("".join(f"    order l{n}\n" for n in reversed(range(FEW)))),
    "orders-of-others": lambda: (
        'model net(a=False)(x: "b 8"):\n    y = x\n    if a:\n        y = x\n'
        + "".join(f"        | l{n}: linear 8\n" for n in range(FEW))
        + "    y\n"
        + "".join(f"    order l{n}\n" for n in reversed(range(FEW)))
    ),
    "paths-long": lambda: (
        HEAD
        + f'    tie "{"a." * (MIB // 64)}weight" = "{"b." * (MIB // 64)}weight"\n'
        + f'    x | "{"a." * (MIB // 64)}c": linear 8\n    order "{"a." * (MIB // 64)}c"\n'
    ),
    "suggestions": lambda: (
        "".join(f"def layer_of_kind_{n}(w): linear w\n" for n in range(FEW))
        + HEAD
        + "    x"
        + "".join(f" | layer_for_kind_{n}(8)" for n in range(FEW))
        + "\n"
    ),
    "suggestions-mixed": lambda: (
        "".join(f"def a{_mixed(n)}(w): relu\n" for n in range(MIB // 120))
        + HEAD
        + "    x"
        + "".join(f" | a{_mixed(-1 - n)}(8)" for n in range(MIB // 120))
        + "\n"
    ),
    "defaults-many-uses": lambda: (
        "def d("
        + ", ".join(f"a{n}=1" for n in range(FEW))
        + ')(x: "b 8"): relu\n'
        + HEAD
        + "    x"
        + " | d" * (MIB // 10)
        + "\n"
    ),
    "dots-many-uses": lambda: (
        "def d("
        + ", ".join(f"a{n}" for n in range(FEW))
        + ')(x: "b 8"): relu\nmodel net('
        + ", ".join(f"a{n}=1" for n in range(FEW))
        + ')(x: "b 8"):\n    x'
        + " | d(...)" * (MIB // 30)
        + "\n"
    ),
    "fn-many-uses": lambda: (
        "fn f(" + ", ".join(f"a{n}=1" for n in range(FEW)) + "): a0\n" + HEAD + "    x"
        + " | f" * (MIB // 8) + "\n"
    ),
    "named-many": lambda: (
        "def d("
        + ", ".join(f"a{n}=1" for n in range(FEW))
        + ')(x: "b 8"): relu\n'
        + HEAD
        + "    x | d("
        + ", ".join(f"a{n}=1" for n in range(FEW))
        + ")\n"
    ),
    "spread-many": lambda: (
        "row = range(99999)\ndef d(w): linear w\n"
        + HEAD
        + "    x | d("
        + ", ".join(["*row"] * (MIB // 8))
        + ")\n"
    ),
    "layers-doubled": lambda: (
        'def d(f: layer, g: layer)(x: "b 8"): f | g\nlayer l0 = linear(8)\n'
        + "".join(f"layer l{n} = d(l{n - 1}, l{n - 1})\n" for n in range(1, 60))
        + HEAD
        + "    x | l59\n"
    ),
    "layers-doubled-passed": lambda: (
        'def d(f: layer, g: layer)(x: "b 8"): f | g\ndef e0(f: layer)(x: "b 8"): f\n'
        + "".join(f'def e{n}(f: layer)(x: "b 8"): e{n - 1}(d(f, f))\n' for n in range(1, 60))
        + HEAD
        + "    x | e59(linear 8)\n"
    ),
    "imports-itself": lambda: _fill('import "attack.nn"\n', "", "linear 8->8\n"),
}
"""By name; some are small and want to grow."""
